/* The operators' desk: the inbox, one draft, its preview, its way to the parafs, and its way back. */
#include "common/id.h"
#include "common/indonesian.h"
#include "common/local_time.h"
#include "common/page.h"
#include "common/schema.h"
#include "common/station.h"
#include "document_data.h"
#include "document_draft.h"
#include "document_methods.h"

#include <assert.h>
#include <string.h>

#define READERS "operator,kasi_pelayanan,sekcam,camat"

/* ---- reading ------------------------------------------------------------------------------------------------ */

int document_draft_list (struct call *call)
{
    const char *kecamatan = json_text (call->params, "kecamatan");
    if (kecamatan && !require_role (call, "operator", kecamatan))
        return 0;
    struct page page = page_asked (call->params);
    AUTO_FREE char *places = call_places (call, "operator");
    AUTO (db_rows) rows = NULL;
    int rc = task_list (call->db, places, page.after, page.limit + 1, &rows);
    return rc < 0 ? rc : reply_json (call, 200, page_json (&page, rows, "tasks", task_json, "id"));
}

/* The newest task, for an operator of its kecamatan.  1; 0: refused; negative. */
static int require_task (struct call *call, int found, const struct task *task)
{
    if (found < 0)
        return found;
    if (found == 0)
        return refuse (call, ERR_TASK_UNKNOWN, NULL);
    return require_role (call, "operator", task->kecamatan);
}

static int find_task (struct call *call, struct task *task)
{
    return require_task (call, task_find (call->db, json_text (call->params, "application"), task), task);
}

/* What was filled in the last time.  A new reference, an empty object when there was no time. */
static int filled_before (struct call *call, const char *application, json_t **ret_filled)
{
    AUTO (db_rows) rows = NULL;
    int found = draft_find (call->db, application, &rows);
    *ret_filled = found > 0 ? db_json (rows, 0, "filled") : json_object ();
    return found < 0 ? found : 0;
}

int document_draft_get (struct call *call)
{
    const char *application = json_text (call->params, "application");
    AUTO_TASK task;
    AUTO_DRAFT draft = {0};
    json_auto_t *filled = NULL;
    int rc = find_task (call, &task);
    if (rc <= 0)
        return rc;
    if (task.state != DOCUMENT_DRAFT_OPEN) /* what was submitted is draft.pdf */
        return refuse (call, ERR_TASK_UNKNOWN, NULL);
    if (filled_before (call, application, &filled) < 0)
        return -1;
    rc = draft_gather (call, &task, filled, &draft);
    if (rc <= 0)
        return rc;
    json_t *reply =
        json_pack ("{s:o, s:{s:s, s:i, s:O}, s:O, s:O, s:o}", "task", task_json (task.rows, 0), "template", "code",
                   draft.code, "version", draft.template.version, "fields", draft.template.fields, "data", draft.data,
                   "filled", filled, "missing", data_missing (draft.data, draft.template.fields));
    json_t *schema = json_object_get (task.config, "data_schema");
    if (schema)
        json_object_set (reply, "data_schema", schema);
    return reply_json (call, 200, reply);
}

/* ---- what the operator filled in ---------------------------------------------------------------------------- */

static int refuse_filled (struct call *call, const struct schema_fault *fault)
{
    char pointer[JSON_POINTER_SIZE + 8], why[400];
    snprintf (pointer, sizeof pointer, "/data%s", fault->pointer);
    if (fault->member[0])
        snprintf (why, sizeof why, "%s/%s %s", fault->pointer, fault->member,
                  strcmp (fault->keyword, "required") == 0 ? "wajib diisi" : "tidak dikenal");
    else
        snprintf (why, sizeof why, "%s tidak memenuhi aturan %s", fault->pointer, fault->keyword);
    refuse_field (call, ERR_SCHEMA_VIOLATION, pointer, "why", why, NULL);
    refusal_add (call, "keyword", json_string (fault->keyword));
    return 0;
}

/* 1: it is what the service's version lets an operator fill in; 0: refused. */
static int check_filled (struct call *call, const struct task *task, const json_t *filled)
{
    const json_t *document = json_object_get (task->config, "data_schema");
    struct schema_fault fault;
    AUTO_FREE char *error = NULL;
    if (!document)
        return 1;
    AUTO (schema) schema = schema_new (document, &error);
    if (!schema)
        return refuse (call, ERR_SCHEMA_INVALID, "why", error ? error : "?", NULL);
    return schema_check (schema, filled, &fault) ? 1 : refuse_filled (call, &fault);
}

/* Draft and signer of today for preview and submission.  1; 0: refused; negative. */
static int prepare (struct call *call, const struct task *task, struct document_draft *draft, json_t **ret_signer)
{
    const json_t *filled = json_object_get (call->body, "data");
    char today[DOCUMENT_DATE_SIZE];
    document_today (call, today);
    int rc = check_filled (call, task, filled);
    if (rc > 0)
        rc = draft_gather (call, task, filled, draft);
    if (rc > 0)
        rc = document_ask_signer (call, task->kecamatan, today, ret_signer);
    return rc;
}

int document_draft_preview (struct call *call)
{
    AUTO_TASK task = {0};
    AUTO_DRAFT draft = {0};
    json_auto_t *signer = NULL;
    int rc = find_task (call, &task);
    if (rc > 0)
        rc = prepare (call, &task, &draft, &signer);
    if (rc <= 0)
        return rc;
    char today[DOCUMENT_DATE_SIZE];
    document_today (call, today);
    json_auto_t *data = draft_printable (draft.data, draft.template.constants, signer, today);
    struct document_paper paper = {.template = draft.template.template,
                                   .data = data,
                                   .title = task.number,
                                   .watermark = "PRATINJAU",
                                   .created_ms = call->now};
    return document_reply_pdf (call, &paper, "pratinjau", task.number);
}

/* ---- may it leave the desk? --------------------------------------------------------------------------------- */

static int refuse_verdict (struct call *call, const struct task *task, enum document_draft_verdict verdict)
{
    switch (verdict) {
    case DOCUMENT_DRAFT_STALE:
        return refuse (call, ERR_CONTENT_CHANGED, NULL);
    case DOCUMENT_DRAFT_TOO_LATE:
        return station_refuse_decided (call, task->ended_by_name, task->ended_ms);
    case DOCUMENT_DRAFT_ENDED:
        return refuse (call, ERR_APPLICATION_CLOSED, "status", "ditutup sebelum disusun", NULL);
    case DOCUMENT_DRAFT_ACCEPTED:
    case DOCUMENT_DRAFT_VERDICTS:
        break;
    }
    assert (!"a refusal");
    return -1;
}

/* 1: the rules allow it now; 0: refused. */
static int draft_may (struct call *call, const struct task *task, enum document_draft_command command)
{
    int seen = (int)json_int (call->body, "attempt", 0);
    enum document_draft_verdict verdict = document_draft_decide (command, task->state, task->attempt, seen);
    return verdict == DOCUMENT_DRAFT_ACCEPTED ? 1 : refuse_verdict (call, task, verdict);
}

/* ---- submission --------------------------------------------------------------------------------------------- */

/* A format that fails would be found out only when both parafs are there. */
static int check_number_format (struct call *call, const json_t *config)
{
    char text[DOCUMENT_NUMBER_SIZE];
    const char *format = json_text (config, "number_format");
    struct document_number sample = {.seq = 99999,
                                     .year = 9999,
                                     .roman_month = "VIII",
                                     .unit = json_text (config, "unit"),
                                     .code = json_text (config, "code")};
    enum document_format_verdict verdict =
        format ? document_number_write (format, &sample, text) : DOCUMENT_FORMAT_NO_NUMBER;
    return verdict == DOCUMENT_FORMAT_OK
               ? 1
               : refuse (call, ERR_DOCUMENT_UNPRINTABLE, "why", document_format_verdict_text (verdict), NULL);
}

/* What cannot be printed must not reach the parafs. */
static int prove_printable (struct call *call, const struct document_draft *draft, const json_t *signer)
{
    char today[DOCUMENT_DATE_SIZE];
    document_today (call, today);
    json_auto_t *data = draft_printable (draft->data, draft->template.constants, signer, today);
    return document_check (call, draft->template.template, data);
}

int document_draft_submit_before (struct call *call)
{
    AUTO_TASK task = {0};
    AUTO_DRAFT draft = {0};
    json_auto_t *signer = NULL;
    int rc = find_task (call, &task);
    if (rc > 0)
        rc = draft_may (call, &task, DOCUMENT_DRAFT_SUBMIT); /* asked again under lock */
    if (rc > 0)
        rc = prepare (call, &task, &draft, &signer);
    if (rc > 0)
        rc = check_number_format (call, task.config);
    if (rc > 0)
        rc = prove_printable (call, &draft, signer);
    if (rc <= 0)
        return rc;
    AUTO_FREE char *content = draft_content (&draft);
    call->prepared = json_pack ("{s:s, s:i, s:s, s:i, s:O}", "content", content, "attempt", task.attempt, "template",
                                draft.code, "version", draft.template.version, "signer", signer);
    return 0;
}

static int save_submission (struct call *call, const struct task *task, const char *content_sha256)
{
    const struct claims *by = call->caller;
    struct draft_new draft = {.task = task->id,
                              .application = task->application,
                              .template = json_text (call->prepared, "template"),
                              .template_version = (int)json_int (call->prepared, "version", 0),
                              .content = json_text (call->prepared, "content"),
                              .content_sha256 = content_sha256,
                              .filled = json_object_get (call->body, "data"),
                              .signer = json_object_get (call->prepared, "signer"),
                              .submitted_ms = call->now};
    enum document_draft_state to = document_draft_rule (task->state, DOCUMENT_DRAFT_SUBMIT).to;
    int rc = draft_add (call->db, &draft);
    return rc < 0 ? rc : task_end (call->db, task->id, to, by->account, by->name, call->now);
}

int document_draft_submit (struct call *call)
{
    AUTO_TASK task;
    char sha256[ID_SHA256_SIZE];
    const char *application = json_text (call->params, "application"), *content = json_text (call->prepared, "content");
    int rc = require_task (call, task_lock (call->db, application, &task), &task);
    if (rc > 0)
        rc = draft_may (call, &task, DOCUMENT_DRAFT_SUBMIT);
    if (rc <= 0)
        return rc;
    if (task.attempt != json_int (call->prepared, "attempt", 0)) /* it came back between the two looks */
        return refuse (call, ERR_CONTENT_CHANGED, NULL);
    id_sha256_hex (content, strlen (content), sha256);
    rc = save_submission (call, &task, sha256);
    if (rc < 0)
        return rc;
    publish (
        call, "document.drafted", application,
        json_pack ("{s:s, s:i, s:s}", "application", application, "attempt", task.attempt, "content_sha256", sha256));
    publish (call, "step.completed", application,
             station_completed (application, task.step, task.attempt, "ok",
                                json_pack ("{s:{s:s}}", "facts", "content_sha256", sha256)));
    return reply_json (call, 200,
                       json_pack ("{s:s, s:i, s:s, s:s}", "application", application, "attempt", task.attempt, "state",
                                  document_draft_state_name (DOCUMENT_DRAFT_SUBMITTED), "content_sha256", sha256));
}

/* ---- giving back -------------------------------------------------------------------------------------------- */

/* To where it can be mended: the workflow says where that is.  The operator's next visit shows the reason again. */
static int save_return (struct call *call, const struct task *task, const char *reason)
{
    const struct claims *by = call->caller;
    enum document_draft_state to = document_draft_rule (task->state, DOCUMENT_DRAFT_RETURN).to;
    int rc = task_end (call->db, task->id, to, by->account, by->name, call->now);
    return rc < 0 ? rc : objection_put (call->db, task->application, task->step, reason, call->now);
}

int document_draft_return (struct call *call)
{
    AUTO_TASK task;
    const char *application = json_text (call->params, "application"), *reason = json_text (call->body, "reason");
    int rc = require_task (call, task_lock (call->db, application, &task), &task);
    if (rc > 0)
        rc = draft_may (call, &task, DOCUMENT_DRAFT_RETURN);
    if (rc <= 0)
        return rc;
    rc = save_return (call, &task, reason);
    if (rc < 0)
        return rc;
    publish (
        call, "step.completed", application,
        station_completed (application, task.step, task.attempt, "returned", json_pack ("{s:s}", "reason", reason)));
    return reply_json (call, 200,
                       json_pack ("{s:s, s:i, s:s, s:s}", "application", application, "attempt", task.attempt, "state",
                                  document_draft_state_name (DOCUMENT_DRAFT_RETURNED), "reason", reason));
}

/* ---- what the parafs look at -------------------------------------------------------------------------------- */

int document_draft_print (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    int found = draft_find (call->db, json_text (call->params, "application"), &rows);
    if (found < 0)
        return found;
    if (found == 0)
        return refuse (call, ERR_DOCUMENT_NOT_READY, NULL);
    if (!require_role (call, READERS, db_text (rows, 0, "kecamatan")))
        return 0;
    const char *asked = json_text (call->params, "content_sha256"); /* of the paraf that is about to be given */
    if (asked && strcmp (asked, db_text (rows, 0, "content_sha256")) != 0)
        return refuse (call, ERR_CONTENT_CHANGED, NULL);
    AUTO_TEMPLATE template;
    int rc = document_template_load (call, db_text (rows, 0, "template"), (int)db_int (rows, 0, "template_version"),
                                     &template);
    if (rc <= 0)
        return rc;
    json_auto_t *content = db_json (rows, 0, "content"), *signer = db_json (rows, 0, "signer");
    char dated[DOCUMENT_DATE_SIZE];
    int64_t submitted_ms = db_int (rows, 0, "submitted_at_ms"); /* so that the same content gives the same bytes */
    calendar_print (local_time_date (submitted_ms), dated);
    json_auto_t *data = draft_printable (json_object_get (content, "data"), template.constants, signer, dated);
    struct document_paper paper = {.template = template.template,
                                   .data = data,
                                   .title = db_text (rows, 0, "number"),
                                   .watermark = "DRAF",
                                   .created_ms = submitted_ms};
    return document_reply_pdf (call, &paper, "draf", db_text (rows, 0, "number"));
}
