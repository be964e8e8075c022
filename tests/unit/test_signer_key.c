/* Opening a signer's file with a memory of the files before: faster, and never another answer. */
#include "common/auto.h"
#include "signing_fixture.h"

#include <openssl/pkcs12.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct fixture fixture;

static int set_up (void **state)
{
    (void)state;
    fixture_init (&fixture);
    /* one round: so that thousands of passphrases can be tried */
    fixture_must ("cd %s && echo '%s' > pass && openssl pkcs12 -in camat.p12 -passin file:pass -nodes -out all.pem &&"
                  " openssl pkcs12 -export -in all.pem -iter 1 -out quick.p12 -passout file:pass",
                  fixture.dir, FIXTURE_PASSPHRASE);
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    fixture_destroy (&fixture);
    return 0;
}

static int open_file (signer_key_t **ret, const char *name, const char *passphrase, signer_cache_t *cache)
{
    char path[128];
    snprintf (path, sizeof path, "%s/%s", fixture.dir, name);
    return signer_key_open (ret, path, passphrase, cache);
}

/* The verdict alone. */
static int verdict_of (const char *name, const char *passphrase, signer_cache_t *cache)
{
    AUTO (signer_key) key = NULL;
    int verdict = open_file (&key, name, passphrase, cache);
    assert_true ((verdict == SIGNER_KEY_OPEN) == (key != NULL));
    return verdict;
}

static void hash_of (const char *name, unsigned char sha256[SHA256_DIGEST_LENGTH])
{
    char path[128];
    snprintf (path, sizeof path, "%s/%s", fixture.dir, name);
    struct bytes file = fixture_load (path);
    SHA256 (file.at, file.size, sha256);
    free (file.at);
}

static void test_same_key_again (void **state)
{
    (void)state;
    AUTO (signer_cache) cache = signer_cache_new ();
    struct bytes pdf = fixture_pdf ("", "");
    for (int i = 0; i < 3; i++) {
        AUTO (signer_key) key = NULL;
        assert_int_equal (open_file (&key, "camat.p12", FIXTURE_PASSPHRASE, cache), SIGNER_KEY_OPEN);
        struct pades_signer signer = signer_key_signer (key), reference = signer_key_signer (fixture.key);
        assert_int_equal (EVP_PKEY_eq (signer.key, reference.key), 1);
        assert_int_equal (X509_cmp (signer.certificate, reference.certificate), 0);
        assert_int_equal (sk_X509_num (signer.chain), 1);
        assert_int_equal (X509_cmp (sk_X509_value (signer.chain, 0), sk_X509_value (reference.chain, 0)), 0);
        assert_string_equal (signer_key_identity (key)->nip, FIXTURE_NIP);
        struct bytes result;
        assert_int_equal (pades_sign (&signer, &(struct pades_request){.time = fixture.now}, pdf.at, pdf.size,
                                      &result.at, &result.size),
                          PADES_SIGNED);
        free (result.at);
    }
    free (pdf.at);
}

/* Which way was taken shows in what the cache was told: without a chain the key comes without one. */
static void test_known_file_is_opened_the_short_way (void **state)
{
    (void)state;
    AUTO (signer_cache) cache = signer_cache_new ();
    unsigned char sha256[SHA256_DIGEST_LENGTH];
    hash_of ("camat.p12", sha256);
    signer_cache_put (cache, sha256, signer_key_signer (fixture.key).certificate, NULL);
    AUTO (signer_key) key = NULL;
    assert_int_equal (open_file (&key, "camat.p12", FIXTURE_PASSPHRASE, cache), SIGNER_KEY_OPEN);
    assert_null (signer_key_signer (key).chain);
}

/* A certificate that is not the key's proves nothing: the file is opened in full, and known rightly from then on. */
static void test_foreign_certificate_proves_nothing (void **state)
{
    (void)state;
    AUTO (signer_cache) cache = signer_cache_new ();
    unsigned char sha256[SHA256_DIGEST_LENGTH];
    hash_of ("camat.p12", sha256);
    X509 *issuer = sk_X509_value (signer_key_signer (fixture.key).chain, 0), *certificate = NULL;
    STACK_OF (X509) *chain = NULL;
    signer_cache_put (cache, sha256, issuer, NULL);
    AUTO (signer_key) key = NULL;
    assert_int_equal (open_file (&key, "camat.p12", FIXTURE_PASSPHRASE, cache), SIGNER_KEY_OPEN);
    assert_string_equal (signer_key_identity (key)->common_name, FIXTURE_SIGNER);
    assert_true (signer_cache_find (cache, sha256, &certificate, &chain));
    assert_int_equal (X509_cmp (certificate, signer_key_signer (fixture.key).certificate), 0);
    assert_int_equal (sk_X509_num (chain), 1);
    X509_free (certificate);
    sk_X509_pop_free (chain, X509_free);
}

/* One wrong passphrase in 256 decrypts the key bag to something whose padding fits. */
static void test_wrong_passphrases (void **state)
{
    (void)state;
    AUTO (signer_cache) cache = signer_cache_new ();
    assert_int_equal (verdict_of ("quick.p12", FIXTURE_PASSPHRASE, cache), SIGNER_KEY_OPEN);
    for (int i = 0; i < 3000; i++) {
        char wrong[32];
        snprintf (wrong, sizeof wrong, "rahasia %d", i);
        assert_int_equal (verdict_of ("quick.p12", wrong, cache), SIGNER_KEY_WRONG_PASSPHRASE);
    }
    static const char *const others[] = {"", " ", "rahasia demo ", "Rahasia demo", "rahasia dem\xff"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal (verdict_of ("quick.p12", others[i], cache), SIGNER_KEY_WRONG_PASSPHRASE);
    assert_int_equal (verdict_of ("quick.p12", FIXTURE_PASSPHRASE, cache), SIGNER_KEY_OPEN);
}

/* Every byte flipped once: what the file says now counts, not what it said when it was known. */
static void test_changed_bytes (void **state)
{
    (void)state;
    AUTO (signer_cache) cache = signer_cache_new ();
    assert_int_equal (verdict_of ("quick.p12", FIXTURE_PASSPHRASE, cache), SIGNER_KEY_OPEN);
    char path[128];
    snprintf (path, sizeof path, "%s/quick.p12", fixture.dir);
    struct bytes file = fixture_load (path);
    int refused = 0;
    for (size_t i = 0; i < file.size; i++) {
        file.at[i] ^= 1;
        fixture_save (&fixture, "changed.p12", file);
        file.at[i] ^= 1;
        int verdict = verdict_of ("changed.p12", FIXTURE_PASSPHRASE, NULL);
        assert_int_equal (verdict_of ("changed.p12", FIXTURE_PASSPHRASE, cache), verdict);
        refused += verdict != SIGNER_KEY_OPEN;
    }
    assert_true (refused > (int)file.size * 9 / 10);
    free (file.at);
}

static void test_another_file_under_the_same_name (void **state)
{
    (void)state;
    AUTO (signer_cache) cache = signer_cache_new ();
    char path[128], ca[96];
    fixture_must ("cp %s/camat.p12 %s/desk.p12", fixture.dir, fixture.dir);
    assert_int_equal (verdict_of ("desk.p12", FIXTURE_PASSPHRASE, cache), SIGNER_KEY_OPEN);
    fixture_must ("rm %s/desk.p12", fixture.dir);
    snprintf (path, sizeof path, "%s/desk.p12", fixture.dir);
    snprintf (ca, sizeof ca, "%s/ca", fixture.dir);
    fixture_make_signer (ca, path, "Camat Baru", "198001011990031002");
    for (int i = 0; i < 2; i++) {
        AUTO (signer_key) key = NULL;
        assert_int_equal (open_file (&key, "desk.p12", FIXTURE_PASSPHRASE, cache), SIGNER_KEY_OPEN);
        assert_string_equal (signer_key_identity (key)->common_name, "Camat Baru");
    }
}

/* A file with two keys, the signer's second. */
static void save_two_keys (const char *name)
{
    struct pades_signer signer = signer_key_signer (fixture.key);
    EVP_PKEY *other = EVP_EC_gen ("P-256");
    PKCS8_PRIV_KEY_INFO *infos[] = {EVP_PKEY2PKCS8 (other), EVP_PKEY2PKCS8 (signer.key)};
    STACK_OF (PKCS12_SAFEBAG) *bags = NULL;
    STACK_OF (PKCS7) *safes = NULL;
    assert_non_null (PKCS12_add_cert (&bags, signer.certificate));
    assert_int_equal (PKCS12_add_safe (&safes, bags, NID_aes_256_cbc, 1, FIXTURE_PASSPHRASE), 1);
    sk_PKCS12_SAFEBAG_pop_free (bags, PKCS12_SAFEBAG_free);
    bags = sk_PKCS12_SAFEBAG_new_null ();
    for (size_t i = 0; i < 2; i++) {
        PKCS12_SAFEBAG *bag =
            PKCS12_SAFEBAG_create_pkcs8_encrypt (NID_aes_256_cbc, FIXTURE_PASSPHRASE, -1, NULL, 0, 1, infos[i]);
        assert_non_null (bag);
        sk_PKCS12_SAFEBAG_push (bags, bag);
        PKCS8_PRIV_KEY_INFO_free (infos[i]);
    }
    assert_int_equal (PKCS12_add_safe (&safes, bags, -1, 0, NULL), 1);
    PKCS12 *store = PKCS12_add_safes (safes, 0);
    assert_int_equal (PKCS12_set_mac (store, FIXTURE_PASSPHRASE, -1, NULL, 0, 1, EVP_sha256 ()), 1);
    struct bytes file = {.at = NULL};
    file.size = (size_t)i2d_PKCS12 (store, &file.at);
    fixture_save (&fixture, name, file);
    OPENSSL_free (file.at);
    PKCS12_free (store);
    sk_PKCS7_pop_free (safes, PKCS7_free);
    sk_PKCS12_SAFEBAG_pop_free (bags, PKCS12_SAFEBAG_free);
    EVP_PKEY_free (other);
}

/* Whatever the file looks like: the answers with a cache, at first and when it is known, are those without. */
static void test_other_structures (void **state)
{
    (void)state;
    save_two_keys ("two.p12");
    fixture_must ("cd %s && write_file () { openssl pkcs12 -export -in all.pem -passout file:pass \"$@\" ; } &&"
                  " write_file -keypbe NONE -out clearkey.p12 && write_file -certpbe NONE -out clearcert.p12 &&"
                  " write_file -keypbe NONE -certpbe NONE -out clear.p12 && write_file -nomac -out nomac.p12 &&"
                  " write_file -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -out old.p12 &&"
                  " write_file -keypbe aes-128-cbc -certpbe aes-128-cbc -out small.p12 &&"
                  " openssl pkcs12 -export -in all.pem -passout pass: -out empty.p12 &&"
                  " openssl pkcs12 -export -in all.pem -nokeys -passout file:pass -out nokey.p12",
                  fixture.dir);
    static const char *const names[] = {"two.p12",   "clearkey.p12", "clearcert.p12", "clear.p12",
                                        "nomac.p12", "old.p12",      "small.p12",     "empty.p12",
                                        "nokey.p12", "ca/root.crt",  "camat.p12",     "gone.p12"};
    static const char *const passphrases[] = {FIXTURE_PASSPHRASE, "salah", ""};
    AUTO (signer_cache) cache = signer_cache_new ();
    int opened = 0;
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            for (size_t j = 0; j < 3; j++) {
                int verdict = verdict_of (names[i], passphrases[j], NULL);
                if (verdict_of (names[i], passphrases[j], cache) != verdict)
                    fail_msg ("%s with \"%s\", round %d: not %d", names[i], passphrases[j], round, verdict);
                opened += verdict == SIGNER_KEY_OPEN;
            }
    assert_true (opened >= 3 * 6);
}

static void test_the_oldest_is_forgotten (void **state)
{
    (void)state;
    AUTO (signer_cache) cache = signer_cache_new ();
    struct pades_signer signer = signer_key_signer (fixture.key);
    unsigned char sha256[SHA256_DIGEST_LENGTH] = {0};
    for (unsigned char i = 0; i <= SIGNER_CACHE_MOST; i++) {
        sha256[0] = i;
        for (int again = 0; again < 2; again++) /* the same file again takes no second place */
            signer_cache_put (cache, sha256, signer.certificate, signer.chain);
    }
    for (unsigned char i = 0; i <= SIGNER_CACHE_MOST; i++) {
        X509 *certificate = NULL;
        STACK_OF (X509) *chain = NULL;
        sha256[0] = i;
        assert_int_equal (signer_cache_find (cache, sha256, &certificate, &chain), i != 0);
        X509_free (certificate);
        sk_X509_pop_free (chain, X509_free);
    }
}

/* ---- several at once ---------------------------------------------------------------------------------------------- */

enum { THREADS = 4, ROUNDS = 40 };

struct crowd {
    signer_cache_t *cache;
    int wrong[THREADS];
};

struct one {
    struct crowd *crowd;
    int index;
};

/* Right and wrong passphrases on two files, and a stream of other files that pushes them out again. */
static void *open_many (void *argument)
{
    const struct one *one = argument;
    signer_cache_t *cache = one->crowd->cache;
    struct pades_signer signer = signer_key_signer (fixture.key);
    unsigned char sha256[SHA256_DIGEST_LENGTH] = {[1] = (unsigned char)one->index, [2] = 1};
    for (int i = 0; i < ROUNDS; i++) {
        const char *name = i % 2 ? "quick.p12" : "camat.p12";
        bool is_right = i % 5 != 0;
        AUTO (signer_key) key = NULL;
        int verdict = open_file (&key, name, is_right ? FIXTURE_PASSPHRASE : "salah", cache);
        one->crowd->wrong[one->index] += verdict != (is_right ? SIGNER_KEY_OPEN : SIGNER_KEY_WRONG_PASSPHRASE);
        if (key)
            one->crowd->wrong[one->index] += sk_X509_num (signer_key_signer (key).chain) != 1;
        for (int j = 0; j < SIGNER_CACHE_MOST / 8; j++) {
            sha256[0]++;
            signer_cache_put (cache, sha256, signer.certificate, signer.chain);
        }
    }
    return NULL;
}

static void test_threads (void **state)
{
    (void)state;
    AUTO (signer_cache) cache = signer_cache_new ();
    struct crowd crowd = {.cache = cache};
    struct one ones[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        ones[i] = (struct one){.crowd = &crowd, .index = i};
        assert_int_equal (pthread_create (&threads[i], NULL, open_many, &ones[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join (threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal (crowd.wrong[i], 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_same_key_again),
        cmocka_unit_test (test_known_file_is_opened_the_short_way),
        cmocka_unit_test (test_foreign_certificate_proves_nothing),
        cmocka_unit_test (test_wrong_passphrases),
        cmocka_unit_test (test_changed_bytes),
        cmocka_unit_test (test_another_file_under_the_same_name),
        cmocka_unit_test (test_other_structures),
        cmocka_unit_test (test_the_oldest_is_forgotten),
        cmocka_unit_test (test_threads),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
