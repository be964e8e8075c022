/* Frames of peers: wire_unpack () and what the broker makes of them (services/broker), over a few peers and a clock that
 * goes on.  An input is a row of turns: a byte that chooses peer and pause, two bytes of length, a packed message. */
#include "broker.h"
#include "common/wire.h"
#include "fuzz.h"

static const char *const names[] = {"gateway", "intake", "signing", "broker"};
enum { PEERS = 6, TURNS_MOST = 64, WALL = 1000000 };

static unsigned sent;

/* Packs as the broker's socket would; what goes out must be readable.  Every seventh time the peer is gone. */
static int take (void *context, zmsg_t *message)
{
    (void)context;
    AUTO (zframe) packed = wire_pack (message);
    AUTO (zmsg) again = wire_unpack (packed);
    FUZZ_HOLDS (again && zmsg_size (again) == zmsg_size (message));
    return sent++ % 7 == 6 ? -1 : 0;
}

struct stage {
    broker_t *broker;
    int64_t now, wall;
};

static void speak (struct stage *stage, unsigned peer, const uint8_t *bytes, size_t size)
{
    char text[8];
    snprintf (text, sizeof text, "r%u", peer);
    AUTO (zframe) route = zframe_new (text, strlen (text));
    AUTO (zframe) packed = zframe_new (bytes, size);
    zmsg_t *message = wire_unpack (packed);
    if (!message)
        return;
    if (size > 0) {
        AUTO (zframe) whole = wire_pack (message);
        FUZZ_HOLDS (zframe_eq (whole, packed));
    }
    broker_receive (stage->broker, names[peer % 4], route, &message, stage->now, stage->wall);
    FUZZ_HOLDS (!message);
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    struct stage stage = {broker_new (42, 0), 1000, WALL};
    sent = 0;
    broker_set_sender (stage.broker, take, NULL);
    for (int turn = 0; turn < TURNS_MOST && input.left > 0; turn++) {
        unsigned choice = fuzz_byte (&input), length = fuzz_byte (&input) << 8;
        length |= fuzz_byte (&input);
        size_t taken = length < input.left ? length : input.left;
        speak (&stage, choice % PEERS, input.at, taken);
        input.at += taken;
        input.left -= taken;
        stage.now += (choice >> 4) * 100;
        stage.wall += (choice >> 4) * 100;
        broker_tick (stage.broker, stage.now, stage.wall);
    }
    broker_destroy (&stage.broker);
    return 0;
}
