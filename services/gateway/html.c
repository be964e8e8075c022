/* The parts of a page, see html.h. */
#include "html.h"

#include "common/indonesian.h"
#include "common/local_time.h"

/* Relative sizes alone, so that 200 % zoom and large system fonts only lengthen the page. */
const char html_style[] =
    "body{margin:0 auto;max-width:36em;padding:1em;font:1.1em/1.5 sans-serif;color:#1a1a1a;background:#fff;"
    "overflow-wrap:break-word;word-wrap:break-word}"
    "h1{font-size:1.7em;line-height:1.2;margin:.6em 0;padding:.3em .5em;border-left:.3em solid}"
    "h2{font-size:1.15em;margin:1.6em 0 .4em}ol,ul{padding-left:1.6em}li{margin:.4em 0}"
    ".good{color:#0a5c28}.bad{color:#a11212}.open{color:#6b4400}"
    "header,footer,dt,small{color:#505050}footer{margin-top:2em;border-top:1px solid;padding-top:.6em}"
    "dd{margin:0 0 .6em;font-weight:bold}label{display:block;margin:.8em 0 .2em}"
    "input{width:100%;box-sizing:border-box;font:inherit;padding:.5em;border:2px solid #707070}"
    "button{margin:1em 0;font:inherit;padding:.6em 1.4em;border:0;background:#0b4a82;color:#fff}a{color:#0b4a82}"
    ":focus{outline:3px solid #b35900}"
    "@media(prefers-color-scheme:dark){body,input{color:#f2f2f2;background:#151515}.good{color:#7ddc9a}"
    ".bad{color:#ff9b9b}.open{color:#f3c46b}header,footer,dt,small{color:#c0c0c0}a{color:#9ccbff}}";

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

void html_begin (FILE *out, const char *title, const char *subject)
{
    fprintf (out,
             "<!DOCTYPE html>\n<html lang=\"id\"><head><meta charset=\"utf-8\">"
             "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
             "<meta name=\"robots\" content=\"noindex\"><meta name=\"color-scheme\" content=\"light dark\">"
             "<title>%s – PATEN</title><style>%s</style></head>\n<body><header>PATEN · %s</header>\n<main>\n",
             title, html_style, subject);
}

void html_end (FILE *out, const char *correlation)
{
    fputs ("</main>\n<footer><a href=\"/v\">Periksa dokumen</a> · <a href=\"/lacak\">Lacak permohonan</a>", out);
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
