/* Finds objects by the cross-reference tables: see pdf_file.h. */
#include "pdf_file.h"

#include <string.h>

#define ENTRY_SIZE 20u /* "oooooooooo ggggg n" and two bytes of line end */

/* One revision's table, read while walking: what was looked for, and where the walk goes on. */
struct table {
    bool has_entry, is_in_use;
    uint64_t offset, generation;
    struct pdf_span trailer;
};

static struct pdf_span span_from (const struct pdf_file *file, size_t offset)
{
    return (struct pdf_span){file->bytes + offset, file->size - offset};
}

static struct pdf_span at_most (struct pdf_span span, size_t size)
{
    return (struct pdf_span){span.at, span.size < size ? span.size : size};
}

static bool take_integer (struct pdf_span *rest, uint64_t *ret_integer)
{
    size_t digits = 0;
    pdf_scan_blank (rest);
    while (digits < rest->size && rest->at[digits] >= '0' && rest->at[digits] <= '9')
        digits++;
    if (!pdf_scan_integer ((struct pdf_span){rest->at, digits}, ret_integer))
        return false;
    rest->at += digits;
    rest->size -= digits;
    return true;
}

static bool read_entry (const unsigned char *entry, struct table *table)
{
    if (entry[10] != ' ' || entry[16] != ' ' || (entry[17] != 'n' && entry[17] != 'f'))
        return false;
    table->has_entry = true;
    table->is_in_use = entry[17] == 'n';
    return pdf_scan_integer ((struct pdf_span){entry, 10}, &table->offset) &&
           pdf_scan_integer ((struct pdf_span){entry + 11, 5}, &table->generation);
}

/* One subsection: "first count" and its entries. */
static bool read_subsection (struct pdf_span *rest, uint32_t id, struct table *table)
{
    uint64_t first, count;
    if (!take_integer (rest, &first) || !take_integer (rest, &count))
        return false;
    pdf_scan_blank (rest);
    if (count > rest->size / ENTRY_SIZE)
        return false;
    if (id >= first && id - first < count && !read_entry (rest->at + (id - first) * ENTRY_SIZE, table))
        return false;
    rest->at += count * ENTRY_SIZE;
    rest->size -= count * ENTRY_SIZE;
    return true;
}

/* The table at offset, looking for object id. */
static bool read_table (const struct pdf_file *file, size_t offset, uint32_t id, struct table *table)
{
    struct pdf_span rest = span_from (file, offset);
    *table = (struct table){0};
    if (!rest.size || *rest.at != 'x' || !pdf_scan_keyword (&rest, "xref"))
        return false;
    for (size_t i = 0; i < PDF_FILE_MAX_SUBSECTIONS; i++) {
        if (pdf_scan_keyword (&rest, "trailer")) {
            rest = at_most (rest, PDF_FILE_MAX_TRAILER_BYTES);
            return pdf_scan_object (&rest, &table->trailer);
        }
        if (!read_subsection (&rest, id, table))
            return false;
    }
    return false;
}

/* Offset just behind the last occurrence of word; 0 when there is none. */
static size_t find_last (const unsigned char *bytes, size_t size, const char *word)
{
    size_t length = strlen (word);
    const unsigned char *at = size < length ? NULL : memrchr (bytes, word[0], size - length + 1);
    while (at && memcmp (at, word, length) != 0)
        at = memrchr (bytes, word[0], (size_t)(at - bytes));
    return at ? (size_t)(at - bytes) + length : 0;
}

bool pdf_file_open (struct pdf_file *file, const unsigned char *bytes, size_t size)
{
    *file = (struct pdf_file){.bytes = bytes, .size = size};
    size_t end = find_last (bytes, size, "startxref");
    if (!end)
        return false;
    struct pdf_span rest = span_from (file, end);
    uint64_t offset;
    struct table table;
    if (!take_integer (&rest, &offset) || offset >= size || !read_table (file, offset, 0, &table))
        return false;
    file->xref = offset;
    file->trailer = table.trailer;
    return true;
}

/* "id generation obj" and the object itself. */
static bool read_object (const struct pdf_file *file, uint64_t offset, struct pdf_reference reference,
                         struct pdf_span *ret_object)
{
    uint64_t id, generation;
    if (offset >= file->size)
        return false;
    struct pdf_span rest = at_most (span_from (file, offset), PDF_FILE_MAX_OBJECT_BYTES);
    return take_integer (&rest, &id) && id == reference.id && take_integer (&rest, &generation) &&
           generation == reference.generation && pdf_scan_keyword (&rest, "obj") && pdf_scan_object (&rest, ret_object);
}

bool pdf_file_object (const struct pdf_file *file, struct pdf_reference reference, struct pdf_span *ret_object)
{
    uint64_t offset = file->xref;
    for (size_t revision = 0; revision < PDF_FILE_MAX_REVISIONS; revision++) {
        struct table table;
        struct pdf_span previous;
        uint64_t previous_offset;
        if (!read_table (file, offset, reference.id, &table))
            return false;
        if (table.has_entry)
            return table.is_in_use && table.generation == reference.generation &&
                   read_object (file, table.offset, reference, ret_object);
        /* Tables go backwards through the file, so the walk ends. */
        if (!pdf_scan_key (table.trailer, "/Prev", &previous) || !pdf_scan_integer (previous, &previous_offset) ||
            previous_offset >= offset)
            return false;
        offset = previous_offset;
    }
    return false;
}

bool pdf_file_key (const struct pdf_file *file, struct pdf_span dictionary, const char *key, struct pdf_span *ret_value,
                   struct pdf_reference *ret_reference)
{
    struct pdf_reference reference = {0};
    struct pdf_span value;
    if (!pdf_scan_key (dictionary, key, &value) || !value.size)
        return false;
    if (pdf_scan_reference (value, &reference) && !pdf_file_object (file, reference, &value))
        return false;
    if (ret_reference)
        *ret_reference = reference;
    *ret_value = value;
    return true;
}
