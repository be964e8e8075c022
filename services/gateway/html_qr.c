/* QR codes of pages: libqrencode's modules as one stroked path of an inline SVG, which needs no image from anywhere and
 * so no exception from the policy. */
#include "html.h"

#include <qrencode.h>
#include <string.h>

enum { PAYLOAD_MOST = 200, QUIET = 4 /* modules around, ISO 18004 */ };

/* The dark runs of a row, drawn through the middle of its modules. */
static void write_row (FILE *out, const QRcode *code, int y)
{
    const unsigned char *row = code->data + y * code->width;
    for (int x = 0; x < code->width; x++) {
        int start = x;
        while (x < code->width && (row[x] & 1))
            x++;
        if (x > start)
            fprintf (out, "M%d %d.5h%d", start, y, x - start);
    }
}

void html_qr (FILE *out, const char *payload, const char *label)
{
    QRcode *code =
        strlen (payload) <= PAYLOAD_MOST ? QRcode_encodeString (payload, 0, QR_ECLEVEL_M, QR_MODE_8, 1) : NULL;
    if (!code)
        return;
    int size = code->width + 2 * QUIET;
    fprintf (out,
             "<svg class=\"qr\" viewBox=\"%d %d %d %d\" role=\"img\" aria-label=\"%s\" shape-rendering=\"crispEdges\">"
             "<path fill=\"#fff\" d=\"M%d %dh%dv%dh-%dz\"/><path stroke=\"#000\" d=\"",
             -QUIET, -QUIET, size, size, label, -QUIET, -QUIET, size, size, size);
    for (int y = 0; y < code->width; y++)
        write_row (out, code, y);
    fputs ("\"/></svg>\n", out);
    QRcode_free (code);
}
