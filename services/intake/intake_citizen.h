/* What the public tracking page says: the course in a citizen's words, without personal data.  Also why a NIK is
 * impossible.  Pure tables. */
#pragma once

#include "common/nik.h"
#include "intake.h"

struct citizen_words {
    const char *status; /* where it is: "Berkas sedang diperiksa" */
    const char *next;   /* what the citizen does now */
};

/* `step` is looked at only while registered. */
struct citizen_words citizen_words (enum intake_status status, const char *step);

/* How a case ended, after "sudah selesai": "ditolak". */
const char *citizen_status (enum intake_status status);

/* A step's title: "Pemeriksaan berkas". */
const char *citizen_step (const char *step);

/* "panjangnya harus 16 angka" */
const char *intake_nik_words (enum nik_verdict verdict);
