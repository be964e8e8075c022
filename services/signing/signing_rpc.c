/* Signers, inboxes, parafs, and giving a document back.  The signature itself is in signing_sign.c. */
#include "common/page.h"
#include "common/station.h"
#include "signing_methods.h"
#include "signing_sql.h"
#include "signing_store.h"

/* ---- signers ------------------------------------------------------------------------------------------------ */

int signing_signer_register (struct call *call)
{
    const json_t *body = call->body;
    const char *kecamatan = json_text (body, "kecamatan");
    if (!require_role (call, "admin_kabupaten", kecamatan))
        return 0;
    AUTO (db_rows) rows = NULL;
    if (db_query (call->db, &SQL_SIGNER_ADD, &rows, json_text (body, "account"), kecamatan, json_text (body, "name"),
                  json_text (body, "nip"), json_text (body, "rank"), json_text (body, "position"),
                  json_text (body, "key"), json_text (body, "valid_from"), json_text (body, "valid_to")) < 0)
        return -1;
    publish (call, "signer.registered", json_text (body, "account"),
             json_pack ("{s:s, s:s, s:s, s:s*}", "account", json_text (body, "account"), "kecamatan", kecamatan,
                        "valid_from", json_text (body, "valid_from"), "valid_to", json_text (body, "valid_to")));
    return reply_json (call, 201, json_pack ("{s:I}", "signer", (json_int_t)db_int (rows, 0, "id")));
}

int signing_signer_resolve (struct call *call)
{
    const char *kecamatan = json_text (call->params, "kecamatan"), *on = json_text (call->params, "on");
    AUTO (db_rows) rows = NULL;
    if (db_query (call->db, &SQL_SIGNER_RESOLVE, &rows, kecamatan, on) < 0)
        return -1;
    if (db_count (rows) == 0)
        return refuse (call, ERR_SIGNER_UNKNOWN, "kecamatan", kecamatan, "on", on, NULL);
    return reply_json (call, 200,
                       json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s}", "account", db_text (rows, 0, "account"),
                                  "kecamatan", kecamatan, "name", db_text (rows, 0, "name"), "nip",
                                  db_text (rows, 0, "nip"), "rank", db_text (rows, 0, "rank"), "position",
                                  db_text (rows, 0, "position")));
}

/* ---- inboxes ------------------------------------------------------------------------------------------------ */

static int list_reply (struct call *call, const char *roles, const char *levels)
{
    const char *kecamatan = json_text (call->params, "kecamatan");
    if (kecamatan && !require_role (call, roles, kecamatan))
        return 0;
    const char *state = json_text (call->params, "state");
    struct page page = page_asked (call->params);
    AUTO_FREE char *places = call_places (call, roles);
    AUTO (db_rows) rows = NULL;
    int rc = db_query (call->db, &SQL_TASK_LIST, &rows, places, levels, state ? state : "open", page.after,
                       DB_INT (page.limit + 1));
    return rc < 0 ? rc : reply_json (call, 200, page_json (&page, rows, "tasks", task_json, "id"));
}

int signing_paraf_list (struct call *call)
{
    bool kasi = claims_may (call->caller, "kasi_pelayanan", NULL), sekcam = claims_may (call->caller, "sekcam", NULL);
    return list_reply (call, "kasi_pelayanan,sekcam", kasi && sekcam ? "{kasi,sekcam}" : kasi ? "{kasi}" : "{sekcam}");
}

int signing_task_list (struct call *call)
{
    return list_reply (call, "camat", "{camat}");
}

/* ---- paraf -------------------------------------------------------------------------------------------------- */

/* As whom the caller stands at this desk: at the desk's own level if they hold it, else at the one that they hold.
 * False: refused. */
static bool paraf_level (struct call *call, const struct desk_row *row, enum signing_level *ret_level)
{
    if (row->desk.level < SIGNING_CAMAT &&
        claims_may (call->caller, signing_level_role (row->desk.level), row->kecamatan)) {
        *ret_level = row->desk.level;
        return require_role (call, signing_level_role (*ret_level), row->kecamatan);
    }
    *ret_level = claims_may (call->caller, "sekcam", row->kecamatan) ? SIGNING_SEKCAM : SIGNING_KASI;
    return require_role (call, "kasi_pelayanan,sekcam", row->kecamatan);
}

static int paraf_save (struct call *call, const struct desk_row *row, enum signing_level level, const char *application)
{
    const char *content = row->desk.content_sha256;
    if (db_query (call->db, &SQL_PARAF_ADD, NULL, application, signing_level_name (level), content,
                  call->caller->account, call->caller->name, DB_INT (call->now)) < 0 ||
        desk_end (call, row, SIGNING_DONE, NULL) < 0)
        return -1;
    publish (call, "paraf.given", application,
             json_pack ("{s:s, s:s, s:s}", "application", application, "level", signing_level_name (level),
                        "content_sha256", content));
    publish (call, "step.completed", application, station_completed (application, row->step, row->attempt, "ok", NULL));
    return reply_json (call, 200,
                       json_pack ("{s:s, s:s, s:s}", "application", application, "level", signing_level_name (level),
                                  "content_sha256", content));
}

int signing_paraf_give (struct call *call)
{
    const char *application = json_text (call->params, "application");
    AUTO_DESK row;
    int found = desk_lock (call->db, application, &row);
    if (found <= 0)
        return found < 0 ? -1 : refuse (call, ERR_TASK_UNKNOWN, NULL);
    struct signing_approval approval = {.account = call->caller->account,
                                        .seen_sha256 = json_text (call->body, "content_sha256")};
    if (!paraf_level (call, &row, &approval.level))
        return 0;
    struct signing_answer answer = signing_approve (&row.desk, &approval);
    if (answer.verdict != SIGNING_ACCEPTED)
        return refuse_verdict (call, &row, &answer);
    return paraf_save (call, &row, approval.level, application);
}

/* ---- giving back -------------------------------------------------------------------------------------------- */

/* All parafs fall: the next content is judged afresh, even if it turns out the same. */
static int return_save (struct call *call, const struct desk_row *row, enum signing_level level,
                        const char *application)
{
    const char *reason = json_text (call->body, "reason");
    if (parafs_void (call, application, SIGNING_KASI) < 0 || desk_end (call, row, SIGNING_RETURNED, reason) < 0)
        return -1;
    publish (call, "paraf.returned", application,
             json_pack ("{s:s, s:s, s:s, s:s, s:s}", "application", application, "step", row->step, "level",
                        signing_level_name (level), "content_sha256", row->desk.content_sha256, "reason", reason));
    publish (
        call, "step.completed", application,
        station_completed (application, row->step, row->attempt, "returned", json_pack ("{s:s}", "reason", reason)));
    return reply_json (call, 200,
                       json_pack ("{s:s, s:s, s:s}", "application", application, "level", signing_level_name (level),
                                  "reason", reason));
}

int signing_paraf_return (struct call *call)
{
    const char *application = json_text (call->params, "application");
    AUTO_DESK row;
    int found = desk_lock (call->db, application, &row);
    if (found <= 0)
        return found < 0 ? -1 : refuse (call, ERR_TASK_UNKNOWN, NULL);
    enum signing_level level;
    if (!paraf_level (call, &row, &level))
        return 0;
    struct signing_answer answer = signing_return (&row.desk, level);
    return answer.verdict == SIGNING_ACCEPTED ? return_save (call, &row, level, application)
                                              : refuse_verdict (call, &row, &answer);
}

int signing_task_return (struct call *call)
{
    const char *application = json_text (call->params, "application");
    AUTO_DESK row;
    int found = desk_lock (call->db, application, &row);
    if (found <= 0)
        return found < 0 ? -1 : refuse (call, ERR_TASK_UNKNOWN, NULL);
    if (!require_role (call, "camat", row.kecamatan))
        return 0;
    struct signing_answer answer = signing_return (&row.desk, SIGNING_CAMAT);
    return answer.verdict == SIGNING_ACCEPTED ? return_save (call, &row, SIGNING_CAMAT, application)
                                              : refuse_verdict (call, &row, &answer);
}
