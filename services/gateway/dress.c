/* Answers as pages, see dress.h. */
#include "dress.h"

#include "page.h"

#include "common/log.h"

#include <string.h>

bool is_bare_page (const struct exchange *exchange)
{
    const struct match *match = &exchange->match;
    return match->route && (match->route->flags & ROUTE_FORM) && match->count == 0;
}

static const char *parameter_named (const struct match *match, const char *name)
{
    for (size_t i = 0; i < match->count; i++)
        if (match->parameters[i].name_size == strlen (name) &&
            memcmp (match->parameters[i].name, name, strlen (name)) == 0)
            return match->parameters[i].value;
    return NULL;
}

/* Every page of the route table but the one that takes a file. */
static const struct {
    const char *path;
    enum page_kind kind;
} pages[] = {
    {"/", PAGE_HOME},
    {"/kecamatan/{kecamatan}", PAGE_KECAMATAN},
    {"/kecamatan/{kecamatan}/papan", PAGE_BOARD},
    {"/kecamatan/{kecamatan}/layanan/{service}", PAGE_SERVICE},
    {"/kecamatan/{kecamatan}/layanan/{service}/papan", PAGE_SERVICE_BOARD},
    {"/v", PAGE_DOCUMENT},
    {"/v/{token}", PAGE_DOCUMENT},
    {"/lacak", PAGE_TRACKING},
};

static enum page_kind kind_of (const struct route *route)
{
    if (route && (route->flags & ROUTE_UPLOAD))
        return PAGE_FILE;
    for (size_t i = 0; route && i < sizeof pages / sizeof *pages; i++)
        if (strcmp (pages[i].path, route->path) == 0)
            return pages[i].kind;
    return PAGE_ELSEWHERE;
}

static struct page_asked page_asked (const struct exchange *exchange)
{
    const struct match *match = &exchange->match;
    return (struct page_asked){
        .kind = kind_of (match->route),
        .token = parameter_named (match, "token"),
        .number = parameter_named (match, "number"),
        .code = parameter_named (match, "code"),
        .public_url = exchange->edge->public_url,
    };
}

/* A page's address, or a browser that went astray. */
static bool is_for_eyes (const struct exchange *exchange)
{
    if (exchange->match.route)
        return (exchange->match.route->flags & ROUTE_PAGE) != 0;
    const char *accept = MHD_lookup_connection_value (exchange->connection, MHD_HEADER_KIND, "Accept");
    return accept && strstr (accept, "text/html");
}

/* The answer, or the problem, becomes a page with the same status. */
static void make_page (struct exchange *exchange)
{
    struct answer *answer = &exchange->answer;
    bool is_bare = is_bare_page (exchange) && answer->status == 200;
    json_auto_t *said = is_bare ? NULL : json_loadb (answer->body ? answer->body : "", answer->size, 0, NULL);
    if (!is_bare && !said && answer->status < 300) {
        log_line (LEVEL_ERROR, "page.reply_unreadable", NULL);
        answer->status = 500;
    }
    size_t size = 0;
    struct page_asked asked = page_asked (exchange);
    char *html = page_text (&asked, is_bare ? 0 : answer->status, said, &size);
    answer_page (answer, html, size);
}

void dress (struct exchange *exchange)
{
    if (is_for_eyes (exchange))
        make_page (exchange);
}
