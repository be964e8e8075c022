/* QR codes through libqrencode; see qr.h. */
#include "qr.h"

#include <assert.h>
#include <qrencode.h>
#include <string.h>

/* libqrencode's own object, under a name that AUTO () can free. */
struct qr {
    QRcode code;
};

bool qr_is_payload (const char *payload)
{
    size_t length = strlen (payload);
    return length > 0 && length <= QR_PAYLOAD_MAX;
}

qr_t *qr_new (const char *payload)
{
    return qr_is_payload (payload) ? (qr_t *)QRcode_encodeString (payload, 0, QR_ECLEVEL_M, QR_MODE_8, 1) : NULL;
}

void qr_destroy (qr_t **self)
{
    if (*self)
        QRcode_free (&(*self)->code);
    *self = NULL;
}

unsigned qr_width (const qr_t *self)
{
    return (unsigned)self->code.width;
}

bool qr_is_dark (const qr_t *self, unsigned row, unsigned column)
{
    assert (row < qr_width (self) && column < qr_width (self));
    return self->code.data[row * qr_width (self) + column] & 1;
}
