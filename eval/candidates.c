/* Prints what the reading chooses among, for the training of its weights (eval/train_weights.py).
 *
 * usage: candidates <DOCS.jsonl
 * Reads documents as `isnad read --from jsonl` does (id, title, text, published, language). A line for each
 * candidate of each choice of each claim: id, effect of the claim, start and end of its count, choice, value
 * (a time's), traits with a space between, text; between tabs. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "reading/reading.h"

static str member(const json_t *o, const char *key) {
    const json_t *v = json_object_get(o, key);
    return json_is_string(v) ? (str){json_string_value(v), json_string_length(v)} : STR_NONE;
}

static void put_plain(str s) {
    for (size_t i = 0; i < s.size; i++)
        putchar(s.data[i] == '\t' || s.data[i] == '\n' ? ' ' : s.data[i]);
}

static void print_candidate(void *context, const struct claim *of, const char *choice, span at, str value,
                            const char *const *traits, size_t count) {
    const str *id = context;
    put_plain(*id);
    printf("\t%s\t%u\t%u\t%s\t", effect_name(of->effect), of->count.start, of->count.end, choice);
    put_plain(value);
    for (size_t i = 0; i < count; i++)
        printf("%s%s", i ? " " : "\t", traits[i]);
    putchar('\t');
    put_plain(at.text);
    putchar('\n');
}

static void read_document(const json_t *o, arena *a) {
    str id = member(o, "id"), title = member(o, "title"), text = member(o, "text");
    article page = {.id = id, .title = title, .published = member(o, "published"), .language = member(o, "language")};
    page.supported = true;
    page.body_start = title.size ? (uint32_t)title.size + 1 : 0;
    page.text = title.size ? arena_printf(a, "%.*s\n%.*s", STR_ARG(title), STR_ARG(text)) : arena_copy(a, text);
    reading_options options = {.candidate = print_candidate, .context = &id};
    reading r;
    reading_make(&page, gazetteer_builtin(), &options, a, &r);
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    arena a = arena_new((allocator){0});
    while (getline(&line, &room, stdin) > 0) {
        json_t *o = json_loads(line, 0, NULL);
        if (!o) {
            fprintf(stderr, "expected one JSON object on each line\n");
            return 65;
        }
        arena_reset(&a);
        read_document(o, &a);
        json_decref(o);
    }
    free(line);
    arena_free(&a);
    return 0;
}
