/* Tables: columns share the width by weight, rows are as high as their highest cell, the header repeats on each page.
 */
#include "render_block.h"

#include <math.h>

enum { COLUMNS_MAX = 10 };

static const double padding_x = FLOW_MM (1.5), padding_y = FLOW_MM (0.8), border = 0.5;

struct table {
    const json_t *columns;
    size_t count;
    double x[COLUMNS_MAX + 1]; /* left edges, and the right edge */
    double size_pt;
    bool has_border, has_header;
};

struct row {
    PangoLayout *cells[COLUMNS_MAX];
    double height;
};

static void clear_row (struct row *row)
{
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        g_clear_object (&row->cells[i]);
}

static void begin_table (struct table *table, const struct flow *flow, const json_t *block)
{
    double left = flow->left + FLOW_MM (render_number (block, "left_mm", 0)), total = 0, sum = 0;
    *table = (struct table){.columns = json_object_get (block, "columns"),
                            .size_pt = render_number (block, "size_pt", 0),
                            .has_border = !json_is_false (json_object_get (block, "border"))};
    table->count = json_array_size (table->columns);
    for (size_t i = 0; i < table->count; i++) {
        total += render_number (json_array_get (table->columns, i), "width", 0);
        table->has_header |= json_object_get (json_array_get (table->columns, i), "header") != NULL;
    }
    table->x[0] = left;
    for (size_t i = 0; i < table->count; i++) {
        sum += render_number (json_array_get (table->columns, i), "width", 0);
        table->x[i + 1] = left + (flow->right - left) * sum / total;
    }
}

/* `member` names the text in the column ("header", "text"); `cells` holds the texts of a row written in the template.
 */
static int prepare_row (struct flow *flow, const struct table *table, const char *member, const json_t *cells,
                        const struct template_scope *scope, struct row *ret_row)
{
    *ret_row = (struct row){.height = 0};
    for (size_t i = 0; i < table->count; i++) {
        const json_t *column = json_array_get (table->columns, i);
        const char *text = cells ? json_string_value (json_array_get (cells, i)) : render_text (column, member);
        bool is_header = !cells && member[0] == 'h';
        struct flow_style style = {
            .width = table->x[i + 1] - table->x[i] - 2 * padding_x, .size_pt = table->size_pt, .is_bold = is_header};
        style.align = render_align (column, &style.is_justified);
        if (is_header)
            style.align = PANGO_ALIGN_CENTER;
        int verdict = text ? flow_layout (flow, text, scope, &style, &ret_row->cells[i]) : TEMPLATE_OK;
        if (verdict)
            return verdict;
        ret_row->height = fmax (ret_row->height, flow_height (flow, ret_row->cells[i]));
    }
    ret_row->height += 2 * padding_y;
    return TEMPLATE_OK;
}

static void place_row (struct flow *flow, const struct table *table, const struct row *row, bool is_header)
{
    double left = table->x[0], width = table->x[table->count] - left;
    if (is_header && table->has_border)
        flow_place_box (flow, left, flow->y, width, row->height, 0.93);
    for (size_t i = 0; i < table->count; i++) {
        double x = table->x[i];
        double slack = is_header ? (row->height - 2 * padding_y - flow_height (flow, row->cells[i])) / 2 : 0;
        flow_place (flow, row->cells[i], x + padding_x, flow->y + padding_y + slack);
        if (table->has_border)
            flow_place_frame (flow, x, flow->y, table->x[i + 1] - x + border, row->height + border, border, 0);
    }
    flow->y += row->height;
}

/* A row that does not fit begins a page, below the header again. */
static int add_row (struct flow *flow, const struct table *table, const struct row *header, const struct row *row)
{
    unsigned page = flow->page;
    int verdict = flow_need (flow, row->height + border);
    if (verdict)
        return verdict;
    if (flow->page != page && table->has_header) {
        place_row (flow, table, header, true);
        if ((verdict = flow_need (flow, row->height + border)))
            return verdict;
    }
    place_row (flow, table, row, false);
    return TEMPLATE_OK;
}

static int add_rows (struct flow *flow, const struct table *table, const json_t *block,
                     const struct template_scope *scope, const struct row *header)
{
    const json_t *rows = json_object_get (block, "rows"), *array = rows;
    int verdict = rows ? TEMPLATE_OK : render_from (flow, block, scope, &array);
    for (size_t i = 0; !verdict && i < json_array_size (array); i++) {
        struct template_scope round = rows ? *scope : render_round (block, scope, array, i);
        struct row row;
        verdict = prepare_row (flow, table, "text", rows ? json_array_get (rows, i) : NULL, &round, &row);
        if (!verdict && i == 0 && table->has_header) { /* a header does not end a page */
            verdict = flow_need (flow, header->height + row.height + border);
            if (!verdict)
                place_row (flow, table, header, true);
        }
        if (!verdict)
            verdict = add_row (flow, table, header, &row);
        clear_row (&row);
    }
    return verdict;
}

int render_table (struct flow *flow, const json_t *block, const struct template_scope *scope)
{
    struct table table;
    struct row header;
    begin_table (&table, flow, block);
    int verdict = prepare_row (flow, &table, "header", NULL, scope, &header);
    if (!verdict)
        verdict = add_rows (flow, &table, block, scope, &header);
    clear_row (&header);
    if (!verdict)
        flow->y += FLOW_MM (render_number (block, "space_after_mm", 3));
    return verdict;
}
