/* The table of public addresses and its matching, see routes.h. */
#include "routes.h"

#include "common/text.h"

#include <string.h>

enum { SEGMENTS_MOST = 8 };

#define PUBLISHED (ROUTE_JSON | ROUTE_COMMAND | ROUTE_WIDE)
#define COMMANDED (ROUTE_JSON | ROUTE_COMMAND)

/* clang-format off */
const struct route routes[] = {
    {"GET",    "/",                                              "intake.kecamatan.list",         ROUTE_PUBLIC | ROUTE_CACHED | ROUTE_PAGE},
    {"GET",    "/kecamatan/{kecamatan}",                         "intake.kecamatan.get",          ROUTE_PUBLIC | ROUTE_CACHED | ROUTE_PAGE},
    {"GET",    "/kecamatan/{kecamatan}/papan",                   "intake.kecamatan.get",          ROUTE_PUBLIC | ROUTE_CACHED | ROUTE_PAGE},
    {"GET",    "/kecamatan/{kecamatan}/layanan/{service}",       "intake.service.get",            ROUTE_PUBLIC | ROUTE_CACHED | ROUTE_PAGE},
    {"GET",    "/kecamatan/{kecamatan}/layanan/{service}/papan", "intake.service.get",            ROUTE_PUBLIC | ROUTE_CACHED | ROUTE_PAGE},
    {"GET",    "/v",                                             "signing.document.verify",       ROUTE_PUBLIC | ROUTE_RATED | ROUTE_PAGE | ROUTE_FORM},
    {"GET",    "/v/{token}",                                     "signing.document.verify",       ROUTE_PUBLIC | ROUTE_RATED | ROUTE_PAGE},
    {"POST",   "/v",                                             "signing.file.verify",           ROUTE_PUBLIC | ROUTE_RATED | ROUTE_UPLOAD | ROUTE_PAGE},
    {"GET",    "/lacak",                                         "intake.application.track",      ROUTE_PUBLIC | ROUTE_RATED | ROUTE_PAGE | ROUTE_FORM},

    {"GET",    "/petugas/{address}",                             "",                              ROUTE_PUBLIC | ROUTE_OWN | ROUTE_ASSET},

    {"GET",    "/v1/health",                                     "",                              ROUTE_PUBLIC | ROUTE_OWN},

    {"GET",    "/v1/kecamatan",                                  "intake.kecamatan.list",         ROUTE_PUBLIC | ROUTE_CACHED},
    {"GET",    "/v1/services",                                   "intake.service.list",           ROUTE_PUBLIC | ROUTE_CACHED},
    {"GET",    "/v1/services/{service}",                         "intake.service.get",            ROUTE_PUBLIC | ROUTE_CACHED},
    {"GET",    "/v1/track",                                      "intake.application.track",      ROUTE_PUBLIC | ROUTE_RATED},
    {"GET",    "/v1/verifications/{token}",                      "signing.document.verify",       ROUTE_PUBLIC | ROUTE_RATED},
    {"POST",   "/v1/verifications",                              "signing.file.verify",           ROUTE_PUBLIC | ROUTE_RATED | ROUTE_UPLOAD},

    {"POST",   "/v1/sessions",                                   "identity.session.open",         ROUTE_PUBLIC | ROUTE_RATED | ROUTE_JSON},
    {"GET",    "/v1/sessions/current",                           "identity.session.get",          0},
    {"DELETE", "/v1/sessions/current",                           "identity.session.close",        ROUTE_SIGN_OUT},
    {"GET",    "/v1/changes",                                    "",                              ROUTE_LIVE},
    {"POST",   "/v1/accounts",                                   "identity.account.create",       COMMANDED},
    {"GET",    "/v1/accounts",                                   "identity.account.list",         0},
    {"PUT",    "/v1/accounts/{account}/grants",                  "identity.account.grant",        COMMANDED},
    {"PUT",    "/v1/accounts/{account}/status",                  "identity.account.status",       COMMANDED},

    {"POST",   "/v1/kecamatan",                                  "intake.kecamatan.publish",      PUBLISHED},
    {"POST",   "/v1/holidays",                                   "intake.holiday.publish",        PUBLISHED},
    {"POST",   "/v1/workflows",                                  "intake.workflow.publish",       PUBLISHED},
    {"POST",   "/v1/services",                                   "intake.service.publish",        PUBLISHED},
    {"POST",   "/v1/templates",                                  "document.template.publish",     PUBLISHED},
    {"GET",    "/v1/templates/{template}",                       "document.template.get",         0},
    {"POST",   "/v1/signers",                                    "signing.signer.register",       COMMANDED},

    {"POST",   "/v1/files",                                      "archive.upload.finish",         ROUTE_UPLOAD},
    {"GET",    "/v1/files/{file}",                               "archive.file.get",              0},

    {"POST",   "/v1/applications",                               "intake.application.register",   COMMANDED},
    {"GET",    "/v1/applications",                               "intake.application.list",       0},
    {"GET",    "/v1/applications/{application}",                 "intake.application.get",        0},
    {"POST",   "/v1/applications/{application}/completion",      "intake.application.complete",   COMMANDED},
    {"POST",   "/v1/applications/{application}/withdrawal",      "intake.application.withdraw",   COMMANDED},
    {"POST",   "/v1/applications/{application}/handover",        "intake.application.handover",   COMMANDED},
    {"GET",    "/v1/applications/{application}/receipt.pdf",     "document.receipt.print",        0},
    {"GET",    "/v1/applications/{application}/missing.pdf",     "document.missing.print",        0},

    {"GET",    "/v1/verification/tasks",                         "verification.task.list",        0},
    {"GET",    "/v1/verification/tasks/{application}",           "verification.task.get",         0},
    {"POST",   "/v1/verification/tasks/{application}/decision",  "verification.task.decide",      COMMANDED},

    {"GET",    "/v1/inspection/tasks",                           "inspection.visit.list",         0},
    {"GET",    "/v1/inspection/tasks/{application}",             "inspection.visit.get",          0},
    {"POST",   "/v1/inspection/tasks/{application}/schedule",    "inspection.visit.schedule",     COMMANDED},
    {"POST",   "/v1/inspection/tasks/{application}/findings",    "inspection.visit.record",       COMMANDED},
    {"GET",    "/v1/inspection/tasks/{application}/letter.pdf",  "document.assignment.print",     0},

    {"GET",    "/v1/drafting/tasks",                             "document.draft.list",           0},
    {"GET",    "/v1/drafting/tasks/{application}",               "document.draft.get",            0},
    {"POST",   "/v1/drafting/tasks/{application}/preview",       "document.draft.preview",        ROUTE_JSON},
    {"POST",   "/v1/drafting/tasks/{application}/submission",    "document.draft.submit",         COMMANDED},
    {"POST",   "/v1/drafting/tasks/{application}/return",        "document.draft.return",         COMMANDED},

    {"GET",    "/v1/documents/{application}/draft.pdf",          "document.draft.print",          0},
    {"GET",    "/v1/documents/{application}/final.pdf",          "document.final.get",            0},
    {"GET",    "/v1/documents/{application}/signed.pdf",         "signing.document.get",          0},
    {"POST",   "/v1/documents/{application}/revocation",         "signing.document.revoke",       COMMANDED},
    {"GET",    "/v1/numbers",                                    "document.number.list",          0},

    {"GET",    "/v1/paraf/tasks",                                "signing.paraf.list",            0},
    {"POST",   "/v1/paraf/tasks/{application}/paraf",            "signing.paraf.give",            COMMANDED},
    {"POST",   "/v1/paraf/tasks/{application}/return",           "signing.paraf.return",          COMMANDED},
    {"GET",    "/v1/signing/tasks",                              "signing.task.list",             0},
    {"POST",   "/v1/signing/tasks/{application}/signature",      "signing.task.sign",             COMMANDED},
    {"POST",   "/v1/signing/tasks/{application}/return",         "signing.task.return",           COMMANDED},

    {"GET",    "/v1/payment/bills",                              "payment.bill.list",             0},
    {"GET",    "/v1/payment/bills/{application}",                "payment.bill.get",              0},
    {"POST",   "/v1/payment/bills/{application}/cash",           "payment.cash.take",             COMMANDED},
    {"GET",    "/v1/payment/bills/{application}/skrd.pdf",       "document.bill.print",           0},
    {"GET",    "/v1/payment/bills/{application}/receipt.pdf",    "document.payment.print",        0},
    {"GET",    "/v1/payment/receipts",                           "payment.receipt.list",          0},
    {"GET",    "/v1/payment/cash",                               "payment.cash.get",              0},
    {"GET",    "/v1/payment/deposits",                           "payment.deposit.list",          0},
    {"POST",   "/v1/payment/deposits",                           "payment.deposit.record",        COMMANDED},
    {"POST",   "/v1/payment/deposit-terms",                      "payment.term.publish",          COMMANDED},

    {"GET",    "/v1/notifications",                              "notification.message.list",     0},
    {0},
};
/* clang-format on */

static int hex_digit (char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Decodes a NUL-ended text in place (it can only shrink).  In a query "+" is a blank, as forms write it. */
static bool decode (char *text, bool is_query)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '%') {
            int high = hex_digit (from[1]);
            int low = high < 0 ? -1 : hex_digit (from[2]);
            if (low < 0 || high * 16 + low == 0)
                return false;
            *to++ = (char)(high * 16 + low);
            from += 2;
        } else
            *to++ = is_query && *from == '+' ? ' ' : *from;
    }
    *to = '\0';
    return text_check (text, (size_t)(to - text), NULL) == TEXT_OK;
}

/* Cuts "/v1/services" into its segments, decoded in place. */
static enum target_verdict cut_path (char *path, char *segments[SEGMENTS_MOST], size_t *ret_count)
{
    size_t count = 0;
    if (*path != '/')
        return TARGET_UNKNOWN;
    if (path[1] == '\0')
        path = NULL; /* the root has none */
    while (path) {
        char *segment = path + 1;
        path = strchr (segment, '/');
        if (path)
            *path = '\0';
        if (count == SEGMENTS_MOST || *segment == '\0')
            return TARGET_UNKNOWN;
        if (!decode (segment, false))
            return TARGET_BAD_ENCODING;
        segments[count++] = segment;
    }
    *ret_count = count;
    return TARGET_OK;
}

/* Does the template fit the segments?  Its parameters go into the match. */
static bool fit (const char *template, char *const segments[], size_t count, struct match *match)
{
    match->count = 0;
    if (count == 0)
        return strcmp (template, "/") == 0;
    for (size_t i = 0; i < count; i++) {
        if (*template != '/')
            return false;
        const char *part = ++template;
        size_t size = strcspn (part, "/");
        template += size;
        if (*part == '{')
            match->parameters[match->count++] = (struct parameter){part + 1, size - 2, segments[i]};
        else if (strlen (segments[i]) != size || memcmp (segments[i], part, size) != 0)
            return false;
    }
    return *template == '\0';
}

static bool is_given (const struct match *match, const char *name, size_t size)
{
    for (size_t i = 0; i < match->count; i++)
        if (match->parameters[i].name_size == size && memcmp (match->parameters[i].name, name, size) == 0)
            return true;
    return false;
}

/* Adds "kecamatan=35.29.22&q=..." to the parameters. */
static enum target_verdict read_query (char *query, struct match *match)
{
    for (char *next; query; query = next) {
        next = strchr (query, '&');
        if (next)
            *next++ = '\0';
        if (*query == '\0')
            continue;
        char *value = strchr (query, '=');
        if (value)
            *value++ = '\0';
        if (*query == '\0' || !decode (query, true) || (value && !decode (value, true)))
            return TARGET_BAD_ENCODING;
        if (is_given (match, query, strlen (query)))
            return TARGET_REPEATED;
        if (match->count == ROUTE_PARAMETERS_MOST)
            return TARGET_TOO_MANY;
        match->parameters[match->count++] = (struct parameter){query, strlen (query), value ? value : ""};
    }
    return TARGET_OK;
}

/* Whoever passes the address of a page on may have added something to it ("?fbclid="): that is none of our business. */
static bool takes_query (const struct route *route)
{
    return !(route->flags & ROUTE_PAGE) || (route->flags & ROUTE_FORM);
}

/* "GET, HEAD, POST" grows by one method. */
static void allow (struct match *match, const char *method)
{
    const char *name = strcmp (method, "GET") == 0 ? "GET, HEAD" : method;
    size_t used = strlen (match->allow), size = strlen (name);
    if (used + 2 + size >= ROUTE_ALLOW_SIZE)
        return;
    if (used > 0) {
        memcpy (match->allow + used, ", ", 2);
        used += 2;
    }
    memcpy (match->allow + used, name, size + 1);
}

/* Is it an address of the officers' application?  Then it is cut nowhere: the files' table knows which there are. */
static bool fit_asset (const struct route *route, char *path, struct match *match)
{
    size_t base = strcspn (route->path, "{") - 1;
    if (!(route->flags & ROUTE_ASSET) || strncmp (path, route->path, base) != 0 ||
        (path[base] != '/' && path[base] != '\0'))
        return false;
    if (path[base] == '/')
        match->parameters[match->count++] =
            (struct parameter){route->path + base + 2, strcspn (route->path + base + 2, "}"), path + base + 1};
    return true;
}

static enum target_verdict match_asset (const char *method, char *path, struct match *ret_match)
{
    for (const struct route *route = routes; route->method; route++) {
        if (!fit_asset (route, path, ret_match))
            continue;
        if (strcmp (route->method, method) == 0) {
            ret_match->route = route;
            return TARGET_OK;
        }
        ret_match->count = 0;
        allow (ret_match, route->method);
        return TARGET_WRONG_METHOD;
    }
    return TARGET_UNKNOWN;
}

enum target_verdict route_match (const char *method, char *target, struct match *ret_match)
{
    memset (ret_match, 0, sizeof *ret_match);
    char *query = strchr (target, '?');
    if (query)
        *query++ = '\0';
    if (strcmp (method, "HEAD") == 0)
        method = "GET";
    enum target_verdict found = match_asset (method, target, ret_match);
    if (found != TARGET_UNKNOWN)
        return found;
    char *segments[SEGMENTS_MOST];
    size_t count = 0;
    enum target_verdict verdict = cut_path (target, segments, &count);
    if (verdict != TARGET_OK)
        return verdict;
    for (const struct route *route = routes; route->method; route++) {
        if ((route->flags & ROUTE_ASSET) || !fit (route->path, segments, count, ret_match))
            continue;
        if (strcmp (route->method, method) == 0) {
            verdict = takes_query (route) ? read_query (query, ret_match) : TARGET_OK;
            ret_match->route = verdict == TARGET_OK ? route : NULL;
            return verdict;
        }
        allow (ret_match, route->method);
    }
    ret_match->count = 0;
    return ret_match->allow[0] ? TARGET_WRONG_METHOD : TARGET_UNKNOWN;
}

void route_flags_text (unsigned flags, char ret_text[ROUTE_FLAGS_SIZE])
{
    static const struct {
        unsigned flag;
        const char *name;
    } names[] = {
        {ROUTE_PUBLIC, "public"},     {ROUTE_JSON, "json"},   {ROUTE_WIDE, "wide"},     {ROUTE_UPLOAD, "upload"},
        {ROUTE_COMMAND, "command"},   {ROUTE_RATED, "rated"}, {ROUTE_CACHED, "cached"}, {ROUTE_OWN, "own"},
        {ROUTE_SIGN_OUT, "sign_out"}, {ROUTE_PAGE, "page"},   {ROUTE_ASSET, "asset"},   {ROUTE_LIVE, "live"},
        {ROUTE_FORM, "form"},
    };
    size_t used = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t size = strlen (names[i].name);
        if (!(flags & names[i].flag) || used + size + 2 > ROUTE_FLAGS_SIZE)
            continue;
        if (used > 0)
            ret_text[used++] = ',';
        memcpy (ret_text + used, names[i].name, size);
        used += size;
    }
    ret_text[used] = '\0';
}
