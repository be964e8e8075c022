/* See link.h. */
#include "common/link.h"

#include "common/conf.h"
#include "common/log.h"
#include "common/monitor.h"
#include "common/names.h"
#include "common/pulse.h"

#include <sodium.h>
#include <unistd.h>

enum { LINK_BROKERS_MOST = NAMES_MOST, LINK_NAMES_MS = 2000, LINK_SETTLE_MS = LINK_NAMES_MS + WIRE_DEAD_MS };

const struct setting link_settings[] = {
    {"PATEN_BROKERS", SETTING_TEXT, NULL, 0, 0,
     "comma list of the brokers' endpoints, ipc://… or tcp://…; a name stands for all its addresses", false},
    {"PATEN_BROKER_PUBLIC_KEY_FILE", SETTING_TEXT, NULL, 0, 0, "the brokers' public CURVE certificate", false},
    {"PATEN_CURVE_SECRET_FILE", SETTING_TEXT, NULL, 0, 0, "this process's own CURVE certificate, mode 0600", false},
    {0}};

struct broker_end {
    zsock_t *socket;
    /* "": free for an address behind a name, or a broker that was given as an address */
    char endpoint[NAMES_ENDPOINT_SIZE];
    int name;        /* which one */
    bool is_named;   /* the endpoint was in its last answer */
    int64_t heard;   /* ticks of the last message; 0: never or given up */
    int64_t beaten;  /* ticks of the last READY */
    int64_t life;    /* the broker's, from its HELLO; 0: not greeted yet */
    int64_t greeted; /* ticks of that life's first HELLO */
    bool reborn;     /* it came back with another life: what was asked before is lost */
    bool leaving;    /* it answers what it has and takes no more; over with its next life */
    bool parted;     /* it has all our answers and sends no more requests, after link_bye () */
};

struct _link_t {
    unsigned char secret[32]; /* hash of the CURVE secret, for derived keys */
    char service[32];
    int credit; /* 0 after link_bye () */
    bool is_leaving;
    char *topics;
    int count;
    int next; /* round robin */
    int64_t ticked;
    names_t *names[LINK_BROKERS_MOST];
    int name_count;
    int fixed; /* brokers before this one were given as addresses; the others are ends for the addresses behind names */
    struct broker_end brokers[LINK_BROKERS_MOST];
};

static zsock_t *link_open (zcert_t *own, const char *broker_key)
{
    zsock_t *socket = zsock_new (ZMQ_DEALER);
    assert (socket);
    zcert_apply (own, socket);
    zsock_set_curve_serverkey (socket, broker_key);
    zsock_set_linger (socket, 0);
    zsock_set_immediate (socket, 1);    /* nothing is queued for a broker that is not there */
    zsock_set_probe_router (socket, 1); /* WIRE_KNOCK */
    zsock_set_sndtimeo (socket, 0);
    zsock_set_sndhwm (socket, WIRE_QUEUE);
    zsock_set_rcvhwm (socket, WIRE_QUEUE);
    zsock_set_maxmsgsize (socket, WIRE_MOST_BYTES);
    zsock_set_reconnect_ivl (socket, 50);
    zsock_set_reconnect_ivl_max (socket, 1000);
    return socket;
}

static int link_connect (zsock_t *socket, const char *endpoint)
{
    if (zsock_connect (socket, "%s", endpoint) == 0)
        return 0;
    log_line (LEVEL_ERROR, "link.endpoint_refused", "endpoint", endpoint, NULL);
    return -1;
}

/* A broker for each address; where there are names, ends without a broker in all the room that is left. */
static int link_connect_all (link_t *link, zcert_t *own, const char *broker_key)
{
    AUTO_FREE char *endpoints = strdup (conf_text ("PATEN_BROKERS"));
    char *rest = endpoints;
    for (char *endpoint = strtok_r (rest, ",", &rest); endpoint; endpoint = strtok_r (NULL, ",", &rest)) {
        if (link->count + link->name_count == LINK_BROKERS_MOST)
            return -1;
        if (names_is_name (endpoint)) {
            if (!(link->names[link->name_count++] = names_new (endpoint, LINK_NAMES_MS))) {
                log_line (LEVEL_ERROR, "link.endpoint_refused", "endpoint", endpoint, NULL);
                return -1;
            }
            continue;
        }
        struct broker_end *end = &link->brokers[link->count++];
        end->socket = link_open (own, broker_key);
        if (link_connect (end->socket, endpoint) < 0)
            return -1;
    }
    link->fixed = link->count;
    for (; link->name_count > 0 && link->count < LINK_BROKERS_MOST; link->count++)
        link->brokers[link->count].socket = link_open (own, broker_key);
    return link->count > 0 ? 0 : -1;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

static struct broker_end *link_end_of (link_t *link, const char *endpoint)
{
    for (int i = link->fixed; i < link->count; i++)
        if (streq (link->brokers[i].endpoint, endpoint))
            return &link->brokers[i];
    return NULL;
}

/* An address that is no more named, and at which nobody is heard any more, makes room. */
static void link_free_ends (link_t *link)
{
    for (int i = link->fixed; i < link->count; i++) {
        struct broker_end *end = &link->brokers[i];
        if (!end->endpoint[0] || end->is_named || end->heard)
            continue;
        zsock_disconnect (end->socket, "%s", end->endpoint);
        *end = (struct broker_end){.socket = end->socket};
    }
}

/* A free end for an address behind name `n`, connected.  NULL: there is no room for more, or the address is refused. */
static struct broker_end *link_take_end (link_t *link, int n, const char endpoint[NAMES_ENDPOINT_SIZE])
{
    struct broker_end *end = link_end_of (link, "");
    if (!end || link_connect (end->socket, endpoint) < 0)
        return NULL;
    memcpy (end->endpoint, endpoint, sizeof end->endpoint);
    end->name = n;
    return end;
}

/* Connects to the addresses that are new behind the names. */
static void link_follow_names (link_t *link)
{
    for (int n = 0; n < link->name_count; n++) {
        char found[NAMES_MOST][NAMES_ENDPOINT_SIZE];
        int count = names_look (link->names[n], found);
        if (count < 0)
            continue;
        for (int i = link->fixed; i < link->count; i++)
            if (link->brokers[i].name == n)
                link->brokers[i].is_named = false;
        for (int f = 0; f < count; f++) {
            struct broker_end *end = link_end_of (link, found[f]);
            if (!end)
                end = link_take_end (link, n, found[f]);
            if (end)
                end->is_named = true;
        }
    }
    link_free_ends (link);
}

link_t *link_new (const char *service, int credit, const char *topics)
{
    const char *own_file = conf_text ("PATEN_CURVE_SECRET_FILE");
    const char *broker_file = conf_text ("PATEN_BROKER_PUBLIC_KEY_FILE");
    AUTO (zcert) own = zcert_load (own_file);
    AUTO (zcert) broker = zcert_load (broker_file);
    if (!own || !broker) {
        log_line (LEVEL_ERROR, "link.key_unreadable", "file", own ? broker_file : own_file, NULL);
        return NULL;
    }
    link_t *link = calloc (1, sizeof *link);
    assert (link);
    const char *secret = zcert_secret_txt (own);
    crypto_generichash (link->secret, sizeof link->secret, (const unsigned char *)secret, strlen (secret), NULL, 0);
    snprintf (link->service, sizeof link->service, "%s", service);
    link->credit = credit;
    link->topics = strdup (topics);
    if (link_connect_all (link, own, zcert_public_txt (broker)) < 0)
        link_destroy (&link);
    return link;
}

void link_destroy (link_t **link_p)
{
    link_t *link = *link_p;
    if (!link)
        return;
    for (int i = 0; i < link->count; i++)
        zsock_destroy (&link->brokers[i].socket);
    for (int n = 0; n < link->name_count; n++)
        names_destroy (&link->names[n]);
    free (link->topics);
    free (link);
    *link_p = NULL;
}

void link_derive_key (const link_t *link, const char *purpose, unsigned char ret_key[32])
{
    crypto_generichash (ret_key, 32, (const unsigned char *)purpose, strlen (purpose), link->secret,
                        sizeof link->secret);
}

int link_brokers (const link_t *link)
{
    return link->count;
}

zsock_t *link_socket (link_t *link, int broker)
{
    return link->brokers[broker].socket;
}

bool link_alive (const link_t *link, int broker)
{
    const struct broker_end *end = &link->brokers[broker];
    return end->heard && wire_ticks () - end->heard < WIRE_DEAD_MS;
}

/* Something new may be given to it. */
static bool link_takes (const link_t *link, int broker)
{
    return link_alive (link, broker) && !link->brokers[broker].leaving;
}

/* It has just come and may not know every replica yet: they find it by its name within 2 s, and reach it a second later.
 * The others are asked first. */
static bool link_is_new (const link_t *link, int broker)
{
    return wire_ticks () - link->brokers[broker].greeted < LINK_SETTLE_MS;
}

/* The message stays the caller's. */
static int link_send (link_t *link, int broker, zmsg_t *message)
{
    zframe_t *packed = wire_pack (message);
    int rc = zframe_send (&packed, link->brokers[broker].socket, 0);
    zframe_destroy (&packed); /* still ours if it could not be sent */
    return rc;
}

static void link_say (link_t *link, int broker, const char *letter)
{
    AUTO (zmsg) message = zmsg_new ();
    zmsg_addstr (message, letter);
    link_send (link, broker, message);
}

static void link_beat (link_t *link, int broker)
{
    AUTO (zmsg) ready = zmsg_new ();
    zmsg_addstr (ready, WIRE_READY);
    zmsg_addstr (ready, link->service);
    wire_add_int (ready, link->credit);
    wire_add_int (ready, getpid ());
    zmsg_addstr (ready, link->topics);
    link_send (link, broker, ready);
    if (link->is_leaving)
        link_say (link, broker, WIRE_BYE);
}

/* Who was held up has heard nobody: that time is not the brokers' silence. */
static void link_forgive (link_t *link, int64_t now)
{
    int64_t held_up = link->ticked ? now - link->ticked - WIRE_BEAT_MS : 0;
    link->ticked = now;
    for (int i = 0; held_up > 0 && i < link->count; i++) {
        struct broker_end *end = &link->brokers[i];
        if (end->heard)
            end->heard = end->heard + held_up < now ? end->heard + held_up : now;
    }
}

unsigned link_tick (link_t *link)
{
    int64_t now = wire_ticks ();
    unsigned died = 0;
    int alive = 0;
    link_forgive (link, now);
    for (int i = 0; i < link->count; i++) {
        struct broker_end *end = &link->brokers[i];
        bool silent = end->heard && now - end->heard >= WIRE_DEAD_MS;
        if (silent)
            end->heard = 0;
        if (silent || end->reborn)
            died |= 1u << i;
        end->reborn = false;
        alive += link_alive (link, i);
        if (now - end->beaten < WIRE_BEAT_MS)
            continue;
        end->beaten = now;
        link_beat (link, i);
    }
    link_follow_names (link);
    monitor_say (MONITOR_BROKER, alive > 0);
    metric_set (&pulse_brokers_alive, 0, 0, alive);
    return died;
}

/* A broker that does not know us yet is told with the next tick, not with the next beat. */
static void link_greeted (struct broker_end *end, int64_t life)
{
    if (end->life == life)
        return;
    end->reborn = end->reborn || end->life;
    end->life = life;
    metric_add (&pulse_broker_greetings, 0, 0, 1);
    end->greeted = wire_ticks ();
    end->beaten = 0;
    end->leaving = end->parted = false;
}

/* What concerns the connection alone.  False: it is the caller's. */
static bool link_heard (link_t *link, int broker, const char *kind, zmsg_t *message)
{
    struct broker_end *end = &link->brokers[broker];
    if (streq (kind, WIRE_HELLO)) {
        link_greeted (end, wire_pop_int (message, 0));
    } else if (streq (kind, WIRE_LEAVE)) {
        end->leaving = true;
        link_say (link, broker, WIRE_LEAVE);
    } else if (streq (kind, WIRE_BYE)) {
        end->parted = link->is_leaving;
    } else {
        return false;
    }
    return true;
}

zmsg_t *link_receive (link_t *link, int broker, char *ret_kind)
{
    struct broker_end *end = &link->brokers[broker];
    while (zsock_events (end->socket) & ZMQ_POLLIN) {
        AUTO (zframe) packed = zframe_recv (end->socket);
        if (!packed)
            return NULL;
        end->heard = wire_ticks ();
        zmsg_t *message = wire_unpack (packed);
        if (!message)
            continue;
        AUTO_FREE char *kind = wire_pop_text (message);
        if (kind && kind[0] && !link_heard (link, broker, kind, message)) {
            *ret_kind = kind[0];
            return message;
        }
        zmsg_destroy (&message);
    }
    return NULL;
}

int link_request (link_t *link, zmsg_t **message_p)
{
    AUTO (zmsg) message = *message_p;
    *message_p = NULL;
    zmsg_pushstr (message, WIRE_REQUEST);
    for (int turn = 0; turn < 2; turn++)
        for (int tried = 0; tried < link->count; tried++) {
            int broker = (link->next + 1 + tried) % link->count;
            if (link_is_new (link, broker) == turn && link_takes (link, broker) &&
                link_send (link, broker, message) == 0)
                return link->next = broker;
        }
    return -1;
}

void link_answer (link_t *link, int broker, zmsg_t **message_p)
{
    zmsg_pushstr (*message_p, WIRE_ANSWER);
    link_send (link, broker, *message_p);
    zmsg_destroy (message_p);
}

void link_nudge (link_t *link, int partition, const char *topic, const char *addressee, const char *place)
{
    AUTO (zmsg) nudge = zmsg_new ();
    zmsg_addstr (nudge, WIRE_NUDGE);
    wire_add_int (nudge, partition);
    zmsg_addstr (nudge, topic);
    zmsg_addstr (nudge, addressee);
    zmsg_addstr (nudge, place);
    /* It would not know yet whom to tell. */
    for (int turn = 0; turn < 2; turn++)
        for (int i = 0; i < link->count; i++)
            if (link_is_new (link, i) == turn && link_takes (link, i) && link_send (link, i, nudge) == 0)
                return;
}

void link_bye (link_t *link)
{
    link->credit = 0; /* a broker that starts just now must not send requests either */
    link->is_leaving = true;
    for (int i = 0; i < link->count; i++)
        link_beat (link, i);
}

bool link_parted (const link_t *link)
{
    for (int i = 0; i < link->count; i++)
        if (link_alive (link, i) && !link->brokers[i].parted)
            return false;
    return true;
}
