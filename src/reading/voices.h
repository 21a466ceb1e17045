/* What the reading of attributions (voices.c) and the hearing of a stretch of text (hearing.c) share. */
#ifndef ISN_READING_VOICES_H
#define ISN_READING_VOICES_H

#include "reading/reader.h"

/* What the words of a speaker say that he is, one more than a voice_kind; 0 where they say nothing. */
int speaker_kind(const captured *c);
/* Does he only bring what others say: an outlet, a page of a network? */
bool passes_on(const attribution *x);
/* "As the site reported": he does not tell, he passes on. */
bool only_relays(const attribution *x);
/* Is one of them told by the other's name, by some words of it, or within it? */
bool same_name(const voice *a, const voice *b);
/* Do the page's own texts call its outlet so: "The Times" on the pages of thetimes.example? */
bool outlet_is_called(const reader *r, str name);

#endif
