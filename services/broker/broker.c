/* See broker.h. */
#include "broker_figures.h"
#include "broker_priv.h"

#include "common/kill_point.h"
#include "common/wire.h"

broker_t *broker_new (int64_t life, int64_t settled_at)
{
    broker_t *broker = calloc (1, sizeof *broker);
    assert (broker);
    broker->life = life;
    broker->settled_at = settled_at;
    broker->replicas = zhashx_new ();
    broker->services = zhashx_new ();
    return broker;
}

static void service_dispatch (broker_t *broker, struct service_entry *service);

void broker_set_sender (broker_t *broker, broker_send_fn *send, void *context)
{
    broker->send = send;
    broker->context = context;
}

void broker_send (broker_t *broker, zframe_t *route, zmsg_t *message)
{
    zframe_t *copy = zframe_dup (route);
    zmsg_prepend (message, &copy);
    broker->send (broker->context, message);
    zmsg_destroy (&message);
}

/* ANSWER made by the broker itself. */
static void broker_answer (broker_t *broker, zframe_t *client, const char *id, int status, const char *media_type,
                           const json_t *body)
{
    AUTO_FREE char *text = json_dumps (body, JSON_COMPACT);
    zmsg_t *answer = zmsg_new ();
    zmsg_addstr (answer, WIRE_ANSWER);
    zmsg_addstr (answer, id);
    wire_add_int (answer, status);
    zmsg_addstr (answer, media_type);
    zmsg_addstr (answer, "");
    zmsg_addstr (answer, text);
    broker_send (broker, client, answer);
}

static void broker_refuse (broker_t *broker, const struct pending *pending, enum error_code code, const char *service)
{
    broker_figures_refusal (service, code);
    const struct error_entry *entry = &error_registry[code];
    char detail[300];
    const char *at = strstr (entry->detail, "{service}");
    if (at)
        snprintf (detail, sizeof detail, "%.*s%s%s", (int)(at - entry->detail), entry->detail, service,
                  at + strlen ("{service}"));
    else
        snprintf (detail, sizeof detail, "%s", entry->detail);
    json_auto_t *problem = json_pack ("{s:s, s:i, s:s, s:s}", "type", "about:blank", "status", entry->status, "code",
                                      entry->code, "detail", detail);
    broker_answer (broker, pending->client, pending->id, entry->status, "application/problem+json", problem);
}

static bool is_service_name (const char *name)
{
    size_t size = strspn (name, "abcdefghijklmnopqrstuvwxyz_");
    return size > 0 && size <= BROKER_NAME_MOST && name[size] == '\0';
}

static struct service_entry *broker_service (broker_t *broker, const char *name)
{
    struct service_entry *service = zhashx_lookup (broker->services, name);
    if (service)
        return service;
    service = calloc (1, sizeof *service);
    assert (service);
    snprintf (service->name, sizeof service->name, "%s", name);
    service->replicas = zlistx_new ();
    service->pending = zlistx_new ();
    zhashx_insert (broker->services, service->name, service);
    return service;
}

/* ---- replicas come and go ---------------------------------------------------------------------------------------- */

static struct replica *broker_replica (broker_t *broker, zframe_t *route)
{
    AUTO_FREE char *key = zframe_strhex (route);
    return zhashx_lookup (broker->replicas, key);
}

/* Forgets a replica; what it had in hand will not be answered by it any more. */
static void broker_drop (broker_t *broker, struct replica *replica)
{
    void *handle = zlistx_find (replica->service->replicas, replica);
    if (handle)
        zlistx_detach (replica->service->replicas, handle);
    for (struct pending *lost; (lost = zlistx_detach (replica->in_hand, NULL));) {
        broker_refuse (broker, lost, ERR_SERVICE_UNAVAILABLE, replica->service->name);
        broker_queue_destroy (&lost);
    }
    zlistx_destroy (&replica->in_hand);
    zhashx_delete (broker->replicas, replica->key);
    zframe_destroy (&replica->route);
    free (replica->key);
    free (replica->topics);
    free (replica);
}

void broker_destroy (broker_t **broker_p)
{
    broker_t *broker = *broker_p;
    if (!broker)
        return;
    for (struct replica *replica; (replica = zhashx_first (broker->replicas));)
        broker_drop (broker, replica);
    zhashx_destroy (&broker->replicas);
    for (struct service_entry *service; (service = zhashx_first (broker->services));) {
        for (struct pending *waiting; (waiting = zlistx_detach (service->pending, NULL));) {
            broker_refuse (broker, waiting, ERR_SERVICE_UNAVAILABLE, service->name);
            broker_queue_destroy (&waiting);
        }
        zlistx_destroy (&service->pending);
        zlistx_destroy (&service->replicas);
        zhashx_delete (broker->services, service->name);
        free (service);
    }
    zhashx_destroy (&broker->services);
    free (broker);
    *broker_p = NULL;
}

static struct replica *broker_admit (broker_t *broker, const char *name, zframe_t *route)
{
    struct replica *replica = calloc (1, sizeof *replica);
    assert (replica);
    replica->route = zframe_dup (route);
    replica->key = zframe_strhex (route);
    replica->in_hand = zlistx_new ();
    replica->service = broker_service (broker, name);
    replica->topics = strdup ("");
    /* its first echo may be to what came with its KNOCK, or before it was dropped: the next one counts */
    if (broker->leaving) {
        replica->said = 1;
        replica->due = 2;
    }
    zhashx_insert (broker->replicas, replica->key, replica);
    zlistx_add_end (replica->service->replicas, replica);
    return replica;
}

static void broker_say (broker_t *broker, zframe_t *route, const char *letter)
{
    zmsg_t *message = zmsg_new ();
    zmsg_addstr (message, letter);
    broker_send (broker, route, message);
}

static void replica_say_leave (broker_t *broker, struct replica *replica)
{
    replica->said++;
    broker_say (broker, replica->route, WIRE_LEAVE);
}

static void broker_hello (broker_t *broker, zframe_t *route)
{
    zmsg_t *hello = zmsg_new ();
    zmsg_addstr (hello, WIRE_HELLO);
    wire_add_int (hello, broker->life);
    broker_send (broker, route, hello);
    struct replica *replica = broker->leaving ? broker_replica (broker, route) : NULL;
    if (replica)
        replica_say_leave (broker, replica);
    else if (broker->leaving)
        broker_say (broker, route, WIRE_LEAVE);
}

/* It may go when nothing is left in its hands. */
static void replica_part (broker_t *broker, struct replica *replica)
{
    if (replica->leaving && zlistx_size (replica->in_hand) == 0)
        broker_say (broker, replica->route, WIRE_BYE);
}

static bool broker_ready (broker_t *broker, const char *name, zframe_t *route, zmsg_t *message, int64_t now)
{
    AUTO_FREE char *service = wire_pop_text (message);
    int64_t credit = wire_pop_int (message, -1), pid = wire_pop_int (message, 0);
    char *topics = wire_pop_text (message);
    if (!service || !streq (service, name) || !is_service_name (name) || credit < 0 || !topics) {
        free (topics); /* a key speaks for its own service only */
        return false;
    }
    struct replica *replica = broker_replica (broker, route);
    if (replica && !streq (replica->service->name, name)) { /* a peer that took a dead one's routing id */
        broker_drop (broker, replica);
        replica = NULL;
    }
    if (!replica)
        replica = broker_admit (broker, name, route);
    replica->credit = credit < BROKER_CREDIT_MOST ? (int)credit : BROKER_CREDIT_MOST;
    replica->pid = (int)pid;
    replica->heard = now;
    free (replica->topics);
    replica->topics = topics;
    broker_hello (broker, route);
    service_dispatch (broker, replica->service);
    return true;
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

/* The next replica in turn that has credit left; NULL if all are busy. */
static struct replica *service_free_replica (struct service_entry *service)
{
    for (size_t i = zlistx_size (service->replicas); i > 0; i--) {
        struct replica *replica = zlistx_detach (service->replicas, NULL);
        zlistx_add_end (service->replicas, replica);
        if (!replica->leaving && (int)zlistx_size (replica->in_hand) < replica->credit)
            return replica;
    }
    return NULL;
}

static bool service_serves (const struct service_entry *service)
{
    for (struct replica *r = zlistx_first (service->replicas); r; r = zlistx_next (service->replicas))
        if (!r->leaving && r->credit > 0)
            return true;
    return false;
}

/* Nobody will take what is asked of it: a new broker does not know yet. */
static bool service_is_away (const broker_t *broker, const struct service_entry *service)
{
    return broker->now >= broker->settled_at && !service_serves (service);
}

/* False: the replica's connection is gone; the request is whole. */
static bool replica_hand (broker_t *broker, struct replica *replica, struct pending *next)
{
    zframe_t *route = zframe_dup (replica->route);
    zmsg_prepend (next->message, &route);
    if (broker->send (broker->context, next->message) < 0) {
        route = zmsg_pop (next->message);
        zframe_destroy (&route);
        return false;
    }
    zmsg_destroy (&next->message);
    zlistx_add_end (replica->in_hand, next);
    return true;
}

static void service_dispatch (broker_t *broker, struct service_entry *service)
{
    struct replica *replica;
    while (zlistx_size (service->pending) > 0 && (replica = service_free_replica (service))) {
        struct pending *next = broker_queue_take (broker, service);
        while (replica && !replica_hand (broker, replica, next)) {
            broker_drop (broker, replica);
            replica = service_free_replica (service);
        }
        if (replica)
            broker_queue_passed (broker, service, next);
        else { /* that was the last one: back to its place, for the tick to decide */
            broker_queue_put_back (broker, service, next);
        }
    }
}

/* Requests whose deadline has passed leave without a word, nobody waits for them; with `all` the rest is refused. */
static void service_refuse_waiting (broker_t *broker, struct service_entry *service, int64_t wall, bool all)
{
    for (size_t i = zlistx_size (service->pending); i > 0; i--) {
        struct pending *waiting = broker_queue_take (broker, service);
        bool late = waiting->deadline <= wall;
        if (!late && !all) {
            broker_queue_put (broker, service, waiting);
            continue;
        }
        if (!late)
            broker_refuse (broker, waiting, ERR_SERVICE_UNAVAILABLE, service->name);
        broker_queue_destroy (&waiting);
    }
}

static json_t *broker_census (broker_t *broker)
{
    json_t *census = json_object ();
    for (struct service_entry *s = zhashx_first (broker->services); s; s = zhashx_next (broker->services)) {
        json_t *pids = json_array ();
        for (struct replica *r = zlistx_first (s->replicas); r; r = zlistx_next (s->replicas))
            if (!r->leaving)
                json_array_append_new (pids, json_integer (r->pid));
        json_object_set_new (census, s->name,
                             json_pack ("{s:i, s:o}", "replicas", (int)json_array_size (pids), "pids", pids));
    }
    return census;
}

static bool broker_request (broker_t *broker, const char *name, zframe_t *route, zmsg_t *message, int64_t wall)
{
    AUTO_FREE char *service_name = wire_pop_text (message);
    AUTO_FREE char *id = wire_pop_text (message);
    int64_t deadline = wire_pop_int (message, 0);
    if (!service_name || !is_service_name (service_name) || !id || zmsg_size (message) != 3)
        return false;
    if (deadline <= wall)
        return true; /* nobody waits any more */
    if (streq (service_name, "broker")) {
        json_auto_t *census = broker_census (broker);
        broker_answer (broker, route, id, broker->now < broker->settled_at ? 202 : 200, "application/json", census);
        return true;
    }
    broker_figures_request (service_name);
    broker->is_last_word_said = false;
    struct pending *pending = broker_queue_new (name, route, id, deadline, message);
    struct service_entry *service = zhashx_lookup (broker->services, service_name);
    if (!service && broker->now < broker->settled_at)
        service = broker_service (broker, service_name);
    if (!service || service_is_away (broker, service)) {
        broker_refuse (broker, pending, ERR_SERVICE_UNAVAILABLE, service_name);
        broker_queue_destroy (&pending);
        return true;
    }
    if (broker_queue_is_full (broker, service, pending)) {
        broker_refuse (broker, pending, ERR_OVERLOADED, service_name);
        broker_queue_destroy (&pending);
        return true;
    }
    KILL_POINT ("request.received");
    pending->since = broker->now;
    pending->ahead = (int64_t)zlistx_size (service->pending);
    broker_queue_put (broker, service, pending);
    service_dispatch (broker, service);
    KILL_POINT ("request.routed");
    if (service_is_away (broker, service)) /* its replicas were found to be gone */
        service_refuse_waiting (broker, service, wall, true);
    return true;
}

/* Takes the request that this answers out of the replica's hands; false: it never had it (or was given up as dead). */
static bool replica_settle (struct replica *replica, zframe_t *client, const char *id)
{
    for (struct pending *p = zlistx_first (replica->in_hand); p; p = zlistx_next (replica->in_hand))
        if (streq (p->id, id) && zframe_eq (p->client, client)) {
            zlistx_detach (replica->in_hand, zlistx_cursor (replica->in_hand));
            broker_queue_destroy (&p);
            return true;
        }
    return false;
}

static bool broker_pass_answer (broker_t *broker, const char *name, zframe_t *route, zmsg_t *message)
{
    struct replica *replica = broker_replica (broker, route);
    zframe_t *client = zmsg_pop (message);
    zframe_t *id_frame = zmsg_first (message);
    AUTO_FREE char *id = id_frame ? zframe_strdup (id_frame) : NULL;
    bool known = replica && streq (replica->service->name, name) && client && id && zmsg_size (message) == 5 &&
                 replica_settle (replica, client, id);
    if (known) {
        KILL_POINT ("answer.received");
        zmsg_t *answer = zmsg_new ();
        zmsg_addstr (answer, WIRE_ANSWER);
        for (zframe_t *frame; (frame = zmsg_pop (message));)
            zmsg_append (answer, &frame);
        broker_send (broker, client, answer);
        KILL_POINT ("answer.routed");
        replica_part (broker, replica);
        service_dispatch (broker, replica->service);
    }
    zframe_destroy (&client);
    return known;
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

bool broker_receive (broker_t *broker, const char *name, zframe_t *route, zmsg_t **message_p, int64_t now, int64_t wall)
{
    AUTO (zmsg) message = *message_p;
    *message_p = NULL;
    AUTO_FREE char *kind = wire_pop_text (message);
    if (!kind)
        return false;
    broker->now = now;
    if (streq (kind, WIRE_KNOCK)) {
        broker_hello (broker, route);
        return true;
    }
    if (streq (kind, WIRE_READY))
        return broker_ready (broker, name, route, message, now);
    if (streq (kind, WIRE_REQUEST))
        return broker_request (broker, name, route, message, wall);
    if (streq (kind, WIRE_ANSWER))
        return broker_pass_answer (broker, name, route, message);
    if (streq (kind, WIRE_NUDGE))
        return broker_nudge (broker, message);
    if (streq (kind, WIRE_BYE)) {
        struct replica *replica = broker_replica (broker, route);
        if (!replica)
            return false;
        replica->leaving = true;
        replica_part (broker, replica);
        return true;
    }
    if (streq (kind, WIRE_LEAVE)) {
        struct replica *replica = broker_replica (broker, route);
        if (!replica || replica->echoed == replica->said)
            return false;
        replica->echoed++;
        return true;
    }
    return false;
}

/* A replica that neither answered nor died would keep its credit for ever. */
static void replica_forget (struct replica *replica, int64_t wall)
{
    for (size_t i = zlistx_size (replica->in_hand); i > 0; i--) {
        struct pending *pending = zlistx_detach (replica->in_hand, NULL);
        if (pending->deadline + BROKER_GRACE_MS <= wall)
            broker_queue_destroy (&pending);
        else
            zlistx_add_end (replica->in_hand, pending);
    }
}

/* A broker that was held up itself has heard nobody: that time is not the replicas' silence. */
static void broker_forgive (broker_t *broker, int64_t held_up)
{
    for (struct replica *r = zhashx_first (broker->replicas); r; r = zhashx_next (broker->replicas))
        r->heard = r->heard + held_up < broker->now ? r->heard + held_up : broker->now;
}

/* For whoever watches: a service without replicas is told as such, for it was there. */
static void service_figures (const struct service_entry *service)
{
    int replicas = 0, credit = 0, in_hand = 0;
    for (struct replica *r = zlistx_first (service->replicas); r; r = zlistx_next (service->replicas)) {
        replicas += !r->leaving && r->credit > 0;
        credit += r->leaving ? 0 : r->credit;
        in_hand += (int)zlistx_size (r->in_hand);
    }
    broker_figures_service (service->name, replicas, credit, in_hand, (int)zlistx_size (service->pending));
}

void broker_tick (broker_t *broker, int64_t now, int64_t wall)
{
    broker->now = now;
    if (broker->ticked && now - broker->ticked > WIRE_BEAT_MS)
        broker_forgive (broker, now - broker->ticked - WIRE_BEAT_MS);
    broker->ticked = now;
    AUTO (zlistx) keys = zhashx_keys (broker->replicas);
    for (const char *key = zlistx_first (keys); key; key = zlistx_next (keys)) {
        struct replica *replica = zhashx_lookup (broker->replicas, key);
        if (now - replica->heard >= WIRE_DEAD_MS)
            broker_drop (broker, replica);
        else
            replica_forget (replica, wall);
    }
    for (struct service_entry *s = zhashx_first (broker->services); s; s = zhashx_next (broker->services)) {
        service_dispatch (broker, s);
        service_refuse_waiting (broker, s, wall, service_is_away (broker, s));
        service_figures (s);
    }
}

void broker_leave (broker_t *broker)
{
    broker->leaving = true;
    for (struct replica *r = zhashx_first (broker->replicas); r; r = zhashx_next (broker->replicas)) {
        replica_say_leave (broker, r);
        r->due = r->said;
    }
}

/* Nothing is on its way, and nobody who is there owes an echo: an echo comes behind all that its sender had asked, and says that he has
 * read all that was sent before what it answers.  LEAVE is said again with every HELLO, so that a lost one is made up for. */
static bool broker_is_settled (const broker_t *broker)
{
    for (struct replica *r = zhashx_first (broker->replicas); r; r = zhashx_next (broker->replicas))
        if (zlistx_size (r->in_hand) > 0 || r->echoed < r->due)
            return false;
    for (struct service_entry *s = zhashx_first (broker->services); s; s = zhashx_next (broker->services))
        if (zlistx_size (s->pending) > 0)
            return false;
    return true;
}

bool broker_may_go (broker_t *broker)
{
    if (!broker_is_settled (broker))
        return false;
    if (!broker->is_last_word_said) {
        broker->is_last_word_said = true;
        broker_leave (broker);
    }
    return broker_is_settled (broker);
}
