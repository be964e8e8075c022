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
    const struct version *version = application->version;
    const json_t *published = json_object_get (version->content, "published");
    json_t *service =
        json_pack ("{s:s, s:s, s:i}", "code", version->service, "name", version->name, "version", version->number);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_object_set_new (service, members[i], json_deep_copy (json_object_get (published, members[i])));
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

/* Columns that become members, in this order. */
struct column {
    const char *column, *member;
};

static json_t *columns_part (const db_rows_t *rows, const struct column *columns, size_t count)
{
    json_t *part = json_object ();
    for (size_t i = 0; i < count; i++)
        view_set (part, columns[i].member, db_text (rows, 0, columns[i].column));
    return part;
}

static json_t *place_part (const db_rows_t *rows)
{
    static const struct column columns[] = {{"kecamatan", "code"},
                                            {"kecamatan_name", "name"},
                                            {"kecamatan_address", "address"},
                                            {"postal_code", "postal_code"},
                                            {"kecamatan_phone", "phone"},
                                            {"kecamatan_email", "email"},
                                            {"unit", "unit"},
                                            {"complaint_channel", "complaint_channel"}};
    json_t *place = columns_part (rows, columns, sizeof columns / sizeof *columns);
    json_object_set_new (place, "hours", hours (rows));
    return place;
}

static json_t *kabupaten_part (const db_rows_t *rows)
{
    static const struct column columns[] = {
        {"kabupaten", "code"},        {"kabupaten_name", "name"},   {"kabupaten_address", "address"},
        {"kabupaten_phone", "phone"}, {"kabupaten_email", "email"}, {"kabupaten_website", "website"}};
    return columns_part (rows, columns, sizeof columns / sizeof *columns);
}

static json_t *head_part (const struct application *application)
{
    json_t *head = view_head (application);
    json_object_set_new (head, "id", json_string (application->id));
    json_object_del (head, "application");
    view_set (head, "registered_by", db_text (application->rows, 0, "registered_by"));
    return head;
}

json_t *view_for_print (const struct application *application, const struct checklist *checklist)
{
    const db_rows_t *rows = application->rows;
    return json_pack ("{s:o, s:o, s:o, s:o, s:o*, s:o*, s:o*, s:O, s:o, s:o}", "application", head_part (application),
                      "service", service_part (application), "kecamatan", place_part (rows), "kabupaten",
                      kabupaten_part (rows), "applicant", view_applicant (rows), "acting_for", view_acting_for (rows),
                      "form", view_form (rows), "facts", application->facts, "requirements",
                      view_requirements (checklist), "missing", view_missing (checklist));
}
