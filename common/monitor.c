/* See monitor.h.  One process has one monitor, so what it knows are this file's atomics. */
#include "common/monitor.h"

#include "common/conf.h"
#include "common/listen.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/wire.h"

#include <errno.h>
#include <microhttpd.h>

enum {
    TURN_MS = 2000,   /* loops turn at least four times a second */
    CONNECTIONS = 8,  /* at once; a Prometheus, a health check, a person */
    IDLE_SECONDS = 5, /* of a silent connection */
    BACKLOG = 16,
};

const struct setting monitor_settings[] = {{"PATEN_MONITOR_LISTEN", SETTING_TEXT, "", 0, 0,
                                            "address and port of /metrics and /ready, host:port; empty: none", false},
                                           {0}};

static atomic_bool needed[MONITOR_NEEDS], met[MONITOR_NEEDS], stopping;
static _Atomic int64_t turned_at, asked_at;
static struct MHD_Daemon *monitor;
static int port;

void monitor_needs (enum monitor_need need)
{
    atomic_store (&needed[need], true);
}

void monitor_turned (void)
{
    atomic_store_explicit (&turned_at, wire_ticks (), memory_order_relaxed);
}

void monitor_say (enum monitor_need need, bool is_met)
{
    atomic_store_explicit (&met[need], is_met, memory_order_relaxed);
}

void monitor_stopping (void)
{
    atomic_store (&stopping, true);
}

int64_t monitor_asked_at (void)
{
    return atomic_load_explicit (&asked_at, memory_order_relaxed);
}

const char *monitor_complaint (void)
{
    static const char *const complaints[MONITOR_NEEDS] = {[MONITOR_LOOP] = "the main loop does not turn",
                                                          [MONITOR_BROKER] = "no broker is alive",
                                                          [MONITOR_DATABASE] = "the database does not answer"};
    if (atomic_load (&stopping))
        return "it is stopping";
    monitor_say (MONITOR_LOOP, wire_ticks () - atomic_load (&turned_at) < TURN_MS);
    for (int need = 0; need < MONITOR_NEEDS; need++)
        if (atomic_load (&needed[need]) && !atomic_load (&met[need]))
            return complaints[need];
    return NULL;
}

/* ---- HTTP ---------------------------------------------------------------------------------------------------------- */

static enum MHD_Result answer (struct MHD_Connection *connection, unsigned status, const char *media_type,
                               const char *text, size_t size, enum MHD_ResponseMemoryMode mode)
{
    struct MHD_Response *response = MHD_create_response_from_buffer (size, (void *)(uintptr_t)text, mode);
    if (!response)
        return MHD_NO;
    MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, media_type);
    MHD_add_response_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result result = MHD_queue_response (connection, status, response);
    MHD_destroy_response (response);
    return result;
}

static enum MHD_Result answer_line (struct MHD_Connection *connection, unsigned status, const char *line)
{
    char text[100];
    int size = snprintf (text, sizeof text, "%s\n", line);
    return answer (connection, status, "text/plain; charset=utf-8", text, (size_t)size, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result answer_metrics (struct MHD_Connection *connection)
{
    size_t size;
    atomic_store (&asked_at, wire_ticks ());
    char *text = metrics_text (&size);
    if (!text)
        return MHD_NO;
    return answer (connection, MHD_HTTP_OK, METRICS_MEDIA_TYPE, text, size, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result on_request (void *context, struct MHD_Connection *connection, const char *url,
                                   const char *method, const char *version, const char *data, size_t *size,
                                   void **begun)
{
    (void)context;
    (void)version;
    (void)data;
    (void)size;
    if (!streq (method, MHD_HTTP_METHOD_GET) && !streq (method, MHD_HTTP_METHOD_HEAD))
        return answer_line (connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET or HEAD");
    if (!*begun) { /* libmicrohttpd takes an answer from the second call on without closing the connection */
        *begun = connection;
        return MHD_YES;
    }
    if (streq (url, "/metrics"))
        return answer_metrics (connection);
    if (!streq (url, "/ready"))
        return answer_line (connection, MHD_HTTP_NOT_FOUND, "/metrics or /ready");
    const char *complaint = monitor_complaint ();
    return complaint ? answer_line (connection, MHD_HTTP_SERVICE_UNAVAILABLE, complaint)
                     : answer_line (connection, MHD_HTTP_OK, "ready");
}

/* Of clients that hang up. */
static void on_message (void *context, const char *format, va_list args)
{
    (void)context;
    (void)format;
    (void)args;
}

void monitor_start (void)
{
    const char *address = conf_text ("PATEN_MONITOR_LISTEN");
    if (!*address)
        return;
    int handle = listen_on (address, BACKLOG);
    if (handle >= 0) {
        port = listen_port (handle);
        monitor = MHD_start_daemon (MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, NULL,
                                    MHD_OPTION_EXTERNAL_LOGGER, on_message, NULL, MHD_OPTION_LISTEN_SOCKET, handle,
                                    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
                                    (unsigned)IDLE_SECONDS, MHD_OPTION_END);
    }
    if (monitor)
        return;
    log_line (LEVEL_ERROR, "monitor.cannot_listen", "address", address, "error", strerror (errno), NULL);
    if (handle >= 0)
        close (handle);
    port = 0;
}

void monitor_stop (void)
{
    if (monitor)
        MHD_stop_daemon (monitor);
    monitor = NULL;
    port = 0;
}

int monitor_port (void)
{
    return monitor ? port : 0;
}
