/* The course in a citizen's words.  See intake_citizen.h.  The titles of the steps are those of the officers' screens
 * (services/gateway/web/src/words.ts): tests/checks/words holds them together. */
#include "intake_citizen.h"

#include <string.h>

#define WAIT_HERE "Tidak ada yang perlu Anda lakukan saat ini."

static const struct stage {
    const char *step, *title;
    struct citizen_words words;
} stages[] = {
    {"verification", "Pemeriksaan berkas", {"Berkas sedang diperiksa petugas verifikasi.", WAIT_HERE}},
    {"completion",
     "Melengkapi berkas",
     {"Berkas dikembalikan untuk dilengkapi.",
      "Bawa kekurangan berkas ke loket kecamatan; waktu layanan berhenti dihitung."}},
    {"inspection",
     "Pemeriksaan lapangan",
     {"Menunggu atau sedang pemeriksaan lapangan.", "Tunggu kedatangan petugas teknis."}},
    {"drafting", "Penyusunan dokumen", {"Dokumen sedang disusun.", WAIT_HERE}},
    {"paraf_kasi", "Paraf Kepala Seksi", {"Dokumen sedang diperiksa Kepala Seksi.", WAIT_HERE}},
    {"paraf_sekcam", "Paraf Sekretaris Kecamatan", {"Dokumen sedang diperiksa Sekretaris Kecamatan.", WAIT_HERE}},
    {"finalizing", "Penomoran dokumen", {"Dokumen sedang diberi nomor.", WAIT_HERE}},
    {"signing", "Tanda tangan Camat", {"Dokumen menunggu tanda tangan Camat.", WAIT_HERE}},
    {"payment",
     "Pembayaran retribusi",
     {"Dokumen siap; retribusi belum dibayar.", "Bayar retribusi di kasir kecamatan."}},
    {"handover",
     "Penyerahan dokumen",
     {"Dokumen siap diambil.", "Ambil dokumen di meja penyerahan dengan membawa tanda terima dan KTP."}},
};

/* The workflow checker lets only known steps through; a newer one still gets honest words. */
static const struct stage unknown_stage = {"", "Proses di kecamatan", {"Permohonan sedang diproses.", WAIT_HERE}};

static const struct stage *stage_of (const char *step)
{
    for (size_t i = 0; step && i < sizeof stages / sizeof *stages; i++)
        if (strcmp (stages[i].step, step) == 0)
            return &stages[i];
    return &unknown_stage;
}

const char *citizen_step (const char *step)
{
    return stage_of (step)->title;
}

const char *citizen_status (enum intake_status status)
{
    static const char *const words[INTAKE_STATUSES + 1] = {
        [INTAKE_INCOMPLETE] = "belum lengkap",  [INTAKE_REGISTERED] = "sedang diproses",
        [INTAKE_DONE] = "dokumen diserahkan",   [INTAKE_REJECTED] = "ditolak",
        [INTAKE_WITHDRAWN] = "dicabut pemohon", [INTAKE_STATUSES] = "",
    };
    return words[status];
}

struct citizen_words citizen_words (enum intake_status status, const char *step)
{
    switch (status) {
    case INTAKE_INCOMPLETE:
        return (struct citizen_words){"Berkas belum lengkap.", "Bawa kekurangan berkas ke loket kecamatan."};
    case INTAKE_REGISTERED:
        return stage_of (step)->words;
    case INTAKE_DONE:
        return (struct citizen_words){"Selesai; dokumen sudah diserahkan.", WAIT_HERE};
    case INTAKE_REJECTED:
        return (struct citizen_words){
            "Permohonan ditolak.",
            "Tanyakan alasan dan dasar hukumnya di loket; Anda boleh mengajukan keberatan lewat saluran pengaduan."};
    case INTAKE_WITHDRAWN:
    case INTAKE_STATUSES:
        break;
    }
    return (struct citizen_words){"Permohonan dicabut oleh pemohon.", WAIT_HERE};
}

const char *intake_nik_words (enum nik_verdict verdict)
{
    switch (verdict) {
    case NIK_OK:
    case NIK_VERDICTS:
        break;
    case NIK_WRONG_LENGTH:
        return "panjangnya harus 16 angka";
    case NIK_NOT_DIGITS:
        return "hanya boleh berisi angka";
    case NIK_SERIAL_ZERO:
        return "nomor urut 0000 tidak pernah diterbitkan";
    case NIK_IMPOSSIBLE_DATE:
        return "tanggal lahir di dalamnya tidak mungkin";
    case NIK_BIRTH_DATE_MISMATCH:
        return "tanggal lahir di dalamnya berbeda dari yang diisi";
    case NIK_SEX_MISMATCH:
        return "jenis kelamin di dalamnya berbeda dari yang diisi";
    }
    return "";
}
