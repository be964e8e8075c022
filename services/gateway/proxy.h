/* Who asks, when proxies stand between: a proxy that is known by its address says in X-Forwarded-For whom it speaks for.
 * What anybody else writes there is not believed.  Pure. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

enum { PROXY_NETWORKS_MOST = 16, PROXY_ADDRESS_SIZE = 16 };

struct proxy_network {
    unsigned char address[PROXY_ADDRESS_SIZE]; /* IPv4 as mapped into IPv6 */
    int bits;
};

/* The proxies that are believed. */
struct proxies {
    int count;
    struct proxy_network networks[PROXY_NETWORKS_MOST];
};

/* "10.0.0.2/32, 2001:db8::/64": addresses with or without a length, between commas; "" is nobody.  False: it is no such
 * list. */
bool proxies_parse (const char *text, struct proxies *ret_proxies);

/* The address that counts as the caller's.  `peer`: of the connection, NULL if unknown.  `forwarded`: the last
 * X-Forwarded-For of the request, or NULL.  The list is read from its end, where the nearest proxy wrote, as far as those
 * who wrote are believed.  Points to `peer` or to `room`. */
const struct sockaddr *proxies_caller (const struct proxies *proxies, const struct sockaddr *peer,
                                       const char *forwarded, struct sockaddr_storage *room);
