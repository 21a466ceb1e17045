/* What a file is, by its first bytes, and by its name where these leave it open. */
#ifndef ISN_INTAKE_KIND_H
#define ISN_INTAKE_KIND_H

#include "base/str.h"

typedef enum file_kind { FILE_HTML, FILE_TEXT, FILE_JSON_LINES, FILE_WARC, FILE_REFUSED } file_kind;

enum { KIND_HEAD = 4096 };

/* `head`: the first KIND_HEAD bytes, gunzipped. FILE_REFUSED: *why says what it is or is not. */
file_kind kind_of(str head, str name, const char **why);
/* "html", "text", "jsonl", "warc"; false where it is none of them. */
bool kind_named(str format, file_kind *out);

#endif
