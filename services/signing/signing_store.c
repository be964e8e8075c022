/* What the signing service keeps: see signing_store.h. */
#include "signing_store.h"

#include "common/rows.h"
#include "common/station.h"
#include "signing_sql.h"

#include <assert.h>
#include <string.h>

void desk_row_clear (struct desk_row *row)
{
    json_decref (row->document);
    db_rows_destroy (&row->task_rows);
    db_rows_destroy (&row->paraf_rows);
    row->document = NULL;
}

static void desk_parafs (struct desk_row *row)
{
    for (int i = 0; i < db_count (row->paraf_rows); i++) {
        enum signing_level level;
        if (signing_level_parse (db_text (row->paraf_rows, i, "level"), &level) && level < SIGNING_CAMAT)
            row->desk.parafs[level] =
                (struct signing_paraf){.content_sha256 = db_text (row->paraf_rows, i, "content_sha256"),
                                       .account = db_text (row->paraf_rows, i, "account")};
    }
}

static int desk_read (db_t *db, const struct db_statement *statement, const char *application, struct desk_row *ret)
{
    *ret = (struct desk_row){0};
    if (db_query (db, statement, &ret->task_rows, application) < 0)
        return -1;
    const db_rows_t *rows = ret->task_rows;
    if (db_count (rows) == 0)
        return 0;
    bool known = signing_level_parse (db_text (rows, 0, "level"), &ret->desk.level) &&
                 signing_state_parse (db_text (rows, 0, "state"), &ret->desk.state);
    assert (known && "the table's CHECK keeps others out");
    (void)known;
    if (ret->desk.level > SIGNING_KASI) { /* nobody stands before the Kasi */
        if (db_query (db, &SQL_PARAF_VALID, &ret->paraf_rows, application) < 0)
            return -1;
        desk_parafs (ret);
    }
    if (!db_is_null (rows, 0, "document"))
        ret->document = db_json (rows, 0, "document");
    ret->desk.content_sha256 = db_text (rows, 0, "content_sha256");
    ret->desk.document_sha256 = json_text (ret->document, "sha256");
    ret->id = db_int (rows, 0, "id");
    ret->attempt = (int)db_int (rows, 0, "attempt");
    ret->step = db_text (rows, 0, "step");
    ret->number = db_text (rows, 0, "number");
    ret->kecamatan = db_text (rows, 0, "kecamatan");
    ret->service = db_text (rows, 0, "service");
    ret->decided_by_name = db_text (rows, 0, "decided_by_name");
    ret->decided_at_ms = db_int (rows, 0, "decided_at_ms");
    return 1;
}

int desk_lock (db_t *db, const char *application, struct desk_row *ret)
{
    return desk_read (db, &SQL_TASK_LOCK, application, ret);
}

int desk_find (db_t *db, const char *application, struct desk_row *ret)
{
    return desk_read (db, &SQL_TASK_FIND, application, ret);
}

int desk_end (struct call *call, const struct desk_row *row, enum signing_state to, const char *reason)
{
    AUTO (db_rows) rows = NULL;
    const struct claims *by = call->caller;
    int rc = db_query (call->db, &SQL_TASK_END, &rows, DB_INT (row->id), signing_state_name (to),
                       by ? by->account : NULL, by ? by->name : NULL, DB_INT (call->now), reason);
    return rows_changed_one (rc, rows);
}

json_t *task_json (const db_rows_t *rows, int row)
{
    json_t *task = json_pack ("{s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "application",
                              db_text (rows, row, "application"), "step", db_text (rows, row, "step"), "attempt",
                              (json_int_t)db_int (rows, row, "attempt"), "level", db_text (rows, row, "level"),
                              "number", db_text (rows, row, "number"), "kecamatan", db_text (rows, row, "kecamatan"),
                              "service", db_text (rows, row, "service"), "due_on", db_text (rows, row, "due_on"),
                              "content_sha256", db_text (rows, row, "content_sha256"), "state",
                              db_text (rows, row, "state"), "requested_at", rows_moment (rows, row, "requested_at_ms"));
    if (!db_is_null (rows, row, "document"))
        json_object_set_new (task, "document", db_json (rows, row, "document"));
    if (!db_is_null (rows, row, "decided_at_ms")) {
        json_object_set_new (task, "decided_at", rows_moment (rows, row, "decided_at_ms"));
        if (!db_is_null (rows, row, "decided_by_name"))
            json_object_set_new (task, "decided_by", json_string (db_text (rows, row, "decided_by_name")));
    }
    if (!db_is_null (rows, row, "reason"))
        json_object_set_new (task, "reason", json_string (db_text (rows, row, "reason")));
    return task;
}

json_t *document_json (const db_rows_t *rows)
{
    bool revoked = !db_is_null (rows, 0, "revoked_at_ms");
    json_t *document =
        json_pack ("{s:s, s:s, s:s, s:s, s:s, s:o, s:{s:s, s:s}, s:s}", "status", revoked ? "revoked" : "valid",
                   "number", db_text (rows, 0, "number"), "dated", db_text (rows, 0, "dated"), "kecamatan",
                   db_text (rows, 0, "kecamatan"), "service", db_text (rows, 0, "service"), "signed_at",
                   rows_moment (rows, 0, "signed_at_ms"), "signer", "name", db_text (rows, 0, "signer_name"),
                   "position", db_text (rows, 0, "signer_position"), "sha256", db_text (rows, 0, "sha256"));
    if (revoked)
        json_object_set_new (document, "revoked", json_pack ("{s:o}", "at", rows_moment (rows, 0, "revoked_at_ms")));
    return document;
}

int refuse_verdict (struct call *call, const struct desk_row *row, const struct signing_answer *answer)
{
    switch (answer->verdict) {
    case SIGNING_ALREADY_DECIDED:
        return station_refuse_decided (call, row->decided_by_name, row->decided_at_ms);
    case SIGNING_CASE_CLOSED:
        return refuse (call, ERR_APPLICATION_CLOSED, "status", "ditutup", NULL);
    case SIGNING_WRONG_DESK:
        return refuse (call, ERR_STEP_OUT_OF_ORDER, "step", row->step, NULL);
    case SIGNING_CONTENT_CHANGED:
        return refuse (call, ERR_CONTENT_CHANGED, NULL);
    case SIGNING_PARAF_MISSING:
        return refuse (call, ERR_PARAF_MISSING, "level", answer->missing == SIGNING_KASI ? "Kasi Pelayanan" : "Sekcam",
                       NULL);
    case SIGNING_SAME_PERSON:
        return refuse (call, ERR_SAME_PERSON, NULL);
    case SIGNING_ACCEPTED:
    case SIGNING_VERDICTS:
        break;
    }
    assert (!"a refusal");
    return -1;
}

int parafs_void (struct call *call, const char *application, enum signing_level from)
{
    AUTO (db_rows) rows = NULL;
    if (db_query (call->db, &SQL_PARAF_VOID, &rows, application, signing_level_name (from), DB_INT (call->now)) < 0)
        return -1;
    for (int i = 0; i < db_count (rows); i++)
        publish (call, "paraf.voided", application,
                 json_pack ("{s:s, s:s, s:s}", "application", application, "level", db_text (rows, i, "level"),
                            "content_sha256", db_text (rows, i, "content_sha256")));
    return 0;
}
