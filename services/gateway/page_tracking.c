/* Where an application is.  The titles of the steps are the service's; the words for the states are here, and both are
 * those of the officers' screens (web/src/words.ts): tests/checks/words holds them together. */
#include "page_parts.h"

enum { STEPS_SHOWN = 12 };

static const struct state {
    const char *status, *words;
    enum html_tone tone;
} states[] = {
    {"incomplete", "Belum lengkap", TONE_OPEN}, {"registered", "Sedang diproses", TONE_PLAIN},
    {"done", "Dokumen diserahkan", TONE_GOOD},  {"rejected", "Ditolak", TONE_BAD},
    {"withdrawn", "Dicabut pemohon", TONE_BAD},
};

static const struct state *state_of (const json_t *said)
{
    static const struct state unknown = {"", NULL, TONE_PLAIN};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (page_says (said, "status", states[i].status))
            return &states[i];
    return &unknown;
}

static void write_missing (FILE *out, const json_t *missing)
{
    size_t i;
    json_t *text;
    if (json_array_size (missing) == 0)
        return;
    fputs ("<h2>Kekurangan berkas</h2>\n<ul>\n", out);
    json_array_foreach (missing, i, text)
    {
        fputs ("<li>", out);
        html_text (out, json_string_value (text));
        fputs ("</li>\n", out);
    }
    fputs ("</ul>\n", out);
}

/* The latest ones; a case that went back and forth has many. */
static void write_steps (FILE *out, const json_t *steps)
{
    size_t count = json_array_size (steps), first = count > STEPS_SHOWN ? count - STEPS_SHOWN : 0;
    if (count == 0)
        return;
    fprintf (out, "<h2>Tahap</h2>\n<ol start=\"%zu\">\n", first + 1);
    for (size_t i = first; i < count; i++) {
        const json_t *step = json_array_get (steps, i);
        const char *ended = page_member (step, "ended_at");
        fputs ("<li>", out);
        html_text (out, page_member (step, "title"));
        fputs (ended ? "<br><small>selesai " : "<br><small>sejak ", out);
        html_moment (out, ended ? ended : page_member (step, "started_at"));
        fputs ("</small></li>\n", out);
    }
    fputs ("</ol>\n", out);
}

static void write_promise (FILE *out, const json_t *said)
{
    if (page_member (said, "closed_at"))
        html_row_moment (out, "Berakhir", page_member (said, "closed_at"));
    else if (page_member (said, "promised_on"))
        html_row_date (out, "Dijanjikan selesai", page_member (said, "promised_on"));
    else if (json_is_true (json_object_get (said, "wait")))
        html_row (out, "Jangka waktu", "dapat ditunggu");
}

/* Its home page tells hours and complaints. */
static void write_office (FILE *out, const json_t *place)
{
    if (!page_member (place, "code"))
        return;
    fputs ("<dt>Kecamatan</dt><dd><a href=\"", out);
    page_address (out, place, NULL);
    fputs ("\">", out);
    html_text (out, page_member (place, "name"));
    fputs ("</a></dd>\n", out);
    html_row (out, "Alamat kantor", page_member (place, "address"));
    html_row (out, "Telepon", page_member (place, "phone"));
}

void page_tracking (FILE *out, const json_t *said)
{
    html_verdict (out, state_of (said)->tone, page_member (said, "status_text"));
    html_paragraph (out, page_member (said, "next"));
    write_missing (out, json_object_get (said, "missing"));
    fputs ("<dl>\n", out);
    html_row (out, "Keadaan", state_of (said)->words);
    html_row (out, "Nomor permohonan", page_member (said, "number"));
    html_row (out, "Layanan", page_member (json_object_get (said, "service"), "name"));
    html_row_moment (out, "Didaftarkan", page_member (said, "registered_at"));
    write_promise (out, said);
    write_office (out, json_object_get (said, "kecamatan"));
    fputs ("</dl>\n", out);
    write_steps (out, json_object_get (said, "steps"));
}
