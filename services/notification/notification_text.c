/* The fields of an e-mail's text, see notification_text.h.  Never a NIK, a date of birth or an address of a home: a
 * mailbox may be read by others. */
#include "notification_text.h"

#include "common/calendar.h"
#include "common/indonesian.h"
#include "notification.h"

#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 400, MISSING_SIZE = 2000 };

/* "Rp 250.000" once the bill (SKRD, surat ketetapan retribusi daerah) is issued; before that the tariff as published:
 * "GRATIS", or how it is computed. */
static void fee_text (const db_rows_t *rows, const json_t *case_, char ret_text[LINE_SIZE])
{
    char amount[INDONESIAN_AMOUNT_SIZE];
    const char *tariff = json_text_at (case_, "service.tariff_text");
    if (db_int (rows, 0, "amount_rupiah") > 0) {
        indonesian_rupiah (db_int (rows, 0, "amount_rupiah"), amount, sizeof amount);
        snprintf (ret_text, LINE_SIZE, "%s, dibayar hanya kepada kasir kecamatan dengan tanda bukti", amount);
    } else {
        snprintf (ret_text, LINE_SIZE, "%s", tariff != NULL ? tariff : "sebagaimana tertulis pada tanda terima");
    }
}

static void amount_text (const db_rows_t *rows, char ret_text[INDONESIAN_AMOUNT_SIZE])
{
    if (indonesian_rupiah (db_int (rows, 0, "amount_rupiah"), ret_text, INDONESIAN_AMOUNT_SIZE) < 0)
        ret_text[0] = '\0';
}

static void promise_text (const json_t *case_, char ret_text[LINE_SIZE])
{
    const char *promised_on = json_text_at (case_, "application.promised_on");
    struct civil_date date;
    if (promised_on == NULL || !calendar_parse (promised_on, strlen (promised_on), &date) ||
        indonesian_day_date (date.year, date.month, date.day, ret_text, LINE_SIZE) < 0)
        snprintf (ret_text, LINE_SIZE, "dapat ditunggu");
}

/* A line for each requirement; those that do not fit are told at the loket. */
static void missing_text (const json_t *case_, char ret_text[MISSING_SIZE])
{
    size_t used = 0, i;
    json_t *item;
    ret_text[0] = '\0';
    json_array_foreach (json_object_get (case_, "missing"), i, item)
    {
        const char *name = json_text (item, "name");
        if (name == NULL || used + strlen (name) + 4 > MISSING_SIZE)
            break;
        used += (size_t)snprintf (ret_text + used, MISSING_SIZE - used, "%s- %s", used > 0 ? "\n" : "", name);
    }
    if (used == 0)
        snprintf (ret_text, MISSING_SIZE, "- sebagaimana tertulis pada daftar kekurangan dari loket");
}

static void tracking_text (const json_t *case_, const char *public_url, char ret_text[LINE_SIZE])
{
    const char *code = json_text_at (case_, "application.short_code");
    if (code == NULL)
        snprintf (ret_text, LINE_SIZE, "tanyakan di loket kecamatan");
    else
        snprintf (ret_text, LINE_SIZE, "%s%sdengan nomor permohonan dan kode %s", public_url, public_url[0] ? " " : "",
                  code);
}

static const char *text_or (const char *text, const char *otherwise)
{
    return text != NULL && text[0] != '\0' ? text : otherwise;
}

int notification_text (const db_rows_t *rows, const json_t *case_, const char *public_url,
                       struct notification_text *ret)
{
    char fee[LINE_SIZE], promise[LINE_SIZE], tracking[LINE_SIZE], missing[MISSING_SIZE], amount[INDONESIAN_AMOUNT_SIZE];
    fee_text (rows, case_, fee);
    amount_text (rows, amount);
    promise_text (case_, promise);
    missing_text (case_, missing);
    tracking_text (case_, public_url, tracking);
    json_auto_t *facts = db_json (rows, 0, "facts");
    const struct notification_field fields[] = {
        {.name = "name", .value = text_or (json_text_at (case_, "applicant.name"), "Pemohon")},
        {.name = "number", .value = text_or (db_text (rows, 0, "number"), "belum ada (berkas belum lengkap)")},
        {.name = "service", .value = json_text_at (case_, "service.name")},
        {.name = "kecamatan", .value = json_text_at (case_, "kecamatan.name")},
        {.name = "hours", .value = text_or (json_text_at (case_, "kecamatan.hours"), "pada jam kerja")},
        {.name = "complaint", .value = text_or (json_text_at (case_, "service.complaint_channel"), "loket kecamatan")},
        {.name = "reason", .value = json_text (facts, "reason")},
        {.name = "fee", .value = fee},
        {.name = "amount", .value = amount},
        {.name = "promise", .value = promise},
        {.name = "tracking", .value = tracking},
        {.name = "missing", .value = missing, .has_lines = true},
    };
    size_t count = sizeof fields / sizeof *fields;
    if (notification_render (db_text (rows, 0, "subject"), fields, count, ret->subject, sizeof ret->subject) < 0 ||
        notification_render (db_text (rows, 0, "body"), fields, count, ret->text, sizeof ret->text) < 0)
        return -1;
    return 0;
}
