/* What the tests of the broker's rules share: a broker without a socket and without a clock.  Routing ids are made up, what
 * it sends is collected and taken off message by message.  Everything asserts. */
#pragma once

#include "broker.h"

enum { WALL = 1000000, DEADLINE = WALL + 5000 };

struct bench {
    broker_t *broker;
    zlistx_t *sent;    /* zmsg_t *, routing id in front */
    const char *gone;  /* the peer whose connection is gone */
    int64_t now, wall; /* ticks, unix ms */
};

/* A test's set-up and tear-down. */
int bench_open (void **state);
int bench_close (void **state);
/* A broker that has just started: its replicas are still looking for it. */
int young_open (void **state);
#define BENCH(test) cmocka_unit_test_setup_teardown (test, bench_open, bench_close)
#define YOUNG(test) cmocka_unit_test_setup_teardown (test, young_open, bench_close)

/* What has been sent is no matter. */
void bench_clear (struct bench *bench);

/* `frames`: texts ended by NULL. */
bool say (struct bench *bench, const char *name, const char *route_text, const char *const *frames);
#define SAY(bench, name, route, ...) say ((bench), (name), (route), (const char *const[]){__VA_ARGS__, NULL})

void ready (struct bench *bench, const char *name, const char *route, const char *credit, const char *topics);
bool ask (struct bench *bench, const char *service, const char *id, int64_t deadline);
bool answer (struct bench *bench, const char *name, const char *route, const char *client, const char *id);

/* The next message sent, checked for its receiver and letter; both are taken off. */
zmsg_t *sent (struct bench *bench, const char *route, const char *letter);
void sent_nothing (struct bench *bench);
void sent_request (struct bench *bench, const char *route, const char *id);
/* `code`: of the problem in the body; NULL: whatever the body is. */
void sent_answer (struct bench *bench, const char *id, int64_t status, const char *code);
