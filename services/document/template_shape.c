/* The tables of template_shape.h.  A new member or block starts here; proto/template.json must say the same (a test
 * compares them). */
#include "template_shape.h"

#include <glib.h>
#include <string.h>

#define CHOICES(...)                                                                                                   \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

static const struct member page_members[] = {
    {.name = "size", .kind = KIND_CHOICE, .is_required = true, .choices = CHOICES ("F4", "A4", "A5", "receipt")},
    {.name = "width_mm", .kind = KIND_NUMBER, .min = 48, .max = 120},
    {.name = "margin_top_mm", .kind = KIND_NUMBER, .min = 2, .max = 60},
    {.name = "margin_right_mm", .kind = KIND_NUMBER, .min = 2, .max = 60},
    {.name = "margin_bottom_mm", .kind = KIND_NUMBER, .min = 2, .max = 60},
    {.name = "margin_left_mm", .kind = KIND_NUMBER, .min = 2, .max = 60},
    {.name = "font",
     .kind = KIND_CHOICE,
     .is_required = true, /* those that deploy/packages.txt installs */
     .choices = CHOICES ("Liberation Serif", "Liberation Sans", "Liberation Mono", "URW Bookman")},
    {.name = "font_size_pt", .kind = KIND_NUMBER, .is_required = true, .min = 6, .max = 16},
    {.name = "line_spacing", .kind = KIND_NUMBER, .min = 0.9, .max = 2},
    {0},
};

static const struct member footer_members[] = {
    {.name = "text", .kind = KIND_TEXT},
    {.name = "page_numbers", .kind = KIND_FLAG},
    {0},
};

#define ALIGN                                                                                                          \
    {                                                                                                                  \
        .name = "align", .kind = KIND_CHOICE, .choices = CHOICES ("left", "center", "right", "justify")                \
    }
#define SIZE                                                                                                           \
    {                                                                                                                  \
        .name = "size_pt", .kind = KIND_NUMBER, .min = 6, .max = 40                                                    \
    }
#define SPACE_AFTER                                                                                                    \
    {                                                                                                                  \
        .name = "space_after_mm", .kind = KIND_NUMBER, .min = 0, .max = 60                                             \
    }
#define LEFT                                                                                                           \
    {                                                                                                                  \
        .name = "left_mm", .kind = KIND_NUMBER, .min = 0, .max = 100                                                   \
    }
#define TYPE                                                                                                           \
    {                                                                                                                  \
        .name = "type", .kind = KIND_WORD, .is_required = true                                                         \
    }

static const struct member letterhead_members[] = {
    TYPE,
    {.name = "emblem", .kind = KIND_FIELD},
    {.name = "government", .kind = KIND_TEXT, .is_required = true},
    {.name = "office", .kind = KIND_TEXT, .is_required = true},
    {.name = "lines", .kind = KIND_TEXTS, .max = 4},
    SPACE_AFTER,
    {0},
};
static const struct member title_members[] = {
    TYPE,
    {.name = "text", .kind = KIND_TEXT, .is_required = true},
    {.name = "number", .kind = KIND_TEXT},
    SIZE,
    SPACE_AFTER,
    {0},
};
static const struct member p_members[] = {
    TYPE,
    {.name = "text", .kind = KIND_TEXT, .is_required = true},
    ALIGN,
    SIZE,
    LEFT,
    {.name = "indent_mm", .kind = KIND_NUMBER, .min = 0, .max = 60},
    {.name = "frame", .kind = KIND_FLAG},
    {.name = "keep_with_next", .kind = KIND_FLAG},
    SPACE_AFTER,
    {0},
};
static const struct member kv_row_members[] = {
    {.name = "label", .kind = KIND_TEXT, .is_required = true},
    {.name = "value", .kind = KIND_TEXT, .is_required = true},
    {.name = "skip_empty", .kind = KIND_FLAG},
    {0},
};
static const struct member kv_members[] = {
    TYPE,
    {.name = "rows",
     .kind = KIND_OBJECTS,
     .is_required = true,
     .min = 1,
     .max = 60,
     .shape = &(const struct shape){.members = kv_row_members}},
    {.name = "label_mm", .kind = KIND_NUMBER, .min = 5, .max = 120},
    SIZE,
    LEFT,
    SPACE_AFTER,
    {0},
};
static const struct member column_members[] = {
    {.name = "header", .kind = KIND_TEXT},
    {.name = "text", .kind = KIND_TEXT},
    {.name = "width", .kind = KIND_NUMBER, .is_required = true, .min = 0.1, .max = 100},
    ALIGN,
    {0},
};
static const struct member table_members[] = {
    TYPE,
    {.name = "columns",
     .kind = KIND_OBJECTS,
     .is_required = true,
     .min = 1,
     .max = 10,
     .shape = &(const struct shape){.members = column_members}},
    {.name = "from", .kind = KIND_FROM},
    {.name = "rows", .kind = KIND_ROWS, .min = 1, .max = 100},
    {.name = "border", .kind = KIND_FLAG},
    SIZE,
    LEFT,
    SPACE_AFTER,
    {0},
};
static const struct member list_members[] = {
    TYPE,
    {.name = "from", .kind = KIND_FROM},
    {.name = "text", .kind = KIND_TEXT},
    {.name = "items", .kind = KIND_TEXTS, .min = 1, .max = 60},
    {.name = "marker", .kind = KIND_CHOICE, .choices = CHOICES ("number", "letter", "dash", "box")},
    ALIGN,
    SIZE,
    LEFT,
    SPACE_AFTER,
    {0},
};
static const struct member qr_members[] = {
    TYPE,
    {.name = "payload", .kind = KIND_PAYLOAD, .is_required = true},
    {.name = "size_mm", .kind = KIND_NUMBER, .min = 15, .max = 60},
    {.name = "caption", .kind = KIND_TEXT},
    {.name = "align", .kind = KIND_CHOICE, .choices = CHOICES ("left", "center", "right")},
    SPACE_AFTER,
    {0},
};
static const struct member sign_qr_members[] = {
    {.name = "payload", .kind = KIND_PAYLOAD, .is_required = true},
    {.name = "size_mm", .kind = KIND_NUMBER, .min = 15, .max = 60},
    {.name = "caption", .kind = KIND_TEXT},
    {0},
};
static const struct member signer_members[] = {
    {.name = "place_date", .kind = KIND_TEXT},
    {.name = "position", .kind = KIND_TEXTS, .max = 6},
    {.name = "position_from", .kind = KIND_FIELD},
    {.name = "statement", .kind = KIND_TEXT},
    {.name = "space_mm", .kind = KIND_NUMBER, .min = 0, .max = 60},
    {.name = "name", .kind = KIND_TEXT, .is_required = true},
    {.name = "rank", .kind = KIND_TEXT},
    {.name = "nip", .kind = KIND_TEXT},
    {0},
};
static const struct member sign_members[] = {
    TYPE,
    {.name = "signers",
     .kind = KIND_OBJECTS,
     .is_required = true,
     .min = 1,
     .max = 3,
     .shape = &(const struct shape){.members = signer_members}},
    {.name = "qr", .kind = KIND_OBJECT, .shape = &(const struct shape){.members = sign_qr_members}},
    {.name = "width_mm", .kind = KIND_NUMBER, .min = 30, .max = 120},
    SPACE_AFTER,
    {0},
};
static const struct member rule_members[] = {
    TYPE,
    {.name = "thickness_pt", .kind = KIND_NUMBER, .min = 0.25, .max = 6},
    SPACE_AFTER,
    {0},
};
static const struct member space_members[] = {
    TYPE,
    {.name = "mm", .kind = KIND_NUMBER, .is_required = true, .min = 0, .max = 200},
    {0},
};
static const struct member if_members[] = {
    TYPE,
    {.name = "field", .kind = KIND_FIELD, .is_required = true},
    {.name = "equals", .kind = KIND_WORD},
    {.name = "then", .kind = KIND_BLOCKS, .is_required = true},
    {.name = "else", .kind = KIND_BLOCKS},
    {0},
};
static const struct member each_members[] = {
    TYPE,
    {.name = "from", .kind = KIND_FROM, .is_required = true},
    {.name = "blocks", .kind = KIND_BLOCKS, .is_required = true},
    {0},
};

static const struct shape block_shapes[] = {
    {"letterhead", letterhead_members},
    {"title", title_members},
    {"p", p_members},
    {"kv", kv_members},
    {"table", table_members},
    {"list", list_members},
    {"qr", qr_members},
    {"sign", sign_members},
    {"rule", rule_members},
    {"space", space_members},
    {"if", if_members},
    {"each", each_members},
};

static const struct member template_members[] = {
    {.name = "name", .kind = KIND_WORD, .is_required = true},
    {.name = "page", .kind = KIND_OBJECT, .is_required = true, .shape = &(const struct shape){.members = page_members}},
    {.name = "footer", .kind = KIND_OBJECT, .shape = &(const struct shape){.members = footer_members}},
    {.name = "blocks", .kind = KIND_BLOCKS, .is_required = true},
    {0},
};

const struct shape template_shape_root = {.members = template_members};

const struct shape *template_shape_of_block (const json_t *block)
{
    const char *type = json_string_value (json_object_get (block, "type"));
    for (size_t i = 0; type && i < G_N_ELEMENTS (block_shapes); i++)
        if (strcmp (block_shapes[i].type, type) == 0)
            return &block_shapes[i];
    return NULL;
}

const struct member *template_shape_member (const struct shape *shape, const char *name)
{
    for (const struct member *member = shape->members; member->name; member++)
        if (strcmp (member->name, name) == 0)
            return member;
    return NULL;
}

static bool has (const json_t *object, const char *name)
{
    return json_object_get (object, name) != NULL;
}

const char *template_shape_conflict (const struct shape *shape, const json_t *object)
{
    const char *size = json_string_value (json_object_get (object, "size"));
    if (shape->members == page_members && size && (strcmp (size, "receipt") == 0) != has (object, "width_mm"))
        return "width_mm wajib untuk receipt dan hanya untuk receipt";
    if (shape->members == list_members &&
        (has (object, "from") == has (object, "items") || has (object, "from") != has (object, "text")))
        return "daftar memakai \"items\", atau \"from\" bersama \"text\"";
    if (shape->members != table_members)
        return NULL;
    if (has (object, "from") == has (object, "rows"))
        return "tabel memakai salah satu: \"from\" atau \"rows\"";
    const json_t *columns = json_object_get (object, "columns"), *rows = json_object_get (object, "rows");
    for (size_t i = 0; i < json_array_size (columns); i++)
        if (has (object, "from") != has (json_array_get (columns, i), "text"))
            return "kolom memakai \"text\" bila ada \"from\"";
    for (size_t i = 0; i < json_array_size (rows); i++)
        if (json_array_size (json_array_get (rows, i)) != json_array_size (columns))
            return "banyaknya sel tidak sama dengan banyaknya kolom";
    return NULL;
}
