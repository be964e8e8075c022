/* Emblems are data of the kabupaten; see render_emblem.h. */
#include "render_emblem.h"

#include "pdfa.h"
#include "render_paint.h"

#include <math.h>
#include <string.h>

enum { EMBLEM_BYTES_MAX = 65536 };

static const double emblem_height = FLOW_MM (23);

struct kept {
    char *svg;
    struct render_emblem emblem;
};

static void kept_free (void *pointer)
{
    struct kept *kept = pointer;
    g_free (kept->svg);
    g_object_unref (kept->emblem.drawing);
    g_free (kept);
}

static GPrivate last = G_PRIVATE_INIT (kept_free); /* struct kept of this thread */

static double width_of (RsvgHandle *drawing)
{
    gboolean has_width, has_height, has_box;
    RsvgLength width, height;
    RsvgRectangle box;
    rsvg_handle_get_intrinsic_dimensions (drawing, &has_width, &width, &has_height, &height, &has_box, &box);
    double ratio = has_box && box.height > 0 ? box.width / box.height : 1;
    return emblem_height * fmin (fmax (ratio, 0.3), 1.5);
}

/* Transparency has many spellings in SVG; what counts is what cairo makes of them, so a page shows the emblem alone. */
static int prove (const struct render_emblem *emblem, struct template_fault *fault)
{
    g_autoptr (GByteArray) pdf = g_byte_array_new ();
    g_autoptr (GArray) marks = g_array_new (FALSE, TRUE, sizeof (struct mark));
    struct mark mark = {
        .kind = MARK_DRAWING, .width = emblem->width, .height = emblem->height, .drawing = emblem->drawing};
    g_array_append_val (marks, mark);
    struct flow page = {.page_width = emblem->width, .page_height = emblem->height, .marks = marks};
    int result = paint_pdf (&page, NULL, 0, pdf);
    if (result == 0)
        result = pdfa_is_fit (pdf->data, pdf->len);
    if (result < 0)
        return result;
    return result ? TEMPLATE_OK
                  : template_refuse (fault, TEMPLATE_EMBLEM_UNFIT,
                                     "lambang memuat gambar titik atau bagian tembus pandang");
}

/* What could bring in fonts, pictures or addresses is refused by name. */
static int read_svg (const char *svg, size_t length, struct render_emblem *ret_emblem, struct template_fault *fault)
{
    static const char *const unfit[] = {"<text", "<image", "<a ", "<a>", "foreignObject", "<!ENTITY", "<style"};
    if (!svg || length > EMBLEM_BYTES_MAX)
        return template_refuse (fault, TEMPLATE_EMBLEM_UNFIT, "lambang harus teks SVG, paling besar 64 KiB");
    for (size_t i = 0; i < G_N_ELEMENTS (unfit); i++)
        if (strstr (svg, unfit[i]))
            return template_refuse (fault, TEMPLATE_EMBLEM_UNFIT, "lambang memuat %s", unfit[i]);
    RsvgHandle *drawing = rsvg_handle_new_from_data ((const guint8 *)svg, length, NULL);
    if (!drawing)
        return template_refuse (fault, TEMPLATE_EMBLEM_UNFIT, "lambang bukan SVG yang sah");
    *ret_emblem = (struct render_emblem){.drawing = drawing, .width = width_of (drawing), .height = emblem_height};
    int verdict = prove (ret_emblem, fault);
    if (verdict)
        g_object_unref (drawing);
    return verdict;
}

int render_emblem_load (const char *svg, size_t length, struct render_emblem *ret_emblem, struct template_fault *fault)
{
    const struct kept *known = g_private_get (&last);
    if (!known || !svg || strcmp (known->svg, svg) != 0) {
        int verdict = read_svg (svg, length, ret_emblem, fault);
        if (verdict)
            return verdict;
        struct kept *kept = g_new (struct kept, 1);
        *kept = (struct kept){.svg = g_strdup (svg), .emblem = *ret_emblem};
        g_private_replace (&last, kept);
        known = kept;
    }
    *ret_emblem = known->emblem;
    g_object_ref (ret_emblem->drawing);
    return TEMPLATE_OK;
}
