/* The parts of a page, see html.h. */
#include "html.h"

#include "common/indonesian.h"
#include "common/local_time.h"

void html_text (FILE *out, const char *value)
{
    for (; value && *value; value++) {
        switch (*value) {
        case '&':
            fputs ("&amp;", out);
            break;
        case '<':
            fputs ("&lt;", out);
            break;
        case '>':
            fputs ("&gt;", out);
            break;
        case '"':
            fputs ("&quot;", out);
            break;
        case '\'':
            fputs ("&#39;", out);
            break;
        default: /* a character, no enumeration */
            fputc (*value, out);
        }
    }
}

void html_island (FILE *out, const char *value)
{
    fputs ("<bdi>", out);
    html_text (out, value);
    fputs ("</bdi>", out);
}

void html_begin (FILE *out, const char *title, enum html_look look)
{
    static const char *const bodies[] = {
        [LOOK_PAGE] = "<body>", [LOOK_PRIVATE] = "<body>", [LOOK_BOARD] = "<body class=\"board\">"};
    fputs ("<!DOCTYPE html>\n<html lang=\"id\"><head><meta charset=\"utf-8\">"
           "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
           "<meta name=\"color-scheme\" content=\"light dark\">",
           out);
    if (look == LOOK_PRIVATE)
        fputs ("<meta name=\"robots\" content=\"noindex\">", out);
    fputs ("<title>", out);
    html_text (out, title);
    fprintf (
        out,
        " – PATEN</title><style>%s</style></head>\n%s<header><nav aria-label=\"Utama\"><b><a href=\"/\">PATEN</a></b> "
        "<a href=\"/lacak\">Lacak permohonan</a> <a href=\"/v\">Periksa dokumen</a></nav></header>\n<main>\n",
        html_style, bodies[look]);
}

void html_end (FILE *out, const char *correlation)
{
    fputs ("</main>\n<footer>Pelayanan Administrasi Terpadu Kecamatan (PATEN)<br><a href=\"/\">Beranda</a> "
           "<a href=\"/petugas/\">Untuk petugas</a>",
           out);
    if (correlation) {
        fputs ("<br><small>Nomor laporan: ", out);
        html_text (out, correlation);
        fputs ("</small>", out);
    }
    fputs ("</footer></body></html>\n", out);
}

void html_verdict (FILE *out, enum html_tone tone, const char *words)
{
    static const char *const classes[] = {
        [TONE_PLAIN] = "plain", [TONE_GOOD] = "good", [TONE_BAD] = "bad", [TONE_OPEN] = "open"};
    fprintf (out, "<h1 class=\"%s\">", classes[tone]);
    html_text (out, words);
    fputs ("</h1>\n", out);
}

void html_paragraph (FILE *out, const char *words)
{
    fputs ("<p>", out);
    html_text (out, words);
    fputs ("</p>\n", out);
}

void html_moment (FILE *out, const char *moment)
{
    char words[LOCAL_TIME_WORDS_SIZE];
    int64_t unix_ms;
    bool is_moment = moment && local_time_parse (moment, &unix_ms);
    if (is_moment)
        local_time_words (unix_ms, words);
    html_text (out, is_moment ? words : moment);
}

void html_row (FILE *out, const char *label, const char *value)
{
    if (!value || !*value)
        return;
    fprintf (out, "<dt>%s</dt><dd>", label);
    html_text (out, value);
    fputs ("</dd>\n", out);
}

void html_row_date (FILE *out, const char *label, const char *date)
{
    char words[INDONESIAN_DATE_SIZE];
    int year, month, day;
    bool is_date = date && sscanf (date, "%4d-%2d-%2d", &year, &month, &day) == 3 &&
                   indonesian_date (year, month, day, words, sizeof words) > 0;
    html_row (out, label, is_date ? words : date);
}

void html_row_moment (FILE *out, const char *label, const char *moment)
{
    if (!moment)
        return;
    fprintf (out, "<dt>%s</dt><dd>", label);
    html_moment (out, moment);
    fputs ("</dd>\n", out);
}

void html_field (FILE *out, const char *name, const char *label, int most, const char *value)
{
    fprintf (out,
             "<label for=\"%s\">%s</label>"
             "<input id=\"%s\" name=\"%s\" maxlength=\"%d\" required autocomplete=\"off\" autocapitalize=\"none\" "
             "spellcheck=\"false\" value=\"",
             name, label, name, name, most);
    html_text (out, value);
    fputs ("\">\n", out);
}
