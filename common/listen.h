/* Sockets that listen for HTTP. */
#pragma once

/* "host:port", "[host]:port" or ":port" (every address; port 0: a free one) → a listening socket that does not block, or
 * -1: no such address, or it is taken (errno).  backlog as in listen(2). */
int listen_on (const char *address, int backlog);
/* The port of a bound socket; 0 if it has none. */
int listen_port (int handle);
