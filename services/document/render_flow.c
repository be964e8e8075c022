/* Text and marks on pages; see render_flow.h. */
#include "render_flow.h"

#include <string.h>

static double number_of (const json_t *object, const char *name, double fallback)
{
    const json_t *value = json_object_get (object, name);
    return json_is_number (value) ? json_number_value (value) : fallback;
}

static void release_mark (void *pointer)
{
    struct mark *mark = pointer;
    g_clear_object (&mark->layout);
    g_clear_object (&mark->drawing);
    g_free (mark->payload);
}

/* ---- begin and end ------------------------------------------------------------------------------------------ */

static void set_paper (struct flow *flow, const json_t *page)
{
    static const struct {
        const char *name;
        double width_mm, height_mm;
    } papers[] = {{"F4", 215, 330}, {"A4", 210, 297}, {"A5", 148, 210}};
    const char *size = json_string_value (json_object_get (page, "size"));

    flow->is_receipt = strcmp (size, "receipt") == 0;
    if (flow->is_receipt) {
        flow->page_width = FLOW_MM (number_of (page, "width_mm", 0));
        flow->page_height = FLOW_MM (2000); /* cut off behind the last mark */
    }
    for (size_t i = 0; i < G_N_ELEMENTS (papers); i++)
        if (strcmp (papers[i].name, size) == 0) {
            flow->page_width = FLOW_MM (papers[i].width_mm);
            flow->page_height = FLOW_MM (papers[i].height_mm);
        }
    double margin = flow->is_receipt ? 4 : 20;
    flow->left = FLOW_MM (number_of (page, "margin_left_mm", margin));
    flow->right = flow->page_width - FLOW_MM (number_of (page, "margin_right_mm", margin));
    flow->top = FLOW_MM (number_of (page, "margin_top_mm", margin));
    flow->bottom = flow->page_height - FLOW_MM (number_of (page, "margin_bottom_mm", margin));
    flow->y = flow->top;
}

/* Hinting and rounding depend on the screen that fontconfig imagines; a document has none. */
static PangoContext *context_new (void)
{
    PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
    cairo_font_options_t *options = cairo_font_options_create ();
    cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options (context, options);
    pango_cairo_context_set_resolution (context, 72); /* else Pango takes 96 and every size is a third too big */
    pango_context_set_round_glyph_positions (context, FALSE);
    pango_context_set_language (context, pango_language_from_string ("id"));
    cairo_font_options_destroy (options);
    return context;
}

/* fontconfig answers with some other font when one is missing; a letter in the wrong face must not leave. */
static bool is_font_installed (const struct flow *flow)
{
    g_autoptr (PangoFont) font = pango_context_load_font (flow->context, flow->font);
    if (!font)
        return false;
    PangoFontDescription *found = pango_font_describe (font);
    bool is_same = g_ascii_strcasecmp (pango_font_description_get_family (found),
                                       pango_font_description_get_family (flow->font)) == 0;
    pango_font_description_free (found);
    return is_same;
}

int flow_begin (struct flow *flow, const json_t *template_json, const json_t *data, struct template_fault *fault)
{
    const json_t *page = json_object_get (template_json, "page");
    *flow = (struct flow){.data = data, .fault = fault};
    flow->marks = g_array_new (FALSE, TRUE, sizeof (struct mark));
    g_array_set_clear_func (flow->marks, release_mark);
    set_paper (flow, page);
    flow->font_size = number_of (page, "font_size_pt", 11);
    flow->line_spacing = number_of (page, "line_spacing", 1.1);
    flow->context = context_new ();
    flow->font = pango_font_description_new ();
    pango_font_description_set_family (flow->font, json_string_value (json_object_get (page, "font")));
    pango_font_description_set_absolute_size (flow->font, flow->font_size * PANGO_SCALE);
    return is_font_installed (flow) ? 0 : -1;
}

void flow_end (struct flow *flow)
{
    g_array_free (flow->marks, TRUE);
    pango_font_description_free (flow->font);
    g_object_unref (flow->context);
}

/* ---- laying out --------------------------------------------------------------------------------------------- */

static void set_style (const struct flow *flow, PangoLayout *layout, const struct flow_style *style)
{
    PangoFontDescription *font = pango_font_description_copy (flow->font);
    if (style->size_pt > 0)
        pango_font_description_set_absolute_size (font, style->size_pt * PANGO_SCALE);
    if (style->is_bold)
        pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description (layout, font);
    pango_font_description_free (font);
    pango_layout_set_width (layout, (int)(style->width * PANGO_SCALE));
    pango_layout_set_indent (layout, (int)(style->indent * PANGO_SCALE));
    pango_layout_set_wrap (layout,
                           PANGO_WRAP_WORD_CHAR); /* a name without spaces breaks rather than runs off the paper */
    pango_layout_set_alignment (layout, style->align);
    pango_layout_set_justify (layout, style->is_justified);
}

/* Only the template's own font may speak: a fallback would differ between machines (and draw emoji as pictures). */
static bool set_markup (PangoLayout *layout, const char *markup)
{
    PangoAttrList *attributes;
    g_autofree char *text = NULL;
    if (!pango_parse_markup (markup, -1, 0, &attributes, &text, NULL, NULL))
        return false;
    pango_attr_list_insert_before (attributes, pango_attr_fallback_new (FALSE));
    pango_layout_set_text (layout, text, -1);
    pango_layout_set_attributes (layout, attributes);
    pango_attr_list_unref (attributes);
    return true;
}

/* The first character that the font cannot show; the text around it may be personal and is not repeated in messages. */
static unsigned unknown_character (PangoLayout *layout)
{
    unsigned found = 0;
    PangoLayoutIter *iterator = pango_layout_get_iter (layout);
    do {
        const PangoLayoutRun *run = pango_layout_iter_get_run_readonly (iterator);
        for (int i = 0; run && found == 0 && i < run->glyphs->num_glyphs; i++) {
            PangoGlyph glyph = run->glyphs->glyphs[i].glyph;
            if (glyph != PANGO_GLYPH_EMPTY && (glyph & PANGO_GLYPH_UNKNOWN_FLAG))
                found = glyph & ~PANGO_GLYPH_UNKNOWN_FLAG;
        }
    } while (found == 0 && pango_layout_iter_next_run (iterator));
    pango_layout_iter_free (iterator);
    return found;
}

int flow_layout (struct flow *flow, const char *text, const struct template_scope *scope,
                 const struct flow_style *style, PangoLayout **ret_layout)
{
    g_autoptr (GString) markup = g_string_new (NULL);
    g_autoptr (PangoLayout) layout = pango_layout_new (flow->context);
    *ret_layout = NULL;
    int verdict = template_text_fill (text, TEMPLATE_MARKUP, scope, markup, flow->fault);
    if (verdict)
        return verdict;
    if (style->width < FLOW_MM (4)) /* Pango takes a negative width as "do not wrap" */
        return template_refuse (flow->fault, TEMPLATE_OVERFLOW, "kolom terlalu sempit");
    set_style (flow, layout, style);
    if (!set_markup (layout, markup->str))
        return template_refuse (flow->fault, TEMPLATE_MALFORMED, "teks tidak dapat dibaca");
    if (pango_layout_get_unknown_glyphs_count (layout) > 0) {
        unsigned character = unknown_character (layout);
        template_text_blame (text, TEMPLATE_MARKUP, scope, character, flow->fault);
        return template_refuse (flow->fault, TEMPLATE_GLYPH_UNKNOWN, "huruf U+%04X tidak ada dalam font", character);
    }
    const char *shown = pango_layout_get_text (layout);
    if (shown[strspn (shown, " \n")] != '\0')
        *ret_layout = g_steal_pointer (&layout);
    return TEMPLATE_OK;
}

static double line_height (const struct flow *flow, PangoLayoutIter *iterator)
{
    PangoRectangle logical;
    pango_layout_iter_get_line_extents (iterator, NULL, &logical);
    return flow->line_spacing * logical.height / PANGO_SCALE;
}

double flow_height (const struct flow *flow, PangoLayout *layout)
{
    double height = 0;
    if (!layout)
        return 0;
    PangoLayoutIter *iterator = pango_layout_get_iter (layout);
    do
        height += line_height (flow, iterator);
    while (pango_layout_iter_next_line (iterator));
    pango_layout_iter_free (iterator);
    return height;
}

/* ---- placing ------------------------------------------------------------------------------------------------ */

static void place_line (struct flow *flow, PangoLayout *layout, PangoLayoutIter *iterator, double x, double y)
{
    PangoRectangle logical;
    pango_layout_iter_get_line_extents (iterator, NULL, &logical);
    double ascent = (double)(pango_layout_iter_get_baseline (iterator) - logical.y) / PANGO_SCALE;
    double leading = (flow->line_spacing - 1) * logical.height / PANGO_SCALE;
    struct mark mark = {
        .kind = MARK_LINE_OF_TEXT,
        .page = flow->page,
        .x = x + (double)logical.x / PANGO_SCALE,
        .y = y + leading / 2 + ascent,
        .layout = g_object_ref (layout),
        .line = pango_layout_iter_get_line_readonly (iterator),
    };
    g_array_append_val (flow->marks, mark);
}

void flow_place (struct flow *flow, PangoLayout *layout, double x, double y)
{
    if (!layout)
        return;
    PangoLayoutIter *iterator = pango_layout_get_iter (layout);
    do {
        place_line (flow, layout, iterator, x, y);
        y += line_height (flow, iterator);
    } while (pango_layout_iter_next_line (iterator));
    pango_layout_iter_free (iterator);
}

void flow_place_box (struct flow *flow, double x, double y, double width, double height, double grey)
{
    struct mark mark = {
        .kind = MARK_BOX, .page = flow->page, .x = x, .y = y, .width = width, .height = height, .grey = grey};
    g_array_append_val (flow->marks, mark);
}

void flow_place_frame (struct flow *flow, double x, double y, double width, double height, double thickness,
                       double grey)
{
    flow_place_box (flow, x, y, width, thickness, grey);
    flow_place_box (flow, x, y + height - thickness, width, thickness, grey);
    flow_place_box (flow, x, y, thickness, height, grey);
    flow_place_box (flow, x + width - thickness, y, thickness, height, grey);
}

void flow_place_drawing (struct flow *flow, RsvgHandle *drawing, double x, double y, double width, double height)
{
    struct mark mark = {
        .kind = MARK_DRAWING, .page = flow->page, .x = x, .y = y, .width = width, .height = height, .drawing = drawing};
    g_array_append_val (flow->marks, mark);
}

void flow_place_qr (struct flow *flow, char **payload, double x, double y, double size)
{
    struct mark mark = {.kind = MARK_QR,
                        .page = flow->page,
                        .x = x,
                        .y = y,
                        .width = size,
                        .height = size,
                        .payload = g_steal_pointer (payload)};
    g_array_append_val (flow->marks, mark);
}

/* ---- pages -------------------------------------------------------------------------------------------------- */

void flow_keep_begin (struct flow *flow)
{
    if (flow->is_keeping) /* a chain of paragraphs moves as one */
        return;
    flow->is_keeping = true;
    flow->keep_mark = flow->marks->len;
    flow->keep_y = flow->y;
}

void flow_keep_end (struct flow *flow)
{
    flow->is_keeping = false;
}

static int next_page (struct flow *flow)
{
    if (flow->is_receipt || flow->page + 1 == FLOW_PAGES_MAX)
        return template_refuse (flow->fault, TEMPLATE_OVERFLOW, "dokumen terlalu panjang");
    double kept = flow->is_keeping && flow->keep_y > flow->top ? flow->y - flow->keep_y : 0;
    if (kept > 0 && kept < (flow->bottom - flow->top) / 2)
        for (guint i = flow->keep_mark; i < flow->marks->len; i++) {
            struct mark *mark = &g_array_index (flow->marks, struct mark, i);
            mark->page++;
            mark->y += flow->top - flow->keep_y;
        }
    else
        kept = 0;
    flow->is_keeping = false;
    flow->page++;
    flow->y = flow->top + kept;
    return TEMPLATE_OK;
}

int flow_need (struct flow *flow, double height)
{
    if (flow->y + height <= flow->bottom)
        return TEMPLATE_OK;
    int verdict = next_page (flow);
    if (verdict)
        return verdict;
    if (flow->y + height > flow->bottom)
        return template_refuse (flow->fault, TEMPLATE_OVERFLOW, "tidak muat dalam satu halaman");
    return TEMPLATE_OK;
}

int flow_pour (struct flow *flow, PangoLayout *layout, double x)
{
    int verdict = TEMPLATE_OK;
    if (!layout)
        return TEMPLATE_OK;
    PangoLayoutIter *iterator = pango_layout_get_iter (layout);
    bool is_first = pango_layout_get_line_count (layout) > 1;
    do {
        double height = line_height (flow, iterator);
        /* a paragraph's first line does not stay behind alone */
        if ((verdict = flow_need (flow, is_first ? 2 * height : height)))
            break;
        is_first = false;
        place_line (flow, layout, iterator, x, flow->y);
        flow->y += height;
    } while (pango_layout_iter_next_line (iterator));
    pango_layout_iter_free (iterator);
    return verdict;
}
