#include "timed/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "common/number.h"

static const unsigned char *mapped_v4(const union address *address)
{
  if (address->any.sa_family == AF_INET)
    return (const unsigned char *)&address->v4.sin_addr;
  if (IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr))
    return address->v6.sin6_addr.s6_addr + 12;
  return NULL;
}

/* An IPv6 address, perhaps with an interface after a %. */
static bool is_v6(const char *text, size_t length)
{
  const char *percent = memchr(text, '%', length);
  const size_t digits = percent ? (size_t)(percent - text) : length;
  char copy[INET6_ADDRSTRLEN];
  struct in6_addr address;

  if (digits >= sizeof copy)
    return false;
  memcpy(copy, text, digits);
  copy[digits] = '\0';
  return inet_pton(AF_INET6, copy, &address) == 1;
}

bool address_parse(const char *text, struct address_name *name)
{
  const char *host = text;
  const char *end = strrchr(text, ':');
  const char *port = end ? end + 1 : text;
  size_t length = end ? (size_t)(end - text) : 0;

  if (host[0] == '[') {
    if (length < 3 || host[length - 1] != ']')
      return false;
    host++;
    length -= 2;
    if (!is_v6(host, length)) /* brackets are for that */
      return false;
  } else if (memchr(host, ':', length)) {
    return false;
  }
  if (length == 1 && host[0] == '*')
    length = 0;
  if (length >= sizeof name->host || port[0] < '0' || port[0] > '9')
    return false;
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)host[i] <= ' ' || strchr("[]*/", host[i]))
      return false;
  int64_t number;
  if (!number_int64(port, 0, UINT16_MAX, &number))
    return false;
  memcpy(name->host, host, length);
  name->host[length] = '\0';
  name->port = (uint16_t)number;
  return true;
}

/* ::ffff:127.0.0.1 is an IPv4 address, which an IPv6 socket of its own family alone cannot have. */
static void unmap(union address *address)
{
  if (address->any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr))
    return;
  struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = address->v6.sin6_port};
  memcpy(&v4.sin_addr, address->v6.sin6_addr.s6_addr + 12, sizeof v4.sin_addr);
  memset(address, 0, sizeof *address);
  address->v4 = v4;
}

int address_resolve(const struct address_name *name, union address found[ADDRESS_RESOLVED], int *count)
{
  const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
  struct addrinfo *list;
  char port[8];

  snprintf(port, sizeof port, "%u", name->port);
  const int error = getaddrinfo(name->host[0] != '\0' ? name->host : NULL, port, &hints, &list);
  if (error)
    return error;
  *count = 0;
  for (const struct addrinfo *one = list; one && *count < ADDRESS_RESOLVED; one = one->ai_next) {
    union address *address = &found[*count];
    if (one->ai_addrlen > sizeof *address || (one->ai_family != AF_INET && one->ai_family != AF_INET6))
      continue;
    memset(address, 0, sizeof *address);
    memcpy(address, one->ai_addr, one->ai_addrlen);
    unmap(address);
    int known = 0;
    while (known < *count && !address_equal(address, &found[known]))
      known++;
    *count += known == *count; /* a hosts file may name one twice */
  }
  freeaddrinfo(list);
  return *count > 0 ? 0 : EAI_NONAME;
}

socklen_t address_length(const union address *address)
{
  return address->any.sa_family == AF_INET ? sizeof address->v4 : sizeof address->v6;
}

uint16_t address_port(const union address *address)
{
  return ntohs(address->any.sa_family == AF_INET ? address->v4.sin_port : address->v6.sin6_port);
}

void address_set_port(union address *address, uint16_t port)
{
  if (address->any.sa_family == AF_INET)
    address->v4.sin_port = htons(port);
  else
    address->v6.sin6_port = htons(port);
}

bool address_equal(const union address *one, const union address *other)
{
  if (one->any.sa_family != other->any.sa_family || address_port(one) != address_port(other))
    return false;
  if (one->any.sa_family == AF_INET)
    return one->v4.sin_addr.s_addr == other->v4.sin_addr.s_addr;
  return one->v6.sin6_scope_id == other->v6.sin6_scope_id &&
         IN6_ARE_ADDR_EQUAL(&one->v6.sin6_addr, &other->v6.sin6_addr);
}

bool address_is_any(const union address *address)
{
  return address->any.sa_family == AF_INET ? address->v4.sin_addr.s_addr == htonl(INADDR_ANY)
                                           : IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
}

void address_format(const union address *address, char text[ADDRESS_TEXT])
{
  char host[INET6_ADDRSTRLEN];
  char scope[IF_NAMESIZE + 1] = "";
  const unsigned char *v4 = mapped_v4(address);

  if (v4) {
    snprintf(text, ADDRESS_TEXT, "%u.%u.%u.%u:%u", v4[0], v4[1], v4[2], v4[3], address_port(address));
    return;
  }
  inet_ntop(AF_INET6, &address->v6.sin6_addr, host, sizeof host);
  if (address->v6.sin6_scope_id != 0) {
    scope[0] = '%';
    if (!if_indextoname(address->v6.sin6_scope_id, scope + 1))
      snprintf(scope + 1, sizeof scope - 1, "%u", address->v6.sin6_scope_id);
  }
  snprintf(text, ADDRESS_TEXT, "[%s%s]:%u", host, scope, address_port(address));
}

uint64_t address_source(const union address *address)
{
  const unsigned char *v4 = mapped_v4(address);
  uint64_t source = 0;

  if (v4)
    return (uint64_t)v4[0] << 24 | (uint64_t)v4[1] << 16 | (uint64_t)v4[2] << 8 | v4[3];
  for (int i = 0; i < 8; i++)
    source = source << 8 | address->v6.sin6_addr.s6_addr[i];
  return source;
}
