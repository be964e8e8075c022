/* RabbitMQ: a durable queue, persistent messages, publisher confirms in batches, prefetch, acknowledgements in batches. */
#include "carrier.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { CHANNEL = 1, CONFIRM_SECONDS = 30 };

struct carrier {
    amqp_connection_state_t connection;
    amqp_bytes_t queue;
    uint64_t confirmed_to;              /* all tags up to here */
    uint64_t published;                 /* the last tag */
    bool confirmed[CARRIER_BATCH_MOST]; /* of the tags after confirmed_to */
    amqp_envelope_t envelope;
    bool holds_envelope;
};

static int fail (const char *what)
{
    fprintf (stderr, "rabbit: %s failed\n", what);
    return -1;
}

static bool is_well (amqp_rpc_reply_t reply)
{
    return reply.reply_type == AMQP_RESPONSE_NORMAL;
}

static int rabbit_connect (carrier_t *carrier, const char *address)
{
    const char *colon = strrchr (address, ':');
    char host[64];
    snprintf (host, sizeof host, "%.*s", (int)(colon ? colon - address : 0), address);
    amqp_socket_t *socket = amqp_tcp_socket_new (carrier->connection);
    if (!colon || !socket || amqp_socket_open (socket, host, atoi (colon + 1)) != AMQP_STATUS_OK)
        return fail ("connect");
    if (!is_well (amqp_login (carrier->connection, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest")))
        return fail ("login");
    amqp_channel_open (carrier->connection, CHANNEL);
    amqp_queue_declare (carrier->connection, CHANNEL, carrier->queue, false, true /* durable */, false, false,
                        amqp_empty_table);
    return is_well (amqp_get_rpc_reply (carrier->connection)) ? 0 : fail ("queue.declare");
}

static int rabbit_prepare (carrier_t *carrier, bool consumes)
{
    if (consumes) {
        amqp_basic_qos (carrier->connection, CHANNEL, 0, CARRIER_PREFETCH, false);
        amqp_basic_consume (carrier->connection, CHANNEL, carrier->queue, amqp_empty_bytes, false, false /* acks */,
                            false, amqp_empty_table);
    } else {
        amqp_confirm_select (carrier->connection, CHANNEL);
    }
    return is_well (amqp_get_rpc_reply (carrier->connection)) ? 0 : fail ("channel");
}

static void rabbit_close (carrier_t *carrier)
{
    if (carrier->holds_envelope)
        amqp_destroy_envelope (&carrier->envelope);
    amqp_destroy_connection (carrier->connection);
    free (carrier);
}

static carrier_t *rabbit_open (const char *address, bool consumes)
{
    carrier_t *carrier = calloc (1, sizeof *carrier);
    if (!carrier)
        return NULL;
    carrier->queue = amqp_cstring_bytes ("sink");
    carrier->connection = amqp_new_connection ();
    if (rabbit_connect (carrier, address) == 0 && rabbit_prepare (carrier, consumes) == 0)
        return carrier;
    rabbit_close (carrier);
    return NULL;
}

static int rabbit_publish (carrier_t *carrier, const void *body, size_t size)
{
    const amqp_basic_properties_t properties = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG,
                                                .delivery_mode = AMQP_DELIVERY_PERSISTENT};
    amqp_bytes_t bytes;
    bytes.bytes = (void *)(uintptr_t)body; /* only read */
    bytes.len = size;
    if (amqp_basic_publish (carrier->connection, CHANNEL, amqp_empty_bytes, carrier->queue, true, false, &properties,
                            bytes) != AMQP_STATUS_OK)
        return fail ("publish");
    carrier->published++;
    return 0;
}

/* Confirms may come singly, for many at once, and out of order. */
static int rabbit_note_ack (carrier_t *carrier, const amqp_basic_ack_t *ack)
{
    if (ack->delivery_tag <= carrier->confirmed_to || ack->delivery_tag > carrier->published)
        return fail ("confirm: the tag");
    size_t at = (size_t)(ack->delivery_tag - carrier->confirmed_to - 1);
    carrier->confirmed[at] = true;
    if (ack->multiple)
        memset (carrier->confirmed, true, at);
    size_t count = 0;
    while (count < CARRIER_BATCH_MOST && carrier->confirmed[count])
        count++;
    memmove (carrier->confirmed, carrier->confirmed + count, CARRIER_BATCH_MOST - count);
    memset (carrier->confirmed + CARRIER_BATCH_MOST - count, false, count);
    carrier->confirmed_to += count;
    return 0;
}

static int rabbit_confirm (carrier_t *carrier)
{
    while (carrier->confirmed_to < carrier->published) {
        amqp_frame_t frame;
        struct timeval patience = {.tv_sec = CONFIRM_SECONDS};
        if (amqp_simple_wait_frame_noblock (carrier->connection, &frame, &patience) != AMQP_STATUS_OK)
            return fail ("confirm");
        if (frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_ACK_METHOD)
            return fail ("confirm: no ack");
        if (rabbit_note_ack (carrier, frame.payload.method.decoded) < 0)
            return -1;
    }
    amqp_maybe_release_buffers (carrier->connection);
    return 0;
}

static int rabbit_next (carrier_t *carrier, int timeout_ms, struct parcel *ret)
{
    if (carrier->holds_envelope)
        amqp_destroy_envelope (&carrier->envelope);
    struct timeval timeout = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    amqp_rpc_reply_t reply = amqp_consume_message (carrier->connection, &carrier->envelope, &timeout, 0);
    carrier->holds_envelope = is_well (reply);
    if (!carrier->holds_envelope)
        return reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION && reply.library_error == AMQP_STATUS_TIMEOUT
                   ? 0
                   : fail ("consume");
    *ret = (struct parcel){.body = carrier->envelope.message.body.bytes,
                           .size = carrier->envelope.message.body.len,
                           .tag = carrier->envelope.delivery_tag};
    return 1;
}

static int rabbit_ack (carrier_t *carrier, const struct parcel *last)
{
    int rc = amqp_basic_ack (carrier->connection, CHANNEL, last->tag, true /* and all before it */);
    amqp_maybe_release_buffers (carrier->connection);
    return rc == AMQP_STATUS_OK ? 0 : fail ("ack");
}

static int rabbit_purge (carrier_t *carrier)
{
    amqp_queue_purge (carrier->connection, CHANNEL, carrier->queue);
    return is_well (amqp_get_rpc_reply (carrier->connection)) ? 0 : fail ("purge");
}

const struct carrier_kind carrier_rabbit = {.name = "rabbit",
                                            .open = rabbit_open,
                                            .publish = rabbit_publish,
                                            .confirm = rabbit_confirm,
                                            .next = rabbit_next,
                                            .ack = rabbit_ack,
                                            .purge = rabbit_purge,
                                            .close = rabbit_close};
