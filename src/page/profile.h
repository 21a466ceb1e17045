/* What the pages of one site share, learned in a pass of its own and kept in a file (docs/formats.md): lines
 * that recur on many of its pages are no part of any of its articles. */
#ifndef ISN_PAGE_PROFILE_H
#define ISN_PAGE_PROFILE_H

#include "base/failure.h"
#include "page/page.h"

/* The site that an article is of, for profiles: the host of its address, without "www."; else the outlet's
 * name; STR_NONE where neither is known. */
str profile_site(const article *p, arena *a);

/* ---- learning ---- */

/* What was seen so far, in bounded memory. The same pages in any order give the same profile. */
typedef struct lesson lesson;
lesson *lesson_new(void);
void lesson_free(lesson *l);
/* A page's article, made without a profile. */
void lesson_add(lesson *l, const article *p);
/* Pages that were learned from, and those whose site is not known. */
uint64_t lesson_pages(const lesson *l);
uint64_t lesson_nameless(const lesson *l);
/* The profile as a file's text. */
str lesson_profile(const lesson *l, arena *a);

/* ---- using ---- */

/* Reads a profile's text, named `name` in what is said of mistakes, into `a`. */
status profile_read(str text, const char *name, arena *a, profile **out, failure *f);
/* 16 hex of the SHA-256 of the file. */
str profile_version(const profile *p);
/* Whether pages of the site share this paragraph. */
bool profile_has(const profile *p, str site, str text);

#endif
