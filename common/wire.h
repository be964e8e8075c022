/* The frames between a process and a broker: one place that knows their order.  Every message starts with one letter.
 * On the wire they travel packed into one ZeroMQ frame (wire_pack ()), for CURVE and libzmq take their time per frame.
 *
 *   READY    R | service | credit | pid | topics "a.b,c.d"          every process → every broker, twice a second
 *   KNOCK    (empty)                                                process → broker, on each new connection, by libzmq
 *   HELLO    H | life                                               broker → process, the answer to KNOCK and READY
 *   BYE      X                                                      process → broker: no more requests, please
 *            X                                                      broker → process: nothing of mine is in your hands
 *   LEAVE    L                                                      broker → process: I am going, ask me nothing more
 *            L                                                      process → broker: what I asked you, you have got;
 *                                                                   what you sent me, I have read
 *   REQUEST  Q | service | id | deadline | header | body | blob     client → broker
 *            Q | route | id | deadline | from | header | body | blob          broker → replica
 *   ANSWER   A | route | id | status | media type | filename | body replica → broker
 *            A | id | status | media type | filename | body         broker → client
 *   NUDGE    E | partition | topic | addressee | place               producer → broker
 *            E | partition | topic | place                           broker → one member of each group, and listeners
 *
 * `life` differs between two runs of a broker: what was asked in the earlier one will not be answered.  The KNOCK
 * (ZMQ_PROBE_ROUTER) puts the HELLO before every answer of a new broker.
 * `route` is the client's routing id as the broker's ROUTER gave it; a replica only carries it back.  `header` is JSON:
 * method, key, correlation, claims, params.  Numbers are decimal text.  The shape follows ZeroMQ RFC 18 (MDP 0.2).
 * Nobody who goes in peace loses a request: a connection keeps the order, so behind BYE or LEAVE and its echo there is
 * nothing more under way.  Both are said again with every beat until the one who said them has gone, and LEAVE behind the last
 * answer: with its echo the answers have been read, which a connection that is closed does not promise.
 * A nudge carries no event: the consumer has to lock its cursor anyway, and the same round trip brings the rows.
 * A topic with a star before it in READY ("*a.b") makes a listener: every one of them is told, whomever the nudge is
 * for; it consumes nothing.  `place`: the kecamatan that the event's body names, or "". */
#pragma once

#include <czmq.h>
#include <stdint.h>

#define WIRE_KNOCK   ""
#define WIRE_READY   "R"
#define WIRE_HELLO   "H"
#define WIRE_BYE     "X"
#define WIRE_LEAVE   "L"
#define WIRE_REQUEST "Q"
#define WIRE_ANSWER  "A"
#define WIRE_NUDGE   "E"

enum {
    WIRE_BEAT_MS = 500,                /* between two READYs */
    WIRE_DEAD_MS = 2000,               /* silence after which a peer counts as dead */
    WIRE_MOST_BYTES = 6 * 1024 * 1024, /* one message; ZMQ_MAXMSGSIZE of every socket */
    WIRE_QUEUE = 1000,                 /* high-water mark of every socket */
};

/* Now, unix milliseconds (wall clock: deadlines travel between processes). */
int64_t wire_now (void);
/* Milliseconds of a clock that never jumps, for silence and back-off inside one process. */
int64_t wire_ticks (void);

/* A message as one frame, and back; NULL: the frame is no packed message.  KNOCK, which libzmq sends, is an empty one. */
zframe_t *wire_pack (zmsg_t *message);
zmsg_t *wire_unpack (zframe_t *packed);

/* The next frame as text, owned by the caller; NULL at the end or if it holds a NUL. */
char *wire_pop_text (zmsg_t *message);
/* The next frame as a number; `fallback` if it is none. */
int64_t wire_pop_int (zmsg_t *message, int64_t fallback);
void wire_add_int (zmsg_t *message, int64_t value);
/* The next frame as bytes with a NUL behind them (free () them); size 0 and "" at the end. */
void *wire_pop_bytes (zmsg_t *message, size_t *ret_size);
