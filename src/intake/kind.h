/* What a file is, by its first bytes, and by its name where these leave it open. */
#ifndef ISN_INTAKE_KIND_H
#define ISN_INTAKE_KIND_H

#include "base/str.h"

typedef enum file_kind {
    FILE_HTML,
    FILE_TEXT,
    FILE_JSON_LINES,
    FILE_WARC,
    FILE_ARC,
    FILE_ZIP,
    FILE_MHTML,
    FILE_FEED,
    FILE_SITEMAP,
    FILE_REFUSED
} file_kind;

enum { KIND_HEAD = 4096 };

/* `head`: the first KIND_HEAD bytes, unpacked. FILE_REFUSED: *why says what it is or is not. */
file_kind kind_of(str head, str name, const char **why);
/* "html", "text", "jsonl", "warc"; false where it is none of them. */
bool kind_named(str format, file_kind *out);
/* Of what is not named like a page: `head`, its first KIND_HEAD bytes, begins like one all the same, or like
 * the records of a crawl. */
bool begins_like_page(str head);
/* A file that is named like a page, or like what pages are kept in. */
bool is_page_name(str name);
/* The folder of pictures and scripts that a browser saves beside a page ("Page_files" beside "Page.html"):
 * *stem is then the page's name without its ending. */
bool is_companion_name(str folder, str *stem);

#endif
