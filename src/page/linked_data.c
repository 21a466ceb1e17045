/* JSON-LD: the object that describes the article is sought in all scripts, however deep (@graph, mainEntity,
 * …).
 *
 * The scripts are foreign JSON, often not quite valid: raw line feeds in strings, comment marks around, HTML
 * references. Line feeds become spaces and marks are cut; what still cannot be parsed is left. */
#include "page/metadata.h"

#include "base/utf8.h"

#include <jansson.h>

enum { DEEPEST = 32, MOST_OBJECTS = 20000 };

/* How well an object of a type describes an article; 0: not at all. */
static const struct {
    const char *type;
    int rank;
} types[] = {
    {"NewsArticle", 9},
    {"ReportageNewsArticle", 9},
    {"AnalysisNewsArticle", 9},
    {"OpinionNewsArticle", 9},
    {"BackgroundNewsArticle", 9},
    {"ReviewNewsArticle", 9},
    {"AskPublicNewsArticle", 9},
    {"LiveBlogPosting", 8},
    {"Article", 8},
    {"BlogPosting", 8},
    {"Report", 8},
    {"ScholarlyArticle", 7},
    {"TechArticle", 7},
    {"SocialMediaPosting", 6},
    {"Recipe", 4},
    {"Review", 4},
    {"WebPage", 3},
    {"ItemPage", 3},
    {"CreativeWork", 3},
};

typedef struct search {
    const json_t *best;
    int rank;
    size_t objects;
} search;

static int rank_of_type(const char *type) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].type, type) == 0)
            return types[i].rank;
    return 0;
}

static int rank_of(const json_t *object) {
    const json_t *type = json_object_get(object, "@type");
    int best = json_is_string(type) ? rank_of_type(json_string_value(type)) : 0;
    for (size_t i = 0; json_is_array(type) && i < json_array_size(type); i++) {
        const json_t *one = json_array_get(type, i);
        int rank = json_is_string(one) ? rank_of_type(json_string_value(one)) : 0;
        best = rank > best ? rank : best;
    }
    if (best == 0 && json_object_get(object, "datePublished") && json_object_get(object, "headline"))
        best = 2;
    return best;
}

static void search_value(search *s, json_t *value, unsigned depth) {
    if (depth > DEEPEST || s->objects > MOST_OBJECTS)
        return;
    s->objects++;
    size_t index;
    const char *key;
    json_t *inside;
    if (json_is_array(value)) {
        json_array_foreach(value, index, inside) search_value(s, inside, depth + 1);
        return;
    }
    if (!json_is_object(value))
        return;
    int rank = rank_of(value);
    if (rank > s->rank) {
        s->rank = rank;
        s->best = value;
    }
    json_object_foreach(value, key, inside) search_value(s, inside, depth + 1);
}

/* A string's text, plain: no references, one line. */
static str plain(const json_t *value, arena *a) {
    if (!json_is_string(value))
        return STR_NONE;
    str s = {json_string_value(value), json_string_length(value)};
    s = html_decoded(a, arena_copy(a, s), false);
    char *out = arena_alloc(a, s.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < s.size; i++) {
        bool space = (unsigned char)s.data[i] <= ' ';
        if (space && (size == 0 || out[size - 1] == ' '))
            continue;
        out[size++] = space ? ' ' : s.data[i];
    }
    str text = str_trim((str){out, size});
    return text.size ? text : STR_NONE;
}

static str member(const json_t *object, const char *key, arena *a) {
    return json_is_object(object) ? plain(json_object_get(object, key), a) : STR_NONE;
}

/* The name of a person or organisation, which may be told as a string. */
static str name_of(const json_t *value, arena *a) {
    if (json_is_string(value))
        return plain(value, a);
    if (json_is_array(value) && json_array_size(value) > 0)
        value = json_array_get(value, 0);
    return member(value, "name", a);
}

static void add_authors(const json_t *value, arena *a, linked_data *out) {
    size_t count = json_is_array(value) ? json_array_size(value) : value ? 1 : 0;
    for (size_t i = 0; i < count && i < 20; i++) {
        str name = name_of(json_is_array(value) ? json_array_get(value, i) : value, a);
        if (name.size)
            *VECTOR_PUSH(&out->authors, a) = name;
    }
}

static void first(str *into, str value) {
    if (!into->size && value.size)
        *into = value;
}

static void read_object(const json_t *o, int rank, arena *a, linked_data *out) {
    first(&out->headline, member(o, "headline", a));
    if (rank <= 3)
        first(&out->headline, member(o, "name", a));
    first(&out->outlet, name_of(json_object_get(o, "publisher"), a));
    first(&out->description, member(o, "description", a));
    first(&out->published, member(o, "datePublished", a));
    first(&out->published, member(o, "dateCreated", a));
    first(&out->updated, member(o, "dateModified", a));
    first(&out->language, member(o, "inLanguage", a));
    if (rank > 3) {
        const json_t *body = json_object_get(o, "articleBody");
        if (json_is_string(body) && !out->body.size)
            out->body = arena_copy(a, (str){json_string_value(body), json_string_length(body)});
    }
    if (out->authors.size == 0)
        add_authors(json_object_get(o, "author"), a, out);
    if (out->authors.size == 0)
        add_authors(json_object_get(o, "creator"), a, out);
}

/* Control characters to spaces, and what stands before the first bracket and behind the last cut off. */
static str mended(str script, arena *a) {
    script = str_trim(script);
    size_t start = 0, end = script.size;
    while (start < end && script.data[start] != '{' && script.data[start] != '[')
        start++;
    while (end > start && script.data[end - 1] != '}' && script.data[end - 1] != ']')
        end--;
    char *out = arena_cstring(a, str_slice(script, start, end));
    for (size_t i = 0; i < end - start; i++)
        if ((unsigned char)out[i] < ' ')
            out[i] = ' ';
    return (str){out, end - start};
}

static json_t *parse(str script, arena *a) {
    str text = mended(script, a);
    json_t *root = json_loadb(text.data, text.size, JSON_DISABLE_EOF_CHECK, NULL);
    if (!root && str_find(text, STR("&quot;"), 0) != SIZE_MAX) {
        text = html_decoded(a, text, false);
        root = json_loadb(text.data, text.size, JSON_DISABLE_EOF_CHECK, NULL);
    }
    return root;
}

void linked_data_read(const str *scripts, size_t count, arena *a, linked_data *out) {
    *out = (linked_data){0};
    int best = 0;
    for (size_t i = 0; i < count; i++) {
        json_t *root = parse(scripts[i], a);
        search s = {0};
        search_value(&s, root, 0);
        if (s.best && s.rank > best) {
            linked_data before = *out;
            *out = (linked_data){0};
            read_object(s.best, s.rank, a, out);
            first(&out->outlet, before.outlet);
            first(&out->published, before.published);
            first(&out->headline, before.headline);
            best = s.rank;
        } else if (s.best) {
            linked_data more = *out;
            read_object(s.best, s.rank, a, &more);
            *out = more;
        }
        json_decref(root);
    }
}
