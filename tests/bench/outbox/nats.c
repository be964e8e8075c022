/* NATS JetStream: a stream in files, asynchronous publishing with its acknowledgements awaited per batch, a durable
 * consumer to which the server pushes ahead, acknowledgements that cover all before them. */
#include "carrier.h"

#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>

enum { CONFIRM_MS = 30000 };

struct carrier {
    natsConnection *connection;
    jsCtx *stream;
    natsSubscription *subscription;
    natsMsg *held; /* the message whose body the caller borrows */
};

static int fail (const char *what, natsStatus status)
{
    fprintf (stderr, "nats: %s: %s\n", what, natsStatus_GetText (status));
    return -1;
}

static int nats_stream (carrier_t *carrier)
{
    jsStreamConfig config;
    jsStreamConfig_Init (&config);
    const char *subjects[] = {"sink"};
    config.Name = "SINK";
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    natsStatus status = js_AddStream (NULL, carrier->stream, &config, NULL, NULL);
    return status == NATS_OK ? 0 : fail ("stream", status);
}

static int nats_subscribe (carrier_t *carrier)
{
    jsSubOptions options;
    jsSubOptions_Init (&options);
    options.ManualAck = true;
    options.Config.Durable = "sink";
    options.Config.AckPolicy = js_AckAll;
    options.Config.MaxAckPending = CARRIER_PREFETCH;
    natsStatus status = js_SubscribeSync (&carrier->subscription, carrier->stream, "sink", NULL, &options, NULL);
    return status == NATS_OK ? 0 : fail ("subscribe", status);
}

static void nats_carrier_close (carrier_t *carrier)
{
    natsMsg_Destroy (carrier->held);
    natsSubscription_Destroy (carrier->subscription);
    jsCtx_Destroy (carrier->stream);
    natsConnection_Destroy (carrier->connection);
    free (carrier);
}

static carrier_t *nats_carrier_open (const char *address, bool consumes)
{
    carrier_t *carrier = calloc (1, sizeof *carrier);
    if (!carrier)
        return NULL;
    char url[80];
    snprintf (url, sizeof url, "nats://%s", address);
    natsStatus status = natsConnection_ConnectTo (&carrier->connection, url);
    if (status == NATS_OK)
        status = natsConnection_JetStream (&carrier->stream, carrier->connection, NULL);
    if (status != NATS_OK)
        fail ("connect", status);
    else if (nats_stream (carrier) == 0 && (!consumes || nats_subscribe (carrier) == 0))
        return carrier;
    nats_carrier_close (carrier);
    return NULL;
}

static int nats_publish (carrier_t *carrier, const void *body, size_t size)
{
    natsStatus status = js_PublishAsync (carrier->stream, "sink", body, (int)size, NULL);
    return status == NATS_OK ? 0 : fail ("publish", status);
}

static int nats_confirm (carrier_t *carrier)
{
    jsPubOptions options;
    jsPubOptions_Init (&options);
    options.MaxWait = CONFIRM_MS;
    natsStatus status = js_PublishAsyncComplete (carrier->stream, &options);
    natsMsgList unconfirmed = {0};
    if (status == NATS_OK && js_PublishAsyncGetPendingList (&unconfirmed, carrier->stream) == NATS_OK) {
        natsMsgList_Destroy (&unconfirmed);
        status = NATS_ERR;
    }
    return status == NATS_OK ? 0 : fail ("confirm", status);
}

static int nats_next (carrier_t *carrier, int timeout_ms, struct parcel *ret)
{
    natsMsg *message = NULL;
    natsStatus status = natsSubscription_NextMsg (&message, carrier->subscription, timeout_ms);
    if (status == NATS_TIMEOUT)
        return 0;
    if (status != NATS_OK)
        return fail ("next", status);
    natsMsg_Destroy (carrier->held);
    carrier->held = message;
    *ret = (struct parcel){.body = natsMsg_GetData (message), .size = (size_t)natsMsg_GetDataLength (message)};
    return 1;
}

/* The last one handed out is always the last of the batch. */
static int nats_ack (carrier_t *carrier, const struct parcel *last)
{
    (void)last;
    natsStatus status = natsMsg_Ack (carrier->held, NULL);
    return status == NATS_OK ? 0 : fail ("ack", status);
}

static int nats_purge (carrier_t *carrier)
{
    natsStatus status = js_PurgeStream (carrier->stream, "SINK", NULL, NULL);
    return status == NATS_OK ? 0 : fail ("purge", status);
}

const struct carrier_kind carrier_nats = {.name = "nats",
                                          .open = nats_carrier_open,
                                          .publish = nats_publish,
                                          .confirm = nats_confirm,
                                          .next = nats_next,
                                          .ack = nats_ack,
                                          .purge = nats_purge,
                                          .close = nats_carrier_close};
