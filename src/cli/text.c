#include "cli/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { USUAL_WIDTH = 100, LEAST_WIDTH = 40, REPLACEMENT = 0xFFFD };

bool folder_make(const char *path) {
    struct stat found;
    return mkdir(path, 0700) == 0 || (stat(path, &found) == 0 && S_ISDIR(found.st_mode));
}

static size_t window_width(int descriptor) {
    struct winsize window;
    if (ioctl(descriptor, TIOCGWINSZ, &window) != 0 || window.ws_col == 0)
        return USUAL_WIDTH;
    return window.ws_col < LEAST_WIDTH ? LEAST_WIDTH : window.ws_col;
}

terminal terminal_of(FILE *stream) {
    terminal t = {.interactive = isatty(fileno(stream)), .width = USUAL_WIDTH};
    if (!t.interactive)
        return t;
    const char *no_colour = getenv("NO_COLOR"), *kind = getenv("TERM");
    t.colour = !(no_colour && *no_colour) && kind && strcmp(kind, "dumb") != 0;
    t.width = window_width(fileno(stream));
    return t;
}

/* ---- code points ---- */

/* The library gives well-formed UTF-8; file names and the like may be anything. */
uint32_t text_next(const char *s, size_t size, size_t *at) {
    static const unsigned char first_bits[] = {0x7F, 0x1F, 0x0F, 0x07};
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)s[*at];
    size_t more = lead < 0x80                   ? 0
                  : lead >= 0xC2 && lead < 0xE0 ? 1
                  : lead >= 0xE0 && lead < 0xF0 ? 2
                  : lead >= 0xF0 && lead < 0xF5 ? 3
                                                : 4;
    *at += 1;
    if (more == 4 || more > size - *at)
        return REPLACEMENT;
    uint32_t c = lead & first_bits[more];
    for (size_t i = 0; i < more; i++) {
        if ((s[*at + i] & 0xC0) != 0x80)
            return REPLACEMENT;
        c = c << 6 | (unsigned char)(s[*at + i] & 0x3F);
    }
    if (c < least[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return REPLACEMENT;
    *at += more;
    return c;
}

typedef struct range {
    uint32_t first, last;
} range;

static bool in_ranges(uint32_t c, const range *ranges, size_t count) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && c >= ranges[low].first;
}
#define IN(c, ranges) in_ranges((c), (ranges), sizeof(ranges) / sizeof *(ranges))

bool text_obeyed(uint32_t c) {
    static const range obeyed[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C}, {0x200E, 0x200F},   {0x2028, 0x202E},
        {0x2066, 0x2069}, {0x206A, 0x206F}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
    };
    return IN(c, obeyed);
}

int text_columns(uint32_t c) {
    /* Marks and joiners of the scripts that news in our languages quotes; not all of Unicode. */
    static const range none[] = {
        {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x0300, 0x036F}, {0x0483, 0x0489},
        {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2}, {0x05C4, 0x05C5}, {0x05C7, 0x05C7},
        {0x0600, 0x0605}, {0x0610, 0x061A}, {0x061C, 0x061C}, {0x064B, 0x065F}, {0x0670, 0x0670},
        {0x06D6, 0x06DD}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x070F, 0x070F},
        {0x0711, 0x0711}, {0x0730, 0x074A}, {0x07A6, 0x07B0}, {0x0890, 0x0891}, {0x0898, 0x089F},
        {0x08CA, 0x0902}, {0x093A, 0x093A}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D},
        {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1ACE}, {0x1DC0, 0x1DFF},
        {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F}, {0x20D0, 0x20F0}, {0x3099, 0x309A},
        {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0001, 0xE01EF},
    };
    static const range two[] = {
        {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},
        {0xA960, 0xA97F}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},
        {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
    };
    if (c >= 0x20 && c < 0x7F)
        return 1;
    return IN(c, none) ? 0 : IN(c, two) ? 2 : 1;
}

size_t text_width(const char *s, size_t size) {
    size_t width = 0;
    for (size_t at = 0; at < size;)
        width += (size_t)text_columns(text_next(s, size, &at));
    return width;
}

size_t text_fit(const char *s, size_t size, size_t columns) {
    size_t width = 0, at = 0;
    while (at < size) {
        size_t next = at;
        width += (size_t)text_columns(text_next(s, size, &next));
        if (width > columns)
            break;
        at = next;
    }
    return at;
}

static bool is_space(uint32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x2028 || c == 0x2029 || c == 0x3000;
}

/* Copies what may be shown to `out` (which has room for three times `size`: ill-formed bytes become U+FFFD)
 * and gives the size. `marks` are positions in `s` that are moved to where they are in the copy. */
static size_t clean_into(char *out, const char *s, size_t size, size_t marks[2]) {
    size_t length = 0, moved[2] = {0, 0};
    bool space = true; /* none at the head */
    for (size_t at = 0; at < size;) {
        size_t from = at;
        uint32_t c = text_next(s, size, &at);
        for (int i = 0; i < 2; i++)
            moved[i] = from <= marks[i] ? length : moved[i];
        if (text_obeyed(c) && !is_space(c))
            continue;
        if (is_space(c)) {
            if (!space)
                out[length++] = ' ';
            space = true;
            continue;
        }
        space = false;
        bool whole = c != REPLACEMENT || at - from == 3;
        memcpy(out + length, whole ? s + from : "\xEF\xBF\xBD", whole ? at - from : 3);
        length += whole ? at - from : 3;
    }
    while (length > 0 && out[length - 1] == ' ')
        length--;
    for (int i = 0; i < 2; i++)
        marks[i] = marks[i] < size && moved[i] < length ? moved[i] : length;
    return length;
}

static void *memory_or_end(void *memory) {
    if (memory)
        return memory;
    fputs("isnad: out of memory\n", stderr);
    abort();
}

char *text_clean(const char *s, size_t size) {
    char *copy = memory_or_end(malloc(3 * size + 1));
    size_t length = clean_into(copy, s, size, (size_t[2]){0, 0});
    copy[length] = 0;
    return copy;
}

/* ---- printing ---- */

#define FIRST_STRONG_ISOLATE "\xE2\x81\xA8"
#define POP_ISOLATE          "\xE2\x81\xA9"
#define RIGHT_TO_LEFT_MARK   "\xE2\x80\x8F"

static bool isolated(const terminal *t, const char *s, size_t size) {
    for (size_t i = 0; t->interactive && i < size; i++)
        if ((unsigned char)s[i] >= 0x80)
            return true;
    return false;
}

void text_put(FILE *out, const terminal *t, const char *clean, size_t size, bool cut) {
    bool isolates = isolated(t, clean, size);
    if (isolates)
        fputs(FIRST_STRONG_ISOLATE, out);
    fwrite(clean, 1, size, out);
    if (cut)
        fputs("…", out);
    if (isolates)
        fputs(POP_ISOLATE, out);
}

void style_begin(FILE *out, const terminal *t, const char *style) {
    if (t->colour)
        fprintf(out, "\033[%sm", style);
}

void style_end(FILE *out, const terminal *t) {
    if (t->colour)
        fputs("\033[0m", out);
}

/* ---- quotations ---- */

enum { AROUND = 1200 }; /* bytes shown on each side of the mark at most */
#define MARK_STYLE "1;33"

static bool right_to_left(const char *s, size_t size) {
    static const range arabic_and_hebrew[] = {
        {0x0590, 0x08FF}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFC}, {0x10800, 0x10FFF}, {0x1E800, 0x1EFFF}};
    for (size_t at = 0; at < size;) {
        uint32_t c = text_next(s, size, &at);
        if (IN(c, arabic_and_hebrew))
            return true;
        if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            return false;
    }
    return false;
}

static size_t boundary_at(const char *s, size_t at) {
    while (at > 0 && (s[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* Shortens the quotation to what is around its mark. */
static quotation around_mark(quotation q) {
    if (q.bare)
        return q;
    size_t from = q.mark_start > AROUND ? boundary_at(q.text, q.mark_start - AROUND) : 0;
    size_t to = q.mark_end + AROUND < q.size ? boundary_at(q.text, q.mark_end + AROUND) : q.size;
    return (quotation){q.text + from, to - from, q.mark_start - from, q.mark_end - from, false};
}

/* Bytes of the next line: as many words as fit, or a part of a word that does not. */
static size_t line_size(const char *s, size_t size, size_t columns) {
    size_t fits = text_fit(s, size, columns);
    if (fits == size)
        return size;
    size_t words = fits;
    while (words > 0 && s[words] != ' ')
        words--;
    if (words > 0)
        return words;
    size_t one = 0;
    text_next(s, size, &one);
    return fits > one ? fits : one;
}

/* text[from:to], of which [mark_start, mark_end) is marked. */
static void put_line(FILE *out, const terminal *t, const quotation *q, size_t from, size_t to) {
    size_t a = q->mark_start < from ? from : q->mark_start > to ? to : q->mark_start;
    size_t b = q->mark_end < a ? a : q->mark_end > to ? to : q->mark_end;
    fwrite(q->text + from, 1, a - from, out);
    if (b > a) {
        style_begin(out, t, MARK_STYLE);
        if (!t->colour && q->mark_start >= from)
            fputc('[', out);
        fwrite(q->text + a, 1, b - a, out);
        if (!t->colour && q->mark_end <= to)
            fputc(']', out);
        style_end(out, t);
    }
    fwrite(q->text + b, 1, to - b, out);
}

static void put_lines(FILE *out, const terminal *t, const quotation *q, size_t indent, bool head, bool tail) {
    size_t columns = t->width > indent + 24 ? t->width - indent - 4 : 20;
    bool arabic = right_to_left(q->text, q->size);
    for (size_t at = 0; at < q->size;) {
        size_t size = line_size(q->text + at, q->size - at, columns);
        fprintf(out, "%*s", (int)indent, "");
        if (t->interactive)
            fputs(arabic ? FIRST_STRONG_ISOLATE RIGHT_TO_LEFT_MARK : FIRST_STRONG_ISOLATE, out);
        if (at == 0 && !q->bare)
            fputs(head ? "“" : "“…", out);
        put_line(out, t, q, at, at + size);
        at += size;
        at += at < q->size && q->text[at] == ' ';
        if (at >= q->size && !q->bare)
            fputs(tail ? "”" : "…”", out);
        if (t->interactive)
            fputs(POP_ISOLATE, out);
        fputc('\n', out);
    }
}

void text_quote(FILE *out, const terminal *t, quotation q, size_t indent) {
    if (q.mark_end > q.size || q.mark_start > q.mark_end)
        q.mark_start = q.mark_end = 0;
    if (q.mark_end - q.mark_start > AROUND)
        q.mark_end = boundary_at(q.text, q.mark_start + AROUND);
    quotation part = around_mark(q);
    size_t marks[2] = {part.mark_start, part.mark_end};
    char *copy = memory_or_end(malloc(3 * part.size + 1));
    size_t size = clean_into(copy, part.text, part.size, marks);
    quotation clean = {copy, size, marks[0], marks[1], q.bare};
    put_lines(out, t, &clean, indent, part.text == q.text, part.text + part.size == q.text + q.size);
    free(copy);
}

/* ---- code points to bytes ---- */

enum { STEP = 256 };

text_index text_index_new(const char *text, size_t size) {
    text_index x = {text, size, NULL, 0};
    x.offsets = memory_or_end(malloc((size / STEP + 1) * sizeof *x.offsets));
    size_t code_points = 0;
    for (size_t at = 0; at < size; code_points++) {
        if (code_points % STEP == 0)
            x.offsets[x.count++] = at;
        text_next(text, size, &at);
    }
    return x;
}

size_t text_index_offset(const text_index *x, size_t code_point) {
    if (code_point / STEP >= x->count)
        return x->size;
    size_t at = x->offsets[code_point / STEP];
    for (size_t i = code_point % STEP; i > 0 && at < x->size; i--)
        text_next(x->text, x->size, &at);
    return at;
}

void text_index_free(text_index *x) {
    free(x->offsets);
    *x = (text_index){0};
}
