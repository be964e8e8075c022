/* What the files page*.c share: reading a reply, the parts of several pages, and the body of each kind of page. */
#pragma once

#include "html.h"
#include "page.h"

#include <stdbool.h>

/* A member's text or NULL; whether it is that text. */
const char *page_member (const json_t *object, const char *name);
bool page_says (const json_t *object, const char *name, const char *value);

/* page_document.c, page_tracking.c: everything between header and footer, made of a service's reply. */
void page_document (FILE *out, const json_t *document);
void page_file (FILE *out, const json_t *said);
void page_tracking (FILE *out, const json_t *said);

/* page_place.c */
void page_home (FILE *out, const json_t *said);
void page_kecamatan (FILE *out, const json_t *said);
void page_service (FILE *out, const json_t *said);

/* page_board.c */
void page_board (FILE *out, const json_t *said, const char *public_url);
void page_service_board (FILE *out, const json_t *said, const char *public_url);

/* page_standard.c: the parts of a standar pelayanan that pages and boards show alike. */

/* "60 menit", "1 hari kerja". */
void page_duration (FILE *out, const json_t *published);
/* "Senin sampai Jumat pukul 07.30–15.00 WIB", and the office's note. */
void page_hours (FILE *out, const json_t *kecamatan);
/* A heading and the requirements of a service's published standard, with how and whether each must be brought. */
void page_requirements (FILE *out, const json_t *published);
void page_flow (FILE *out, const json_t *procedure);
void page_maklumat (FILE *out, const json_t *kecamatan);
/* "/kecamatan/35.29.22", and below it "/layanan/sktm" unless `service` is NULL; escaped. */
void page_address (FILE *out, const json_t *kecamatan, const char *service);
