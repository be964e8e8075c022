/* The case as templates and letters need it: the shape that services/document/templates.md describes.  Lists and
 * numbers become Indonesian texts here, because intake knows what they mean. */
#include "intake_view.h"

#include <stdio.h>

#define LINE_SIZE 160

static const char *const weekdays[] = {"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"};

/* The published half of the pinned version, without what only the counter needs. */
static json_t *service_part (const struct application *application)
{
    static const char *const members[] = {"product", "cost", "duration", "complaint_channel", "legal_basis"};
    const json_t *published = json_object_get (application->content, "published");
    json_t *service = json_pack ("{s:s, s:s, s:i}", "code", application->service, "name", application->service_name,
                                 "version", application->service_version);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_object_set (service, members[i], json_object_get (published, members[i]));
    return service;
}

/* "Senin, Selasa, Rabu, Kamis, Jumat pukul 07.30–15.00" */
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
    static const char *const texts[] = {"code",  "name",  "address", "postal_code",
                                        "phone", "email", "unit",    "complaint_channel"};
    json_t *place = json_object ();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        view_set (place, texts[i], db_text (rows, 0, texts[i]));
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

json_t *view_for_print (const struct application *application, const json_t *whole, const db_rows_t *kecamatan)
{
    json_t *head = view_head (application);
    json_object_set_new (head, "id", json_string (application->id));
    json_object_del (head, "application");
    json_t *view = json_pack ("{s:o, s:o, s:o, s:o}", "application", head, "service", service_part (application),
                              "kecamatan", place_part (kecamatan), "kabupaten", kabupaten_part (kecamatan));
    static const char *const members[] = {"applicant", "acting_for", "form", "facts", "requirements", "missing"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (json_object_get (whole, members[i]))
            json_object_set (view, members[i], json_object_get (whole, members[i]));
    return view;
}
