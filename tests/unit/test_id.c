/* Identifiers: their form, their alphabet, and the values that must never change. */
#include "common/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_uuid (void **state)
{
    (void)state;
    char uuid[ID_UUID_SIZE], other[ID_UUID_SIZE], last[ID_UUID_SIZE] = "";
    id_uuid7 (0x0191e7c81234, uuid);
    id_uuid7 (0x0191e7c81234, other);
    assert_true (id_is_uuid (uuid));
    assert_int_equal (strncmp (uuid, "0191e7c8-1234-7", 15), 0);
    assert_string_not_equal (uuid, other);
    id_uuid7 ((1LL << 48) - 1, uuid);
    assert_int_equal (strncmp (uuid, "ffffffff-ffff-7", 15), 0);
    for (int64_t ms = 0; ms < 2000; ms++) {
        id_uuid7 (ms * 7919, uuid);
        assert_true (id_is_uuid (uuid));
        assert_int_equal (uuid[14], '7');
        assert_non_null (strchr ("89ab", uuid[19]));
        assert_true (strcmp (last, uuid) < 0);
        memcpy (last, uuid, sizeof uuid);
    }
    static const char *const bad[] = {"",
                                      "0191e7c8-1234-7000-8000-00000000000",
                                      "0191e7c8-1234-7000-8000-0000000000000",
                                      "0191E7C8-1234-7000-8000-000000000000",
                                      "0191e7c8_1234-7000-8000-000000000000",
                                      "0191e7c8-1234-7000-8000-00000000000g",
                                      "0191e7c812347-000-8000-000000000000-"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false (id_is_uuid (bad[i]));
    }
}

static void test_code (void **state)
{
    (void)state;
    bool seen[256] = {false};
    char code[9];
    for (int i = 0; i < 2000; i++) {
        id_code (8, code);
        assert_int_equal (strlen (code), 8);
        for (int j = 0; j < 8; j++) {
            seen[(unsigned char)code[j]] = true;
        }
    }
    const char *alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    for (int c = 0; c < 256; c++) {
        assert_int_equal (seen[c], c && strchr (alphabet, c) != NULL);
    }
    assert_true (id_code_normalise ("o1Il-ab zZ", 8, code));
    assert_string_equal (code, "0111ABZZ");
    assert_true (id_code_normalise ("01234567", 8, code));
    assert_false (id_code_normalise ("0123456", 8, code));
    assert_false (id_code_normalise ("012345678", 8, code));
    assert_false (id_code_normalise ("0123456U", 8, code));
    assert_false (id_code_normalise ("0123456\xc3", 8, code));
    assert_false (id_code_normalise ("", 8, code));
}

/* Each symbol appears, nothing else does, and the length is the one that RFC 4648 gives without padding. */
static void expect_tokens (void (*make) (size_t, char *), size_t bits, const char *alphabet)
{
    bool seen[256] = {false};
    for (size_t count = 0; count <= ID_TOKEN_BYTES_MAX; count++) {
        for (int round = 0; round < 20; round++) {
            char *token = malloc ((count * 8 + bits - 1) / bits + 1);
            assert_non_null (token);
            make (count, token);
            assert_int_equal (strlen (token), (count * 8 + bits - 1) / bits);
            for (size_t i = 0; token[i]; i++) {
                seen[(unsigned char)token[i]] = true;
            }
            free (token);
        }
    }
    for (int c = 0; c < 256; c++) {
        assert_int_equal (seen[c], c && strchr (alphabet, c) != NULL);
    }
}

static void test_tokens (void **state)
{
    (void)state;
    expect_tokens (id_token_base64url, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    expect_tokens (id_token_base32, 5, "abcdefghijklmnopqrstuvwxyz234567");
    assert_int_equal (ID_BASE64_SIZE (32), 44);
    assert_int_equal (ID_BASE32_SIZE (20), 33);
    assert_int_equal (ID_BASE64_SIZE (1), 3);
    char a[ID_BASE64_SIZE (32)], b[ID_BASE64_SIZE (32)];
    id_token_base64url (32, a);
    id_token_base64url (32, b);
    assert_string_not_equal (a, b);
}

/* FIPS 180-2 */
static void test_sha256 (void **state)
{
    (void)state;
    char hex[ID_SHA256_SIZE];
    id_sha256_hex ("", 0, hex);
    assert_string_equal (hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    id_sha256_hex ("abc", 3, hex);
    assert_string_equal (hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* Fixed for ever.  The expected values were computed by an independent program. */
static void test_partition (void **state)
{
    (void)state;
    static const struct {
        const char *key;
        unsigned partition;
    } cases[] = {{"", 1}, {"a", 0}, {"foobar", 25}, {"01890a5d-ac96-774b-bcce-b302099a8057", 60}, {"Ra'as", 30}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal (id_partition (cases[i].key), cases[i].partition);
    }
    size_t load[ID_PARTITIONS] = {0};
    for (int i = 0; i < 64000; i++) {
        char uuid[ID_UUID_SIZE];
        id_uuid7 (1767200400000 + i, uuid);
        unsigned partition = id_partition (uuid);
        assert_true (partition < ID_PARTITIONS);
        load[partition]++;
    }
    for (size_t i = 0; i < ID_PARTITIONS; i++) {
        assert_in_range (load[i], 800, 1200);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_uuid),   cmocka_unit_test (test_code),      cmocka_unit_test (test_tokens),
        cmocka_unit_test (test_sha256), cmocka_unit_test (test_partition),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
