/* What a mail server's answers mean, by the place at which they come: a real conversation over loopback with a server that
 * follows a script. */
#include "common/conf.h"
#include "common/service.h"
#include "notification.h"
#include "notification_mail.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static const struct setting settings[] = {{"PATEN_SMTP_URL", SETTING_TEXT, NULL, 0, 0, "", false},
                                          {"PATEN_MAIL_FROM", SETTING_TEXT, NULL, 0, 0, "", false},
                                          {"PATEN_SMTP_USER", SETTING_TEXT, "", 0, 0, "", false},
                                          {"PATEN_SMTP_PASSWORD", SETTING_TEXT, "", 0, 0, "", false},
                                          {0}};

/* An answer to each thing that a client says; NULL: hangs up instead. */
struct script {
    const char *greeting, *hello, *sender, *recipient, *data, *content;
};

static int listener;
static const struct script *script;

static const char *answer_to (const char *line)
{
    static const char *const words[] = {"EHLO", "HELO", "MAIL", "RCPT", "DATA"};
    const char *const answers[] = {script->hello, script->hello, script->sender, script->recipient, script->data};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp (line, words[i], strlen (words[i])) == 0)
            return answers[i];
    return "221 bye";
}

static void *serve (void *unused)
{
    (void)unused;
    int connection = accept (listener, NULL, NULL);
    FILE *stream = fdopen (connection, "r+");
    char line[1000];
    bool content = false;
    for (const char *answer = script->greeting; answer;) {
        fprintf (stream, "%s\r\n", answer);
        fflush (stream);
        if (strncmp (answer, "354", 3) == 0)
            content = true;
        do
            if (!fgets (line, sizeof line, stream)) {
                fclose (stream);
                return NULL;
            }
        while (content && strcmp (line, ".\r\n") != 0);
        answer = content ? script->content : answer_to (line);
        content = false;
        fseek (stream, 0, SEEK_CUR); /* from reading to writing */
    }
    fclose (stream);
    return NULL;
}

static struct mail_result converse (const struct script *with)
{
    pthread_t server;
    script = with;
    assert_int_equal (pthread_create (&server, NULL, serve, NULL), 0);
    struct mail mail = {.id = "1", .to = "budi@warga.example", .subject = "Uji", .text = "Isi\n", .date_ms = 0};
    struct mail_result result;
    mail_send (&mail, &result);
    pthread_join (server, NULL);
    return result;
}

static void test_answers_by_their_place (void **state)
{
    (void)state;
    static const struct {
        struct script script;
        enum notification_command command;
    } cases[] = {
        {{"220 here", "250 ok", "250 ok", "250 ok", "354 go on", "250 taken"}, NOTIFICATION_DELIVERED},
        {{"220 here", "250 ok", "250 ok", "550 no such mailbox", NULL, NULL}, NOTIFICATION_GIVE_UP},
        {{"220 here", "250 ok", "250 ok", "450 later", NULL, NULL}, NOTIFICATION_RETRY},
        {{"220 here", "250 ok", "250 ok", "250 ok", "354 go on", "554 this content not"}, NOTIFICATION_GIVE_UP},
        {{"220 here", "250 ok", "250 ok", "250 ok", "354 go on", "451 later"}, NOTIFICATION_RETRY},
        {{"220 here", "250 ok", "250 ok", "250 ok", "354 go on", NULL}, NOTIFICATION_RETRY},
        /* of itself, not of the message: */
        {{"554 no service here", NULL, NULL, NULL, NULL, NULL}, NOTIFICATION_RETRY},
        {{"220 here", "550 not for you", NULL, NULL, NULL, NULL}, NOTIFICATION_RETRY},
        {{NULL, NULL, NULL, NULL, NULL, NULL}, NOTIFICATION_RETRY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mail_result result = converse (&cases[i].script);
        assert_int_equal (notification_delivery (result.completed, result.smtp_code), cases[i].command);
        assert_int_equal (result.completed, cases[i].command == NOTIFICATION_DELIVERED);
    }
}

static int start (void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    listener = socket (AF_INET, SOCK_STREAM, 0);
    char url[64];
    if (bind (listener, (struct sockaddr *)&address, size) < 0 || listen (listener, 1) < 0 ||
        getsockname (listener, (struct sockaddr *)&address, &size) < 0)
        return -1;
    snprintf (url, sizeof url, "smtp://127.0.0.1:%d", ntohs (address.sin_port));
    setenv ("PATEN_SMTP_URL", url, 1);
    setenv ("PATEN_MAIL_FROM", "paten@sumenep.example", 1);
    return conf_load (settings) < 0 ? -1 : mail_start ();
}

int main (void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test (test_answers_by_their_place)};
    return cmocka_run_group_tests (tests, start, NULL);
}
