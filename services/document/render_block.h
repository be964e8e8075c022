/* Draws blocks of a checked template onto a flow.  One function per block type; tables and signatures have files of
 * their own. */
#pragma once

#include "render_flow.h"

/* Draws an array of blocks (NULL = none) one after another; `name` is its member's name, for messages.  Returns a
 * verdict, with the place in the fault, or negative when the environment broke. */
int render_blocks (struct flow *flow, const json_t *blocks, const char *name, const struct template_scope *scope);

/* render_table.c and render_sign.c */
int render_table (struct flow *flow, const json_t *block, const struct template_scope *scope);
int render_sign (struct flow *flow, const json_t *block, const struct template_scope *scope);

/* A code with its caption, laid out; `size` and `height` are known before it is placed. */
struct render_qr {
    char *payload;
    PangoLayout *caption; /* NULL = none */
    double size, height;
};

/* `width` is what the caption may take.  Clear it also after a refusal. */
int render_qr_prepare (struct flow *flow, const json_t *block, const struct template_scope *scope, double width,
                       PangoAlignment align, struct render_qr *ret_qr);
void render_qr_place (struct flow *flow, struct render_qr *qr, double code_x, double caption_x, double y);
void render_qr_clear (struct render_qr *qr);

/* Members of a block. */
double render_number (const json_t *block, const char *name, double fallback);
const char *render_text (const json_t *block, const char *name); /* NULL = absent */
PangoAlignment render_align (const json_t *block, bool *ret_is_justified);

/* The rounds of a list: element `index` of the array at block's "from", as a scope. */
int render_from (struct flow *flow, const json_t *block, const struct template_scope *scope, const json_t **ret_array);
struct template_scope render_round (const json_t *block, const struct template_scope *scope, const json_t *array,
                                    size_t index);
