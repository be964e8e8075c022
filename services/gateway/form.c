/* The file of a form, see form.h. */
#include "form.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PARSER_BUFFER = 1024 }; /* beyond it the heads of a part are refused */

struct form {
    struct MHD_PostProcessor *parser; /* NULL once it has ended */
    struct upload *upload;
    bool has_file;
    bool is_broken;
};

bool is_form_type (const char *content_type)
{
    static const char type[] = "multipart/form-data";
    return content_type && strncasecmp (content_type, type, sizeof type - 1) == 0 &&
           content_type[sizeof type - 1 + strspn (content_type + sizeof type - 1, " ")] == ';';
}

/* Other fields than "file" are let pass unread. */
static enum MHD_Result on_field (void *context, enum MHD_ValueKind kind, const char *name, const char *filename,
                                 const char *content_type, const char *transfer_encoding, const char *data,
                                 uint64_t offset, size_t size)
{
    form_t *form = context;
    (void)kind;
    (void)filename;
    (void)content_type;
    (void)transfer_encoding;
    if (!name || strcmp (name, "file") != 0)
        return MHD_YES;
    form->is_broken =
        form->is_broken || (offset == 0 && form->has_file && size > 0) || upload_take (form->upload, data, size) < size;
    form->has_file = form->has_file || size > 0;
    return form->is_broken ? MHD_NO : MHD_YES;
}

form_t *form_new (struct MHD_Connection *connection, struct upload *upload)
{
    form_t *form = calloc (1, sizeof *form);
    if (!form)
        return NULL;
    form->upload = upload;
    form->parser = MHD_create_post_processor (connection, PARSER_BUFFER, on_field, form);
    if (!form->parser)
        form_destroy (&form);
    return form;
}

void form_destroy (form_t **form)
{
    if (!*form)
        return;
    if ((*form)->parser)
        (void)MHD_destroy_post_processor ((*form)->parser);
    free (*form);
    *form = NULL;
}

static size_t room (const form_t *form)
{
    size_t left = form->upload->capacity - form->upload->used;
    return left > FORM_SLACK ? left - FORM_SLACK : 0;
}

bool form_is_full (const form_t *form)
{
    return room (form) == 0;
}

ssize_t form_take (form_t *form, const char *data, size_t size)
{
    size_t taken = size < room (form) ? size : room (form);
    if (taken > 0 && MHD_post_process (form->parser, data, taken) != MHD_YES)
        form->is_broken = true;
    return form->is_broken ? -1 : (ssize_t)taken;
}

bool form_end (form_t *form)
{
    if (form->parser && MHD_destroy_post_processor (form->parser) != MHD_YES)
        form->is_broken = true;
    form->parser = NULL;
    return !form->is_broken;
}
