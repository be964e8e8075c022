/* Every character that a request may carry can be printed: all of text_is_printable () through the real renderer, in every font
 * family that templates may name. */
#include "common/text.h"
#include "render.h"
#include "template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* UTF-8 of a code point below U+10000. */
static size_t encode (uint32_t code_point, char *out)
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xc0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3f));
        return 2;
    }
    out[0] = (char)(0xe0 | code_point >> 12);
    out[1] = (char)(0x80 | (code_point >> 6 & 0x3f));
    out[2] = (char)(0x80 | (code_point & 0x3f));
    return 3;
}

/* All printable characters, a space after each so that lines can break. */
static json_t *everything (void)
{
    char *text = malloc (0x10000 * 4);
    assert_non_null (text);
    size_t size = 0;
    for (uint32_t code_point = 0x21; code_point < 0x10000; code_point++)
        if (text_is_printable (code_point)) {
            size += encode (code_point, text + size);
            text[size++] = ' ';
        }
    json_t *string = json_stringn (text, size);
    assert_non_null (string);
    assert_int_equal (text_check_printable (text, size, NULL), TEXT_OK);
    free (text);
    return string;
}

static void fonts_print_all_of_it (void **state)
{
    (void)state;
    static const char *const families[] = {"Liberation Serif", "Liberation Sans", "Liberation Mono", "URW Bookman"};
    json_auto_t *data = json_pack ("{s:o}", "text", everything ());
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        json_auto_t *template =
            json_pack ("{s:s, s:{s:s, s:s, s:i}, s:[{s:s, s:s}]}", "name", "Semua huruf", "page", "size", "A4", "font",
                       families[i], "font_size_pt", 10, "blocks", "type", "p", "text", "<b>{{text}}</b> {{text}}");
        struct render_options options = {.title = "Semua huruf", .created_at = 1780000000};
        struct render_output output = {0};
        struct template_fault fault = {0};
        int rc = render_pdf (template, data, &options, &output, &fault);
        if (rc != 0)
            fail_msg ("%s: %s %s %s", families[i], fault.where, fault.field, fault.detail);
        free (output.bytes);
    }
}

static void what_hides_or_breaks_is_not_printable (void **state)
{
    (void)state;
    static const uint32_t refused[] = {0x00,   0x09,   0x0a,   0x1b,   0x7f,    0x85,    0xa0,
                                       0xad,   0x200b, 0x200d, 0x2028, 0x202e,  0x2066,  0x3000,
                                       0xa9b1, 0xd800, 0xe000, 0xfeff, 0x1f600, 0x10ffff};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false (text_is_printable (refused[i]));
    for (uint32_t code_point = 0; code_point < 0x110000; code_point++)
        if (text_is_printable (code_point))
            assert_false (text_is_forbidden (code_point));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (fonts_print_all_of_it),
        cmocka_unit_test (what_hides_or_breaks_is_not_printable),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
