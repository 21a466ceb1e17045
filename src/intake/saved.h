/* What a page that was saved as one file tells of where it came from: MHTML, SingleFile, the mark of the web.
 */
#ifndef ISN_INTAKE_SAVED_H
#define ISN_INTAKE_SAVED_H

#include "base/arena.h"

typedef struct saved_page {
    str bytes; /* of the page, after transfer decoding */
    str url, time, media_type, charset, title;
    bool cut; /* its end is missing */
} saved_page;

/* The page of an MHTML file (RFC 2557): its main part. False: *why says what was expected. */
bool mhtml_page(str file, arena *a, saved_page *out, const char **why);

/* Address and time that stand in a comment at the head of an HTML page: SingleFile's, HTTrack's, or the
 * "saved from url" of browsers. STR_NONE where there is none. */
void saved_comment(str page, arena *a, str *url, str *time);

#endif
