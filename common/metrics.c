/* See metrics.h. */
#include "common/metrics.h"

#include <assert.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MICRO = 1000000, BUCKETS = 8 };

/* Upper bounds in microseconds: what a person does not notice, what he notices, what he waits for, what is a deadline. */
static const int64_t buckets[BUCKETS] = {2500, 10000, 25000, 100000, 250000, 1000000, 2500000, 5000000};
static const char *const bucket_names[BUCKETS + 1] = {"0.0025", "0.01", "0.025", "0.1", "0.25",
                                                      "1.0",    "2.5",  "5.0",   "+Inf"};
enum { SECONDS_CELLS = BUCKETS + 2 }; /* a bucket each, +Inf, the sum */

static const char *metrics_service = "paten";
static struct metric *metrics_families[METRICS_FAMILIES_MOST];
static int metrics_count;

/* ---- families ------------------------------------------------------------------------------------------------------ */

static bool ends_in (const char *text, const char *end)
{
    size_t size = strlen (text), tail = strlen (end);
    return size > tail && strcmp (text + size - tail, end) == 0 && text[size - tail - 1] == '_';
}

static size_t label_values (const struct metric *metric, size_t label)
{
    size_t count = 0;
    if (!metric->labels[label].name)
        return 1;
    while (metric->labels[label].values[count])
        count++;
    return count;
}

static size_t cells_of_series (const struct metric *metric)
{
    return metric->kind == METRIC_SECONDS ? SECONDS_CELLS : 1;
}

void metrics_open (const char *service)
{
    metrics_service = service;
}

void metrics_add (struct metric *metric)
{
    if (metric->cells)
        return;
    assert (metrics_count < METRICS_FAMILIES_MOST && !ends_in (metric->name, "total"));
    assert (metric->kind != METRIC_SECONDS || (metric->unit && strcmp (metric->unit, "seconds") == 0));
    assert (!metric->unit || ends_in (metric->name, metric->unit));
    size_t series = label_values (metric, 0) * label_values (metric, 1);
    metric->cells = calloc (series ? series * cells_of_series (metric) : 1, sizeof *metric->cells);
    assert (metric->cells);
    metrics_families[metrics_count++] = metric;
}

static _Atomic int64_t *cells_at (const struct metric *metric, size_t first, size_t second)
{
    size_t seconds = label_values (metric, 1);
    assert (first < label_values (metric, 0) && second < seconds);
    return metric->cells + (first * seconds + second) * cells_of_series (metric);
}

void metric_add (struct metric *metric, size_t first, size_t second, int64_t value)
{
    if (metric->cells)
        atomic_fetch_add_explicit (cells_at (metric, first, second), value, memory_order_relaxed);
}

void metric_set (struct metric *metric, size_t first, size_t second, int64_t value)
{
    if (metric->cells)
        atomic_store_explicit (cells_at (metric, first, second), value, memory_order_relaxed);
}

void metric_observe (struct metric *metric, size_t first, size_t second, int64_t microseconds)
{
    if (!metric->cells)
        return;
    _Atomic int64_t *cells = cells_at (metric, first, second);
    int bucket = 0;
    while (bucket < BUCKETS && microseconds > buckets[bucket])
        bucket++;
    atomic_fetch_add_explicit (&cells[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit (&cells[BUCKETS + 1], microseconds, memory_order_relaxed);
}

static int64_t ticks (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void metric_measured (struct metric *metric)
{
    atomic_store (&metric->measured_at, ticks ());
}

int64_t metric_value (const struct metric *metric, size_t first, size_t second)
{
    if (!metric->cells)
        return 0;
    const _Atomic int64_t *cells = cells_at (metric, first, second);
    int64_t value = 0;
    for (int cell = 0; cell < (metric->kind == METRIC_SECONDS ? BUCKETS + 1 : 1); cell++)
        value += atomic_load_explicit (&cells[cell], memory_order_relaxed);
    return value;
}

int metric_index (const struct metric *metric, size_t label, const char *value)
{
    const char *const *values = metric->labels[label].name ? metric->labels[label].values : NULL;
    for (int i = 0; values && values[i]; i++)
        if (strcmp (values[i], value) == 0)
            return i;
    return -1;
}

/* ---- text ---------------------------------------------------------------------------------------------------------- */

/* Label values and help texts: backslash, quotation mark and line feed are escaped (section "Escaping"). */
static void put_escaped (FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            fputs ("\\n", out);
        else if (*text == '\\' || *text == '"')
            fprintf (out, "\\%c", *text);
        else
            fputc (*text, out);
    }
}

static void put_head (FILE *out, const char *name, const char *type, const char *unit, const char *help)
{
    fprintf (out, "# TYPE %s %s\n", name, type);
    if (unit)
        fprintf (out, "# UNIT %s %s\n", name, unit);
    fprintf (out, "# HELP %s ", name);
    put_escaped (out, help);
    fputc ('\n', out);
}

/* In seconds the cells hold microseconds. */
static void put_number (FILE *out, const struct metric *metric, int64_t value)
{
    if (metric->unit && strcmp (metric->unit, "seconds") == 0)
        fprintf (out, "%s%" PRId64 ".%06" PRId64, value < 0 ? "-" : "", value < 0 ? -(value / MICRO) : value / MICRO,
                 value < 0 ? -(value % MICRO) : value % MICRO);
    else
        fprintf (out, "%" PRId64, value);
}

/* name_suffix{service="…",a="…",b="…",le="…"} and the space behind. */
static void put_sample (FILE *out, const struct metric *metric, const char *suffix, const size_t at[],
                        const char *bucket)
{
    fprintf (out, "%s%s{service=\"", metric->name, suffix);
    put_escaped (out, metrics_service);
    fputc ('"', out);
    for (size_t label = 0; label < METRIC_LABELS_MOST; label++)
        if (metric->labels[label].name) {
            fprintf (out, ",%s=\"", metric->labels[label].name);
            put_escaped (out, metric->labels[label].values[at[label]]);
            fputc ('"', out);
        }
    if (bucket)
        fprintf (out, ",le=\"%s\"", bucket);
    fputs ("} ", out);
}

/* The count is the sum of the buckets as they were read, so that the text agrees with itself.  What never happened is
 * left out: of many methods few are in use. */
static void put_histogram (FILE *out, const struct metric *metric, const size_t at[])
{
    const _Atomic int64_t *cells = cells_at (metric, at[0], at[1]);
    int64_t counts[BUCKETS + 1], count = 0;
    for (int bucket = 0; bucket <= BUCKETS; bucket++)
        counts[bucket] = count += atomic_load_explicit (&cells[bucket], memory_order_relaxed);
    if (count == 0)
        return;
    for (int bucket = 0; bucket <= BUCKETS; bucket++) {
        put_sample (out, metric, "_bucket", at, bucket_names[bucket]);
        fprintf (out, "%" PRId64 "\n", counts[bucket]);
    }
    put_sample (out, metric, "_count", at, NULL);
    fprintf (out, "%" PRId64 "\n", count);
    put_sample (out, metric, "_sum", at, NULL);
    put_number (out, metric, atomic_load_explicit (&cells[BUCKETS + 1], memory_order_relaxed));
    fputc ('\n', out);
}

static void put_series (FILE *out, const struct metric *metric, const size_t at[])
{
    if (metric->kind == METRIC_SECONDS) {
        put_histogram (out, metric, at);
        return;
    }
    put_sample (out, metric, metric->kind == METRIC_COUNTER ? "_total" : "", at, NULL);
    put_number (out, metric, metric_value (metric, at[0], at[1]));
    fputc ('\n', out);
}

static void put_family (FILE *out, const struct metric *metric)
{
    static const char *const types[] = {[METRIC_COUNTER] = "counter",
                                        [METRIC_GAUGE] = "gauge",
                                        [METRIC_MEASURED] = "gauge",
                                        [METRIC_SECONDS] = "histogram"};
    int64_t measured = atomic_load (&metric->measured_at);
    if (metric->kind == METRIC_MEASURED && (measured == 0 || ticks () - measured > METRIC_KEPT_MS))
        return;
    put_head (out, metric->name, types[metric->kind], metric->unit, metric->help);
    size_t at[METRIC_LABELS_MOST];
    for (at[0] = 0; at[0] < label_values (metric, 0); at[0]++)
        for (at[1] = 0; at[1] < label_values (metric, 1); at[1]++)
            put_series (out, metric, at);
}

/* ---- the process itself -------------------------------------------------------------------------------------------- */

/* What /proc/self/stat says (proc(5)). */
struct process {
    double cpu_seconds, start_seconds;
    long long threads, resident_bytes, descriptors;
};

static double boot_seconds (void)
{
    struct timespec wall, up;
    clock_gettime (CLOCK_REALTIME, &wall);
    clock_gettime (CLOCK_BOOTTIME, &up);
    return (double)(wall.tv_sec - up.tv_sec) + (double)(wall.tv_nsec - up.tv_nsec) / 1e9;
}

static void process_stat (struct process *process)
{
    char text[1024];
    FILE *file = fopen ("/proc/self/stat", "re");
    size_t size = file ? fread (text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose (file);
    text[size] = '\0';
    const char *rest = strrchr (text, ')'); /* behind the name, which may hold anything: field 3 */
    unsigned long long user, system, start;
    long long threads, pages;
    if (!rest ||
        sscanf (rest + 1,
                " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu %llu %*s %*s %*s %*s %lld %*s %llu %*s %lld", &user,
                &system, &threads, &start, &pages) != 5)
        return;
    double hertz = (double)sysconf (_SC_CLK_TCK);
    process->cpu_seconds = (double)(user + system) / hertz;
    process->start_seconds = boot_seconds () + (double)start / hertz;
    process->threads = threads;
    process->resident_bytes = pages * sysconf (_SC_PAGESIZE);
}

static long long process_descriptors (void)
{
    DIR *folder = opendir ("/proc/self/fd");
    long long count = -1; /* this folder's own */
    while (folder && readdir (folder))
        count++;
    if (folder)
        closedir (folder);
    return count > 2 ? count - 2 : 0; /* "." and ".." */
}

static void put_whole (FILE *out, const char *name, const char *unit, const char *help, long long value)
{
    put_head (out, name, "gauge", unit, help);
    fprintf (out, "%s{service=\"%s\"} %lld\n", name, metrics_service, value);
}

/* Named as every Prometheus client library names them. */
static void put_process (FILE *out)
{
    struct process process = {.descriptors = process_descriptors ()};
    process_stat (&process);
    put_head (out, "process_cpu_seconds", "counter", "seconds", "Processor time, user and system.");
    fprintf (out, "process_cpu_seconds_total{service=\"%s\"} %.2f\n", metrics_service, process.cpu_seconds);
    put_head (out, "process_start_time_seconds", "gauge", "seconds", "When the process began, unix time.");
    fprintf (out, "process_start_time_seconds{service=\"%s\"} %.2f\n", metrics_service, process.start_seconds);
    put_whole (out, "process_resident_memory_bytes", "bytes", "Resident memory.", process.resident_bytes);
    put_whole (out, "process_open_fds", NULL, "Open file descriptors.", process.descriptors);
    put_whole (out, "process_threads", NULL, "Threads.", process.threads);
}

char *metrics_text (size_t *ret_size)
{
    char *text = NULL;
    *ret_size = 0;
    FILE *out = open_memstream (&text, ret_size);
    if (!out)
        return NULL;
    put_process (out);
    for (int i = 0; i < metrics_count; i++)
        put_family (out, metrics_families[i]);
    fputs ("# EOF\n", out);
    if (fclose (out) == 0)
        return text;
    free (text);
    return NULL;
}
