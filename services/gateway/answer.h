/* What goes back to the browser: kept while it is being made, then given to libmicrohttpd with the headers that every
 * answer carries. */
#pragma once

#include "asset.h"

#include "common/client.h"
#include "errors.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

struct answer {
    int status;       /* 0: none yet */
    char *media_type; /* malloc, or NULL without a body */
    char *filename;   /* malloc, or NULL */
    char *body;       /* malloc, or NULL */
    size_t size;
    int retry_after;             /* seconds; 0: no such header */
    bool is_final;               /* the connection is closed afterwards */
    bool is_kept;                /* anyone may keep it for a minute */
    const char *allow;           /* with 405; borrowed */
    bool is_page;                /* HTML with the style that html.h's policy allows */
    const char *location;        /* with 308; borrowed */
    const struct asset *asset;   /* a file of the officers' application instead of a body; borrowed */
    enum asset_coding coding;    /* the form of it that is sent */
    struct MHD_Response *stream; /* events as they come, instead of a body */
};

void answer_clear (struct answer *answer);

/* Each replaces what was there. */
void answer_copy (struct answer *answer, const struct client_reply *reply);
/* Takes the value. */
void answer_json (struct answer *answer, int status, json_t *value);
/* A refusal by the gateway: `name`, when not NULL, is the placeholder that `value` fills. */
void answer_problem (struct answer *answer, enum error_code code, const char *correlation, const char *name,
                     const char *value);

/* The body becomes the page (its text is taken); status, Allow and Retry-After stay. */
void answer_page (struct answer *answer, char *html, size_t size);

/* The file in the form that `accept` (Accept-Encoding) takes, or 304 when `if_none_match` names it; both may be NULL. */
void answer_asset (struct answer *answer, const struct asset *asset, const char *accept, const char *if_none_match);
/* Takes the response, a text/event-stream. */
void answer_stream (struct answer *answer, struct MHD_Response *stream);
void answer_redirect (struct answer *answer, const char *location);

/* Brings a service's answer into its public form: problem documents get type, title and correlation; a 503 or 504
 * without a word, and an answer that is none, become documents of the gateway's own. */
void answer_complete (struct answer *answer, const char *correlation, const char *method);

/* Hands the answer over (its body changes owner) in the connection's own thread. */
enum MHD_Result answer_queue (struct answer *answer, struct MHD_Connection *connection, const char *correlation);
