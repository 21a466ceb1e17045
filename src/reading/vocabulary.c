/* The public names of the vocabularies, in the order of the enums. */
#include "reading/reading.h"

static const char *const effects[] = {"killed", "injured", "casualties", "missing", "detained", "displaced"};
static const char *const classes[] = {"civilian", "combatant", "mixed", "unknown"};
static const char *const groups[] = {NULL,         "child", "woman",   "man",  "elderly",
                                     "journalist", "medic", "rescuer", "named"};
static const char *const voices[] = {
    "government",        "military", "armed_group", "police", "security", "medical",   "rescue", "monitor",
    "intergovernmental", "local",    "witness",     "media",  "expert",   "anonymous", "outlet"};
static const char *const stances[] = {"asserts", "hedges", "denies"};
static const char *const events[] = {NULL,       "air_strike", "drone_strike", "shelling",  "explosive",
                                     "clash",    "shooting",   "execution",    "detention", "protest",
                                     "accident", "disaster",   "other_attack"};
static const char *const scopes[] = {"incident", "cumulative", "background"};
static const char *const disagreements[] = {"count", "denial", "actor", "date", "place"};
static const char *const date_sources[] = {NULL, "told", "inherited", "published"};
static const char *const outcomes[] = {NULL, "succeeded", "failed", "repelled"};

const char *effect_name(effect e) {
    return effects[e];
}
const char *who_class_name(who_class c) {
    return classes[c];
}
const char *who_group_name(who_group g) {
    return groups[g];
}
const char *voice_kind_name(voice_kind k) {
    return voices[k];
}
const char *stance_name(stance s) {
    return stances[s];
}
const char *event_type_name(event_type t) {
    return events[t];
}
const char *scope_name(scope s) {
    return scopes[s];
}
const char *disagreement_on_name(disagreement_on d) {
    return disagreements[d];
}
const char *outcome_kind_name(outcome_kind k) {
    return outcomes[k];
}
const char *date_source_name(date_source d) {
    return date_sources[d];
}
