/* Blocks: letterhead, title, paragraphs, key-value rows, lists, codes, rules, conditions and repetition; see
 * render_block.h. */
#include "render_block.h"

#include "qr.h"
#include "render_emblem.h"

#include <math.h>
#include <string.h>

static const double emblem_gap = FLOW_MM (3);

/* ---- members ------------------------------------------------------------------------------------------------ */

double render_number (const json_t *block, const char *name, double fallback)
{
    const json_t *value = json_object_get (block, name);
    return json_is_number (value) ? json_number_value (value) : fallback;
}

const char *render_text (const json_t *block, const char *name)
{
    return json_string_value (json_object_get (block, name));
}

PangoAlignment render_align (const json_t *block, bool *ret_is_justified)
{
    const char *align = render_text (block, "align");
    *ret_is_justified = align && strcmp (align, "justify") == 0;
    if (align && strcmp (align, "center") == 0)
        return PANGO_ALIGN_CENTER;
    return align && strcmp (align, "right") == 0 ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

static double left_of (const struct flow *flow, const json_t *block)
{
    return flow->left + FLOW_MM (render_number (block, "left_mm", 0));
}

static void space_after (struct flow *flow, const json_t *block, double fallback_mm)
{
    flow->y += FLOW_MM (render_number (block, "space_after_mm", fallback_mm));
}

int render_from (struct flow *flow, const json_t *block, const struct template_scope *scope, const json_t **ret_array)
{
    const char *path = render_text (block, "from");
    *ret_array = template_scope_find (scope, path);
    if (*ret_array && json_is_array (*ret_array) && json_array_size (*ret_array) <= TEMPLATE_ITEMS_MAX)
        return TEMPLATE_OK;
    g_strlcpy (flow->fault->field, path, sizeof flow->fault->field);
    if (!*ret_array)
        return template_refuse (flow->fault, TEMPLATE_FIELD_MISSING, "daftar %s belum diisi", path);
    if (!json_is_array (*ret_array))
        return template_refuse (flow->fault, TEMPLATE_FIELD_TYPE, "%s harus daftar", path);
    return template_refuse (flow->fault, TEMPLATE_FIELD_TOO_LONG, "daftar %s terlalu panjang", path);
}

struct template_scope render_round (const json_t *block, const struct template_scope *scope, const json_t *array,
                                    size_t index)
{
    return (struct template_scope){.data = scope->data,
                                   .item = json_array_get (array, index),
                                   .from = render_text (block, "from"),
                                   .index = index};
}

/* ---- letterhead --------------------------------------------------------------------------------------------- */

static int load_emblem (struct flow *flow, const char *path, const json_t *value, struct render_emblem *ret_emblem)
{
    g_strlcpy (flow->fault->field, path, sizeof flow->fault->field);
    int verdict = render_emblem_load (json_string_value (value), json_string_length (value), ret_emblem, flow->fault);
    if (!verdict)
        flow->fault->field[0] = '\0';
    return verdict;
}

/* One centred line of the letterhead at flow->y. */
static int letterhead_line (struct flow *flow, const char *text, const struct template_scope *scope, double size_pt,
                            bool is_bold, double inset)
{
    g_autoptr (PangoLayout) layout = NULL;
    struct flow_style style = {.width = flow->right - flow->left - 2 * inset,
                               .size_pt = size_pt,
                               .align = PANGO_ALIGN_CENTER,
                               .is_bold = is_bold};
    int verdict = flow_layout (flow, text, scope, &style, &layout);
    if (verdict)
        return verdict;
    flow_place (flow, layout, flow->left + inset, flow->y);
    flow->y += flow_height (flow, layout);
    return TEMPLATE_OK;
}

static int letterhead_lines (struct flow *flow, const json_t *block, const struct template_scope *scope, double inset)
{
    double base = flow->font_size;
    int verdict;
    if ((verdict = letterhead_line (flow, render_text (block, "government"), scope, base + 2, true, inset)) ||
        (verdict = letterhead_line (flow, render_text (block, "office"), scope, base + 4, true, inset)))
        return verdict;
    const json_t *lines = json_object_get (block, "lines");
    for (size_t i = 0; i < json_array_size (lines); i++)
        if ((verdict =
                 letterhead_line (flow, json_string_value (json_array_get (lines, i)), scope, base - 2, false, inset)))
            return verdict;
    return TEMPLATE_OK;
}

static int render_letterhead (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    const char *path = render_text (block, "emblem");
    const json_t *value = path ? template_scope_find (scope, path) : NULL;
    struct render_emblem emblem = {.drawing = NULL};
    double top = flow->y, inset = 0;
    int verdict;
    if (value && (verdict = load_emblem (flow, path, value, &emblem)))
        return verdict;
    if (emblem.drawing) {
        flow_place_drawing (flow, emblem.drawing, flow->left, top, emblem.width, emblem.height);
        inset = emblem.width + emblem_gap;
    }
    /* the text stands in the middle of the paper, as high as the emblem or higher */
    guint first = flow->marks->len;
    if ((verdict = letterhead_lines (flow, block, scope, inset)))
        return verdict;
    double text_height = flow->y - top;
    if (text_height < emblem.height) {
        for (guint i = first; i < flow->marks->len; i++)
            g_array_index (flow->marks, struct mark, i).y += (emblem.height - text_height) / 2;
        flow->y = top + emblem.height;
    }
    flow->y += FLOW_MM (1.5);
    flow_place_box (flow, flow->left, flow->y, flow->right - flow->left, 2.25, 0);
    flow_place_box (flow, flow->left, flow->y + 3.5, flow->right - flow->left, 0.75, 0);
    flow->y += 4.25;
    space_after (flow, block, 6);
    return TEMPLATE_OK;
}

/* ---- title, paragraph --------------------------------------------------------------------------------------- */

static int render_title (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    g_autoptr (PangoLayout) title = NULL;
    g_autoptr (PangoLayout) number = NULL;
    g_autofree char *text = g_strdup_printf ("<u>%s</u>", render_text (block, "text"));
    struct flow_style style = {.width = flow->right - flow->left,
                               .size_pt = render_number (block, "size_pt", flow->font_size + 2),
                               .align = PANGO_ALIGN_CENTER,
                               .is_bold = true};
    int verdict;
    if ((verdict = flow_layout (flow, text, scope, &style, &title)))
        return verdict;
    style.is_bold = false;
    style.size_pt = 0;
    if (render_text (block, "number") &&
        (verdict = flow_layout (flow, render_text (block, "number"), scope, &style, &number)))
        return verdict;
    if ((verdict = flow_need (flow, flow_height (flow, title) + flow_height (flow, number))) ||
        (verdict = flow_pour (flow, title, flow->left)) || (verdict = flow_pour (flow, number, flow->left)))
        return verdict;
    space_after (flow, block, 5);
    return TEMPLATE_OK;
}

/* A framed paragraph stays on one page. */
static int pour_framed (struct flow *flow, PangoLayout *layout, double x, double width)
{
    double padding = FLOW_MM (1.5), height = flow_height (flow, layout) + 2 * padding;
    int verdict = flow_need (flow, height);
    if (verdict)
        return verdict;
    flow_place_frame (flow, x, flow->y, width, height, 0.75, 0);
    flow_place (flow, layout, x + padding, flow->y + padding);
    flow->y += height;
    return TEMPLATE_OK;
}

static int render_p (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    g_autoptr (PangoLayout) layout = NULL;
    bool is_framed = json_is_true (json_object_get (block, "frame"));
    double x = left_of (flow, block), width = flow->right - x;
    struct flow_style style = {.width = is_framed ? width - 2 * FLOW_MM (1.5) : width,
                               .size_pt = render_number (block, "size_pt", 0),
                               .indent = FLOW_MM (render_number (block, "indent_mm", 0))};
    style.align = render_align (block, &style.is_justified);
    int verdict = flow_layout (flow, render_text (block, "text"), scope, &style, &layout);
    if (verdict || !layout) /* nothing but absent optional fields leaves no gap */
        return verdict;
    if (json_is_true (json_object_get (block, "keep_with_next")))
        flow_keep_begin (flow);
    verdict = is_framed ? pour_framed (flow, layout, x, width) : flow_pour (flow, layout, x);
    space_after (flow, block, 2);
    return verdict;
}

/* ---- key-value rows, lists ---------------------------------------------------------------------------------- */

struct kv_place {
    double x, label_width, value_x;
    struct flow_style label, value;
};

static int render_kv_row (struct flow *flow, const json_t *row, const struct template_scope *scope,
                          const struct kv_place *place)
{
    g_autoptr (PangoLayout) label = NULL;
    g_autoptr (PangoLayout) value = NULL;
    g_autoptr (PangoLayout) colon = NULL;
    int verdict;
    if ((verdict = flow_layout (flow, render_text (row, "value"), scope, &place->value, &value)))
        return verdict;
    if (!value && json_is_true (json_object_get (row, "skip_empty")))
        return TEMPLATE_OK;
    if ((verdict = flow_layout (flow, render_text (row, "label"), scope, &place->label, &label)) ||
        (verdict = flow_layout (flow, ":", scope, &place->label, &colon)) ||
        (verdict = flow_need (flow, flow_height (flow, label))))
        return verdict;
    double label_end = flow->y + flow_height (flow, label);
    unsigned page = flow->page;
    flow_place (flow, label, place->x, flow->y);
    flow_place (flow, colon, place->x + place->label_width, flow->y);
    verdict = flow_pour (flow, value, place->value_x);
    if (flow->page == page) /* a wrapped label may be higher than its value */
        flow->y = fmax (flow->y, label_end);
    return verdict;
}

static int render_kv (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    const json_t *rows = json_object_get (block, "rows");
    double x = left_of (flow, block), label_width = FLOW_MM (render_number (block, "label_mm", 45));
    double value_x = x + label_width + FLOW_MM (3), size_pt = render_number (block, "size_pt", 0);
    struct kv_place place = {
        .x = x,
        .label_width = label_width,
        .value_x = value_x,
        .label = {.width = label_width - FLOW_MM (1), .size_pt = size_pt},
        .value = {.width = flow->right - value_x, .size_pt = size_pt},
    };
    for (size_t i = 0; i < json_array_size (rows); i++) {
        int verdict = render_kv_row (flow, json_array_get (rows, i), scope, &place);
        if (verdict)
            return verdict;
    }
    space_after (flow, block, 2);
    return TEMPLATE_OK;
}

static void write_marker (const char *marker, size_t index, char *ret_text, size_t size)
{
    if (marker && strcmp (marker, "dash") == 0)
        g_strlcpy (ret_text, "–", size);
    else if (marker && strcmp (marker, "box") == 0)
        ret_text[0] = '\0'; /* drawn, not written: few fonts have a box */
    else if (marker && strcmp (marker, "letter") == 0 && index < 26)
        g_snprintf (ret_text, size, "%c.", (char)('a' + index));
    else
        g_snprintf (ret_text, size, "%zu.", index + 1);
}

static int render_list_item (struct flow *flow, const json_t *block, const char *text,
                             const struct template_scope *scope, size_t index)
{
    g_autoptr (PangoLayout) marker = NULL;
    g_autoptr (PangoLayout) layout = NULL;
    const char *kind = render_text (block, "marker");
    char marker_text[24];
    double x = left_of (flow, block), hang = FLOW_MM (7);
    struct flow_style style = {.width = flow->right - x - hang, .size_pt = render_number (block, "size_pt", 0)};
    style.align = render_align (block, &style.is_justified);
    struct flow_style marker_style = {.width = hang, .size_pt = style.size_pt};
    int verdict;
    write_marker (kind, index, marker_text, sizeof marker_text);
    if ((verdict = flow_layout (flow, text, scope, &style, &layout)) || !layout ||
        (verdict = flow_layout (flow, marker_text, scope, &marker_style, &marker)) ||
        (verdict =
             flow_need (flow, flow_height (flow, layout) < FLOW_MM (20) ? flow_height (flow, layout) : FLOW_MM (10))))
        return verdict;
    double side = (style.size_pt > 0 ? style.size_pt : flow->font_size) * 0.8;
    if (kind && strcmp (kind, "box") == 0)
        flow_place_frame (flow, x, flow->y + side * 0.3, side, side, 0.75, 0);
    flow_place (flow, marker, x, flow->y);
    return flow_pour (flow, layout, x + hang);
}

static int render_list (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    const json_t *items = json_object_get (block, "items"), *array = items;
    int verdict;
    if (!items && (verdict = render_from (flow, block, scope, &array)))
        return verdict;
    for (size_t i = 0; i < json_array_size (array); i++) {
        struct template_scope round = items ? *scope : render_round (block, scope, array, i);
        const char *text = items ? json_string_value (json_array_get (items, i)) : render_text (block, "text");
        if ((verdict = render_list_item (flow, block, text, &round, i)))
            return verdict;
    }
    space_after (flow, block, 2);
    return TEMPLATE_OK;
}

/* ---- codes -------------------------------------------------------------------------------------------------- */

int render_qr_prepare (struct flow *flow, const json_t *block, const struct template_scope *scope, double width,
                       PangoAlignment align, struct render_qr *ret_qr)
{
    g_autoptr (GString) payload = g_string_new (NULL);
    struct flow_style style = {.width = width, .size_pt = fmin (8, flow->font_size), .align = align};
    const char *caption = render_text (block, "caption");
    *ret_qr = (struct render_qr){.size = FLOW_MM (render_number (block, "size_mm", 25))};
    int verdict = template_text_fill (render_text (block, "payload"), TEMPLATE_BARE, scope, payload, flow->fault);
    if (verdict)
        return verdict;
    if (!qr_is_payload (payload->str))
        return template_refuse (flow->fault, TEMPLATE_OVERFLOW, "isi kode QR kosong atau lebih dari %d bita",
                                QR_PAYLOAD_MAX);
    ret_qr->payload = g_strndup (payload->str, payload->len);
    if (caption && (verdict = flow_layout (flow, caption, scope, &style, &ret_qr->caption)))
        return verdict;
    ret_qr->height = ret_qr->size + FLOW_MM (1.5) + flow_height (flow, ret_qr->caption);
    return TEMPLATE_OK;
}

void render_qr_place (struct flow *flow, struct render_qr *qr, double code_x, double caption_x, double y)
{
    flow_place_qr (flow, &qr->payload, code_x, y, qr->size);
    flow_place (flow, qr->caption, caption_x, y + qr->size + FLOW_MM (1.5));
}

void render_qr_clear (struct render_qr *qr)
{
    g_clear_pointer (&qr->payload, g_free);
    g_clear_object (&qr->caption);
}

static int render_qr (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    struct render_qr qr;
    bool is_justified;
    double width = flow->right - flow->left, x = flow->left;
    PangoAlignment align = render_align (block, &is_justified);
    int verdict = render_qr_prepare (flow, block, scope, width, align, &qr);
    if (!verdict)
        verdict = flow_need (flow, qr.height);
    if (!verdict) {
        if (align != PANGO_ALIGN_LEFT)
            x += (width - qr.size) / (align == PANGO_ALIGN_CENTER ? 2 : 1);
        render_qr_place (flow, &qr, x, flow->left, flow->y);
        flow->y += qr.height;
        space_after (flow, block, 2);
    }
    render_qr_clear (&qr);
    return verdict;
}

/* ---- the small ones ----------------------------------------------------------------------------------------- */

static int render_rule (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    (void)scope;
    double thickness = render_number (block, "thickness_pt", 0.75);
    int verdict = flow_need (flow, thickness);
    if (verdict)
        return verdict;
    flow_place_box (flow, flow->left, flow->y, flow->right - flow->left, thickness, 0);
    flow->y += thickness;
    space_after (flow, block, 2);
    return TEMPLATE_OK;
}

static int render_space (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    (void)scope;
    flow->y += FLOW_MM (render_number (block, "mm", 0)); /* past the bottom it is the next thing's need that breaks */
    return TEMPLATE_OK;
}

static bool is_condition_true (const json_t *block, const struct template_scope *scope)
{
    const char *field = render_text (block, "field"), *equals = render_text (block, "equals");
    if (!equals)
        return template_scope_is_true (scope, field);
    const char *value = json_string_value (template_scope_find (scope, field));
    return value && strcmp (value, equals) == 0;
}

static int render_if (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    const char *branch = is_condition_true (block, scope) ? "then" : "else";
    return render_blocks (flow, json_object_get (block, branch), branch, scope);
}

static int render_each (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    const json_t *array;
    int verdict = render_from (flow, block, scope, &array);
    for (size_t i = 0; !verdict && i < json_array_size (array); i++) {
        struct template_scope round = render_round (block, scope, array, i);
        verdict = render_blocks (flow, json_object_get (block, "blocks"), "blocks", &round);
    }
    return verdict;
}

/* ---- all ---------------------------------------------------------------------------------------------------- */

typedef int render_fn (struct flow *flow, const json_t *block, const struct template_scope *scope);

static const struct {
    const char *type;
    render_fn *render;
} renderers[] = {
    {"letterhead", render_letterhead},
    {"title", render_title},
    {"p", render_p},
    {"kv", render_kv},
    {"table", render_table},
    {"list", render_list},
    {"qr", render_qr},
    {"sign", render_sign},
    {"rule", render_rule},
    {"space", render_space},
    {"if", render_if},
    {"each", render_each},
};

/* What one block's draw leaves: "keep_with_next" lasts until something else than a gap came. */
static bool ends_keeping (const json_t *block)
{
    return strcmp (render_text (block, "type"), "space") != 0 &&
           !json_is_true (json_object_get (block, "keep_with_next"));
}

static int render_one (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    const char *type = render_text (block, "type");
    for (size_t i = 0; i < G_N_ELEMENTS (renderers); i++)
        if (strcmp (renderers[i].type, type) == 0) {
            int verdict = renderers[i].render (flow, block, scope);
            if (ends_keeping (block))
                flow_keep_end (flow);
            return verdict;
        }
    g_assert_not_reached (); /* template_check () knows the same types */
}

int render_blocks (struct flow *flow, const json_t *blocks, const char *name, const struct template_scope *scope)
{
    for (size_t i = 0; i < json_array_size (blocks); i++) {
        int verdict = render_one (flow, json_array_get (blocks, i), scope);
        if (verdict) { /* on the way out each level puts its step before the pointer */
            g_autofree char *inner = g_strdup (flow->fault->where);
            g_snprintf (flow->fault->where, sizeof flow->fault->where, "/%s/%zu%s", name, i, inner);
            return verdict;
        }
    }
    return TEMPLATE_OK;
}
