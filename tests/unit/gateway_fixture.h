/* What the tests of the gateway's HTTP face share: a gateway on a real socket, with a client of our own in the place of
 * common/client.c, and a bare HTTP client that sends whatever bytes it is told.  Everything asserts; nothing returns
 * errors. */
#pragma once

#include "http.h"
#include "live.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { STREAMS_MOST = 10, TICK_MS = 100 };

/* What has reached the services since the gateway started. */
extern struct seen {
    atomic_int asked, resolved, chunks, finished;
    atomic_int upload_bytes;
    atomic_bool is_live; /* all services are there; false: one is missing */
} seen;

extern http_t *http;
extern live_t *live;           /* the gateway's */
extern char answer[64 * 1024]; /* what drain () read */

/* A group's set-up. */
int be_quiet (void **state);
/* A test's set-up and tear-down: nothing seen yet, and a gateway without the officers' application. */
int start (void **state);
int stop (void **state);
#define WITH_GATEWAY(test) cmocka_unit_test_setup_teardown (test, start, stop)
/* The same as start () with the application of that folder; NULL: none. */
int start_with (const char *web_folder);

int dial (void);
void put (int handle, const char *text, size_t size);
/* Reads until the other side closes; returns the status. */
int drain (int handle);
int exchange_bytes (const char *text, size_t size);
/* The request must make the server close: by "Connection: close" or by being refused. */
int raw (const char *text);
/* Is this text in the answer? */
bool said (const char *text);

#define GOOD "Authorization: Bearer good\r\n"
#define END  "Host: a\r\nConnection: close\r\n"
#define JSON "Content-Type: application/json\r\n"
#define KEY  "Idempotency-Key: k-1\r\n"
