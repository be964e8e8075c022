/* Walks many SKTM applications at once from the loket to the handover, as the officers of two kecamatan do.
 *
 * One course: register, see the file, verify, see the draft's data, submit the draft, paraf of Kasi, paraf of Sekcam,
 * signature, see that it is to be handed over, hand over.  A step that the file reaches by an event is asked for with a
 * short back-off; the inboxes of Kasi, Sekcam and Camat are one list for all files that wait there, as on an officer's
 * screen. */
#pragma once

#include "office.h"
#include "samples.h"

#include <stdbool.h>

enum { WALK_COURSES_MOST = 200, WALK_OFFICES = 2 };

/* What one officer does or looks at. */
enum act {
    ACT_REGISTER,
    ACT_SEE_FILE,
    ACT_VERIFY,
    ACT_SEE_DATA,
    ACT_DRAFT,
    ACT_PARAF_KASI,
    ACT_PARAF_SEKCAM,
    ACT_SIGN,
    ACT_SEE_DUE,
    ACT_HAND_OVER,
    ACTS
};

/* "register", "verify" ... */
const char *walk_act_name (enum act act);

/* Does it change something?  The others look, and ask again while there is nothing to see. */
bool walk_act_is_command (enum act act);

struct walk_result {
    struct samples acts[ACTS]; /* successful exchanges; of a look the one that found what it wanted */
    struct samples lists;      /* of inboxes */
    struct samples courses;    /* from sending the registration to the answer of the handover */
    unsigned long early;       /* looks that came before the event */
    unsigned long errors;      /* answers that no officer should see, and waits of more than 30 s */
};

typedef struct walk walk_t;

/* `concurrency` courses at once, half of them in each office. */
walk_t *walk_new (http_client_t *client, const char *host, const struct office offices[WALK_OFFICES],
                  const char *passphrase, unsigned concurrency);
void walk_destroy (walk_t **walk);

/* Goes on for that time; ended courses are followed by new ones when `begins`.  What ends in it is added to *result
 * (NULL: counted nowhere).  Returns as soon as no course is left.  Negative errno when the client fails. */
int walk_go_on (walk_t *walk, double seconds, bool begins, struct walk_result *result);

/* Courses that have begun and not ended. */
unsigned walk_left (const walk_t *walk);

/* Errors since the beginning, also those outside of any window. */
unsigned long walk_errors (const walk_t *walk);
