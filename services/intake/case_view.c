/* The case as templates and letters need it: the shape that services/document/templates.md describes.  Lists and
 * numbers become Indonesian texts here, because intake knows what they mean. */
#include "common/auto.h"
#include "intake_view.h"

#include <stdio.h>
#include <stdlib.h>

#define LINE_SIZE 600

static const char *const weekdays[] = {"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"};

/* "Peraturan A; Peraturan B" */
static json_t *joined (const json_t *texts)
{
    char *line = NULL;
    size_t size = 0, i;
    json_t *text;
    FILE *out = open_memstream (&line, &size);
    json_array_foreach (texts, i, text)
    {
        fprintf (out, "%s%s", i == 0 ? "" : "; ", json_string_value (text));
    }
    fclose (out);
    json_t *value = json_string (line);
    free (line);
    return value;
}

static json_t *duration_text (const json_t *duration)
{
    char text[40];
    int minutes = (int)json_int (duration, "minutes", 0);
    snprintf (text, sizeof text, "%d %s", minutes ? minutes : (int)json_int (duration, "working_days", 0),
              minutes ? "menit" : "hari kerja");
    return json_string (text);
}

static json_t *service_part (const struct application *application)
{
    const json_t *published = json_object_get (application->content, "published");
    bool is_free = !json_is_object (json_object_get (application->content, "tariff"));
    json_t *service = json_pack (
        "{s:s, s:s, s:i, s:s, s:s, s:o, s:o, s:b}", "code", application->service, "name", application->service_name,
        "version", application->service_version, "product", json_text (published, "product"), "complaint_channel",
        json_text (published, "complaint_channel"), "legal_basis", joined (json_object_get (published, "legal_basis")),
        "duration_text", duration_text (json_object_get (published, "duration")), "is_free", is_free);
    view_set (service, "tariff_text", json_text (published, "cost"));
    return service;
}

/* "Telepon 0328 000022 · Surel raas@contoh.example · Kode Pos 69485"; NULL when nothing is known. */
static json_t *contact (const db_rows_t *rows)
{
    static const struct {
        const char *column, *label;
    } parts[] = {{"phone", "Telepon"}, {"email", "Surel"}, {"postal_code", "Kode Pos"}};
    char line[LINE_SIZE];
    size_t used = 0;
    line[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!db_is_null (rows, 0, parts[i].column))
            used += (size_t)snprintf (line + used, sizeof line - used, "%s%s %s", used ? " · " : "", parts[i].label,
                                      db_text (rows, 0, parts[i].column));
    return used ? json_string (line) : NULL;
}

/* "Senin, Selasa, Rabu, Kamis, Jumat pukul 07.30-15.00" */
static json_t *hours (const db_rows_t *rows)
{
    char line[LINE_SIZE];
    size_t used = 0;
    int64_t days = db_int (rows, 0, "weekdays");
    int opens = (int)db_int (rows, 0, "opens_minute"), closes = (int)db_int (rows, 0, "closes_minute");
    for (int day = 0; day < 7; day++)
        if (days & (1 << day))
            used += (size_t)snprintf (line + used, sizeof line - used, "%s%s", used ? ", " : "", weekdays[day]);
    snprintf (line + used, sizeof line - used, " pukul %02d.%02d–%02d.%02d", opens / 60, opens % 60, closes / 60,
              closes % 60);
    return json_string (line);
}

static json_t *place_part (const db_rows_t *rows)
{
    static const char *const texts[] = {"code", "name", "address", "phone", "email", "unit", "complaint_channel"};
    json_t *place = json_object ();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        view_set (place, texts[i], db_text (rows, 0, texts[i]));
    json_t *line = contact (rows);
    if (line)
        json_object_set_new (place, "contact", line);
    json_object_set_new (place, "hours", hours (rows));
    return place;
}

static json_t *kabupaten_part (const db_rows_t *rows)
{
    static const struct {
        const char *column, *member;
    } texts[] = {{"kabupaten", "code"},        {"kabupaten_name", "name"},   {"kabupaten_address", "address"},
                 {"kabupaten_phone", "phone"}, {"kabupaten_email", "email"}, {"kabupaten_website", "website"}};
    json_t *kabupaten = json_object ();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        view_set (kabupaten, texts[i].member, db_text (rows, 0, texts[i].column));
    return kabupaten;
}

/* What has been received, and as what: the lines of the tanda terima. */
static json_t *received (const struct checklist *checklist)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < checklist->count; i++) {
        const struct view_item *item = &checklist->items[i];
        bool has_file = item->rule.has_file, seen = item->rule.original_seen;
        if (!has_file && !seen)
            continue;
        json_array_append_new (list, json_pack ("{s:s, s:s, s:s}", "code", item->code, "name", item->name, "how",
                                                has_file && seen ? "asli dan berkas digital"
                                                : has_file       ? "berkas digital"
                                                                 : "asli diperlihatkan"));
    }
    return list;
}

json_t *view_for_print (const struct application *application, const struct checklist *checklist, const json_t *whole,
                        const db_rows_t *kecamatan)
{
    json_t *head = view_head (application);
    json_object_set_new (head, "id", json_string (application->id));
    json_object_del (head, "application");
    json_t *view = json_pack ("{s:o, s:o, s:o, s:o, s:o}", "application", head, "service", service_part (application),
                              "kecamatan", place_part (kecamatan), "kabupaten", kabupaten_part (kecamatan),
                              "requirements", received (checklist));
    static const char *const members[] = {"applicant", "acting_for", "form", "facts", "missing"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (json_object_get (whole, members[i]))
            json_object_set (view, members[i], json_object_get (whole, members[i]));
    return view;
}
