/* Where pages of this run stood, by what later records call them: the digest of their content, their id,
 * their address and time. Bounded: the latest so many are remembered. */
#ifndef ISN_INTAKE_REVISITS_H
#define ISN_INTAKE_REVISITS_H

#include "intake/intake.h"

typedef struct revisits revisits;

revisits *revisits_new(void);
void revisits_free(revisits *r);
/* Keys are texts of any kind; an empty one is passed over. */
void revisits_add(revisits *r, str key, str file, capture_place place);
/* False: it was not there, or so long ago that it is forgotten. *file is valid as long as `r`. */
bool revisits_find(const revisits *r, str key, str *file, capture_place *place);

#endif
