#include "intake/kind.h"

typedef struct signature {
    str bytes;
    const char *what;
} signature;

#define BYTES(literal)                                                                                       \
    { (literal), sizeof(literal) - 1 }

/* Bytes a file begins with, and why it is refused. */
static const signature refused[] = {
    {BYTES("\x04\x22\x4D\x18"), "compressed with LZ4, which is not read: decompress it first"},
    {BYTES("\x28\xB5\x2F\xFD"), "compressed with Zstandard, which is not read: decompress it first"},
    {BYTES("\x5D\x2A\x4D\x18"), "compressed with Zstandard, which is not read: decompress it first"},
    {BYTES("\xFD"
           "7zXZ"),
     "compressed with xz, which is not read: decompress it first"},
    {BYTES("BZh"), "compressed with bzip2, which is not read: decompress it first"},
    {BYTES("PK\x03\x04"),
     "a ZIP file (WACZ and office documents are such), which is not read: unpack it first"},
    {BYTES("PK\x05\x06"), "an empty ZIP file"},
    {BYTES("filedesc:"), "an ARC file, the format before WARC, which is not read: convert it to WARC first"},
    {BYTES("%PDF-"), "a PDF document, which is not read"},
    {BYTES("\x89PNG"), "a picture"},
    {BYTES("\xFF\xD8\xFF"), "a picture"},
    {BYTES("GIF8"), "a picture"},
    {BYTES("\x7F"
           "ELF"),
     "a program"},
    {BYTES("SQLite format 3"), "an SQLite database"},
};

/* What a page's first tag may be, in lower case. */
static const str page_tags[] = {
    BYTES("!doctype html"), BYTES("html"),  BYTES("head"),   BYTES("body"),
    BYTES("title"),         BYTES("meta"),  BYTES("!--"),    BYTES("script"),
    BYTES("div"),           BYTES("p"),     BYTES("h1"),     BYTES("h2"),
    BYTES("table"),         BYTES("a"),     BYTES("br"),     BYTES("article"),
    BYTES("section"),       BYTES("main"),  BYTES("span"),   BYTES("b"),
    BYTES("font"),          BYTES("style"), BYTES("link"),   BYTES("base"),
    BYTES("iframe"),        BYTES("ul"),    BYTES("header"), BYTES("nav"),
    BYTES("center"),        BYTES("img"),   BYTES("strong"), BYTES("blockquote"),
};

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static str skip_space(str s) {
    while (s.size && is_space(s.data[0]))
        s = str_slice(s, 1, s.size);
    return s;
}

static bool starts_nocase(str s, str prefix) {
    return s.size >= prefix.size && str_equal_ascii_nocase(str_slice(s, 0, prefix.size), prefix);
}

static bool is_name_end(str s, size_t at) {
    return at >= s.size || is_space(s.data[at]) || s.data[at] == '>' || s.data[at] == '/';
}

/* A tag of a page begins at s. */
static bool page_tag(str s) {
    if (s.size < 2 || s.data[0] != '<')
        return false;
    s = str_slice(s, 1, s.size);
    for (size_t i = 0; i < sizeof page_tags / sizeof *page_tags; i++)
        if (starts_nocase(s, page_tags[i]) &&
            (page_tags[i].data[0] == '!' || is_name_end(s, page_tags[i].size)))
            return true;
    return false;
}

static bool any_page_tag(str s) {
    for (size_t at = 0; (at = str_find(s, STR("<"), at)) != SIZE_MAX; at++)
        if (page_tag(str_slice(s, at, s.size)))
            return true;
    return false;
}

/* UTF-16, by its mark or by zeros that all stand on one side. */
static bool is_utf16(str s) {
    if (str_starts(s, STR("\xFF\xFE")) || str_starts(s, STR("\xFE\xFF")))
        return true;
    size_t zeros[2] = {0};
    for (size_t i = 0; i < s.size; i++)
        zeros[i & 1] += s.data[i] == 0;
    size_t most = zeros[0] > zeros[1] ? zeros[0] : zeros[1], least = zeros[0] + zeros[1] - most;
    return s.size >= 16 && most * 20 > s.size && least * 20 < most;
}

/* More than one control byte in ten, or a zero. */
static bool is_binary(str s) {
    size_t controls = 0;
    for (size_t i = 0; i < s.size; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c == 0)
            return true;
        controls += c < ' ' && !is_space((char)c) && c != 0x1B;
    }
    return controls * 10 > s.size;
}

/* Without the other half of each UTF-16 unit of ASCII, which is enough for markup. */
static str without_zeros(str s, char *into) {
    size_t size = 0;
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i])
            into[size++] = s.data[i];
    return (str){into, size};
}

static bool named(str name, str ending) {
    if (str_ends(name, STR(".gz")))
        name.size -= 3;
    return name.size > ending.size &&
           str_equal_ascii_nocase(str_slice(name, name.size - ending.size, name.size), ending);
}

static str without_mark(str s) {
    static const str marks[] = {BYTES("\xEF\xBB\xBF"), BYTES("\xFF\xFE"), BYTES("\xFE\xFF")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_starts(s, marks[i]))
            return str_slice(s, marks[i].size, s.size);
    return s;
}

static file_kind kind_of_xml(str s, str name, const char **why) {
    if (any_page_tag(s) || named(name, STR(".xhtml")) || named(name, STR(".html")) ||
        named(name, STR(".htm")))
        return FILE_HTML;
    *why = "an XML document that is no web page";
    return FILE_REFUSED;
}

/* Of text without its mark and first white space. */
static file_kind kind_of_text(str s, str name, const char **why) {
    if (starts_nocase(s, STR("<?xml")))
        return kind_of_xml(s, name, why);
    if (page_tag(s))
        return FILE_HTML;
    if (s.size && s.data[0] == '{' && skip_space(str_slice(s, 1, s.size)).size &&
        (skip_space(str_slice(s, 1, s.size)).data[0] == '"' || named(name, STR(".jsonl"))))
        return FILE_JSON_LINES;
    if (named(name, STR(".jsonl")) || named(name, STR(".ndjson")))
        return FILE_JSON_LINES;
    if (named(name, STR(".html")) || named(name, STR(".htm")) || named(name, STR(".xhtml")))
        return FILE_HTML;
    if (named(name, STR(".txt")))
        return FILE_TEXT;
    return any_page_tag(s) ? FILE_HTML : FILE_TEXT;
}

file_kind kind_of(str head, str name, const char **why) {
    char plain[KIND_HEAD];
    *why = "empty";
    if (head.size > KIND_HEAD)
        head.size = KIND_HEAD;
    if (head.size == 0)
        return FILE_REFUSED;
    if (str_starts(head, STR("WARC/")))
        return FILE_WARC;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (str_starts(head, refused[i].bytes)) {
            *why = refused[i].what;
            return FILE_REFUSED;
        }
    *why = "binary data, which is no page";
    if (is_utf16(head))
        head = without_zeros(head, plain);
    else if (is_binary(head))
        return FILE_REFUSED;
    head = without_mark(head);
    return kind_of_text(skip_space(head), name, why);
}

bool kind_named(str format, file_kind *out) {
    static const struct {
        str name;
        file_kind kind;
    } kinds[] = {
        {BYTES("html"), FILE_HTML},
        {BYTES("text"), FILE_TEXT},
        {BYTES("jsonl"), FILE_JSON_LINES},
        {BYTES("warc"), FILE_WARC},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_equal(format, kinds[i].name)) {
            *out = kinds[i].kind;
            return true;
        }
    return false;
}
