/* See page_fixture.h. */
#include "page_fixture.h"

#include "html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAGE_MOST = 15 * 1024, DEPTH_MOST = 32 };

static char *page; /* the one made last */

bool page_has (const char *text)
{
    return strstr (page, text) != NULL;
}

size_t page_size (void)
{
    return strlen (page);
}

static bool is_void (const char *name)
{
    static const char *const names[] = {"meta", "input", "br"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp (names[i], name) == 0)
            return true;
    return false;
}

/* Every element that opens closes, in its order; "<" and ">" stand nowhere else. */
static void check_form (const char *text)
{
    char open[DEPTH_MOST][16];
    size_t depth = 0;
    assert_memory_equal (text, "<!DOCTYPE html>\n", 16);
    for (text += 16; *text; text++) {
        char name[16] = "";
        assert_int_not_equal (*text, '>');
        if (*text != '<')
            continue;
        bool is_end = text[1] == '/';
        assert_int_equal (sscanf (text + 1 + is_end, "%15[a-z0-9]", name), 1);
        text = strchr (text, '>');
        assert_non_null (text);
        if (is_end) {
            assert_true (depth > 0);
            assert_string_equal (open[--depth], name);
        } else if (!is_void (name) && text[-1] != '/') {
            assert_true (depth < DEPTH_MOST);
            strcpy (open[depth++], name);
        }
    }
    assert_int_equal (depth, 0);
}

void page_make (struct page_asked asked, int status, json_t *body)
{
    size_t size = 0;
    free (page);
    page = page_text (&asked, status, body, &size);
    json_decref (body);
    assert_non_null (page);
    assert_int_equal (strlen (page), size);
    assert_true (size < PAGE_MOST);
    check_form (page);
    assert_false (page_has ("<script") || page_has ("<!--") || page_has (" style="));
    assert_true (page_has ("<html lang=\"id\">") && page_has (html_style));
    assert_true (page_has ("<main>") && page_has ("href=\"/petugas/\"") && page_has ("href=\"/lacak\""));
}

int page_drop (void **state)
{
    (void)state;
    free (page);
    page = NULL;
    return 0;
}

json_t *page_problem (int status, const char *code, const char *detail)
{
    return json_pack ("{s:i, s:s, s:s, s:s}", "status", status, "code", code, "detail", detail, "correlation", "c-1");
}
