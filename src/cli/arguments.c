/* The options of all commands are rows of one table: name, letter, what its value is, where it goes, which
 * commands take it. Parsing, help and the hints for mistyped names all read that table. */
#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

typedef enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_NUMBER,
    OPTION_SIZE, /* bytes, with K, M or G */
    OPTION_FORMAT,
} option_kind;

typedef struct option_row {
    const char *name;
    char letter; /* 0: none */
    option_kind kind;
    size_t field;
    unsigned commands;
    const char *value, *help;
} option_row;

#define FIELD(name)  offsetof(settings, name)
#define OF_DOCUMENTS (FOR_READ | FOR_PAGE | FOR_ADD)
#define OF_READINGS  (FOR_READ | FOR_ADD)
#define OF_LEDGER                                                                                            \
    (FOR_ADD | FOR_IMPORT | FOR_INCIDENTS | FOR_SHOW | FOR_SEARCH | FOR_EXPORT | FOR_SERVE | FOR_VERIFY |    \
     FOR_DOCTOR | FOR_ESTIMATES | FOR_KEY | FOR_HEAD | FOR_REDACT | FOR_BUNDLE | FOR_REVIEW | FOR_REREAD |   \
     FOR_LEDGER | FOR_VOICES | FOR_COMPARE | FOR_USERS)
#define OF_LISTS (FOR_INCIDENTS | FOR_SEARCH | FOR_EXPORT | FOR_PLACES | FOR_VOICES | FOR_REVIEW)
#define OF_FORMATS                                                                                           \
    (OF_DOCUMENTS | FOR_INTAKE | FOR_IMPORT | FOR_INCIDENTS | FOR_SHOW | FOR_SEARCH | FOR_EXPORT |           \
     FOR_PLACES | FOR_VERIFY | FOR_DOCTOR | FOR_ESTIMATES | FOR_KEY | FOR_REDACT | FOR_REVIEW | FOR_REREAD | \
     FOR_LEDGER | FOR_VOICES | FOR_COMPARE | FOR_USERS)
#define OF_FILTERS (FOR_INCIDENTS | FOR_EXPORT | FOR_COMPARE)

/* clang-format off */
static const option_row options[] = {
    {"ledger",     'l', OPTION_TEXT,   FIELD(ledger),     OF_LEDGER,    "FILE",  "the ledger: a file or postgresql://... (else ISNAD_LEDGER, else the default place)"},
    {"format",     'f', OPTION_FORMAT, FIELD(format),     OF_FORMATS,   "NAME",  "how to print"},
    {"from",       0,   OPTION_TEXT,   FIELD(from),       OF_DOCUMENTS | FOR_INTAKE, "KIND",  "what the input is: html, text, jsonl, warc (else guessed)"},
    {"published",  'p', OPTION_TEXT,   FIELD(published),  OF_DOCUMENTS, "DATE",  "YYYY-MM-DD[Thh:mm[±hh:mm]] for pages that tell no date"},
    {"jobs",       'j', OPTION_NUMBER, FIELD(jobs),       OF_DOCUMENTS, "N",     "documents read at the same time (else one for each processor)"},
    {"max-bytes",  0,   OPTION_SIZE,   FIELD(max_bytes),  OF_DOCUMENTS | FOR_INTAKE, "SIZE",  "read so much of a page: 64M, 1G, … (else 64M)"},
    {"offline",    0,   OPTION_FLAG,   FIELD(offline),    OF_DOCUMENTS | FOR_INTAKE, NULL,    "fetch nothing"},
    {"public",     0,   OPTION_FLAG,   FIELD(public_only), OF_DOCUMENTS, NULL,   "fetch from public addresses alone, also where a name or a redirect leads elsewhere"},
    {"progress",   0,   OPTION_TEXT,   FIELD(progress),   FOR_ADD,      "KIND",  "json: tell standard error, one object a line, how far it is (for programs)"},
    {"no-link",    0,   OPTION_FLAG,   FIELD(no_link),    FOR_ADD,      NULL,    "leave the incidents as they are: isnad ledger link works them out later"},
    {"reference",  0,   OPTION_FLAG,   FIELD(reference),  FOR_ADD,      NULL,    "leave the captures of WARC files in them, and keep where they stand (else: of those from 256 MB on)"},
    {"copy",       0,   OPTION_FLAG,   FIELD(copy),       FOR_ADD,      NULL,    "copy the captures of every WARC file into the ledger"},
    {"mentions",   'm', OPTION_FLAG,   FIELD(mentions),   FOR_READ,     NULL,    "also list every number and every word for an act"},
    {"explain",    'e', OPTION_FLAG,   FIELD(explain),    FOR_READ | FOR_PAGE, NULL, "tell which rules made each result, or (page) took each block of text in or left it out"},
    {"places",     0,   OPTION_TEXT,   FIELD(places),     OF_READINGS | FOR_IMPORT | FOR_SERVE | FOR_PLACES | FOR_DOCTOR | FOR_REVIEW | FOR_REREAD, "FILE", "a gazetteer made by isnad places build, in place of the built-in one"},
    {"profile",    0,   OPTION_TEXT,   FIELD(profile),    OF_DOCUMENTS | FOR_IMPORT | FOR_REREAD | FOR_DOCTOR, "FILE", "what the pages of a site share, made by isnad page learn: left out of their articles"},
    {"since",      0,   OPTION_TEXT,   FIELD(since),      OF_FILTERS,   "DAY",   "on or after YYYY-MM-DD, YYYY-MM or YYYY"},
    {"until",      0,   OPTION_TEXT,   FIELD(until),      OF_FILTERS,   "DAY",   "on or before YYYY-MM-DD, YYYY-MM or YYYY"},
    {"country",    0,   OPTION_TEXT,   FIELD(country),    OF_FILTERS,   "CODE",  "ISO 3166 code of two letters: SY, IQ, …"},
    {"place",      0,   OPTION_TEXT,   FIELD(place),      OF_FILTERS,   "NAME",  "part of a place's name, in any spelling"},
    {"event",      0,   OPTION_TEXT,   FIELD(event),      OF_FILTERS,   "TYPE",  "air_strike, shelling, explosive, clash, shooting, detention, …"},
    {"effect",     0,   OPTION_TEXT,   FIELD(effect),     OF_FILTERS,   "KIND",  "killed, injured, casualties, missing, detained, displaced"},
    {"least",      0,   OPTION_NUMBER, FIELD(least),      OF_FILTERS,   "N",     "some figure told is at least so many"},
    {"language",   0,   OPTION_TEXT,   FIELD(language),   OF_FILTERS,   "CODE",  "some document is in this language: ar, en"},
    {"text",       0,   OPTION_TEXT,   FIELD(text),       OF_FILTERS,   "QUERY", "words and conditions: killed>=10 near:Homs,20 (docs/queries.md)"},
    {"disputed",   0,   OPTION_FLAG,   FIELD(disputed),   OF_FILTERS,   NULL,    "only where the accounts part"},
    {"undisputed", 0,   OPTION_FLAG,   FIELD(undisputed), OF_FILTERS,   NULL,    "only where they do not"},
    {"order",      0,   OPTION_TEXT,   FIELD(order),      FOR_INCIDENTS | FOR_EXPORT, "NAME",  "date (default), newest, figure, voices"},
    {"order",      0,   OPTION_TEXT,   FIELD(order),      FOR_VOICES,   "NAME",  "incidents (default), claims, first, alone, last"},
    {"rule",       0,   OPTION_TEXT,   FIELD(rule),       FOR_INCIDENTS | FOR_SHOW | FOR_EXPORT | FOR_SERVE, "RULE", "by which estimates are drawn: range, ucdp, acled, independent, a file"},
    {"limit",      'n', OPTION_NUMBER, FIELD(limit),      OF_LISTS,     "N",     "print so many (0: all)"},
    {"offset",     0,   OPTION_NUMBER, FIELD(offset),     FOR_INCIDENTS | FOR_SEARCH | FOR_EXPORT, "N", "leave out the first N"},
    {"what",       'w', OPTION_TEXT,   FIELD(what),       FOR_EXPORT,   "KIND",  "incidents (default), claims, documents, voices, chains, tombstones"},
    {"bom",        0,   OPTION_FLAG,   FIELD(bom),        FOR_EXPORT,   NULL,    "CSV: begin with a byte order mark, as Excel wants it"},
    {"map",        0,   OPTION_TEXT,   FIELD(map),        FOR_IMPORT,   "FILE",  "which column holds what (docs/formats.md)"},
    {"urls",       0,   OPTION_TEXT,   FIELD(urls),       FOR_IMPORT,   "FILE",  "write the addresses that the rows name, one a line"},
    {"fetch",      0,   OPTION_FLAG,   FIELD(fetch),      FOR_IMPORT,   NULL,    "add the pages that the rows name, as isnad add does"},
    {"hxl",        0,   OPTION_FLAG,   FIELD(hxl),        FOR_EXPORT,   NULL,    "CSV of incidents or claims: a second row of HXL hashtags"},
    {"raw",        0,   OPTION_FLAG,   FIELD(raw),        FOR_EXPORT,   NULL,    "CSV: leave cells that begin like a formula as they are"},
    {"why",        0,   OPTION_FLAG,   FIELD(why),        FOR_SHOW,     NULL,    "tell what binds its accounts to one another, and how strongly"},
    {"who",        0,   OPTION_TEXT,   FIELD(who),        FOR_REVIEW | FOR_LEDGER, "NAME", "who says it (else ISNAD_WHO, else the user's name)"},
    {"why",        0,   OPTION_TEXT,   FIELD(reason),    FOR_REVIEW,   "TEXT",  "why"},
    {"dry-run",    0,   OPTION_FLAG,   FIELD(dry),        FOR_REREAD,   NULL,    "tell what would change, change nothing"},
    {"replace",    0,   OPTION_FLAG,   FIELD(replace),    FOR_LEDGER,   NULL,    "backup, restore: a ledger that has the name already gives way"},
    {"repair",     0,   OPTION_FLAG,   FIELD(repair),     FOR_LEDGER,   NULL,    "check: make again what follows from the rest"},
    {"key",        0,   OPTION_TEXT,   FIELD(key),        FOR_KEY | FOR_HEAD, "FILE", "the private key (else $XDG_CONFIG_HOME/isnad/key.pem)"},
    {"against",    0,   OPTION_TEXT,   FIELD(against),    FOR_VERIFY,   "FILE",  "heads kept elsewhere, one a line (-: standard input)"},
    {"authority",  0,   OPTION_TEXT,   FIELD(authority),  FOR_VERIFY,   "FILE",  "check time stamps by these certificates (PEM)"},
    {"request",    0,   OPTION_TEXT,   FIELD(request),    FOR_HEAD,     "FILE",  "also write the query for a time stamping authority (RFC 3161)"},
    {"stamp",      0,   OPTION_TEXT,   FIELD(stamp),      FOR_HEAD,     "FILE",  "sign nothing: keep an authority's answer to such a query"},
    {"span",       0,   OPTION_TEXT,   FIELD(span),       FOR_REDACT,   "START-END", "only these code points of the text, end exclusive"},
    {"why",        0,   OPTION_TEXT,   FIELD(reason),     FOR_REDACT,   "TEXT",  "why it must go: this is kept"},
    {"who",        0,   OPTION_TEXT,   FIELD(who),        FOR_REDACT,   "NAME",  "who decides it: this is kept"},
    {"output",     'o', OPTION_TEXT,   FIELD(output),     FOR_PAGE | FOR_PLACES | FOR_EXPORT | FOR_BUNDLE, "FILE", "write to this file"},
    {"address",    0,   OPTION_TEXT,   FIELD(address),    FOR_SERVE,    "HOST",  "address to listen on (else 127.0.0.1)"},
    {"remote",     0,   OPTION_FLAG,   FIELD(remote),     FOR_SERVE,    NULL,    "let other machines in (needs an --address of this machine)"},
    {"port",       0,   OPTION_NUMBER, FIELD(port),       FOR_SERVE,    "N",     "port to listen on (else 8377; 0: any that is free)"},
    {"no-sensitive", 0, OPTION_FLAG,   FIELD(no_sensitive), FOR_INCIDENTS | FOR_SHOW | FOR_SEARCH | FOR_EXPORT | FOR_BUNDLE, NULL, "as if nothing were there that was marked sensitive, nor what tells of it (docs/access.md)"},
    {"accounts",   0,   OPTION_FLAG,   FIELD(accounts),   FOR_SERVE,    NULL,    "let only those in who have an account, also at this machine"},
    {"no-accounts", 0,  OPTION_FLAG,   FIELD(no_accounts), FOR_SERVE,   NULL,    "one person at this machine, though there are accounts (never with --remote)"},
    {"access",     0,   OPTION_TEXT,   FIELD(access),     FOR_SERVE | FOR_USERS, "FILE", "the file of accounts (else beside the ledger: LEDGER.access)"},
    {"base",       0,   OPTION_TEXT,   FIELD(base),       FOR_SERVE,    "PATH",  "the path it is found under: /isnad (else /)"},
    {"name",       0,   OPTION_TEXT,   FIELD(names),      FOR_SERVE,    "HOST",  "a further name that browsers may ask for it by; several with commas between"},
    {"proxy",      0,   OPTION_FLAG,   FIELD(proxy),      FOR_SERVE,    NULL,    "it is asked through a proxy of yours: believe its X-Forwarded-For, -Host and -Proto"},
    {"tls-cert",   0,   OPTION_TEXT,   FIELD(tls_certificate), FOR_SERVE, "FILE", "answer by TLS, with this certificate and those that vouch for it (PEM)"},
    {"tls-key",    0,   OPTION_TEXT,   FIELD(tls_key),    FOR_SERVE,    "FILE",  "the certificate's private key (PEM)"},
    {"private-pages", 0, OPTION_FLAG, FIELD(private_pages), FOR_SERVE,  NULL,    "let reviewers have pages of this machine and of private networks fetched"},
    {"max-upload", 0,   OPTION_SIZE,   FIELD(upload_bytes), FOR_SERVE,  "SIZE",  "take files of so many bytes: 200M, 4G, … (else 1G)"},
    {"help",       'h', OPTION_FLAG,   FIELD(help),       FOR_ALL,      NULL,    "this text"},
    {"version",    'V', OPTION_FLAG,   FIELD(version),    FOR_ALL,      NULL,    "the version"},
};
/* clang-format on */
enum { OPTIONS = sizeof options / sizeof *options, FIRST_CODE = 256 };

/* ---- nearest name ---- */

enum { LONGEST_NAME = 32 };

static size_t least_of(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Edits (insert, drop, change, swap neighbours) between two names: the optimal string alignment distance. */
static size_t name_distance(const char *a, const char *b) {
    size_t rows[3][LONGEST_NAME + 1];
    size_t n = strlen(a), m = strlen(b);
    if (n > LONGEST_NAME || m > LONGEST_NAME)
        return LONGEST_NAME;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            row[j] = least_of(least_of(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least_of(row[j], above2[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

const char *nearest_name(const char *typed, const char *const *names) {
    const char *best = NULL;
    size_t best_distance = strlen(typed) / 3 + 2;
    for (; *names; names++) {
        bool begins = strlen(typed) >= 3 && strncmp(*names, typed, strlen(typed)) == 0;
        size_t distance = begins ? 0 : name_distance(typed, *names);
        if (distance < best_distance) {
            best = *names;
            best_distance = distance;
        }
    }
    return best;
}

/* ---- complaints ---- */

static const option_row *option_named(const char *name) {
    for (size_t i = 0; i < OPTIONS; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

static const char *first_command_with(const option_row *o) {
    for (const command *c = commands; c->name; c++)
        if (o->commands & c->mask)
            return c->name;
    return NULL;
}

static isn_code unknown_option(program *p, const char *word, const command *c) {
    char name[LONGEST_NAME + 1] = "";
    const char *bare = word + strspn(word, "-");
    snprintf(name, sizeof name, "%.*s", (int)strcspn(bare, "="), bare);
    const char *owner = c ? c->name : NULL;
    const option_row *elsewhere = option_named(name);
    if (elsewhere && c)
        return usage_error(p, owner, "isnad %s takes no option --%s (isnad %s does)", c->name, name,
                           first_command_with(elsewhere));
    const char *names[OPTIONS + 1];
    size_t count = 0;
    for (size_t i = 0; i < OPTIONS; i++)
        if (!c || options[i].commands & c->mask)
            names[count++] = options[i].name;
    names[count] = NULL;
    const char *near = word[1] == '-' ? nearest_name(name, names) : NULL;
    if (near)
        return usage_error(p, owner, "no option %s: did you mean --%s?", word, near);
    if (c && (strcmp(c->name, "search") == 0 || strcmp(c->name, "incidents") == 0))
        return usage_error(p, owner,
                           "no option %s (a word that must not be there stands behind --: "
                           "isnad %s -- market -school)",
                           word, c->name);
    return usage_error(p, owner, "no option %s", word);
}

static bool word_in(const char *words, const char *word) {
    size_t size = strlen(word);
    for (const char *at = words; *at; at += strcspn(at, " "), at += strspn(at, " "))
        if (strcspn(at, " ") == size && size && memcmp(at, word, size) == 0)
            return true;
    return false;
}

/* Verbs are taken for commands. */
static const char *command_of_verb(const char *word) {
    for (const command *c = commands; c->name; c++)
        if (c->verbs && word_in(c->verbs, word))
            return c->name;
    return NULL;
}

isn_code unknown_verb(program *p, const command *c, const char *word) {
    enum { MOST_VERBS = 24 };
    char all[256] = "", list[320] = "";
    const char *names[MOST_VERBS + 1] = {0}, *near;
    size_t count = 0;
    snprintf(all, sizeof all, "%s", c->verbs);
    for (char *rest = all, *verb; count < MOST_VERBS && (verb = strsep(&rest, " "));) {
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", count ? ", " : "", verb);
        names[count++] = verb;
    }
    if (!word)
        return usage_error(p, c->name, "isnad %s: which of %s?", c->name, list);
    near = nearest_name(word, names);
    if (near)
        return usage_error(p, c->name, "no \"isnad %s %s\": did you mean isnad %s %s?", c->name, word,
                           c->name, near);
    return usage_error(p, c->name, "no \"isnad %s %s\": there is %s", c->name, word, list);
}

isn_code unknown_command(program *p, const char *word) {
    const char *names[32], *owner = command_of_verb(word);
    size_t count = 0;
    if (strcmp(word, "merge") == 0)
        return usage_error(
            p, NULL,
            "no command \"merge\": did you mean isnad review merge (incidents) or isnad ledger "
            "merge (whole ledgers)?");
    if (owner)
        return usage_error(p, owner, "no command \"%s\": did you mean isnad %s %s?", word, owner, word);
    for (const command *c = commands; c->name; c++)
        names[count++] = c->name;
    names[count] = NULL;
    const char *near = nearest_name(word, names);
    if (near)
        return usage_error(p, NULL, "no command \"%s\": did you mean isnad %s?", word, near);
    return usage_error(p, NULL, "no command \"%s\"", word);
}

/* ---- values ---- */

static bool read_number(const char *text, const char *suffixes, uint64_t *out) {
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    const char *suffix = *end && *suffixes ? strchr(suffixes, *end) : NULL;
    unsigned shift = suffix ? 10u * (unsigned)(suffix - suffixes + 1) : 0;
    if (errno || (*end && (!suffix || end[1])) || value > UINT64_MAX >> shift)
        return false;
    *out = (uint64_t)value << shift;
    return true;
}

static isn_code set_option(program *p, const option_row *o, const char *value, const command *c) {
    char *field = (char *)&p->settings + o->field;
    const char *owner = c ? c->name : NULL;
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        break;
    case OPTION_TEXT:
        *(const char **)(void *)field = value;
        break;
    case OPTION_NUMBER:
        if (!read_number(value, "", (uint64_t *)(void *)field))
            return usage_error(p, owner, "--%s %s: expected a number", o->name, value);
        if (o->field == FIELD(jobs) && p->settings.jobs == 0)
            return usage_error(p, owner, "--jobs 0: expected at least 1");
        break;
    case OPTION_SIZE:
        if (!read_number(value, "KMG", (uint64_t *)(void *)field))
            return usage_error(p, owner, "--%s %s: expected a size such as 64M", o->name, value);
        break;
    case OPTION_FORMAT:
        if (c && !word_in(c->formats, value))
            return usage_error(p, owner, "--%s %s: expected one of: %s", o->name, value, c->formats);
        *(const char **)(void *)field = value;
        break;
    }
    p->settings.limited |= o->field == FIELD(limit);
    p->settings.on_port |= o->field == FIELD(port);
    return ISN_OK;
}

/* ---- parsing ---- */

typedef struct getopt_tables {
    char letters[2 * OPTIONS + 3];
    struct option names[OPTIONS + 1];
} getopt_tables;

static void fill_tables(getopt_tables *t, const char *mode, unsigned mask) {
    size_t count = 0;
    char *letter = stpcpy(t->letters, mode);
    for (size_t i = 0; i < OPTIONS; i++) {
        if (!(options[i].commands & mask))
            continue;
        bool value = options[i].kind != OPTION_FLAG;
        t->names[count++] = (struct option){options[i].name, value, NULL, FIRST_CODE + (int)i};
        if (options[i].letter)
            *letter++ = options[i].letter;
        if (options[i].letter && value)
            *letter++ = ':';
    }
    *letter = 0;
    t->names[count] = (struct option){0};
}

static const option_row *option_of_code(int code) {
    if (code >= FIRST_CODE)
        return &options[code - FIRST_CODE];
    for (size_t i = 0; i < OPTIONS; i++)
        if (options[i].letter && options[i].letter == code)
            return &options[i];
    return NULL;
}

/* "-x" out of a bundle, or the long word as it was typed. */
static isn_code bad_option(program *p, char **words, const command *c) {
    char letter[3] = {'-', (char)optopt, 0};
    if (optopt > 0 && optopt < FIRST_CODE)
        return unknown_option(p, letter, c);
    const char *word = words[optind - 1];
    if (optopt >= FIRST_CODE)
        return usage_error(p, c ? c->name : NULL, "--%s takes no value", options[optopt - FIRST_CODE].name);
    return unknown_option(p, word, c);
}

static isn_code parse_with(program *p, int count, char **words, const char *mode, const command *c) {
    getopt_tables tables;
    fill_tables(&tables, mode, c ? c->mask : FOR_ALL);
    opterr = 0;
    optind = 0;
    int code;
    while ((code = getopt_long(count, words, tables.letters, tables.names, NULL)) != -1) {
        const option_row *o = option_of_code(code == ':' ? optopt : code);
        if (code == '?')
            return bad_option(p, words, c);
        if (code == ':')
            return usage_error(p, c ? c->name : NULL, "--%s needs a value: --%s %s", o->name, o->name,
                               o->value);
        isn_code result = set_option(p, o, optarg, c);
        if (result != ISN_OK)
            return result;
    }
    return ISN_OK;
}

const command *command_named(const char *name) {
    for (const command *c = commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static bool is_country(const char *code) {
    return strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == 2 && !code[2];
}

static bool is_language(const char *code) {
    size_t letters = strspn(code, "abcdefghijklmnopqrstuvwxyz");
    return (letters == 2 || letters == 3) && !code[letters];
}

/* What each option takes by itself but the command cannot do. */
static isn_code check_settings(program *p, const command *c) {
    const settings *s = &p->settings;
    if (s->disputed && s->undisputed)
        return usage_error(p, c->name, "--disputed and --undisputed: no incident is both");
    if (s->country && !is_country(s->country))
        return usage_error(p, c->name, "--country %s: expected an ISO 3166 code of two letters, such as SY",
                           s->country);
    if (s->language && !is_language(s->language))
        return usage_error(p, c->name, "--language %s: expected a language's code, such as ar or en",
                           s->language);
    return ISN_OK;
}

/* First what stands before the command ("isnad --ledger x incidents"), then what stands after it. */
isn_code arguments_parse(program *p, int count, char **words, const command **chosen) {
    *chosen = NULL;
    isn_code result = parse_with(p, count, words, "+:", NULL);
    if (result != ISN_OK || optind >= count)
        return result;
    int at = optind;
    const command *c = command_named(words[at]);
    if (!c)
        return unknown_command(p, words[at]);
    if (p->settings.format && !word_in(c->formats, p->settings.format))
        return usage_error(p, c->name, "--format %s: expected one of: %s", p->settings.format, c->formats);
    result = parse_with(p, count - at, words + at, ":", c);
    if (result != ISN_OK)
        return result;
    p->settings.arguments = words + at + optind;
    p->settings.count = (size_t)(count - at - optind);
    *chosen = c;
    return check_settings(p, c);
}

/* ---- help ---- */

void arguments_describe(FILE *out, unsigned mask) {
    for (size_t i = 0; i < OPTIONS; i++) {
        const option_row *o = &options[i];
        char name[64];
        if (!(o->commands & mask))
            continue;
        snprintf(name, sizeof name, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
        fprintf(out, "  %c%c%c %-19s %s\n", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
                o->letter ? ',' : ' ', name, o->help);
    }
}
