/* Connections of the load generator, see http_client.h. */
#include "http_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* CONNECTIONS_MOST: a gateway serves 1,024, and whoever looks at it from beside needs one, too. */
enum { CONNECTIONS_MOST = 960, EVENTS_MOST = 64, READ_AT_ONCE = 16 << 10, ANSWER_MOST = 8 << 20 };

struct buffer {
    char *bytes;
    size_t size, room;
};

struct connection {
    int fd; /* -1: not open */
    bool busy, waits_to_write;
    struct buffer out, in;
    size_t sent;
    int64_t began_us;
    http_done_fn *done;
    void *context;
};

struct http_client {
    int epoll;
    struct sockaddr_in address;
    struct connection connections[CONNECTIONS_MOST];
};

int64_t http_client_now_us (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int reserve (struct buffer *buffer, size_t more)
{
    size_t room = buffer->room ? buffer->room : 4096;
    if (buffer->size + more <= buffer->room)
        return 0;
    while (room < buffer->size + more)
        room *= 2;
    char *bytes = realloc (buffer->bytes, room);
    if (!bytes)
        return -ENOMEM;
    buffer->bytes = bytes;
    buffer->room = room;
    return 0;
}

http_client_t *http_client_new (const char *address)
{
    char host[INET_ADDRSTRLEN];
    unsigned short port;
    http_client_t *client = calloc (1, sizeof *client);
    if (!client)
        return NULL;
    for (size_t i = 0; i < CONNECTIONS_MOST; i++)
        client->connections[i].fd = -1;
    client->address.sin_family = AF_INET;
    client->epoll = epoll_create1 (EPOLL_CLOEXEC);
    if (client->epoll < 0 || sscanf (address, "%15[0-9.]:%hu", host, &port) != 2 ||
        inet_pton (AF_INET, host, &client->address.sin_addr) != 1)
        http_client_destroy (&client);
    else
        client->address.sin_port = htons (port);
    return client;
}

static void hang_up (struct connection *connection)
{
    if (connection->fd >= 0)
        close (connection->fd);
    connection->fd = -1;
    connection->in.size = connection->out.size = 0;
}

void http_client_destroy (http_client_t **client)
{
    if (!*client)
        return;
    for (size_t i = 0; i < CONNECTIONS_MOST; i++) {
        hang_up (&(*client)->connections[i]);
        free ((*client)->connections[i].in.bytes);
        free ((*client)->connections[i].out.bytes);
    }
    if ((*client)->epoll >= 0)
        close ((*client)->epoll);
    free (*client);
    *client = NULL;
}

/* Over loopback a connection is there at once, so connecting may block. */
static int open_connection (http_client_t *client, struct connection *connection)
{
    int on = 1;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (connect (fd, (const struct sockaddr *)&client->address, sizeof client->address) ||
        setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) ||
        epoll_ctl (client->epoll, EPOLL_CTL_ADD, fd, &event)) {
        int error = -errno;
        close (fd);
        return error;
    }
    connection->fd = fd;
    return 0;
}

static struct connection *free_connection (http_client_t *client, int *ret_error)
{
    struct connection *closed = NULL;
    for (size_t i = 0; i < CONNECTIONS_MOST; i++) {
        struct connection *connection = &client->connections[i];
        if (connection->busy)
            continue;
        if (connection->fd >= 0)
            return connection;
        if (!closed)
            closed = connection;
    }
    *ret_error = closed ? open_connection (client, closed) : -EMFILE;
    return *ret_error ? NULL : closed;
}

static void finish (struct connection *connection, int status, const char *body, size_t size)
{
    struct http_answer answer = {
        .status = status, .body = body, .size = size, .took_us = http_client_now_us () - connection->began_us};
    http_done_fn *done = connection->done;
    if (!status)
        hang_up (connection);
    done (connection->context, &answer); /* still busy: a request that is sent in there takes another connection */
    connection->in.size = 0;
    connection->busy = false;
}

static void watch_writing (http_client_t *client, struct connection *connection, bool on)
{
    struct epoll_event event = {.events = EPOLLIN | (on ? EPOLLOUT : 0), .data.ptr = connection};
    if (connection->waits_to_write != on)
        epoll_ctl (client->epoll, EPOLL_CTL_MOD, connection->fd, &event);
    connection->waits_to_write = on;
}

static int write_some (http_client_t *client, struct connection *connection)
{
    while (connection->sent < connection->out.size) {
        ssize_t sent = send (connection->fd, connection->out.bytes + connection->sent,
                             connection->out.size - connection->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            watch_writing (client, connection, true);
            return 0;
        }
        if (sent < 0)
            return -errno;
        connection->sent += (size_t)sent;
    }
    watch_writing (client, connection, false);
    return 0;
}

int http_client_send (http_client_t *client, const void *request, size_t size, http_done_fn *done, void *context)
{
    int error = 0;
    for (int attempt = 0; attempt < 2; attempt++) { /* the server may have closed a connection that rested */
        struct connection *connection = free_connection (client, &error);
        if (!connection)
            return error;
        connection->out.size = connection->in.size = connection->sent = 0;
        connection->waits_to_write = false;
        error = reserve (&connection->out, size);
        if (error)
            return error;
        memcpy (connection->out.bytes, request, size);
        connection->out.size = size;
        connection->began_us = http_client_now_us ();
        error = write_some (client, connection);
        if (!error) {
            connection->busy = true;
            connection->done = done;
            connection->context = context;
            return 0;
        }
        hang_up (connection);
    }
    return error;
}

/* Length of the head with its empty line, 0 while it is incomplete. */
static size_t head_size (const struct buffer *in)
{
    const char *end = memmem (in->bytes, in->size, "\r\n\r\n", 4);
    return end ? (size_t)(end - in->bytes) + 4 : 0;
}

/* The status; 0 when it is no answer with a length.  The head ends with a NUL in place of its last line feed. */
static int read_head (const char *head, size_t *ret_length, bool *ret_close)
{
    int status = 0;
    *ret_length = 0;
    *ret_close = false;
    if (sscanf (head, "HTTP/1.1 %3d", &status) != 1 || status < 200)
        return 0;
    bool has_length = status == 204 || status == 304;
    for (const char *line = strstr (head, "\r\n"); line; line = strstr (line + 2, "\r\n")) {
        if (!strncasecmp (line + 2, "Content-Length:", 15)) {
            *ret_length = strtoul (line + 17, NULL, 10);
            has_length = true;
        } else if (!strncasecmp (line + 2, "Connection: close", 17))
            *ret_close = true;
    }
    return has_length && *ret_length <= ANSWER_MOST ? status : 0;
}

/* Finishes the exchange when its answer is complete. */
static void look_at_answer (struct connection *connection)
{
    size_t length, head = head_size (&connection->in);
    bool closes;
    if (!head)
        return;
    char *bytes = connection->in.bytes;
    bytes[head - 1] = '\0';
    int status = read_head (bytes, &length, &closes);
    bytes[head - 1] = '\n';
    if (!status) {
        finish (connection, 0, "no answer of HTTP with a length", 0);
        return;
    }
    if (connection->in.size < head + length)
        return;
    bytes[head + length] = '\0'; /* read_some () leaves room */
    finish (connection, status, bytes + head, length);
    if (closes)
        hang_up (connection);
}

static void read_some (struct connection *connection)
{
    if (reserve (&connection->in, READ_AT_ONCE + 1)) {
        finish (connection, 0, "no memory", 0);
        return;
    }
    ssize_t got = recv (connection->fd, connection->in.bytes + connection->in.size, READ_AT_ONCE, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0 && connection->busy) {
        connection->in.size += (size_t)got;
        look_at_answer (connection);
    } else if (connection->busy)
        finish (connection, 0, got < 0 ? strerror (errno) : "the connection was closed", 0);
    else
        hang_up (connection); /* a resting connection: the server has closed it */
}

int http_client_wait (http_client_t *client, int timeout_ms)
{
    struct epoll_event events[EVENTS_MOST];
    int count = epoll_wait (client->epoll, events, EVENTS_MOST, timeout_ms);
    if (count < 0)
        return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        struct connection *connection = events[i].data.ptr;
        if (connection->fd >= 0 && (events[i].events & EPOLLOUT) && write_some (client, connection) &&
            connection->busy) {
            finish (connection, 0, "the request could not be sent", 0);
            continue;
        }
        if (connection->fd >= 0 && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
            read_some (connection);
    }
    return 0;
}
