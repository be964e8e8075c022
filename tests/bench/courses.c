/* Load generator: complete SKTM courses over HTTP, as fast as the system lets N of them go at once.
 *
 * First, alone: one answer of the gateway itself against one that goes through broker and service to the database.  Then
 * the courses: warm-up, a window that is measured, and the end of what has begun.  JSON on standard output, errors on
 * standard error; the exit code is 1 when there was an error.
 *
 * bench_courses [--concurrency N] [--seconds S] [--warm-up S] [--looks N] ADDRESS   (127.0.0.1:8080)
 * The officers' password, which is the signers' passphrase too, stands in PATEN_DEMO_PASSWORD. */
#include "walk.h"

#include "common/auto.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct options {
    unsigned concurrency, looks;
    double seconds, warm_up;
    const char *address, *password;
};

static int read_options (struct options *options, int argc, char **argv)
{
    static const struct option known[] = {{"concurrency", required_argument, NULL, 'c'},
                                          {"seconds", required_argument, NULL, 's'},
                                          {"warm-up", required_argument, NULL, 'w'},
                                          {"looks", required_argument, NULL, 'l'},
                                          {0}};
    *options = (struct options){.concurrency = 32, .looks = 300, .seconds = 20, .warm_up = 5};
    for (int option; (option = getopt_long (argc, argv, "", known, NULL)) != -1;) {
        if (option == 'c')
            options->concurrency = (unsigned)strtoul (optarg, NULL, 10);
        else if (option == 's')
            options->seconds = strtod (optarg, NULL);
        else if (option == 'w')
            options->warm_up = strtod (optarg, NULL);
        else if (option == 'l')
            options->looks = (unsigned)strtoul (optarg, NULL, 10);
        else
            return -1;
    }
    options->address = optind == argc - 1 ? argv[optind] : NULL;
    options->password = getenv ("PATEN_DEMO_PASSWORD");
    return options->address && options->password && options->seconds > 0 && options->concurrency > 0 &&
                   options->concurrency <= WALK_COURSES_MOST
               ? 0
               : -1;
}

/* The same question again and again, one at a time. */
static json_t *measure_looks (http_client_t *client, const struct options *options, const char *path, const char *token)
{
    struct samples samples = {0};
    struct request request;
    request_write (&request, options->address, "GET", path, token, NULL);
    for (unsigned i = 0; i < options->looks; i++) {
        int64_t took_us;
        json_auto_t *answer = office_exchange (client, &request, &took_us);
        if (!answer)
            exit (1);
        if (i >= options->looks / 10) /* the first ones warm up */
            samples_add (&samples, took_us);
    }
    json_t *result = samples_json (&samples);
    samples_free (&samples);
    return result;
}

static json_t *window_json (struct walk_result *result, double seconds)
{
    struct samples commands = {0};
    json_t *by_act = json_object ();
    size_t requests = result->lists.count + result->early;
    for (enum act act = ACT_REGISTER; act < ACTS; act++) {
        requests += result->acts[act].count;
        if (walk_act_is_command (act))
            samples_join (&commands, &result->acts[act]);
        json_object_set_new (by_act, walk_act_name (act), samples_json (&result->acts[act]));
        samples_free (&result->acts[act]);
    }
    json_object_set_new (by_act, "inbox", samples_json (&result->lists));
    json_t *window =
        json_pack ("{s:f, s:f, s:f, s:f, s:o, s:o, s:o, s:I}", "seconds", seconds, "courses_per_second",
                   (double)result->courses.count / seconds, "commands_per_second", (double)commands.count / seconds,
                   "requests_per_second", (double)requests / seconds, "course", samples_json (&result->courses),
                   "command", samples_json (&commands), "by_act", by_act, "early_looks", (json_int_t)result->early);
    samples_free (&commands);
    samples_free (&result->lists);
    samples_free (&result->courses);
    return window;
}

/* Processor time of this program itself: it shares the machine with what it measures. */
static double own_seconds (void)
{
    struct timespec used;
    clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* Processor seconds of the whole machine since its start, all cores together (proc(5), /proc/stat). */
struct machine {
    double used, waited, idle,
        stolen; /* waited: idle while a disk works; stolen: wanted, but the host gave it to others */
};

static int machine_read (struct machine *machine)
{
    unsigned long long user, nice, system, idle, iowait, irq, softirq, steal;
    FILE *stat = fopen ("/proc/stat", "re");
    int read = stat ? fscanf (stat, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle,
                              &iowait, &irq, &softirq, &steal)
                    : 0;
    if (stat)
        fclose (stat);
    if (read != 8)
        return -EIO;
    double tick = 1.0 / (double)sysconf (_SC_CLK_TCK);
    *machine = (struct machine){.used = (double)(user + nice + system + irq + softirq) * tick,
                                .waited = (double)iowait * tick,
                                .idle = (double)idle * tick,
                                .stolen = (double)steal * tick};
    return 0;
}

static json_t *machine_json (const struct machine *from, const struct machine *to, size_t courses)
{
    double used = to->used - from->used, waited = to->waited - from->waited, idle = to->idle - from->idle,
           stolen = to->stolen - from->stolen, all = used + waited + idle + stolen;
    return json_pack ("{s:f, s:f, s:f, s:f, s:f}", "cpu_ms_per_course", courses ? used * 1000 / (double)courses : 0,
                      "used_share", used / all, "disk_wait_share", waited / all, "idle_share", idle / all,
                      "stolen_share", stolen / all);
}

static json_t *measure_courses (http_client_t *client, const struct options *options, const struct office *offices)
{
    struct walk_result result = {0};
    struct machine before, after;
    AUTO (walk) walk = walk_new (client, options->address, offices, options->password, options->concurrency);
    int error = walk ? walk_go_on (walk, options->warm_up, true, NULL) : -1;
    int64_t began_us = http_client_now_us ();
    double own = own_seconds ();
    if (!error)
        error = machine_read (&before);
    if (!error)
        error = walk_go_on (walk, options->seconds, true, &result);
    double seconds = (double)(http_client_now_us () - began_us) / 1e6;
    own = own_seconds () - own;
    if (!error)
        error = machine_read (&after);
    if (!error)
        error = walk_go_on (walk, 40, false, NULL); /* so that the next run finds empty desks */
    if (error) {
        fprintf (stderr, "the generator failed: %s\n", strerror (-error));
        exit (1);
    }
    json_t *machine = machine_json (&before, &after, result.courses.count);
    json_t *window = window_json (&result, seconds);
    json_object_set_new (window, "machine", machine);
    json_object_set_new (window, "concurrency", json_integer (options->concurrency));
    json_int_t errors = (json_int_t)walk_errors (walk) + (json_int_t)walk_left (walk);
    json_object_set_new (window, "errors", json_integer (errors));
    json_object_set_new (window, "generator_cpu_share", json_real (own / seconds));
    return window;
}

int main (int argc, char **argv)
{
    struct options options;
    struct office offices[WALK_OFFICES] = {{.kecamatan = "35.29.01", .suffix = "kota_sumenep"},
                                           {.kecamatan = "35.29.22", .suffix = "raas"}};
    if (read_options (&options, argc, argv)) {
        fprintf (stderr,
                 "usage: PATEN_DEMO_PASSWORD=... bench_courses [--concurrency 1..%d] [--seconds S] [--warm-up S] "
                 "[--looks N] HOST:PORT\n",
                 WALK_COURSES_MOST);
        return 2;
    }
    AUTO (http_client) client = http_client_new (options.address);
    if (!client || office_open (&offices[0], client, options.address, options.password) ||
        office_open (&offices[1], client, options.address, options.password))
        return 1;
    json_auto_t *result = json_object ();
    if (options.looks) {
        json_object_set_new (result, "gateway_alone", measure_looks (client, &options, "/v1/health", NULL));
        json_object_set_new (result, "one_query",
                             measure_looks (client, &options, "/v1/sessions/current", offices[0].token[LOKET]));
    }
    json_object_set_new (result, "courses", measure_courses (client, &options, offices));
    json_dumpf (result, stdout, JSON_INDENT (1) | JSON_REAL_PRECISION (6));
    puts ("");
    office_close (&offices[0]);
    office_close (&offices[1]);
    return json_integer_value (json_object_get (json_object_get (result, "courses"), "errors")) > 0;
}
