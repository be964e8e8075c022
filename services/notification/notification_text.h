/* From a message's row and its case, as intake tells it, to the subject and text of the e-mail. */
#pragma once

#include "common/db.h"
#include "common/json.h"

enum { NOTIFICATION_SUBJECT_SIZE = 300, NOTIFICATION_TEXT_SIZE = 8192 };

struct notification_text {
    char subject[NOTIFICATION_SUBJECT_SIZE];
    char text[NOTIFICATION_TEXT_SIZE];
};

/* `rows`: of store_message_find ().  `public_url`: "" when there is none.  Negative: the template asks for something
 * that is not there, or the text became too long. */
int notification_text (const db_rows_t *rows, const json_t *case_, const char *public_url,
                       struct notification_text *ret);
