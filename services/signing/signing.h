/* The rules of paraf and signature: may this person put a paraf or the signature under this content now?
 * Order of the chain: Kasi, then Sekcam, who must see Kasi's paraf, then the Camat; three different
 * persons.  A paraf binds the hash of the content; what is signed is what was seen.
 * Pure: no I/O, no clock, no allocation.  Roles and places are checked by the caller; where a returned file goes is
 * intake's workflow; PDF and CMS are pades.h's business. */
#pragma once

#include <stdbool.h>

enum signing_level { SIGNING_KASI, SIGNING_SEKCAM, SIGNING_CAMAT, SIGNING_LEVELS };

enum signing_state {
    SIGNING_OPEN,     /* on the desk */
    SIGNING_DONE,     /* parafed or signed; for good */
    SIGNING_RETURNED, /* given back with a reason */
    SIGNING_CLOSED,   /* the application ended elsewhere */
    SIGNING_STATES
};

enum signing_command {
    SIGNING_APPROVE, /* paraf, or the signature */
    SIGNING_RETURN,  /* back to the operator, with a reason */
    SIGNING_CLOSE,   /* by the event application.closed */
    SIGNING_COMMANDS
};

struct signing_rule {
    bool allowed;
    enum signing_state to;
};

enum signing_verdict {
    SIGNING_ACCEPTED,
    SIGNING_ALREADY_DECIDED, /* a colleague was first */
    SIGNING_CASE_CLOSED,
    SIGNING_WRONG_DESK,      /* the file lies on another level's desk, further on or not yet here */
    SIGNING_CONTENT_CHANGED, /* what this person looked at is not what lies on the desk */
    SIGNING_PARAF_MISSING,   /* a paraf before this one is missing, void, or binds another content */
    SIGNING_SAME_PERSON,     /* this person already stands under the document at an earlier level */
    SIGNING_VERDICTS
};

/* The parafs in force; content or account NULL: there is none. */
struct signing_paraf {
    const char *content_sha256, *account;
};

struct signing_desk {
    enum signing_level level; /* whose desk the file lies on */
    enum signing_state state;
    const char *content_sha256;                 /* what the parafs bind */
    const char *document_sha256;                /* of level camat: the very bytes to be signed; else NULL */
    struct signing_paraf parafs[SIGNING_CAMAT]; /* kasi, sekcam */
};

struct signing_approval {
    enum signing_level level; /* as whom */
    const char *account;
    const char *seen_sha256; /* the hash that the person was shown */
};

struct signing_answer {
    enum signing_verdict verdict;
    enum signing_state to;      /* with SIGNING_ACCEPTED */
    enum signing_level missing; /* with SIGNING_PARAF_MISSING */
};

struct signing_rule signing_rule (enum signing_state state, enum signing_command command);

/* Paraf or signature. */
struct signing_answer signing_approve (const struct signing_desk *desk, const struct signing_approval *approval);
/* Giving back needs the right desk only. */
struct signing_answer signing_return (const struct signing_desk *desk, enum signing_level level);

const char *signing_level_name (enum signing_level level);
const char *signing_state_name (enum signing_state state);
/* The role that stands at a level. */
const char *signing_level_role (enum signing_level level);
bool signing_level_parse (const char *name, enum signing_level *ret_level);
bool signing_state_parse (const char *name, enum signing_state *ret_state);
/* "paraf_kasi", "paraf_sekcam", "signing": the workflow's steps of this station. */
bool signing_level_of_step (const char *step, enum signing_level *ret_level);
