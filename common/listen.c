/* See listen.h. */
#include "common/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int listen_on (const char *address, int backlog)
{
    char host[256];
    const char *colon = strrchr (address, ':');
    errno = EINVAL;
    if (!colon || (size_t)(colon - address) >= sizeof host)
        return -1;
    bool is_bracketed = address[0] == '[' && colon > address + 1 && colon[-1] == ']';
    snprintf (host, sizeof host, "%.*s", (int)(colon - address) - (is_bracketed ? 2 : 0),
              address + (is_bracketed ? 1 : 0));
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV}, *found = NULL;
    if (getaddrinfo (*host ? host : NULL, colon + 1, &hints, &found) != 0)
        return -1;
    int one = 1;
    int handle = socket (found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (handle >= 0 && (setsockopt (handle, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0 ||
                        bind (handle, found->ai_addr, found->ai_addrlen) < 0 || listen (handle, backlog) < 0)) {
        int reason = errno;
        close (handle);
        errno = reason;
        handle = -1;
    }
    freeaddrinfo (found);
    return handle;
}

int listen_port (int handle)
{
    union {
        struct sockaddr_in6 v6; /* the largest first: all of it is set to zero */
        struct sockaddr_in v4;
        struct sockaddr any;
    } address = {0};
    socklen_t size = sizeof address;
    if (getsockname (handle, &address.any, &size) < 0)
        return 0;
    return ntohs (address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}
