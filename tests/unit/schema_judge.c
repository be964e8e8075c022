/* The validator as a program, for schema_crosscheck.py: reads lines of [schema, value], writes "1" (conforms), "0", or
 * the reason why the schema was refused. */
#include "common/auto.h"
#include "common/schema.h"

#include <stdio.h>
#include <stdlib.h>

static void judge (const json_t *pair)
{
    AUTO_FREE char *error = NULL;
    AUTO (schema) schema = schema_new (json_array_get (pair, 0), &error);
    puts (error ? error : schema_check (schema, json_array_get (pair, 1), NULL) ? "1" : "0");
}

int main (void)
{
    AUTO_FREE char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    while ((size = getline (&line, &capacity, stdin)) > 0) {
        json_auto_t *pair = json_loadb (line, (size_t)size, 0, NULL);
        if (json_array_size (pair) != 2) {
            return EXIT_FAILURE;
        }
        judge (pair);
    }
    return EXIT_SUCCESS;
}
