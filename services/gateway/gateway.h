/* The rules of the HTTP edge: which request heads are honest, what their fields mean, how a file's name is written in
 * an answer.  Pure: no I/O, no clock, no allocation.  Which address leads where is routes.h; what a body may hold is
 * the services' business.
 *
 * libmicrohttpd 0.9.75 reads heads more kindly than is safe behind a proxy (two Content-Lengths, Content-Length beside
 * Transfer-Encoding: request smuggling, RFC 9112 section 11.2), so every head is counted here before it is believed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATEWAY_JSON_MOST        ((uint64_t)64 * 1024)       /* body of a JSON request */
#define GATEWAY_JSON_WIDE_MOST   ((uint64_t)512 * 1024)      /* published templates, services and workflows */
#define GATEWAY_FILE_MOST        ((uint64_t)5 * 1024 * 1024) /* an uploaded file */
#define GATEWAY_KEY_MOST         100                         /* Idempotency-Key */
#define GATEWAY_CORRELATION_SIZE 64
#define GATEWAY_TRACE_SIZE       33  /* a trace id and the NUL */
#define GATEWAY_TOKEN_MOST       200 /* bearer token */
#define GATEWAY_DISPOSITION_SIZE 512

enum head_verdict {
    HEAD_OK,
    HEAD_BAD_VERSION,         /* neither HTTP/1.1 nor HTTP/1.0 */
    HEAD_BAD_NAME,            /* a field name that is no token */
    HEAD_BAD_VALUE,           /* a control character in a value */
    HEAD_REPEATED,            /* a field of which there is one, twice; also the same Content-Length twice */
    HEAD_LENGTH_AND_ENCODING, /* Content-Length with Transfer-Encoding */
    HEAD_BAD_LENGTH,          /* Content-Length that is not plain digits */
    HEAD_BAD_ENCODING,        /* a transfer coding other than chunked, or one in HTTP/1.0 */
};

/* What the gateway reads of a head.  The texts are borrowed from whoever calls head_add (). */
struct head {
    enum head_verdict verdict; /* the first offence */
    bool has_length;
    bool is_chunked;
    bool is_old; /* HTTP/1.0 */
    uint64_t length;
    const char *host, *content_type, *authorization, *idempotency_key, *correlation;
    const char *forwarded_for; /* the last one: what the nearest proxy wrote */
    const char *traceparent;   /* NULL also if there were several: that is no reason to refuse */
    bool is_traced;
};

/* Begins a head; `version` as in the request line. */
void head_begin (struct head *head, const char *version);
/* Adds one field; `value` may be NULL (empty). */
void head_add (struct head *head, const char *name, const char *value);
/* After the last field.  A request whose verdict is not HEAD_OK gets 400, and its connection is closed. */
enum head_verdict head_end (struct head *head);
/* Why, for the problem document: an Indonesian clause. */
const char *head_verdict_text (enum head_verdict verdict);

/* application/json, without a charset or with utf-8. */
bool is_json_type (const char *content_type);
/* 1 to 100 visible ASCII characters. */
bool is_idempotency_key (const char *text);
/* 1 to 63 of A-Z a-z 0-9 . _ -  : safe in logs and headers. */
bool is_correlation (const char *text);
/* The trace id, 32 hexadecimal digits, of a traceparent of any version (W3C Trace Context, Recommendation of 23 November
 * 2021, section 3.2.2).  False: there is none (NULL), or it is to be ignored as invalid; ret_id is "" then. */
bool trace_id_of (const char *traceparent, char ret_id[GATEWAY_TRACE_SIZE]);
/* A trace id of its own from a UUID: its 32 digits. */
void trace_id_from_uuid (const char *uuid, char ret_id[GATEWAY_TRACE_SIZE]);
/* The token of "Bearer TOKEN" (RFC 6750: A-Z a-z 0-9 - . _ ~ + / =), or NULL.  Points into `authorization`. */
const char *bearer_token (const char *authorization);

/* Content-Disposition (RFC 6266) that shows the file: inline, with an ASCII name and, if that lost anything, the real
 * one as RFC 8187.  A name that does not fit is cut. */
void disposition (const char *filename, char ret_value[GATEWAY_DISPOSITION_SIZE]);
