/* Files of the officers' application, see asset.h. */
#include "asset.h"

#include "common/auto.h"
#include "common/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILES_MOST = 1000,
    BYTES_MOST = 32 * 1024 * 1024, /* of all; the application has some hundred kB */
    DEPTH_MOST = 4,
    PATH_MOST = 200,
    HASH_SIZE = 16,
};

struct assets {
    struct asset *all; /* by path */
    size_t count;
    size_t bytes;
};

/* ---- what a name says -------------------------------------------------------------------------------------------- */

static const char *extension (const char *path)
{
    const char *slash = strrchr (path, '/');
    const char *dot = strrchr (slash ? slash : path, '.');
    /* "35.29.22" in an address of the application is no file */
    return dot && ((dot[1] >= 'a' && dot[1] <= 'z') || (dot[1] >= 'A' && dot[1] <= 'Z')) ? dot + 1 : NULL;
}

static const char *media_type (const char *path)
{
    static const char *const types[][2] = {
        {"html", "text/html; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"svg", "image/svg+xml"},
        {"png", "image/png"},
        {"webmanifest", "application/manifest+json"},
        {"json", "application/json"},
        {"woff2", "font/woff2"},
        {"txt", "text/plain; charset=utf-8"},
    };
    const char *ending = extension (path);
    for (size_t i = 0; ending && i < sizeof types / sizeof types[0]; i++)
        if (strcmp (ending, types[i][0]) == 0)
            return types[i][1];
    return "application/octet-stream";
}

/* "index.html.br" is a form of "index.html": cuts the ending off. */
static enum asset_coding cut_coding (char *path)
{
    size_t size = strlen (path);
    if (size <= 3 || path[size - 3] != '.')
        return ASSET_PLAIN;
    enum asset_coding coding = strcmp (path + size - 2, "gz") == 0   ? ASSET_GZIP
                               : strcmp (path + size - 2, "br") == 0 ? ASSET_BROTLI
                                                                     : ASSET_PLAIN;
    if (coding != ASSET_PLAIN)
        path[size - 3] = '\0';
    return coding;
}

/* ---- reading the folder ------------------------------------------------------------------------------------------ */

static int refuse (const char *path, const char *why)
{
    log_line (LEVEL_ERROR, "web.unreadable", "path", path, "error", why, NULL);
    return -1;
}

static struct asset *asset_of (assets_t *assets, const char *path)
{
    for (size_t i = 0; i < assets->count; i++)
        if (strcmp (assets->all[i].path, path) == 0)
            return &assets->all[i];
    if (assets->count == FILES_MOST)
        return NULL;
    struct asset *asset = &assets->all[assets->count];
    *asset = (struct asset){.path = strdup (path), .media_type = media_type (path)};
    asset->is_immutable = strncmp (path, "aset/", 5) == 0;
    assets->count += asset->path ? 1 : 0;
    return asset->path ? asset : NULL;
}

static void name_form (struct asset_form *form)
{
    unsigned char hash[HASH_SIZE];
    char hex[2 * HASH_SIZE + 1];
    crypto_generichash (hash, sizeof hash, (const unsigned char *)form->bytes, form->size, NULL, 0);
    sodium_bin2hex (hex, sizeof hex, hash, sizeof hash);
    snprintf (form->etag, sizeof form->etag, "\"%s\"", hex);
}

static int read_bytes (int handle, size_t size, struct asset_form *form)
{
    form->bytes = malloc (size + 1);
    if (!form->bytes)
        return -1;
    while (form->size < size) {
        ssize_t got = read (handle, form->bytes + form->size, size - form->size);
        if (got <= 0)
            return -1;
        form->size += (size_t)got;
    }
    name_form (form);
    return 0;
}

static int add_file (assets_t *assets, int folder, const char *name, char *path)
{
    int handle = openat (folder, name, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (handle < 0 || fstat (handle, &about) < 0) {
        if (handle >= 0)
            close (handle);
        return refuse (path, strerror (errno));
    }
    enum asset_coding coding = cut_coding (path);
    struct asset *asset = asset_of (assets, path);
    assets->bytes += (size_t)about.st_size;
    int result = asset && assets->bytes <= BYTES_MOST ? 0 : refuse (path, "too many files, or too large");
    if (result == 0 && read_bytes (handle, (size_t)about.st_size, &asset->forms[coding]) < 0)
        result = refuse (path, "it cannot be read");
    close (handle);
    return result;
}

static int add_folder (assets_t *assets, int handle, const char *prefix, int depth);

static int add_entry (assets_t *assets, int folder, const char *name, const char *prefix, int depth)
{
    char path[PATH_MOST];
    struct stat about;
    if (name[0] == '.')
        return 0;
    if (snprintf (path, sizeof path, "%s%s", prefix, name) >= (int)sizeof path - 1)
        return refuse (prefix, "a name is too long");
    if (fstatat (folder, name, &about, 0) < 0)
        return refuse (path, strerror (errno));
    if (S_ISREG (about.st_mode))
        return add_file (assets, folder, name, path);
    if (!S_ISDIR (about.st_mode))
        return 0;
    int handle = depth < DEPTH_MOST ? openat (folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    strcat (path, "/");
    return handle < 0 ? refuse (path, "it cannot be opened, or lies too deep")
                      : add_folder (assets, handle, path, depth + 1);
}

/* Takes the handle. */
static int add_folder (assets_t *assets, int handle, const char *prefix, int depth)
{
    DIR *folder = fdopendir (handle);
    if (!folder) {
        close (handle);
        return refuse (prefix, strerror (errno));
    }
    int result = 0;
    for (struct dirent *entry; result == 0 && (entry = readdir (folder));)
        result = add_entry (assets, handle, entry->d_name, prefix, depth);
    closedir (folder);
    return result;
}

static int by_path (const void *one, const void *other)
{
    return strcmp (((const struct asset *)one)->path, ((const struct asset *)other)->path);
}

static const struct asset *exact (const assets_t *assets, const char *path)
{
    const struct asset *found =
        bsearch (&(struct asset){.path = (char *)path}, assets->all, assets->count, sizeof assets->all[0], by_path);
    return found && found->forms[ASSET_PLAIN].bytes ? found : NULL;
}

assets_t *assets_load (const char *folder)
{
    assets_t *assets = calloc (1, sizeof *assets);
    int handle = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = -1;
    if (assets)
        assets->all = calloc (FILES_MOST, sizeof assets->all[0]);
    if (handle < 0)
        refuse (folder, strerror (errno));
    else if (assets && assets->all && sodium_init () >= 0)
        result = add_folder (assets, handle, "", 0);
    else
        close (handle);
    if (result == 0) {
        qsort (assets->all, assets->count, sizeof assets->all[0], by_path);
        if (!exact (assets, "index.html"))
            result = refuse (folder, "it has no index.html");
    }
    if (result < 0)
        assets_destroy (&assets);
    return assets;
}

void assets_destroy (assets_t **assets_p)
{
    assets_t *assets = *assets_p;
    if (!assets)
        return;
    for (size_t i = 0; i < assets->count; i++) {
        for (int coding = 0; coding < ASSET_CODINGS; coding++)
            free (assets->all[i].forms[coding].bytes);
        free (assets->all[i].path);
    }
    free (assets->all);
    free (assets);
    *assets_p = NULL;
}

/* ---- answering --------------------------------------------------------------------------------------------------- */

const struct asset *assets_find (const assets_t *assets, const char *path)
{
    const struct asset *found = exact (assets, path);
    return found || extension (path) ? found : exact (assets, "index.html");
}

static const char *skip_blanks (const char *at)
{
    return at + strspn (at, " \t");
}

/* Does the list take the coding?  "br;q=0" says that it does not. */
static bool accepts (const char *list, const char *coding)
{
    size_t size = strlen (coding);
    for (const char *at = list; at; at = strchr (at, ',') ? strchr (at, ',') + 1 : NULL) {
        at = skip_blanks (at);
        if (strncasecmp (at, coding, size) != 0)
            continue;
        const char *rest = skip_blanks (at + size);
        if (*rest == '\0' || *rest == ',')
            return true;
        if (*rest != ';')
            continue;
        rest = skip_blanks (rest + 1);
        if (strncasecmp (rest, "q=", 2) == 0)
            return strtod (rest + 2, NULL) > 0;
    }
    return false;
}

enum asset_coding asset_choose (const struct asset *asset, const char *accept)
{
    if (asset->forms[ASSET_BROTLI].bytes && accepts (accept, "br"))
        return ASSET_BROTLI;
    if (asset->forms[ASSET_GZIP].bytes && accepts (accept, "gzip"))
        return ASSET_GZIP;
    return ASSET_PLAIN;
}

bool asset_is_known (const struct asset_form *form, const char *if_none_match)
{
    /* Quoted, and of hexadecimal digits: no other tag can contain it, "W/" before it means the same here. */
    return if_none_match && (strcmp (if_none_match, "*") == 0 || strstr (if_none_match, form->etag));
}

const char *asset_cache_control (const struct asset *asset)
{
    return asset->is_immutable ? "public, max-age=31536000, immutable" : "no-cache";
}
