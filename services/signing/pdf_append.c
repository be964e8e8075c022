/* Appends one revision to a PDF: see pdf_append.h. */
#include "pdf_append.h"
#include "common/auto.h"

#include <assert.h>
#include <errno.h>
#include <qpdf/qpdf-c.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ISO 32000-1, implementation note 18: readers look for the end of file in the last 1 024 bytes. */
#define TAIL_BYTES 1024u

struct written {
    int id, generation;
    long offset;
};

struct _pdf_append_t {
    const unsigned char *pdf;
    size_t size;
    qpdf_data qpdf;
    qpdf_oh trailer, root, page;
    long previous_xref;
    int next_id;

    FILE *out; /* memory: bytes, length */
    char *bytes;
    size_t length;
    struct written objects[PDF_APPEND_MAX_OBJECTS];
    size_t object_count;
};

/* The offset that the last "startxref" names; -1 when there is none. */
static long find_previous_xref (const unsigned char *pdf, size_t size)
{
    static const char keyword[] = "startxref";
    size_t tail_size = size < TAIL_BYTES ? size : TAIL_BYTES;
    char tail[TAIL_BYTES + 1];
    memcpy (tail, pdf + size - tail_size, tail_size);
    tail[tail_size] = 0;
    char *last = NULL;
    for (char *at = tail; (at = memmem (at, tail_size - (size_t)(at - tail), keyword, strlen (keyword))); at++)
        last = at;
    if (!last)
        return -1;
    errno = 0;
    long offset = strtol (last + strlen (keyword), NULL, 10);
    return errno || offset <= 0 || (size_t)offset >= size ? -1 : offset;
}

/* Objects that libqpdf repaired in memory (a page without a number of its own) have numbers beyond the file's /Size. */
static bool is_stored (pdf_append_t *self, qpdf_oh object)
{
    int id = qpdf_oh_get_object_id (self->qpdf, object);
    return qpdf_oh_is_dictionary (self->qpdf, object) && id > 0 && id < self->next_id;
}

static bool has (pdf_append_t *self, qpdf_oh dictionary, const char *key)
{
    return qpdf_oh_has_key (self->qpdf, dictionary, key);
}

static enum pades_verdict check_form (pdf_append_t *self)
{
    if (has (self, self->root, "/Perms"))
        return PADES_ALREADY_SIGNED;
    if (!has (self, self->root, "/AcroForm"))
        return PADES_SIGNED;
    qpdf_oh form = qpdf_oh_get_key (self->qpdf, self->root, "/AcroForm");
    long long flags = 0;
    if (qpdf_oh_is_dictionary (self->qpdf, form))
        qpdf_oh_get_value_as_longlong (self->qpdf, qpdf_oh_get_key (self->qpdf, form, "/SigFlags"), &flags);
    return flags & 1 ? PADES_ALREADY_SIGNED : PADES_HAS_FORM;
}

static enum pades_verdict parse (pdf_append_t *self)
{
    qpdf_data qpdf = self->qpdf;
    qpdf_silence_errors (qpdf);
    qpdf_set_suppress_warnings (qpdf, QPDF_TRUE);
    qpdf_set_attempt_recovery (qpdf, QPDF_FALSE);
    if (qpdf_read_memory (qpdf, "input", (const char *)self->pdf, self->size, NULL) & QPDF_ERRORS)
        return qpdf_has_error (qpdf) && qpdf_get_error_code (qpdf, qpdf_get_error (qpdf)) == qpdf_e_password
                   ? PADES_ENCRYPTED
                   : PADES_NOT_PDF;
    if (qpdf_is_encrypted (qpdf))
        return PADES_ENCRYPTED;
    self->trailer = qpdf_get_trailer (qpdf);
    self->previous_xref = find_previous_xref (self->pdf, self->size);
    if (self->previous_xref < 0)
        return PADES_NOT_PDF;
    if ((size_t)self->previous_xref + 4 > self->size || memcmp (self->pdf + self->previous_xref, "xref", 4) ||
        has (self, self->trailer, "/XRefStm"))
        return PADES_XREF_STREAM;
    if (!qpdf_oh_get_value_as_int (qpdf, qpdf_oh_get_key (qpdf, self->trailer, "/Size"), &self->next_id))
        return PADES_NOT_PDF;
    self->root = qpdf_get_root (qpdf);
    if (qpdf_get_num_pages (qpdf) < 1)
        return PADES_NOT_PDF;
    self->page = qpdf_get_page_n (qpdf, 0);
    if (qpdf_has_error (qpdf) || !is_stored (self, self->root) || !is_stored (self, self->page))
        return PADES_NOT_PDF;
    return check_form (self);
}

void pdf_append_destroy (pdf_append_t **self)
{
    if (!*self)
        return;
    if ((*self)->out)
        fclose ((*self)->out);
    free ((*self)->bytes);
    if (qpdf_has_error ((*self)->qpdf))
        qpdf_get_error ((*self)->qpdf); /* libqpdf complains on stderr about errors that nobody asked for */
    qpdf_cleanup (&(*self)->qpdf);
    free (*self);
    *self = NULL;
}

int pdf_append_new (pdf_append_t **ret, const unsigned char *pdf, size_t size)
{
    if (size > PADES_MAX_PDF_BYTES)
        return PADES_TOO_LARGE;
    if (size < 8 || memcmp (pdf, "%PDF-", 5))
        return PADES_NOT_PDF; /* offsets count from the first byte: nothing may stand before it */
    pdf_append_t *self = calloc (1, sizeof *self);
    if (!self)
        return -ENOMEM;
    AUTO (pdf_append) owner = self;
    self->pdf = pdf;
    self->size = size;
    self->qpdf = qpdf_init ();
    enum pades_verdict verdict = parse (self);
    if (verdict != PADES_SIGNED)
        return (int)verdict;
    self->out = open_memstream (&self->bytes, &self->length);
    if (!self->out)
        return -ENOMEM;
    fwrite (pdf, 1, size, self->out);
    if (pdf[size - 1] != '\n')
        fputc ('\n', self->out);
    owner = NULL;
    *ret = self;
    return PADES_SIGNED;
}

int pdf_append_new_id (pdf_append_t *self)
{
    return self->next_id++;
}

long pdf_append_offset (pdf_append_t *self)
{
    return ftell (self->out);
}

static void begin (pdf_append_t *self, int id, int generation)
{
    assert (self->object_count < PDF_APPEND_MAX_OBJECTS);
    self->objects[self->object_count++] =
        (struct written){.id = id, .generation = generation, .offset = pdf_append_offset (self)};
    fprintf (self->out, "%d %d obj\n", id, generation);
}

FILE *pdf_append_object (pdf_append_t *self, int id)
{
    begin (self, id, 0);
    return self->out;
}

void pdf_append_end (pdf_append_t *self)
{
    fputs ("\nendobj\n", self->out);
}

void pdf_append_text (pdf_append_t *self, const char *utf8)
{
    qpdf_oh text = qpdf_oh_new_unicode_string (self->qpdf, utf8);
    fputs (qpdf_oh_unparse (self->qpdf, text), self->out);
}

/* Writes a dictionary or array without its closing bracket, so that entries can follow. */
static void write_open (pdf_append_t *self, qpdf_oh object, const char *closing)
{
    const char *text = qpdf_oh_unparse_resolved (self->qpdf, object);
    size_t length = strlen (text), tail = strlen (closing);
    assert (length >= tail && !strcmp (text + length - tail, closing));
    fwrite (text, 1, length - tail, self->out);
}

static void begin_again (pdf_append_t *self, qpdf_oh object)
{
    begin (self, qpdf_oh_get_object_id (self->qpdf, object), qpdf_oh_get_generation (self->qpdf, object));
}

void pdf_append_catalog (pdf_append_t *self, const char *entries)
{
    begin_again (self, self->root);
    write_open (self, self->root, ">>");
    fprintf (self->out, "%s >>", entries);
    pdf_append_end (self);
}

int pdf_append_page_id (const pdf_append_t *self)
{
    return qpdf_oh_get_object_id (self->qpdf, self->page);
}

void pdf_append_page (pdf_append_t *self, int annotation_id)
{
    qpdf_oh annotations = qpdf_oh_get_key (self->qpdf, self->page, "/Annots");
    qpdf_oh_remove_key (self->qpdf, self->page, "/Annots");
    begin_again (self, self->page);
    write_open (self, self->page, ">>");
    fputs ("/Annots ", self->out);
    if (qpdf_oh_is_array (self->qpdf, annotations))
        write_open (self, annotations, "]");
    else
        fputs ("[ ", self->out);
    fprintf (self->out, "%d 0 R ] >>", annotation_id);
    pdf_append_end (self);
}

/* An entry of the old trailer, when it has one. */
static void write_trailer_entry (pdf_append_t *self, const char *key)
{
    if (has (self, self->trailer, key))
        fprintf (self->out, " %s %s", key,
                 qpdf_oh_unparse (self->qpdf, qpdf_oh_get_key (self->qpdf, self->trailer, key)));
}

int pdf_append_finish (pdf_append_t *self, unsigned char **ret, size_t *ret_size)
{
    long xref = pdf_append_offset (self);
    fputs ("xref\n", self->out);
    for (size_t i = 0; i < self->object_count; i++) {
        const struct written *object = &self->objects[i];
        fprintf (self->out, "%d 1\n%010ld %05d n \n", object->id, object->offset, object->generation);
    }
    fprintf (self->out, "trailer\n<< /Size %d", self->next_id);
    write_trailer_entry (self, "/Root");
    write_trailer_entry (self, "/Info");
    write_trailer_entry (self, "/ID");
    fprintf (self->out, " /Prev %ld >>\nstartxref\n%ld\n%%%%EOF\n", self->previous_xref, xref);
    bool is_whole = !ferror (self->out);
    is_whole = !fclose (self->out) && is_whole;
    self->out = NULL;
    if (!is_whole)
        return -ENOMEM;
    *ret = (unsigned char *)self->bytes;
    *ret_size = self->length;
    self->bytes = NULL;
    return 0;
}
