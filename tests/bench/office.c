/* Sessions and requests of the load generator, see office.h. */
#include "office.h"

#include "common/id.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ANSWER_LIMIT_US = 30 * 1000000 };

static const char *const desk_names[DESKS] = {"loket",  "verifikator", "operator",  "kasi",
                                              "sekcam", "camat",       "penyerahan"};

/* A PNG of one grey pixel. */
static const unsigned char paper[] = {
    0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0x00, 0x00, 0x00, 0x0d, 'I',  'H',  'D',  'R',  0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00,
    0x00, 0x00, 0x0a, 'I',  'D',  'A',  'T',  0x78, 0x9c, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81,
    0x77, 0xcd, 0x72, 0xb6, 0x00, 0x00, 0x00, 0x00, 'I',  'E',  'N',  'D',  0xae, 0x42, 0x60, 0x82};

void request_write (struct request *request, const char *host, const char *method, const char *path, const char *token,
                    const char *body)
{
    char key[64] = "", bearer[160] = "", length[96] = "", uuid[ID_UUID_SIZE];
    if (token)
        snprintf (bearer, sizeof bearer, "Authorization: Bearer %s\r\n", token);
    if (token && !strcmp (method, "POST")) {
        struct timespec now;
        clock_gettime (CLOCK_REALTIME, &now);
        id_uuid7 ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, uuid);
        snprintf (key, sizeof key, "Idempotency-Key: %s\r\n", uuid);
    }
    if (body)
        snprintf (length, sizeof length, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen (body));
    int size = snprintf (request->bytes, sizeof request->bytes, "%s %s HTTP/1.1\r\nHost: %s\r\n%s%s%s\r\n%s", method,
                         path, host, bearer, key, length, body ? body : "");
    if (size < 0 || (size_t)size >= sizeof request->bytes) {
        fprintf (stderr, "a request for %s is larger than %zu bytes\n", path, sizeof request->bytes);
        abort ();
    }
    request->size = (size_t)size;
}

/* Invented people: women born in August of the years 1960 to 1999, NIK of the office's own kecamatan (day + 40). */
void office_registration (const struct office *office, unsigned serial, char *body, size_t size)
{
    unsigned day = 1 + serial % 28, year = 60 + serial / 28 % 40, number = 1 + serial / (28 * 40) % 9999;
    char region[8];
    snprintf (region, sizeof region, "%.2s%.2s%.2s", office->kecamatan, office->kecamatan + 3, office->kecamatan + 6);
    snprintf (
        body, size,
        "{\"kecamatan\":\"%s\",\"service\":\"sktm\",\"applicant\":{\"nik\":\"%s%02u08%02u%04u\","
        "\"name\":\"Warga Contoh %u\",\"birth_place\":\"Sumenep\",\"birth_date\":\"19%02u-08-%02u\",\"sex\":\"P\","
        "\"address\":\"Dusun Contoh RT 002 RW 001\",\"job\":\"Petani\",\"phone\":\"081200000000\"},"
        "\"form\":{\"purpose\":\"Pengajuan keringanan biaya pendidikan\","
        "\"village_letter_issuer\":\"Kepala Desa Contoh\",\"village_letter_number\":\"470/%u/2026\","
        "\"village_letter_date\":\"2026-01-05\"},"
        "\"requirements\":[{\"code\":\"pengantar_desa\",\"file\":\"%s\"},"
        "{\"code\":\"ktp\",\"original_seen\":true},{\"code\":\"kk\",\"original_seen\":true}]}",
        office->kecamatan, region, day + 40, year, number, serial, year, day, serial, office->file);
}

struct outcome {
    bool done;
    int status;
    int64_t took_us;
    json_t *json;
    char words[400]; /* of an answer that was not wanted */
};

static void keep_answer (void *context, const struct http_answer *answer)
{
    struct outcome *outcome = context;
    outcome->done = true;
    outcome->status = answer->status;
    outcome->took_us = answer->took_us;
    outcome->json = json_loadb (answer->body, answer->size, 0, NULL);
    snprintf (outcome->words, sizeof outcome->words, "%s", answer->body);
}

json_t *office_exchange (http_client_t *client, const struct request *request, int64_t *ret_took_us)
{
    struct outcome outcome = {0};
    int64_t end = http_client_now_us () + ANSWER_LIMIT_US;
    int error = http_client_send (client, request->bytes, request->size, keep_answer, &outcome);
    while (!error && !outcome.done)
        error = http_client_now_us () > end ? -ETIMEDOUT : http_client_wait (client, 100);
    if (error == -ETIMEDOUT)
        exit (1); /* the answer may still come, into an outcome that is gone */
    if (ret_took_us)
        *ret_took_us = outcome.took_us;
    if (!error && outcome.json && outcome.status >= 200 && outcome.status < 300)
        return outcome.json;
    json_decref (outcome.json);
    fprintf (stderr, "%.*s: %s (%d) %s\n", (int)strcspn (request->bytes, "\r"), request->bytes,
             error ? strerror (-error) : "refused", outcome.status, outcome.words);
    return NULL;
}

static int sign_in (struct office *office, enum desk desk, http_client_t *client, const char *host,
                    const char *password)
{
    struct request request;
    char username[80];
    snprintf (username, sizeof username, "%s.%s", desk_names[desk], office->suffix);
    json_auto_t *body = json_pack ("{s:s, s:s}", "username", username, "password", password);
    char *text = json_dumps (body, JSON_COMPACT);
    request_write (&request, host, "POST", "/v1/sessions", NULL, text);
    free (text);
    json_auto_t *answer = office_exchange (client, &request, NULL);
    const char *token = json_string_value (json_object_get (answer, "token"));
    office->token[desk] = token ? strdup (token) : NULL;
    return office->token[desk] ? 0 : -EACCES;
}

/* The only request whose body is no text. */
static int upload_paper (struct office *office, http_client_t *client, const char *host)
{
    struct request request;
    int size = snprintf (request.bytes, sizeof request.bytes,
                         "POST /v1/files?purpose=requirement&kecamatan=%s&name=pengantar.png HTTP/1.1\r\nHost: %s\r\n"
                         "Authorization: Bearer %s\r\nContent-Type: application/octet-stream\r\n"
                         "Content-Length: %zu\r\n\r\n",
                         office->kecamatan, host, office->token[LOKET], sizeof paper);
    memcpy (request.bytes + size, paper, sizeof paper);
    request.size = (size_t)size + sizeof paper;
    json_auto_t *answer = office_exchange (client, &request, NULL);
    const char *file = json_string_value (json_object_get (answer, "file"));
    snprintf (office->file, sizeof office->file, "%s", file ? file : "");
    return file ? 0 : -EIO;
}

int office_open (struct office *office, http_client_t *client, const char *host, const char *password)
{
    int error = 0;
    for (enum desk desk = LOKET; !error && desk < DESKS; desk++)
        error = sign_in (office, desk, client, host, password);
    return error ? error : upload_paper (office, client, host);
}

void office_close (struct office *office)
{
    for (enum desk desk = LOKET; desk < DESKS; desk++)
        free (office->token[desk]);
}
