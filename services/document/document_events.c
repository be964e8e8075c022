/* What the document service hears: intake asks for drafts and final documents, signing tells what became of them.
 *
 * A number is allocated here, in the transaction that also advances the cursor: exactly once for each visit of the
 * step, however often the event is delivered.  Rendering is left to a job. */
#include "common/id.h"
#include "common/indonesian.h"
#include "common/local_time.h"
#include "common/station.h"
#include "document_final.h"
#include "document_methods.h"
#include "document_store.h"

#include <string.h>

#define STATION     "document"
#define FINALIZING  "finalizing"
#define TOKEN_BYTES 12 /* 20 characters of base32 */

static bool equals (const char *text, const char *expected)
{
    return text && strcmp (text, expected) == 0;
}

/* ---- a draft is wanted -------------------------------------------------------------------------------------- */

static int request_draft (struct call *call, const struct station_request *asked)
{
    struct task_new task = {.asked = asked, .reason = json_text (asked->body, "reason")};
    if (!asked->config)
        return refuse (call, ERR_SCHEMA_INVALID, "why", "step.requested without config", NULL);
    return task_add (call->db, &task);
}

/* ---- a final document is wanted ----------------------------------------------------------------------------- */

/* Writes the next number of the series into the register.  0; a refusal is the answer of a format that fails. */
static int allocate (struct call *call, const struct station_request *asked, int64_t *ret_number)
{
    const json_t *config = asked->config;
    const char *series = json_text (config, "series"), *format = json_text (config, "number_format");
    struct civil_date today = local_time_date (call->now);
    struct document_number written = {.year = today.year,
                                      .roman_month = indonesian_roman_month (today.month),
                                      .unit = json_text (config, "unit"),
                                      .code = json_text (config, "code")};
    char text[DOCUMENT_NUMBER_SIZE] = "";
    struct number_new number = {.kecamatan = asked->kecamatan,
                                .series = series ? series : asked->service,
                                .number = text,
                                .application = asked->application,
                                .service = asked->service,
                                .year = today.year,
                                .allocated_ms = call->now};
    int rc = number_next (call->db, number.kecamatan, number.series, number.year, &number.seq);
    if (rc < 0)
        return rc;
    written.seq = number.seq;
    enum document_format_verdict verdict =
        format ? document_number_write (format, &written, text) : DOCUMENT_FORMAT_NO_NUMBER;
    if (verdict != DOCUMENT_FORMAT_OK)
        return refuse (call, ERR_SCHEMA_INVALID, "why", document_format_verdict_text (verdict), NULL);
    return number_add (call->db, &number, ret_number);
}

static int request_final (struct call *call, const struct station_request *asked)
{
    const char *application = asked->application, *content = json_text (asked->facts, "content_sha256");
    char token[ID_BASE32_SIZE (TOKEN_BYTES)], key[64];
    struct final_new final = {.application = application,
                              .step = asked->step,
                              .kecamatan = asked->kecamatan,
                              .service = asked->service,
                              .token = token,
                              .attempt = asked->attempt,
                              .requested_ms = asked->requested_at_ms};
    int found = final_known (call->db, application, final.step, final.attempt);
    if (found != 0)
        return found < 0 ? found : 0; /* delivered twice */
    found = content ? draft_of_content (call->db, application, content, &final.draft) : 0;
    if (found <= 0)
        return found < 0 ? found
                         : refuse (call, ERR_SCHEMA_INVALID, "why", "no draft has the content that was parafed", NULL);
    int64_t number = 0;
    int rc = allocate (call, asked, &number);
    if (rc < 0 || number == 0)
        return rc;
    final.number = number;
    id_token_base32 (TOKEN_BYTES, token);
    rc = final_add (call->db, &final);
    if (rc < 0)
        return rc;
    snprintf (key, sizeof key, "%s/%d", application, (int) final.attempt);
    return job_add (call, "finalize", key, json_pack ("{s:s}", "application", application), 0);
}

int document_on_step_requested (struct call *call, const struct event *event)
{
    struct station_request asked;
    if (!station_is_asked (event, STATION, &asked))
        return 0;
    return equals (asked.step, FINALIZING) ? request_final (call, &asked) : request_draft (call, &asked);
}

/* ---- what became of it -------------------------------------------------------------------------------------- */

/* The unsigned final document, if there is one, falls. */
static int cancel_final (struct call *call, const char *application, const char *reason)
{
    AUTO_FINAL final;
    int found = final_lock (call->db, application, &final);
    return found <= 0 ? found : document_final_fall (call, application, &final, reason);
}

/* The parafs and the signer give back with a reason: the operator's next visit shows it. */
int document_on_paraf_returned (struct call *call, const struct event *event)
{
    const char *step = json_text (event->body, "step"), *reason = json_text (event->body, "reason");
    if (!step || !reason)
        return refuse (call, ERR_SCHEMA_INVALID, "why", "paraf.returned without step or reason", NULL);
    int rc = objection_put (call->db, event->key, step, reason, event->occurred_at);
    return rc < 0 || !equals (json_text (event->body, "level"), "camat") ? rc : cancel_final (call, event->key, reason);
}

int document_on_document_signed (struct call *call, const struct event *event)
{
    AUTO_FINAL final;
    int found = final_lock (call->db, event->key, &final);
    if (found <= 0)
        return found;
    struct document_final_rule rule = document_final_rule (final.state, DOCUMENT_FINAL_SIGN);
    if (!rule.allowed || !equals (json_text (event->body, "token"), final.token))
        return 0;
    int rc = final_end (call->db, final.id, rule.to);
    return rc < 0 ? rc : number_end (call->db, final.number_id, rule.number, NULL, event->occurred_at);
}

int document_on_application_closed (struct call *call, const struct event *event)
{
    const char *reason = json_text (event->body, "reason"), *outcome = json_text (event->body, "outcome");
    AUTO_TASK task;
    int found = task_lock (call->db, event->key, &task);
    if (found <= 0)
        return found;
    struct document_draft_rule rule = document_draft_rule (task.state, DOCUMENT_DRAFT_CLOSE);
    if (rule.allowed && task_end (call->db, task.id, rule.to, NULL, NULL, call->now) < 0)
        return -1;
    return cancel_final (call, event->key, reason ? reason : outcome ? outcome : "permohonan ditutup");
}
