/* Files that the loket refers to.  See intake_files.h. */
#include "intake_files.h"

#include "intake_methods.h"

#include <stdio.h>
#include <string.h>

int intake_file_look (struct call *call, const char *file, const char *pointer, json_t **ret_stat)
{
    AUTO_REPLY reply = {0};
    int rc = call_service (call, "archive.file.stat", json_pack ("{s:s}", "file", file), NULL, NULL, 0, &reply);
    if (rc < 0)
        return rc;
    if (reply.status == 200) {
        *ret_stat = json_incref (reply.body);
        return 1;
    }
    if (reply.status >= 500)
        return refuse (call, ERR_SERVICE_UNAVAILABLE, "service", "archive", NULL);
    return refuse_field (call, ERR_FILE_UNKNOWN, pointer, NULL);
}

bool intake_file_fits (struct call *call, const json_t *stat, const char *purpose, const char *kecamatan,
                       const char *pointer)
{
    const char *its_purpose = json_text (stat, "purpose"), *place = json_text (stat, "place");
    bool meant = its_purpose && strcmp (its_purpose, purpose) == 0;
    bool here = place && strcmp (place, kecamatan) == 0;
    if (!meant || !here)
        refuse_field (call, ERR_FILE_UNFIT, pointer, "why",
                      meant ? "berkas milik kecamatan lain" : "diunggah untuk keperluan lain", NULL);
    return meant && here;
}

/* Finds out about every file of /requirements; call->prepared = {"<file>": stat}. */
int intake_requirements_look (struct call *call)
{
    call->prepared = json_object ();
    size_t i;
    json_t *provided;
    json_array_foreach (json_object_get (call->body, "requirements"), i, provided)
    {
        char pointer[64];
        const char *file = json_text (provided, "file");
        json_t *stat = NULL;
        if (!file)
            continue;
        snprintf (pointer, sizeof pointer, "/requirements/%zu/file", i);
        int rc = intake_file_look (call, file, pointer, &stat);
        if (rc <= 0)
            return rc;
        json_object_set_new (call->prepared, file, stat);
    }
    return 0;
}

static int look_as (struct call *call, const char *file, const char *member, const char *pointer)
{
    json_t *stat = NULL;
    int rc = file ? intake_file_look (call, file, pointer, &stat) : 0;
    if (rc > 0)
        json_object_set_new (call->prepared, member, stat);
    return rc < 0 ? rc : !file || rc > 0;
}

/* Finds out about what a handover refers to: the collector's written authority and the signature of who takes the
 * document, each if there is one; call->prepared = {"authority": stat, "signature": stat}. */
int intake_handover_look (struct call *call)
{
    call->prepared = json_object ();
    int rc = look_as (call, json_text (json_object_get (call->body, "collector"), "authority_file"), "authority",
                      "/collector/authority_file");
    if (rc > 0)
        rc = look_as (call, json_text (call->body, "signature_file"), "signature", "/signature_file");
    return rc < 0 ? rc : 0;
}
