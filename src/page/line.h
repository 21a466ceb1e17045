/* Small questions about lines of text that several files of this stage ask. */
#ifndef ISN_PAGE_LINE_H
#define ISN_PAGE_LINE_H

#include "base/arena.h"

/* White space of every kind, and control characters, which count as it. */
bool is_space_code(uint32_t code_point);
/* Whether a line ends as a sentence, a quotation or the head of a list does. */
bool ends_sentence(str line);
size_t word_count(str s);
/* Whether a line has a number but no year: it tells of something, and is no byline with its date. */
bool tells_number(str line);
/* CR LF and CR as LF; `s` itself where there are none. */
str with_line_feeds(str s, arena *a);

#endif
