/* The rules of notification: which event is told, how a message lives, what SMTP answers mean, texts and addresses. */
#include "notification.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_kinds (void **state)
{
    (void)state;
    static const struct {
        const char *topic, *detail;
        long long amount;
        enum notification_kind kind;
    } cases[] = {
        {"application.registered", NULL, 0, NOTIFICATION_REGISTERED},
        {"application.incomplete", NULL, 0, NOTIFICATION_INCOMPLETE},
        {"bill.issued", NULL, 120000, NOTIFICATION_PAYMENT_DUE},
        {"bill.issued", NULL, 0, NOTIFICATION_NONE},
        {"bill.issued", NULL, -1, NOTIFICATION_NONE},
        {"step.requested", "handover", 0, NOTIFICATION_READY},
        {"step.requested", "payment", 0, NOTIFICATION_NONE},
        {"step.requested", "verification", 0, NOTIFICATION_NONE},
        {"step.requested", NULL, 0, NOTIFICATION_NONE},
        {"application.closed", "done", 0, NOTIFICATION_DONE},
        {"application.closed", "rejected", 0, NOTIFICATION_REJECTED},
        {"application.closed", "withdrawn", 0, NOTIFICATION_WITHDRAWN},
        {"application.closed", "", 0, NOTIFICATION_NONE},
        {"document.signed", NULL, 0, NOTIFICATION_NONE},
        {"", NULL, 0, NOTIFICATION_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal (notification_kind_of (cases[i].topic, cases[i].detail, cases[i].amount), cases[i].kind);
}

static void test_states (void **state)
{
    (void)state;
    for (enum notification_state from = NOTIFICATION_QUEUED; from < NOTIFICATION_STATES; from++) {
        assert_int_equal (notification_state_parse (notification_state_name (from)), from);
        for (enum notification_command command = NOTIFICATION_DELIVERED; command < NOTIFICATION_COMMANDS; command++) {
            enum notification_state next;
            bool moved = notification_next (from, command, &next);
            /* what was sent, or concerns nobody, stays as it is */
            assert_int_equal (moved, from == NOTIFICATION_QUEUED || from == NOTIFICATION_FAILED);
            assert_int_equal (moved, notification_may_deliver (from));
            if (!moved)
                assert_int_equal (next, from);
            if (moved)
                assert_int_equal (next == NOTIFICATION_SENT, command == NOTIFICATION_DELIVERED);
            if (moved)
                assert_int_equal (next == NOTIFICATION_QUEUED, command == NOTIFICATION_RETRY);
        }
    }
}

static void test_delivery (void **state)
{
    (void)state;
    for (long code = 0; code < 700; code++) {
        assert_int_equal (notification_delivery (true, code), NOTIFICATION_DELIVERED);
        bool is_ours = code == 530 || code == 534 || code == 535 || code == 538;
        bool is_permanent = code / 100 == 5 && !is_ours;
        assert_int_equal (notification_delivery (false, code),
                          is_permanent ? NOTIFICATION_GIVE_UP : NOTIFICATION_RETRY);
    }
}

static void test_render (void **state)
{
    (void)state;
    const struct notification_field fields[] = {
        {.name = "name", .value = "Ra'as\r\nBcc: x@y.z\t\x7f!"},
        {.name = "missing", .value = "- a\n- b\r", .has_lines = true},
        {.name = "none", .value = NULL},
    };
    char text[64];
    assert_int_equal (notification_render ("Yth. {name}", fields, 3, text, sizeof text), 25);
    assert_string_equal (text, "Yth. Ra'as  Bcc: x@y.z  !");
    assert_true (notification_render ("{missing}\n{none}", fields, 3, text, sizeof text) > 0);
    assert_string_equal (text, "- a\n- b \n-");
    assert_int_equal (notification_render ("{nik}", fields, 3, text, sizeof text), -1);
    assert_int_equal (notification_render ("{nam}", fields, 3, text, sizeof text), -1);
    assert_int_equal (notification_render ("{", fields, 3, text, sizeof text), -1);
    assert_int_equal (notification_render ("{}", fields, 3, text, sizeof text), -1);
    assert_int_equal (notification_render ("", fields, 3, text, sizeof text), 0);
    for (size_t size = 1; size < 24; size++) { /* exactly as much as fits, never a byte more */
        char *small = malloc (size);
        int length = notification_render ("abc {none} {missing}", fields, 3, small, size);
        assert_int_equal (length, size > 14 ? 14 : -1);
        free (small);
    }
}

static void test_addresses (void **state)
{
    (void)state;
    static const char *const good[] = {"budi@contoh.id", "a.b+c@sub.contoh.co.id", "x_y-z'q@1.id", "A@B.C"};
    static const char *const bad[] = {
        "",
        "budi",
        "@contoh.id",
        "budi@",
        "budi@localhost",
        "b@@c.id",
        "b@c@d.id",
        "b c@d.id",
        "b@c.id\r\nRCPT TO:<x@y.z>",
        "<b@c.id>",
        "b@c.id,d@e.id",
        "b@.id",
        "b@c..id",
        "b@c.id.",
        ".b@c.id",
        "b.@c.id",
        "b..c@d.id",
        "\"b c\"@d.id",
        "b@[1.2.3.4]",
        "b@-c.id",
        "b\xc3\xa9@c.id",
        "b@c\xc3\xa9.id",
        "Budi <b@c.id>",
        "b@c.id\n",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true (notification_address_is_safe (good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false (notification_address_is_safe (bad[i]));
    char lengthy[400];
    for (int local = 1; local < 70; local++) {
        memset (lengthy, 'a', (size_t)local);
        strcpy (lengthy + local, "@contoh.id");
        assert_int_equal (notification_address_is_safe (lengthy), local <= 64);
    }
    memset (lengthy, 'a', sizeof lengthy);
    memcpy (lengthy, "a@a.", 4);
    lengthy[254] = '\0';
    assert_true (notification_address_is_safe (lengthy));
    lengthy[254] = 'a';
    lengthy[255] = '\0';
    assert_false (notification_address_is_safe (lengthy));
}

static void test_mask (void **state)
{
    (void)state;
    char masked[NOTIFICATION_MASKED_SIZE], lengthy[400];
    notification_address_mask ("budi.santoso@contoh.id", masked);
    assert_string_equal (masked, "b***@contoh.id");
    notification_address_mask ("@contoh.id", masked);
    assert_string_equal (masked, "***@contoh.id");
    notification_address_mask ("081234567890", masked);
    assert_string_equal (masked, "***");
    memset (lengthy, 'd', sizeof lengthy);
    memcpy (lengthy, "b@", 2);
    lengthy[sizeof lengthy - 1] = '\0';
    notification_address_mask (lengthy, masked);
    assert_int_equal (strlen (masked), NOTIFICATION_MASKED_SIZE - 1);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_kinds),  cmocka_unit_test (test_states),    cmocka_unit_test (test_delivery),
        cmocka_unit_test (test_render), cmocka_unit_test (test_addresses), cmocka_unit_test (test_mask),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
