/* The article as Markdown (CommonMark with tables), with its facts as YAML before it. Every text comes from
 * outside: whatever Markdown or YAML would take for its own is escaped. */
#include "page/page.h"

#include "base/buffer.h"

static bool starts_block(str s) {
    return s.size && strchr("#>-+=~|", s.data[0]);
}

/* "12." or "12)" at the head of a line would begin a list. */
static size_t list_number(str s) {
    size_t at = 0;
    while (at < s.size && s.data[at] >= '0' && s.data[at] <= '9')
        at++;
    return at && at < s.size && (s.data[at] == '.' || s.data[at] == ')') ? at : 0;
}

static void put_inline(buffer *b, str s) {
    size_t number = list_number(s);
    if (starts_block(s))
        buffer_add_byte(b, '\\');
    for (size_t i = 0; i < s.size; i++) {
        char c = s.data[i];
        if ((c && strchr("\\`*_[]<&", c)) || (number && i == number))
            buffer_add_byte(b, '\\');
        buffer_add_byte(b, (unsigned char)c < ' ' ? ' ' : c);
    }
}

static void put_quoted(buffer *b, str s) {
    buffer_add_byte(b, '"');
    for (size_t i = 0; i < s.size; i++) {
        char c = s.data[i];
        if (c == '"' || c == '\\')
            buffer_add_byte(b, '\\');
        buffer_add_byte(b, (unsigned char)c < ' ' || c == 0x7F ? ' ' : c);
    }
    buffer_add_byte(b, '"');
}

static void put_fact(buffer *b, const char *name, str value) {
    if (!value.size)
        return;
    buffer_add(b, str_of(name));
    buffer_add(b, STR(": "));
    put_quoted(b, value);
    buffer_add_byte(b, '\n');
}

static void put_moment(buffer *b, const char *name, str value, str offset, arena *a) {
    put_fact(b, name, offset.size ? arena_printf(a, "%.*s%.*s", STR_ARG(value), STR_ARG(offset)) : value);
}

static void put_list(buffer *b, const char *name, const str *values, size_t count) {
    if (count == 0)
        return;
    buffer_add(b, str_of(name));
    buffer_add(b, STR(":\n"));
    for (size_t i = 0; i < count; i++) {
        buffer_add(b, STR("  - "));
        put_quoted(b, values[i]);
        buffer_add_byte(b, '\n');
    }
}

static void put_facts(buffer *b, const article *p, arena *a) {
    buffer_add(b, STR("---\n"));
    put_fact(b, "title", p->title);
    put_fact(b, "outlet", p->outlet);
    put_list(b, "authors", p->authors.at, p->authors.size);
    put_moment(b, "published", p->published, p->published_offset, a);
    put_fact(b, "published_from", p->published_from);
    put_moment(b, "updated", p->updated, p->updated_offset, a);
    put_fact(b, "captured", p->captured);
    put_fact(b, "language", p->language);
    put_fact(b, "url", p->url);
    put_fact(b, "canonical", p->canonical);
    put_fact(b, "section", p->section);
    put_list(b, "tags", p->tags.at, p->tags.size);
    put_fact(b, "repaired", p->repaired);
    put_fact(b, "file", p->file);
    put_fact(b, "sha256", p->sha256);
    buffer_add(b, STR("---\n"));
}

/* Rows are cells with " | " between them. */

static str next_cell(str row, size_t *at) {
    size_t end = str_find(row, STR(" | "), *at);
    str cell = str_slice(row, *at, end == SIZE_MAX ? row.size : end);
    *at = end == SIZE_MAX ? row.size + 1 : end + 3;
    return cell;
}

static size_t count_cells(str row) {
    size_t n = 0;
    for (size_t at = 0; at <= row.size; n++)
        next_cell(row, &at);
    return n;
}

static void put_row(buffer *b, str row, size_t columns) {
    size_t at = 0;
    for (size_t i = 0; i < columns; i++) {
        buffer_add(b, STR("| "));
        str cell = at <= row.size ? next_cell(row, &at) : STR_NONE;
        for (size_t start = 0, bar; start <= cell.size; start = bar + 1) {
            const char *found = start < cell.size ? memchr(cell.data + start, '|', cell.size - start) : NULL;
            bar = found ? (size_t)(found - cell.data) : cell.size;
            put_inline(b, str_slice(cell, start, bar));
            if (bar < cell.size)
                buffer_add(b, STR("\\|"));
        }
        buffer_add_byte(b, ' ');
    }
    buffer_add(b, STR("|\n"));
}

/* The rows from `i` on, the first as the head; how many. */
static size_t put_table(buffer *b, const article *p, size_t i) {
    size_t end = i, columns = 1;
    for (; end < p->paragraphs.size && p->paragraphs.at[end].kind == PARAGRAPH_ROW; end++) {
        size_t cells = count_cells(p->paragraphs.at[end].text);
        columns = cells > columns ? cells : columns;
    }
    for (size_t k = i; k < end; k++) {
        put_row(b, p->paragraphs.at[k].text, columns);
        for (size_t n = 0; k == i && n < columns; n++)
            buffer_add(b, n + 1 < columns ? STR("| --- ") : STR("| --- |\n"));
    }
    return end - i;
}

static void put_paragraph(buffer *b, const paragraph *one, bool in_entry) {
    static const char *const before[] = {"", "## ", "> ", "- ", "*", ""};
    if (one->kind == PARAGRAPH_HEADING && in_entry)
        buffer_add_byte(b, '#');
    buffer_add(b, str_of(before[one->kind]));
    put_inline(b, one->text);
    buffer_add(b, one->kind == PARAGRAPH_CAPTION ? STR("*\n") : STR("\n"));
}

static void put_address(buffer *b, str href) {
    buffer_add(b, STR("](<"));
    for (size_t i = 0; i < href.size; i++) {
        char c = href.data[i];
        if (c == '<' || c == '>' || c == '\\' || (unsigned char)c <= ' ')
            buffer_printf(b, "%%%02X", (unsigned)(unsigned char)c);
        else
            buffer_add_byte(b, c);
    }
    buffer_add(b, STR(">)"));
}

static void put_link(buffer *b, str text, str href) {
    if (href.size)
        buffer_add_byte(b, '[');
    put_inline(b, text.size ? text : href);
    if (href.size)
        put_address(b, href);
}

static void put_entry(buffer *b, const page_entry *e, arena *a) {
    str when = e->time.size ? arena_printf(a, "%.*s%.*s", STR_ARG(e->time), STR_ARG(e->offset)) : STR("–");
    buffer_add(b, STR("\n## "));
    put_link(b, when, e->url);
    if (e->author.size) {
        buffer_add(b, STR(" · "));
        put_inline(b, e->author);
    }
    if (e->via.size) {
        buffer_add(b, STR(" ← "));
        put_inline(b, e->via);
    }
    buffer_add_byte(b, '\n');
}

static void put_body(buffer *b, const article *p, arena *a) {
    size_t entry = 0;
    bool item = false;
    for (size_t i = 0; i < p->paragraphs.size;) {
        const paragraph *one = &p->paragraphs.at[i];
        while (entry < p->entries.size && p->entries.at[entry].end <= i)
            entry++;
        bool inside = entry < p->entries.size && p->entries.at[entry].first <= i;
        if (inside && p->entries.at[entry].first == i)
            put_entry(b, &p->entries.at[entry], a);
        if (!(item && one->kind == PARAGRAPH_ITEM))
            buffer_add_byte(b, '\n');
        item = one->kind == PARAGRAPH_ITEM;
        if (one->kind == PARAGRAPH_ROW) {
            i += put_table(b, p, i);
            continue;
        }
        put_paragraph(b, one, inside);
        i++;
    }
}

static void put_links(buffer *b, const article *p) {
    for (size_t i = 0; i < p->links.size; i++) {
        const page_link *l = &p->links.at[i];
        buffer_add(b, i ? STR("- ") : STR("\n---\n\n- "));
        buffer_add(b, str_of(link_role_name(l->role)));
        buffer_add(b, STR(": "));
        put_link(b, l->text, l->href);
        buffer_add_byte(b, '\n');
    }
}

void page_markdown(const article *p, arena *a, str *out) {
    buffer b = {0};
    put_facts(&b, p, a);
    if (p->title.size) {
        buffer_add(&b, STR("\n# "));
        put_inline(&b, p->title);
        buffer_add_byte(&b, '\n');
    }
    put_body(&b, p, a);
    put_links(&b, p);
    *out = arena_copy(a, buffer_str(&b));
    buffer_free(&b);
}
