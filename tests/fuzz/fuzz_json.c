/* JSON of strangers: common/json.c, with the limits of a request and with narrow ones.  The first byte chooses. */
#include "common/auto.h"
#include "common/json.h"
#include "common/text.h"
#include "fuzz.h"

static const struct json_limits choices[] = {
    {0}, {.printable = true}, {.bytes = 4096, .depth = 4, .members = 8, .string_bytes = 16}, {.depth = JSON_DEPTH_MAX}};

/* What was taken is taken again, to the same tree; printing needs no more than the limits allow. */
static void hold_accepted (const json_t *value, const struct json_limits *limits)
{
    AUTO_FREE char *printed = json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY);
    FUZZ_HOLDS (printed);
    struct json_limits wider = *limits;
    wider.bytes = 16 * (strlen (printed) + 1); /* a number may be written longer than it came */
    json_auto_t *again = json_parse_strict (printed, strlen (printed), &wider, NULL);
    FUZZ_HOLDS (again && json_equal (value, again));
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    const struct json_limits *limits = &choices[fuzz_byte (&input) % (sizeof choices / sizeof *choices)];
    struct json_fault fault;
    json_auto_t *value = json_parse_strict ((const char *)input.at, input.left, limits, &fault);
    FUZZ_HOLDS (!value == (fault.kind != JSON_FAULT_NONE));
    if (value) {
        hold_accepted (value, limits);
        json_text_at (value, "applicant.name");
        json_int (value, "version", 1);
        return 0;
    }
    FUZZ_HOLDS (fault.position <= input.left && *json_fault_name (fault.kind));
    FUZZ_HOLDS (memchr (fault.pointer, '\0', sizeof fault.pointer));
    return 0;
}
