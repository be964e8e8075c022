/* The officers' application as its build left it (web/dist): every file in memory, read once when the gateway starts.
 * What is not in this table cannot be asked for, however its address is written. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define ASSET_BASE      "/petugas" /* the application lives below it; web/vite.config.ts says the same */
#define ASSET_ETAG_SIZE 40

/* As files are sent; the build makes NAME.gz and NAME.br beside NAME where that helps. */
enum asset_coding { ASSET_PLAIN, ASSET_GZIP, ASSET_BROTLI, ASSET_CODINGS };

struct asset_form {
    char *bytes; /* NULL: there is no such form */
    size_t size;
    char etag[ASSET_ETAG_SIZE]; /* quoted; from the bytes */
};

struct asset {
    char *path; /* below ASSET_BASE "/": "index.html", "aset/index-D3x.js" */
    const char *media_type;
    bool is_immutable; /* its name changes with its content */
    struct asset_form forms[ASSET_CODINGS];
};

typedef struct assets assets_t;

/* Reads the folder with all below it.  NULL (logged): it cannot be read, is no built application (no index.html), or is
 * too large. */
assets_t *assets_load (const char *folder);
void assets_destroy (assets_t **assets);

/* The file of that path; for "" and for the application's own addresses (their last part has no file extension)
 * index.html; else NULL. `path` as it came, undecoded: file names need no % sequences. */
const struct asset *assets_find (const assets_t *assets, const char *path);

/* The smallest form that the client takes (RFC 9110 section 12.5.3); `accept` may be NULL. */
enum asset_coding asset_choose (const struct asset *asset, const char *accept);
/* Does If-None-Match (may be NULL) name this form? */
bool asset_is_known (const struct asset_form *form, const char *if_none_match);
/* What a cache may do with it. */
const char *asset_cache_control (const struct asset *asset);
