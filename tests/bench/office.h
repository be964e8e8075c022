/* The officers of one kecamatan of the demo kabupaten with their open sessions, and how their requests are written. */
#pragma once

#include "http_client.h"

#include <jansson.h>

/* Who sits there is in deploy/demo.d/accounts.tsv: "loket.raas" and so on. */
enum desk { LOKET, VERIFIKATOR, OPERATOR, KASI, SEKCAM, CAMAT, PENYERAHAN, DESKS };

struct office {
    const char *kecamatan, *suffix; /* "35.29.22", "raas" */
    char *token[DESKS];
    char file[64]; /* a scanned paper that every application of this office shows */
};

struct request {
    char bytes[8 << 10];
    size_t size;
};

/* Writes a whole HTTP request.  `token` NULL: nobody's.  `body`: JSON, or NULL.  A POST with a token gets an
 * Idempotency-Key that was not used before.  `host` is the gateway's address. */
void request_write (struct request *request, const char *host, const char *method, const char *path, const char *token,
                    const char *body);

/* The body of an SKTM registration at this office; each serial number (below 11 million) is another person. */
void office_registration (const struct office *office, unsigned serial, char *body, size_t size);

/* Sends and waits for the answer: the decoded JSON (a new reference) and its milliseconds' thousandths in ret_took_us
 * (which may be NULL); NULL with a line on standard error when the answer is not 2xx with JSON. */
json_t *office_exchange (http_client_t *client, const struct request *request, int64_t *ret_took_us);

/* Signs all officers in and uploads the paper.  Negative when one of these fails; it has said why. */
int office_open (struct office *office, http_client_t *client, const char *host, const char *password);
void office_close (struct office *office);
