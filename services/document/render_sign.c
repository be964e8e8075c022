/* The signature block: place and date, the position ("a.n. CAMAT KOTA SUMENEP" / "Sekretaris Kecamatan"), room or the
 * statement of the electronic signature, name, rank, NIP.  One signer stands at the right with the code at the left;
 * two or three share the width, or what the code leaves of it. Nothing of it is ever split between pages. */
#include "render_block.h"

#include <math.h>
#include <string.h>

enum { SIGNERS_MAX = 3, LINES_MAX = 12 };

static const double statement_padding = FLOW_MM (1.5);
static const double code_column = FLOW_MM (36); /* of the code beside several signers */

struct lines {
    PangoLayout *layouts[LINES_MAX];
    size_t count;
    double height;
};

struct signer {
    struct lines head, foot;
    PangoLayout *statement;
    double space; /* between head and foot */
    double x, width;
};

static int add_line (struct flow *flow, struct lines *lines, const char *text, const struct template_scope *scope,
                     const struct flow_style *style)
{
    PangoLayout *layout = NULL;
    int verdict = text && lines->count < LINES_MAX ? flow_layout (flow, text, scope, style, &layout) : TEMPLATE_OK;
    if (verdict || !layout) /* an absent line leaves no gap */
        return verdict;
    lines->layouts[lines->count++] = layout;
    lines->height += flow_height (flow, layout);
    return TEMPLATE_OK;
}

static void place_lines (struct flow *flow, const struct lines *lines, double x, double y)
{
    for (size_t i = 0; i < lines->count; i++) {
        flow_place (flow, lines->layouts[i], x, y);
        y += flow_height (flow, lines->layouts[i]);
    }
}

static void clear_lines (struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        g_object_unref (lines->layouts[i]);
}

/* Position lines from the data: a text or a list of texts, so that "a.n." and "u.b." take the lines that they need. */
static int add_position_from (struct flow *flow, struct signer *signer, const json_t *block,
                              const struct template_scope *scope, const struct flow_style *style)
{
    const char *path = render_text (block, "position_from");
    const json_t *value = path ? template_scope_find (scope, path) : NULL;
    if (!path)
        return TEMPLATE_OK;
    if (!value) {
        g_strlcpy (flow->fault->field, path, sizeof flow->fault->field);
        return template_refuse (flow->fault, TEMPLATE_FIELD_MISSING, "bidang %s belum diisi", path);
    }
    size_t count = json_is_array (value) ? json_array_size (value) : 1;
    if (count == 0 || count > 6) {
        g_strlcpy (flow->fault->field, path, sizeof flow->fault->field);
        return template_refuse (flow->fault, TEMPLATE_FIELD_TYPE, "%s harus satu sampai enam baris", path);
    }
    for (size_t i = 0; i < count; i++) {
        struct template_scope round = {.data = scope->data, .from = path, .index = i};
        round.item = json_is_array (value) ? json_array_get (value, i) : value;
        int verdict = add_line (flow, &signer->head, "{{item}}", &round, style);
        if (verdict)
            return verdict;
    }
    return TEMPLATE_OK;
}

static int prepare_head (struct flow *flow, struct signer *signer, const json_t *block,
                         const struct template_scope *scope, const struct flow_style *style)
{
    const json_t *position = json_object_get (block, "position");
    int verdict = add_line (flow, &signer->head, render_text (block, "place_date"), scope, style);
    for (size_t i = 0; !verdict && i < json_array_size (position); i++)
        verdict = add_line (flow, &signer->head, json_string_value (json_array_get (position, i)), scope, style);
    return verdict ? verdict : add_position_from (flow, signer, block, scope, style);
}

static int prepare_foot (struct flow *flow, struct signer *signer, const json_t *block,
                         const struct template_scope *scope, const struct flow_style *style)
{
    g_autofree char *name = g_strdup_printf ("<b><u>%s</u></b>", render_text (block, "name"));
    g_autoptr (GString) nip = g_string_new (NULL);
    const char *nip_text = render_text (block, "nip");
    int verdict;
    if ((verdict = add_line (flow, &signer->foot, name, scope, style)) ||
        (verdict = add_line (flow, &signer->foot, render_text (block, "rank"), scope, style)) || !nip_text ||
        (verdict = template_text_fill (nip_text, TEMPLATE_MARKUP, scope, nip, flow->fault)) || nip->len == 0)
        return verdict; /* without a number there is no "NIP" either */
    g_autofree char *line = g_strdup_printf ("NIP %s", nip_text);
    return add_line (flow, &signer->foot, line, scope, style);
}

static int prepare_signer (struct flow *flow, struct signer *signer, const json_t *block,
                           const struct template_scope *scope)
{
    struct flow_style style = {.width = signer->width, .align = PANGO_ALIGN_CENTER};
    struct flow_style small = {.width = signer->width - 2 * statement_padding,
                               .size_pt = fmin (8, flow->font_size),
                               .align = PANGO_ALIGN_CENTER};
    const char *statement = render_text (block, "statement");
    int verdict;
    if ((verdict = prepare_head (flow, signer, block, scope, &style)) ||
        (statement && (verdict = flow_layout (flow, statement, scope, &small, &signer->statement))) ||
        (verdict = prepare_foot (flow, signer, block, scope, &style)))
        return verdict;
    signer->space = FLOW_MM (render_number (block, "space_mm", signer->statement ? 18 : 20));
    if (signer->statement)
        signer->space =
            fmax (signer->space, flow_height (flow, signer->statement) + 2 * statement_padding + FLOW_MM (3));
    return TEMPLATE_OK;
}

static void place_signer (struct flow *flow, const struct signer *signer, double head, double space)
{
    double y = flow->y;
    place_lines (flow, &signer->head, signer->x, y + head - signer->head.height);
    if (signer->statement) {
        double height = flow_height (flow, signer->statement) + 2 * statement_padding;
        double top = y + head + (space - height) / 2;
        PangoRectangle shown;
        pango_layout_get_extents (signer->statement, NULL, &shown);
        double width = (double)shown.width / PANGO_SCALE + 4 * statement_padding;
        width = fmin (width, signer->width);
        flow_place_frame (flow, signer->x + (signer->width - width) / 2, top, width, height, 0.5, 0.6);
        flow_place (flow, signer->statement, signer->x + statement_padding, top + statement_padding);
    }
    place_lines (flow, &signer->foot, signer->x, y + head + space);
}

/* Where each signer stands. */
static void set_places (const struct flow *flow, const json_t *block, struct signer *signers, size_t count)
{
    bool beside_code = count > 1 && json_object_get (block, "qr");
    double left = flow->left + (beside_code ? code_column : 0), width = flow->right - left, gap = FLOW_MM (6);
    double wanted = FLOW_MM (render_number (block, "width_mm", 85));
    double each = count == 1 ? fmin (wanted, width) : (width - gap * (double)(count - 1)) / (double)count;
    for (size_t i = 0; i < count; i++) {
        signers[i].width = each;
        signers[i].x = count == 1 ? flow->right - each : left + (each + gap) * (double)i;
    }
}

static int draw (struct flow *flow, const json_t *block, const struct template_scope *scope, struct signer *signers,
                 size_t count, struct render_qr *qr)
{
    const json_t *qr_block = json_object_get (block, "qr");
    double head = 0, space = 0, foot = 0;
    int verdict;
    for (size_t i = 0; i < count; i++) {
        struct signer *signer = &signers[i];
        const json_t *signer_block = json_array_get (json_object_get (block, "signers"), i);
        if ((verdict = prepare_signer (flow, signer, signer_block, scope)))
            return verdict;
        head = fmax (head, signer->head.height);
        space = fmax (space, signer->space);
        foot = fmax (foot, signer->foot.height);
    }
    double beside = fmax (signers[0].x - flow->left - FLOW_MM (4), FLOW_MM (30));
    if (qr_block && (verdict = render_qr_prepare (flow, qr_block, scope, beside, PANGO_ALIGN_LEFT, qr)))
        return verdict;
    double height = fmax (head + space + foot, qr->height);
    if ((verdict = flow_need (flow, height)))
        return verdict;
    for (size_t i = 0; i < count; i++)
        place_signer (flow, &signers[i], head, space);
    if (qr_block)
        render_qr_place (flow, qr, flow->left, flow->left, flow->y + height - qr->height);
    flow->y += height + FLOW_MM (render_number (block, "space_after_mm", 3));
    return TEMPLATE_OK;
}

int render_sign (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    struct signer signers[SIGNERS_MAX] = {0};
    struct render_qr qr = {.payload = NULL};
    size_t count = json_array_size (json_object_get (block, "signers"));
    set_places (flow, block, signers, count);
    int verdict = draw (flow, block, scope, signers, count, &qr);
    for (size_t i = 0; i < count; i++) {
        clear_lines (&signers[i].head);
        clear_lines (&signers[i].foot);
        g_clear_object (&signers[i].statement);
    }
    render_qr_clear (&qr);
    return verdict;
}
