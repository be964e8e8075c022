/* The public addresses: one table from HTTP method and path to a service's method, and the matching of a request's
 * target against it.  Pure.  What the parameters may hold is checked by the service, whose schema of "params" also
 * refuses query parameters that it does not know. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum route_flag {
    ROUTE_PUBLIC = 1 << 0,   /* nobody needs to sign in */
    ROUTE_JSON = 1 << 1,     /* takes a JSON body */
    ROUTE_WIDE = 1 << 2,     /* its JSON may be long (published templates and the like) */
    ROUTE_UPLOAD = 1 << 3,   /* the body is a file, streamed to the archive */
    ROUTE_COMMAND = 1 << 4,  /* needs an Idempotency-Key */
    ROUTE_RATED = 1 << 5,    /* counted against the rate of the remote address */
    ROUTE_CACHED = 1 << 6,   /* a public list that anyone may keep for a minute */
    ROUTE_OWN = 1 << 7,      /* answered by the gateway itself */
    ROUTE_SIGN_OUT = 1 << 8, /* ends the session: its cached claims go too */
    ROUTE_PAGE = 1 << 9,     /* answers in HTML; a file comes as the field of a form */
    ROUTE_ASSET = 1 << 10,   /* the officers' application: its last parameter is all that follows, as it came */
    ROUTE_LIVE = 1 << 11,    /* answered by the gateway itself with a stream that lasts */
    ROUTE_FORM = 1 << 12, /* a page that is its form when nothing is asked; other pages take nothing from the query */
};

struct route {
    const char *method; /* GET POST PUT DELETE; HEAD goes where GET goes */
    const char *path;   /* "/v1/applications/{application}" */
    const char *ask;    /* the service's method; of an upload: what is asked about the stored file, or of the archive */
    unsigned flags;     /* of enum route_flag */
};

/* Ended by a NULL method. */
extern const struct route routes[];

#define ROUTE_PARAMETERS_MOST 16
#define ROUTE_ALLOW_SIZE      40

struct parameter {
    const char *name; /* not ended: `name_size` bytes */
    size_t name_size;
    const char *value; /* decoded, NUL-ended, checked UTF-8 */
};

struct match {
    const struct route *route; /* NULL unless TARGET_OK */
    size_t count;
    struct parameter parameters[ROUTE_PARAMETERS_MOST];
    char allow[ROUTE_ALLOW_SIZE]; /* with TARGET_WRONG_METHOD: the value of Allow */
};

enum target_verdict {
    TARGET_OK,
    TARGET_UNKNOWN,      /* 404 */
    TARGET_WRONG_METHOD, /* 405 */
    TARGET_BAD_ENCODING, /* 400: a broken % sequence, %00, invalid UTF-8, control characters */
    TARGET_REPEATED,     /* 400: a parameter given twice, or as query beside the path */
    TARGET_TOO_MANY,     /* 400: more than ROUTE_PARAMETERS_MOST */
};

/* Finds the route of a request target in origin form ("/v1/services?kecamatan=35.29.22").  ROUTE_ASSET: its parameter is
 * missing when the address lacks the slash after the base; queries are the application's own and are not read.  `target` is decoded in place
 * and must live as long as the match. */
enum target_verdict route_match (const char *method, char *target, struct match *ret_match);

/* The flags as text, "public,json": for `gateway --routes`. */
#define ROUTE_FLAGS_SIZE 80
void route_flags_text (unsigned flags, char ret_text[ROUTE_FLAGS_SIZE]);
