/* The gateway: HTTP in, one request to a service, HTTP out.  No rules of the office and no SQL live here. */
#include "figures.h"
#include "http.h"
#include "routes.h"

#include "common/conf.h"
#include "common/log.h"
#include "common/monitor.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct setting settings[] = {
    {"PATEN_HTTP_LISTEN", SETTING_TEXT, "127.0.0.1:8080", 0, 0, "address and port of the HTTP face, host:port", false},
    {"PATEN_HTTP_THREADS", SETTING_INT, "1", 1, 64, "threads that serve connections", false},
    {"PATEN_HTTP_MOST_IN_FLIGHT", SETTING_INT, "512", 1, 100000, "requests at work at once; beyond it 503", false},
    {"PATEN_HTTP_CONNECTIONS", SETTING_INT, "1024", 8, 100000, "connections at once; beyond it they wait", false},
    {"PATEN_HTTP_STREAMS", SETTING_INT, "512", 0, 100000, "officers' windows that are told of changes at once", false},
    {"PATEN_HTTP_UPLOAD_SECONDS", SETTING_INT, "30", 5, 600, "deadline of a request that brings a file", false},
    {"PATEN_PUBLIC_RATE", SETTING_INT, "600", 1, 1000000,
     "sign-ins and public checks per minute and remote address; beyond it 429", false},
    {"PATEN_HTTP_TRUSTED_PROXIES", SETTING_TEXT, "", 0, 0,
     "addresses of the proxies whose X-Forwarded-For is believed: 10.0.0.2/32,2001:db8::/64", false},
    {"PATEN_PUBLIC_URL", SETTING_TEXT, "", 0, 0, "where the public reaches us: the QR codes of boards lead there",
     false},
    {"PATEN_HTTP_WEB", SETTING_TEXT, "", 0, 0, "folder of the officers' application, built; empty: not served", false},
    {"PATEN_LOG_LEVEL", SETTING_TEXT, "info", 0, 0, "debug, info, warn or error", false},
    {0},
};

static int print_routes (void)
{
    for (const struct route *route = routes; route->method; route++) {
        char flags[ROUTE_FLAGS_SIZE];
        route_flags_text (route->flags, flags);
        printf ("%s\t%s\t%s\t%s\n", route->method, route->path, route->ask, flags);
    }
    return fflush (stdout) == 0 ? 0 : 1;
}

/* As many descriptors as the machine allows: a connection is one. */
static void raise_descriptors (void)
{
    struct rlimit limit;
    if (getrlimit (RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit (RLIMIT_NOFILE, &limit);
    }
}

/* Who listens, answers: first the brokers are found, unless there is none. */
static void wait_for_services (client_t *client)
{
    enum { WAIT_MS = 3000, LOOK_MS = 20 };
    for (int waited = 0; waited < WAIT_MS; waited += LOOK_MS) {
        json_auto_t *services = client_services (client, NULL);
        if (json_object_size (services) > 0)
            return;
        usleep (LOOK_MS * 1000);
    }
}

static bool make_parts (struct http_parts *parts)
{
    const char *web = conf_text ("PATEN_HTTP_WEB");
    parts->live = live_new ((int)conf_int ("PATEN_HTTP_STREAMS"), LIVE_TICK_MS);
    parts->assets = *web ? assets_load (web) : NULL;
    if (!parts->live || (*web && !parts->assets))
        return false;
    const struct client_ears ears = {LIVE_TOPICS, live_heard, parts->live};
    parts->client = client_new ("gateway", (int)conf_int ("PATEN_HTTP_MOST_IN_FLIGHT"), &ears);
    if (parts->client)
        wait_for_services (parts->client);
    return parts->client;
}

static int serve (void)
{
    sigset_t signals;
    sigemptyset (&signals);
    sigaddset (&signals, SIGTERM);
    sigaddset (&signals, SIGINT);
    pthread_sigmask (SIG_BLOCK, &signals, NULL); /* before any thread exists: all inherit it */
    signal (SIGPIPE, SIG_IGN);
    raise_descriptors ();

    struct http_settings http_settings = {
        .listen = conf_text ("PATEN_HTTP_LISTEN"),
        .threads = (int)conf_int ("PATEN_HTTP_THREADS"),
        .most_in_flight = (int)conf_int ("PATEN_HTTP_MOST_IN_FLIGHT"),
        .most_connections = (int)conf_int ("PATEN_HTTP_CONNECTIONS"),
        .upload_seconds = (int)conf_int ("PATEN_HTTP_UPLOAD_SECONDS"),
        .public_rate = (int)conf_int ("PATEN_PUBLIC_RATE"),
        .public_url = conf_text ("PATEN_PUBLIC_URL"),
    };
    if (!proxies_parse (conf_text ("PATEN_HTTP_TRUSTED_PROXIES"), &http_settings.proxies)) {
        fprintf (stderr,
                 "PATEN_HTTP_TRUSTED_PROXIES must be addresses between commas, each with or without its length: "
                 "10.0.0.2/32,2001:db8::/64\n");
        return 1;
    }
    metrics_open ("gateway");
    figures_open ();
    monitor_needs (MONITOR_BROKER);
    monitor_start ();
    struct http_parts parts = {0};
    http_t *http = make_parts (&parts) ? http_start (&http_settings, &parts) : NULL;
    if (!http) {
        http_parts_destroy (&parts);
        return 1;
    }
    log_line (LEVEL_INFO, "gateway.ready", "address", http_settings.listen, NULL);
    int signal_number;
    sigwait (&signals, &signal_number);
    log_line (LEVEL_INFO, "gateway.stopping", NULL);
    monitor_stopping ();
    http_stop (&http);
    monitor_stop ();
    return 0;
}

int main (int argc, char **argv)
{
    if (argc == 2 && strcmp (argv[1], "--routes") == 0)
        return print_routes ();
    if (argc != 1) {
        fprintf (stderr, "usage: gateway [--routes]\n");
        return 2;
    }
    mallopt (M_ARENA_MAX, 2);              /* a few threads with small needs: not an arena for each */
    mallopt (M_MMAP_THRESHOLD, 64 * 1024); /* fixed: chunks of files go back to the system when they are done */
    log_open ("gateway", LEVEL_INFO);
    if (conf_load (settings) < 0 || conf_load (monitor_settings) < 0)
        return 1;
    int level = log_level_named (conf_text ("PATEN_LOG_LEVEL"));
    if (level < 0) {
        fprintf (stderr, "PATEN_LOG_LEVEL must be debug, info, warn or error\n");
        return 1;
    }
    log_open ("gateway", (enum log_level)level);
    return serve ();
}
