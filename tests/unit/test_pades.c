/* Signing: what pdfsig, qpdf and openssl say about the result, and what is refused. */
#include "signing_fixture.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct fixture fixture;

static int set_up (void **state)
{
    (void)state;
    fixture_init (&fixture);
    fixture_must ("cd %s && mkdir nss && certutil -N -d sql:nss --empty-password &&"
                  " certutil -A -d sql:nss -n root -t CT,C,C -i ca/root.crt",
                  fixture.dir);
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    fixture_destroy (&fixture);
    return 0;
}

static void says (const char *text, const char *words)
{
    if (!strstr (text, words))
        fail_msg ("\"%s\" is missing in:\n%s", words, text);
}

static void says_not (const char *text, const char *words)
{
    if (strstr (text, words))
        fail_msg ("\"%s\" should not be in:\n%s", words, text);
}

/* Independent readers agree that the file is whole, valid and trusted. */
static void judge (struct bytes pdf)
{
    int code;
    fixture_save (&fixture, "signed.pdf", pdf);
    char *text = fixture_run (&code, "cd %s && pdfsig -nssdir sql:nss signed.pdf", fixture.dir);
    says (text, "Signature is Valid.");
    says (text, "Certificate is Trusted.");
    says (text, "Total document signed");
    says (text, "Signature Type: ETSI.CAdES.detached");
    free (text);
    text = fixture_run (&code, "cd %s && qpdf --check signed.pdf", fixture.dir);
    assert_int_equal (code, 0);
    says_not (text, "WARNING");
    free (text);
}

static int sign_with (const struct pades_request *request, struct bytes pdf, struct bytes *ret)
{
    struct pades_signer signer = signer_key_signer (fixture.key);
    *ret = (struct bytes){0};
    return pades_sign (&signer, request, pdf.at, pdf.size, &ret->at, &ret->size);
}

static int sign (struct bytes pdf, struct bytes *ret)
{
    return sign_with (&(struct pades_request){.time = fixture.now}, pdf, ret);
}

static void test_judges_accept (void **state)
{
    (void)state;
    struct bytes pdf = fixture_signed (&fixture), plain = fixture_pdf ("", "");
    judge (pdf);
    assert_memory_equal (pdf.at, plain.at, plain.size); /* what the signer saw stands there unchanged */
    int code;
    char *text = fixture_run (&code, "cd %s && pdfsig -nssdir sql:nss signed.pdf", fixture.dir);
    says (text, "Signer Certificate Common Name: " FIXTURE_SIGNER);
    free (text);
    free (pdf.at);
    free (plain.at);
}

/* The text of a JSON dump by qpdf, in which strings are decoded. */
static void test_dictionary (void **state)
{
    (void)state;
    struct bytes plain = fixture_pdf ("", ""), pdf;
    struct pades_request request = {.time = fixture.now,
                                    .name = "Ny. Siti (a.n. Camat) \\ \"Ra'as\"",
                                    .reason = "Persetujuan — disetujui ✓",
                                    .location = "Ra'as"};
    assert_int_equal (sign_with (&request, plain, &pdf), PADES_SIGNED);
    judge (pdf);
    int code;
    char *text = fixture_run (&code, "cd %s && qpdf --json=2 --json-key=qpdf signed.pdf", fixture.dir);
    says (text, "u:Ny. Siti (a.n. Camat) \\\\ \\\"Ra'as\\\"");
    says (text, "u:Persetujuan — disetujui ✓");
    says (text, "\"/TransformMethod\": \"/DocMDP\"");
    says (text, "\"/P\": 2");
    char date[64];
    time_t wib = (time_t)fixture.now + 7 * 3600;
    strftime (date, sizeof date, "u:D:%Y%m%d%H%M%S+07'00'", gmtime (&wib));
    says (text, date);
    free (text);
    free (plain.at);
    free (pdf.at);
}

/* EN 319 142-1, 6.3: signing-certificate-v2 is there, signingTime is not; openssl verifies the CMS on its own. */
static void test_cms (void **state)
{
    (void)state;
    struct bytes pdf = fixture_signed (&fixture), cms = fixture_cms (pdf);
    size_t hole_size, hole = fixture_hole (pdf, &hole_size);
    struct bytes before = {pdf.at, hole};
    struct bytes content = fixture_join (before, pdf.at + hole + hole_size, pdf.size - hole - hole_size);
    fixture_save (&fixture, "cms.der", cms);
    fixture_save (&fixture, "content", content);
    int code;
    char *text = fixture_run (&code, "cd %s && openssl asn1parse -inform DER -in cms.der", fixture.dir);
    says (text, "id-smime-aa-signingCertificateV2");
    says (text, "contentType");
    says (text, "messageDigest");
    says_not (text, "signingTime");
    free (text);
    text = fixture_run (&code,
                        "cd %s && openssl cms -verify -cades -binary -inform DER -in cms.der -content content"
                        " -CAfile ca/root.crt -purpose any -out /dev/null",
                        fixture.dir);
    says (text, "CAdES Verification successful");
    assert_int_equal (code, 0);
    free (text);
    free (content.at);
    free (cms.at);
    free (pdf.at);
}

static void test_page_keeps_annotations (void **state)
{
    (void)state;
    static const char *const pages[] = {
        "/Annots [ << /Type /Annot /Subtype /Link /Rect [ 0 0 9 9 ] /Border [ 0 0 0 ] >> ]", "/Annots [ ]"};
    for (size_t i = 0; i < 2; i++) {
        struct bytes plain = fixture_pdf ("/Lang (id-ID) /ViewerPreferences << /DisplayDocTitle true >>", pages[i]),
                     pdf;
        assert_int_equal (sign (plain, &pdf), PADES_SIGNED);
        judge (pdf);
        struct bytes revision = {pdf.at + plain.size, pdf.size - plain.size};
        if (i == 0)
            fixture_find (revision, "/Subtype /Link");
        fixture_find (revision, "(id-ID)");
        free (plain.at);
        free (pdf.at);
    }
}

static void refuse (struct bytes pdf, enum pades_verdict verdict)
{
    struct bytes result;
    assert_string_equal (pades_verdict_code ((enum pades_verdict)sign (pdf, &result)), pades_verdict_code (verdict));
    assert_null (result.at);
}

static void test_bad_files_are_refused (void **state)
{
    (void)state;
    struct bytes plain = fixture_pdf ("", ""), done = fixture_signed (&fixture);
    refuse ((struct bytes){(unsigned char *)"", 0}, PADES_NOT_PDF);
    refuse ((struct bytes){(unsigned char *)"GIF89a; not a PDF at all", 24}, PADES_NOT_PDF);
    refuse ((struct bytes){plain.at, plain.size - 40}, PADES_NOT_PDF);
    refuse ((struct bytes){plain.at + 1, plain.size - 1}, PADES_NOT_PDF);
    refuse ((struct bytes){plain.at, PADES_MAX_PDF_BYTES + 1}, PADES_TOO_LARGE);
    refuse (done, PADES_ALREADY_SIGNED);
    free (done.at);

    struct bytes form = fixture_pdf ("/AcroForm << /Fields [ ] >>", "");
    refuse (form, PADES_HAS_FORM);
    free (form.at);

    static const struct {
        const char *options;
        enum pades_verdict verdict;
    } cases[] = {{"--object-streams=generate", PADES_XREF_STREAM},
                 {"--encrypt '' owner 256 --", PADES_ENCRYPTED},
                 {"--encrypt user owner 256 --", PADES_ENCRYPTED}};
    fixture_save (&fixture, "plain.pdf", plain);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[96];
        fixture_must ("cd %s && qpdf %s plain.pdf other.pdf", fixture.dir, cases[i].options);
        snprintf (path, sizeof path, "%s/other.pdf", fixture.dir);
        struct bytes other = fixture_load (path);
        refuse (other, cases[i].verdict);
        free (other.at);
    }
    free (plain.at);
}

/* Every truncation and every changed byte of the input: an answer, never a crash, never an environment error. */
static void test_damaged_input (void **state)
{
    (void)state;
    struct bytes plain = fixture_pdf ("", ""), result;
    for (size_t i = 0; i < plain.size; i++) {
        assert_true (sign ((struct bytes){plain.at, i}, &result) >=
                     0); /* without its last line end it still is a PDF */
        free (result.at);
        plain.at[i] ^= 0x11;
        assert_true (sign (plain, &result) >= 0);
        free (result.at);
        plain.at[i] ^= 0x11;
    }
    free (plain.at);
}

static void test_bad_requests_are_refused (void **state)
{
    (void)state;
    struct bytes plain = fixture_pdf ("", ""), result;
    char long_text[PADES_MAX_TEXT_BYTES + 2];
    memset (long_text, 'a', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = 0;
    const char *const texts[] = {long_text, "dua\nbaris", "\xff\xfe", "\xc3"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal (sign_with (&(struct pades_request){.time = fixture.now, .reason = texts[i]}, plain, &result),
                          PADES_TEXT_REFUSED);
    const struct certificate_identity *who = signer_key_identity (fixture.key);
    assert_int_equal (sign_with (&(struct pades_request){.time = who->not_before - 1}, plain, &result),
                      PADES_SIGNER_NOT_YET_VALID);
    assert_int_equal (sign_with (&(struct pades_request){.time = who->not_after + 1}, plain, &result),
                      PADES_SIGNER_EXPIRED);
    free (plain.at);
}

static void test_bad_signers_are_refused (void **state)
{
    (void)state;
    struct bytes plain = fixture_pdf ("", ""), result;
    struct pades_request request = {.time = fixture.now};
    struct pades_signer signer = signer_key_signer (fixture.key), wrong = signer;
    wrong.key = EVP_EC_gen ("P-256"); /* not the certificate's */
    assert_int_equal (pades_sign (&wrong, &request, plain.at, plain.size, &result.at, &result.size),
                      PADES_SIGNER_UNSUITABLE);
    EVP_PKEY_free (wrong.key);

    wrong = signer; /* a chain that does not fit */
    wrong.chain = sk_X509_new_null ();
    for (int i = 0; i < 10; i++)
        sk_X509_push (wrong.chain, signer.certificate);
    assert_int_equal (pades_sign (&wrong, &request, plain.at, plain.size, &result.at, &result.size),
                      PADES_SIGNATURE_TOO_LARGE);
    sk_X509_free (wrong.chain);
    free (plain.at);
}

static void test_signer_key (void **state)
{
    (void)state;
    char path[128];
    snprintf (path, sizeof path, "%s/camat.p12", fixture.dir);
    signer_key_t *key = NULL;
    assert_int_equal (signer_key_open (&key, path, "salah", NULL), SIGNER_KEY_WRONG_PASSPHRASE);
    assert_int_equal (signer_key_open (&key, path, "", NULL), SIGNER_KEY_WRONG_PASSPHRASE);
    assert_int_equal (signer_key_open (&key, "/nonexistent.p12", "x", NULL), -ENOENT);

    struct bytes file = fixture_load (path);
    fixture_save (&fixture, "half.p12", (struct bytes){file.at, file.size / 2});
    fixture_save (&fixture, "empty.p12", (struct bytes){file.at, 0});
    free (file.at);
    fixture_must ("cd %s && echo '%s' > pass && head -c 70000 /dev/zero > big.p12 &&"
                  " openssl pkcs12 -export -nokeys -in ca/root.crt -out nokey.p12 -passout file:pass",
                  fixture.dir, FIXTURE_PASSPHRASE);
    static const struct {
        const char *name;
        enum signer_key_verdict verdict;
    } cases[] = {{"half.p12", SIGNER_KEY_BROKEN_FILE},
                 {"empty.p12", SIGNER_KEY_BROKEN_FILE},
                 {"big.p12", SIGNER_KEY_BROKEN_FILE},
                 {"ca/root.crt", SIGNER_KEY_BROKEN_FILE},
                 {"nokey.p12", SIGNER_KEY_INCOMPLETE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf (path, sizeof path, "%s/%s", fixture.dir, cases[i].name);
        assert_int_equal (signer_key_open (&key, path, FIXTURE_PASSPHRASE, NULL), cases[i].verdict);
        assert_null (key);
    }
}

static void test_signer_identity (void **state)
{
    (void)state;
    const struct certificate_identity *who = signer_key_identity (fixture.key);
    assert_string_equal (who->common_name, FIXTURE_SIGNER);
    assert_string_equal (who->nip, FIXTURE_NIP);
    assert_true (who->serial[0] && who->not_before < who->not_after);
    assert_int_equal (signer_key_check (fixture.key, who->not_before - 1), SIGNER_KEY_NOT_YET_VALID);
    assert_int_equal (signer_key_check (fixture.key, who->not_before), SIGNER_KEY_FIT);
    assert_int_equal (signer_key_check (fixture.key, who->not_after), SIGNER_KEY_FIT);
    assert_int_equal (signer_key_check (fixture.key, who->not_after + 1), SIGNER_KEY_EXPIRED);
}

/* A key that is no signer's: the authority's own certificate may sign certificates, not documents. */
static void test_key_usage (void **state)
{
    (void)state;
    char path[128];
    signer_key_t *key = NULL;
    struct bytes plain = fixture_pdf ("", ""), result;
    fixture_must ("cd %s && echo '%s' > pass && openssl pkcs12 -export -inkey ca/intermediate.key"
                  " -in ca/intermediate.crt -out authority.p12 -passout file:pass &&"
                  " openssl req -x509 -newkey rsa:1024 -nodes -keyout weak.key -subj /CN=Lemah -out weak.crt &&"
                  " openssl pkcs12 -export -inkey weak.key -in weak.crt -out weak.p12 -passout file:pass",
                  fixture.dir, FIXTURE_PASSPHRASE);
    static const struct {
        const char *name;
        enum signer_key_fitness fitness;
    } cases[] = {{"authority.p12", SIGNER_KEY_USAGE_FORBIDS}, {"weak.p12", SIGNER_KEY_WEAK}};
    for (size_t i = 0; i < 2; i++) {
        snprintf (path, sizeof path, "%s/%s", fixture.dir, cases[i].name);
        assert_int_equal (signer_key_open (&key, path, FIXTURE_PASSPHRASE, NULL), SIGNER_KEY_OPEN);
        assert_int_equal (signer_key_check (key, fixture.now), cases[i].fitness);
        struct pades_signer signer = signer_key_signer (key);
        assert_int_equal (pades_sign (&signer, &(struct pades_request){.time = fixture.now}, plain.at, plain.size,
                                      &result.at, &result.size),
                          PADES_SIGNER_UNSUITABLE);
        signer_key_destroy (&key);
    }
    free (plain.at);
}

/* The authority's script: again is the same, foreign files are left alone, what it writes is private. */
static void test_authority_script (void **state)
{
    (void)state;
    int code;
    fixture_must ("cd %s && cp camat.p12 kept && cp ca/root.crt kept.crt", fixture.dir);
    fixture_must ("deploy/keys/ca init %s/ca", fixture.dir);
    char out[96], ca[96];
    snprintf (out, sizeof out, "%s/camat.p12", fixture.dir);
    snprintf (ca, sizeof ca, "%s/ca", fixture.dir);
    fixture_make_signer (ca, out, FIXTURE_SIGNER, FIXTURE_NIP);
    fixture_must ("cd %s && cmp kept camat.p12 && cmp kept.crt ca/root.crt", fixture.dir);
    free (fixture_run (&code, "echo '%s' | deploy/keys/ca signer %s 'Orang Lain' 1 Camat %s -", FIXTURE_PASSPHRASE, ca,
                       out));
    assert_int_equal (code, 1);
    free (fixture_run (&code, "echo x | deploy/keys/ca signer %s '' 1 Camat %s/new.p12 -", ca, fixture.dir));
    assert_int_equal (code, 1);
    char *text = fixture_run (&code, "find %s/ca %s/camat.p12 -type f -perm /077", fixture.dir, fixture.dir);
    assert_string_equal (text, "");
    free (text);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_judges_accept),
        cmocka_unit_test (test_dictionary),
        cmocka_unit_test (test_cms),
        cmocka_unit_test (test_page_keeps_annotations),
        cmocka_unit_test (test_bad_files_are_refused),
        cmocka_unit_test (test_damaged_input),
        cmocka_unit_test (test_bad_requests_are_refused),
        cmocka_unit_test (test_bad_signers_are_refused),
        cmocka_unit_test (test_signer_key),
        cmocka_unit_test (test_signer_identity),
        cmocka_unit_test (test_key_usage),
        cmocka_unit_test (test_authority_script),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
