/* Publishing templates: by the admin of the kabupaten, versions for ever. */
#include "common/id.h"
#include "common/local_time.h"
#include "document_ask.h"
#include "document_data.h"
#include "document_methods.h"
#include "document_store.h"

#include <stdlib.h>
#include <string.h>

#define ADMIN "admin_kabupaten"

/* A deployment has one set of templates, so a grant as admin anywhere will do; asking makes role and place part of what
 * is published. */
static bool require_admin (struct call *call)
{
    size_t i;
    json_t *grant;
    json_array_foreach ((json_t *)call->caller->grants, i, grant)
    {
        const char *role = json_text (grant, "role"), *place = json_text (grant, "place");
        if (role && place && strcmp (role, ADMIN) == 0)
            return require_role (call, ADMIN, place);
    }
    refuse (call, ERR_FORBIDDEN_ROLE, "roles", ADMIN, NULL);
    return false;
}

static int refuse_template (struct call *call, const struct template_fault *fault)
{
    char why[400], pointer[176];
    snprintf (why, sizeof why, "%s: %s", fault->where, fault->detail);
    snprintf (pointer, sizeof pointer, "/template%s", fault->where);
    return refuse_field (call, ERR_TEMPLATE_INVALID, pointer, "why", why, NULL);
}

/* What decides whether two publications are the same. */
static void template_hash (const json_t *template, const json_t *constants, char ret_sha256[ID_SHA256_SIZE])
{
    json_auto_t *both = json_pack ("{s:O, s:O}", "constants", constants, "template", template);
    AUTO_FREE char *text = data_canonical (both);
    id_sha256_hex (text, strlen (text), ret_sha256);
}

/* The version is there: the same content again is answered like the first time. */
static int answer_again (struct call *call, const struct template_new *template)
{
    AUTO (db_rows) rows = NULL;
    char text[16];
    if (template_find (call->db, template->code, template->version, &rows) != 1)
        return -1;
    if (strcmp (db_text (rows, 0, "sha256"), template->sha256) == 0)
        return 0;
    snprintf (text, sizeof text, "%d", template->version);
    return refuse_field (call, ERR_VERSION_EXISTS, "/version", "version", text, NULL);
}

static int publish_template (struct call *call, const struct template_new *template)
{
    int added = template_add (call->db, template);
    if (added < 0)
        return added;
    if (added == 0)
        return answer_again (call, template);
    publish (call, "template.published", template->code,
             json_pack ("{s:s, s:i, s:s}", "template", template->code, "version", template->version, "sha256",
                        template->sha256));
    return 0;
}

int document_template_publish (struct call *call)
{
    if (!require_admin (call))
        return 0;
    json_auto_t *nothing = json_object ();
    const json_t *constants = json_object_get (call->body, "constants");
    struct template_fault fault;
    char sha256[ID_SHA256_SIZE];
    struct template_new template = {.code = json_text (call->body, "code"),
                                    .version = (int)json_int (call->body, "version", 0),
                                    .template = json_object_get (call->body, "template"),
                                    .constants = constants ? constants : nothing,
                                    .sha256 = sha256,
                                    .account = call->caller->account,
                                    .published_ms = call->now};
    if (template_check (template.template, &fault) != TEMPLATE_OK)
        return refuse_template (call, &fault);
    template_hash (template.template, template.constants, sha256);
    json_auto_t *answer =
        json_pack ("{s:s, s:i, s:s}", "code", template.code, "version", template.version, "sha256", sha256);
    reply_json (call, 201, json_incref (answer)); /* a refusal below takes its place */
    return publish_template (call, &template);
}

int document_template_get (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    const char *code = json_text (call->params, "template"), *version = json_text (call->params, "version");
    int found = template_find (call->db, code, version ? atoi (version) : 0, &rows);
    if (found < 0)
        return found;
    if (found == 0)
        return refuse (call, ERR_TEMPLATE_UNKNOWN, "template", code, NULL);
    char published_at[LOCAL_TIME_RFC3339_SIZE];
    local_time_rfc3339 (db_int (rows, 0, "published_at_ms"), published_at);
    json_t *template = db_json (rows, 0, "template");
    return reply_json (call, 200,
                       json_pack ("{s:s, s:I, s:o, s:o, s:o, s:s, s:s}", "code", code, "version",
                                  (json_int_t)db_int (rows, 0, "version"), "template", template, "constants",
                                  db_json (rows, 0, "constants"), "fields", template_fields (template), "sha256",
                                  db_text (rows, 0, "sha256"), "published_at", published_at));
}
