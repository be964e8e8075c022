/* Streams of changes, see live.h.  A stream that has nothing to say is suspended; the ticker's thread wakes it.  All
 * under one mutex, also suspending and waking, so that nobody is woken before he sleeps. */
#include "live.h"

#include "common/codes.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PLACES_MOST = 40 /* as many as an account has grants */, PLACE_SIZE = 16, ACCOUNT_SIZE = 40, BLOCK = 256 };

struct stream {
    struct live *live;
    struct MHD_Connection *connection;
    struct stream *next;
    char account[ACCOUNT_SIZE];
    char places[PLACES_MOST][PLACE_SIZE]; /* of the officer's grants: a kecamatan, or a kabupaten and all in it */
    int place_count;
    const char *due;  /* what is to be sent, or what is left of it; NULL: nothing */
    int age, silence; /* ticks */
    bool is_moved, is_over, is_suspended;
};

struct live {
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    pthread_t ticker;
    struct stream *first; /* newest first */
    int count, most, tick_ms;
    bool is_ended, is_stopping;
};

/* ---- one stream -------------------------------------------------------------------------------------------------- */

static void rouse (struct stream *stream)
{
    if (!stream->is_suspended)
        return;
    stream->is_suspended = false;
    MHD_resume_connection (stream->connection);
}

static void end (struct stream *stream)
{
    stream->is_over = true;
    rouse (stream);
}

/* libmicrohttpd wants the next bytes. */
static ssize_t on_read (void *context, uint64_t position, char *buffer, size_t room)
{
    struct stream *stream = context;
    ssize_t size = 0;
    (void)position;
    pthread_mutex_lock (&stream->live->mutex);
    if (stream->due) {
        size_t left = strlen (stream->due);
        size = (ssize_t)(left < room ? left : room);
        memcpy (buffer, stream->due, (size_t)size);
        stream->due = (size_t)size < left ? stream->due + size : NULL;
    } else if (stream->is_over)
        size = MHD_CONTENT_READER_END_OF_STREAM;
    else {
        stream->is_suspended = true;
        MHD_suspend_connection (stream->connection);
    }
    pthread_mutex_unlock (&stream->live->mutex);
    return size;
}

static void on_gone (void *context)
{
    struct stream *stream = context;
    struct live *live = stream->live;
    pthread_mutex_lock (&live->mutex);
    for (struct stream **at = &live->first; *at; at = &(*at)->next)
        if (*at == stream) {
            *at = stream->next;
            live->count--;
            break;
        }
    pthread_mutex_unlock (&live->mutex);
    free (stream);
}

static bool concerns (const struct stream *stream, const char *place)
{
    if (place[0] == '\0')
        return true;
    for (int i = 0; i < stream->place_count; i++)
        if (code_covers (stream->places[i], place))
            return true;
    return false;
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

static void tick (struct stream *stream)
{
    stream->silence++;
    if (++stream->age >= LIVE_LIFE_TICKS) {
        end (stream);
        return;
    }
    bool is_due = stream->is_moved || stream->silence >= LIVE_BEAT_TICKS;
    if (!is_due || stream->due) /* who does not read is not told more */
        return;
    stream->due = stream->is_moved ? LIVE_MESSAGE : ":\n\n";
    stream->is_moved = false;
    stream->silence = 0;
    rouse (stream);
}

static struct timespec after_ms (int ms)
{
    struct timespec at;
    clock_gettime (CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += ms % 1000 * 1000000L;
    at.tv_sec += at.tv_nsec / 1000000000L;
    at.tv_nsec %= 1000000000L;
    return at;
}

static void *run (void *argument)
{
    struct live *live = argument;
    pthread_mutex_lock (&live->mutex);
    while (!live->is_stopping) {
        if (!live->first) {
            pthread_cond_wait (&live->wake, &live->mutex);
            continue;
        }
        struct timespec next = after_ms (live->tick_ms);
        while (!live->is_stopping && pthread_cond_timedwait (&live->wake, &live->mutex, &next) == 0)
            continue; /* a new stream is no reason to tick sooner */
        for (struct stream *stream = live->first; stream; stream = stream->next)
            tick (stream);
    }
    pthread_mutex_unlock (&live->mutex);
    return NULL;
}

live_t *live_new (int most, int tick_ms)
{
    struct live *live = calloc (1, sizeof *live);
    if (!live)
        return NULL;
    pthread_condattr_t monotonic;
    pthread_condattr_init (&monotonic);
    pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init (&live->wake, &monotonic);
    pthread_condattr_destroy (&monotonic);
    pthread_mutex_init (&live->mutex, NULL);
    live->most = most;
    live->tick_ms = tick_ms;
    if (pthread_create (&live->ticker, NULL, run, live) == 0)
        return live;
    pthread_cond_destroy (&live->wake);
    pthread_mutex_destroy (&live->mutex);
    free (live);
    return NULL;
}

void live_destroy (live_t **live_p)
{
    struct live *live = *live_p;
    if (!live)
        return;
    pthread_mutex_lock (&live->mutex);
    live->is_stopping = true;
    pthread_cond_signal (&live->wake);
    pthread_mutex_unlock (&live->mutex);
    pthread_join (live->ticker, NULL);
    pthread_cond_destroy (&live->wake);
    pthread_mutex_destroy (&live->mutex);
    free (live);
    *live_p = NULL;
}

void live_heard (void *context, const char *topic, const char *place)
{
    struct live *live = context;
    (void)topic;
    pthread_mutex_lock (&live->mutex);
    for (struct stream *stream = live->first; stream; stream = stream->next)
        stream->is_moved = stream->is_moved || concerns (stream, place);
    pthread_mutex_unlock (&live->mutex);
}

static void read_claims (struct stream *stream, const json_t *claims)
{
    const char *account = json_string_value (json_object_get (claims, "account"));
    snprintf (stream->account, sizeof stream->account, "%s", account ? account : "");
    size_t i;
    json_t *grant;
    json_array_foreach (json_object_get (claims, "grants"), i, grant)
    {
        const char *place = json_string_value (json_object_get (grant, "place"));
        bool is_new = place && stream->place_count < PLACES_MOST;
        for (int known = 0; is_new && known < stream->place_count; known++)
            is_new = strcmp (stream->places[known], place) != 0;
        if (is_new)
            snprintf (stream->places[stream->place_count++], PLACE_SIZE, "%s", place);
    }
}

/* With the mutex.  The last one in the list is the oldest. */
static void make_room_for (struct live *live, const char *account)
{
    struct stream *oldest = NULL;
    int count = 0;
    for (struct stream *stream = live->first; stream; stream = stream->next)
        if (!stream->is_over && strcmp (stream->account, account) == 0) {
            oldest = stream;
            count++;
        }
    if (count >= LIVE_OF_ONE_MOST)
        end (oldest);
}

/* False: there is no room. */
static bool enter (struct live *live, struct stream *stream)
{
    pthread_mutex_lock (&live->mutex);
    bool has_room = !live->is_ended && live->count < live->most;
    if (has_room) {
        make_room_for (live, stream->account);
        stream->next = live->first;
        live->first = stream;
        live->count++;
        pthread_cond_signal (&live->wake);
    }
    pthread_mutex_unlock (&live->mutex);
    return has_room;
}

struct MHD_Response *live_open (live_t *live, struct MHD_Connection *connection, const json_t *claims)
{
    struct stream *stream = calloc (1, sizeof *stream);
    if (!stream)
        return NULL;
    stream->live = live;
    stream->connection = connection;
    stream->due = ":\n\n"; /* so that the head leaves at once */
    read_claims (stream, claims);
    if (!enter (live, stream)) {
        free (stream);
        return NULL;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback (MHD_SIZE_UNKNOWN, BLOCK, on_read, stream, on_gone);
    if (!response)
        on_gone (stream);
    return response;
}

void live_end (live_t *live, int most_ms)
{
    pthread_mutex_lock (&live->mutex);
    live->is_ended = true;
    for (struct stream *stream = live->first; stream; stream = stream->next)
        end (stream);
    int left = live->count;
    for (int waited = 0; left > 0 && waited < most_ms; waited += 10) {
        pthread_mutex_unlock (&live->mutex);
        usleep (10 * 1000);
        pthread_mutex_lock (&live->mutex);
        left = live->count;
    }
    pthread_mutex_unlock (&live->mutex);
}
