/* Verifying: what must never be called valid.  The good file comes from pades_sign (); test_pades.c shows that others
 * accept it. */
#include "signing_fixture.h"

#include "cms_verify.h"
#include "pdf_verify.h"

#include <errno.h>
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
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    fixture_destroy (&fixture);
    return 0;
}

static enum pdf_verdict verify (struct bytes pdf)
{
    struct pdf_verify_result result;
    int rc = pdf_verify (fixture.trust, fixture.now, pdf.at, pdf.size, &result);
    assert_true (rc >= 0);
    return (enum pdf_verdict)rc;
}

static void expect (struct bytes pdf, enum pdf_verdict verdict)
{
    assert_string_equal (pdf_verdict_code (verify (pdf)), pdf_verdict_code (verdict));
}

/* The same, and the bytes are given up. */
static void expect_and_free (struct bytes pdf, enum pdf_verdict verdict)
{
    expect (pdf, verdict);
    free (pdf.at);
}

/* Replaces text by another one of the same length. */
static void overwrite (struct bytes pdf, const char *text, const char *other)
{
    size_t length = strlen (text);
    assert_int_equal (strlen (other), length);
    memcpy (pdf.at + fixture_find (pdf, text), other, length);
}

static void test_valid (void **state)
{
    (void)state;
    struct bytes pdf = fixture_signed (&fixture);
    struct pdf_verify_result result;
    assert_int_equal (pdf_verify (fixture.trust, fixture.now, pdf.at, pdf.size, &result), PDF_VALID);
    const struct certificate_identity *who = signer_key_identity (fixture.key);
    assert_string_equal (result.signer.common_name, FIXTURE_SIGNER);
    assert_string_equal (result.signer.nip, FIXTURE_NIP);
    assert_string_equal (result.signer.serial, who->serial);
    assert_int_equal (result.signing_time, fixture.now);
    assert_int_equal (result.revoked_at, 0);

    int code;
    fixture_save (&fixture, "good.pdf", pdf);
    char *text = fixture_run (&code, "sha256sum %s/good.pdf", fixture.dir);
    assert_memory_equal (text, result.sha256, 64);
    free (text);
    free (pdf.at);
}

/* Whatever byte changes, of document, signature, padding or table: not valid. */
static void test_every_byte_counts (void **state)
{
    (void)state;
    struct bytes pdf = fixture_signed (&fixture), cms = fixture_cms (pdf);
    size_t size, hole = fixture_hole (pdf, &size), padding = hole + 1 + 2 * cms.size;
    for (size_t i = 0; i < pdf.size; i++) {
        /* The lowest bit; then letter case, to which hexadecimal digits and names tend to be deaf. */
        static const unsigned char masks[] = {0x01, 0x20};
        bool is_padding = i >= padding && i < hole + size - 1;
        for (size_t j = 0; j < (is_padding ? 1 : 2); j++) {
            pdf.at[i] ^= masks[j];
            if (verify (pdf) == PDF_VALID)
                fail_msg ("byte %zu xor %02x is still valid", i, masks[j]);
            pdf.at[i] ^= masks[j];
        }
    }
    expect_and_free (pdf, PDF_VALID);
    free (cms.at);
}

/* Every bit of the CMS itself, behind the hexadecimal digits. */
static void test_every_bit_of_the_cms_counts (void **state)
{
    (void)state;
    struct bytes pdf = fixture_signed (&fixture), cms = fixture_cms (pdf);
    for (size_t i = 0; i < cms.size * 8; i++) {
        cms.at[i / 8] ^= (unsigned char)(1u << i % 8);
        fixture_put_cms (pdf, cms.at, cms.size);
        if (verify (pdf) == PDF_VALID)
            fail_msg ("bit %zu of the CMS may change", i);
        cms.at[i / 8] ^= (unsigned char)(1u << i % 8);
    }
    fixture_put_cms (pdf, cms.at, cms.size);
    expect_and_free (pdf, PDF_VALID);
    free (cms.at);
}

/* Cut anywhere; the copy has no byte more, so that reading beyond it shows under ASan. */
static void test_truncated (void **state)
{
    (void)state;
    struct bytes pdf = fixture_signed (&fixture);
    for (size_t i = 0; i < pdf.size; i++) {
        struct bytes part = {malloc (i ? i : 1), i};
        memcpy (part.at, pdf.at, i);
        assert_int_not_equal (verify (part), PDF_VALID);
        free (part.at);
    }
    free (pdf.at);
}

static void test_appended (void **state)
{
    (void)state;
    struct bytes pdf = fixture_signed (&fixture);
    expect_and_free (fixture_join (pdf, "\n", 1), PDF_CHANGED_AFTER_SIGNING);
    expect_and_free (fixture_join (pdf, "", 1), PDF_CHANGED_AFTER_SIGNING);
    expect_and_free (fixture_join (pdf, "%%EOF\n", 6), PDF_CHANGED_AFTER_SIGNING);
    expect_and_free (fixture_join (pdf, pdf.at, pdf.size), PDF_CHANGED_AFTER_SIGNING);
    free (pdf.at);
}

/* Readers show the new text and still call the signature valid: pdfsig says so here, our verifier must not. */
static void test_shadow_update (void **state)
{
    (void)state;
    int code;
    struct bytes pdf = fixture_signed (&fixture), shadow = fixture_shadow (pdf);
    fixture_save (&fixture, "shadow.pdf", shadow);
    char *text = fixture_run (&code, "cd %s && qpdf --check shadow.pdf && pdftotext shadow.pdf - && pdfsig shadow.pdf",
                              fixture.dir);
    if (!strstr (text, "Surat lain sama sekali") || !strstr (text, "Signature is Valid."))
        fail_msg ("not the attack that it should be: %s", text);
    free (text);
    expect_and_free (shadow, PDF_CHANGED_AFTER_SIGNING);
    free (pdf.at);
}

/* A second signature as a tool would add it: a revision with another field, whose signature is good and covers all.  It
 * takes the first one's place as certification (an insider), or leaves it there (an ordinary second signer). */
static void test_second_signature (void **state)
{
    (void)state;
    struct pades_signer signer = signer_key_signer (fixture.key);
    for (int is_insider = 0; is_insider < 2; is_insider++) {
        struct bytes first = fixture_signed (&fixture), second = fixture_add_signature (first, is_insider);
        size_t size, hole = fixture_hole ((struct bytes){second.at + first.size, second.size - first.size}, &size);
        assert_true (hole && size);
        fixture_sign_part (second, first.size, &signer);
        fixture_save (&fixture, "second.pdf", second);
        int code;
        char *text = fixture_run (&code, "cd %s && qpdf --check second.pdf && pdfsig second.pdf", fixture.dir);
        assert_non_null (strstr (text, "Signature #2"));
        assert_null (strstr (text, "Digest Mismatch"));
        free (text);
        expect (second, is_insider ? PDF_FORM_UNKNOWN : PDF_CHANGED_AFTER_SIGNING);
        free (first.at);
        free (second.at);
    }
}

static void test_padding (void **state)
{
    (void)state;
    struct bytes pdf = fixture_signed (&fixture);
    size_t size, hole = fixture_hole (pdf, &size);
    static const char others[] = "1f gA\n>";
    for (size_t i = 0; i < sizeof others - 1; i++) {
        pdf.at[hole + size - 20] = (unsigned char)others[i];
        enum pdf_verdict verdict = verify (pdf);
        assert_string_equal (pdf_verdict_code (verdict), others[i] == '>' ? "form_unknown" : "padding_not_empty");
    }
    free (pdf.at);
}

/* Ranges that leave a gap, end early or late, or lie about the hole. */
static void test_byte_range (void **state)
{
    (void)state;
    struct bytes good = fixture_signed (&fixture);
    size_t size, hole = fixture_hole (good, &size), end = hole + size, rest = good.size - end;
    const struct {
        size_t range[4];
        enum pdf_verdict verdict;
    } cases[] = {
        {{1, hole, end, rest}, PDF_BYTE_RANGE_WRONG},         {{0, hole - 1, end, rest}, PDF_BYTE_RANGE_WRONG},
        {{0, hole + 1, end, rest}, PDF_BYTE_RANGE_WRONG},     {{0, hole, end + 1, rest - 1}, PDF_BYTE_RANGE_WRONG},
        {{0, hole, end - 1, rest + 1}, PDF_BYTE_RANGE_WRONG}, {{0, hole, end, rest + 1}, PDF_BYTE_RANGE_WRONG},
        {{0, hole, end, 9999999999}, PDF_BYTE_RANGE_WRONG},   {{0, hole, end, rest - 1}, PDF_CHANGED_AFTER_SIGNING},
        {{0, hole, end, 0}, PDF_CHANGED_AFTER_SIGNING}};
    struct pades_signer signer = signer_key_signer (fixture.key);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes pdf = fixture_copy (good);
        char text[64];
        const size_t *range = cases[i].range;
        int length = snprintf (text, sizeof text, "[ %zu %zu %zu %zu ]", range[0], range[1], range[2], range[3]);
        unsigned char *at = pdf.at + fixture_find (pdf, "/ByteRange ") + strlen ("/ByteRange ");
        memset (at, ' ', 40);
        memcpy (at, text, (size_t)length);
        fixture_sign_again (pdf, &signer);
        expect_and_free (pdf, cases[i].verdict);
    }
    free (good.at);
}

static void test_changed_content (void **state)
{
    (void)state;
    struct bytes pdf = fixture_signed (&fixture);
    overwrite (pdf, "Tidak Mampu", "Sangat Kaya");
    expect_and_free (pdf, PDF_DIGEST_MISMATCH);
    pdf = fixture_signed (&fixture);
    overwrite (pdf, "(Persetujuan)", "(Persetujuam)");
    expect_and_free (pdf, PDF_DIGEST_MISMATCH);
}

static void test_swapped_cms (void **state)
{
    (void)state;
    struct bytes plain = fixture_pdf ("", "/Rotate 90"), other, pdf = fixture_signed (&fixture);
    struct pades_signer signer = signer_key_signer (fixture.key);
    struct pades_request request = {.time = fixture.now};
    assert_int_equal (pades_sign (&signer, &request, plain.at, plain.size, &other.at, &other.size), PADES_SIGNED);
    struct bytes cms = fixture_cms (other);
    fixture_put_cms (pdf, cms.at, cms.size);
    expect_and_free (pdf, PDF_DIGEST_MISMATCH);
    free (cms.at);
    free (other.at);
    free (plain.at);
}

/* Signed by somebody else's authority, which calls itself the same. */
static void test_foreign_authority (void **state)
{
    (void)state;
    char ca[96], p12[96];
    signer_key_t *key = NULL;
    snprintf (ca, sizeof ca, "%s/foreign", fixture.dir);
    snprintf (p12, sizeof p12, "%s/foreign.p12", fixture.dir);
    fixture_must ("deploy/keys/ca init %s", ca);
    fixture_make_signer (ca, p12, FIXTURE_SIGNER, FIXTURE_NIP);
    assert_int_equal (signer_key_open (&key, p12, FIXTURE_PASSPHRASE, NULL), SIGNER_KEY_OPEN);
    struct pades_signer foreign = signer_key_signer (key), mixed = signer_key_signer (fixture.key);
    struct bytes pdf = fixture_signed (&fixture);
    fixture_sign_again (pdf, &foreign);
    expect (pdf, PDF_CERTIFICATE_UNTRUSTED);

    /* A stranger's key under the right certificate; luggage that the chain does not need; a chain with a gap. */
    mixed.key = foreign.key;
    fixture_sign_again (pdf, &mixed);
    expect (pdf, PDF_SIGNATURE_INVALID);
    mixed = signer_key_signer (fixture.key);
    STACK_OF (X509) *good = mixed.chain;
    mixed.chain = X509_chain_up_ref (good);
    sk_X509_push (mixed.chain, foreign.certificate);
    fixture_sign_again (pdf, &mixed);
    expect (pdf, PDF_CERTIFICATE_UNTRUSTED);
    sk_X509_pop (mixed.chain);
    sk_X509_pop_free (mixed.chain, X509_free);
    mixed.chain = NULL;
    fixture_sign_again (pdf, &mixed);
    expect_and_free (pdf, PDF_CERTIFICATE_UNTRUSTED);
    signer_key_destroy (&key);
}

/* The authority's own key signs a document: the chain holds, the usage forbids it. */
static void test_wrong_usage_and_weak_key (void **state)
{
    (void)state;
    char path[96];
    static const enum pdf_verdict verdicts[] = {PDF_CERTIFICATE_UNTRUSTED, PDF_WEAK_ALGORITHM};
    static const char *const names[] = {"authority.p12", "weak.p12"};
    fixture_must ("cd %s && echo '%s' > pass && openssl pkcs12 -export -inkey ca/intermediate.key"
                  " -in ca/intermediate.crt -out authority.p12 -passout file:pass &&"
                  " openssl req -config ca/openssl.cnf -new -newkey rsa:1024 -nodes -keyout weak.key -subj /CN=Lemah"
                  " -out weak.csr && openssl ca -config ca/openssl.cnf -name intermediate -batch -notext -days 9"
                  " -extensions signer_extensions -in weak.csr -out weak.crt &&"
                  " openssl pkcs12 -export -inkey weak.key -in weak.crt -certfile ca/intermediate.crt -out weak.p12"
                  " -passout file:pass",
                  fixture.dir, FIXTURE_PASSPHRASE);
    for (size_t i = 0; i < 2; i++) {
        signer_key_t *key = NULL;
        snprintf (path, sizeof path, "%s/%s", fixture.dir, names[i]);
        assert_int_equal (signer_key_open (&key, path, FIXTURE_PASSPHRASE, NULL), SIGNER_KEY_OPEN);
        struct pades_signer signer = signer_key_signer (key);
        struct bytes pdf = fixture_signed (&fixture);
        fixture_sign_again (pdf, &signer);
        expect_and_free (pdf, verdicts[i]);
        signer_key_destroy (&key);
    }
}

static void test_outside_of_validity (void **state)
{
    (void)state;
    struct pades_signer signer = signer_key_signer (fixture.key);
    static const struct {
        const char *year;
        enum pdf_verdict verdict;
    } cases[] = {{"2091", PDF_CERTIFICATE_EXPIRED}, {"2001", PDF_CERTIFICATE_NOT_YET_VALID}};
    for (size_t i = 0; i < 2; i++) {
        struct bytes pdf = fixture_signed (&fixture);
        memcpy (pdf.at + fixture_find (pdf, "/M (D:") + 6, cases[i].year, 4);
        fixture_sign_again (pdf, &signer);
        expect_and_free (pdf, cases[i].verdict);
    }
    struct bytes pdf = fixture_signed (&fixture); /* no such day */
    memcpy (pdf.at + fixture_find (pdf, "/M (D:") + 10, "0231", 4);
    fixture_sign_again (pdf, &signer);
    expect_and_free (pdf, PDF_FORM_UNKNOWN);
}

/* Revocation of one signer, unknown for a list that is too old, and lists of somebody else. */
static void test_revoked (void **state)
{
    (void)state;
    char ca[96], p12[96], root[128], crl[128];
    signer_key_t *key = NULL;
    pdf_trust_t *before = NULL, *after = NULL;
    struct pdf_verify_result result;
    snprintf (ca, sizeof ca, "%s/ca", fixture.dir);
    snprintf (p12, sizeof p12, "%s/retired.p12", fixture.dir);
    snprintf (root, sizeof root, "%s/root.crt", ca);
    snprintf (crl, sizeof crl, "%s/crl.pem", ca);
    fixture_make_signer (ca, p12, "Camat Lama", "195001011970031001");
    assert_int_equal (signer_key_open (&key, p12, FIXTURE_PASSPHRASE, NULL), SIGNER_KEY_OPEN);
    struct pades_signer signer = signer_key_signer (key);
    struct bytes pdf = fixture_signed (&fixture), other = fixture_signed (&fixture);
    fixture_sign_again (pdf, &signer);

    int64_t now = fixture.now;
    assert_int_equal (pdf_trust_new (&before, root, crl), 0);
    assert_int_equal (pdf_verify (before, now, pdf.at, pdf.size, &result), PDF_VALID);
    fixture_must ("deploy/keys/ca revoke %s %s && deploy/keys/ca revoke %s %s", ca, result.signer.serial, ca,
                  result.signer.serial);
    assert_int_equal (pdf_trust_new (&after, root, crl), 0);
    assert_int_equal (pdf_verify (after, now, pdf.at, pdf.size, &result), PDF_CERTIFICATE_REVOKED);
    assert_true (result.revoked_at >= signer_key_identity (key)->not_before);
    assert_int_equal (pdf_verify (after, now, other.at, other.size, &result), PDF_VALID);
    assert_int_equal (pdf_verify (after, now + 400 * 86400, other.at, other.size, &result), PDF_REVOCATION_UNKNOWN);
    pdf_trust_destroy (&after);

    fixture_must ("deploy/keys/ca init %s/stranger", fixture.dir);
    snprintf (crl, sizeof crl, "%s/stranger/crl.pem", fixture.dir);
    assert_int_equal (pdf_trust_new (&after, root, crl), 0);
    assert_int_equal (pdf_verify (after, now, other.at, other.size, &result), PDF_REVOCATION_UNKNOWN);
    pdf_trust_destroy (&after);
    pdf_trust_destroy (&before);
    signer_key_destroy (&key);
    free (pdf.at);
    free (other.at);
}

static void test_trust_files (void **state)
{
    (void)state;
    char root[128], crl[128];
    pdf_trust_t *trust = NULL;
    snprintf (root, sizeof root, "%s/ca/root.crt", fixture.dir);
    snprintf (crl, sizeof crl, "%s/ca/crl.pem", fixture.dir);
    assert_int_equal (pdf_trust_new (&trust, "/nonexistent", crl), -ENOENT);
    assert_int_equal (pdf_trust_new (&trust, root, "/nonexistent"), -ENOENT);
    assert_int_equal (pdf_trust_new (&trust, crl, root), -EBADMSG);
    assert_int_equal (pdf_trust_new (&trust, root, "/dev/null"), -EBADMSG);
    fixture_must ("cd %s && head -c 300 ca/root.crt > half.crt", fixture.dir);
    snprintf (root, sizeof root, "%s/half.crt", fixture.dir);
    assert_int_equal (pdf_trust_new (&trust, root, crl), -EBADMSG);
    assert_null (trust);
}

/* openssl's own CMS of the same bytes carries signingTime: sound, but not PAdES baseline. */
static void test_other_form_of_cms (void **state)
{
    (void)state;
    struct bytes pdf = fixture_signed (&fixture);
    size_t size, hole = fixture_hole (pdf, &size);
    struct bytes content = fixture_join ((struct bytes){pdf.at, hole}, pdf.at + hole + size, pdf.size - hole - size);
    fixture_save (&fixture, "content", content);
    free (content.at);
    static const struct {
        const char *options;
        enum pdf_verdict verdict;
    } cases[] = {{"-md sha256", PDF_FORM_UNKNOWN}, {"-md sha1", PDF_WEAK_ALGORITHM}};
    for (size_t i = 0; i < 2; i++) {
        char path[128];
        fixture_must ("cd %s && openssl pkcs12 -in camat.p12 -passin 'pass:%s' -nodes -out camat.pem &&"
                      " openssl cms -sign -cades -binary -signer camat.pem -certfile ca/intermediate.crt -outform DER"
                      " -in content -out other.der %s",
                      fixture.dir, FIXTURE_PASSPHRASE, cases[i].options);
        snprintf (path, sizeof path, "%s/other.der", fixture.dir);
        struct bytes der = fixture_load (path);
        fixture_put_cms (pdf, der.at, der.size);
        expect (pdf, cases[i].verdict);
        free (der.at);
    }
    free (pdf.at);
}

/* Other files, and files made to hurt: deep nesting, endless comments, tables that lead in circles, huge numbers. */
static void test_strangers (void **state)
{
    (void)state;
    struct bytes plain = fixture_pdf ("", "");
    expect ((struct bytes){NULL, 0}, PDF_NOT_PDF);
    expect ((struct bytes){(unsigned char *)"%PDF-1.7", 8}, PDF_UNSIGNED);
    expect ((struct bytes){(unsigned char *)"\x89PNG\r\n\x1a\n", 8}, PDF_NOT_PDF);
    expect ((struct bytes){plain.at, PDF_VERIFY_MAX_BYTES + 1}, PDF_TOO_LARGE);
    expect (plain, PDF_UNSIGNED);
    expect_and_free (fixture_join (plain, "% /ByteRange\n", 13), PDF_FORM_UNKNOWN);
    free (plain.at);

    static const char *const hurtful[] = {
        "%PDF-1.7 /ByteRange xref trailer << /Prev 20 /Root 1 0 R >> startxref 20",
        "%PDF-1.7 /ByteRange xref 0 9999999999 trailer << >> startxref 20",
        "%PDF-1.7 /ByteRange xref 0 1 trailer << >> startxref 20",
        "%PDF-1.7 /ByteRange xref trailer << /Root 1 0 R startxref 20",
        "%PDF-1.7 /ByteRange xref trailer << /Root << /Perms << /DocMDP << >> >> >> >> startxref 20",
        "%PDF-1.7 /ByteRange startxref 99999999999999999999999999",
        "%PDF-1.7 /ByteRange startxref",
        "%PDF-1.7 /ByteRange xref trailer (\\",
        "%PDF-1.7 /ByteRange startxref 9",
    };
    for (size_t i = 0; i < sizeof hurtful / sizeof *hurtful; i++) {
        struct bytes bytes = {malloc (strlen (hurtful[i])), strlen (hurtful[i])};
        memcpy (bytes.at, hurtful[i], bytes.size);
        enum pdf_verdict verdict = verify (bytes);
        assert_true (verdict == PDF_NOT_PDF || verdict == PDF_FORM_UNKNOWN);
        free (bytes.at);
    }
    static const char fillers[] = "<[(%/ x0", head[] = "%PDF-1.7 /ByteRange\nxref\ntrailer\n",
                      tail[] = "\nstartxref 20";
    struct bytes big = {malloc (1 << 20), 1 << 20};
    for (size_t i = 0; i < sizeof fillers - 1; i++) {
        memset (big.at, fillers[i], big.size);
        memcpy (big.at, head, sizeof head - 1);
        memcpy (big.at + big.size - (sizeof tail - 1), tail, sizeof tail - 1);
        assert_int_equal (verify (big), PDF_NOT_PDF);
    }
    free (big.at);
}

/* A seeded storm of changes, several at a time, with pieces of the syntax among them. */
static void test_storm (void **state)
{
    (void)state;
    static const char *const pieces[] = {"<<",    ">>",    "[",    "]",       "(", ")", "<",         ">",
                                         " 0 R ", "/Root", "xref", "trailer", "%", "#", "9999999999"};
    struct bytes good = fixture_signed (&fixture);
    unsigned int seed = 20260102;
    for (size_t round = 0; round < 5000; round++) {
        struct bytes pdf = fixture_copy (good);
        size_t hole_end = good.size - 700;
        for (int change = 0; change < 4; change++) {
            size_t at = (size_t)rand_r (&seed) % (rand_r (&seed) % 2 ? 900 : good.size - hole_end);
            if (at >= 900 || rand_r (&seed) % 2)
                at = at % (good.size - hole_end) + hole_end;
            const char *piece = pieces[(size_t)rand_r (&seed) % (sizeof pieces / sizeof *pieces)];
            if (at + strlen (piece) <= pdf.size)
                memcpy (pdf.at + at, piece, strlen (piece));
        }
        if (memcmp (pdf.at, good.at, good.size) != 0)
            assert_int_not_equal (verify (pdf), PDF_VALID);
        free (pdf.at);
    }
    free (good.at);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_valid),
        cmocka_unit_test (test_every_byte_counts),
        cmocka_unit_test (test_every_bit_of_the_cms_counts),
        cmocka_unit_test (test_truncated),
        cmocka_unit_test (test_appended),
        cmocka_unit_test (test_shadow_update),
        cmocka_unit_test (test_second_signature),
        cmocka_unit_test (test_padding),
        cmocka_unit_test (test_byte_range),
        cmocka_unit_test (test_changed_content),
        cmocka_unit_test (test_swapped_cms),
        cmocka_unit_test (test_foreign_authority),
        cmocka_unit_test (test_wrong_usage_and_weak_key),
        cmocka_unit_test (test_outside_of_validity),
        cmocka_unit_test (test_revoked),
        cmocka_unit_test (test_trust_files),
        cmocka_unit_test (test_other_form_of_cms),
        cmocka_unit_test (test_strangers),
        cmocka_unit_test (test_storm),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
