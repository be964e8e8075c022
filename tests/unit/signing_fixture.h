/* What the tests of signing and verifying share: a certification authority of deploy/keys/ca in a folder of its own, a
 * small PDF written by hand, and forgeries.  Everything asserts; nothing returns errors. */
#pragma once

#include "pades.h"
#include "pdf_trust.h"
#include "signer_key.h"

#include <stdbool.h>

#define FIXTURE_PASSPHRASE "rahasia demo"
#define FIXTURE_SIGNER     "Drs. H. Abd. Syukur, M.Si"
#define FIXTURE_NIP        "197001011990031001"

struct bytes {
    unsigned char *at;
    size_t size;
};

struct fixture {
    char dir[64];       /* in it: ca/, camat.p12 */
    signer_key_t *key;  /* of camat.p12 */
    pdf_trust_t *trust; /* the CA's root and CRLs */
    int64_t now;        /* a day after the certificate began: whatever a slow run makes later is older */
};

/* A new folder below $TMPDIR with a CA and one signer in it; removed by fixture_destroy (). */
void fixture_init (struct fixture *fixture);
void fixture_destroy (struct fixture *fixture);

/* Runs a shell command; answers what it printed, both streams, and its exit code.  Freed by the caller. */
char *fixture_run (int *ret_code, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* The same; the command must succeed. */
void fixture_must (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

/* DIR/NAME.p12 by that CA folder. */
void fixture_make_signer (const char *ca, const char *out, const char *name, const char *nip);

/* A PDF with a classic table: one page with page_entries, a catalog with catalog_entries. */
struct bytes fixture_pdf (const char *catalog_entries, const char *page_entries);
struct bytes fixture_copy (struct bytes bytes);
struct bytes fixture_join (struct bytes first, const void *second, size_t size);
void fixture_save (const struct fixture *fixture, const char *name, struct bytes bytes);
struct bytes fixture_load (const char *path);

/* A small PDF, signed by the fixture's signer at fixture->now. */
struct bytes fixture_signed (const struct fixture *fixture);

/* Offset of text, which must be there. */
size_t fixture_find (struct bytes bytes, const char *text);

/* The hole of the only signature: offset of "<", size with both brackets. */
size_t fixture_hole (struct bytes bytes, size_t *ret_size);

/* The CMS out of /Contents. */
struct bytes fixture_cms (struct bytes pdf);

/* Puts der into /Contents, zeros behind it. */
void fixture_put_cms (struct bytes pdf, const unsigned char *der, size_t size);

/* Signs the bytes as they are now, whatever they say: what an insider or a thief with a key could do. */
void fixture_sign_again (struct bytes pdf, const struct pades_signer *signer);

/* The same for a signature whose dictionary begins at or behind offset from. */
void fixture_sign_part (struct bytes pdf, size_t from, const struct pades_signer *signer);

/* One revision more with a second signature field, not signed yet: fixture_sign_part (result, pdf.size, ...). */
struct bytes fixture_add_signature (struct bytes pdf, bool replaces_certification);

/* The shadow attack: an incremental update that gives the page another text. */
struct bytes fixture_shadow (struct bytes pdf);
