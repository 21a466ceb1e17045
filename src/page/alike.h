/* Whether two short texts say the same, folded: the first 600 bytes of each count. */
#ifndef ISN_PAGE_ALIKE_H
#define ISN_PAGE_ALIKE_H

#include "base/str.h"

/* Whether two texts are the same but for punctuation, case, marks and spaces. */
bool same_words(str a, str b);
/* Whether the words of `part` stand in `whole`, in a row. */
bool has_words(str whole, str part);
/* The same without regard to where words end: quotation marks and the like may stand between letters. */
bool has_letters(str whole, str part);
/* Whether `whole` begins with the first letters of `start`, compared without spaces and marks. */
bool has_start(str whole, str start);

#endif
