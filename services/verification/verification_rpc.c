/* What officers ask of the verification service: their inbox, one file, and the decision. */
#include "common/local_time.h"
#include "common/page.h"
#include "common/station.h"
#include "verification_methods.h"
#include "verification_store.h"

#include <assert.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------------------------------------------ */

int verification_task_list (struct call *call)
{
    const char *kecamatan = json_text (call->params, "kecamatan");
    if (kecamatan && !require_role (call, "verifikator", kecamatan))
        return 0;
    const char *state = json_text (call->params, "state");
    struct page page = page_asked (call->params);
    AUTO_FREE char *places = call_places (call, "verifikator");
    AUTO (db_rows) rows = NULL;
    int rc = task_list (call->db, places, state ? state : "open", page.after, page.limit + 1, &rows);
    return rc < 0 ? rc : reply_json (call, 200, page_json (&page, rows, "tasks", task_json, "id"));
}

int verification_task_get (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    int rc = task_history (call->db, json_text (call->params, "application"), &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0)
        return refuse (call, ERR_TASK_UNKNOWN, NULL);
    if (!require_role (call, VERIFICATION_READERS, db_text (rows, 0, "kecamatan")))
        return 0;
    json_t *earlier = json_array ();
    for (int row = 1; row < db_count (rows); row++)
        json_array_append_new (earlier, task_json (rows, row));
    return reply_json (call, 200, json_pack ("{s:o, s:o}", "task", task_json (rows, 0), "earlier", earlier));
}

/* ---- deciding ----------------------------------------------------------------------------------------------- */

/* The decision's texts are borrowed from the body, the checklist's from the locked row. */
struct decoded {
    struct verification_task task;
    struct verification_decision decision;
    const char *requirements[VERIFICATION_REQUIREMENTS_MAX];
    const char *missing[VERIFICATION_REQUIREMENTS_MAX];
};

/* The codes of [{"code": ...}]; the list's length was bounded when it came in. */
static size_t decode_codes (const json_t *list, const char *codes[VERIFICATION_REQUIREMENTS_MAX])
{
    size_t count = json_array_size (list);
    assert (count <= VERIFICATION_REQUIREMENTS_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *code = json_text (json_array_get (list, i), "code");
        codes[i] = code ? code : "";
    }
    return count;
}

static unsigned decode_outcomes (const json_t *names)
{
    if (!json_is_array (names))
        return VERIFICATION_ALL_OUTCOMES;
    unsigned outcomes = 0;
    for (size_t i = 0; i < json_array_size (names); i++) {
        const char *name = json_string_value (json_array_get (names, i));
        enum verification_outcome outcome;
        if (name && verification_outcome_parse (name, &outcome))
            outcomes |= 1u << outcome;
    }
    return outcomes;
}

static void decode (const json_t *body, const struct task_locked *task, struct decoded *ret)
{
    bool known = verification_outcome_parse (json_text (body, "outcome"), &ret->decision.outcome);
    assert (known); /* the contract's enum */
    (void)known;
    ret->decision.attempt = (int)json_int (body, "attempt", 0);
    ret->decision.requirement = json_text (body, "requirement");
    ret->decision.reason = json_text (body, "reason");
    ret->decision.legal_basis = json_text (body, "legal_basis");
    ret->decision.missing = ret->missing;
    ret->decision.missing_count = decode_codes (json_object_get (body, "missing"), ret->missing);
    ret->task = (struct verification_task){
        .state = task->state,
        .attempt = task->attempt,
        .outcomes = decode_outcomes (task->outcomes),
        .requirements = ret->requirements,
        .requirement_count = decode_codes (task->requirements, ret->requirements),
    };
}

/* A refusal about a member: "/reason", "/missing/3/code". */
static int refuse_member (struct call *call, const struct verification_answer *answer, enum error_code code,
                          const char *name, const char *value)
{
    char pointer[48];
    const char *member = verification_member_name (answer->member);
    if (answer->member == VERIFICATION_MISSING && answer->verdict != VERIFICATION_MEMBER_REQUIRED &&
        answer->verdict != VERIFICATION_MEMBER_FORBIDDEN)
        snprintf (pointer, sizeof pointer, "/%s/%zu/code", member, answer->index);
    else
        snprintf (pointer, sizeof pointer, "/%s", member);
    return refuse_field (call, code, pointer, name, value, NULL);
}

static int refuse_as (struct call *call, const struct verification_answer *answer, const struct task_locked *task,
                      const struct verification_decision *decision)
{
    switch (answer->verdict) {
    case VERIFICATION_STALE_ATTEMPT:
        return refuse (call, ERR_CONTENT_CHANGED, NULL);
    case VERIFICATION_ALREADY_DECIDED:
        return station_refuse_decided (call, task->decided_by_name, task->decided_at_ms);
    case VERIFICATION_CASE_CLOSED:
        return refuse (call, ERR_APPLICATION_CLOSED, "status", "ditutup sebelum diverifikasi", NULL);
    case VERIFICATION_OUTCOME_NOT_ALLOWED:
        return refuse_field (call, ERR_OUTCOME_NOT_ALLOWED, "/outcome", "outcome",
                             verification_outcome_name (decision->outcome), NULL);
    case VERIFICATION_MEMBER_REQUIRED:
        return refuse_member (call, answer, ERR_SCHEMA_VIOLATION, "why", "wajib diisi untuk hasil ini");
    case VERIFICATION_MEMBER_FORBIDDEN:
        return refuse_member (call, answer, ERR_SCHEMA_VIOLATION, "why", "tidak boleh diisi untuk hasil ini");
    case VERIFICATION_REQUIREMENT_UNKNOWN:
        return refuse_member (call, answer, ERR_REQUIREMENT_UNKNOWN, "code",
                              answer->member == VERIFICATION_MISSING ? decision->missing[answer->index]
                                                                     : decision->requirement);
    case VERIFICATION_MISSING_TWICE:
        return refuse_member (call, answer, ERR_SCHEMA_VIOLATION, "why", "persyaratan disebut dua kali");
    case VERIFICATION_ACCEPTED:
    case VERIFICATION_VERDICTS:
        break;
    }
    assert (!"a refusal");
    return -1;
}

static int save (struct call *call, const struct task_locked *task, const struct verification_decision *decision,
                 enum verification_state to)
{
    const json_t *missing = json_object_get (call->body, "missing");
    struct task_decision row = {
        .state = to,
        .outcome = decision->outcome,
        .requirement = decision->requirement,
        .reason = decision->reason,
        .legal_basis = decision->legal_basis,
        .missing = decision->missing_count > 0 ? missing : NULL,
        .account = call->caller->account,
        .name = call->caller->name,
        .decided_at_ms = call->now,
    };
    return task_decide (call->db, task->id, &row);
}

/* What the decision carries. */
static json_t *grounds_json (const json_t *body, const struct verification_decision *decision)
{
    json_t *grounds = json_pack ("{s:s*, s:s*, s:s*}", "reason", decision->reason, "requirement", decision->requirement,
                                 "legal_basis", decision->legal_basis);
    if (decision->missing_count > 0)
        json_object_set (grounds, "missing", json_object_get (body, "missing"));
    return grounds;
}

static int decide_locked (struct call *call, const char *application, const struct task_locked *task)
{
    struct decoded decoded = {0};
    decode (call->body, task, &decoded);
    struct verification_answer answer = verification_decide (&decoded.task, &decoded.decision);
    if (answer.verdict != VERIFICATION_ACCEPTED)
        return refuse_as (call, &answer, task, &decoded.decision);
    int rc = save (call, task, &decoded.decision, answer.to);
    if (rc < 0)
        return rc;
    publish (call, "step.completed", application,
             station_completed (application, task->step, task->attempt,
                                verification_outcome_name (decoded.decision.outcome),
                                grounds_json (call->body, &decoded.decision)));
    char decided_at[LOCAL_TIME_RFC3339_SIZE];
    local_time_rfc3339 (call->now, decided_at);
    return reply_json (call, 200,
                       json_pack ("{s:s, s:i, s:s, s:s, s:s}", "application", application, "attempt", task->attempt,
                                  "state", verification_state_name (answer.to), "outcome",
                                  verification_outcome_name (decoded.decision.outcome), "decided_at", decided_at));
}

/* Two officers may press the button together: the row lock makes one of them second, and the second is told who was
 * first. */
int verification_task_decide (struct call *call)
{
    const char *application = json_text (call->params, "application");
    AUTO (db_rows) rows = NULL;
    struct task_locked task;
    int found = task_lock (call->db, application, &rows, &task);
    if (found < 0)
        return found;
    if (found == 0)
        return refuse (call, ERR_TASK_UNKNOWN, NULL);
    int rc = require_role (call, "verifikator", task.kecamatan) ? decide_locked (call, application, &task) : 0;
    task_locked_clear (&task);
    return rc;
}
