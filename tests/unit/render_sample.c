/* For developers' eyes: renders every template of a folder with the sample data into PDFs, and says how long each took.
 * render_sample TEMPLATES SAMPLE.json EMBLEM.svg OUT [WATERMARK]   It is no test: test_render* hold the properties. */
#include "render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double milliseconds (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int render_one (const char *folder, const char *name, const json_t *data, const char *out, const char *watermark)
{
    enum { ROUNDS = 20 };
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *pdf_path = g_strdup_printf ("%s/%.*s.pdf", out, (int)(strlen (name) - 5), name);
    json_auto_t *template_json = json_load_file (path, JSON_REJECT_DUPLICATES, NULL);
    struct render_options options = {
        .title = name, .author = "Kecamatan", .created_at = 1767580200, .watermark = watermark};
    struct render_output output;
    struct template_fault fault;
    double begin = milliseconds (), first = 0;
    for (int i = 0; i < ROUNDS; i++) {
        int verdict = render_pdf (template_json, data, &options, &output, &fault);
        if (verdict) {
            printf ("%-40s refused (%d): %s %s %s\n", name, verdict, fault.where, fault.field, fault.detail);
            return 1;
        }
        if (i == 0) {
            first = milliseconds () - begin;
            g_file_set_contents (pdf_path, (const char *)output.bytes, (gssize)output.size, NULL);
        }
        free (output.bytes);
    }
    printf ("%-40s %u page(s) %6zu bytes, first %.1f ms, then %.2f ms\n", name, output.pages, output.size, first,
            (milliseconds () - begin - first) / (ROUNDS - 1));
    return 0;
}

int main (int argc, char **argv)
{
    g_autofree char *emblem = NULL;
    const char *name;
    int failures = 0;
    if (argc < 5) {
        fprintf (stderr, "usage: render_sample TEMPLATES SAMPLE.json EMBLEM.svg OUT [WATERMARK]\n");
        return 2;
    }
    json_auto_t *data = json_load_file (argv[2], 0, NULL);
    g_autoptr (GDir) folder = g_dir_open (argv[1], 0, NULL);
    if (!data || !folder || !g_file_get_contents (argv[3], &emblem, NULL, NULL))
        return 2;
    json_object_set_new (json_object_get (data, "kabupaten"), "emblem_svg", json_string (emblem));
    while ((name = g_dir_read_name (folder)))
        if (g_str_has_suffix (name, ".json"))
            failures += render_one (argv[1], name, data, argv[4], argc > 5 ? argv[5] : NULL);
    return failures > 0;
}
