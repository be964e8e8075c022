/* A QR code (ISO/IEC 18004, error correction M) as a matrix of modules, to be drawn as vectors.  It does not draw. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { QR_PAYLOAD_MAX = 400 }; /* bytes; keeps the code readable at 25 mm on ordinary paper */

typedef struct qr qr_t;

bool qr_is_payload (const char *payload); /* neither empty nor too long */

/* NULL when it is no payload, or memory ran out. */
qr_t *qr_new (const char *payload);
void qr_destroy (qr_t **self);

/* Modules per side, without the quiet zone. */
unsigned qr_width (const qr_t *self);
bool qr_is_dark (const qr_t *self, unsigned row, unsigned column);
