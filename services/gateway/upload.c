/* Uploads in chunks, see upload.h. */
#include "upload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct upload *upload_new (uint64_t length, int64_t now)
{
    struct upload *upload = calloc (1, sizeof *upload);
    if (!upload)
        return NULL;
    upload->capacity = length < UPLOAD_CHUNK_SIZE ? (size_t)length : UPLOAD_CHUNK_SIZE;
    upload->chunk = malloc (upload->capacity);
    if (!upload->chunk) {
        free (upload);
        return NULL;
    }
    id_uuid7 (now, upload->id);
    return upload;
}

void upload_destroy (struct upload **upload)
{
    if (!*upload)
        return;
    free ((*upload)->chunk);
    free (*upload);
    *upload = NULL;
}

size_t upload_take (struct upload *upload, const char *data, size_t size)
{
    size_t room = upload->capacity - upload->used, taken = size < room ? size : room;
    memcpy (upload->chunk + upload->used, data, taken);
    upload->used += taken;
    return taken;
}

bool upload_is_full (const struct upload *upload)
{
    return upload->used == upload->capacity;
}

void upload_advance (struct upload *upload)
{
    upload->offset += upload->used;
    upload->used = 0;
}

static bool is_named (const struct parameter *parameter, const char *name)
{
    return strlen (name) == parameter->name_size && memcmp (name, parameter->name, parameter->name_size) == 0;
}

bool upload_is_reserved (const struct match *match)
{
    for (size_t i = 0; i < match->count; i++) {
        const struct parameter *parameter = &match->parameters[i];
        if (is_named (parameter, "upload") || is_named (parameter, "offset") || is_named (parameter, "size"))
            return true;
    }
    return false;
}

static void set_number (json_t *params, const char *name, uint64_t number)
{
    char text[24];
    snprintf (text, sizeof text, "%" PRIu64, number);
    json_object_set_new (params, name, json_string (text));
}

/* The query's parameters (those of a verification are the gateway's own), without `but`. */
static json_t *common_params (const struct upload *upload, const struct match *match, const char *but)
{
    json_t *params = json_object ();
    for (size_t i = 0; i < match->count; i++) {
        const struct parameter *parameter = &match->parameters[i];
        char name[64];
        if (parameter->name_size >= sizeof name || (but && is_named (parameter, but)))
            continue;
        memcpy (name, parameter->name, parameter->name_size);
        name[parameter->name_size] = '\0';
        json_object_set_new (params, name, json_string (parameter->value));
    }
    if (match->route->flags & ROUTE_PUBLIC) {
        json_object_set_new (params, "purpose", json_string ("verification"));
        if (!but)
            json_object_set_new (params, "name", json_string ("verification.pdf"));
    }
    json_object_set_new (params, "upload", json_string (upload->id));
    return params;
}

json_t *upload_append_params (const struct upload *upload, const struct match *match)
{
    json_t *params = common_params (upload, match, "name");
    set_number (params, "offset", upload->offset);
    return params;
}

json_t *upload_finish_params (const struct upload *upload, const struct match *match)
{
    json_t *params = common_params (upload, match, NULL);
    set_number (params, "size", upload->offset);
    return params;
}
