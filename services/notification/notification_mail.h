/* One e-mail to one mailbox by SMTP, with libcurl: plain text in UTF-8, no attachment.  Certificates are verified;
 * with credentials the connection must be encrypted.  It knows nothing of applications. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Once per process, from the settings: negative when the sender's address or the server's URL cannot be used. */
int mail_start (void);

struct mail {
    const char *id;      /* unique and the same when sent again: becomes the Message-ID */
    const char *to;      /* notification_address_is_safe () */
    const char *subject; /* UTF-8 */
    const char *text;    /* UTF-8, lines ended by LF */
    int64_t date_ms;
};

#define MAIL_NOTE_SIZE 100
struct mail_result {
    bool completed;
    long smtp_code;            /* the server's last answer about this message; 0 without one */
    char note[MAIL_NOTE_SIZE]; /* what went wrong, without the server's words: they may quote the address */
};

/* Waits for the server, at most 30 seconds. */
void mail_send (const struct mail *mail, struct mail_result *ret);
