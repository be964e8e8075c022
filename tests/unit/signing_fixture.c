/* Shared by the tests of signing and verifying: see signing_fixture.h. */
#include "signing_fixture.h"
#include "cms.h"

#include <openssl/sha.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char *run (const char *command, int *ret_code)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size), *pipe = popen (command, "re");
    assert_non_null (pipe);
    for (int c; (c = getc (pipe)) != EOF;)
        putc (c, out);
    int status = pclose (pipe);
    fclose (out);
    *ret_code = WIFEXITED (status) ? WEXITSTATUS (status) : -1;
    return text;
}

static char *format_command (const char *format, va_list arguments)
{
    char *command = NULL, *both = NULL;
    assert_true (vasprintf (&command, format, arguments) > 0);
    assert_true (asprintf (&both, "{ %s ; } 2>&1", command) > 0);
    free (command);
    return both;
}

char *fixture_run (int *ret_code, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    char *command = format_command (format, arguments), *text = run (command, ret_code);
    va_end (arguments);
    free (command);
    return text;
}

void fixture_must (const char *format, ...)
{
    int code;
    va_list arguments;
    va_start (arguments, format);
    char *command = format_command (format, arguments), *text = run (command, &code);
    va_end (arguments);
    if (code)
        fail_msg ("%s: %d: %s", command, code, text);
    free (command);
    free (text);
}

void fixture_make_signer (const char *ca, const char *out, const char *name, const char *nip)
{
    fixture_must ("echo '%s' | deploy/keys/ca signer '%s' \"%s\" %s 'Camat Batang-Batang' '%s' -", FIXTURE_PASSPHRASE,
                  ca, name, nip, out);
}

void fixture_init (struct fixture *fixture)
{
    const char *temporary = getenv ("TMPDIR");
    char root[96], crl[96], p12[96];
    *fixture = (struct fixture){0};
    snprintf (fixture->dir, sizeof fixture->dir, "%s/paten-signing-XXXXXX", temporary ? temporary : "/tmp");
    assert_non_null (mkdtemp (fixture->dir));
    fixture_must ("deploy/keys/ca init %s/ca", fixture->dir);
    snprintf (p12, sizeof p12, "%s/camat.p12", fixture->dir);
    snprintf (root, sizeof root, "%s/ca", fixture->dir);
    fixture_make_signer (root, p12, FIXTURE_SIGNER, FIXTURE_NIP);
    assert_int_equal (signer_key_open (&fixture->key, p12, FIXTURE_PASSPHRASE, NULL), SIGNER_KEY_OPEN);
    snprintf (root, sizeof root, "%s/ca/root.crt", fixture->dir);
    snprintf (crl, sizeof crl, "%s/ca/crl.pem", fixture->dir);
    assert_int_equal (pdf_trust_new (&fixture->trust, root, crl), 0);
    fixture->now = signer_key_identity (fixture->key)->not_before + 2 * 86400; /* tomorrow: valid since yesterday */
}

void fixture_destroy (struct fixture *fixture)
{
    signer_key_destroy (&fixture->key);
    pdf_trust_destroy (&fixture->trust);
    fixture_must ("rm -rf '%s'", fixture->dir);
}

struct bytes fixture_pdf (const char *catalog_entries, const char *page_entries)
{
    static const char text[] = "BT /F1 12 Tf 72 800 Td (Surat Keterangan Tidak Mampu) Tj ET";
    char bodies[5][512];
    long offsets[5];
    struct bytes pdf;
    snprintf (bodies[0], sizeof bodies[0], "<< /Type /Catalog /Pages 2 0 R %s >>", catalog_entries);
    snprintf (bodies[1], sizeof bodies[1], "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>");
    snprintf (bodies[2], sizeof bodies[2],
              "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 609 935 ] /Contents 4 0 R"
              " /Resources << /Font << /F1 5 0 R >> >> %s >>",
              page_entries);
    snprintf (bodies[3], sizeof bodies[3], "<< /Length %zu >>\nstream\n%s\nendstream", strlen (text), text);
    snprintf (bodies[4], sizeof bodies[4], "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    FILE *out = open_memstream ((char **)&pdf.at, &pdf.size);
    fputs ("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", out);
    for (int i = 0; i < 5; i++) {
        offsets[i] = ftell (out);
        fprintf (out, "%d 0 obj\n%s\nendobj\n", i + 1, bodies[i]);
    }
    long xref = ftell (out);
    fputs ("xref\n0 6\n0000000000 65535 f \n", out);
    for (int i = 0; i < 5; i++)
        fprintf (out, "%010ld 00000 n \n", offsets[i]);
    fprintf (out,
             "trailer\n<< /Size 6 /Root 1 0 R /ID [ <00112233445566778899aabbccddeeff>"
             " <00112233445566778899aabbccddeeff> ] >>\nstartxref\n%ld\n%%%%EOF\n",
             xref);
    fclose (out);
    return pdf;
}

struct bytes fixture_join (struct bytes first, const void *second, size_t size)
{
    struct bytes both = {.at = malloc (first.size + size + 1), .size = first.size + size};
    assert_non_null (both.at);
    memcpy (both.at, first.at, first.size);
    memcpy (both.at + first.size, second, size);
    return both;
}

struct bytes fixture_copy (struct bytes bytes)
{
    return fixture_join (bytes, "", 0);
}

void fixture_save (const struct fixture *fixture, const char *name, struct bytes bytes)
{
    char path[128];
    snprintf (path, sizeof path, "%s/%s", fixture->dir, name);
    FILE *file = fopen (path, "wbe");
    assert_non_null (file);
    assert_int_equal (fwrite (bytes.at, 1, bytes.size, file), bytes.size);
    assert_int_equal (fclose (file), 0);
}

struct bytes fixture_load (const char *path)
{
    struct bytes bytes;
    FILE *file = fopen (path, "rbe"), *out = open_memstream ((char **)&bytes.at, &bytes.size);
    assert_non_null (file);
    for (int c; (c = getc (file)) != EOF;)
        putc (c, out);
    fclose (file);
    fclose (out);
    return bytes;
}

struct bytes fixture_signed (const struct fixture *fixture)
{
    struct bytes pdf = fixture_pdf ("", ""), result;
    struct pades_signer signer = signer_key_signer (fixture->key);
    struct pades_request request = {.time = fixture->now, .reason = "Persetujuan", .location = "Kecamatan Ra'as"};
    assert_int_equal (pades_sign (&signer, &request, pdf.at, pdf.size, &result.at, &result.size), PADES_SIGNED);
    free (pdf.at);
    return result;
}

size_t fixture_find (struct bytes bytes, const char *text)
{
    const unsigned char *found = memmem (bytes.at, bytes.size, text, strlen (text));
    assert_non_null (found);
    return (size_t)(found - bytes.at);
}

size_t fixture_hole (struct bytes bytes, size_t *ret_size)
{
    size_t begin = fixture_find (bytes, "/Contents <") + strlen ("/Contents ");
    const unsigned char *end = memchr (bytes.at + begin, '>', bytes.size - begin);
    assert_non_null (end);
    *ret_size = (size_t)(end - bytes.at) + 1 - begin;
    return begin;
}

struct bytes fixture_cms (struct bytes pdf)
{
    size_t hole_size, hole = fixture_hole (pdf, &hole_size);
    struct bytes cms = {.at = calloc (1, hole_size), .size = hole_size / 2 - 1};
    for (size_t i = 0; i < cms.size; i++) {
        unsigned int byte;
        assert_int_equal (sscanf ((const char *)pdf.at + hole + 1 + 2 * i, "%2x", &byte), 1);
        cms.at[i] = (unsigned char)byte;
    }
    cms.size = 4 + ((size_t)cms.at[2] << 8 | cms.at[3]);
    return cms;
}

void fixture_put_cms (struct bytes pdf, const unsigned char *der, size_t size)
{
    size_t hole_size, hole = fixture_hole (pdf, &hole_size);
    assert_true (2 * size + 2 <= hole_size);
    memset (pdf.at + hole + 1, '0', hole_size - 2);
    for (size_t i = 0; i < size; i++) {
        pdf.at[hole + 1 + 2 * i] = (unsigned char)"0123456789abcdef"[der[i] >> 4];
        pdf.at[hole + 2 + 2 * i] = (unsigned char)"0123456789abcdef"[der[i] & 15];
    }
}

void fixture_sign_part (struct bytes pdf, size_t from, const struct pades_signer *signer)
{
    struct bytes part = {pdf.at + from, pdf.size - from};
    size_t hole_size, hole = from + fixture_hole (part, &hole_size), der_size;
    unsigned char digest[SHA256_DIGEST_LENGTH], *der;
    struct bytes before = {pdf.at, hole};
    struct bytes content = fixture_join (before, pdf.at + hole + hole_size, pdf.size - hole - hole_size);
    SHA256 (content.at, content.size, digest);
    assert_int_equal (cms_sign (signer, digest, &der, &der_size), 0);
    fixture_put_cms (part, der, der_size);
    OPENSSL_free (der);
    free (content.at);
}

void fixture_sign_again (struct bytes pdf, const struct pades_signer *signer)
{
    fixture_sign_part (pdf, 0, signer);
}

/* The offset that the last startxref names. */
static long newest_table (struct bytes pdf)
{
    const unsigned char *last = pdf.at + pdf.size - 10;
    while (memcmp (last, "startxref\n", 10) != 0)
        last--;
    return strtol ((const char *)last + 10, NULL, 10);
}

/* Appends bodies as objects ids[0..count) with table and trailer, whose /Size is size. */
static struct bytes append_revision (struct bytes pdf, const int *ids, char *const *bodies, size_t count, int size)
{
    struct bytes update, result;
    long offsets[8];
    FILE *out = open_memstream ((char **)&update.at, &update.size);
    for (size_t i = 0; i < count; i++) {
        offsets[i] = (long)pdf.size + ftell (out);
        fprintf (out, "%d 0 obj\n%s\nendobj\n", ids[i], bodies[i]);
    }
    long table = (long)pdf.size + ftell (out);
    fputs ("xref\n", out);
    for (size_t i = 0; i < count; i++)
        fprintf (out, "%d 1\n%010ld 00000 n \n", ids[i], offsets[i]);
    fprintf (out, "trailer\n<< /Size %d /Root 1 0 R /Prev %ld >>\nstartxref\n%ld\n%%%%EOF\n", size, newest_table (pdf),
             table);
    fclose (out);
    result = fixture_join (pdf, update.at, update.size);
    free (update.at);
    return result;
}

struct bytes fixture_add_signature (struct bytes pdf, bool replaces_certification)
{
    static const int ids[] = {8, 9, 1};
    enum { RESERVE = 8192, RANGE = 40 };
    char *bodies[3], range[RANGE + 1];
    assert_true (asprintf (&bodies[0],
                           "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
                           " /M (D:20300101000000+07'00') /ByteRange %*s /Contents <%0*d> >>",
                           RANGE, "", RESERVE, 0) > 0);
    assert_true (asprintf (&bodies[1],
                           "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature2) /F 132 /Rect [ 0 0 0 0 ]"
                           " /P 3 0 R /V 8 0 R >>") > 0);
    assert_true (asprintf (&bodies[2],
                           "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [ 7 0 R 9 0 R ] /SigFlags 3 >>"
                           " /Perms << /DocMDP %d 0 R >> >>",
                           replaces_certification ? 8 : 6) > 0);
    struct bytes result = append_revision (pdf, ids, bodies, 3, 10);
    struct bytes part = {result.at + pdf.size, result.size - pdf.size};
    size_t hole_size, hole = pdf.size + fixture_hole (part, &hole_size);
    int length =
        snprintf (range, sizeof range, "[ 0 %zu %zu %zu ]", hole, hole + hole_size, result.size - hole - hole_size);
    memcpy (result.at + pdf.size + fixture_find (part, "/ByteRange ") + 11, range, (size_t)length);
    for (size_t i = 0; i < 3; i++)
        free (bodies[i]);
    return result;
}

struct bytes fixture_shadow (struct bytes pdf)
{
    static const char text[] = "BT /F1 12 Tf 72 800 Td (Surat lain sama sekali) Tj ET";
    static const int id = 4;
    char *body;
    assert_true (asprintf (&body, "<< /Length %zu >>\nstream\n%s\nendstream", strlen (text), text) > 0);
    struct bytes result = append_revision (pdf, &id, &body, 1, 8);
    free (body);
    return result;
}
