/* Answers, see answer.h. */
#include "answer.h"

#include "gateway.h"
#include "html.h"
#include "problem.h"

#include "common/kill_point.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void answer_clear (struct answer *answer)
{
    free (answer->media_type);
    free (answer->filename);
    free (answer->body);
    if (answer->stream)
        MHD_destroy_response (answer->stream);
    *answer = (struct answer){.status = 0};
}

void answer_copy (struct answer *answer, const struct client_reply *reply)
{
    answer_clear (answer);
    answer->status = reply->status;
    if (reply->body_size == 0)
        return;
    answer->body = malloc (reply->body_size);
    answer->media_type = strdup (reply->media_type ? reply->media_type : "application/json");
    if (!answer->body || !answer->media_type) {
        answer_clear (answer);
        answer->status = 503;
        return;
    }
    memcpy (answer->body, reply->body, reply->body_size);
    answer->size = reply->body_size;
    answer->filename = reply->filename ? strdup (reply->filename) : NULL;
}

static void set_text (struct answer *answer, int status, const char *media_type, char *text, size_t size)
{
    answer_clear (answer);
    answer->status = status;
    answer->body = text;
    answer->size = size;
    answer->media_type = text ? strdup (media_type) : NULL;
}

void answer_json (struct answer *answer, int status, json_t *value)
{
    char *text = json_dumps (value, JSON_COMPACT);
    json_decref (value);
    set_text (answer, status, "application/json", text, text ? strlen (text) : 0);
}

void answer_problem (struct answer *answer, enum error_code code, const char *correlation, const char *name,
                     const char *value)
{
    size_t size = 0;
    char *text = problem_text (code, correlation, &size, name, value, NULL);
    set_text (answer, problem_status (code), "application/problem+json", text, size);
}

void answer_page (struct answer *answer, char *html, size_t size)
{
    free (answer->body);
    free (answer->media_type);
    answer->body = html;
    answer->size = html ? size : 0;
    answer->status = html ? answer->status : 503;
    answer->media_type = strdup ("text/html; charset=utf-8");
    answer->is_page = true;
}

void answer_asset (struct answer *answer, const struct asset *asset, const char *accept, const char *if_none_match)
{
    answer_clear (answer);
    answer->asset = asset;
    answer->coding = asset_choose (asset, accept);
    answer->status = asset_is_known (&asset->forms[answer->coding], if_none_match) ? 304 : 200;
}

void answer_stream (struct answer *answer, struct MHD_Response *stream)
{
    answer_clear (answer);
    answer->status = 200;
    answer->media_type = strdup ("text/event-stream");
    answer->stream = stream;
}

void answer_redirect (struct answer *answer, const char *location)
{
    answer_clear (answer);
    answer->status = 308;
    answer->location = location;
}

static void complete_problem (struct answer *answer, const char *correlation, const char *service)
{
    size_t size = 0;
    char *text = problem_complete (answer->body, answer->size, correlation, service, &size);
    if (!text)
        return;
    free (answer->body);
    answer->body = text;
    answer->size = size;
    if (answer->status == 429)
        answer->retry_after = problem_retry_after (text, size);
}

void answer_complete (struct answer *answer, const char *correlation, const char *method)
{
    char service[32];
    snprintf (service, sizeof service, "%.*s", (int)strcspn (method, "."), method);
    if (answer->status < 200 || answer->status > 599)
        answer_problem (answer, ERR_INTERNAL, correlation, NULL, NULL);
    else if (!answer->body && answer->status == 504)
        answer_problem (answer, ERR_DEADLINE_EXCEEDED, correlation, NULL, NULL);
    else if (!answer->body && answer->status == 503)
        answer_problem (answer, ERR_SERVICE_UNAVAILABLE, correlation, "service", service);
    else if (answer->body && strcmp (answer->media_type, "application/problem+json") == 0)
        complete_problem (answer, correlation, service);
}

static void add (struct MHD_Response *response, const char *name, const char *value)
{
    (void)MHD_add_response_header (response, name,
                                   value); /* fails for want of memory alone; then the answer goes bare */
}

/* The application talks to this host alone, shows PDF and photographs from memory (blob:), and takes photographs and
 * positions on visits. */
static void add_asset_headers (const struct answer *answer, struct MHD_Response *response)
{
    static const char *const codings[ASSET_CODINGS] = {[ASSET_GZIP] = "gzip", [ASSET_BROTLI] = "br"};
    add (response, "Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; frame-src "
         "blob:; worker-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
    add (response, "Permissions-Policy", "camera=(self), geolocation=(self), microphone=()");
    add (response, "Cache-Control", asset_cache_control (answer->asset));
    add (response, "ETag", answer->asset->forms[answer->coding].etag);
    add (response, "Vary", "Accept-Encoding");
    if (answer->status == 200) {
        add (response, "Content-Type", answer->asset->media_type);
        if (codings[answer->coding])
            add (response, "Content-Encoding", codings[answer->coding]);
    }
}

static void add_headers (const struct answer *answer, struct MHD_Response *response, const char *correlation)
{
    add (response, "X-Correlation-Id", correlation);
    add (response, "X-Content-Type-Options", "nosniff");
    if (answer->asset)
        add_asset_headers (answer, response);
    else {
        add (response, "Cache-Control", answer->is_kept && answer->status == 200 ? "public, max-age=60" : "no-store");
        add (response, "Content-Security-Policy",
             answer->is_page ? HTML_POLICY : "default-src 'none'; frame-ancestors 'none'");
    }
    add (response, "Referrer-Policy", "no-referrer");
    add (response, "Cross-Origin-Resource-Policy", "same-origin");
    if (answer->media_type)
        add (response, "Content-Type", answer->media_type);
    if (answer->filename) {
        char value[GATEWAY_DISPOSITION_SIZE];
        disposition (answer->filename, value);
        add (response, "Content-Disposition", value);
    }
    if (answer->status == 401)
        add (response, "WWW-Authenticate", "Bearer realm=\"paten\"");
    if (answer->location)
        add (response, "Location", answer->location);
    if (answer->status == 405 && answer->allow)
        add (response, "Allow", answer->allow);
    if (answer->status == 503 || answer->status == 429 || answer->retry_after > 0) {
        char seconds[16];
        snprintf (seconds, sizeof seconds, "%d", answer->retry_after > 0 ? answer->retry_after : 1);
        add (response, "Retry-After", seconds);
    }
    if (answer->is_final)
        add (response, "Connection", "close");
}

enum MHD_Result answer_queue (struct answer *answer, struct MHD_Connection *connection, const char *correlation)
{
    struct MHD_Response *response;
    if (answer->stream) {
        response = answer->stream;
        answer->stream = NULL;
        add (response, "X-Accel-Buffering", "no"); /* a proxy that collects would keep it from the officer */
    } else if (answer->asset) {                    /* the table outlives every connection */
        const struct asset_form *form = &answer->asset->forms[answer->coding];
        bool is_sent = answer->status == 200;
        response = MHD_create_response_from_buffer (is_sent ? form->size : 0, form->bytes, MHD_RESPMEM_PERSISTENT);
    } else
        response = MHD_create_response_from_buffer (answer->size, answer->body, MHD_RESPMEM_MUST_FREE);
    if (!response)
        return MHD_NO;
    answer->body = NULL;
    add_headers (answer, response, correlation);
    KILL_POINT ("answer.before");
    enum MHD_Result result = MHD_queue_response (connection, (unsigned)answer->status, response);
    MHD_destroy_response (response);
    return result;
}
