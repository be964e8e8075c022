/* PDF/A-2u with libqpdf's C API; see pdfa.h.  Object handles of that API live until qpdf_cleanup (). */
#include "pdfa.h"

#include <cairo.h>
#include <glib.h>
#include <qpdf/qpdf-c.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RESOURCES_DEEP_MAX = 8 };

/* ISO 8601 in UTC for XMP ("2026-01-05T01:30:00Z") or the PDF form ("D:20260105013000Z"). */
static void write_time (int64_t at, const char *format, char ret_text[32])
{
    struct tm moment;
    time_t seconds = (time_t)at;
    ret_text[0] = '\0';
    if (gmtime_r (&seconds, &moment))
        (void)strftime (ret_text, 32, format, &moment);
}

static char *producer (void)
{
    return g_strdup_printf ("PATEN (cairo %s, qpdf %s)", cairo_version_string (), qpdf_get_qpdf_version ());
}

/* The same facts as in the Info dictionary, as ISO 19005-2 6.6 wants them. */
static char *xmp_new (const struct pdfa_info *info)
{
    static const char packet[] =
        "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
        "<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\""
        " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
        " xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n"
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>\n"
        "<dc:format>application/pdf</dc:format>\n"
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n"
        "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n"
        "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:description>\n"
        "<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>"
        "<xmp:CreatorTool>PATEN</xmp:CreatorTool>\n"
        "<pdf:Producer>%s</pdf:Producer>\n"
        "</rdf:Description></rdf:RDF></x:xmpmeta>\n"
        "<?xpacket end=\"r\"?>";
    char at[32];
    g_autofree char *made_by = producer ();
    write_time (info->created_at, "%Y-%m-%dT%H:%M:%SZ", at);
    return g_markup_printf_escaped (packet, info->title ? info->title : "", info->author ? info->author : "",
                                    info->subject ? info->subject : "", at, at, made_by);
}

static void set_info_text (qpdf_data qpdf, qpdf_oh dictionary, const char *key, const char *text)
{
    qpdf_oh_replace_key (qpdf, dictionary, key, qpdf_oh_new_unicode_string (qpdf, text ? text : ""));
}

static void set_info (qpdf_data qpdf, const struct pdfa_info *info)
{
    char at[32];
    g_autofree char *made_by = producer ();
    qpdf_oh dictionary = qpdf_oh_new_dictionary (qpdf);
    set_info_text (qpdf, dictionary, "/Title", info->title);
    set_info_text (qpdf, dictionary, "/Author", info->author);
    set_info_text (qpdf, dictionary, "/Subject", info->subject);
    set_info_text (qpdf, dictionary, "/Creator", "PATEN");
    set_info_text (qpdf, dictionary, "/Producer", made_by);
    write_time (info->created_at, "D:%Y%m%d%H%M%SZ", at);
    qpdf_oh_replace_key (qpdf, dictionary, "/CreationDate", qpdf_oh_new_string (qpdf, at));
    qpdf_oh_replace_key (qpdf, dictionary, "/ModDate", qpdf_oh_new_string (qpdf, at));
    qpdf_oh_replace_key (qpdf, qpdf_get_trailer (qpdf), "/Info", qpdf_make_indirect_object (qpdf, dictionary));
}

static qpdf_oh new_stream (qpdf_data qpdf, const char *bytes, size_t size)
{
    qpdf_oh stream = qpdf_oh_new_stream (qpdf);
    qpdf_oh_replace_stream_data (qpdf, stream, (const unsigned char *)bytes, size, qpdf_oh_new_null (qpdf),
                                 qpdf_oh_new_null (qpdf));
    return stream;
}

static void set_metadata (qpdf_data qpdf, const struct pdfa_info *info)
{
    g_autofree char *xmp = xmp_new (info);
    qpdf_oh stream = new_stream (qpdf, xmp, strlen (xmp));
    qpdf_oh dictionary = qpdf_oh_get_dict (qpdf, stream);
    qpdf_oh_replace_key (qpdf, dictionary, "/Type", qpdf_oh_new_name (qpdf, "/Metadata"));
    qpdf_oh_replace_key (qpdf, dictionary, "/Subtype", qpdf_oh_new_name (qpdf, "/XML"));
    qpdf_oh_replace_key (qpdf, qpdf_get_root (qpdf), "/Metadata", stream);
}

/* Says which RGB is meant, ISO 19005-2 6.2.3. */
static void set_output_intent (qpdf_data qpdf, const char *icc, size_t icc_size)
{
    qpdf_oh profile = new_stream (qpdf, icc, icc_size);
    qpdf_oh_replace_key (qpdf, qpdf_oh_get_dict (qpdf, profile), "/N", qpdf_oh_new_integer (qpdf, 3));
    qpdf_oh intent = qpdf_oh_parse (
        qpdf, "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) >>");
    qpdf_oh_replace_key (qpdf, intent, "/DestOutputProfile", profile);
    qpdf_oh intents = qpdf_oh_new_array (qpdf);
    qpdf_oh_append_item (qpdf, intents, intent);
    qpdf_oh_replace_key (qpdf, qpdf_get_root (qpdf), "/OutputIntents", intents);
}

/* ---- what must not be on a page ----------------------------------------------------------------------------- */

static bool is_translucent (qpdf_data qpdf, qpdf_oh state)
{
    static const char *const alphas[] = {"/ca", "/CA"};
    for (size_t i = 0; i < G_N_ELEMENTS (alphas); i++) {
        qpdf_oh alpha = qpdf_oh_get_key (qpdf, state, alphas[i]);
        if (qpdf_oh_is_number (qpdf, alpha) && qpdf_oh_get_numeric_value (qpdf, alpha) < 1)
            return true;
    }
    qpdf_oh mask = qpdf_oh_get_key (qpdf, state, "/SMask");
    return !qpdf_oh_is_null (qpdf, mask) && !qpdf_oh_is_name (qpdf, mask); /* the name is /None */
}

static bool has_translucent_state (qpdf_data qpdf, qpdf_oh resources)
{
    qpdf_oh states = qpdf_oh_get_key (qpdf, resources, "/ExtGState");
    if (!qpdf_oh_is_dictionary (qpdf, states))
        return false;
    qpdf_oh_begin_dict_key_iter (qpdf, states);
    while (qpdf_oh_dict_more_keys (qpdf))
        if (is_translucent (qpdf, qpdf_oh_get_key (qpdf, states, qpdf_oh_dict_next_key (qpdf))))
            return true;
    return false;
}

static bool is_fit (qpdf_data qpdf, qpdf_oh resources, unsigned depth);

/* A form may hold plain drawing; an image or a transparency group may not be there. */
static bool is_fit_object (qpdf_data qpdf, qpdf_oh object, unsigned depth)
{
    qpdf_oh dictionary = qpdf_oh_get_dict (qpdf, object);
    if (!qpdf_oh_is_name_and_equals (qpdf, qpdf_oh_get_key (qpdf, dictionary, "/Subtype"), "/Form") ||
        qpdf_oh_has_key (qpdf, dictionary, "/Group"))
        return false;
    return is_fit (qpdf, qpdf_oh_get_key (qpdf, dictionary, "/Resources"), depth + 1);
}

static bool is_fit (qpdf_data qpdf, qpdf_oh resources, unsigned depth)
{
    if (!qpdf_oh_is_dictionary (qpdf, resources))
        return true;
    if (depth > RESOURCES_DEEP_MAX || has_translucent_state (qpdf, resources))
        return false;
    qpdf_oh objects = qpdf_oh_get_key (qpdf, resources, "/XObject");
    if (!qpdf_oh_is_dictionary (qpdf, objects))
        return true;
    /* the API has one iterator per document: collect the names before going deeper */
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
    qpdf_oh_begin_dict_key_iter (qpdf, objects);
    while (qpdf_oh_dict_more_keys (qpdf))
        g_ptr_array_add (names, g_strdup (qpdf_oh_dict_next_key (qpdf)));
    for (guint i = 0; i < names->len; i++)
        if (!is_fit_object (qpdf, qpdf_oh_get_key (qpdf, objects, names->pdata[i]), depth))
            return false;
    return true;
}

/* cairo puts a transparency group on every page; without transparency it says nothing and is dropped. */
static bool clean_pages (qpdf_data qpdf)
{
    int pages = qpdf_get_num_pages (qpdf);
    for (int i = 0; i < pages; i++) {
        qpdf_oh page = qpdf_get_page_n (qpdf, (size_t)i);
        qpdf_oh_remove_key (qpdf, page, "/Group");
        if (qpdf_oh_has_key (qpdf, page, "/Annots") || !is_fit (qpdf, qpdf_oh_get_key (qpdf, page, "/Resources"), 0))
            return false;
    }
    return true;
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

static int write_out (qpdf_data qpdf, unsigned char **ret_pdf, size_t *ret_size)
{
    if (qpdf_init_write_memory (qpdf) & QPDF_ERRORS)
        return -1;
    qpdf_set_deterministic_ID (qpdf, QPDF_TRUE);
    qpdf_set_object_stream_mode (qpdf, qpdf_o_disable);
    qpdf_set_newline_before_endstream (qpdf, QPDF_TRUE);
    qpdf_set_suppress_original_object_IDs (qpdf, QPDF_TRUE);
    qpdf_force_pdf_version (qpdf, "1.7");
    if (qpdf_write (qpdf) & QPDF_ERRORS)
        return -1;
    *ret_size = qpdf_get_buffer_length (qpdf);
    *ret_pdf = malloc (*ret_size);
    if (!*ret_pdf)
        return -1;
    memcpy (*ret_pdf, qpdf_get_buffer (qpdf), *ret_size);
    return 0;
}

static int read_pages (qpdf_data qpdf, const unsigned char *pdf, size_t size)
{
    qpdf_set_suppress_warnings (qpdf, QPDF_TRUE);
    qpdf_silence_errors (qpdf);
    qpdf_set_attempt_recovery (qpdf, QPDF_FALSE);
    return qpdf_read_memory (qpdf, "cairo", (const char *)pdf, size, NULL) & QPDF_ERRORS ? -1 : 0;
}

static int convert (qpdf_data qpdf, const unsigned char *pdf, size_t size, const struct pdfa_info *info,
                    unsigned char **ret_pdf, size_t *ret_size)
{
    g_autofree char *icc = NULL;
    gsize icc_size;
    if (!g_file_get_contents (info->icc_path ? info->icc_path : PDFA_ICC_DEFAULT, &icc, &icc_size, NULL) ||
        read_pages (qpdf, pdf, size) < 0 || !clean_pages (qpdf))
        return -1;
    qpdf_oh root = qpdf_get_root (qpdf);
    qpdf_oh_replace_key (qpdf, root, "/Lang", qpdf_oh_new_string (qpdf, "id-ID"));
    qpdf_oh_replace_key (qpdf, root, "/ViewerPreferences", qpdf_oh_parse (qpdf, "<< /DisplayDocTitle true >>"));
    set_info (qpdf, info);
    set_metadata (qpdf, info);
    set_output_intent (qpdf, icc, icc_size);
    if (qpdf_has_error (qpdf))
        return -1;
    return write_out (qpdf, ret_pdf, ret_size);
}

int pdfa_is_fit (const unsigned char *pdf, size_t size)
{
    qpdf_data qpdf = qpdf_init ();
    if (!qpdf)
        return -1;
    int result = read_pages (qpdf, pdf, size);
    if (result == 0)
        result = clean_pages (qpdf);
    if (qpdf_has_error (qpdf))
        result = -1;
    qpdf_cleanup (&qpdf);
    return result;
}

int pdfa_convert (const unsigned char *pdf, size_t size, const struct pdfa_info *info, unsigned char **ret_pdf,
                  size_t *ret_size)
{
    qpdf_data qpdf = qpdf_init ();
    if (!qpdf)
        return -1;
    int result = convert (qpdf, pdf, size, info, ret_pdf, ret_size);
    qpdf_cleanup (&qpdf);
    return result;
}
