/* What stops a service at its start: each mistake must be named in a line on stderr.  service_main () runs in a child process. */
#include "common/service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct db_statement taken = {"bus_take", "SELECT 1"};
static const struct db_statement *const taken_list[] = {&taken, NULL};
static const struct db_statement *const no_statements[] = {NULL};

static int answer (struct call *call)
{
    return reply_json (call, 200, json_object ());
}

static const struct method methods[] = {
    {"sample.thing.do", METHOD_COMMAND, ROLES_PUBLIC, "gateway", NULL, answer},
    {0},
};
static const struct embedded_json wrong_schema[] = {
    {"sample.thing.do", "{\"body\":{\"type\":\"no such type\"}}"},
    {0},
};
static const struct setting settings[] = {
    {"PATEN_SAMPLE_COUNT", SETTING_INT, "5", 1, 9, "how many samples to take", false},
    {0},
};

/* Runs it and gives back what it wrote on stderr; the exit status must be that of a refused start. */
static char *refused (const struct service *service)
{
    int ends[2];
    assert_int_equal (pipe (ends), 0);
    pid_t child = fork ();
    if (child == 0) {
        dup2 (ends[1], STDERR_FILENO);
        close (ends[0]);
        close (ends[1]);
        exit (service_main (service));
    }
    close (ends[1]);
    FILE *from = fdopen (ends[0], "r");
    char *text = calloc (1, 4096);
    size_t size = fread (text, 1, 4095, from);
    assert_in_range (size, 1, 4094);
    fclose (from);
    int status;
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), EXIT_FAILURE);
    return text;
}

static void refused_with (const struct service *service, const char *event, const char *detail)
{
    AUTO_FREE char *text = refused (service);
    json_auto_t *line = json_loads (text, JSON_DISABLE_EOF_CHECK, NULL);
    assert_string_equal (json_text (line, "event"), event);
    assert_non_null (strstr (text, detail));
}

static void method_without_schema_is_named (void **state)
{
    (void)state;
    refused_with (&(struct service){.name = "sample", .statements = no_statements, .methods = methods},
                  "request.schema_missing", "sample.thing.do");
}

static void wrong_schema_is_named (void **state)
{
    (void)state;
    refused_with (
        &(struct service){.name = "sample", .statements = no_statements, .methods = methods, .requests = wrong_schema},
        "request.schema_refused", "sample.thing.do");
}

static void statement_of_the_runtime_is_named (void **state)
{
    (void)state;
    refused_with (&(struct service){.name = "sample", .statements = taken_list}, "db.statement_name_taken", "bus_take");
}

static void missing_key_file_is_named (void **state)
{
    (void)state;
    refused_with (&(struct service){.name = "sample", .statements = no_statements}, "link.key_unreadable",
                  "/nowhere/key");
}

static void setting_out_of_range_gives_its_help (void **state)
{
    (void)state;
    setenv ("PATEN_SAMPLE_COUNT", "10", 1);
    AUTO_FREE char *text =
        refused (&(struct service){.name = "sample", .statements = no_statements, .settings = settings});
    unsetenv ("PATEN_SAMPLE_COUNT");
    assert_non_null (strstr (text, "PATEN_SAMPLE_COUNT"));
    assert_non_null (strstr (text, "from 1 to 9"));
    assert_non_null (strstr (text, "how many samples to take"));
}

static void unknown_log_level_is_named (void **state)
{
    (void)state;
    setenv ("PATEN_LOG_LEVEL", "loud", 1);
    AUTO_FREE char *text = refused (&(struct service){.name = "sample", .statements = no_statements});
    unsetenv ("PATEN_LOG_LEVEL");
    assert_non_null (strstr (text, "PATEN_LOG_LEVEL must be debug"));
}

static void missing_setting_gives_its_help (void **state)
{
    (void)state;
    AUTO_FREE char *kept = strdup (getenv ("PATEN_DB"));
    unsetenv ("PATEN_DB");
    AUTO_FREE char *text = refused (&(struct service){.name = "sample", .statements = no_statements});
    setenv ("PATEN_DB", kept, 1);
    assert_non_null (strstr (text, "PATEN_DB is required"));
}

int main (void)
{
    setenv ("PATEN_DB", "host=/nowhere", 1); /* a database that is away does not stop the start */
    setenv ("PATEN_BROKERS", "ipc:///nowhere", 1);
    setenv ("PATEN_BROKER_PUBLIC_KEY_FILE", "/nowhere/broker", 1);
    setenv ("PATEN_CURVE_SECRET_FILE", "/nowhere/key", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (method_without_schema_is_named),      cmocka_unit_test (wrong_schema_is_named),
        cmocka_unit_test (statement_of_the_runtime_is_named),   cmocka_unit_test (missing_key_file_is_named),
        cmocka_unit_test (setting_out_of_range_gives_its_help), cmocka_unit_test (missing_setting_gives_its_help),
        cmocka_unit_test (unknown_log_level_is_named),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
