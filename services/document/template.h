/* A template: the JSON document from which a letter, a receipt or a form is drawn.  This file knows its shape;
 * template_text.h knows the text in it, render.h draws.  proto/template.json says the same as a JSON Schema for
 * editors; templates.md explains it to people.
 *
 * { "name": …, "page": {…}, "footer": {…}, "blocks": [ { "type": "p", "text": … }, … ] } */
#pragma once

#include "template_text.h"

enum { TEMPLATE_BLOCKS_MAX = 300, TEMPLATE_DEPTH_MAX = 8, TEMPLATE_TEXT_MAX = 4000 };

/* Checks a whole template: members, types, ranges, texts, field names, limits.  Returns TEMPLATE_OK or
 * TEMPLATE_MALFORMED with the place and the reason.  Data is not looked at. */
int template_check (const json_t *template_json, struct template_fault *ret_fault);

/* The fields that a checked template reads, sorted by name: an array of {"field", "format", "optional"}, one row per
 * field and format. Elements of lists are named "requirements[].name".  "optional" is false when some use is neither
 * marked "?" nor inside an "if" (a required field inside a list concerns each element that is there).  A new reference,
 * or NULL when the template is malformed. */
json_t *template_fields (const json_t *template_json);
