/* See names.h. */
#include "common/names.h"

#include "common/log.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SCHEME "tcp://"

/* Owned by both the caller and the thread; the last one frees it. */
struct _names_t {
    char host[256], port[8];
    int again_ms;
    bool is_unknown; /* the thread's own */
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    int owners;
    bool is_new;
    int count;
    char found[NAMES_MOST][NAMES_ENDPOINT_SIZE];
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

/* Gives up one share; the mutex is held. */
static void leave (names_t *names)
{
    bool is_last = --names->owners == 0;
    pthread_cond_signal (&names->wake);
    pthread_mutex_unlock (&names->mutex);
    if (!is_last)
        return;
    pthread_cond_destroy (&names->wake);
    pthread_mutex_destroy (&names->mutex);
    free (names);
}

static void keep_answer (names_t *names, const struct addrinfo *info)
{
    pthread_mutex_lock (&names->mutex);
    for (names->count = 0; info && names->count < NAMES_MOST; info = info->ai_next) {
        char address[INET_ADDRSTRLEN];
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)info->ai_addr;
        inet_ntop (AF_INET, &in->sin_addr, address, sizeof address);
        snprintf (names->found[names->count++], NAMES_ENDPOINT_SIZE, SCHEME "%s:%s", address, names->port);
    }
    names->is_new = true;
    pthread_mutex_unlock (&names->mutex);
}

static void ask (names_t *names)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found = NULL;
    int error = getaddrinfo (names->host, names->port, &hints, &found);
    if (error == 0)
        keep_answer (names, found);
    if (found)
        freeaddrinfo (found);
    if ((error != 0) == names->is_unknown)
        return;
    names->is_unknown = error != 0;
    log_line (error ? LEVEL_WARN : LEVEL_INFO, error ? "link.name_unknown" : "link.name_known", "name", names->host,
              "why", error ? gai_strerror (error) : "", NULL);
}

static void *run (void *argument)
{
    names_t *names = argument;
    pthread_mutex_lock (&names->mutex);
    while (names->owners > 1) {
        pthread_mutex_unlock (&names->mutex);
        ask (names);
        struct timespec next;
        clock_gettime (CLOCK_MONOTONIC, &next);
        next.tv_nsec += names->again_ms % 1000 * 1000000L;
        next.tv_sec += names->again_ms / 1000 + next.tv_nsec / 1000000000L;
        next.tv_nsec %= 1000000000L;
        pthread_mutex_lock (&names->mutex);
        while (names->owners > 1 && pthread_cond_timedwait (&names->wake, &names->mutex, &next) == 0)
            continue;
    }
    leave (names);
    return NULL;
}

/* The thread takes no signals: they are for those who wait for them. */
static int start_thread (names_t *names)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset (&all);
    pthread_sigmask (SIG_SETMASK, &all, &before);
    int error = pthread_create (&thread, NULL, run, names);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (error == 0)
        pthread_detach (thread);
    return error;
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
    names->owners = 2;
    pthread_condattr_t monotonic;
    pthread_condattr_init (&monotonic);
    pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init (&names->wake, &monotonic);
    pthread_condattr_destroy (&monotonic);
    pthread_mutex_init (&names->mutex, NULL);
    if (start_thread (names) == 0)
        return names;
    names->owners = 1;
    pthread_mutex_lock (&names->mutex);
    leave (names);
    return NULL;
}

void names_destroy (names_t **names_p)
{
    names_t *names = *names_p;
    *names_p = NULL;
    if (!names)
        return;
    pthread_mutex_lock (&names->mutex);
    leave (names);
}

int names_look (names_t *names, char ret_endpoints[NAMES_MOST][NAMES_ENDPOINT_SIZE])
{
    int count = -1;
    pthread_mutex_lock (&names->mutex);
    if (names->is_new) {
        count = names->count;
        memcpy (ret_endpoints, names->found, sizeof names->found);
        names->is_new = false;
    }
    pthread_mutex_unlock (&names->mutex);
    return count;
}
