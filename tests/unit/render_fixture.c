/* See render_fixture.h. */
#include "render_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

json_t *sample;

const struct render_options options = {
    .title = "Surat – contoh & uji", .author = "Kecamatan Ra'as", .subject = "Uji", .created_at = 1767580200};

char *folder;

bool sample_load (void)
{
    g_autofree char *emblem = NULL;
    sample = json_load_file ("tests/unit/document_sample.json", 0, NULL);
    if (!sample || !g_file_get_contents ("deploy/demo.d/emblem.svg", &emblem, NULL, NULL))
        return false;
    json_object_set_new (json_object_get (sample, "kabupaten"), "emblem_svg", json_string (emblem));
    return true;
}

int set_up (void **state)
{
    (void)state;
    folder = g_dir_make_tmp ("render-XXXXXX", NULL);
    return folder && sample_load () ? 0 : -1;
}

int tear_down (void **state)
{
    (void)state;
    g_autofree char *said = say ("rm -r '%s'", folder);
    g_free (folder);
    json_decref (sample);
    return 0;
}

static json_t *load (const char *path)
{
    json_t *value = json_load_file (path, JSON_REJECT_DUPLICATES, NULL);
    if (!value)
        fail_msg ("cannot read %s", path);
    return value;
}

json_t *demo (const char *name)
{
    g_autofree char *path = g_strdup_printf ("deploy/demo.d/templates/%s.json", name);
    return load (path);
}

int draw (const json_t *template_json, const json_t *data, const struct render_options *how, struct render_output *ret,
          struct template_fault *ret_fault)
{
    struct template_fault said;
    int verdict = render_pdf (template_json, data, how, ret, ret_fault);
    int checked = render_check (template_json, data, &said);
    if (verdict < 0) /* the colour profile, which a check does not need */
        return verdict;
    assert_int_equal (checked, verdict);
    assert_string_equal (said.where, ret_fault->where);
    assert_string_equal (said.field, ret_fault->field);
    assert_string_equal (said.detail, ret_fault->detail);
    return verdict;
}

void render (const json_t *template_json, const json_t *data, struct render_output *ret)
{
    struct template_fault fault;
    int verdict = draw (template_json, data, &options, ret, &fault);
    if (verdict)
        fail_msg ("refused (%d): %s %s %s", verdict, fault.where, fault.field, fault.detail);
}

char *save (const struct render_output *output, const char *name)
{
    char *path = g_strdup_printf ("%s/%s.pdf", folder, name);
    assert_true (g_file_set_contents (path, (const char *)output->bytes, (gssize)output->size, NULL));
    return path;
}

char *say (const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    g_autofree char *command = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_autoptr (GString) said = g_string_new (NULL);
    char piece[4096];
    size_t got;
    FILE *pipe_end = popen (command, "r");
    assert_non_null (pipe_end);
    while ((got = fread (piece, 1, sizeof piece, pipe_end)) > 0)
        g_string_append_len (said, piece, (gssize)got);
    if (pclose (pipe_end) != 0)
        fail_msg ("%s:\n%s", command, said->str);
    return g_strdup (said->str);
}

bool has_line (const char *path, const char *expected)
{
    g_autofree char *text = say ("pdftotext -layout '%s' - | tr -s ' \\n' ' '", path);
    return strstr (text, expected) != NULL;
}

void assert_sound (const char *path)
{
    g_autofree char *check = say ("qpdf --check '%s' 2>&1", path);
    assert_non_null (strstr (check, "No syntax or stream encoding errors found"));
    assert_null (strstr (check, "WARNING"));
}

void assert_fonts (const char *path)
{
    g_autofree char *bad =
        say ("pdffonts '%s' | tail -n +3 | awk '$(NF-4) $(NF-3) $(NF-2) != \"yesyesyes\" || /Type 3/'", path);
    assert_string_equal (bad, "");
    g_autofree char *count = say ("pdffonts '%s' | tail -n +3 | wc -l", path);
    assert_true (atoi (count) >= 1);
}
