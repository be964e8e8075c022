/* SMTP through libcurl, see notification_mail.h. */
#include "notification_mail.h"

#include "common/log.h"
#include "common/service.h"
#include "common/text.h"
#include "notification.h"

#include <assert.h>
#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONNECT_SECONDS = 10, WHOLE_SECONDS = 30, HEADER_SIZE = 1200 };

int mail_start (void)
{
    const char *url = conf_text ("PATEN_SMTP_URL");
    if (strncmp (url, "smtp://", 7) != 0 && strncmp (url, "smtps://", 8) != 0) {
        log_line (LEVEL_ERROR, "setting.refused", "name", "PATEN_SMTP_URL", "help",
                  "smtp://host:port or smtps://host:port", NULL);
        return -1;
    }
    if (!notification_address_is_safe (conf_text ("PATEN_MAIL_FROM"))) {
        log_line (LEVEL_ERROR, "setting.refused", "name", "PATEN_MAIL_FROM", "help", "a plain address, name@domain",
                  NULL);
        return -1;
    }
    return curl_global_init (CURL_GLOBAL_DEFAULT) == CURLE_OK && sodium_init () >= 0 ? 0 : -1;
}

/* ---- headers ------------------------------------------------------------------------------------------------ */

static bool is_plain (const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e)
            return false;
    return true;
}

/* "Subject: ..." as RFC 2047 wants it: encoded words of at most 75 characters, none of which ends within a letter. */
static void subject_header (const char *subject, char ret_header[HEADER_SIZE])
{
    enum { WORD_BYTES = 42 };
    size_t size = strlen (subject), used = (size_t)snprintf (ret_header, HEADER_SIZE, "Subject:");
    if (is_plain (subject)) {
        snprintf (ret_header + used, HEADER_SIZE - used, " %s", subject);
        return;
    }
    for (size_t at = 0, length; at < size && used + 100 < HEADER_SIZE; at += length) {
        char word[sodium_base64_ENCODED_LEN (WORD_BYTES, sodium_base64_VARIANT_ORIGINAL)];
        length = text_cut (subject + at, size - at, WORD_BYTES);
        if (length == 0)
            break;
        sodium_bin2base64 (word, sizeof word, (const unsigned char *)subject + at, length,
                           sodium_base64_VARIANT_ORIGINAL);
        used +=
            (size_t)snprintf (ret_header + used, HEADER_SIZE - used, "%s =?utf-8?B?%s?=", at > 0 ? "\r\n" : "", word);
    }
}

static struct curl_slist *header_add (struct curl_slist *list, const char *header)
{
    struct curl_slist *longer = curl_slist_append (list, header);
    assert (longer != NULL);
    return longer;
}

static struct curl_slist *headers_new (const struct mail *mail, const char *from)
{
    char header[HEADER_SIZE], date[64];
    time_t seconds = (time_t)(mail->date_ms / 1000);
    struct tm utc;
    gmtime_r (&seconds, &utc);
    strftime (date, sizeof date, "Date: %a, %d %b %Y %H:%M:%S +0000", &utc);
    struct curl_slist *list = header_add (NULL, date);
    snprintf (header, sizeof header, "From: PATEN <%s>", from);
    list = header_add (list, header);
    snprintf (header, sizeof header, "To: <%s>", mail->to);
    list = header_add (list, header);
    subject_header (mail->subject, header);
    list = header_add (list, header);
    snprintf (header, sizeof header, "Message-ID: <%s%s>", mail->id, strchr (from, '@'));
    list = header_add (list, header);
    return header_add (list, "Auto-Submitted: auto-generated"); /* RFC 3834: no out-of-office answers */
}

/* ---- sending ------------------------------------------------------------------------------------------------ */

static void set_server (CURL *curl)
{
    const char *user = conf_text ("PATEN_SMTP_USER");
    curl_easy_setopt (curl, CURLOPT_URL, conf_text ("PATEN_SMTP_URL"));
    curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long)WHOLE_SECONDS);
    curl_easy_setopt (curl, CURLOPT_USE_SSL, (long)(user[0] != '\0' ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (user[0] == '\0')
        return;
    curl_easy_setopt (curl, CURLOPT_USERNAME, user);
    curl_easy_setopt (curl, CURLOPT_PASSWORD, conf_text ("PATEN_SMTP_PASSWORD"));
}

/* With the line ends of mail, CRLF; free () it. */
static char *mail_lines (const char *text)
{
    size_t lines = 0, used = 0;
    for (const char *at = text; *at != '\0'; at++)
        lines += *at == '\n';
    char *copy = malloc (strlen (text) + lines + 1);
    assert (copy != NULL);
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            copy[used++] = '\r';
        copy[used++] = *text;
    }
    copy[used] = '\0';
    return copy;
}

static curl_mime *text_part (CURL *curl, const char *text)
{
    AUTO_FREE char *lines = mail_lines (text);
    curl_mime *mime = curl_mime_init (curl);
    curl_mimepart *part = mime != NULL ? curl_mime_addpart (mime) : NULL;
    assert (part != NULL);
    curl_mime_data (part, lines, CURL_ZERO_TERMINATED); /* copies */
    curl_mime_type (part, "text/plain; charset=utf-8");
    curl_mime_encoder (part, "quoted-printable");
    return mime;
}

/* A server that sends us away before the envelope (a greeting of 554, EHLO refused) speaks of itself or of us, whatever
 * its digits: libcurl tells a refused envelope by CURLE_SEND_ERROR, a refused content by a reply after bytes of it. */
static bool is_about_the_message (CURL *curl, CURLcode code)
{
    curl_off_t sent = 0;
    curl_easy_getinfo (curl, CURLINFO_SIZE_UPLOAD_T, &sent);
    return code == CURLE_SEND_ERROR || (code == CURLE_WEIRD_SERVER_REPLY && sent > 0);
}

void mail_send (const struct mail *mail, struct mail_result *ret)
{
    const char *from = conf_text ("PATEN_MAIL_FROM");
    CURL *curl = curl_easy_init ();
    assert (curl != NULL);
    struct curl_slist *headers = headers_new (mail, from);
    struct curl_slist *recipients = header_add (NULL, mail->to);
    curl_mime *mime = text_part (curl, mail->text);
    set_server (curl);
    curl_easy_setopt (curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt (curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt (curl, CURLOPT_MIMEPOST, mime);

    CURLcode code = curl_easy_perform (curl);
    *ret = (struct mail_result){.completed = code == CURLE_OK};
    curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &ret->smtp_code);
    if (code != CURLE_OK)
        snprintf (ret->note, sizeof ret->note, "SMTP %ld: %s", ret->smtp_code, curl_easy_strerror (code));
    if (code != CURLE_OK && !is_about_the_message (curl, code))
        ret->smtp_code = 0;
    curl_easy_cleanup (curl);
    curl_mime_free (mime);
    curl_slist_free_all (recipients);
    curl_slist_free_all (headers);
}
