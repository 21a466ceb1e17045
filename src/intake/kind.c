#include "intake/kind.h"

#include "base/ascii.h"
#include "intake/companions.h"

typedef struct signature {
    str bytes;
    const char *what;
} signature;

#define BYTES(literal)                                                                                       \
    { (literal), sizeof(literal) - 1 }

/* Bytes a file begins with, and why it is refused. */
static const signature refused[] = {
    {BYTES("\xFD"
           "7zXZ"),
     "compressed with xz, which is not read: decompress it first"},
    {BYTES("BZh"), "compressed with bzip2, which is not read: decompress it first"},
    {BYTES("%PDF-"), "a PDF document, which is not read"},
    {BYTES("{\\rtf"), "an RTF document, which is not read"},
    {BYTES("\xD0\xCF\x11\xE0"), "an old office document, which is not read"},
    {BYTES("bplist00"),
     "a property list, such as Safari's web archives, which is not read: save the page as HTML"},
    {BYTES("7z\xBC\xAF"), "a 7-Zip archive, which is not read: unpack it first"},
    {BYTES("Rar!\x1A"), "a RAR archive, which is not read: unpack it first"},
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

static str skip_space(str s) {
    while (s.size && ascii_is_space(s.data[0]))
        s = str_slice(s, 1, s.size);
    return s;
}

static bool starts_nocase(str s, str prefix) {
    return s.size >= prefix.size && str_equal_ascii_nocase(str_slice(s, 0, prefix.size), prefix);
}

static bool is_name_end(str s, size_t at) {
    return at >= s.size || ascii_is_space(s.data[at]) || s.data[at] == '>' || s.data[at] == '/';
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
        controls += c < ' ' && !ascii_is_space((char)c) && c != 0x1B;
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

static bool ends_like(str name, str ending) {
    return name.size > ending.size &&
           str_equal_ascii_nocase(str_slice(name, name.size - ending.size, name.size), ending);
}

static bool named(str name, str ending) {
    static const str packed[] = {BYTES(".gz"), BYTES(".zst"), BYTES(".lz4")};
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        if (ends_like(name, packed[i])) {
            name.size -= packed[i].size;
            break;
        }
    return ends_like(name, ending);
}

bool is_page_name(str name) {
    static const str endings[] = {
        BYTES(".html"),   BYTES(".htm"),  BYTES(".xhtml"), BYTES(".txt"),   BYTES(".jsonl"),
        BYTES(".ndjson"), BYTES(".warc"), BYTES(".gz"),    BYTES(".arc"),   BYTES(".wacz"),
        BYTES(".lz4"),    BYTES(".zst"),  BYTES(".mht"),   BYTES(".mhtml"), BYTES(".maff"),
        BYTES(".zip"),    BYTES(".rss"),  BYTES(".atom"),  BYTES(".xml"),
    };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_like(name, endings[i]))
            return true;
    return false;
}

bool is_companion_name(str folder, str *stem) {
    for (size_t i = 0; i < sizeof companion_endings / sizeof *companion_endings; i++)
        if (str_ends(folder, companion_endings[i])) {
            *stem = str_slice(folder, 0, folder.size - companion_endings[i].size);
            return true;
        }
    return false;
}

static str without_mark(str s) {
    static const str marks[] = {BYTES("\xEF\xBB\xBF"), BYTES("\xFF\xFE"), BYTES("\xFE\xFF")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_starts(s, marks[i]))
            return str_slice(s, marks[i].size, s.size);
    return s;
}

/* The name of the first element, behind declarations and comments. */
static str root_of(str s) {
    for (;;) {
        s = skip_space(s);
        str close = str_starts(s, STR("<!--")) ? STR("-->") : STR(">");
        if (!str_starts(s, STR("<?")) && !str_starts(s, STR("<!")))
            break;
        size_t end = str_find(s, close, 0);
        size_t inner = starts_nocase(s, STR("<!doctype")) ? str_find(s, STR("["), 0) : SIZE_MAX;
        if (inner < end) { /* with declarations in it */
            close = STR("]>");
            end = str_find(s, close, inner);
        }
        if (end == SIZE_MAX)
            return STR_NONE;
        s = str_slice(s, end + close.size, s.size);
    }
    if (!str_starts(s, STR("<")))
        return STR_NONE;
    size_t end = 1;
    while (!is_name_end(s, end))
        end++;
    return str_slice(s, 1, end);
}

static bool is_feed_kind(str s, file_kind *kind) {
    static const struct {
        str root;
        file_kind kind;
        const char *needs; /* what else must stand in the head */
    } roots[] = {
        {BYTES("rss"), FILE_FEED, NULL},       {BYTES("feed"), FILE_FEED, "http://www.w3.org/2005/Atom"},
        {BYTES("atom:feed"), FILE_FEED, NULL}, {BYTES("rdf:RDF"), FILE_FEED, "http://purl.org/rss/1.0/"},
        {BYTES("urlset"), FILE_SITEMAP, NULL}, {BYTES("sitemapindex"), FILE_SITEMAP, NULL},
    };
    str root = root_of(s);
    for (size_t i = 0; root.size && i < sizeof roots / sizeof *roots; i++)
        if (str_equal(root, roots[i].root) &&
            (!roots[i].needs || str_find(s, str_of(roots[i].needs), 0) != SIZE_MAX)) {
            *kind = roots[i].kind;
            return true;
        }
    return false;
}

static file_kind kind_of_xml(str s, str name, const char **why) {
    if (any_page_tag(s) || named(name, STR(".xhtml")) || named(name, STR(".html")) ||
        named(name, STR(".htm")))
        return FILE_HTML;
    *why = "an XML document that is no web page, feed or sitemap";
    return FILE_REFUSED;
}

/* A field of a mail's head in front, and the type of what is kept whole somewhere in it. */
static bool is_mhtml(str s) {
    static const str fields[] = {BYTES("from:"),
                                 BYTES("mime-version:"),
                                 BYTES("subject:"),
                                 BYTES("content-type:"),
                                 BYTES("content-location:"),
                                 BYTES("date:"),
                                 BYTES("snapshot-content-location:"),
                                 BYTES("x-saved-by:"),
                                 BYTES("message-id:")};
    bool head = false;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        head = head || starts_nocase(s, fields[i]);
    for (size_t at = 0; head && at < s.size; at++) {
        const char *slash = memchr(s.data + at, '/', s.size - at);
        if (!slash)
            return false;
        at = (size_t)(slash - s.data);
        if ((at >= 9 && starts_nocase(str_slice(s, at - 9, s.size), STR("multipart/related"))) ||
            (at >= 9 && starts_nocase(str_slice(s, at - 9, s.size), STR("multipart/alternative"))))
            return true;
    }
    return false;
}

/* The head of an ARC record: address, IP, 14 digits, type, length; of a file cut at its beginning too. */
static bool is_arc(str s) {
    if (str_starts(s, STR("filedesc:")))
        return true;
    if (!str_starts(s, STR("http://")) && !str_starts(s, STR("https://")))
        return false;
    const char *feed = memchr(s.data, '\n', s.size);
    str line = feed ? str_trim(str_slice(s, 0, (size_t)(feed - s.data))) : STR_NONE, word;
    str last[5] = {{0}};
    size_t words = 0;
    for (size_t at = 0; line.size && str_piece(line, &at, ' ', &word); words++) {
        memmove(last, last + 1, sizeof last - sizeof *last);
        last[4] = word;
    }
    size_t digits = 0;
    while (digits < last[2].size && last[2].data[digits] >= '0' && last[2].data[digits] <= '9')
        digits++;
    return words >= 5 && digits == 14 && last[2].size == 14;
}

/* A page's tag first, and one of those that only a page has. */
static bool begins_html(str s) {
    static const str needed[] = {BYTES("<!doctype html"), BYTES("<html"), BYTES("<head"), BYTES("<body")};
    if (!page_tag(s) && !starts_nocase(s, STR("<?xml")))
        return false;
    for (size_t at = 0; (at = str_find(s, STR("<"), at)) != SIZE_MAX; at++)
        for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
            if (starts_nocase(str_slice(s, at, s.size), needed[i]) && is_name_end(s, at + needed[i].size))
                return true;
    return false;
}

bool begins_like_page(str head) {
    char plain[KIND_HEAD];
    if (head.size > KIND_HEAD)
        head.size = KIND_HEAD;
    if (str_starts(head, STR("WARC/")) || is_arc(head))
        return true;
    if (is_utf16(head))
        head = without_zeros(head, plain);
    head = skip_space(without_mark(head));
    return begins_html(head) || is_mhtml(head);
}

/* Of text without its mark and first white space. */
static file_kind kind_of_text(str s, str name, const char **why) {
    file_kind kind;
    if (is_feed_kind(s, &kind))
        return kind;
    if (starts_nocase(s, STR("<?xml")))
        return kind_of_xml(s, name, why);
    if (page_tag(s))
        return FILE_HTML;
    if (s.size && s.data[0] == '{' && skip_space(str_slice(s, 1, s.size)).size &&
        (skip_space(str_slice(s, 1, s.size)).data[0] == '"' || named(name, STR(".jsonl"))))
        return FILE_JSON_LINES;
    if (named(name, STR(".jsonl")) || named(name, STR(".ndjson")))
        return FILE_JSON_LINES;
    if (is_mhtml(s) && !named(name, STR(".txt")))
        return FILE_MHTML;
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
    if (is_arc(head))
        return FILE_ARC;
    if (str_starts(head, STR("PK\x03\x04")) || str_starts(head, STR("PK\x05\x06")))
        return FILE_ZIP;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (str_starts(head, refused[i].bytes)) {
            *why = refused[i].what;
            return FILE_REFUSED;
        }
    if (str_starts(str_slice(head, head.size < 257 ? head.size : 257, head.size), STR("ustar"))) {
        *why = "a tar archive, which is not read: unpack it first";
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
