/* The pages being filled: text flows down a column and breaks across pages; what is placed becomes a list of marks that
 * render_paint.c draws once the number of pages is known.  Lengths are points (1/72 inch), y grows downwards, a text's
 * place is its top left corner. */
#pragma once

#include "template_text.h"

#include <librsvg/rsvg.h>
#include <pango/pangocairo.h>

enum { FLOW_PAGES_MAX = 60 };

#define FLOW_MM(mm) ((mm)*72.0 / 25.4)

enum mark_kind { MARK_LINE_OF_TEXT, MARK_BOX, MARK_DRAWING, MARK_QR };

/* Owns one reference to what it shows. */
struct mark {
    enum mark_kind kind;
    unsigned page; /* from 0 */
    double x, y;   /* top left; of text: the baseline's begin */
    double width, height;
    double grey; /* BOX: 0 black to 1 white */
    PangoLayout *layout;
    PangoLayoutLine *line; /* part of the layout */
    RsvgHandle *drawing;
    char *payload; /* of a QR code */
};

/* A value that its owner fills and flow_end () empties. */
struct flow {
    PangoContext *context;
    PangoFontDescription *font;
    double font_size, line_spacing;
    double page_width, page_height; /* a receipt's height is known at the end */
    bool is_receipt;
    double left, right, top, bottom; /* the text area */
    double y;
    unsigned page;
    GArray *marks; /* struct mark */

    /* what must move along when the next thing does not fit: marks from here on (keep_with_next) */
    bool is_keeping;
    guint keep_mark;
    double keep_y;

    const json_t *data;
    struct template_fault *fault;
};

struct flow_style {
    double width;   /* to wrap at */
    double size_pt; /* 0 = the page's */
    double indent;  /* of the first line */
    PangoAlignment align;
    bool is_justified;
    bool is_bold;
};

/* Starts with the template's page; negative when its font is not installed. */
int flow_begin (struct flow *flow, const json_t *template_json, const json_t *data, struct template_fault *fault);
void flow_end (struct flow *flow);

/* Fills a template text and lays it out; *ret_layout is a new reference, NULL when nothing but spaces came out. Returns
 * a verdict. */
int flow_layout (struct flow *flow, const char *text, const struct template_scope *scope,
                 const struct flow_style *style, PangoLayout **ret_layout);

/* The height that flow_place () takes; 0 for NULL. */
double flow_height (const struct flow *flow, PangoLayout *layout);

/* Puts a layout (NULL = nothing) on the current page, without looking for room. */
void flow_place (struct flow *flow, PangoLayout *layout, double x, double y);

/* Puts a layout at the current y, breaking pages between its lines, and moves y behind it.  Returns a verdict. */
int flow_pour (struct flow *flow, PangoLayout *layout, double x);

/* Makes sure that so much height is left on the page, else starts another.  Returns a verdict. */
int flow_need (struct flow *flow, double height);

/* Marks on the current page.  The drawing and the code's payload are taken over. */
void flow_place_box (struct flow *flow, double x, double y, double width, double height, double grey);
void flow_place_frame (struct flow *flow, double x, double y, double width, double height, double thickness,
                       double grey);
void flow_place_drawing (struct flow *flow, RsvgHandle *drawing, double x, double y, double width, double height);
void flow_place_qr (struct flow *flow, char **payload, double x, double y, double size);

/* From here on what is placed stays with what comes next; released by the thing after it. */
void flow_keep_begin (struct flow *flow);
void flow_keep_end (struct flow *flow);
