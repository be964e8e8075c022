/* How an unsigned final document ends: see document_final.h. */
#include "document_final.h"

#include "common/station.h"

int document_final_fall (struct call *call, const char *application, const struct final *final, const char *reason)
{
    struct document_final_rule rule = document_final_rule (final->state, DOCUMENT_FINAL_CANCEL);
    if (!rule.allowed)
        return 0;
    if (final_end (call->db, final->id, rule.to) < 0 ||
        number_end (call->db, final->number_id, rule.number, reason, call->now) < 0)
        return -1;
    publish (call, "document.number_voided", application,
             json_pack ("{s:s, s:s, s:s, s:s}", "application", application, "kecamatan", final->kecamatan, "number",
                        final->number, "reason", reason));
    return 0;
}

int document_final_return (struct call *call, const char *application, const struct final *final, const char *reason)
{
    if (document_final_fall (call, application, final, reason) < 0 ||
        objection_put (call->db, application, final->step, reason, call->now) < 0)
        return -1;
    publish (call, "step.completed", application,
             station_completed (application, final->step, final->attempt, "returned",
                                json_pack ("{s:s}", "reason", reason)));
    return 0;
}
