/* A file on its way from a browser to the archive: cut into chunks, each of which the archive acknowledges before the
 * next is taken, so that a file of any size costs one chunk of memory.  This file keeps the chunk and writes the
 * parameters; exchange.c asks the archive. */
#pragma once

#include "common/auto.h"
#include "common/id.h"
#include "routes.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UPLOAD_CHUNK_SIZE ((size_t)256 * 1024)

struct upload {
    char id[ID_UUID_SIZE];
    uint64_t offset; /* bytes that the archive has acknowledged */
    size_t used, capacity;
    char *chunk;
};

/* `length`: of the whole file, > 0.  `now`: unix ms.  NULL when there is no memory. */
struct upload *upload_new (uint64_t length, int64_t now);
void upload_destroy (struct upload **upload);

/* Takes what still fits into the chunk; returns how much that was. */
size_t upload_take (struct upload *upload, const char *data, size_t size);
bool upload_is_full (const struct upload *upload);
/* The archive has the chunk. */
void upload_advance (struct upload *upload);

/* A name that the request's query must not carry, because the gateway sets it. */
bool upload_is_reserved (const struct match *match);
/* Parameters of archive.upload.append and archive.upload.finish: those of the query and the gateway's own. */
json_t *upload_append_params (const struct upload *upload, const struct match *match);
json_t *upload_finish_params (const struct upload *upload, const struct match *match);
