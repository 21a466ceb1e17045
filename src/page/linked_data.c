/* JSON-LD: the object that describes the article is sought in all scripts, however deep (@graph, mainEntity,
 * …).
 *
 * One pass over the text, without a tree: for each open object the few members that matter are kept as they
 * are written, and when it closes it is held against the best one so far. An object names its @type anywhere,
 * so that nothing can be left out before. Authors and publishers may be told by the @id of another node.
 *
 * The scripts are foreign JSON, often not quite valid: raw line feeds and quotation marks in strings, missing
 * and superfluous commas, comment marks around, HTML references. A quotation mark ends a string only where
 * the syntax goes on behind it; what makes no sense is passed over. */
#include "page/metadata.h"

#include "base/ascii.h"
#include "base/counters.h"
#include "base/utf8.h"

enum { DEEPEST = 64, MOST_OBJECTS = 20000, MOST_NODES = 200, MOST_PEOPLE = 20, MOST_TAGS = 100 };

typedef enum member {
    MEMBER_OTHER,
    MEMBER_TYPE,
    MEMBER_ID,
    MEMBER_HEADLINE,
    MEMBER_NAME,
    MEMBER_PUBLISHER,
    MEMBER_DESCRIPTION,
    MEMBER_PUBLISHED,
    MEMBER_CREATED,
    MEMBER_UPDATED,
    MEMBER_LANGUAGE,
    MEMBER_BODY,
    MEMBER_SECTION,
    MEMBER_KEYWORDS,
    MEMBER_AUTHOR,
    MEMBER_CREATOR,
    MEMBER_ENTRIES,
    MEMBER_ADDRESS,
    MEMBER_COUNT
} member;

static const struct {
    str key;
    member member;
} members[] = {
    {{"@type", 5}, MEMBER_TYPE},
    {{"@id", 3}, MEMBER_ID},
    {{"headline", 8}, MEMBER_HEADLINE},
    {{"name", 4}, MEMBER_NAME},
    {{"publisher", 9}, MEMBER_PUBLISHER},
    {{"description", 11}, MEMBER_DESCRIPTION},
    {{"datePublished", 13}, MEMBER_PUBLISHED},
    {{"dateCreated", 11}, MEMBER_CREATED},
    {{"dateModified", 12}, MEMBER_UPDATED},
    {{"inLanguage", 10}, MEMBER_LANGUAGE},
    {{"articleBody", 11}, MEMBER_BODY},
    {{"articleSection", 14}, MEMBER_SECTION},
    {{"keywords", 8}, MEMBER_KEYWORDS},
    {{"author", 6}, MEMBER_AUTHOR},
    {{"creator", 7}, MEMBER_CREATOR},
    {{"liveBlogUpdate", 14}, MEMBER_ENTRIES},
    {{"url", 3}, MEMBER_ADDRESS},
};

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
    {"DiscussionForumPosting", 6},
    {"Recipe", 4},
    {"Review", 4},
    {"WebPage", 3},
    {"ItemPage", 3},
    {"CreativeWork", 3},
};

/* Somebody: by name, or by the id of the node that has it. */
typedef struct party {
    str name, id;
} party;

/* What an object says, as written: strings may hold escapes. */
typedef struct facts {
    str told[MEMBER_COUNT];
    int rank;
    size_t order; /* objects opened before it */
    party publisher;
    VECTOR(party) authors, creators;
    str_list keywords;
    VECTOR(linked_entry) entries;
} facts;

typedef struct frame {
    bool object;
    member as;  /* what it is to the object around it */
    member key; /* of the value that comes next; an array's values are all what it is itself */
    facts *of;  /* an object's own, an array's owner's */
} frame;

typedef struct reader {
    str text;
    size_t at;
    frame stack[DEEPEST];
    facts *pool; /* one for each depth */
    size_t depth, beyond;
    bool key_told; /* the string read last is a key */
    size_t objects;
    facts best;
    VECTOR(party) nodes; /* of all scripts */
    arena *a;
} reader;

/* Strings. */

static void skip_space(reader *r) {
    while (r->at < r->text.size && (unsigned char)r->text.data[r->at] <= ' ')
        r->at++;
}

static bool is_escaped(const reader *r, size_t start, size_t at) {
    size_t n = 0;
    while (at > start + n && r->text.data[at - n - 1] == '\\')
        n++;
    return n % 2 != 0;
}

/* The text of a string whose opening mark has been passed. */
static str read_string(reader *r) {
    size_t start = r->at;
    while (r->at < r->text.size) {
        const char *mark = memchr(r->text.data + r->at, '"', r->text.size - r->at);
        if (!mark)
            break;
        size_t end = (size_t)(mark - r->text.data);
        r->at = end + 1;
        COUNT(html_events, 1);
        if (is_escaped(r, start, end))
            continue;
        skip_space(r);
        if (r->at == r->text.size || strchr(",:}]", r->text.data[r->at]) || r->text.data[r->at] == '\0')
            return str_slice(r->text, start, end);
    }
    r->at = r->text.size;
    return STR_NONE;
}

/* \uXXXX at `at`; -1 where it is none. */
static int32_t escaped_unit(str s, size_t at) {
    int32_t unit = 0;
    if (at + 6 > s.size || s.data[at] != '\\' || s.data[at + 1] != 'u')
        return -1;
    for (size_t i = at + 2; i < at + 6; i++) {
        int digit = ascii_hex(s.data[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* One escape at s.data[*at] == '\\', into at most four bytes. */
static size_t unescape(str s, size_t *at, char *out) {
    int32_t unit = escaped_unit(s, *at);
    if (unit < 0) {
        char c = *at + 1 < s.size ? s.data[*at + 1] : ' ';
        bool ascii = (unsigned char)c < 0x80;
        *at += ascii ? 2 : 1;
        *out = strchr("nrtbf", c) && c ? (c == 'n' ? '\n' : ' ') : c;
        return ascii ? 1 : 0;
    }
    *at += 6;
    int32_t low = unit >= 0xD800 && unit < 0xDC00 ? escaped_unit(s, *at) : -1;
    if (low >= 0xDC00 && low < 0xE000) {
        *at += 6;
        return utf8_put(out, (uint32_t)(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)));
    }
    bool bad = unit == 0 || (unit >= 0xD800 && unit < 0xE000);
    return utf8_put(out, bad ? UTF8_REPLACEMENT : (uint32_t)unit);
}

static str unescaped(str s, arena *a) {
    if (!s.size || !memchr(s.data, '\\', s.size))
        return s;
    char *out = arena_alloc(a, s.size + 4);
    size_t size = 0;
    for (size_t i = 0; i < s.size;) {
        if (s.data[i] != '\\') {
            out[size++] = s.data[i++];
            continue;
        }
        char bytes[4];
        size_t n = unescape(s, &i, bytes);
        memcpy(out + size, bytes, n);
        size += n;
    }
    return utf8_repair(a, (str){out, size});
}

/* A string's text, plain: no escapes, no references, one line. */
static str plain(str s, arena *a) {
    s = html_decoded(a, unescaped(s, a), false);
    if (!s.size)
        return STR_NONE;
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

/* Objects. */

static member member_of(str key) {
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (str_equal(members[i].key, key))
            return members[i].member;
    return MEMBER_OTHER;
}

static int rank_of_type(str type) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_equal(type, str_of(types[i].type)) ||
            (type.size > strlen(types[i].type) + 1 && str_ends(type, str_of(types[i].type)) &&
             type.data[type.size - strlen(types[i].type) - 1] == '/'))
            return types[i].rank;
    return 0;
}

static void first(str *into, str value) {
    if (!into->size && value.size)
        *into = value;
}

static void take_string(reader *r, facts *f, member m, str value) {
    if (!value.size || m == MEMBER_OTHER)
        return;
    int rank;
    switch (m) {
    case MEMBER_TYPE:
        rank = rank_of_type(value);
        f->rank = rank > f->rank ? rank : f->rank;
        break;
    case MEMBER_AUTHOR:
        if (f->authors.size < MOST_PEOPLE)
            *VECTOR_PUSH(&f->authors, r->a) = (party){.name = value};
        break;
    case MEMBER_CREATOR:
        if (f->creators.size < MOST_PEOPLE)
            *VECTOR_PUSH(&f->creators, r->a) = (party){.name = value};
        break;
    case MEMBER_PUBLISHER:
        first(&f->publisher.name, value);
        break;
    case MEMBER_KEYWORDS:
        if (f->keywords.size < MOST_TAGS)
            *VECTOR_PUSH(&f->keywords, r->a) = value;
        break;
    default:
        first(&f->told[m], value);
    }
}

static void take_object(reader *r, facts *f, member m, const facts *inside) {
    party who = {inside->told[MEMBER_NAME], inside->told[MEMBER_ID]};
    if (m == MEMBER_AUTHOR && f->authors.size < MOST_PEOPLE) {
        *VECTOR_PUSH(&f->authors, r->a) = who;
    } else if (m == MEMBER_CREATOR && f->creators.size < MOST_PEOPLE) {
        *VECTOR_PUSH(&f->creators, r->a) = who;
    } else if (m == MEMBER_PUBLISHER && !f->publisher.name.size && !f->publisher.id.size) {
        f->publisher = who;
    } else if (m == MEMBER_KEYWORDS) {
        take_string(r, f, m, who.name);
    } else if (m == MEMBER_ENTRIES && f->entries.size < MOST_ENTRIES) {
        str time = inside->told[MEMBER_PUBLISHED];
        first(&time, inside->told[MEMBER_UPDATED]);
        *VECTOR_PUSH(&f->entries, r->a) = (linked_entry){
            time, inside->told[MEMBER_HEADLINE], inside->told[MEMBER_BODY], inside->told[MEMBER_ADDRESS]};
    }
}

/* The object that has just closed. */
static void judge(reader *r, facts *f) {
    if (f->rank == 0 && f->told[MEMBER_PUBLISHED].size && f->told[MEMBER_HEADLINE].size)
        f->rank = 2;
    if (f->told[MEMBER_ID].size && f->told[MEMBER_NAME].size && r->nodes.size < MOST_NODES)
        *VECTOR_PUSH(&r->nodes, r->a) = (party){f->told[MEMBER_NAME], f->told[MEMBER_ID]};
    bool better = f->rank > r->best.rank || (f->rank == r->best.rank && f->order < r->best.order);
    if (f->rank && better)
        r->best = *f;
}

/* The scan. */

/* What the next value is, and to whom. */
static member next_member(const reader *r, facts **of) {
    if (r->depth == 0)
        return MEMBER_OTHER;
    const frame *top = &r->stack[r->depth - 1];
    *of = top->of;
    return top->object ? top->key : top->as;
}

static void open_value(reader *r, bool object) {
    facts *of = NULL;
    member as = next_member(r, &of);
    r->at++;
    if (r->depth == DEEPEST || r->beyond) {
        r->beyond++;
        return;
    }
    if (object) {
        of = &r->pool[r->depth];
        *of = (facts){.order = r->objects++};
    }
    r->stack[r->depth++] = (frame){.object = object, .as = as, .of = of};
    r->key_told = false;
}

static void close_value(reader *r, bool object) {
    r->at++;
    if (r->beyond) {
        r->beyond--;
        return;
    }
    if (r->depth == 0 || r->stack[r->depth - 1].object != object)
        return; /* a bracket that closes nothing */
    const frame closed = r->stack[--r->depth];
    facts *of = NULL;
    r->key_told = false;
    if (r->depth) {
        of = r->stack[r->depth - 1].of;
        r->stack[r->depth - 1].key = MEMBER_OTHER;
    }
    if (!object)
        return;
    if (of && closed.as != MEMBER_OTHER)
        take_object(r, of, closed.as, closed.of);
    if (closed.as != MEMBER_ENTRIES)
        judge(r, closed.of);
}

static void on_string(reader *r) {
    r->at++;
    str s = read_string(r);
    bool key = r->at < r->text.size && r->text.data[r->at] == ':';
    if (r->beyond || r->depth == 0)
        return;
    frame *top = &r->stack[r->depth - 1];
    if (top->object && key) {
        r->at++;
        top->key = member_of(s);
        return;
    }
    facts *of = NULL;
    member m = next_member(r, &of);
    if (of)
        take_string(r, of, m, s);
    if (top->object)
        top->key = MEMBER_OTHER;
}

/* A number; true, false and null say nothing here. */
static void on_word(reader *r) {
    size_t start = r->at;
    while (r->at < r->text.size && (unsigned char)r->text.data[r->at] > ' ' &&
           !strchr("\"{}[],:", r->text.data[r->at]))
        r->at++;
    if (r->at == start) {
        r->at++;
        return;
    }
    facts *of = NULL;
    member m = next_member(r, &of);
    char c = r->text.data[start];
    if (of && !r->beyond && c >= '0' && c <= '9')
        take_string(r, of, m, str_slice(r->text, start, r->at));
}

static void read_script(reader *r, str script) {
    r->text = script;
    r->at = 0;
    r->depth = r->beyond = 0;
    r->best = (facts){0};
    while (r->at < script.size && r->objects < MOST_OBJECTS) {
        skip_space(r);
        if (r->at == script.size)
            break;
        char c = script.data[r->at];
        COUNT(html_events, 1);
        if (c == '{' || c == '[')
            open_value(r, c == '{');
        else if (c == '}' || c == ']')
            close_value(r, c == '}');
        else if (c == '"')
            on_string(r);
        else
            on_word(r);
    }
    while (r->depth) /* cut off: what was told so far counts */
        close_value(r, r->stack[r->depth - 1].object);
}

/* What was found. */

static str name_of(const reader *r, const party *p) {
    if (p->name.size || !p->id.size)
        return p->name;
    for (size_t i = 0; i < r->nodes.size; i++)
        if (str_equal(r->nodes.at[i].id, p->id))
            return r->nodes.at[i].name;
    return STR_NONE;
}

static void fill_entries(const facts *f, arena *a, linked_data *out) {
    for (size_t i = 0; i < f->entries.size; i++) {
        linked_entry e = f->entries.at[i];
        *VECTOR_PUSH(&out->entries, a) = (linked_entry){
            plain(e.time, a), plain(e.headline, a),
            e.body.size ? html_decoded(a, unescaped(e.body, a), false) : STR_NONE, plain(e.address, a)};
    }
}

static void fill(const reader *r, const facts *f, linked_data *out) {
    arena *a = r->a;
    static const struct {
        member member;
        size_t at;
    } texts[] = {
        {MEMBER_HEADLINE, offsetof(linked_data, headline)},
        {MEMBER_DESCRIPTION, offsetof(linked_data, description)},
        {MEMBER_PUBLISHED, offsetof(linked_data, published)},
        {MEMBER_CREATED, offsetof(linked_data, published)},
        {MEMBER_UPDATED, offsetof(linked_data, updated)},
        {MEMBER_LANGUAGE, offsetof(linked_data, language)},
        {MEMBER_SECTION, offsetof(linked_data, section)},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        str *into = (str *)((char *)out + texts[i].at);
        if (!into->size)
            *into = plain(f->told[texts[i].member], a);
    }
    if (f->rank <= 3)
        first(&out->headline, plain(f->told[MEMBER_NAME], a));
    if (!out->outlet.size)
        out->outlet = plain(name_of(r, &f->publisher), a);
    if (f->rank > 3 && !out->body.size)
        out->body = unescaped(f->told[MEMBER_BODY], a);
    size_t keywords = out->tags.size ? 0 : f->keywords.size;
    for (size_t i = 0; i < keywords; i++)
        *VECTOR_PUSH(&out->tags, a) = plain(f->keywords.at[i], a);
    if (out->entries.size == 0)
        fill_entries(f, a, out);
    bool authors = f->authors.size > 0;
    size_t count = out->authors.size ? 0 : authors ? f->authors.size : f->creators.size;
    for (size_t i = 0; i < count; i++) {
        str name = plain(name_of(r, authors ? &f->authors.at[i] : &f->creators.at[i]), a);
        if (name.size)
            *VECTOR_PUSH(&out->authors, a) = name;
    }
}

/* Without references where the whole script was written with them. */
static str without_references(str script, arena *a) {
    return !memchr(script.data, '"', script.size) && str_find(script, STR("&quot;"), 0) != SIZE_MAX
               ? html_decoded(a, script, false)
               : script;
}

void linked_data_read(const str *scripts, size_t count, arena *a, linked_data *out) {
    *out = (linked_data){0};
    if (count == 0)
        return;
    reader *r = ARENA_NEW(a, reader, 1);
    r->a = a;
    r->pool = ARENA_NEW(a, facts, DEEPEST);
    VECTOR(facts) found = {0};
    size_t best = 0;
    for (size_t i = 0; i < count; i++) {
        if (!scripts[i].size)
            continue;
        read_script(r, without_references(scripts[i], a));
        if (!r->best.rank)
            continue;
        *VECTOR_PUSH(&found, a) = r->best;
        best = r->best.rank > found.at[best].rank ? found.size - 1 : best;
    }
    if (found.size)
        fill(r, &found.at[best], out);
    for (size_t i = 0; i < found.size; i++)
        if (i != best)
            fill(r, &found.at[i], out);
}
