/* Can the process with this environment do its work?  Asks http://PATEN_MONITOR_LISTEN/ready, as its container's health
 * check does, and passes on what was said: exit 0 ready, 1 not ready or no answer within 3 s, 2 nothing to ask.
 *     paten_ready [HOST:PORT]        without an argument: PATEN_MONITOR_LISTEN */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { WAIT_SECONDS = 3, EXIT_NOTHING_TO_ASK = 2 };

/* "host:port", "[host]:port" or ":port" (this machine; as are 0.0.0.0 and [::]) → a connected socket, or -1. */
static int connect_to (const char *address)
{
    char host[256];
    const char *colon = strrchr (address, ':');
    size_t size = colon ? (size_t)(colon - address) : sizeof host;
    if (size >= sizeof host)
        return -1;
    int is_bracketed = size >= 2 && address[0] == '[' && colon[-1] == ']';
    snprintf (host, sizeof host, "%.*s", (int)size - 2 * is_bracketed, address + is_bracketed);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *found = NULL;
    if (getaddrinfo (*host ? host : NULL, colon + 1, &hints, &found) != 0)
        return -1;
    int handle = -1;
    for (const struct addrinfo *one = found; one && handle < 0; one = one->ai_next) {
        const struct timeval wait = {.tv_sec = WAIT_SECONDS};
        handle = socket (one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (handle >= 0 && (setsockopt (handle, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) < 0 ||
                            setsockopt (handle, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) < 0 ||
                            connect (handle, one->ai_addr, one->ai_addrlen) < 0)) {
            close (handle);
            handle = -1;
        }
    }
    freeaddrinfo (found);
    return handle;
}

/* The whole answer, as far as it fits; "" if there was none. */
static void ask (int handle, char *answer, size_t room)
{
    static const char question[] = "GET /ready HTTP/1.0\r\n\r\n";
    size_t used = 0;
    ssize_t got = send (handle, question, sizeof question - 1, MSG_NOSIGNAL);
    while (got > 0 && used < room - 1 && (got = recv (handle, answer + used, room - 1 - used, 0)) > 0)
        used += (size_t)got;
    answer[used] = '\0';
}

int main (int argc, char **argv)
{
    const char *address = argc == 2 ? argv[1] : getenv ("PATEN_MONITOR_LISTEN");
    if (argc > 2 || !address || !*address) {
        fprintf (stderr, "usage: paten_ready [HOST:PORT] (without it: PATEN_MONITOR_LISTEN, which is not set)\n");
        return EXIT_NOTHING_TO_ASK;
    }
    char answer[2048] = "";
    int status = 0, handle = connect_to (address);
    if (handle >= 0) {
        ask (handle, answer, sizeof answer);
        close (handle);
    }
    if (sscanf (answer, "HTTP/1.%*d %d", &status) != 1) {
        printf ("%s does not answer\n", address);
        return EXIT_FAILURE;
    }
    const char *body = strstr (answer, "\r\n\r\n");
    printf ("%s", body ? body + 4 : "\n");
    return status == 200 ? EXIT_SUCCESS : EXIT_FAILURE;
}
