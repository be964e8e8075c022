/* What a thread keeps of the published templates: see document_template.h. */
#include "document_template.h"

#include "document_store.h"
#include "template.h"

#include <string.h>

enum { KEPT_MAX = 32 }; /* a version each; the oldest makes room */

struct kept {
    char *code; /* NULL: nothing yet */
    struct document_template template;
};

struct shelf {
    struct kept kept[KEPT_MAX];
    size_t next;
};

static void kept_clear (struct kept *kept)
{
    g_free (kept->code);
    document_template_clear (&kept->template);
}

static void shelf_free (void *pointer)
{
    struct shelf *shelf = pointer;
    for (size_t i = 0; i < KEPT_MAX; i++)
        kept_clear (&shelf->kept[i]);
    g_free (shelf);
}

static GPrivate shelves = G_PRIVATE_INIT (shelf_free); /* struct shelf of each thread */

static struct shelf *shelf_of_thread (void)
{
    struct shelf *shelf = g_private_get (&shelves);
    if (!shelf) {
        shelf = g_new0 (struct shelf, 1);
        g_private_set (&shelves, shelf);
    }
    return shelf;
}

static const struct document_template *find (const struct shelf *shelf, const char *code, int version)
{
    for (size_t i = 0; i < KEPT_MAX && shelf->kept[i].code; i++)
        if (shelf->kept[i].template.version == version && strcmp (shelf->kept[i].code, code) == 0)
            return &shelf->kept[i].template;
    return NULL;
}

/* Takes the template over. */
static const struct document_template *keep (struct shelf *shelf, const char *code, struct document_template template)
{
    struct kept *kept = &shelf->kept[shelf->next++ % KEPT_MAX];
    kept_clear (kept);
    *kept = (struct kept){.code = g_strdup (code), .template = template};
    return &kept->template;
}

/* 1: read and kept; 0: there is no such version; negative. */
static int fetch (struct call *call, const char *code, int version, const struct document_template **ret_template)
{
    AUTO (db_rows) rows = NULL;
    int found = template_find (call->db, code, version, &rows);
    if (found <= 0)
        return found;
    struct document_template template = {.template = db_json (rows, 0, "template"),
                                         .constants = db_json (rows, 0, "constants"),
                                         .version = (int)db_int (rows, 0, "version")};
    template.fields = template_fields (template.template);
    if (!template.fields) { /* a mistake: it was checked when it was published */
        document_template_clear (&template);
        return -1;
    }
    *ret_template = keep (shelf_of_thread (), code, template);
    return 1;
}

int document_template_load (struct call *call, const char *code, int version, struct document_template *ret)
{
    const struct document_template *template = NULL;
    *ret = (struct document_template){0};
    int found = version ? 1 : template_newest (call->db, code, &version);
    if (found > 0)
        template = find (shelf_of_thread (), code, version);
    if (found > 0 && !template)
        found = fetch (call, code, version, &template);
    if (found <= 0)
        return found < 0 ? found : refuse (call, ERR_TEMPLATE_UNKNOWN, "template", code, NULL);
    *ret = (struct document_template){.template = json_incref (template->template),
                                      .constants = json_incref (template->constants),
                                      .fields = json_incref (template->fields),
                                      .version = template->version};
    return 1;
}

void document_template_clear (struct document_template *template)
{
    json_decref (template->template);
    json_decref (template->constants);
    json_decref (template->fields);
    *template = (struct document_template){0};
}
