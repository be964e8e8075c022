/* Durations that were measured, and what is said of them: how many, median, 95th and 99th percentile, greatest. */
#pragma once

#include <jansson.h>
#include <stdint.h>

struct samples {
    uint32_t *us;
    size_t count, room;
};

/* Exits when memory is short: a measurement with holes is none. */
void samples_add (struct samples *samples, int64_t us);

/* All of `from` as well. */
void samples_join (struct samples *samples, const struct samples *from);

/* {"count", "p50_ms", "p95_ms", "p99_ms", "max_ms"}; sorts the samples. */
json_t *samples_json (struct samples *samples);

void samples_free (struct samples *samples);
