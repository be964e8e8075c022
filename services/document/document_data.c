/* From what the services know to the data that a template reads: see document_data.h. */
#include "document_data.h"

#include "common/auto.h"
#include "common/expr.h"
#include "common/indonesian.h"
#include "common/json.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DATE_LENGTH 10 /* "2026-11-22", also the head of a timestamp */

/* ---- small tools -------------------------------------------------------------------------------------------- */

static void set_text (json_t *object, const char *key, const char *text)
{
    if (text && *text)
        json_object_set_new (object, key, json_string (text));
}

static void pick (json_t *target, const json_t *source, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_object_get (source, names[i]);
        if (value && !json_is_null (value))
            json_object_set (target, names[i], value);
    }
}
#define PICK(target, source, names) pick ((target), (source), (names), sizeof (names) / sizeof *(names))

/* The member of that name, made when it is absent. */
static json_t *group (json_t *data, const char *name)
{
    json_t *member = json_object_get (data, name);
    if (!json_is_object (member)) {
        member = json_object ();
        json_object_set_new (data, name, member);
    }
    return member;
}

/* The texts of a list in one line.  A new reference; NULL when there are none. */
static json_t *joined (const json_t *texts, const char *separator)
{
    char *line = NULL;
    size_t size = 0, i;
    json_t *text;
    FILE *out = open_memstream (&line, &size);
    assert (out);
    json_array_foreach ((json_t *)texts, i, text)
    {
        if (json_is_string (text))
            fprintf (out, "%s%s", ftell (out) > 0 ? separator : "", json_string_value (text));
    }
    fclose (out);
    json_t *result = size > 0 ? json_string (line) : NULL;
    free (line);
    return result;
}

static void set_date (json_t *object, const char *key, const char *timestamp)
{
    if (timestamp && strlen (timestamp) >= DATE_LENGTH)
        json_object_set_new (object, key, json_stringn (timestamp, DATE_LENGTH));
}

/* ---- from the case ------------------------------------------------------------------------------------------ */

static json_t *kecamatan_part (const json_t *kecamatan)
{
    static const char *const names[] = {"code", "name", "address"};
    static const struct {
        const char *name, *label;
    } contacts[] = {{"phone", "Telepon"}, {"email", "Surel"}, {"postal_code", "Kode Pos"}};
    json_t *part = json_object ();
    json_auto_t *texts = json_array ();
    PICK (part, kecamatan, names);
    for (size_t i = 0; i < sizeof contacts / sizeof *contacts; i++) {
        const char *value = json_text (kecamatan, contacts[i].name);
        if (value && *value)
            json_array_append_new (texts, json_sprintf ("%s %s", contacts[i].label, value));
    }
    json_t *contact = joined (texts, " · ");
    if (contact)
        json_object_set_new (part, "contact", contact);
    return part;
}

/* intake knows by the fact fee_due whether there is a fee; before the facts are there, by the published words. */
static bool is_free (const json_t *file)
{
    const json_t *due = json_object_get (json_object_get (file, "facts"), "fee_due");
    const char *cost = json_text_at (file, "service.cost");
    return json_is_boolean (due) ? json_is_false (due) : cost && strncasecmp (cost, "gratis", 6) == 0;
}

static json_t *service_part (const json_t *file)
{
    static const char *const names[] = {"code", "name"};
    const json_t *service = json_object_get (file, "service"), *duration = json_object_get (service, "duration");
    json_t *part = json_object (), *law = joined (json_object_get (service, "legal_basis"), "; ");
    PICK (part, service, names);
    if (law)
        json_object_set_new (part, "legal_basis", law);
    json_object_set_new (part, "is_free", json_boolean (is_free (file)));
    set_text (part, "tariff_text", json_text (service, "cost"));
    bool minutes = json_object_get (duration, "minutes");
    json_object_set_new (part, "duration_text",
                         json_sprintf ("%d %s", (int)json_int (duration, minutes ? "minutes" : "working_days", 0),
                                       minutes ? "menit" : "hari kerja"));
    return part;
}

static const char *how_text (const json_t *requirement)
{
    bool file = json_object_get (requirement, "file"), original = json_flag (requirement, "original_seen", false);
    return file && original ? "asli diperlihatkan, berkas digital"
           : file           ? "berkas digital"
           : original       ? "asli diperlihatkan"
                            : NULL;
}

/* What was brought; the receipt must not confirm more. */
static json_t *requirements_part (const json_t *requirements)
{
    json_t *list = json_array ();
    size_t i;
    json_t *requirement;
    json_array_foreach ((json_t *)requirements, i, requirement)
    {
        const char *how = how_text (requirement), *name = json_text (requirement, "name");
        if (how && name)
            json_array_append_new (list, json_pack ("{s:s, s:s}", "name", name, "how", how));
    }
    return list;
}

static json_t *missing_part (const json_t *missing)
{
    static const char *const names[] = {"name", "note"};
    json_t *list = json_array ();
    size_t i;
    json_t *item;
    json_array_foreach ((json_t *)missing, i, item)
    {
        json_t *line = json_object ();
        PICK (line, item, names);
        json_array_append_new (list, line);
    }
    return list;
}

static json_t *settings_part (const json_t *file, enum data_use use)
{
    json_t *settings = json_object ();
    set_text (settings, "complaint_channel", json_text_at (file, "kecamatan.complaint_channel"));
    switch (use) {
    case DATA_SIGNED:
        set_text (settings, "signature_mark", "Ditandatangani secara elektronik");
        set_text (
            settings, "signature_statement",
            "Dokumen ini telah ditandatangani secara elektronik menggunakan sertifikat elektronik. Informasi "
            "elektronik dan/atau hasil cetaknya merupakan alat bukti hukum yang sah (Pasal 5 ayat (1) UU Nomor 11 "
            "Tahun 2008). Keaslian dapat diperiksa melalui kode QR.");
        break;
    case DATA_PRINTED:
        set_text (settings, "signature_statement",
                  "Dicetak oleh sistem Pelayanan Administrasi Terpadu Kecamatan; sah setelah ditandatangani.");
        break;
    }
    return settings;
}

json_t *data_from_case (const json_t *file, enum data_use use)
{
    static const char *const application_names[] = {"number", "registered_at", "short_code", "promised_on"};
    static const char *const applicant_names[] = {"nik", "name", "birth_place", "birth_date", "sex", "address", "job"};
    static const char *const kabupaten_names[] = {"code", "name"};
    static const char *const whole[] = {"form", "facts", "acting_for"};
    json_t *data = json_object ();
    PICK (group (data, "application"), json_object_get (file, "application"), application_names);
    PICK (group (data, "applicant"), json_object_get (file, "applicant"), applicant_names);
    PICK (group (data, "kabupaten"), json_object_get (file, "kabupaten"), kabupaten_names);
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (json_is_object (json_object_get (file, whole[i])))
            json_object_set_new (data, whole[i], json_deep_copy (json_object_get (file, whole[i])));
    /* facts.document and facts.content_sha256 tell of earlier renderings, not of the citizen's matter */
    json_object_del (group (data, "facts"), "document");
    json_object_del (group (data, "facts"), "content_sha256");
    json_object_set_new (data, "kecamatan", kecamatan_part (json_object_get (file, "kecamatan")));
    json_object_set_new (data, "service", service_part (file));
    json_object_set_new (data, "requirements", requirements_part (json_object_get (file, "requirements")));
    json_object_set_new (data, "missing", missing_part (json_object_get (file, "missing")));
    json_object_set_new (data, "settings", settings_part (file, use));
    return data;
}

/* ---- from others -------------------------------------------------------------------------------------------- */

bool data_reads (const json_t *fields, const char *path)
{
    size_t i, length = strlen (path);
    json_t *row;
    json_array_foreach ((json_t *)fields, i, row)
    {
        const char *field = json_text (row, "field");
        if (field && strncmp (field, path, length) == 0 && strchr (".[", field[length])) /* also the end */
            return true;
    }
    return false;
}

static void fill_gap (json_t *data, const char *name, json_t *value, const json_t *fields)
{
    static const char *const groups[] = {"facts", "applicant"};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        char path[128];
        snprintf (path, sizeof path, "%s.%s", groups[i], name);
        if (data_reads (fields, path) && !json_object_get (group (data, groups[i]), name))
            json_object_set (group (data, groups[i]), name, value);
    }
}

void data_add_filled (json_t *data, const json_t *filled, const json_t *fields)
{
    const char *name;
    json_t *value;
    json_object_foreach ((json_t *)filled, name, value)
    {
        json_object_set (group (data, "form"), name, value);
        fill_gap (data, name, value, fields);
    }
}

/* A form says where it is about in one of these; else it is about the applicant's home. */
static const char *location_of (const json_t *data)
{
    static const char *const paths[] = {"form.location", "form.road_name", "applicant.address"};
    const char *location = NULL;
    for (size_t i = 0; i < sizeof paths / sizeof *paths && !location; i++)
        location = json_text_at (data, paths[i]);
    return location;
}

void data_add_inspection (json_t *data, const json_t *visit)
{
    json_t *inspection = group (data, "inspection"), *officers = json_array ();
    const char *visited_at = json_text_at (visit, "report.visited_at");
    size_t i;
    json_t *officer;
    json_array_foreach (json_object_get (visit, "officers"), i, officer)
    {
        json_t *line = json_deep_copy (officer);
        if (!json_text (line, "position"))
            set_text (line, "position", "Petugas teknis");
        json_array_append_new (officers, line);
    }
    json_object_set_new (inspection, "officers", officers);
    set_date (inspection, "date", visited_at ? visited_at : json_text (visit, "date"));
    set_text (inspection, "location", location_of (data));
}

static bool is_digit (char c)
{
    return c >= '0' && c <= '9';
}

/* "max (40.5, 50) * 500", which a formula's reader understands, as people write it: "max (40,5; 50) × 500". */
static void set_calculation (json_t *object, const char *key, const char *calculation)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    assert (out);
    for (const char *at = calculation ? calculation : ""; *at; at++)
        if (*at == '*')
            fputs ("×", out);
        else if (*at == ',')
            fputc (';', out);
        else
            fputc (*at == '.' && is_digit (at[1]) ? ',' : *at, out);
    fclose (out);
    set_text (object, key, text);
    free (text);
}

void data_add_bill (json_t *data, const json_t *bill)
{
    static const char *const names[] = {"amount_rupiah", "due_on", "legal_basis", "account_code"};
    json_t *part = group (data, "bill");
    PICK (part, bill, names);
    set_text (part, "number", json_text (bill, "bill_number"));
    set_calculation (part, "formula_text", json_text (bill, "calculation"));
    set_date (part, "issued_on", json_text (bill, "issued_at"));
}

void data_add_receipt (json_t *data, const json_t *receipt)
{
    static const char *const names[] = {"paid_at", "received_rupiah", "change_rupiah"};
    json_t *part = group (data, "receipt");
    PICK (part, receipt, names);
    set_text (part, "number", json_text (receipt, "receipt_number"));
    set_text (part, "cashier", json_text_at (receipt, "cashier.name"));
}

/* A fact as the formula's language sees it: numbers and truths. */
static bool fact_lookup (void *context, const char *name, struct expr_value *ret_value)
{
    const json_t *fact = json_object_get (context, name);
    if (json_is_integer (fact))
        return expr_from_int (json_integer_value (fact), ret_value) == EXPR_OK;
    if (json_is_real (fact))
        return expr_from_real (json_real_value (fact), ret_value) == EXPR_OK;
    if (json_is_boolean (fact))
        *ret_value = expr_from_truth (json_is_true (fact));
    return json_is_boolean (fact);
}

/* A formula that fails leaves the field away, and the template names it as missing. */
void data_add_tariff (json_t *data, const json_t *tariff)
{
    const char *formula = json_text (tariff, "formula");
    struct expr_value value;
    money_t amount;
    if (!formula || expr_eval (formula, fact_lookup, json_object_get (data, "facts"), &value) != EXPR_OK ||
        expr_to_rupiah (&value, &amount) != EXPR_OK)
        return;
    json_t *bill = group (data, "bill");
    json_object_set_new (bill, "amount_rupiah", json_integer (money_to_rupiah (amount)));
    set_text (bill, "legal_basis", json_text (tariff, "legal_basis"));
}

/* "Camat Ra'as" stands in the text, "CAMAT RA'AS," above the signature. */
void data_add_signer (json_t *data, const json_t *signer)
{
    static const char *const names[] = {"name", "nip", "rank"};
    const char *position = json_text (signer, "position");
    json_t *part = json_object ();
    PICK (part, signer, names);
    if (position) {
        size_t size = strlen (position) + 1;
        AUTO_FREE char *upper = malloc (size);
        assert (upper);
        indonesian_upper_ascii (position, upper, size);
        set_text (part, "title", position);
        json_object_set_new (part, "position", json_sprintf ("%s,", upper));
    }
    json_object_set_new (data, "signer", part);
}

void data_add_document (json_t *data, const char *number, const char *dated)
{
    json_t *document = group (data, "document");
    set_text (document, "number", number);
    set_text (document, "date", dated);
}

void data_add_officer (json_t *data, const char *name)
{
    set_text (group (data, "officer"), "name", name);
}

void data_add_constants (json_t *data, const json_t *constants)
{
    set_text (group (data, "kabupaten"), "emblem_svg", json_text (constants, "emblem_svg"));
    json_t *settings = json_object_get (constants, "settings");
    if (settings)
        json_object_update (group (data, "settings"), settings);
}

void data_add_addresses (json_t *data, const char *public_url, const char *token)
{
    const char *number = json_text_at (data, "application.number"),
               *code = json_text_at (data, "application.short_code");
    json_t *track = json_sprintf ("%s/lacak?number=%s&code=%s", public_url, number ? number : "", code ? code : "");
    json_object_set_new (data, "track_url", track);
    if (token)
        json_object_set_new (data, "verify_url", json_sprintf ("%s/v/%s", public_url, token));
    else
        json_object_set (data, "verify_url", track);
}

/* ---- what lacks --------------------------------------------------------------------------------------------- */

json_t *data_missing (const json_t *data, const json_t *fields)
{
    static const char *const later[] = {"document.",  "signer.",   "settings.", "kabupaten.emblem_svg",
                                        "verify_url", "track_url", "item",      "index"};
    json_t *missing = json_array ();
    size_t i;
    json_t *row;
    json_array_foreach ((json_t *)fields, i, row)
    {
        const char *field = json_text (row, "field");
        bool skip = json_flag (row, "optional", true) || strchr (field, '[');
        for (size_t j = 0; j < sizeof later / sizeof *later; j++)
            skip |= strncmp (field, later[j], strlen (later[j])) == 0;
        const json_t *value = skip ? NULL : json_at (data, field);
        bool blank = !value || json_is_null (value) || (json_is_string (value) && json_string_length (value) == 0);
        size_t last = json_array_size (missing);
        const char *before = last ? json_string_value (json_array_get (missing, last - 1)) : "";
        if (!skip && blank && strcmp (before, field) != 0) /* a field may be read in two formats */
            json_array_append_new (missing, json_string (field));
    }
    return missing;
}

char *data_canonical (const json_t *value)
{
    char *text = json_dumps (value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    assert (text && "what was parsed can be written");
    return text;
}
