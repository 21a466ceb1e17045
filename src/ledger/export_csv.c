/* CSV for spreadsheets: one row a record, named columns that never change their order, RFC 4180's quoting,
 * dates as ISO text.
 *
 * A cell that a spreadsheet would take for a formula (it begins with = + - @, their wide forms, a tab or a
 * carriage return) gets an apostrophe before it, but for plain numbers; options.raw leaves it. Control
 * characters become spaces. With options.hxl a second row of headers holds the hashtags of the Humanitarian
 * Exchange Language, by which tables of several organisations are joined. */
#include "ledger/export.h"

static const column incident_columns[] = {
    {"id", "id", NULL, "#event+id"},
    {"event", "event", NULL, "#event+type"},
    {"date", "date", NULL, "#date+occurred"},
    {"date_precision", "date_precision", NULL, "#date+precision"},
    {"country", "place.country", NULL, "#country+code"},
    {"admin1", "place.admin1", NULL, "#adm1+name"},
    {"place", "place.name", NULL, "#loc+name"},
    {"place_ar", "place.name_ar", NULL, "#loc+name+i_ar"},
    {"place_kind", "place.kind", NULL, "#loc+type"},
    {"place_id", "place.id", NULL, "#loc+code"},
    {"lat", "place.lat", NULL, "#geo+lat"},
    {"lon", "place.lon", NULL, "#geo+lon"},
    {"radius_km", "place.radius_km", NULL, "#geo+radius"},
    {"actors", "actors", "text", "#group+actor"},
    {"documents", "documents", "id", "#meta+id"},
    {"outlets", "documents", "outlet", "#meta+source"},
    {"voices_told", "voices.told", NULL, "#meta+voices+num"},
    {"voices_independent", "voices.independent", NULL, "#meta+voices+independent+num"},
    {"killed_low", "estimates", "killed.low", "#affected+killed+min"},
    {"killed_high", "estimates", "killed.high", "#affected+killed+max"},
    {"killed_high_open", "estimates", "killed.high_open", "#affected+killed+max+open"},
    {"injured_low", "estimates", "injured.low", "#affected+injured+min"},
    {"injured_high", "estimates", "injured.high", "#affected+injured+max"},
    {"injured_high_open", "estimates", "injured.high_open", "#affected+injured+max+open"},
    {"missing_low", "estimates", "missing.low", "#affected+missing+min"},
    {"missing_high", "estimates", "missing.high", "#affected+missing+max"},
    {"detained_low", "estimates", "detained.low", "#affected+detained+min"},
    {"detained_high", "estimates", "detained.high", "#affected+detained+max"},
    {"displaced_low", "estimates", "displaced.low", "#affected+displaced+min"},
    {"displaced_high", "estimates", "displaced.high", "#affected+displaced+max"},
    {"disagreements", "disagreements", "on", "#meta+disputed"},
    {"status", "status", NULL, "#status"},
    {"killed_best", "estimates", "killed.best", "#affected+killed+best"},
    {"injured_best", "estimates", "injured.best", "#affected+injured+best"},
    {"missing_best", "estimates", "missing.best", "#affected+missing+best"},
    {"detained_best", "estimates", "detained.best", "#affected+detained+best"},
    {"displaced_best", "estimates", "displaced.best", "#affected+displaced+best"},
    {"estimate_rule", "method.estimate", NULL, "#meta+rule"},
    {"casualties_low", "estimates", "casualties.low", "#affected+casualties+min"},
    {"casualties_high", "estimates", "casualties.high", "#affected+casualties+max"},
    {"casualties_high_open", "estimates", "casualties.high_open", "#affected+casualties+max+open"},
    {"casualties_best", "estimates", "casualties.best", "#affected+casualties+best"},
    {"grade", "grade", NULL, "#meta+grade"},
    {"history", "history", NULL, "#meta+history+num"},
    {"assignee", "assignee", NULL, "#contact+assignee"},
    {"sensitive", "sensitive", NULL, "#meta+sensitive"},
};
static const column claim_columns[] = {
    {"incident", "incident", NULL, "#event+id"},
    {"id", "id", NULL, "#claim+id"},
    {"document", "document", NULL, "#meta+id"},
    {"version", "version", NULL, "#meta+version+num"},
    {"superseded", "superseded", NULL, "#meta+superseded"},
    {"effect", "effect", NULL, "#affected+type"},
    {"class", "class", NULL, "#population+type"},
    {"group", "group", NULL, "#population+group"},
    {"min", "min", NULL, "#affected+min"},
    {"max", "max", NULL, "#affected+max"},
    {"approx", "approx", NULL, "#affected+approx"},
    {"stance", "stance", NULL, "#claim+stance"},
    {"scope", "scope", NULL, "#claim+scope"},
    {"part_of", "part_of", NULL, "#claim+parent+id"},
    {"event", "event", NULL, "#event+type"},
    {"date", "date", NULL, "#date+occurred"},
    {"country", "place.country", NULL, "#country+code"},
    {"place", "place.name", NULL, "#loc+name"},
    {"place_ar", "place.name_ar", NULL, "#loc+name+i_ar"},
    {"lat", "place.lat", NULL, "#geo+lat"},
    {"lon", "place.lon", NULL, "#geo+lon"},
    {"radius_km", "place.radius_km", NULL, "#geo+radius"},
    {"actor", "actor.text", NULL, "#group+actor"},
    {"actor_hedged", "actor.hedged", NULL, "#group+actor+hedged"},
    {"voice_id", "voice.id", NULL, "#meta+source+id"},
    {"voice", "voice.text", NULL, "#meta+source"},
    {"voice_kind", "voice.kind", NULL, "#meta+source+type"},
    {"via", "via", "text", "#meta+source+via"},
    {"independent", "independent", NULL, "#meta+source+independent+num"},
    {"evidence", "evidence.text", NULL, "#description+evidence"},
    {"evidence_start", "evidence.start", NULL, "#description+evidence+start"},
    {"evidence_end", "evidence.end", NULL, "#description+evidence+end"},
    {"verdict", "verdict", NULL, "#status"},
    {"min_read", "as_read.min", NULL, "#affected+min+read"},
    {"max_read", "as_read.max", NULL, "#affected+max+read"},
    {"as_read", "as_read", NULL, "#meta+read"},
    {"assignee", "assignee", NULL, "#contact+assignee"},
    {"sensitive", "sensitive", NULL, "#meta+sensitive"},
};
static const column document_columns[] = {
    {"id", "id", NULL, NULL},
    {"version", "version", NULL, NULL},
    {"versions", "versions", NULL, NULL},
    {"url", "url", NULL, NULL},
    {"outlet", "outlet", NULL, NULL},
    {"title", "title", NULL, NULL},
    {"language", "language", NULL, NULL},
    {"published", "published", NULL, NULL},
    {"sha256", "sha256", NULL, NULL},
    {"copy_of", "copy_of", NULL, NULL},
    {"claims", "claims", NULL, NULL},
    {"incidents", "incidents", "", NULL},
};
static const column voice_columns[] = {
    {"id", "id", NULL, NULL},
    {"incident", "incident", NULL, NULL},
    {"text", "text", NULL, NULL},
    {"kind", "kind", NULL, NULL},
    {"independent", "independent", NULL, NULL},
    {"weak", "weak", NULL, NULL},
    {"origin_unknown", "origin_unknown", NULL, NULL},
    {"claims", "claims", "", NULL},
    {"documents", "documents", "", NULL},
};
static const column chain_columns[] = {
    {"incident", "incident", NULL, NULL}, {"claim", "claim", NULL, NULL},
    {"step", "step", NULL, NULL},         {"voice", "voice", NULL, NULL},
    {"text", "text", NULL, NULL},         {"how", "how", NULL, NULL},
    {"document", "document", NULL, NULL}, {"independent", "independent", NULL, NULL},
};
static const column tombstone_columns[] = {
    {"id", "id", NULL, NULL},
    {"successors", "successors", "", NULL},
};
static const column summary_columns[] = {
    {"id", "id", NULL, NULL},
    {"event", "event", NULL, NULL},
    {"date", "date", NULL, NULL},
    {"country", "place.country", NULL, NULL},
    {"place", "place.name", NULL, NULL},
    {"place_ar", "place.name_ar", NULL, NULL},
    {"documents", "documents", NULL, NULL},
    {"voices_independent", "voices.independent", NULL, NULL},
    {"disagreements", "disagreements", NULL, NULL},
    {"title", "title", NULL, NULL},
    {"status", "status", NULL, NULL},
    {"grade", "grade", NULL, NULL},
};
static const struct {
    const column *at;
    size_t size;
} tables[] = {
#define TABLE(columns)                                                                                       \
    { columns, sizeof columns / sizeof *columns }
    [LEDGER_INCIDENTS] = TABLE(incident_columns),   [LEDGER_CLAIMS] = TABLE(claim_columns),
    [LEDGER_DOCUMENTS] = TABLE(document_columns),   [LEDGER_VOICES] = TABLE(voice_columns),
    [LEDGER_CHAINS] = TABLE(chain_columns),         [LEDGER_SUMMARIES] = TABLE(summary_columns),
    [LEDGER_TOMBSTONES] = TABLE(tombstone_columns),
#undef TABLE
};

const column *export_columns(ledger_what what, size_t *count) {
    *count = tables[what].size;
    return tables[what].at;
}

/* ---- cells ---- */

/* Of a number as people write one: digits, a point, a sign. */
static bool looks_like_number(str cell) {
    size_t i = cell.size && cell.data[0] == '-', points = 0;
    bool digits = i < cell.size;
    for (; i < cell.size; i++) {
        points += cell.data[i] == '.';
        digits &= (cell.data[i] >= '0' && cell.data[i] <= '9') || cell.data[i] == '.';
    }
    return digits && points < 2 && cell.data[cell.size - 1] != '.';
}

static bool looks_like_formula(str cell) {
    static const char *const wide[] = {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (str_starts(cell, str_of(wide[i])))
            return true;
    return cell.size && strchr("=+-@\t\r", cell.data[0]) && cell.data[0] && !looks_like_number(cell);
}

void export_cell(exporting *e, bool first, str cell) {
    buffer *b = &e->line;
    bool raw = e->options->raw, formula = !raw && looks_like_formula(cell), quote = formula;
    for (size_t i = 0; i < cell.size && !quote; i++)
        quote = (unsigned char)cell.data[i] < ' ' || strchr("\",;\177", cell.data[i]) != NULL;
    if (!first)
        buffer_add_byte(b, ',');
    if (!quote) {
        buffer_add(b, cell);
        return;
    }
    buffer_add(b, formula ? STR("\"'") : STR("\""));
    for (size_t i = 0; i < cell.size; i++) {
        unsigned char c = (unsigned char)cell.data[i];
        if (c == '"')
            buffer_add_byte(b, '"');
        buffer_add_byte(b, !raw && (c < ' ' || c == 127) ? ' ' : (char)c);
    }
    buffer_add_byte(b, '"');
}

/* The estimate of everybody for an effect: "killed.low". */
static void estimate_text(const json_t *record, const char *what, buffer *b) {
    const char *dot = strchr(what, '.');
    const json_t *e = export_estimate(record, (str){what, (size_t)(dot - what)}, "all");
    if (e)
        export_value(json_object_get(e, dot + 1), b);
}

static void list_text(const json_t *list, const char *road, buffer *b) {
    const json_t *item;
    size_t i;
    buffer text = {0};
    json_t *seen = json_object();
    json_array_foreach(list, i, item) {
        text.size = 0;
        export_value(export_follow(item, str_of(road)), &text);
        if (!text.size || !export_is_new(seen, buffer_str(&text)))
            continue;
        buffer_add(b, b->size ? STR("; ") : STR(""));
        buffer_add(b, buffer_str(&text));
    }
    json_decref(seen);
    buffer_free(&text);
}

void export_column(const json_t *record, const column *c, buffer *b) {
    const json_t *v = export_follow(record, str_of(c->road));
    b->size = 0;
    if (!c->each)
        export_value(v, b);
    else if (!strcmp(c->road, "estimates"))
        estimate_text(record, c->each, b);
    else
        list_text(v, c->each, b);
}

/* ---- rows ---- */

void csv_begin(exporting *e) {
    size_t count;
    const column *columns = export_columns(e->what, &count);
    if (e->options->bom)
        buffer_add(&e->line, STR("\xEF\xBB\xBF"));
    for (size_t i = 0; i < count; i++)
        export_cell(e, i == 0, str_of(columns[i].name));
    buffer_add(&e->line, STR("\r\n"));
    for (size_t i = 0; i < count && e->options->hxl; i++)
        export_cell(e, i == 0, columns[i].hxl ? str_of(columns[i].hxl) : STR(""));
    buffer_add(&e->line, e->options->hxl ? STR("\r\n") : STR(""));
    export_line(e);
}

void csv_row(exporting *e, const json_t *record, str json) {
    (void)json;
    size_t count;
    const column *columns = export_columns(e->what, &count);
    buffer cell = {0};
    for (size_t i = 0; i < count; i++) {
        export_column(record, &columns[i], &cell);
        export_cell(e, i == 0, buffer_str(&cell));
    }
    buffer_add(&e->line, STR("\r\n"));
    export_line(e);
    buffer_free(&cell);
}
