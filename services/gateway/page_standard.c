/* The parts of a standar pelayanan (Permenpan-RB 15/2014) that pages and boards show alike: how long, what to bring,
 * the course, when the office is open, what it promises. */
#include "page_parts.h"

#include <string.h>

static const char *const weekdays[] = {"", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"};

void page_duration (FILE *out, const json_t *published)
{
    const json_t *duration = json_object_get (published, "duration");
    const json_t *minutes = json_object_get (duration, "minutes");
    const json_t *days = json_object_get (duration, "working_days");
    if (json_is_integer (minutes))
        fprintf (out, "%" JSON_INTEGER_FORMAT " menit", json_integer_value (minutes));
    else if (json_is_integer (days))
        fprintf (out, "%" JSON_INTEGER_FORMAT " hari kerja", json_integer_value (days));
}

/* Bit n stands for weekday n, 1 to 7. */
static unsigned days_of (const json_t *hours)
{
    unsigned days = 0;
    size_t i;
    json_t *day;
    json_array_foreach (json_object_get (hours, "days"), i, day)
    {
        json_int_t number = json_integer_value (day);
        if (number >= 1 && number <= 7)
            days |= 1u << number;
    }
    return days;
}

/* "Senin sampai Jumat", "Senin, Rabu": what follows each other without a gap is one stretch. */
static void write_days (FILE *out, unsigned days)
{
    const char *between = "";
    for (int first = 1; first <= 7; first++) {
        int last = first;
        if (!(days & (1u << first)))
            continue;
        while (last < 7 && (days & (1u << (last + 1))))
            last++;
        fprintf (out, "%s%s", between, weekdays[first]);
        if (last > first)
            fprintf (out, "%s%s", last > first + 1 ? " sampai " : ", ", weekdays[last]);
        between = ", ";
        first = last;
    }
}

/* "07:30" → "07.30" */
static void write_clock (FILE *out, const char *clock)
{
    for (; clock && *clock; clock++) {
        char letter[2] = {*clock == ':' ? '.' : *clock};
        html_text (out, letter);
    }
}

void page_hours (FILE *out, const json_t *kecamatan)
{
    const json_t *hours = json_object_get (kecamatan, "opening_hours");
    const char *note = page_member (hours, "note");
    write_days (out, days_of (hours));
    fputs (" pukul ", out);
    write_clock (out, page_member (hours, "opens"));
    fputs ("–", out);
    write_clock (out, page_member (hours, "closes"));
    fputs (" WIB", out);
    if (note) {
        fputs ("; ", out);
        html_text (out, note);
    }
}

static const char *how_words (const json_t *requirement)
{
    if (page_says (requirement, "how", "original"))
        return "asli diperlihatkan";
    return page_says (requirement, "how", "upload") ? "diserahkan untuk dipindai"
                                                    : "asli diperlihatkan atau diserahkan";
}

void page_requirements (FILE *out, const json_t *published)
{
    size_t i;
    json_t *requirement;
    fputs ("<ul>\n", out);
    json_array_foreach (json_object_get (published, "requirements"), i, requirement)
    {
        const char *note = page_member (requirement, "note");
        fputs ("<li>", out);
        html_text (out, page_member (requirement, "name"));
        if (json_is_false (json_object_get (requirement, "mandatory")))
            fputs (" (tidak wajib)", out);
        fputs ("<br><small>", out);
        html_text (out, note ? note : how_words (requirement));
        fputs ("</small></li>\n", out);
    }
    fputs ("</ul>\n", out);
}

void page_flow (FILE *out, const json_t *procedure)
{
    size_t i;
    json_t *step;
    fputs ("<ol class=\"flow\">\n", out);
    json_array_foreach (procedure, i, step)
    {
        fputs ("<li>", out);
        html_text (out, json_string_value (step));
        fputs ("</li>\n", out);
    }
    fputs ("</ol>\n", out);
}

void page_maklumat (FILE *out, const json_t *kecamatan)
{
    const char *words = page_member (kecamatan, "maklumat");
    if (!words)
        return;
    fputs ("<section class=\"oath\"><h2>Maklumat pelayanan</h2>\n", out);
    html_paragraph (out, words);
    fputs ("</section>\n", out);
}

void page_address (FILE *out, const json_t *kecamatan, const char *service)
{
    fputs ("/kecamatan/", out);
    html_text (out, page_member (kecamatan, "code"));
    if (service) {
        fputs ("/layanan/", out);
        html_text (out, service);
    }
}
