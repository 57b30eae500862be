/*
 * Addresses of IPv4 and IPv6: as people write them, as a socket takes them, and as a limit counts them. Pure but for
 * address_resolve, which may ask the resolver and is called at the start only.
 */
#ifndef TIMED_ADDRESS_H
#define TIMED_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* A socket address of either family; an IPv4 client of a dual-stack socket stays in ::ffff:0:0/96. */
union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

/* "[ADDR]:PORT" split, as it was given. */
struct address_name {
  char host[256]; /* "" for all addresses; IPv6 without its brackets */
  uint16_t port;  /* 0: a free one */
};

enum {
  ADDRESS_TEXT = 80,    /* room for any text of address_format with its NUL */
  ADDRESS_RESOLVED = 8, /* the most sockets that one name stands for */
};

/*
 * "127.0.0.1:80", "[::1]:80", "[fe80::1%eth0]:80", "localhost:80", ":80", "*:80", "80". False for anything else; an
 * IPv6 address without brackets is refused, as its last group could be a port.
 */
bool address_parse(const char *text, struct address_name *name);

/*
 * The addresses to listen on, each once: one, or for all addresses and for host names several. 0 with *count set, or an
 * error for gai_strerror (see getaddrinfo(3)).
 */
int address_resolve(const struct address_name *name, union address found[ADDRESS_RESOLVED], int *count);

socklen_t address_length(const union address *address);
uint16_t address_port(const union address *address);
void address_set_port(union address *address, uint16_t port);

/* The same for a socket: family, address, port, and for a link-local address the link. */
bool address_equal(const union address *one, const union address *other);

/* 0.0.0.0 or ::. */
bool address_is_any(const union address *address);

/* 127.0.0.1:40312, [::1]:40312, [fe80::1%eth0]:40312; a mapped IPv4 address as IPv4. */
void address_format(const union address *address, char text[ADDRESS_TEXT]);

/*
 * Whom a limit for each source counts together: an IPv4 address, or the first 64 bits of an IPv6 address, as one
 * subscriber has at least a /64 (RFC 6177 section 2). No two sources share a number: those of IPv4 are below 2^32, and
 * the only IPv6 network down there that clients come from is that of ::1, which is 0.
 */
uint64_t address_source(const union address *address);

#endif
