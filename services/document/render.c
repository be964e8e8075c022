/* From a template and its data to the finished file: check, fill pages, draw, make PDF/A; see render.h. */
#include "render.h"

#include "pdfa.h"
#include "render_block.h"
#include "render_paint.h"

#include <math.h>

/* The footer takes its room before the pages are filled and is placed on each of them afterwards. */
struct footer {
    PangoLayout *text;
    bool has_page_numbers;
    double height;
};

static const double footer_gap = FLOW_MM (1.2);

static struct flow_style footer_style (const struct flow *flow)
{
    return (struct flow_style){
        .width = flow->right - flow->left, .size_pt = fmin (7.5, flow->font_size), .align = PANGO_ALIGN_CENTER};
}

static int footer_begin (struct footer *footer, struct flow *flow, const json_t *block,
                         const struct template_scope *scope)
{
    struct flow_style style = footer_style (flow);
    const char *text = render_text (block, "text");
    int verdict = text ? flow_layout (flow, text, scope, &style, &footer->text) : TEMPLATE_OK;
    if (verdict) {
        g_strlcpy (flow->fault->where, "/footer/text", sizeof flow->fault->where);
        return verdict;
    }
    footer->has_page_numbers = json_is_true (json_object_get (block, "page_numbers"));
    if (!footer->text && !footer->has_page_numbers)
        return TEMPLATE_OK;
    footer->height = 2 * footer_gap + flow_height (flow, footer->text);
    if (footer->has_page_numbers)
        footer->height += style.size_pt * 1.5 * flow->line_spacing;
    if (footer->height > (flow->bottom - flow->top) / 3)
        return template_refuse (flow->fault, TEMPLATE_OVERFLOW, "kaki halaman terlalu tinggi");
    flow->bottom -= footer->height;
    return TEMPLATE_OK;
}

static int place_footer (const struct footer *footer, struct flow *flow, unsigned pages, double y)
{
    g_autoptr (PangoLayout) number = NULL;
    struct flow_style style = footer_style (flow);
    struct template_scope nothing = {.data = NULL};
    char text[64];
    flow_place_box (flow, flow->left, y + footer_gap, flow->right - flow->left, 0.5, 0.4);
    flow_place (flow, footer->text, flow->left, y + 2 * footer_gap);
    if (!footer->has_page_numbers)
        return TEMPLATE_OK;
    g_snprintf (text, sizeof text, "Halaman %u dari %u", flow->page + 1, pages);
    int verdict = flow_layout (flow, text, &nothing, &style, &number);
    flow_place (flow, number, flow->left, y + 2 * footer_gap + flow_height (flow, footer->text));
    return verdict;
}

static int footer_end (const struct footer *footer, struct flow *flow)
{
    unsigned last = flow->page;
    int verdict = TEMPLATE_OK;
    double y = flow->is_receipt ? flow->y : flow->bottom;
    if (footer->height > 0)
        for (flow->page = 0; flow->page <= last && !verdict; flow->page++)
            verdict = place_footer (footer, flow, last + 1, y);
    flow->page = last;
    return verdict;
}

/* A receipt's paper ends where its text ends. */
static void cut_receipt (struct flow *flow, const struct footer *footer)
{
    if (flow->is_receipt)
        flow->page_height = flow->y + footer->height + (flow->page_height - flow->bottom - footer->height);
}

static int fill_pages (struct flow *flow, const json_t *template_json)
{
    struct template_scope scope = {.data = flow->data};
    struct footer footer = {.text = NULL};
    int verdict = footer_begin (&footer, flow, json_object_get (template_json, "footer"), &scope);
    if (!verdict)
        verdict = render_blocks (flow, json_object_get (template_json, "blocks"), "blocks", &scope);
    if (!verdict)
        verdict = footer_end (&footer, flow);
    cut_receipt (flow, &footer);
    g_clear_object (&footer.text);
    return verdict;
}

static int finish (const struct flow *flow, const struct render_options *options, struct render_output *ret_output)
{
    g_autoptr (GByteArray) pdf = g_byte_array_new ();
    struct pdfa_info info = {.title = options->title,
                             .author = options->author,
                             .subject = options->subject,
                             .created_at = options->created_at,
                             .icc_path = options->icc_path};
    int result = paint_pdf (flow, options->watermark, options->created_at, pdf);
    if (result < 0)
        return result;
    ret_output->pages = flow->page + 1;
    return pdfa_convert (pdf->data, pdf->len, &info, &ret_output->bytes, &ret_output->size);
}

/* Every refusal comes before the drawing, which can fail by the environment alone.  `options` NULL: nothing is drawn. */
static int render (const json_t *template_json, const json_t *data, const struct render_options *options,
                   struct render_output *ret_output, struct template_fault *ret_fault)
{
    struct flow flow;
    int verdict = template_check (template_json, ret_fault);
    if (verdict)
        return verdict;
    verdict = flow_begin (&flow, template_json, data, ret_fault);
    if (!verdict)
        verdict = fill_pages (&flow, template_json);
    if (!verdict && options)
        verdict = finish (&flow, options, ret_output);
    flow_end (&flow);
    return verdict;
}

int render_pdf (const json_t *template_json, const json_t *data, const struct render_options *options,
                struct render_output *ret_output, struct template_fault *ret_fault)
{
    *ret_output = (struct render_output){.bytes = NULL};
    return render (template_json, data, options, ret_output, ret_fault);
}

int render_check (const json_t *template_json, const json_t *data, struct template_fault *ret_fault)
{
    return render (template_json, data, NULL, NULL, ret_fault);
}
