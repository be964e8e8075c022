/* A schema's refusals as sentences.  See intake_form_words.h. */
#include "intake_form_words.h"

#include <stdio.h>
#include <string.h>

#define LABEL_MAX   160 /* bytes; a longer one gives way to the field's name, so that no character is cut */
#define RULE_SIZE   200
#define NUMBER_SIZE 32

/* ---- which field -------------------------------------------------------------------------------------------- */

/* The next name of a JSON Pointer, unescaped; NULL at its end. */
static const char *next_name (const char *pointer, char ret_name[JSON_POINTER_SIZE])
{
    size_t used = 0;
    if (*pointer != '/')
        return NULL;
    for (pointer++; *pointer && *pointer != '/'; pointer++) {
        bool escaped = pointer[0] == '~' && (pointer[1] == '0' || pointer[1] == '1');
        ret_name[used++] = !escaped ? *pointer : pointer[1] == '0' ? '~' : '/';
        pointer += escaped;
    }
    ret_name[used] = '\0';
    return pointer;
}

static const json_t *definition_of (const json_t *schema, const char *name)
{
    const json_t *member = json_object_get (json_object_get (schema, "properties"), name);
    return member ? member : json_object_get (schema, "items");
}

static const char *label_of (const json_t *definition)
{
    const char *label = json_text (definition, "x-label");
    if (!label)
        label = json_text (definition, "title");
    return label && *label && strlen (label) <= LABEL_MAX ? label : NULL;
}

/* The field as the officer knows it. */
struct field {
    const json_t *definition;     /* NULL: it stands behind a reference or an alternative */
    char name[JSON_POINTER_SIZE]; /* its label, else its name in the form; of a list's entry the list's label */
};

static void descend (struct field *field, const char *name)
{
    field->definition = definition_of (field->definition, name);
    const char *label = label_of (field->definition);
    bool is_index = name[0] >= '0' && name[0] <= '9';
    if (label || !is_index)
        snprintf (field->name, sizeof field->name, "%s", label ? label : name);
}

static struct field find_field (const json_t *schema, const struct schema_fault *fault)
{
    struct field field = {.definition = schema, .name = "Formulir"};
    char name[JSON_POINTER_SIZE];
    for (const char *at = next_name (fault->pointer, name); at; at = next_name (at, name))
        descend (&field, name);
    if (strcmp (fault->keyword, "required") == 0)
        descend (&field, fault->member);
    return field;
}

/* ---- which rule --------------------------------------------------------------------------------------------- */

/* "12", "0,5" */
static void print_number (const json_t *number, char ret_text[NUMBER_SIZE])
{
    if (json_is_integer (number)) {
        snprintf (ret_text, NUMBER_SIZE, "%lld", (long long)json_integer_value (number));
        return;
    }
    snprintf (ret_text, NUMBER_SIZE, "%.10g", json_number_value (number));
    char *point = strchr (ret_text, '.');
    if (point)
        *point = ',';
}

/* The choices, if all of them are texts and fit. */
static void print_choices (const json_t *choices, char *ret_text, size_t size)
{
    size_t i, used = (size_t)snprintf (ret_text, size, "harus salah satu dari: ");
    json_t *choice;
    json_array_foreach (choices, i, choice)
    {
        const char *text = json_string_value (choice);
        if (text && used + strlen (text) + 2 < size) {
            used += (size_t)snprintf (ret_text + used, size - used, "%s%s", i ? ", " : "", text);
            continue;
        }
        snprintf (ret_text, size, "harus salah satu pilihan yang ada");
        return;
    }
}

struct wording {
    const char *key, *words;
};

static const struct wording types[] = {
    {"number", "harus berupa angka"},
    {"integer", "harus berupa bilangan bulat"},
    {"string", "harus berupa teks"},
    {"boolean", "harus ya atau tidak"},
    {"array", "harus berupa daftar"},
    {"object", "harus berupa kelompok isian"},
    {NULL, "salah jenis"},
};
static const struct wording formats[] = {
    {"date", "harus berupa tanggal, misalnya 2026-12-31"},
    {"date-time", "harus berupa tanggal dan jam, misalnya 2026-12-31T09:00:00+07:00"},
    {"email", "harus berupa alamat email"},
    {"uri", "harus berupa alamat web"},
    {"uuid", "harus berupa kode UUID"},
    {NULL, "bentuknya tidak sesuai"},
};
/* Rules that need no limit to be said. */
static const struct wording plain[] = {
    {"required", "wajib diisi"},
    {"pattern", "penulisannya tidak sesuai"},
    {"uniqueItems", "memuat hal yang sama dua kali"},
    {"enum", "harus salah satu pilihan yang ada"},
    {"const", "harus diisi dengan nilai yang ditetapkan"},
    {NULL, "tidak memenuhi ketentuan"},
};
static const struct {
    const char *key, *before, *after;
} limits[] = {
    {"minimum", "paling kecil ", ""},
    {"exclusiveMinimum", "harus lebih dari ", ""},
    {"maximum", "paling besar ", ""},
    {"exclusiveMaximum", "harus kurang dari ", ""},
    {"multipleOf", "harus kelipatan ", ""},
    {"minLength", "paling sedikit ", " karakter"},
    {"maxLength", "paling banyak ", " karakter"},
    {"minItems", "paling sedikit ", " entri"},
    {"maxItems", "paling banyak ", " entri"},
};

/* The last entry is the answer to any other key. */
static const char *words_for (const struct wording *wordings, const char *key)
{
    while (wordings->key && (!key || strcmp (wordings->key, key) != 0))
        wordings++;
    return wordings->words;
}

/* False when the rule has no number to tell. */
static bool print_limit (const char *keyword, const json_t *limit, char *ret_text, size_t size)
{
    char number[NUMBER_SIZE];
    if (!json_is_number (limit))
        return false;
    print_number (limit, number);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (strcmp (limits[i].key, keyword) != 0)
            continue;
        snprintf (ret_text, size, "%s%s%s", limits[i].before, number, limits[i].after);
        return true;
    }
    return false;
}

/* What was typed is empty where something is wanted: the commonest slip deserves the plainest words. */
static bool asks_for_something (const char *keyword, const json_t *limit)
{
    if (strcmp (keyword, "minLength") == 0)
        return json_integer_value (limit) == 1;
    return strcmp (keyword, "pattern") == 0 && json_is_string (limit) && strcmp (json_string_value (limit), "\\S") == 0;
}

static void print_rule (const char *keyword, const json_t *limit, char *ret_text, size_t size)
{
    if (asks_for_something (keyword, limit))
        keyword = "required";
    if (strcmp (keyword, "enum") == 0 && json_is_array (limit))
        print_choices (limit, ret_text, size);
    else if (strcmp (keyword, "type") == 0)
        snprintf (ret_text, size, "%s", words_for (types, json_string_value (limit)));
    else if (strcmp (keyword, "format") == 0)
        snprintf (ret_text, size, "%s", words_for (formats, json_string_value (limit)));
    else if (!print_limit (keyword, limit, ret_text, size))
        snprintf (ret_text, size, "%s", words_for (plain, keyword));
}

void form_fault_words (const json_t *schema, const struct schema_fault *fault, char *ret_why, size_t size)
{
    char rule[RULE_SIZE];
    if (strcmp (fault->keyword, "additionalProperties") == 0) {
        snprintf (ret_why, size, "isian %s tidak dikenal", fault->member);
        return;
    }
    struct field field = find_field (schema, fault);
    print_rule (fault->keyword, json_object_get (field.definition, fault->keyword), rule, sizeof rule);
    snprintf (ret_why, size, "%s %s", field.name, rule);
}
