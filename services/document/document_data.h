/* From what the services know to the data that a template reads (templates.md, "The shape of the data").  Trees in, trees
 * out: no database, nobody is asked.  Only what documents print is taken over; the rest of a file stays at its owner. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What becomes of the paper: signed electronically, or printed to be signed by hand (or by nobody). */
enum data_use { DATA_SIGNED, DATA_PRINTED };

/* From the reply of intake.case.get.  A new reference. */
json_t *data_from_case (const json_t *file, enum data_use use);

/* Does the template read this field or one within it ("inspection", "facts.conditions")?  `fields`: template_fields (). */
bool data_reads (const json_t *fields, const char *path);

/* What the operator filled in belongs to the form; where the template reads facts.NAME or applicant.NAME and the file
 * has none, it fills that gap.  What the file says of the person and the facts is never replaced. */
void data_add_filled (json_t *data, const json_t *filled, const json_t *fields);

void data_add_inspection (json_t *data, const json_t *visit); /* "visit" of inspection.visit.get */
void data_add_bill (json_t *data, const json_t *bill);        /* "bill" and "receipt" of payment.bill.get */
void data_add_receipt (json_t *data, const json_t *receipt);
/* The fee as the tariff's formula gives it from data.facts, for documents that name it before there is a bill. */
void data_add_tariff (json_t *data, const json_t *tariff);
void data_add_signer (json_t *data, const json_t *signer); /* reply of signing.signer.resolve */
void data_add_document (json_t *data, const char *number, const char *dated);
void data_add_officer (json_t *data, const char *name);
/* What was published with the template: {"emblem_svg", "settings": {...}}. */
void data_add_constants (json_t *data, const json_t *constants);
/* verify_url and track_url below the public address; `token` NULL: nothing to verify, it leads to the tracking page. */
void data_add_addresses (json_t *data, const char *public_url, const char *token);

/* Names of the fields that the template needs and the data lack; what is known only when it is printed does not count. */
json_t *data_missing (const json_t *data, const json_t *fields);

/* JSON with sorted keys and no spaces: equal trees are equal texts.  malloc. */
char *data_canonical (const json_t *value);
