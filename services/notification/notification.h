/* The rules of notification: which event makes which message, the life of a message, what an SMTP answer means, how a
 * text is filled in, what an address must be and how it is shown.  Pure.  Texts are rows of notification.template. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* ---- what is told ------------------------------------------------------------------------------------------- */

enum notification_kind {
    NOTIFICATION_NONE,
    NOTIFICATION_REGISTERED,
    NOTIFICATION_INCOMPLETE,
    NOTIFICATION_PAYMENT_DUE,
    NOTIFICATION_READY, /* to be picked up */
    NOTIFICATION_DONE,
    NOTIFICATION_REJECTED,
    NOTIFICATION_WITHDRAWN,
    NOTIFICATION_KINDS
};

/* The message that an event calls for.  `detail`: the step of step.requested, the outcome of application.closed, else
 * NULL.  A bill over nothing is no reason to write: `amount_rupiah`, 0 where there is none. */
enum notification_kind notification_kind_of (const char *topic, const char *detail, long long amount_rupiah);
const char *notification_kind_name (enum notification_kind kind);

/* ---- the life of a message ---------------------------------------------------------------------------------- */

enum notification_state {
    NOTIFICATION_QUEUED,
    NOTIFICATION_SENT,    /* a server took it */
    NOTIFICATION_FAILED,  /* refused for good, or given up; a person may have its job tried again */
    NOTIFICATION_SKIPPED, /* there is nobody to send it to */
    NOTIFICATION_STATES
};

enum notification_command {
    NOTIFICATION_DELIVERED,
    NOTIFICATION_RETRY, /* not now */
    NOTIFICATION_GIVE_UP,
    NOTIFICATION_SKIP,
    NOTIFICATION_COMMANDS
};

/* False: the message has ended, the command comes too late and changes nothing. */
bool notification_next (enum notification_state state, enum notification_command command,
                        enum notification_state *ret_next);
bool notification_may_deliver (enum notification_state state);
const char *notification_state_name (enum notification_state state);
/* Of what the database holds; another text is a bug. */
enum notification_state notification_state_parse (const char *text);

/* What became of one attempt.  `completed`: the whole exchange succeeded.  `smtp_code`: the server's last answer about
 * this message, 0 without one (RFC 5321 section 4.2.1: 4yz transient, 5yz permanent).  Refused credentials (RFC 4954:
 * 530, 534, 535, 538) are our own trouble, not the message's: again later. */
enum notification_command notification_delivery (bool completed, long smtp_code);

/* ---- texts -------------------------------------------------------------------------------------------------- */

struct notification_field {
    const char *name;  /* as in {name} */
    const char *value; /* NULL reads as "-" */
    bool has_lines;    /* its line feeds stay; in other values every control becomes a space */
};

/* Fills `template` in.  The length, or -1: an unknown placeholder, or it does not fit in `size` with its NUL. */
int notification_render (const char *template, const struct notification_field *fields, size_t count, char *ret_text,
                         size_t size);

/* ---- addresses ---------------------------------------------------------------------------------------------- */

/* One plain mailbox, local@domain (RFC 5321 dot-string, ASCII, domain with a dot, at most 254 bytes): nothing that
 * could add a recipient or a header. */
bool notification_address_is_safe (const char *address);

/* "budi@contoh.id" as "b***@contoh.id", for officers and the log; cut to size. */
#define NOTIFICATION_MASKED_SIZE 80
void notification_address_mask (const char *address, char ret_masked[NOTIFICATION_MASKED_SIZE]);
