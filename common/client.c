/* See client.h.  The asking threads put questions on a bounded list and wake the client's thread through an eventfd;
 * that thread alone touches the sockets. */
#include "common/client.h"

#include "common/conf.h"
#include "common/kill_point.h"
#include "common/link.h"
#include "common/log.h"
#include "errors.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>

enum {
    CLIENT_TICK_MS = 100,
    CLIENT_SERVICES_MS = 1000,
    CLIENT_SERVICES_KEPT_MS = 3000, /* how long the last whole census stands in for one that fails */
    CLIENT_RECEIVE_MOST = 200,
};

struct question {
    int64_t id, deadline;
    int broker;      /* -1: not sent yet */
    zmsg_t *message; /* until it is sent */
    client_done_fn *done;
    void *context;
    struct question *next; /* on the waiting list */
};

struct _client_t {
    link_t *link;
    struct client_ears ears;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows up to `wake` */
    struct question *first, **last;
    int in_flight, most_in_flight;
    int64_t ids;
    bool stop;
    json_t *services;
    int64_t services_asked; /* ticks: that is how old `services` is */
    int wake;
    /* the thread's own */
    zhashx_t *open;                       /* id text → struct question */
    int64_t asked_services, had_services; /* ticks */
};

static void question_reply (client_t *client, struct question *question, const struct client_reply *reply)
{
    question->done (question->context, reply);
    zmsg_destroy (&question->message);
    free (question);
    pthread_mutex_lock (&client->lock);
    client->in_flight--;
    pthread_mutex_unlock (&client->lock);
}

/* Nobody answered: the same problem document that a service would have sent. */
static void question_refuse (client_t *client, struct question *question, enum error_code code)
{
    const struct error_entry *entry = &error_registry[code];
    json_auto_t *problem = json_pack ("{s:s, s:i, s:s, s:s}", "type", "about:blank", "status", entry->status, "code",
                                      entry->code, "detail", entry->detail);
    AUTO_FREE char *text = json_dumps (problem, JSON_COMPACT);
    struct client_reply reply = {
        .status = entry->status, .media_type = "application/problem+json", .body = text, .body_size = strlen (text)};
    question_reply (client, question, &reply);
}

static bool client_stopping (client_t *client)
{
    pthread_mutex_lock (&client->lock);
    bool stop = client->stop;
    pthread_mutex_unlock (&client->lock);
    return stop;
}

static void client_key (char key[24], int64_t id)
{
    snprintf (key, 24, "%" PRId64, id);
}

static void client_send (client_t *client, struct question *question)
{
    if (client_stopping (client)) {
        question_refuse (client, question, ERR_OVERLOADED);
        return;
    }
    question->broker = link_request (client->link, &question->message);
    KILL_POINT ("request.sent");
    if (question->broker < 0) {
        question_refuse (client, question, ERR_OVERLOADED);
        return;
    }
    char key[24];
    client_key (key, question->id);
    zhashx_insert (client->open, key, question);
}

static void client_take_waiting (client_t *client)
{
    uint64_t count;
    ssize_t size = read (client->wake, &count, sizeof count);
    (void)size; /* an empty counter is no news */
    pthread_mutex_lock (&client->lock);
    struct question *list = client->first;
    client->first = NULL;
    client->last = &client->first;
    pthread_mutex_unlock (&client->lock);
    while (list) {
        struct question *question = list;
        list = list->next;
        client_send (client, question);
    }
}

static void client_take_answer (client_t *client, zmsg_t *message)
{
    AUTO (zmsg) owned = message;
    AUTO_FREE char *id = wire_pop_text (owned);
    struct question *question = id ? zhashx_lookup (client->open, id) : NULL;
    if (!question)
        return;
    zhashx_delete (client->open, id);
    int status = (int)wire_pop_int (owned, 500);
    AUTO_FREE char *media_type = wire_pop_text (owned);
    AUTO_FREE char *filename = wire_pop_text (owned);
    size_t size;
    AUTO_FREE void *body = wire_pop_bytes (owned, &size);
    struct client_reply reply = {.status = status,
                                 .media_type = media_type ? media_type : "application/json",
                                 .filename = filename && filename[0] ? filename : NULL,
                                 .body = body,
                                 .body_size = size};
    question_reply (client, question, &reply);
}

/* Deadlines, and what was asked through a broker that has died (`died`: bit mask). */
static void client_expire (client_t *client, unsigned died, bool all)
{
    int64_t now = wire_now ();
    AUTO (zlistx) keys = zhashx_keys (client->open);
    for (const char *key = zlistx_first (keys); key; key = zlistx_next (keys)) {
        struct question *question = zhashx_lookup (client->open, key);
        bool lost = all || (died & (1u << question->broker));
        if (!lost && now < question->deadline)
            continue;
        zhashx_delete (client->open, key);
        question_refuse (client, question, lost ? ERR_OVERLOADED : ERR_DEADLINE_EXCEEDED);
    }
}

struct census {
    client_t *client;
    int64_t asked; /* ticks */
};

/* A broker that goes or has just come (202) says little about the services: another one is asked soon, and what was
 * known a moment ago still holds. */
static void services_done (void *context, const struct client_reply *reply)
{
    AUTO_FREE struct census *census = context;
    client_t *client = census->client;
    int64_t now = wire_ticks ();
    json_t *services = reply->status / 100 == 2 ? json_loadb (reply->body, reply->body_size, 0, NULL) : NULL;
    if (services && reply->status == 200)
        client->had_services = now;
    else
        client->asked_services = now - CLIENT_SERVICES_MS + CLIENT_TICK_MS;
    if (!services)
        services = json_object ();
    if (reply->status != 200 && client->had_services && now - client->had_services < CLIENT_SERVICES_KEPT_MS) {
        json_decref (services);
        return;
    }
    pthread_mutex_lock (&client->lock);
    json_decref (client->services);
    client->services = services;
    client->services_asked = census->asked;
    pthread_mutex_unlock (&client->lock);
}

static void client_ask_services (client_t *client)
{
    if (wire_ticks () - client->asked_services < CLIENT_SERVICES_MS)
        return;
    client->asked_services = wire_ticks ();
    struct client_request request = {
        .method = "broker.services", .correlation = "-", .deadline = wire_now () + 2 * CLIENT_SERVICES_MS};
    struct census *census = malloc (sizeof *census);
    assert (census);
    *census = (struct census){client, client->asked_services};
    if (client_ask (client, &request, services_done, census) < 0)
        free (census);
}

static void client_hear (client_t *client, zmsg_t *message)
{
    AUTO (zmsg) owned = message;
    int64_t partition = wire_pop_int (owned, -1);
    AUTO_FREE char *topic = wire_pop_text (owned);
    AUTO_FREE char *place = wire_pop_text (owned);
    if (client->ears.heard && partition >= 0 && topic)
        client->ears.heard (client->ears.context, topic, place ? place : "");
}

/* A bounded share, so that a flood of answers keeps nobody's deadline waiting. */
static void client_receive (client_t *client, int broker)
{
    char kind;
    zmsg_t *message;
    for (int i = 0; i < CLIENT_RECEIVE_MOST && (message = link_receive (client->link, broker, &kind)); i++) {
        if (kind == WIRE_ANSWER[0])
            client_take_answer (client, message);
        else if (kind == WIRE_NUDGE[0])
            client_hear (client, message);
        else
            zmsg_destroy (&message);
    }
}

static void *client_run (void *argument)
{
    client_t *client = argument;
    int brokers = link_brokers (client->link);
    zmq_pollitem_t items[16] = {{.fd = client->wake, .events = ZMQ_POLLIN}};
    for (int i = 0; i < brokers; i++)
        items[1 + i] = (zmq_pollitem_t){.socket = zsock_resolve (link_socket (client->link, i)), .events = ZMQ_POLLIN};
    while (!client_stopping (client)) {
        zmq_poll (items, 1 + brokers, CLIENT_TICK_MS);
        for (int i = 0; i < brokers; i++)
            client_receive (client, i);
        client_expire (client, link_tick (client->link), false); /* before anything is asked of a broker that is new */
        client_ask_services (client);
        client_take_waiting (client);
    }
    client_take_waiting (client);
    client_expire (client, 0, true);
    return NULL;
}

client_t *client_new (const char *name, int most_in_flight, const struct client_ears *ears)
{
    if (conf_load (link_settings) < 0)
        return NULL;
    client_t *client = calloc (1, sizeof *client);
    assert (client);
    client->most_in_flight = most_in_flight;
    client->ears = ears ? *ears : (struct client_ears){.topics = ""};
    client->last = &client->first;
    client->services = json_object ();
    client->open = zhashx_new ();
    client->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init (&client->lock, NULL);
    client->link = link_new (name, 0, client->ears.topics);
    if (client->link && client->wake >= 0 && pthread_create (&client->thread, NULL, client_run, client) == 0)
        return client;
    link_destroy (&client->link);
    zhashx_destroy (&client->open);
    json_decref (client->services);
    if (client->wake >= 0)
        close (client->wake);
    pthread_mutex_destroy (&client->lock);
    free (client);
    return NULL;
}

void client_destroy (client_t **client_p)
{
    client_t *client = *client_p;
    if (!client)
        return;
    pthread_mutex_lock (&client->lock);
    client->stop = true;
    pthread_mutex_unlock (&client->lock);
    pthread_join (client->thread, NULL);
    link_destroy (&client->link);
    zhashx_destroy (&client->open);
    json_decref (client->services);
    close (client->wake);
    pthread_mutex_destroy (&client->lock);
    free (client);
    *client_p = NULL;
}

/* Everything after the letter, the service and the id. */
static zmsg_t *client_message (const struct client_request *request)
{
    json_auto_t *header =
        json_pack ("{s:s, s:s?, s:s, s:O?, s:O?}", "method", request->method, "key", request->idempotency_key,
                   "correlation", request->correlation, "claims", request->claims, "params", request->params);
    AUTO_FREE char *header_text = json_dumps (header, JSON_COMPACT);
    zmsg_t *message = zmsg_new ();
    wire_add_int (message, request->deadline);
    zmsg_addstr (message, header_text ? header_text : "{}");
    zmsg_addmem (message, request->body, request->body ? request->body_size : 0);
    zmsg_addmem (message, request->blob, request->blob ? request->blob_size : 0);
    return message;
}

/* Puts it on the list, with its id in front; false when there are too many, or the client is ending. */
static bool client_enqueue (client_t *client, struct question *question, const char *method)
{
    pthread_mutex_lock (&client->lock);
    bool full = client->stop || client->in_flight >= client->most_in_flight;
    if (!full) {
        client->in_flight++;
        question->id = ++client->ids;
        zmsg_pushstrf (question->message, "%" PRId64, question->id);
        zmsg_pushstrf (question->message, "%.*s", (int)strcspn (method, "."), method);
        *client->last = question;
        client->last = &question->next;
    }
    pthread_mutex_unlock (&client->lock);
    return !full;
}

int client_ask (client_t *client, const struct client_request *request, client_done_fn *done, void *context)
{
    struct question *question = calloc (1, sizeof *question);
    assert (question);
    question->deadline = request->deadline;
    question->broker = -1;
    question->done = done;
    question->context = context;
    question->message = client_message (request);
    if (!client_enqueue (client, question, request->method)) {
        zmsg_destroy (&question->message);
        free (question);
        return -1;
    }
    ssize_t written = write (client->wake, &(uint64_t){1}, sizeof (uint64_t));
    (void)written; /* a full counter wakes all the same */
    return 0;
}

json_t *client_services (client_t *client, int64_t *age_ms)
{
    pthread_mutex_lock (&client->lock);
    json_t *services = json_deep_copy (client->services);
    if (age_ms)
        *age_ms = wire_ticks () - client->services_asked;
    pthread_mutex_unlock (&client->lock);
    return services;
}
