/* The table of the officers' application: what is read, what an address finds, which form is sent. */
#include "asset.h"

#include "common/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[40];

static void put (const char *name, const char *text)
{
    char path[200];
    snprintf (path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fputs (text, file);
    fclose (file);
}

static int make (void **state)
{
    (void)state;
    char path[200];
    snprintf (folder, sizeof folder, "/tmp/paten_asset_XXXXXX");
    assert_non_null (mkdtemp (folder));
    snprintf (path, sizeof path, "%s/aset", folder);
    assert_int_equal (mkdir (path, 0700), 0);
    put ("index.html", "<p>");
    put ("index.html.gz", "gz");
    put ("index.html.br", "br");
    put ("sw.js", "worker");
    put ("aset/a-1.css", "p{}");
    put ("aset/lost.js.br", "its plain form is missing");
    put (".hidden.js", "secret");
    put ("empty.txt", "");
    return 0;
}

static int clear (void **state)
{
    static const char *const names[] = {"index.html",      "index.html.gz", "index.html.br", "sw.js", "aset/a-1.css",
                                        "aset/lost.js.br", ".hidden.js",    "empty.txt",     "aset",  ""};
    char path[200];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf (path, sizeof path, "%s/%s", folder, names[i]);
        (void)remove (path);
    }
    return 0;
}

static const char *found (const assets_t *assets, const char *path)
{
    const struct asset *asset = assets_find (assets, path);
    return asset ? asset->path : "";
}

static void addresses_find_their_file (void **state)
{
    (void)state;
    assets_t *assets = assets_load (folder);
    assert_non_null (assets);
    assert_string_equal (found (assets, ""), "index.html");
    assert_string_equal (found (assets, "index.html"), "index.html");
    assert_string_equal (found (assets, "loket/baru"), "index.html");
    assert_string_equal (found (assets, "kasus/35.29.22"), "index.html");
    assert_string_equal (found (assets, "a.b/c"), "index.html");
    assert_string_equal (found (assets, "aset/a-1.css"), "aset/a-1.css");
    assert_string_equal (found (assets, "sw.js"), "sw.js");
    assert_string_equal (found (assets, "empty.txt"), "empty.txt");
    assert_string_equal (found (assets, "aset/lost.js"), "");
    assert_string_equal (found (assets, "index.html.br"), "");
    assert_string_equal (found (assets, ".hidden.js"), "");
    assert_string_equal (found (assets, "aset/A-1.css"), "");
    assets_destroy (&assets);
    assert_null (assets);
}

static void files_know_what_they_are (void **state)
{
    (void)state;
    assets_t *assets = assets_load (folder);
    const struct asset *page = assets_find (assets, ""), *style = assets_find (assets, "aset/a-1.css"),
                       *worker = assets_find (assets, "sw.js");
    assert_string_equal (page->media_type, "text/html; charset=utf-8");
    assert_string_equal (style->media_type, "text/css; charset=utf-8");
    assert_string_equal (worker->media_type, "text/javascript; charset=utf-8");
    assert_non_null (strstr (asset_cache_control (style), "immutable"));
    assert_string_equal (asset_cache_control (worker), "no-cache");
    assert_string_not_equal (page->forms[ASSET_PLAIN].etag, page->forms[ASSET_BROTLI].etag);
    assert_int_equal (style->forms[ASSET_PLAIN].size, 3);
    assets_destroy (&assets);
}

static void the_form_is_the_clients_choice (void **state)
{
    static const struct {
        const char *accept;
        enum asset_coding coding;
    } cases[] = {
        {NULL, ASSET_PLAIN},
        {"", ASSET_PLAIN},
        {"identity", ASSET_PLAIN},
        {"gzip", ASSET_GZIP},
        {"gzip, deflate, br", ASSET_BROTLI},
        {"BR", ASSET_BROTLI},
        {"br;q=0, gzip;q=0.5", ASSET_GZIP},
        {"br ; q=0.000,gzip; q=0", ASSET_PLAIN},
        {"br;q=1.0", ASSET_BROTLI},
        {"brotli, gzipped, xbr", ASSET_PLAIN},
        {",,;=,", ASSET_PLAIN},
    };
    (void)state;
    assets_t *assets = assets_load (folder);
    const struct asset *page = assets_find (assets, "");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal (asset_choose (page, cases[i].accept), cases[i].coding);
    assert_int_equal (asset_choose (assets_find (assets, "sw.js"), "br, gzip"), ASSET_PLAIN);
    assets_destroy (&assets);
}

static void tags_are_compared (void **state)
{
    (void)state;
    assets_t *assets = assets_load (folder);
    const struct asset_form *form = &assets_find (assets, "")->forms[ASSET_PLAIN];
    char list[200];
    snprintf (list, sizeof list, "\"a\", W/%s", form->etag);
    assert_true (asset_is_known (form, form->etag));
    assert_true (asset_is_known (form, list));
    assert_true (asset_is_known (form, "*"));
    assert_false (asset_is_known (form, NULL));
    assert_false (asset_is_known (form, "\"a\""));
    assert_false (asset_is_known (form, ""));
    assets_destroy (&assets);
}

static void what_is_no_application_is_refused (void **state)
{
    char path[200];
    (void)state;
    assert_null (assets_load ("/nonexistent"));
    snprintf (path, sizeof path, "%s/index.html", folder);
    assert_null (assets_load (path));
    assert_int_equal (remove (path), 0);
    assert_null (assets_load (folder));
}

int main (void)
{
    log_open ("test", LEVEL_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (addresses_find_their_file, make, clear),
        cmocka_unit_test_setup_teardown (files_know_what_they_are, make, clear),
        cmocka_unit_test_setup_teardown (the_form_is_the_clients_choice, make, clear),
        cmocka_unit_test_setup_teardown (tags_are_compared, make, clear),
        cmocka_unit_test_setup_teardown (what_is_no_application_is_refused, make, clear),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
