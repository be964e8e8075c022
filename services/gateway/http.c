/* The HTTP daemon, see http.h.
 *
 * libmicrohttpd aborts the process when it is stopped while connections are suspended.  Hence the order in http_stop
 * (): stop listening, end the streams, serve on those who are connected until they are through (each answer now closes its connection,
 * so whoever asks again goes elsewhere), destroy the client (which answers whatever is left, so that every connection
 * is resumed), give those answers a moment to leave, stop. */
#include "http.h"

#include "exchange.h"

#include "common/listen.h"
#include "common/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CONNECTION_MEMORY = 32 * 1024, /* heads beyond it: 431, targets: 414 */
    IDLE_SECONDS = 15,             /* of a silent connection, also in the midst of a body */
    BACKLOG = 1024,
    DRAIN_MS = 5500, /* for requests; a command has its answer after 5 s */
    PART_MS = 2000,  /* for connections that are kept without a request */
    FLUSH_MS = 500,
};

struct http {
    struct edge edge;
    struct proxies proxies;
    struct MHD_Daemon *daemon;
    int port;
};

/* ---- calls of libmicrohttpd -------------------------------------------------------------------------------------- */

/* The first call of a request: the target as it came, before libmicrohttpd decodes it. */
static void *on_target (void *context, const char *target, struct MHD_Connection *connection)
{
    return exchange_new (context, connection, target);
}

static enum MHD_Result on_access (void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **exchange)
{
    (void)context;
    (void)connection;
    (void)url;
    return *exchange ? exchange_step (*exchange, method, version, data, size) : MHD_NO;
}

static void on_completed (void *context, struct MHD_Connection *connection, void **exchange,
                          enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    exchange_destroy ((struct exchange **)exchange);
}

/* Targets are decoded by route_match () alone. */
static size_t on_unescape (void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen (text);
}

/* One line per aborted client is no news; it is there at the level debug. */
static void on_message (void *context, const char *format, va_list args)
{
    (void)context;
    char text[256];
    vsnprintf (text, sizeof text, format, args);
    text[strcspn (text, "\n")] = '\0';
    log_line (LEVEL_DEBUG, "http.message", "text", text, NULL);
}

/* ---- start ------------------------------------------------------------------------------------------------------- */

static struct MHD_Daemon *start_daemon (struct edge *edge, const struct http_settings *settings, int handle)
{
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_message, NULL},
        {MHD_OPTION_LISTEN_SOCKET, handle, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, settings->most_connections, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)on_unescape, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, edge},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, NULL},
        {settings->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, settings->threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    return MHD_start_daemon (flags, 0, NULL, NULL, on_access, NULL, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

static void free_http (struct http *http)
{
    session_cache_destroy (&http->edge.sessions);
    limit_destroy (&http->edge.limit);
    pthread_mutex_destroy (&http->edge.client_mutex);
    free (http);
}

http_t *http_start (const struct http_settings *settings, const struct http_parts *parts)
{
    struct http *http = calloc (1, sizeof *http);
    if (!http)
        return NULL;
    pthread_mutex_init (&http->edge.client_mutex, NULL);
    http->edge.sessions = session_cache_new ();
    http->edge.limit = limit_new (settings->public_rate);
    http->proxies = settings->proxies;
    http->edge.proxies = &http->proxies;
    http->edge.most_in_flight = settings->most_in_flight;
    http->edge.upload_seconds = settings->upload_seconds;
    http->edge.public_url = settings->public_url ? settings->public_url : "";
    http->edge.client = parts->client;
    http->edge.assets = parts->assets;
    http->edge.live = parts->live;
    int handle = listen_on (settings->listen, BACKLOG);
    http->port = handle < 0 ? 0 : listen_port (handle);
    if (handle >= 0 && http->edge.sessions && http->edge.limit)
        http->daemon = start_daemon (&http->edge, settings, handle);
    if (http->daemon)
        return http;
    log_line (LEVEL_ERROR, "http.cannot_listen", "address", settings->listen, "error", strerror (errno), NULL);
    if (handle >= 0)
        close (handle);
    free_http (http);
    return NULL;
}

int http_port (const http_t *http)
{
    return http->port;
}

void http_parts_destroy (struct http_parts *parts)
{
    client_destroy (&parts->client);
    assets_destroy (&parts->assets);
    live_destroy (&parts->live); /* the client spoke to it */
}

/* ---- stop -------------------------------------------------------------------------------------------------------- */

static void wait_for_requests (struct edge *edge, int most_ms)
{
    for (int waited = 0; waited < most_ms && atomic_load (&edge->in_flight) > 0; waited += 10)
        usleep (10 * 1000);
}

static bool is_anybody_there (const http_t *http)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info (http->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info && info->num_connections > 0;
}

/* A connection that was told nothing yet is told so by its next answer; those that stay silent are cut at the end. */
static void wait_for_farewells (http_t *http)
{
    for (int waited = 0; waited < PART_MS && is_anybody_there (http); waited += 10)
        usleep (10 * 1000);
    atomic_store (&http->edge.is_closed, true);
    wait_for_requests (&http->edge, DRAIN_MS - PART_MS);
}

void http_stop (http_t **http_p)
{
    http_t *http = *http_p;
    if (!http)
        return;
    atomic_store (&http->edge.is_draining, true);
    MHD_socket handle = MHD_quiesce_daemon (http->daemon);
    if (handle != MHD_INVALID_SOCKET)
        close (handle);
    live_end (http->edge.live, FLUSH_MS);
    wait_for_farewells (http);

    pthread_mutex_lock (&http->edge.client_mutex);
    client_t *client = http->edge.client;
    http->edge.client = NULL;
    pthread_mutex_unlock (&http->edge.client_mutex);
    client_destroy (&client);
    wait_for_requests (&http->edge, FLUSH_MS);

    MHD_stop_daemon (http->daemon);
    http_parts_destroy (&(struct http_parts){NULL, http->edge.assets, http->edge.live});
    free_http (http);
    *http_p = NULL;
}
