/* From marks to cairo's PDF; see render_paint.h. */
#include "render_paint.h"

#include "common/auto.h"
#include "qr.h"

#include <cairo-pdf.h>
#include <math.h>
#include <time.h>

static cairo_status_t append (void *closure, const unsigned char *bytes, unsigned length)
{
    g_byte_array_append (closure, bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

/* Rows of dark modules merge into rectangles that are filled at once, so that no hair lines appear between them. */
static int paint_qr (cairo_t *cairo, const struct mark *mark)
{
    AUTO (qr) code = qr_new (mark->payload);
    if (!code)
        return -1;
    unsigned modules = qr_width (code);
    double side = mark->width / modules, quiet = 2 * side;
    cairo_set_source_rgb (cairo, 1, 1, 1); /* readers need a light rim, also over a watermark */
    cairo_rectangle (cairo, mark->x - quiet, mark->y - quiet, mark->width + 2 * quiet, mark->height + 2 * quiet);
    cairo_fill (cairo);
    for (unsigned row = 0; row < modules; row++)
        for (unsigned column = 0, run; column < modules; column += run) {
            bool is_dark = qr_is_dark (code, row, column);
            for (run = 1; column + run < modules && qr_is_dark (code, row, column + run) == is_dark;)
                run++;
            if (is_dark)
                cairo_rectangle (cairo, mark->x + column * side, mark->y + row * side, run * side, side);
        }
    cairo_set_source_rgb (cairo, 0, 0, 0);
    cairo_fill (cairo);
    return 0;
}

static int paint_drawing (cairo_t *cairo, const struct mark *mark)
{
    RsvgRectangle place = {mark->x, mark->y, mark->width, mark->height};
    cairo_save (cairo);
    gboolean is_done = rsvg_handle_render_document (mark->drawing, cairo, &place, NULL);
    cairo_restore (cairo);
    return is_done ? 0 : -1;
}

static int paint_mark (cairo_t *cairo, const struct mark *mark)
{
    switch (mark->kind) {
    case MARK_LINE_OF_TEXT:
        cairo_set_source_rgb (cairo, 0, 0, 0);
        cairo_move_to (cairo, mark->x, mark->y);
        pango_cairo_show_layout_line (cairo, mark->line);
        break;
    case MARK_BOX:
        cairo_set_source_rgb (cairo, mark->grey, mark->grey, mark->grey);
        cairo_rectangle (cairo, mark->x, mark->y, mark->width, mark->height);
        cairo_fill (cairo);
        break;
    case MARK_DRAWING:
        return paint_drawing (cairo, mark);
    case MARK_QR:
        return paint_qr (cairo, mark);
    }
    return 0;
}

/* Under everything else, in a solid light grey: transparency has no place in these files. */
static void paint_watermark (cairo_t *cairo, const struct flow *flow, const char *text)
{
    g_autoptr (PangoLayout) layout = pango_layout_new (flow->context);
    PangoFontDescription *font = pango_font_description_copy (flow->font);
    PangoRectangle ink;
    pango_font_description_set_absolute_size (font, 100 * PANGO_SCALE);
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description (layout, font);
    pango_font_description_free (font);
    pango_layout_set_text (layout, text, -1);
    pango_layout_get_pixel_extents (layout, &ink, NULL);
    if (ink.width <= 0)
        return;
    double scale = 0.7 * hypot (flow->page_width, flow->page_height) / ink.width;
    scale = fmin (scale, 0.4 * fmin (flow->page_width, flow->page_height) / ink.height);
    cairo_save (cairo);
    cairo_set_source_rgb (cairo, 0.88, 0.88, 0.88);
    cairo_translate (cairo, flow->page_width / 2, flow->page_height / 2);
    cairo_rotate (cairo, -atan2 (flow->page_height, flow->page_width));
    cairo_scale (cairo, scale, scale);
    cairo_move_to (cairo, -ink.x - ink.width / 2.0, -ink.y - ink.height / 2.0);
    pango_cairo_show_layout (cairo, layout);
    cairo_restore (cairo);
}

static int paint_pages (cairo_t *cairo, const struct flow *flow, const char *watermark)
{
    for (unsigned page = 0; page <= flow->page; page++) {
        if (watermark)
            paint_watermark (cairo, flow, watermark);
        for (guint i = 0; i < flow->marks->len; i++) {
            const struct mark *mark = &g_array_index (flow->marks, struct mark, i);
            if (mark->page == page && paint_mark (cairo, mark) < 0)
                return -1;
        }
        cairo_show_page (cairo);
    }
    return 0;
}

int paint_pdf (const struct flow *flow, const char *watermark, int64_t created_at, GByteArray *pdf)
{
    char at[32] = "";
    struct tm moment;
    time_t seconds = (time_t)created_at;
    if (!gmtime_r (&seconds, &moment) || strftime (at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &moment) == 0)
        return -1;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (append, pdf, flow->page_width, flow->page_height);
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
    cairo_t *cairo = cairo_create (surface);
    int result = paint_pages (cairo, flow, watermark);
    if (cairo_status (cairo) != CAIRO_STATUS_SUCCESS)
        result = -1;
    cairo_destroy (cairo);
    cairo_surface_finish (surface);
    if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
        result = -1;
    cairo_surface_destroy (surface);
    return result;
}
