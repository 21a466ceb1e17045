/* An incident on its way to paper: its JSON, and what is looked up in it by id. */
#ifndef ISN_CLI_SHEET_H
#define ISN_CLI_SHEET_H

#include "cli/words.h"

typedef struct sheet {
    program *program;
    FILE *out;
    const terminal *screen;
    json_t *incident;
    json_t *claims;    /* id → claim */
    json_t *documents; /* id → its number in the list, from 1 */
    json_t *marks;     /* claim's id → {"start", "end"} of its figure in the document's text, and "who" */
} sheet;

/* `incident` is borrowed; the tables are freed by sheet_free. Where the figures stand in the documents is
 * asked of the ledger: a document that cannot be had goes without marks. */
sheet sheet_of(program *p, isn_ledger *ledger, json_t *incident);
void sheet_free(sheet *s);

/* 0 and NULL: not among the incident's documents. */
long long document_number(const sheet *s, const char *id);
const json_t *document_of(const sheet *s, const char *id);

void put_heading(const sheet *s, const char *heading);
/* Who says it: "the governor (government)", "Wadi Agency (in its own words)". */
void put_voice(const sheet *s, const json_t *claim);

/* The section that draws how each voice's word came to the documents; nothing where all of them heard theirs.
 */
void put_chains(const sheet *s);

#endif
