/* A verdict of the rules as an answer: see inspection_refusal.h. */
#include "inspection_refusal.h"

#include "common/local_time.h"
#include "common/station.h"

#include <assert.h>

static int refuse_letter_in_force (struct call *call, const struct visit_locked *visit)
{
    char when[LOCAL_TIME_WORDS_SIZE];
    local_time_words (visit->visit.letter_at_ms, when);
    return refuse_field (call, ERR_VISIT_SCHEDULED, "/replaces", "who", visit->issued_by_name, "when", when, "letter",
                         visit->visit.letter_number, NULL);
}

static int refuse_value (struct call *call, const char *pointer, const char *why)
{
    return refuse_field (call, ERR_SCHEMA_VIOLATION, pointer, "why", why, NULL);
}

static int refuse_photo (struct call *call, size_t index, const char *why)
{
    char pointer[32];
    snprintf (pointer, sizeof pointer, "/photos/%zu", index);
    return refuse_value (call, pointer, why);
}

int inspection_refuse (struct call *call, const struct inspection_answer *answer, const struct visit_locked *visit)
{
    switch (answer->verdict) {
    case INSPECTION_CASE_CLOSED:
        return refuse (call, ERR_APPLICATION_CLOSED, "status", "ditutup sebelum cek lapangan dicatat", NULL);
    case INSPECTION_ALREADY_RECORDED:
        return station_refuse_decided (call, visit->recorded_by_name, visit->recorded_at_ms);
    case INSPECTION_NOT_SCHEDULED:
        return refuse (call, ERR_STEP_OUT_OF_ORDER, "step", "penjadwalan cek lapangan", NULL);
    case INSPECTION_LETTER_IN_FORCE:
        return refuse_letter_in_force (call, visit);
    case INSPECTION_LETTER_NOT_FOUND:
        return refuse_value (call, "/replaces", "belum ada surat tugas yang dapat diganti");
    case INSPECTION_DATE_PAST:
        return refuse_value (call, "/date", "tanggal kunjungan sudah lewat");
    case INSPECTION_DATE_FAR:
        return refuse_value (call, "/date", "tanggal kunjungan lebih dari setahun lagi");
    case INSPECTION_VISIT_BEFORE_LETTER:
        return refuse_value (call, "/visited_at", "kunjungan mendahului surat tugas");
    case INSPECTION_VISIT_IN_FUTURE:
        return refuse_value (call, "/visited_at", "waktu kunjungan belum terjadi");
    case INSPECTION_REASON_REQUIRED:
        return refuse_value (call, "/reason", "wajib diisi bila ditolak");
    case INSPECTION_REASON_FORBIDDEN:
        return refuse_value (call, "/reason", "hanya untuk hasil ditolak");
    case INSPECTION_LEGAL_BASIS_REQUIRED:
        return refuse_value (call, "/legal_basis", "wajib diisi bila ditolak");
    case INSPECTION_LEGAL_BASIS_FORBIDDEN:
        return refuse_value (call, "/legal_basis", "hanya untuk hasil ditolak");
    case INSPECTION_PHOTO_FOREIGN:
        return refuse_photo (call, answer->index, "foto ini milik kecamatan lain");
    case INSPECTION_PHOTO_NONE:
        return refuse_photo (call, answer->index, "berkas ini bukan foto cek lapangan");
    case INSPECTION_ACCEPTED:
    case INSPECTION_VERDICTS:
        break;
    }
    assert (!"a refusal");
    return -1;
}
