#include "ledger/tables.h"

const stored_table stored_tables[] = {
    {"document", "key:i id:t current:i", 1, 1000, HOLDS_CONTENT},
    {"act", "sequence:i time:t who:t kind:t incident:t claim:t payload:t leaf:b redaction:i", 1, 200,
     HOLDS_CONTENT},
    {"version",
     "key:i document:i number:i text_hash:t sha256:t url:t outlet:t title:t language:t published:t"
     " published_offset:t updated:t published_day:i captured:t superseded:i copy_of:i sketch:b engine:t "
     "text:b"
     " text_size:i reading:b reading_size:i withdrawn:i",
     1, 50, HOLDS_CONTENT},
    {"capture",
     "sequence:i id:t sha256:t url:t time:t media_type:t charset:t file:t offset:i size:i leaf:b version:i"
     " withdrawn:i length:i",
     1, 500, HOLDS_CONTENT},
    {"chunk", "capture:i number:i size:i data:b", 2, 16, HOLDS_CONTENT},
    {"mention",
     "version:i number:i text:t start:i end:i name:t country:t admin1:t kind:t id:t lat:r lon:r radius_km:r"
     " anchor:t",
     2, 1000, HOLDS_CONTENT},
    {"claim",
     "key:i version:i number:i id:t effect:t min:i max:i approx:i class:t group:t part_of:i stance:t scope:t"
     " event:t event_index:i voice:t voice_start:i voice_end:i voice_kind:t cue:t via:t actor:t "
     "actor_hedged:i"
     " place:i time:t date:t day_from:i day_to:i count_start:i count_end:i who:t evidence_start:i"
     " evidence_end:i",
     1, 1000, HOLDS_CONTENT},
    {"event",
     "version:i number:i type:t trigger:t trigger_start:i trigger_end:i voice:t voice_kind:t stance:t actor:t"
     " actor_hedged:i places:t min:i max:i date:t day_from:i day_to:i outcome:t outcome_kind:t"
     " evidence_start:i evidence_end:i",
     2, 1000, HOLDS_CONTENT},
    {"difference", "rowid:i version:i a:i b:i on:t", 1, 1000, HOLDS_CONTENT},
    {"past_reading", "version:i number:i engine:t until:t reading:b reading_size:i", 2, 50, HOLDS_OTHER},
    {"incident",
     "key:i id:t signature:t status:t event:t day_from:i day_to:i country:t lat:r lon:r radius_km:r figure:i"
     " killed:i injured:i casualties:i missing:i detained:i displaced:i independent:i disagreements:i"
     " disagree_on:i voice_kinds:i stances:i place_names:t grade:t assignee:t sensitive:i verdicts:i admin1:t"
     " place_id:t place_name:t place_name_ar:t outlets:t languages:t"
     " waits:i weight:i since:t",
     1, 1000, HOLDS_OTHER},
    {"incident_text", "incident:i summary:b summary_size:i json:b json_size:i", 1, 50, HOLDS_OTHER},
    {"incident_version", "incident:i version:i", 2, 1000, HOLDS_OTHER},
    {"incident_claim", "claim:i incident:i independent:i", 1, 1000, HOLDS_OTHER},
    {"voice",
     "incident:i id:t independent:i text:t name:t kind:t weak:i origin_unknown:i source:t base:t heard:t "
     "bound:i"
     " claims:i first:i alone:i against:i sensitive:i languages:t day:i",
     2, 1000, HOLDS_OTHER},
    {"source",
     "key:t name:t name_ar:t told:t kind:t heard:t named:i names:t languages:t last:i claims:i incidents:i "
     "first:i"
     " alone:i below:i within:i above:i lonely:i open_claims:i open_incidents:i open_first:i open_alone:i"
     " open_below:i open_within:i open_above:i open_lonely:i",
     1, 1000, HOLDS_OTHER},
    {"estimate", "incident:i effect:t low:i best:i high:i", 2, 1000, HOLDS_OTHER},
    {"seen", "incident:t time:t state:t", 1, 1000, HOLDS_OTHER},
    {"incident_gone", "number:i incident:i", 1, 1000, HOLDS_OTHER},
    {"member", "minted:i unit:t incident:t", 1, 1000, HOLDS_OTHER},
    {"tombstone", "id:t successors:t", 1, 1000, HOLDS_OTHER},
    {"act_place", "act:i side:i number:i version:i document:i claim:i how:t", 4, 1000, HOLDS_OTHER},
    {"act_undo", "undoes:i act:i", 2, 1000, HOLDS_OTHER},
    {"signing_key", "sequence:i key:t previous:t time:t signature:t leaf:b", 1, 1000, HOLDS_LOG},
    {"head", "sequence:i size:i root:t time:t key:t signature:t", 1, 1000, HOLDS_LOG},
    {"stamp", "sequence:i head:i time:t token:b", 1, 100, HOLDS_LOG},
    {"log", "position:i kind:t stands_for:i leaf:b", 1, 1000, HOLDS_LOG},
    {"log_node", "level:i position:i hash:b", 2, 1000, HOLDS_LOG},
    {"joined", "key:i ledger:t", 1, 1000, HOLDS_LOG},
    {"joined_leaf", "joined:i position:i kind:t leaf:b", 2, 1000, HOLDS_LOG},
    {"act_turn", "act:i turn:i", 1, 1000, HOLDS_OTHER},
    {"setting", "name:t value:t", 1, 100, HOLDS_OTHER},
    {0},
};

const stored_table *table_named(const char *name) {
    for (const stored_table *t = stored_tables; t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

size_t table_columns(const stored_table *t, stored_column out[TABLE_COLUMNS]) {
    size_t count = 0;
    str all = str_of(t->columns);
    for (size_t at = 0; at < all.size && count < TABLE_COLUMNS; count++) {
        size_t colon = str_find(all, STR(":"), at);
        out[count] = (stored_column){str_slice(all, at, colon), all.data[colon + 1]};
        at = colon + 3;
    }
    return count;
}

static void add_names(buffer *b, const stored_column *columns, size_t count) {
    for (size_t i = 0; i < count; i++)
        buffer_printf(b, "%s\"%.*s\"", i ? ", " : "", STR_ARG(columns[i].name));
}

static str taken(arena *a, buffer *b) {
    str out = arena_copy(a, buffer_str(b));
    buffer_free(b);
    return out;
}

str table_names(arena *a, const stored_table *t, size_t count) {
    stored_column columns[TABLE_COLUMNS];
    buffer b = {0};
    table_columns(t, columns);
    add_names(&b, columns, count);
    return taken(a, &b);
}

str table_insert(arena *a, const stored_table *t) {
    stored_column columns[TABLE_COLUMNS];
    buffer b = {0};
    size_t count = table_columns(t, columns);
    buffer_printf(&b, "INSERT INTO \"%s\"(", t->name);
    add_names(&b, columns, count);
    buffer_add(&b, STR(") VALUES ("));
    for (size_t i = 0; i < count; i++)
        buffer_add(&b, i ? STR(", ?") : STR("?"));
    buffer_add_byte(&b, ')');
    return taken(a, &b);
}

void value_pass(statement *from, int column, char kind, statement *to) {
    if (take_null(from, column))
        give_null(to);
    else if (kind == 'i')
        give_number(to, take_number(from, column));
    else if (kind == 'r')
        give_real(to, take_real(from, column));
    else if (kind == 't')
        give_text(to, take_text(from, column));
    else
        give_blob(to, take_blob(from, column));
}
