/* Reading the text of templates and filling in its fields; see template_text.h for the notation. */
#include "template_text.h"

#include "common/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TAGS_DEEP_MAX = 8 };

int template_refuse (struct template_fault *fault, enum template_verdict verdict, const char *format, ...)
{
    if (fault->detail[0] == '\0') {
        va_list arguments;
        va_start (arguments, format);
        g_vsnprintf (fault->detail, sizeof fault->detail, format, arguments);
        va_end (arguments);
        /* a cut may have split a character: what is left must stay valid UTF-8, it goes out as JSON */
        const char *end;
        g_utf8_validate (fault->detail, -1, &end);
        fault->detail[end - fault->detail] = '\0';
    }
    return (int)verdict;
}

/* ---- characters --------------------------------------------------------------------------------------------- */

/* Formatting characters (bidirectional overrides, zero-width joiners, soft hyphens) would let two different letters
 * look the same or one letter read backwards; unassigned and private ones have no agreed look at all. */
static bool is_safe_character (gunichar character, bool allows_newline)
{
    static const gboolean is_refused[] = {
        [G_UNICODE_CONTROL] = TRUE,        [G_UNICODE_FORMAT] = TRUE,
        [G_UNICODE_LINE_SEPARATOR] = TRUE, [G_UNICODE_PARAGRAPH_SEPARATOR] = TRUE,
        [G_UNICODE_PRIVATE_USE] = TRUE,    [G_UNICODE_SURROGATE] = TRUE,
        [G_UNICODE_UNASSIGNED] = TRUE,     [G_UNICODE_SPACE_SEPARATOR] = FALSE, /* the last category */
    };
    if (character == '\n')
        return allows_newline;
    if (character == 0xFFFC || character == 0xFFFD) /* "object" and "broken character": traces of lost text */
        return false;
    return !is_refused[g_unichar_type (character)];
}

bool template_is_safe (const char *text, size_t length, bool allows_newline)
{
    if (!g_utf8_validate_len (text, length, NULL)) /* also refuses NUL inside */
        return false;
    const char *end = text + length;
    for (const char *at = text; at < end; at = g_utf8_next_char (at))
        if (!is_safe_character (g_utf8_get_char (at), allows_newline))
            return false;
    return true;
}

/* ---- pieces ------------------------------------------------------------------------------------------------- */

bool template_is_path (const char *text, size_t length)
{
    if (length == 0 || length >= TEMPLATE_PATH_MAX)
        return false;
    bool starts_name = true;
    size_t name_length = 0;
    for (size_t i = 0; i < length; i++) {
        if (name_length++ == TEMPLATE_NAME_MAX)
            return false;
        if (text[i] == '.' && !starts_name) {
            starts_name = true;
            name_length = 0;
        } else if (g_ascii_islower (text[i]) || (!starts_name && (text[i] == '_' || g_ascii_isdigit (text[i]))))
            starts_name = false;
        else
            return false;
    }
    return !starts_name;
}

/* "{{path?|format}}": the cursor stands behind the opening braces. */
static int next_field (const char **cursor, struct template_piece *ret_piece, const char **ret_reason)
{
    const char *start = *cursor;
    const char *end = strstr (start, "}}");
    *ret_reason = "kurung {{ tanpa }}";
    if (!end)
        return -1;
    const char *bar = memchr (start, '|', (size_t)(end - start));
    const char *path_end = bar ? bar : end;
    ret_piece->kind = TEMPLATE_FIELD;
    ret_piece->is_optional = path_end > start && path_end[-1] == '?';
    size_t length = (size_t)(path_end - start) - (ret_piece->is_optional ? 1 : 0);
    *ret_reason = "nama bidang dalam {{ }} tidak sah";
    if (!template_is_path (start, length))
        return -1;
    memcpy (ret_piece->path, start, length);
    ret_piece->path[length] = '\0';
    ret_piece->format = TEMPLATE_PLAIN;
    *ret_reason = "format bidang tidak dikenal";
    if (bar && !template_value_format_by_name (bar + 1, (size_t)(end - bar - 1), &ret_piece->format))
        return -1;
    *cursor = end + 2;
    return 1;
}

static int next_tag (const char **cursor, struct template_piece *ret_piece, const char **ret_reason)
{
    static const char *const tags[] = {"<b>",  "<i>",  "<u>",  "<sub>",  "<sup>",
                                       "</b>", "</i>", "</u>", "</sub>", "</sup>"};
    for (size_t i = 0; i < G_N_ELEMENTS (tags); i++)
        if (strncmp (*cursor, tags[i], strlen (tags[i])) == 0) {
            *ret_piece = (struct template_piece){.kind = TEMPLATE_TAG, .start = *cursor, .length = strlen (tags[i])};
            *cursor += ret_piece->length;
            return 1;
        }
    *ret_reason = "hanya tag b, i, u, sub dan sup; tanda < ditulis &lt;";
    return -1;
}

static size_t entity_length (const char *text)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t i = 0; i < G_N_ELEMENTS (entities); i++)
        if (strncmp (text, entities[i], strlen (entities[i])) == 0)
            return strlen (entities[i]);
    return 0;
}

static int next_literal (const char **cursor, enum template_syntax syntax, struct template_piece *ret_piece,
                         const char **ret_reason)
{
    const char *at = *cursor;
    while (*at && strncmp (at, "{{", 2) != 0 && !(syntax == TEMPLATE_MARKUP && *at == '<')) {
        size_t step = 1;
        *ret_reason = "kurung }} tanpa {{";
        if (strncmp (at, "}}", 2) == 0)
            return -1;
        *ret_reason = "tanda & ditulis &amp;";
        if (syntax == TEMPLATE_MARKUP && *at == '&' && (step = entity_length (at)) == 0)
            return -1;
        at += step;
    }
    *ret_piece = (struct template_piece){.kind = TEMPLATE_LITERAL, .start = *cursor, .length = (size_t)(at - *cursor)};
    *cursor = at;
    return 1;
}

int template_text_next (const char **cursor, enum template_syntax syntax, struct template_piece *ret_piece,
                        const char **ret_reason)
{
    if (**cursor == '\0')
        return 0;
    if (strncmp (*cursor, "{{", 2) == 0) {
        *cursor += 2;
        return next_field (cursor, ret_piece, ret_reason);
    }
    if (syntax == TEMPLATE_MARKUP && **cursor == '<')
        return next_tag (cursor, ret_piece, ret_reason);
    return next_literal (cursor, syntax, ret_piece, ret_reason);
}

/* ---- checking ----------------------------------------------------------------------------------------------- */

struct open_tags {
    const char *names[TAGS_DEEP_MAX]; /* behind "<", ends with ">" */
    size_t count;
};

static bool follow_tag (struct open_tags *open, const struct template_piece *tag)
{
    if (tag->start[1] != '/') {
        if (open->count == TAGS_DEEP_MAX)
            return false;
        open->names[open->count++] = tag->start + 1;
        return true;
    }
    if (open->count == 0)
        return false;
    open->count--;
    return strncmp (open->names[open->count], tag->start + 2, tag->length - 2) == 0;
}

const char *template_text_check (const char *text, enum template_syntax syntax)
{
    struct open_tags open = {.count = 0};
    struct template_piece piece;
    const char *reason = NULL;
    int found;
    if (!template_is_safe (text, strlen (text), syntax == TEMPLATE_MARKUP))
        return "memuat karakter kendali atau karakter tak terlihat";
    while ((found = template_text_next (&text, syntax, &piece, &reason)) > 0)
        if (piece.kind == TEMPLATE_TAG && !follow_tag (&open, &piece))
            return "tag tidak berpasangan";
    if (found < 0)
        return reason;
    return open.count > 0 ? "tag tidak ditutup" : NULL;
}

/* ---- filling in --------------------------------------------------------------------------------------------- */

static const json_t *find_in (const json_t *value, const char *path)
{
    const json_t *found = *path ? json_at (value, path) : value;
    return json_is_null (found) ? NULL : found;
}

const json_t *template_scope_find (const struct template_scope *scope, const char *path)
{
    if (scope->item && strncmp (path, "item", 4) == 0 && (path[4] == '\0' || path[4] == '.'))
        return find_in (scope->item, path[4] ? path + 5 : path + 4);
    return find_in (scope->data, path);
}

bool template_scope_is_true (const struct template_scope *scope, const char *path)
{
    const json_t *value = template_scope_find (scope, path);
    if (!value)
        return false;
    switch (json_typeof (value)) {
    case JSON_STRING:
        return json_string_length (value) > 0;
    case JSON_INTEGER:
        return json_integer_value (value) != 0;
    case JSON_REAL:
        return json_real_value (value) < 0 || json_real_value (value) > 0;
    case JSON_ARRAY:
        return json_array_size (value) > 0;
    case JSON_OBJECT:
        return json_object_size (value) > 0;
    case JSON_TRUE:
        return true;
    case JSON_FALSE:
    case JSON_NULL:
        break;
    }
    return false;
}

static bool is_blank (const json_t *value)
{
    if (!json_is_string (value))
        return false;
    const char *text = json_string_value (value);
    return strspn (text, " ") == json_string_length (value);
}

/* "requirements[2].name" for "item.name" in the third round. */
static void name_field (struct template_fault *fault, const struct template_scope *scope, const char *path)
{
    if (scope->item && strncmp (path, "item", 4) == 0 && (path[4] == '\0' || path[4] == '.'))
        g_snprintf (fault->field, sizeof fault->field, "%s[%zu]%s", scope->from, scope->index, path + 4);
    else
        g_snprintf (fault->field, sizeof fault->field, "%s", path);
}

static int fill_field (const struct template_piece *piece, enum template_syntax syntax,
                       const struct template_scope *scope, GString *out, struct template_fault *fault)
{
    g_autoptr (GString) value = g_string_new (NULL);
    const char *reason = NULL;
    int verdict;
    if (scope->item && strcmp (piece->path, "index") == 0) {
        g_string_append_printf (out, "%zu", scope->index + 1);
        return TEMPLATE_OK;
    }
    const json_t *found = template_scope_find (scope, piece->path);
    if (!found || is_blank (found)) {
        if (piece->is_optional)
            return TEMPLATE_OK;
        name_field (fault, scope, piece->path);
        return template_refuse (fault, TEMPLATE_FIELD_MISSING, "bidang %s belum diisi", fault->field);
    }
    if ((verdict = template_value_write (found, piece->format, value, &reason))) {
        name_field (fault, scope, piece->path);
        return template_refuse (fault, (enum template_verdict)verdict, "bidang %s %s", fault->field, reason);
    }
    if (syntax == TEMPLATE_BARE) {
        g_string_append_len (out, value->str, (gssize)value->len);
        return TEMPLATE_OK;
    }
    g_autofree char *escaped = g_markup_escape_text (value->str, (gssize)value->len);
    g_string_append (out, escaped);
    return TEMPLATE_OK;
}

int template_text_fill (const char *text, enum template_syntax syntax, const struct template_scope *scope, GString *out,
                        struct template_fault *fault)
{
    struct template_piece piece;
    const char *reason = NULL;
    int found, verdict;
    while ((found = template_text_next (&text, syntax, &piece, &reason)) > 0) {
        if (piece.kind != TEMPLATE_FIELD)
            g_string_append_len (out, piece.start, (gssize)piece.length);
        else if ((verdict = fill_field (&piece, syntax, scope, out, fault)))
            return verdict;
    }
    return found < 0 ? template_refuse (fault, TEMPLATE_MALFORMED, "%s", reason) : TEMPLATE_OK;
}

static bool field_holds (const struct template_piece *piece, const struct template_scope *scope, unsigned character)
{
    g_autoptr (GString) value = g_string_new (NULL);
    const char *reason;
    const json_t *found = template_scope_find (scope, piece->path);
    return found && template_value_write (found, piece->format, value, &reason) == TEMPLATE_OK &&
           g_utf8_strchr (value->str, (gssize)value->len, character);
}

void template_text_blame (const char *text, enum template_syntax syntax, const struct template_scope *scope,
                          unsigned character, struct template_fault *fault)
{
    struct template_piece piece;
    const char *reason;
    while (template_text_next (&text, syntax, &piece, &reason) > 0)
        if (piece.kind == TEMPLATE_FIELD && field_holds (&piece, scope, character)) {
            name_field (fault, scope, piece.path);
            return;
        }
}
