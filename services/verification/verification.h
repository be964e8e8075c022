/* The rules of the verification station: may this file be decided now, and is this a decision that the officer may put
 * their name under?  A refusal must tell the applicant which requirement is unmet and on what legal basis (UU 25/2009,
 * standar pelayanan); a file is given back only with the list of what is missing.
 * Pure: no I/O, no clock, no allocation.  Roles and places are checked by the caller; where the file goes next is
 * intake's workflow. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum verification_state {
    VERIFICATION_OPEN,    /* on the desk */
    VERIFICATION_DECIDED, /* an officer has decided; for good */
    VERIFICATION_CLOSED,  /* the application ended elsewhere (withdrawn) before anybody decided */
    VERIFICATION_STATES
};

enum verification_command {
    VERIFICATION_DECIDE, /* by an officer */
    VERIFICATION_CLOSE,  /* by the event application.closed */
    VERIFICATION_COMMANDS
};

/* A (state, command) pair of the lifecycle. */
struct verification_rule {
    bool allowed;
    enum verification_state to;
};

enum verification_outcome {
    VERIFICATION_OK,
    VERIFICATION_INCOMPLETE,       /* back to the applicant, with what is missing */
    VERIFICATION_NEEDS_INSPECTION, /* "cek lapangan": on to the petugas teknis */
    VERIFICATION_REJECTED,
    VERIFICATION_OUTCOMES
};

/* What a decision says beside its outcome. */
enum verification_member {
    VERIFICATION_REQUIREMENT, /* the unmet one, its code */
    VERIFICATION_REASON,
    VERIFICATION_LEGAL_BASIS,
    VERIFICATION_MISSING, /* codes of the requirements that are to be brought */
    VERIFICATION_MEMBERS
};

enum verification_verdict {
    VERIFICATION_ACCEPTED,
    VERIFICATION_STALE_ATTEMPT,   /* what the officer looked at is not what lies on the desk now */
    VERIFICATION_ALREADY_DECIDED, /* a colleague was first */
    VERIFICATION_CASE_CLOSED,
    VERIFICATION_OUTCOME_NOT_ALLOWED, /* the workflow of this service has no such way out */
    VERIFICATION_MEMBER_REQUIRED,
    VERIFICATION_MEMBER_FORBIDDEN,
    VERIFICATION_REQUIREMENT_UNKNOWN, /* no code of this service's checklist */
    VERIFICATION_MISSING_TWICE,       /* the same code two times */
    VERIFICATION_VERDICTS
};

#define VERIFICATION_REQUIREMENTS_MAX 64 /* codes of one checklist */
#define VERIFICATION_ALL_OUTCOMES     ((1u << VERIFICATION_OUTCOMES) - 1)

struct verification_task {
    enum verification_state state;
    int attempt;                     /* counts the visits of the step, from 1 */
    unsigned outcomes;               /* 1 << outcome for those that the workflow knows here */
    const char *const *requirements; /* the checklist's codes */
    size_t requirement_count;
};

struct verification_decision {
    int attempt; /* that the officer saw */
    enum verification_outcome outcome;
    const char *requirement, *reason, *legal_basis; /* NULL: not given */
    const char *const *missing;
    size_t missing_count;
};

struct verification_answer {
    enum verification_verdict verdict;
    enum verification_state to;      /* with VERIFICATION_ACCEPTED */
    enum verification_member member; /* the offender, with the verdicts that concern a member */
    size_t index;                    /* within `missing` */
};

/* The lifecycle, for handlers, diagrams and tests. */
struct verification_rule verification_rule (enum verification_state state, enum verification_command command);

/* Decides.  The first offence in the order of the verdicts is the answer. */
struct verification_answer verification_decide (const struct verification_task *task,
                                                const struct verification_decision *decision);

/* Names as they stand in the table and in JSON.  The parsers return false for anything else. */
const char *verification_state_name (enum verification_state state);
const char *verification_command_name (enum verification_command command);
const char *verification_outcome_name (enum verification_outcome outcome);
const char *verification_member_name (enum verification_member member);
bool verification_state_parse (const char *name, enum verification_state *ret_state);
bool verification_outcome_parse (const char *name, enum verification_outcome *ret_outcome);
