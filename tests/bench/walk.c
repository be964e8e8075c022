/* The course over HTTP, many at once, see walk.h.  One thread; everything is a callback of an answer or a moment. */
#include "walk.h"

#include "common/auto.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
enum {
    FIRST_LOOK_US = 40000, LOOK_MOST_US = 250000, /* back-off of a look: half as long again each time */
    LIST_PAUSE_US = 150000,                      /* between two looks into one inbox */
    WAIT_MOST_US  = 30 * 1000000,
    ERRORS_SHOWN  = 10,
};

enum inbox_of { OF_KASI, OF_SEKCAM, OF_CAMAT, INBOXES };

/* A row says who does it, where, and which inbox the file is found in before (-1: none). */
static const struct {
    const char *name, *method, *path; /* %s: the application */
    enum desk desk;
    int inbox;
} acts[ACTS] = {
    [ACT_REGISTER]     = {"register",     "POST", "/v1/applications",                        LOKET,       -1},
    [ACT_SEE_FILE]     = {"see_file",     "GET",  "/v1/verification/tasks/%s",               VERIFIKATOR, -1},
    [ACT_VERIFY]       = {"verify",       "POST", "/v1/verification/tasks/%s/decision",      VERIFIKATOR, -1},
    [ACT_SEE_DATA]     = {"see_data",     "GET",  "/v1/drafting/tasks/%s",                   OPERATOR,    -1},
    [ACT_DRAFT]        = {"draft",        "POST", "/v1/drafting/tasks/%s/submission",        OPERATOR,    -1},
    [ACT_PARAF_KASI]   = {"paraf_kasi",   "POST", "/v1/paraf/tasks/%s/paraf",                KASI,        OF_KASI},
    [ACT_PARAF_SEKCAM] = {"paraf_sekcam", "POST", "/v1/paraf/tasks/%s/paraf",                SEKCAM,      OF_SEKCAM},
    [ACT_SIGN]         = {"sign",         "POST", "/v1/signing/tasks/%s/signature",          CAMAT,       OF_CAMAT},
    [ACT_SEE_DUE]      = {"see_due",      "GET",  "/v1/applications/%s",                     PENYERAHAN,  -1},
    [ACT_HAND_OVER]    = {"hand_over",    "POST", "/v1/applications/%s/handover",            PENYERAHAN,  -1},
};

static const struct {
    const char *path;
    enum desk desk;
} inboxes[INBOXES] = {
    [OF_KASI]   = {"/v1/paraf/tasks?limit=100",   KASI},
    [OF_SEKCAM] = {"/v1/paraf/tasks?limit=100",   SEKCAM},
    [OF_CAMAT]  = {"/v1/signing/tasks?limit=100", CAMAT},
};
/* clang-format on */

struct course {
    walk_t *walk;
    unsigned office;
    enum act act;
    bool running, asked, listed; /* asked: an answer is awaited; listed: the inbox has shown it */
    int64_t began_us, arrived_us, due_us, pause_us;
    json_int_t attempt;
    char application[40], sha256[65];
};

struct inbox {
    walk_t *walk;
    unsigned office;
    enum inbox_of of;
    bool asked;
    int64_t due_us;
    char after[80]; /* page to continue with, "" for the first */
};

struct walk {
    http_client_t *client;
    const char *host, *passphrase;
    const struct office *offices;
    unsigned concurrency, serial;
    bool begins;
    int error;
    unsigned long errors;
    struct walk_result *result;
    struct course courses[WALK_COURSES_MOST];
    struct inbox inboxes[WALK_OFFICES][INBOXES];
};

const char *walk_act_name (enum act act)
{
    return acts[act].name;
}

bool walk_act_is_command (enum act act)
{
    return acts[act].method[0] == 'P';
}

/* ---- bodies ---- */

static void write_body (walk_t *walk, const struct course *course, char *body, size_t size)
{
    switch (course->act) {
    case ACT_REGISTER:
        office_registration (&walk->offices[course->office], walk->serial++, body, size);
        break;
    case ACT_VERIFY:
        snprintf (body, size, "{\"outcome\":\"ok\",\"attempt\":%lld}", (long long)course->attempt);
        break;
    case ACT_DRAFT:
        snprintf (body, size, "{\"data\":{}}");
        break;
    case ACT_PARAF_KASI:
    case ACT_PARAF_SEKCAM:
        snprintf (body, size, "{\"content_sha256\":\"%s\"}", course->sha256);
        break;
    case ACT_SIGN:
        snprintf (body, size, "{\"sha256\":\"%s\",\"passphrase\":\"%s\"}", course->sha256, walk->passphrase);
        break;
    case ACT_HAND_OVER:
        snprintf (body, size, "{\"to\":\"applicant\"}");
        break;
    case ACT_SEE_FILE:
    case ACT_SEE_DATA:
    case ACT_SEE_DUE:
    case ACTS:
        break;
    }
}

/* ---- errors ---- */

static void report (walk_t *walk, const char *what, const char *application, int status, const char *words)
{
    if (walk->errors++ < ERRORS_SHOWN)
        fprintf (stderr, "error: %s %s: %d %.300s\n", what, application, status, words);
    if (walk->result)
        walk->result->errors++;
}

/* The course ends here; a new one takes its place a little later. */
static void give_up (struct course *course, int status, const char *words)
{
    report (course->walk, acts[course->act].name, course->application, status, words);
    course->running = false;
    course->due_us = http_client_now_us () + 200000;
}

/* ---- acts ---- */

/* May the desk be asked again?  Only these refusals mean "the event has not come yet". */
static bool is_early (const struct http_answer *answer)
{
    static const char *const codes[] = {"task_unknown", "application_unknown", "step_out_of_order",
                                        "document_not_ready"};
    if (answer->status != 404 && answer->status != 409)
        return false;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strstr (answer->body, codes[i]))
            return true;
    return false;
}

static void look_again (struct course *course)
{
    if (course->walk->result)
        course->walk->result->early++;
    course->due_us = http_client_now_us () + course->pause_us;
    course->pause_us = course->pause_us * 3 / 2 > LOOK_MOST_US ? LOOK_MOST_US : course->pause_us * 3 / 2;
}

/* What the next acts need out of an answer.  False: it shows that the step has not come yet. */
static bool learn (struct course *course, const json_t *reply)
{
    const char *text;
    switch (course->act) {
    case ACT_REGISTER:
        text = json_string_value (json_object_get (reply, "application"));
        snprintf (course->application, sizeof course->application, "%s", text ? text : "");
        return text;
    case ACT_SEE_FILE:
        reply = json_object_get (reply, "task");
        course->attempt = json_integer_value (json_object_get (reply, "attempt"));
        text = json_string_value (json_object_get (reply, "state"));
        return text && !strcmp (text, "open");
    case ACT_SEE_DUE:
        text = json_string_value (json_object_get (reply, "step"));
        return text && !strcmp (text, "handover");
    case ACT_VERIFY:
    case ACT_SEE_DATA:
    case ACT_DRAFT:
    case ACT_PARAF_KASI:
    case ACT_PARAF_SEKCAM:
    case ACT_SIGN:
    case ACT_HAND_OVER:
    case ACTS:
        break;
    }
    return true;
}

static void next_act (struct course *course, int64_t now_us)
{
    walk_t *walk = course->walk;
    course->act++;
    course->arrived_us = now_us;
    course->pause_us = FIRST_LOOK_US;
    course->listed = false;
    if (course->act == ACTS) {
        if (walk->result)
            samples_add (&walk->result->courses, now_us - course->began_us);
        course->running = false;
        course->due_us = now_us;
    } else if (acts[course->act].inbox >= 0) {
        struct inbox *inbox = &walk->inboxes[course->office][acts[course->act].inbox];
        if (inbox->due_us < now_us + FIRST_LOOK_US)
            inbox->due_us = now_us + FIRST_LOOK_US;
    } else
        course->due_us = now_us + (walk_act_is_command (course->act) ? 0 : FIRST_LOOK_US);
}

static void take_answer (void *context, const struct http_answer *answer)
{
    struct course *course = context;
    walk_t *walk = course->walk;
    bool is_command = walk_act_is_command (course->act);
    course->asked = false;
    if (answer->status < 200 || answer->status >= 300) {
        if (!is_command && is_early (answer))
            look_again (course);
        else
            give_up (course, answer->status, answer->body);
        return;
    }
    json_auto_t *reply = json_loadb (answer->body, answer->size, 0, NULL);
    if (!reply)
        give_up (course, answer->status, "no JSON");
    else if (learn (course, reply)) {
        if (walk->result)
            samples_add (&walk->result->acts[course->act], answer->took_us);
        next_act (course, http_client_now_us ());
    } else if (!is_command)
        look_again (course);
    else
        give_up (course, answer->status, answer->body);
}

static void ask (struct course *course)
{
    static struct request request; /* copied by the client; one thread */
    char path[160], body[2048] = "";
    walk_t *walk = course->walk;
    if (strchr (acts[course->act].path, '%'))
        snprintf (path, sizeof path, acts[course->act].path, course->application);
    else
        snprintf (path, sizeof path, "%s", acts[course->act].path);
    write_body (walk, course, body, sizeof body);
    request_write (&request, walk->host, acts[course->act].method, path,
                   walk->offices[course->office].token[acts[course->act].desk], body[0] ? body : NULL);
    course->asked = true;
    walk->error = http_client_send (walk->client, request.bytes, request.size, take_answer, course);
}

/* ---- inboxes ---- */

static bool waits_in (const struct course *course, const struct inbox *inbox)
{
    return course->running && !course->listed && course->office == inbox->office &&
           acts[course->act].inbox == (int)inbox->of;
}

static bool somebody_waits (const struct inbox *inbox)
{
    for (unsigned i = 0; i < inbox->walk->concurrency; i++)
        if (waits_in (&inbox->walk->courses[i], inbox))
            return true;
    return false;
}

/* A task of an inbox: the course that waits for it goes on. */
static void take_task (struct inbox *inbox, const json_t *task)
{
    walk_t *walk = inbox->walk;
    const char *application = json_string_value (json_object_get (task, "application"));
    const char *sha256 = inbox->of == OF_CAMAT
                             ? json_string_value (json_object_get (json_object_get (task, "document"), "sha256"))
                             : json_string_value (json_object_get (task, "content_sha256"));
    for (unsigned i = 0; application && sha256 && i < walk->concurrency; i++) {
        struct course *course = &walk->courses[i];
        if (waits_in (course, inbox) && !strcmp (course->application, application)) {
            snprintf (course->sha256, sizeof course->sha256, "%s", sha256);
            course->listed = true;
            course->due_us = 0;
        }
    }
}

static void take_list (void *context, const struct http_answer *answer)
{
    struct inbox *inbox = context;
    walk_t *walk = inbox->walk;
    size_t i;
    json_t *task;
    inbox->asked = false;
    inbox->after[0] = '\0';
    inbox->due_us = http_client_now_us () + LIST_PAUSE_US;
    if (answer->status != 200) {
        report (walk, "inbox", inboxes[inbox->of].path, answer->status, answer->body);
        return;
    }
    if (walk->result)
        samples_add (&walk->result->lists, answer->took_us);
    json_auto_t *page = json_loadb (answer->body, answer->size, 0, NULL);
    json_array_foreach (json_object_get (page, "tasks"), i, task) take_task (inbox, task);
    const char *next = json_string_value (json_object_get (page, "next"));
    if (next && somebody_waits (inbox)) { /* files that an earlier run left behind fill the first page */
        snprintf (inbox->after, sizeof inbox->after, "&after=%s", next);
        inbox->due_us = 0;
    }
}

static void ask_inbox (struct inbox *inbox)
{
    static struct request request;
    char path[160];
    walk_t *walk = inbox->walk;
    snprintf (path, sizeof path, "%s%s", inboxes[inbox->of].path, inbox->after);
    request_write (&request, walk->host, "GET", path, walk->offices[inbox->office].token[inboxes[inbox->of].desk],
                   NULL);
    inbox->asked = true;
    walk->error = http_client_send (walk->client, request.bytes, request.size, take_list, inbox);
}

/* ---- the walk ---- */

walk_t *walk_new (http_client_t *client, const char *host, const struct office offices[WALK_OFFICES],
                  const char *passphrase, unsigned concurrency)
{
    walk_t *walk = calloc (1, sizeof *walk);
    if (!walk)
        return NULL;
    *walk = (struct walk){.client = client,
                          .host = host,
                          .offices = offices,
                          .passphrase = passphrase,
                          .concurrency = concurrency,
                          .serial = (unsigned)(http_client_now_us () % 10000000)};
    for (unsigned i = 0; i < concurrency; i++)
        walk->courses[i] = (struct course){.walk = walk, .office = i % WALK_OFFICES};
    for (unsigned office = 0; office < WALK_OFFICES; office++)
        for (unsigned of = 0; of < INBOXES; of++)
            walk->inboxes[office][of] = (struct inbox){.walk = walk, .office = office, .of = (enum inbox_of)of};
    return walk;
}

void walk_destroy (walk_t **walk)
{
    free (*walk);
    *walk = NULL;
}

unsigned walk_left (const walk_t *walk)
{
    unsigned left = 0;
    for (unsigned i = 0; i < walk->concurrency; i++)
        left += walk->courses[i].running;
    return left;
}

unsigned long walk_errors (const walk_t *walk)
{
    return walk->errors;
}

/* Whatever is due now, a course first of all: begins, asks, or has waited too long. */
static void move_course (struct course *course, int64_t now_us)
{
    if (course->asked || (!course->running && (!course->walk->begins || course->due_us > now_us)))
        return;
    if (!course->running) {
        course->running = true;
        course->act = ACT_REGISTER;
        course->application[0] = '\0';
        course->began_us = course->arrived_us = now_us;
        course->pause_us = FIRST_LOOK_US;
        ask (course);
    } else if (now_us - course->arrived_us > WAIT_MOST_US)
        give_up (course, 0, "waited in vain");
    else if ((acts[course->act].inbox < 0 || course->listed) && course->due_us <= now_us)
        ask (course);
}

int walk_go_on (walk_t *walk, double seconds, bool begins, struct walk_result *result)
{
    int64_t now_us = http_client_now_us (), end = now_us + (int64_t)(seconds * 1e6);
    walk->begins = begins;
    walk->result = result;
    while (!walk->error && now_us < end && (begins || walk_left (walk))) {
        for (unsigned i = 0; !walk->error && i < walk->concurrency; i++)
            move_course (&walk->courses[i], now_us);
        for (unsigned i = 0; !walk->error && i < WALK_OFFICES * INBOXES; i++) {
            struct inbox *inbox = &walk->inboxes[i / INBOXES][i % INBOXES];
            if (!inbox->asked && inbox->due_us <= now_us && somebody_waits (inbox))
                ask_inbox (inbox);
        }
        if (!walk->error)
            walk->error = http_client_wait (walk->client, 2);
        now_us = http_client_now_us ();
    }
    return walk->error;
}
