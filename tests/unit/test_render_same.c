/* The same template, data and time give the same bytes: again, in another environment, in many threads. */
#include "render_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_same_bytes (void **state)
{
    (void)state;
    json_auto_t *template_json = demo ("pbg_rumah_tinggal");
    struct render_output first, again, later;
    struct template_fault fault;
    render (template_json, sample, &first);
    for (int i = 0; i < 10; i++) {
        render (template_json, sample, &again);
        assert_int_equal (again.size, first.size);
        assert_memory_equal (again.bytes, first.bytes, first.size);
        free (again.bytes);
    }
    struct render_options other = options;
    other.created_at++;
    assert_int_equal (draw (template_json, sample, &other, &later, &fault), TEMPLATE_OK);
    assert_true (later.size != first.size || memcmp (later.bytes, first.bytes, first.size) != 0);
    free (later.bytes);
    free (first.bytes);
}

/* A process of its own, with another locale and time zone, gives the same bytes. */
static char *digest_elsewhere (const char *self, const char *environment)
{
    return say ("env %s '%s' --digest 2>/dev/null", environment, self);
}

static char *digest (void)
{
    json_auto_t *template_json = demo ("surat_tugas");
    struct render_output output;
    render (template_json, sample, &output);
    char *text = g_compute_checksum_for_data (G_CHECKSUM_SHA256, output.bytes, output.size);
    free (output.bytes);
    return text;
}

static int print_digest (void)
{
    if (!sample_load ())
        return 2;
    g_autofree char *text = digest ();
    puts (text);
    json_decref (sample);
    return 0;
}

static void draw_others (void)
{
    static const char *const names[] = {"surat_keterangan_tidak_mampu",
                                        "izin_penutupan_jalan",
                                        "pbg_rumah_tinggal",
                                        "tanda_terima",
                                        "daftar_kekurangan",
                                        "skrd",
                                        "tbp"};
    for (size_t i = 0; i < G_N_ELEMENTS (names); i++) {
        json_auto_t *template_json = demo (names[i]);
        struct render_output output;
        render (template_json, sample, &output);
        free (output.bytes);
    }
}

static void test_same_bytes_elsewhere (void **state)
{
    (void)state;
    g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
    g_autofree char *here = digest_elsewhere (self, "LC_ALL=C");
    g_autofree char *there = digest_elsewhere (self, "LC_ALL=C.UTF-8 LANG=tr_TR TZ=Asia/Jayapura HOME=/nonexistent");
    draw_others ();
    g_autofree char *late = digest (); /* in a process that has drawn other documents before */
    assert_int_equal (strlen (here), 65);
    assert_string_equal (here, there);
    assert_string_equal (g_strchomp (here), late);
}

static void *digest_in_thread (void *nothing)
{
    (void)nothing;
    return digest ();
}

/* Workers draw at the same time and agree. */
static void test_threads (void **state)
{
    (void)state;
    GThread *threads[6];
    g_autofree char *expected = digest ();
    for (size_t i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("draw", digest_in_thread, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS (threads); i++) {
        g_autofree char *found = g_thread_join (threads[i]);
        assert_string_equal (found, expected);
    }
}

int main (int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_same_bytes),
        cmocka_unit_test (test_same_bytes_elsewhere),
        cmocka_unit_test (test_threads),
    };
    return argc > 1 && strcmp (argv[1], "--digest") == 0 ? print_digest ()
                                                         : cmocka_run_group_tests (tests, set_up, tear_down);
}
