/* The rules of the document station: the life of a draft, of a final document and of its legal number, and how a number
 * is written.
 *
 * A legal number ("nomor surat") belongs to a kecamatan, a series and a year.  It is given once a draft bears both
 * parafs, never before (a refused draft would leave a hole in the agenda) and never twice: a document that is returned
 * or withdrawn leaves its number in the register as void, with the reason.
 *
 * Pure: no I/O, no clock, no allocation.  Roles and places are checked by the caller; what a document says is the
 * template's business, how it looks render.h's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- drafts: the operator's desk ---------------------------------------------------------------------------- */

enum document_draft_state {
    DOCUMENT_DRAFT_OPEN,
    DOCUMENT_DRAFT_SUBMITTED, /* on its way to the parafs; a returned file comes back as a new attempt */
    DOCUMENT_DRAFT_RETURNED,  /* given back to the station before, with a reason */
    DOCUMENT_DRAFT_CLOSED,    /* the application ended elsewhere */
    DOCUMENT_DRAFT_STATES
};

enum document_draft_command {
    DOCUMENT_DRAFT_SUBMIT,
    DOCUMENT_DRAFT_RETURN,
    DOCUMENT_DRAFT_CLOSE, /* by the event application.closed */
    DOCUMENT_DRAFT_COMMANDS
};

struct document_draft_rule {
    bool allowed;
    enum document_draft_state to;
};
struct document_draft_rule document_draft_rule (enum document_draft_state state, enum document_draft_command command);

enum document_draft_verdict {
    DOCUMENT_DRAFT_ACCEPTED,
    DOCUMENT_DRAFT_STALE,    /* what the operator looked at is not what lies on the desk */
    DOCUMENT_DRAFT_TOO_LATE, /* a colleague was first */
    DOCUMENT_DRAFT_ENDED,    /* the application is closed */
    DOCUMENT_DRAFT_VERDICTS
};
/* May an operator submit or return it now?  `seen_attempt` 0: the operator did not say. */
enum document_draft_verdict document_draft_decide (enum document_draft_command command, enum document_draft_state state,
                                                   int attempt, int seen_attempt);

const char *document_draft_state_name (enum document_draft_state state);
bool document_draft_state_parse (const char *name, enum document_draft_state *ret_state);

/* ---- final documents and their numbers ---------------------------------------------------------------------- */

enum document_final_state {
    DOCUMENT_FINAL_REQUESTED, /* has its number, is being rendered */
    DOCUMENT_FINAL_READY,     /* waits for the signature; rendered anew each day */
    DOCUMENT_FINAL_SIGNED,
    DOCUMENT_FINAL_VOID, /* returned, or the application ended unsigned */
    DOCUMENT_FINAL_STATES
};

enum document_final_command {
    DOCUMENT_FINAL_RENDER, /* the first time, or for a new day under the same number */
    DOCUMENT_FINAL_SIGN,
    DOCUMENT_FINAL_CANCEL,
    DOCUMENT_FINAL_COMMANDS
};

enum document_number_state {
    DOCUMENT_NUMBER_ALLOCATED,
    DOCUMENT_NUMBER_USED,
    DOCUMENT_NUMBER_VOID,
    DOCUMENT_NUMBER_STATES
};

struct document_final_rule {
    bool allowed;
    enum document_final_state to;
    enum document_number_state number; /* what the number becomes with it */
};
struct document_final_rule document_final_rule (enum document_final_state state, enum document_final_command command);

const char *document_final_state_name (enum document_final_state state);
bool document_final_state_parse (const char *name, enum document_final_state *ret_state);
const char *document_number_state_name (enum document_number_state state);

/* ---- how a number is written -------------------------------------------------------------------------------- */

#define DOCUMENT_NUMBER_SIZE 101 /* 100 bytes and the NUL */

struct document_number {
    int64_t seq; /* within kecamatan, series and year; from 1 */
    int year;
    const char *roman_month; /* "I" to "XII" */
    const char *unit;        /* unit code of the kecamatan, "433.322"; NULL: there is none */
    const char *code;        /* classification code of the archive; NULL: there is none */
};

enum document_format_verdict {
    DOCUMENT_FORMAT_OK,
    DOCUMENT_FORMAT_MALFORMED,   /* a brace without its partner, an unknown token */
    DOCUMENT_FORMAT_NO_NUMBER,   /* two documents would be called the same */
    DOCUMENT_FORMAT_LACKS_VALUE, /* {unit} or {kode} without one */
    DOCUMENT_FORMAT_TOO_LONG,
    DOCUMENT_FORMAT_VERDICTS
};

/* "400.9.14.1/{nomor:3}/{unit}/{bulan_romawi}/{tahun}" to "400.9.14.1/017/433.322/XI/2026".  Tokens: {nomor},
 * {nomor:N} (at least N digits, 1 to 9), {unit}, {kode}, {bulan_romawi}, {tahun}.  *ret_text is empty unless OK. */
enum document_format_verdict document_number_write (const char *format, const struct document_number *number,
                                                    char ret_text[DOCUMENT_NUMBER_SIZE]);
/* An Indonesian phrase for the one who keeps the formats. */
const char *document_format_verdict_text (enum document_format_verdict verdict);

/* ---- the day changes ---------------------------------------------------------------------------------------- */

/* Milliseconds from `now_ms` (Unix) until shortly after the next local midnight. */
int64_t document_renewal_delay_ms (int64_t now_ms, int offset_minutes);
