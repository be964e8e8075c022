/* The broker's shell: one ROUTER behind CURVE.  Who may speak is decided by ZAP from the certificates in
 * PATEN_BROKER_CLIENTS_DIR; each certificate's metadata "name" is the service that it speaks for. */
#include "broker.h"
#include "broker_figures.h"
#include "common/conf.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/monitor.h"
#include "common/wire.h"

#include <dirent.h>
#include <signal.h>
#include <sys/signalfd.h>

enum {
    TICK_MS = 250,
    RECEIVE_MOST = 200,
    SETTLE_MS = WIRE_DEAD_MS, /* a peer tries at least once a second to reach a broker that is away */
    DRAIN_MS = 8000,          /* longer than a request may take; files come in pieces */
    NAMES_MOST = 64,
    LINGER_MS = 1000,       /* for the last answers */
    ZAP_ENFORCE_DOMAIN = 93 /* ZMQ_ZAP_ENFORCE_DOMAIN, a draft name that libzmq 4.3.4 already obeys */
};

static const struct setting settings[] = {
    {"PATEN_BROKER_BIND", SETTING_TEXT, NULL, 0, 0, "endpoint to listen on, ipc://… or tcp://…", false},
    {"PATEN_BROKER_CLIENTS_DIR", SETTING_TEXT, NULL, 0, 0, "folder of the public certificates that may connect", false},
    {"PATEN_CURVE_SECRET_FILE", SETTING_TEXT, NULL, 0, 0, "the broker's own CURVE certificate, mode 0600", false},
    {0}};

/* The message stays whole for another try. */
static int shell_send (void *context, zmsg_t *message)
{
    zframe_t *route = zmsg_pop (message), *packed = wire_pack (message);
    int rc = zframe_send (&route, context, ZFRAME_REUSE | ZFRAME_MORE | ZFRAME_DONTWAIT);
    if (rc == 0) /* only there the ROUTER looks for the peer: what follows cannot fail */
        rc = zframe_send (&packed, context, ZFRAME_DONTWAIT);
    zframe_destroy (&packed);
    zmsg_prepend (message, &route);
    return rc;
}

/* The socket and the guard in front of it.  Without a running zauth, or without the enforced domain, libzmq would let
 * every client in that knows the public key: both are set before bind. */
static zsock_t *shell_open (zactor_t **ret_auth)
{
    AUTO (zcert) own = zcert_load (conf_text ("PATEN_CURVE_SECRET_FILE"));
    if (!own) {
        log_line (LEVEL_ERROR, "broker.key_unreadable", "file", conf_text ("PATEN_CURVE_SECRET_FILE"), NULL);
        return NULL;
    }
    zactor_t *auth = *ret_auth = zactor_new (zauth, NULL);
    zstr_sendx (auth, "CURVE", conf_text ("PATEN_BROKER_CLIENTS_DIR"), NULL);
    zsock_wait (auth);
    zsock_t *router = zsock_new (ZMQ_ROUTER);
    zsock_set_zap_domain (router, "paten");
    int on = 1;
    int rc = zmq_setsockopt (zsock_resolve (router), ZAP_ENFORCE_DOMAIN, &on, sizeof on);
    zcert_apply (own, router);
    zsock_set_curve_server (router, 1);
    zsock_set_linger (router, 0);
    zsock_set_router_mandatory (router, 1); /* tells at once that a peer is gone */
    zsock_set_sndhwm (router, WIRE_QUEUE);
    zsock_set_rcvhwm (router, WIRE_QUEUE);
    zsock_set_maxmsgsize (router, WIRE_MOST_BYTES);
    if (rc == 0 && zsock_bind (router, "%s", conf_text ("PATEN_BROKER_BIND")) >= 0)
        return router;
    log_line (LEVEL_ERROR, "broker.bind_failed", "endpoint", conf_text ("PATEN_BROKER_BIND"), "error",
              zmq_strerror (errno), NULL);
    zsock_destroy (&router);
    return NULL;
}

/* A bounded share, so that a flood of messages does not keep the broker from its ticks and signals. */
static void shell_receive (broker_t *broker, zsock_t *router)
{
    for (int i = 0; i < RECEIVE_MOST && zsock_events (router) & ZMQ_POLLIN; i++) {
        AUTO (zmsg) received = zmsg_recv (router);
        AUTO (zframe) route = received ? zmsg_pop (received) : NULL;
        zframe_t *packed = received && zmsg_size (received) == 1 ? zmsg_first (received) : NULL;
        const char *name = packed ? zframe_meta (packed, "name") : NULL;
        zmsg_t *message = name ? wire_unpack (packed) : NULL;
        if (!message || !broker_receive (broker, name, route, &message, wire_ticks (), wire_now ()))
            log_line (LEVEL_DEBUG, "broker.message_dropped", "peer", name ? name : "(no name)", NULL);
    }
}

static int signals_open (void)
{
    zsys_handler_set (NULL);
    sigset_t mask;
    sigemptyset (&mask);
    sigaddset (&mask, SIGTERM);
    sigaddset (&mask, SIGINT);
    sigprocmask (SIG_BLOCK, &mask, NULL);
    return signalfd (-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Until the signal; then until everybody has what is due to him, and no longer than DRAIN_MS. */
static void shell_run (broker_t *broker, zsock_t *router, int signals)
{
    zmq_pollitem_t items[] = {{.socket = zsock_resolve (router), .events = ZMQ_POLLIN},
                              {.fd = signals, .events = ZMQ_POLLIN}};
    int64_t ticked = 0, stop_at = 0;
    while (!stop_at || (!broker_may_go (broker) && wire_ticks () < stop_at)) {
        zmq_poll (items, stop_at ? 1 : 2, TICK_MS);
        monitor_turned ();
        shell_receive (broker, router);
        if (wire_ticks () - ticked >= TICK_MS) {
            ticked = wire_ticks ();
            broker_tick (broker, ticked, wire_now ());
        }
        if (!stop_at && items[1].revents & ZMQ_POLLIN) {
            stop_at = wire_ticks () + DRAIN_MS;
            monitor_stopping ();
            broker_leave (broker);
            log_line (LEVEL_INFO, "service.stopping", NULL);
        }
    }
}

/* The names in the certificates of that folder, each once, and "(other)"; for as long as the process lives. */
static const char *const *service_names (const char *folder)
{
    static const char *names[NAMES_MOST + 2];
    size_t count = 0;
    DIR *files = opendir (folder);
    for (const struct dirent *file; files && count < NAMES_MOST && (file = readdir (files));) {
        char path[PATH_MAX];
        snprintf (path, sizeof path, "%s/%s", folder, file->d_name);
        AUTO (zcert) certificate = file->d_name[0] == '.' ? NULL : zcert_load (path);
        const char *name = certificate ? zcert_meta (certificate, "name") : NULL;
        bool is_new = name;
        for (size_t i = 0; i < count; i++)
            is_new = is_new && !streq (names[i], name);
        if (is_new)
            names[count++] = strdup (name);
    }
    if (files)
        closedir (files);
    names[count] = "(other)";
    return names;
}

int main (void)
{
    int signals = signals_open ();
    if (conf_load (settings) < 0 || conf_load (monitor_settings) < 0)
        return EXIT_FAILURE;
    log_open ("broker", LEVEL_INFO);
    metrics_open ("broker");
    broker_figures_open (service_names (conf_text ("PATEN_BROKER_CLIENTS_DIR")));
    monitor_needs (MONITOR_LOOP);
    zactor_t *auth = NULL;
    zsock_t *router = shell_open (&auth);
    if (!router) {
        zactor_destroy (&auth);
        return EXIT_FAILURE;
    }
    broker_t *broker = broker_new (wire_now () * 1000 + randof (1000), wire_ticks () + SETTLE_MS);
    broker_set_sender (broker, shell_send, router);
    monitor_start ();
    log_line (LEVEL_INFO, "service.started", NULL);
    shell_run (broker, router, signals);
    monitor_stop ();
    broker_destroy (&broker);
    zsock_set_linger (router, LINGER_MS);
    zsock_destroy (&router);
    zactor_destroy (&auth);
    close (signals);
    log_line (LEVEL_INFO, "service.stopped", NULL);
    return EXIT_SUCCESS;
}
