/* Percentiles of measured durations, see samples.h. */
#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_room (struct samples *samples, size_t count)
{
    if (count <= samples->room)
        return;
    samples->room = count < 1024 ? 1024 : count * 2;
    samples->us = realloc (samples->us, samples->room * sizeof *samples->us);
    if (!samples->us) {
        fprintf (stderr, "no memory for the samples\n");
        exit (1);
    }
}

void samples_add (struct samples *samples, int64_t us)
{
    make_room (samples, samples->count + 1);
    samples->us[samples->count++] = us < 0 ? 0 : us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

void samples_join (struct samples *samples, const struct samples *from)
{
    if (!from->count)
        return;
    make_room (samples, samples->count + from->count);
    memcpy (samples->us + samples->count, from->us, from->count * sizeof *from->us);
    samples->count += from->count;
}

static int compare (const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/* Nearest rank: the smallest sample that at least `share` of all do not exceed. */
static double percentile_ms (const struct samples *samples, double share)
{
    size_t rank = (size_t)(share * (double)samples->count + 0.999999);
    return samples->count ? (double)samples->us[rank ? rank - 1 : 0] / 1e3 : 0;
}

json_t *samples_json (struct samples *samples)
{
    if (samples->count)
        qsort (samples->us, samples->count, sizeof *samples->us, compare);
    return json_pack ("{s:I, s:f, s:f, s:f, s:f}", "count", (json_int_t)samples->count, "p50_ms",
                      percentile_ms (samples, 0.5), "p95_ms", percentile_ms (samples, 0.95), "p99_ms",
                      percentile_ms (samples, 0.99), "max_ms", percentile_ms (samples, 1));
}

void samples_free (struct samples *samples)
{
    free (samples->us);
    *samples = (struct samples){0};
}
