/* Load for tests/fault/overload: registrations at the counter over HTTP, phase after phase, told second by second.
 *
 * fault_flood ADDRESS,… PHASE…    ADDRESS: 127.0.0.1:8080, gateways that are asked in turn, over kept connections
 * PHASE: NAME:full:N:SECONDS  N requests at once, the next one when one is answered; its rate of successes is what
 *                             saturates the system
 *        NAME:times:X:SECONDS X times that rate, on a timetable, whether there are answers or not
 * For every second and for every whole phase a line of JSON; requests count in the second of their answer.  The last
 * line waits for all answers.  The officers' password stands in PATEN_DEMO_PASSWORD.  Exit 1: the load could not be
 * made. */
#include "office.h"
#include "samples.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GATEWAYS_MOST = 4, ANSWER_LIMIT_S = 20, BROKEN_SHOWN = 5 };

struct tally {
    unsigned sent, unsent, late, broken; /* unsent: no connection was left */
    struct samples done, refused;        /* 201; 503 */
};

struct flood {
    int gateways;
    http_client_t *clients[GATEWAYS_MOST];
    const char *hosts[GATEWAYS_MOST];
    struct office office;
    unsigned serial, in_flight, broken;
    struct tally second, whole;
    double saturation; /* successes a second in the last phase "full" */
};

struct phase {
    char name[32];
    bool is_timed;
    double value, seconds;
};

static void tally_answer (struct tally *tally, const struct http_answer *answer)
{
    if (answer->status == 201)
        samples_add (&tally->done, answer->took_us);
    else if (answer->status == 503)
        samples_add (&tally->refused, answer->took_us);
    else if (answer->status == 504)
        tally->late++;
    else
        tally->broken++;
}

static void on_answer (void *context, const struct http_answer *answer)
{
    struct flood *flood = context;
    flood->in_flight--;
    tally_answer (&flood->second, answer);
    tally_answer (&flood->whole, answer);
    if (answer->status != 201 && answer->status != 503 && answer->status != 504 && flood->broken++ < BROKEN_SHOWN)
        fprintf (stderr, "flood: %d %.300s\n", answer->status, answer->body);
}

static void flood_send (struct flood *flood)
{
    char body[2048];
    struct request request;
    assert (flood->gateways > 0);
    int gateway = (int)(flood->serial % (unsigned)flood->gateways);
    office_registration (&flood->office, flood->serial++, body, sizeof body);
    request_write (&request, flood->hosts[gateway], "POST", "/v1/applications", flood->office.token[LOKET], body);
    bool is_sent = http_client_send (flood->clients[gateway], request.bytes, request.size, on_answer, flood) == 0;
    flood->in_flight += is_sent;
    flood->second.sent += is_sent;
    flood->whole.sent += is_sent;
    flood->second.unsent += !is_sent;
    flood->whole.unsent += !is_sent;
}

static void flood_wait (struct flood *flood)
{
    for (int i = 0; i < flood->gateways; i++)
        if (http_client_wait (flood->clients[i], i == 0) < 0)
            exit (1);
}

/* Prints and empties. */
static void tell (struct tally *tally, const char *phase, double seconds, bool is_whole)
{
    json_auto_t *line =
        json_pack ("{s:s, s:b, s:f, s:i, s:i, s:i, s:i, s:o, s:o}", "phase", phase, "whole", is_whole, "seconds",
                   seconds, "sent", (int)tally->sent, "unsent", (int)tally->unsent, "late", (int)tally->late, "broken",
                   (int)tally->broken, "done", samples_json (&tally->done), "refused", samples_json (&tally->refused));
    json_dumpf (line, stdout, JSON_COMPACT | JSON_REAL_PRECISION (6));
    puts ("");
    fflush (stdout);
    samples_free (&tally->done);
    samples_free (&tally->refused);
    *tally = (struct tally){0};
}

static void run (struct flood *flood, const struct phase *phase)
{
    int64_t began = http_client_now_us (), end = began + (int64_t)(phase->seconds * 1e6), second = began;
    double due = (double)began, gap = 1e6 / (phase->value * (flood->saturation > 0 ? flood->saturation : 1));
    for (int64_t now = began; now < end; now = http_client_now_us ()) {
        for (; phase->is_timed && due <= (double)now; due += gap)
            flood_send (flood);
        for (unsigned n = flood->in_flight; !phase->is_timed && n < (unsigned)phase->value; n++)
            flood_send (flood);
        flood_wait (flood);
        if (now - second >= 1000000) {
            tell (&flood->second, phase->name, (double)(now - second) / 1e6, false);
            second = now;
        }
    }
    if (!phase->is_timed)
        flood->saturation = (double)flood->whole.done.count / phase->seconds;
    tell (&flood->whole, phase->name, phase->seconds, true);
}

/* Until everything is answered; what is not, stays in "sent" of the phases. */
static void finish (struct flood *flood)
{
    int64_t end = http_client_now_us () + ANSWER_LIMIT_S * INT64_C (1000000);
    while (flood->in_flight > 0 && http_client_now_us () < end)
        flood_wait (flood);
    tell (&flood->whole, "end", 0, true);
}

static int read_phase (struct phase *phase, const char *text)
{
    char kind[8];
    if (sscanf (text, "%31[^:]:%7[^:]:%lf:%lf", phase->name, kind, &phase->value, &phase->seconds) != 4)
        return -1;
    phase->is_timed = strcmp (kind, "times") == 0;
    return (phase->is_timed || strcmp (kind, "full") == 0) && phase->value > 0 && phase->seconds > 0 ? 0 : -1;
}

static int open_gateways (struct flood *flood, char *addresses)
{
    char *rest = addresses;
    for (char *host; (host = strtok_r (rest, ",", &rest)) && flood->gateways < GATEWAYS_MOST; flood->gateways++) {
        flood->hosts[flood->gateways] = host;
        flood->clients[flood->gateways] = http_client_new (host);
        if (!flood->clients[flood->gateways])
            return -1;
    }
    return flood->gateways > 0 ? 0 : -1;
}

int main (int argc, char **argv)
{
    static struct flood flood = {.office = {.kecamatan = "35.29.22", .suffix = "raas"}};
    const char *password = getenv ("PATEN_DEMO_PASSWORD");
    if (argc < 3 || !password || open_gateways (&flood, argv[1]) < 0) {
        fprintf (
            stderr,
            "usage: PATEN_DEMO_PASSWORD=... fault_flood ADDRESS,... NAME:full:N:SECONDS NAME:times:X:SECONDS ...\n");
        return 2;
    }
    if (office_open (&flood.office, flood.clients[0], flood.hosts[0], password) < 0)
        return 1;
    for (int i = 2; i < argc; i++) {
        struct phase phase;
        if (read_phase (&phase, argv[i]) < 0 || (phase.is_timed && flood.saturation <= 0)) {
            fprintf (stderr, "fault_flood: what is the phase %s?\n", argv[i]);
            return 2;
        }
        run (&flood, &phase);
    }
    finish (&flood);
    office_close (&flood.office);
    for (int i = 0; i < flood.gateways; i++)
        http_client_destroy (&flood.clients[i]);
    return 0;
}
