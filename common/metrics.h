/* The figures of a process: counters, gauges and histograms of whole numbers, and the text by which they are read.
 * A family is a static struct; metrics_add () gives it a cell for each combination of its labels' values, which are
 * known from then on.  Changing a cell is one atomic addition: no lock, no memory, from any thread.
 * The text is OpenMetrics 1.0 (https://github.com/OpenObservability/OpenMetrics/blob/main/specification/OpenMetrics.md).
 * No personal data: labels are names from the program's own tables. */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define METRICS_MEDIA_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

enum {
    METRIC_LABELS_MOST = 2,
    METRICS_FAMILIES_MOST = 64,
    METRIC_KEPT_MS = 60 * 1000, /* a measured family whose last measurement is older is not told any more */
};

enum metric_kind {
    METRIC_COUNTER,  /* only grows; its samples get the suffix _total */
    METRIC_GAUGE,    /* goes up and down */
    METRIC_MEASURED, /* a gauge that somebody reads elsewhere now and then: told only after metric_measured () */
    METRIC_SECONDS,  /* a histogram of durations in the buckets of metrics.c; its name ends in _seconds */
};

struct metric_label {
    const char *name;
    const char *const *values; /* ended by NULL */
};

struct metric {
    const char *name;
    enum metric_kind kind;
    const char *help;                               /* one line */
    struct metric_label labels[METRIC_LABELS_MOST]; /* those with a name; unused ones behind */
    const char *unit; /* "seconds": the cells hold microseconds; "bytes"; NULL: none.  The name must end in it */
    _Atomic int64_t *cells, measured_at; /* the registry's own */
};

/* The name that every sample bears as label "service" (lives as long as the process).  Before metrics_text (). */
void metrics_open (const char *service);
/* Makes the family's cells, all 0, and shows it from now on.  Before the threads start; a second time does nothing.
 * A name that does not fit its kind or unit, or too many families, is a bug: assert. */
void metrics_add (struct metric *metric);

/* Adds to the cell of the labels' values with these indices (0 where there is no label).  A family that was never added
 * takes nothing, so that code which counts also runs where nobody looks. */
void metric_add (struct metric *metric, size_t first, size_t second, int64_t value);
/* Sets it; gauges alone. */
void metric_set (struct metric *metric, size_t first, size_t second, int64_t value);
/* A duration for METRIC_SECONDS, in microseconds. */
void metric_observe (struct metric *metric, size_t first, size_t second, int64_t microseconds);
/* All cells of a METRIC_MEASURED say what is the case now. */
void metric_measured (struct metric *metric);
/* A cell as it stands; of METRIC_SECONDS the number of observations. */
int64_t metric_value (const struct metric *metric, size_t first, size_t second);

/* The index of a value of that label, or -1. */
int metric_index (const struct metric *metric, size_t label, const char *value);

/* All families and those of the process itself (memory, descriptors, threads, processor time, start) as text, ended by
 * "# EOF".  malloc; NULL: no memory. */
char *metrics_text (size_t *ret_size);
