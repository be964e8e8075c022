/* bench_httpd: libmicrohttpd answering alone, with the flags and the header fields that the gateway uses; what is left
 * when everything behind the gateway is taken away.
 *
 * bench_httpd PORT      on 127.0.0.1; ends at the end of its standard input */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum MHD_Result on_access (void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *upload_size, void **request)
{
    (void)context, (void)url, (void)method, (void)version, (void)upload, (void)upload_size;
    static char seen;
    if (!*request) { /* the head alone; the answer comes with the next call, as libmicrohttpd wants it */
        *request = &seen;
        return MHD_YES;
    }
    static char body[] = "{\"services\":[]}";
    struct MHD_Response *response = MHD_create_response_from_buffer (strlen (body), body, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header (response, "Content-Type", "application/json");
    MHD_add_response_header (response, "Cache-Control", "public, max-age=60");
    enum MHD_Result result = MHD_queue_response (connection, MHD_HTTP_OK, response);
    MHD_destroy_response (response);
    return result;
}

int main (int argc, char **argv)
{
    if (argc != 2) {
        fprintf (stderr, "usage: bench_httpd PORT\n");
        return 2;
    }
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons ((uint16_t)strtoul (argv[1], NULL, 10)),
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon =
        MHD_start_daemon (MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
                          on_access, NULL, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END);
    if (!daemon)
        return 1;
    while (getchar () != EOF)
        ;
    MHD_stop_daemon (daemon);
    return 0;
}
