/* One walk over a template, along the tables of template_shape.c, that checks it or lists its fields. */
#include "template.h"

#include "template_shape.h"

#include <stdlib.h>
#include <string.h>

/* One walk.  `fields` is NULL when the template is only checked. */
struct walk {
    struct template_fault *fault;
    json_t *fields;
    size_t blocks;
    unsigned depth;
    unsigned conditions; /* "if"s around the place */
    const char *from;    /* full name of the innermost list, "requirements" */
};

static int walk_object (struct walk *walk, const struct shape *shape, const json_t *object);

/* Goes down one step in the fault's pointer; the returned length brings walk_up () back. */
static size_t walk_down (struct walk *walk, const char *name)
{
    size_t length = strlen (walk->fault->where);
    g_snprintf (walk->fault->where + length, sizeof walk->fault->where - length, "/%s", name);
    return length;
}

static size_t walk_down_index (struct walk *walk, size_t index)
{
    char name[24];
    g_snprintf (name, sizeof name, "%zu", index);
    return walk_down (walk, name);
}

static void walk_up (struct walk *walk, size_t length)
{
    walk->fault->where[length] = '\0';
}

#define REFUSE(...) template_refuse (walk->fault, TEMPLATE_MALFORMED, __VA_ARGS__)

/* ---- fields ------------------------------------------------------------------------------------------------- */

static bool is_item (const char *path)
{
    return strncmp (path, "item", 4) == 0 && (path[4] == '\0' || path[4] == '.');
}

static void record_field (struct walk *walk, const char *name, enum template_format format, bool is_optional)
{
    const char *format_name = template_value_format_name (format);
    size_t i;
    json_t *row;
    json_array_foreach (walk->fields, i, row)
    {
        if (strcmp (json_string_value (json_object_get (row, "field")), name) != 0 ||
            strcmp (json_string_value (json_object_get (row, "format")), format_name) != 0)
            continue;
        if (!is_optional)
            json_object_set_new (row, "optional", json_false ());
        return;
    }
    json_array_append_new (walk->fields, json_pack ("{s:s, s:s, s:b}", "field", name, "format", format_name, "optional",
                                                    (int)is_optional));
}

static int walk_field (struct walk *walk, const char *path, enum template_format format, bool is_optional)
{
    char name[2 * TEMPLATE_PATH_MAX];
    if (!walk->from && (is_item (path) || strcmp (path, "index") == 0))
        return REFUSE ("%s hanya ada di dalam daftar (from)", path);
    if (walk->from && strcmp (path, "index") == 0)
        return TEMPLATE_OK;
    if (is_item (path))
        g_snprintf (name, sizeof name, "%s[]%s", walk->from, path + 4);
    else
        g_snprintf (name, sizeof name, "%s", path);
    if (walk->fields)
        record_field (walk, name, format, is_optional || walk->conditions > 0);
    return TEMPLATE_OK;
}

/* ---- values ------------------------------------------------------------------------------------------------- */

static int walk_text (struct walk *walk, const json_t *value, enum template_syntax syntax)
{
    struct template_piece piece;
    const char *reason;
    int verdict;
    if (!json_is_string (value))
        return REFUSE ("harus teks");
    if (json_string_length (value) > TEMPLATE_TEXT_MAX ||
        strlen (json_string_value (value)) != json_string_length (value))
        return REFUSE ("teks terlalu panjang atau memuat NUL");
    const char *text = json_string_value (value);
    if ((reason = template_text_check (text, syntax)))
        return REFUSE ("%s", reason);
    while (template_text_next (&text, syntax, &piece, &reason) > 0)
        if (piece.kind == TEMPLATE_FIELD && (verdict = walk_field (walk, piece.path, piece.format, piece.is_optional)))
            return verdict;
    return TEMPLATE_OK;
}

static int walk_word (struct walk *walk, const json_t *value)
{
    if (!json_is_string (value) || json_string_length (value) == 0 || json_string_length (value) > 120 ||
        !template_is_safe (json_string_value (value), json_string_length (value), false))
        return REFUSE ("harus teks pendek tanpa karakter kendali");
    return TEMPLATE_OK;
}

static int walk_path (struct walk *walk, const json_t *value)
{
    if (!json_is_string (value) || !template_is_path (json_string_value (value), json_string_length (value)))
        return REFUSE ("harus nama bidang, mis. applicant.name");
    return TEMPLATE_OK;
}

static int walk_number (struct walk *walk, const struct member *member, const json_t *value)
{
    if (!json_is_number (value) || !(json_number_value (value) >= member->min) ||
        !(json_number_value (value) <= member->max))
        return REFUSE ("harus bilangan dari %g sampai %g", member->min, member->max);
    return TEMPLATE_OK;
}

static int walk_choice (struct walk *walk, const struct member *member, const json_t *value)
{
    const char *text = json_string_value (value);
    for (const char *const *choice = member->choices; text && *choice; choice++)
        if (strcmp (*choice, text) == 0)
            return TEMPLATE_OK;
    return REFUSE ("pilihan tidak dikenal");
}

static int walk_block (struct walk *walk, const json_t *block)
{
    const struct shape *shape = template_shape_of_block (block);
    if (!shape)
        return REFUSE ("jenis blok (type) tidak dikenal");
    if (++walk->blocks > TEMPLATE_BLOCKS_MAX)
        return REFUSE ("lebih dari %d blok", TEMPLATE_BLOCKS_MAX);
    if (walk->depth == TEMPLATE_DEPTH_MAX)
        return REFUSE ("blok bersarang lebih dari %d tingkat", TEMPLATE_DEPTH_MAX);
    bool is_if = strcmp (shape->type, "if") == 0;
    walk->depth++;
    walk->conditions += is_if;
    int verdict = walk_object (walk, shape, block);
    walk->conditions -= is_if;
    walk->depth--;
    return verdict;
}

static int walk_cells (struct walk *walk, const json_t *row)
{
    int verdict;
    if (!json_is_array (row))
        return REFUSE ("harus larik teks");
    for (size_t i = 0; i < json_array_size (row); i++)
        if ((verdict = walk_text (walk, json_array_get (row, i), TEMPLATE_MARKUP)))
            return verdict;
    return TEMPLATE_OK;
}

static int walk_element (struct walk *walk, const struct member *member, const json_t *value)
{
    switch (member->kind) {
    case KIND_TEXTS:
        return walk_text (walk, value, TEMPLATE_MARKUP);
    case KIND_OBJECTS:
        return walk_object (walk, member->shape, value);
    case KIND_BLOCKS:
        return walk_block (walk, value);
    case KIND_ROWS:
        return walk_cells (walk, value);
    case KIND_TEXT:
    case KIND_PAYLOAD:
    case KIND_WORD:
    case KIND_FIELD:
    case KIND_FROM:
    case KIND_NUMBER:
    case KIND_FLAG:
    case KIND_CHOICE:
    case KIND_OBJECT:
        break;
    }
    g_assert_not_reached (); /* only the kinds above hold elements */
}

static int walk_array (struct walk *walk, const struct member *member, const json_t *value)
{
    size_t max = member->max > 0 ? (size_t)member->max : TEMPLATE_BLOCKS_MAX;
    size_t i;
    json_t *element;
    if (!json_is_array (value) || json_array_size (value) < (size_t)member->min || json_array_size (value) > max)
        return REFUSE ("harus larik dengan %zu sampai %zu unsur", (size_t)member->min, max);
    json_array_foreach (value, i, element)
    {
        size_t up = walk_down_index (walk, i);
        int verdict = walk_element (walk, member, element);
        if (verdict)
            return verdict;
        walk_up (walk, up);
    }
    return TEMPLATE_OK;
}

static int walk_value (struct walk *walk, const struct member *member, const json_t *value)
{
    int verdict;
    switch (member->kind) {
    case KIND_TEXT:
        return walk_text (walk, value, TEMPLATE_MARKUP);
    case KIND_PAYLOAD:
        return walk_text (walk, value, TEMPLATE_BARE);
    case KIND_WORD:
        return walk_word (walk, value);
    case KIND_FIELD:
        if ((verdict = walk_path (walk, value)))
            return verdict;
        return walk_field (walk, json_string_value (value), TEMPLATE_PLAIN, true);
    case KIND_FROM:
        return TEMPLATE_OK; /* read by walk_object () before its neighbours */
    case KIND_NUMBER:
        return walk_number (walk, member, value);
    case KIND_FLAG:
        return json_is_boolean (value) ? TEMPLATE_OK : REFUSE ("harus true atau false");
    case KIND_CHOICE:
        return walk_choice (walk, member, value);
    case KIND_OBJECT:
        return walk_object (walk, member->shape, value);
    case KIND_TEXTS:
    case KIND_ROWS:
    case KIND_OBJECTS:
    case KIND_BLOCKS:
        break;
    }
    return walk_array (walk, member, value);
}

/* ---- objects ------------------------------------------------------------------------------------------------ */

static int check_names (struct walk *walk, const struct shape *shape, const json_t *object)
{
    const char *name;
    json_t *value;
    if (!json_is_object (object))
        return REFUSE ("harus objek");
    json_object_foreach ((json_t *)object, name, value)
    {
        if (!template_shape_member (shape, name))
            return REFUSE ("anggota \"%.60s\" tidak dikenal", name);
    }
    for (const struct member *member = shape->members; member->name; member++)
        if (member->is_required && !json_object_get (object, member->name))
            return REFUSE ("anggota \"%s\" wajib ada", member->name);
    return TEMPLATE_OK;
}

static int walk_members (struct walk *walk, const struct shape *shape, const json_t *object)
{
    for (const struct member *member = shape->members; member->name; member++) {
        const json_t *value = json_object_get (object, member->name);
        if (!value)
            continue;
        size_t up = walk_down (walk, member->name);
        int verdict = walk_value (walk, member, value);
        if (verdict)
            return verdict;
        walk_up (walk, up);
    }
    return TEMPLATE_OK;
}

/* The full name of the list at "from", "requirements" or "officers[].tasks"; empty without one. */
static int name_list (struct walk *walk, const json_t *from, char *ret_name, size_t size)
{
    int verdict;
    ret_name[0] = '\0';
    if (!from)
        return TEMPLATE_OK;
    size_t up = walk_down (walk, "from");
    if ((verdict = walk_path (walk, from)))
        return verdict;
    const char *path = json_string_value (from);
    if (is_item (path) && !walk->from)
        return REFUSE ("%s hanya ada di dalam daftar (from)", path);
    if (is_item (path))
        g_snprintf (ret_name, size, "%s[]%s", walk->from, path + 4);
    else
        g_snprintf (ret_name, size, "%s", path);
    walk_up (walk, up);
    return TEMPLATE_OK;
}

/* A "from" names the list whose elements the texts of the same object see. */
static int walk_object (struct walk *walk, const struct shape *shape, const json_t *object)
{
    char name[2 * TEMPLATE_PATH_MAX];
    const char *outer = walk->from, *conflict;
    int verdict;
    if ((verdict = check_names (walk, shape, object)))
        return verdict;
    if ((conflict = template_shape_conflict (shape, object)))
        return REFUSE ("%s", conflict);
    if ((verdict = name_list (walk, json_object_get (object, "from"), name, sizeof name)))
        return verdict;
    if (name[0])
        walk->from = name;
    verdict = walk_members (walk, shape, object);
    walk->from = outer;
    return verdict;
}

/* ---- public ------------------------------------------------------------------------------------------------- */

int template_check (const json_t *template_json, struct template_fault *ret_fault)
{
    *ret_fault = (struct template_fault){.where = ""};
    struct walk walk = {.fault = ret_fault};
    return walk_object (&walk, &template_shape_root, template_json);
}

static int compare_rows (const void *left, const void *right)
{
    const json_t *a = *(json_t *const *)left, *b = *(json_t *const *)right;
    int order =
        strcmp (json_string_value (json_object_get (a, "field")), json_string_value (json_object_get (b, "field")));
    return order ? order
                 : strcmp (json_string_value (json_object_get (a, "format")),
                           json_string_value (json_object_get (b, "format")));
}

json_t *template_fields (const json_t *template_json)
{
    struct template_fault fault = {.where = ""};
    json_auto_t *found = json_array ();
    struct walk walk = {.fault = &fault, .fields = found};
    if (!found || walk_object (&walk, &template_shape_root, template_json) != TEMPLATE_OK)
        return NULL;
    g_autoptr (GPtrArray) rows = g_ptr_array_new ();
    for (size_t i = 0; i < json_array_size (found); i++)
        g_ptr_array_add (rows, json_array_get (found, i));
    if (rows->len > 0) /* an empty array has no memory, and qsort () wants some */
        qsort (rows->pdata, rows->len, sizeof *rows->pdata, compare_rows);
    json_t *sorted = json_array ();
    for (guint at = 0; sorted && at < rows->len; at++)
        json_array_append (sorted, rows->pdata[at]);
    return sorted;
}
