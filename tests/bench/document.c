/* What a document costs without the system around it: the SKTM template of the demo drawn as PDF/A, the signer's key
 * opened as for each signature, and the document signed (PAdES), in one thread of one process; against work of known size on the same machine in the same run: SHA-256 over 1 MiB, and
 * one ECDSA P-256 signature.  The ratios can be compared between machines, the milliseconds cannot.
 *
 * bench_document TEMPLATE.json SAMPLE.json EMBLEM.svg SIGNER.p12 SECONDS, the passphrase in PATEN_DEMO_PASSWORD; answers
 * JSON on standard output. */
#include "common/auto.h"
#include "pades.h"
#include "render.h"
#include "samples.h"
#include "signer_key.h"

#include <glib.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REFERENCE_BYTES = 1 << 20 };

struct bench {
    json_t *template_json, *data;
    const char *key_file, *passphrase;
    signer_cache_t *cache;
    struct pades_signer signer;
    unsigned char *block; /* REFERENCE_BYTES, for SHA-256 */
    EVP_PKEY *key;        /* P-256, for the reference's signature */
    unsigned char *pdf, *signed_pdf;
    size_t pdf_size, signed_size;
};

static int64_t now_us (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int fail (const char *what)
{
    fprintf (stderr, "bench_document: %s\n", what);
    exit (1);
}

static void draw (struct bench *bench)
{
    static const struct render_options options = {
        .title = "Surat Keterangan Tidak Mampu", .author = "Kecamatan Ra'as", .created_at = 1767580200};
    struct render_output output;
    struct template_fault fault;
    if (render_pdf (bench->template_json, bench->data, &options, &output, &fault) != TEMPLATE_OK)
        fail ("the template cannot be drawn");
    free (bench->pdf);
    bench->pdf = output.bytes;
    bench->pdf_size = output.size;
}

static void put_signature (struct bench *bench)
{
    struct pades_request request = {.time = time (NULL), .reason = "Pengukuran", .location = "Ra'as"};
    free (bench->signed_pdf);
    if (pades_sign (&bench->signer, &request, bench->pdf, bench->pdf_size, &bench->signed_pdf, &bench->signed_size) !=
        PADES_SIGNED)
        fail ("the document cannot be signed");
}

/* What each signature does before it: the file is known, the passphrase is proven anew. */
static void open_key (struct bench *bench)
{
    AUTO (signer_key) key = NULL;
    if (signer_key_open (&key, bench->key_file, bench->passphrase, bench->cache) != SIGNER_KEY_OPEN)
        fail ("the signer's key cannot be opened");
}

static void hash_block (struct bench *bench)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (!EVP_Digest (bench->block, REFERENCE_BYTES, digest, NULL, EVP_sha256 (), NULL))
        fail ("SHA-256 failed");
    bench->block[0] = digest[0];
}

static void sign_digest (struct bench *bench)
{
    unsigned char signature[256];
    size_t size = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new ();
    if (!context || EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, bench->key) != 1 ||
        EVP_DigestSign (context, signature, &size, bench->block, 32) != 1)
        fail ("ECDSA failed");
    EVP_MD_CTX_free (context);
}

/* All by turns, so that a machine that slows down slows all of them. */
static json_t *measure (struct bench *bench, double seconds)
{
    static const struct {
        const char *name;
        void (*run) (struct bench *bench);
    } works[] = {{"render", draw},
                 {"sign", put_signature},
                 {"open_key", open_key},
                 {"sha256_1mib", hash_block},
                 {"ecdsa_p256", sign_digest}};
    enum { WORKS = sizeof works / sizeof works[0] };
    struct samples samples[WORKS] = {0};
    json_t *result = json_object ();
    int64_t end = 0;
    for (int round = 0; round <= 3 || now_us () < end; round++) {
        if (round == 3) /* the first rounds load fonts and tables */
            end = now_us () + (int64_t)(seconds * 1e6);
        for (size_t i = 0; i < WORKS; i++) {
            int64_t began = now_us ();
            works[i].run (bench);
            if (round >= 3)
                samples_add (&samples[i], now_us () - began);
        }
    }
    for (size_t i = 0; i < WORKS; i++) {
        json_object_set_new (result, works[i].name, samples_json (&samples[i]));
        samples_free (&samples[i]);
    }
    return result;
}

static double median_of (const json_t *result, const char *name)
{
    return json_real_value (json_object_get (json_object_get (result, name), "p50_ms"));
}

static void load (struct bench *bench, char **argv)
{
    char *emblem = NULL;
    bench->template_json = json_load_file (argv[1], JSON_REJECT_DUPLICATES, NULL);
    bench->data = json_load_file (argv[2], 0, NULL);
    if (!bench->template_json || !bench->data || !g_file_get_contents (argv[3], &emblem, NULL, NULL))
        fail ("template, sample or emblem cannot be read");
    json_object_set_new (json_object_get (bench->data, "kabupaten"), "emblem_svg", json_string (emblem));
    g_free (emblem);
    bench->block = calloc (1, REFERENCE_BYTES);
    bench->key = EVP_EC_gen ("P-256");
    if (!bench->block || !bench->key)
        fail ("no memory or no P-256");
}

int main (int argc, char **argv)
{
    struct bench bench = {0};
    AUTO (signer_key) key = NULL;
    const char *passphrase = getenv ("PATEN_DEMO_PASSWORD");
    if (argc != 6 || !passphrase) {
        fprintf (stderr, "usage: PATEN_DEMO_PASSWORD=... bench_document TEMPLATE SAMPLE EMBLEM SIGNER.p12 SECONDS\n");
        return 2;
    }
    load (&bench, argv);
    AUTO (signer_cache) cache = signer_cache_new ();
    bench.key_file = argv[4];
    bench.passphrase = passphrase;
    bench.cache = cache;
    if (!cache || signer_key_open (&key, argv[4], passphrase, NULL) != SIGNER_KEY_OPEN)
        fail ("the signer's key cannot be opened");
    bench.signer = signer_key_signer (key);
    json_auto_t *result = measure (&bench, strtod (argv[5], NULL));
    double document_ms = median_of (result, "render") + median_of (result, "open_key") + median_of (result, "sign");
    json_object_set_new (result, "document_ms", json_real (document_ms));
    json_object_set_new (result, "document_per_sha256_mib",
                         json_real (document_ms / median_of (result, "sha256_1mib")));
    json_object_set_new (result, "sign_per_ecdsa",
                         json_real (median_of (result, "sign") / median_of (result, "ecdsa_p256")));
    json_object_set_new (result, "pdf_bytes", json_integer ((json_int_t)bench.pdf_size));
    json_object_set_new (result, "signed_bytes", json_integer ((json_int_t)bench.signed_size));
    json_dumpf (result, stdout, JSON_INDENT (1) | JSON_REAL_PRECISION (6));
    puts ("");
    json_decref (bench.template_json);
    json_decref (bench.data);
    free (bench.pdf);
    free (bench.signed_pdf);
    free (bench.block);
    EVP_PKEY_free (bench.key);
    return 0;
}
