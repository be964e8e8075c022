/* The rules of the document station: every state under every command, how numbers are written, when the day changes.
 * The expectations are computed from the text of the rules, not from their tables. */
#include "document.h"

#include "common/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- lifecycles --------------------------------------------------------------------------------------------- */

static void test_draft_ends_once (void **state)
{
    (void)state;
    for (enum document_draft_state from = 0; from < DOCUMENT_DRAFT_STATES; from++)
        for (enum document_draft_command command = 0; command < DOCUMENT_DRAFT_COMMANDS; command++) {
            struct document_draft_rule rule = document_draft_rule (from, command);
            assert_int_equal (rule.allowed, from == DOCUMENT_DRAFT_OPEN);
            if (rule.allowed)
                assert_int_equal (rule.to, command == DOCUMENT_DRAFT_SUBMIT   ? DOCUMENT_DRAFT_SUBMITTED
                                           : command == DOCUMENT_DRAFT_RETURN ? DOCUMENT_DRAFT_RETURNED
                                                                              : DOCUMENT_DRAFT_CLOSED);
        }
}

/* Submitting and returning are refused for the same reasons. */
static void test_operators_commands (void **state)
{
    (void)state;
    for (enum document_draft_state from = 0; from < DOCUMENT_DRAFT_STATES; from++)
        for (int attempt = 1; attempt <= 3; attempt++)
            for (int seen = 0; seen <= 4; seen++) {
                enum document_draft_verdict expected = seen != 0 && seen != attempt    ? DOCUMENT_DRAFT_STALE
                                                       : from == DOCUMENT_DRAFT_OPEN   ? DOCUMENT_DRAFT_ACCEPTED
                                                       : from == DOCUMENT_DRAFT_CLOSED ? DOCUMENT_DRAFT_ENDED
                                                                                       : DOCUMENT_DRAFT_TOO_LATE;
                assert_int_equal (document_draft_decide (DOCUMENT_DRAFT_SUBMIT, from, attempt, seen), expected);
                assert_int_equal (document_draft_decide (DOCUMENT_DRAFT_RETURN, from, attempt, seen), expected);
            }
}

/* Only what was rendered can be signed; what is signed or void stays so; the number follows its document. */
static void test_final_documents (void **state)
{
    (void)state;
    for (enum document_final_state from = 0; from < DOCUMENT_FINAL_STATES; from++)
        for (enum document_final_command command = 0; command < DOCUMENT_FINAL_COMMANDS; command++) {
            struct document_final_rule rule = document_final_rule (from, command);
            bool live = from == DOCUMENT_FINAL_REQUESTED || from == DOCUMENT_FINAL_READY;
            assert_int_equal (rule.allowed, live && (command != DOCUMENT_FINAL_SIGN || from == DOCUMENT_FINAL_READY));
            if (!rule.allowed)
                continue;
            assert_true ((rule.number == DOCUMENT_NUMBER_VOID) == (rule.to == DOCUMENT_FINAL_VOID));
            assert_true ((rule.number == DOCUMENT_NUMBER_USED) == (rule.to == DOCUMENT_FINAL_SIGNED));
            assert_true ((rule.to == DOCUMENT_FINAL_VOID) == (command == DOCUMENT_FINAL_CANCEL));
            assert_true ((rule.to == DOCUMENT_FINAL_READY) == (command == DOCUMENT_FINAL_RENDER));
        }
}

static void test_names (void **state)
{
    (void)state;
    for (enum document_draft_state s = 0; s < DOCUMENT_DRAFT_STATES; s++) {
        enum document_draft_state parsed = DOCUMENT_DRAFT_STATES;
        assert_true (document_draft_state_parse (document_draft_state_name (s), &parsed));
        assert_int_equal (parsed, s);
    }
    for (enum document_final_state s = 0; s < DOCUMENT_FINAL_STATES; s++) {
        enum document_final_state parsed = DOCUMENT_FINAL_STATES;
        assert_true (document_final_state_parse (document_final_state_name (s), &parsed));
        assert_int_equal (parsed, s);
    }
    enum document_draft_state draft;
    enum document_final_state final;
    assert_false (document_draft_state_parse ("Open", &draft));
    assert_false (document_final_state_parse ("", &final));
}

/* ---- numbers ------------------------------------------------------------------------------------------------ */

static void assert_number (const char *format, int64_t seq, enum document_format_verdict verdict, const char *expected)
{
    char text[DOCUMENT_NUMBER_SIZE] = "untouched";
    struct document_number number = {
        .seq = seq, .year = 2026, .roman_month = "XI", .unit = "433.322", .code = "400.9.14.1"};
    assert_int_equal (document_number_write (format, &number, text), verdict);
    assert_string_equal (text, expected);
}

static void test_numbers (void **state)
{
    (void)state;
    assert_number ("400.9.14.1/{nomor:3}/{unit}/{bulan_romawi}/{tahun}", 17, DOCUMENT_FORMAT_OK,
                   "400.9.14.1/017/433.322/XI/2026");
    assert_number ("{kode}/{nomor}/{tahun}", 17, DOCUMENT_FORMAT_OK, "400.9.14.1/17/2026");
    assert_number ("{nomor:3}", 1234, DOCUMENT_FORMAT_OK, "1234");
    assert_number ("{nomor:1}", 7, DOCUMENT_FORMAT_OK, "7");
    assert_number ("{nomor:9}", INT64_MAX, DOCUMENT_FORMAT_OK, "9223372036854775807");
    assert_number ("503/{nomor}/Kec. Ra'as", 1, DOCUMENT_FORMAT_OK, "503/1/Kec. Ra'as");
}

static void test_broken_formats (void **state)
{
    (void)state;
    static const char *const malformed[] = {"{nomor",         "nomor}",          "{nomor}{",  "{}{nomor}",
                                            "{nomor:0}",      "{nomor:10}",      "{nomor:}",  "{nomor:x}",
                                            "{Nomor}{nomor}", "{tahun }{nomor}", "{{nomor}}", "{nomor}}"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        assert_number (malformed[i], 1, DOCUMENT_FORMAT_MALFORMED, "");
    assert_number ("", 1, DOCUMENT_FORMAT_NO_NUMBER, "");
    assert_number ("400/{tahun}", 1, DOCUMENT_FORMAT_NO_NUMBER, "");
}

static void test_missing_values (void **state)
{
    (void)state;
    char text[DOCUMENT_NUMBER_SIZE];
    struct document_number number = {.seq = 1, .year = 2026, .roman_month = "I", .unit = ""};
    assert_int_equal (document_number_write ("{nomor}/{unit}", &number, text), DOCUMENT_FORMAT_LACKS_VALUE);
    assert_int_equal (document_number_write ("{nomor}/{kode}", &number, text), DOCUMENT_FORMAT_LACKS_VALUE);
    assert_int_equal (document_number_write ("{nomor}", &number, text), DOCUMENT_FORMAT_OK);
}

/* The longest number fits, one byte more does not, and nothing is written past the buffer. */
static void test_length (void **state)
{
    (void)state;
    struct document_number number = {.seq = 5, .year = 2026};
    struct {
        char text[DOCUMENT_NUMBER_SIZE];
        char guard;
    } out = {.guard = 'g'};
    for (size_t length = DOCUMENT_NUMBER_SIZE - 3; length < 3 * DOCUMENT_NUMBER_SIZE; length++) {
        char format[4 * DOCUMENT_NUMBER_SIZE] = "";
        memset (format, 'x', length - 1);
        strcpy (format + length - 1, "{nomor}");
        bool fits = length < DOCUMENT_NUMBER_SIZE;
        assert_int_equal (document_number_write (format, &number, out.text),
                          fits ? DOCUMENT_FORMAT_OK : DOCUMENT_FORMAT_TOO_LONG);
        assert_int_equal (strlen (out.text), fits ? length : 0);
        assert_int_equal (out.guard, 'g');
    }
}

/* ---- the day changes ---------------------------------------------------------------------------------------- */

/* At any moment of a day the renewal comes on the next local day, within a minute of its beginning. */
static void test_renewal (void **state)
{
    (void)state;
    static const int offsets[] = {CALENDAR_WIB_MINUTES, CALENDAR_WITA_MINUTES, CALENDAR_WIT_MINUTES};
    const int64_t new_year = INT64_C (1798736400000); /* 2027-01-01T00:00:00+07:00 */
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
        for (int64_t now = new_year - 36 * 3600000; now < new_year + 36 * 3600000; now += 61 * 1000 + 1) {
            struct civil_date today, then;
            int minute;
            int64_t at = now + document_renewal_delay_ms (now, offsets[i]);
            assert_true (calendar_from_unix (now / 1000, offsets[i], &today, NULL));
            assert_true (calendar_from_unix (at / 1000, offsets[i], &then, &minute));
            assert_int_equal (calendar_day_number (then), calendar_day_number (today) + 1);
            assert_int_equal (minute, 0);
        }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_draft_ends_once), cmocka_unit_test (test_operators_commands),
        cmocka_unit_test (test_final_documents), cmocka_unit_test (test_names),
        cmocka_unit_test (test_numbers),         cmocka_unit_test (test_broken_formats),
        cmocka_unit_test (test_missing_values),  cmocka_unit_test (test_length),
        cmocka_unit_test (test_renewal),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
