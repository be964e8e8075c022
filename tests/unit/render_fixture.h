/* What the tests of rendering share: the demo templates, the data of one application, a folder, and Debian's own tools as
 * judges.  Everything asserts; what returns text returns it to be freed with g_free (). */
#pragma once

#include "render.h"

#include <stdbool.h>

extern json_t *sample; /* of every field that the demo templates name */
extern const struct render_options options;
extern char *folder; /* of this run */

/* A group's set-up and tear-down: the sample and the folder. */
int set_up (void **state);
int tear_down (void **state);
/* The sample alone. */
bool sample_load (void);

json_t *demo (const char *name);

/* Every document is also checked without being drawn: the same verdict, the same fault. */
int draw (const json_t *template_json, const json_t *data, const struct render_options *how, struct render_output *ret,
          struct template_fault *ret_fault);
/* With the options above; nothing may be refused. */
void render (const json_t *template_json, const json_t *data, struct render_output *ret);
/* In the folder; the path. */
char *save (const struct render_output *output, const char *name);

/* What a command says; it must succeed. */
char *say (const char *format, ...) __attribute__ ((format (printf, 1, 2)));
bool has_line (const char *path, const char *expected);
void assert_sound (const char *path);
/* PDF/A wants each font inside, and level U wants the way back from glyphs to letters. */
void assert_fonts (const char *path);
