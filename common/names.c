/* See names.h.  getaddrinfo_a (3) asks in a thread of glibc's own. */
#include "common/names.h"

#include "common/log.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEME "tcp://"

struct _names_t {
    char host[256], port[8];
    struct addrinfo hints;
    struct gaicb question;
    struct gaicb *questions[1]; /* as getaddrinfo_a () wants it */
    bool is_asking, is_unknown;
    int again_ms;
    int64_t due; /* ticks of the next question */
    char found[NAMES_MOST][NAMES_ENDPOINT_SIZE];
    int count;
};

bool names_is_name (const char *endpoint)
{
    struct in_addr address;
    char host[256];
    int end = 0;
    if (strncmp (endpoint, SCHEME, strlen (SCHEME)) != 0)
        return false;
    endpoint += strlen (SCHEME);
    if (sscanf (endpoint, "%255[^:]%n", host, &end) != 1 || endpoint[end] != ':')
        return false;
    return host[0] != '[' && host[0] != '*' && inet_pton (AF_INET, host, &address) != 1;
}

names_t *names_new (const char *endpoint, int again_ms)
{
    names_t *names = calloc (1, sizeof *names);
    int end = 0;
    if (!names || sscanf (endpoint + strlen (SCHEME), "%255[^:]:%7[0-9]%n", names->host, names->port, &end) != 2 ||
        endpoint[strlen (SCHEME) + (size_t)end] != '\0') {
        free (names);
        return NULL;
    }
    names->again_ms = again_ms;
    names->hints = (struct addrinfo){.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    names->questions[0] = &names->question;
    return names;
}

void names_destroy (names_t **names_p)
{
    names_t *names = *names_p;
    *names_p = NULL;
    if (!names)
        return;
    if (names->is_asking && gai_cancel (&names->question) == EAI_NOTCANCELED)
        return; /* it is being answered: glibc still writes there, and the process is about to end */
    if (names->question.ar_result)
        freeaddrinfo (names->question.ar_result);
    free (names);
}

static void ask (names_t *names)
{
    names->question = (struct gaicb){.ar_name = names->host, .ar_service = names->port, .ar_request = &names->hints};
    names->is_asking = getaddrinfo_a (GAI_NOWAIT, names->questions, 1, NULL) == 0;
}

static void take_answer (names_t *names)
{
    names->count = 0;
    for (struct addrinfo *info = names->question.ar_result; info && names->count < NAMES_MOST; info = info->ai_next) {
        char address[INET_ADDRSTRLEN];
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)info->ai_addr;
        inet_ntop (AF_INET, &in->sin_addr, address, sizeof address);
        snprintf (names->found[names->count++], NAMES_ENDPOINT_SIZE, SCHEME "%s:%s", address, names->port);
    }
    freeaddrinfo (names->question.ar_result);
    names->question.ar_result = NULL;
}

bool names_look (names_t *names, int64_t now, const char (**ret_endpoints)[NAMES_ENDPOINT_SIZE], int *ret_count)
{
    if (!names->is_asking && now >= names->due) {
        names->due = now + names->again_ms;
        ask (names);
    }
    int error = names->is_asking ? gai_error (&names->question) : EAI_INPROGRESS;
    if (error == EAI_INPROGRESS)
        return false;
    names->is_asking = false;
    names->due = now + names->again_ms;
    if ((error != 0) != names->is_unknown) {
        names->is_unknown = error != 0;
        log_line (error ? LEVEL_WARN : LEVEL_INFO, error ? "link.name_unknown" : "link.name_known", "name", names->host,
                  "why", error ? gai_strerror (error) : "", NULL);
    }
    if (error)
        return false;
    take_answer (names);
    *ret_endpoints = (const char (*)[NAMES_ENDPOINT_SIZE])names->found;
    *ret_count = names->count;
    return true;
}
