/* Job "deliver": one message to one mailbox.  The address and the name are asked from intake each time and not kept.  A
 * crash between the server's yes and our commit sends it again, with the same Message-ID. */
#include "common/log.h"
#include "notification_mail.h"
#include "notification_methods.h"
#include "notification_store.h"
#include "notification_text.h"

#include <assert.h>

/* What the transaction afterwards shall write down; `masked` and `error` may be NULL. */
static void prepare (struct call *call, enum notification_command command, bool tried, const char *masked,
                     const char *error)
{
    call->prepared =
        json_pack ("{s:i, s:b, s:s?, s:s?}", "command", (int)command, "tried", tried, "masked", masked, "error", error);
}

/* There is nobody to write to: that is an end, not a failure. */
static int skip (struct call *call, const struct job *job, const char *reason)
{
    log_line (LEVEL_INFO, "message.skipped", "message", job->key, "reason", reason, NULL);
    prepare (call, NOTIFICATION_SKIP, false, NULL, reason);
    return 0;
}

static int deliver (struct call *call, const struct job *job, const char *address, const struct notification_text *text)
{
    char masked[NOTIFICATION_MASKED_SIZE];
    struct mail mail = {
        .id = job->key, .to = address, .subject = text->subject, .text = text->text, .date_ms = call->now};
    struct mail_result result;
    mail_send (&mail, &result);
    notification_address_mask (address, masked);
    enum notification_command command = notification_delivery (result.completed, result.smtp_code);
    switch (command) {
    case NOTIFICATION_DELIVERED:
        prepare (call, command, true, masked, NULL);
        return 0;
    case NOTIFICATION_RETRY:
        job_note (call, "%s", result.note);
        prepare (call, NOTIFICATION_GIVE_UP, false, masked, result.note); /* should this have been the last attempt */
        store_message_attempt (call->db, job->key, masked, result.note);  /* the log of attempts may miss one */
        return -1;
    case NOTIFICATION_GIVE_UP:
        job_note (call, "%s", result.note);
        prepare (call, command, true, masked, result.note);
        return refuse (call, ERR_MESSAGE_REFUSED, NULL);
    case NOTIFICATION_SKIP:
    case NOTIFICATION_COMMANDS:
        break;
    }
    assert (!"no such outcome of an attempt");
    return -1;
}

int notification_deliver_perform (struct call *call, const struct job *job)
{
    AUTO (db_rows) rows = NULL;
    int rc = store_message_find (call->db, job->key, &rows);
    if (rc < 0 || db_count (rows) == 0 ||
        !notification_may_deliver (notification_state_parse (db_text (rows, 0, "state"))))
        return rc;
    AUTO_REPLY reply = {0};
    rc = call_service (call, "intake.case.get", json_pack ("{s:s}", "application", db_text (rows, 0, "application")),
                       NULL, NULL, 0, &reply);
    if (rc < 0)
        return rc;
    if (reply.status != 200)
        return skip (call, job, "intake does not give the case");
    const char *address = json_text_at (reply.body, "applicant.email");
    if (address == NULL || address[0] == '\0')
        return skip (call, job, NOTIFICATION_NO_ADDRESS);
    if (!notification_address_is_safe (address))
        return skip (call, job, "alamat surel tidak dapat dipakai");
    struct notification_text text;
    if (notification_text (rows, reply.body, conf_text ("PATEN_PUBLIC_URL"), &text) < 0) {
        job_note (call, "naskah pesan jenis ini tidak dapat diisi");
        return refuse (call, ERR_MESSAGE_REFUSED, NULL);
    }
    return deliver (call, job, address, &text);
}

/* Writes down how the message ended and tells the log of events. */
static int end (struct call *call, const struct job *job, enum notification_command command, const char *error)
{
    AUTO (db_rows) rows = NULL;
    int rc = store_message_lock (call->db, job->key, &rows);
    if (rc < 0 || db_count (rows) == 0)
        return rc;
    enum notification_state next;
    if (!notification_next (notification_state_parse (db_text (rows, 0, "state")), command, &next))
        return 0;
    struct message_end row = {
        .state = next,
        .tried = json_flag (call->prepared, "tried", false),
        .masked = json_text (call->prepared, "masked"),
        .error = error,
        .now_ms = call->now,
    };
    rc = store_message_end (call->db, job->key, &row);
    if (rc < 0 || next == NOTIFICATION_SKIPPED)
        return rc;
    const char *application = db_text (rows, 0, "application");
    publish (call, next == NOTIFICATION_SENT ? "notification.sent" : "notification.failed", application,
             json_pack ("{s:s, s:s, s:s, s:s}", "application", application, "message", job->key, "kind",
                        db_text (rows, 0, "kind"), "channel", db_text (rows, 0, "channel")));
    return 0;
}

int notification_deliver_conclude (struct call *call, const struct job *job)
{
    if (call->prepared == NULL) /* it had ended before */
        return 0;
    enum notification_command command =
        (enum notification_command)json_int (call->prepared, "command", NOTIFICATION_SKIP);
    return end (call, job, command, json_text (call->prepared, "error"));
}

int notification_deliver_give_up (struct call *call, const struct job *job)
{
    const char *error = json_text (call->prepared, "error");
    return end (call, job, NOTIFICATION_GIVE_UP, error != NULL ? error : "it could not be prepared");
}
