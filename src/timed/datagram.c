#include "timed/datagram.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#include "timed/reply.h"

enum { PORT_PRIVILEGED_END = 1024 };
static const char not_to_one[] = "it was sent to broadcast or multicast";

/*
 * Room for the destination in either family's form, or both: an IPv6 socket gets both for an IPv4 datagram; and for
 * what else the owner of an inherited socket may have asked for, such as time stamps.
 */
union control {
  struct cmsghdr align;
  char bytes[512];
};

/* Turns what came with a datagram into what sends the answer from there. False for broadcast and multicast. */
static bool turn_round(struct msghdr *message, union control *answer, size_t *answer_length)
{
  bool v4_found = false;
  *answer_length = 0;
  memset(answer, 0, sizeof *answer);
  for (struct cmsghdr *one = CMSG_FIRSTHDR(message); one; one = CMSG_NXTHDR(message, one)) {
    if (one->cmsg_level == IPPROTO_IP && one->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(one), sizeof info);
      /*
       * What the header says, and the address of ours that took it: they differ for broadcast and multicast. The latter
       * is not known of a datagram that came before the option was set, to an inherited socket; but there is no sending
       * from an address that is not ours.
       */
      if (info.ipi_spec_dst.s_addr == htonl(INADDR_ANY))
        info.ipi_spec_dst = info.ipi_addr;
      else if (info.ipi_addr.s_addr != info.ipi_spec_dst.s_addr)
        return false;
      info.ipi_ifindex = 0; /* the way back is for the routing table */
      answer->align =
          (struct cmsghdr){.cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO, .cmsg_len = CMSG_LEN(sizeof info)};
      memcpy(CMSG_DATA(&answer->align), &info, sizeof info);
      *answer_length = CMSG_SPACE(sizeof info);
      v4_found = true;
    } else if (one->cmsg_level == IPPROTO_IPV6 && one->cmsg_type == IPV6_PKTINFO && !v4_found) {
      struct in6_pktinfo info;
      memcpy(&info, CMSG_DATA(one), sizeof info);
      if (IN6_IS_ADDR_MULTICAST(&info.ipi6_addr))
        return false;
      if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) /* there, the address means nothing without its link */
        info.ipi6_ifindex = 0;
      answer->align =
          (struct cmsghdr){.cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO, .cmsg_len = CMSG_LEN(sizeof info)};
      memcpy(CMSG_DATA(&answer->align), &info, sizeof info);
      *answer_length = CMSG_SPACE(sizeof info);
    }
  }
  return *answer_length > 0;
}

static const char *reason_to_ignore(const union address *peer, size_t asked_length, size_t reply_length,
                                    const uint16_t *own_ports, size_t own_port_count)
{
  const uint16_t port = address_port(peer);
  if (port < PORT_PRIVILEGED_END)
    return "a port below 1024";
  for (size_t i = 0; i < own_port_count; i++)
    if (port == own_ports[i])
      return "a port of this server";
  if (asked_length >= reply_length)
    return "its datagram is as long as the answer";
  return NULL;
}

enum datagram_result datagram_serve(int fd, const char *reply, size_t length, const uint16_t *own_ports,
                                    size_t own_port_count, union address *peer, const char **why)
{
  union control came;
  union control answer;
  char byte;
  struct iovec in = {.iov_base = &byte, .iov_len = sizeof byte};
  struct msghdr message = {.msg_name = peer,
                           .msg_namelen = sizeof *peer,
                           .msg_iov = &in,
                           .msg_iovlen = 1,
                           .msg_control = &came,
                           .msg_controllen = sizeof came};

  memset(peer, 0, sizeof *peer);
  const ssize_t got = recvmsg(fd, &message, MSG_TRUNC | MSG_DONTWAIT); /* MSG_TRUNC: the whole length is returned */
  if (got < 0) {
    if (errno == EAGAIN || errno == EINTR)
      return DATAGRAM_NONE;
    *why = strerror(errno);
    return DATAGRAM_FAILED;
  }
  *why = reason_to_ignore(peer, (size_t)got, length, own_ports, own_port_count);
  size_t answer_length;
  if (!turn_round(&message, &answer, &answer_length))
    *why = message.msg_flags & MSG_CTRUNC ? "the address it was sent to is not known" : not_to_one;
  if (*why)
    return DATAGRAM_IGNORED;

  char text[REPLY_MAX];
  if (length > sizeof text)
    length = sizeof text;
  memcpy(text, reply, length); /* iovec has no const */
  struct iovec out = {.iov_base = text, .iov_len = length};
  message.msg_iov = &out;
  message.msg_control = &answer;
  message.msg_controllen = answer_length;
  message.msg_flags = 0;
  if (sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
    *why = errno == EINVAL ? not_to_one : strerror(errno); /* EINVAL: the address asked is not ours alone */
    return errno == EINVAL ? DATAGRAM_IGNORED : DATAGRAM_FAILED;
  }
  return DATAGRAM_ANSWERED;
}
