/* What every kind of input shares: paragraphs into text, language, id, hash. */
#ifndef ISN_PAGE_ASSEMBLE_H
#define ISN_PAGE_ASSEMBLE_H

#include "page/page.h"

/* A paragraph at the end; nothing where `text` is empty. */
void article_add(article *p, str text, paragraph_kind kind, arena *a);
/* A paragraph for each line of a text. */
void article_add_lines(article *p, str text, arena *a);
void article_link(article *p, link_role role, str href, str text, arena *a);
/* Joins title and paragraphs into `text`, in which the paragraphs then lie, and tells the languages. */
void article_join(article *p, arena *a);
void article_languages(article *p, str told, arena *a);
void article_warn(article *p, str line, arena *a);
/* Plain text, perhaps with a page's chrome in it. */
void plain_article(str text, arena *a, article *p);
/* Gives the language that the page says it is in, STR_NONE where it does not. */
str html_article(str page, bool explain, arena *a, article *p);
status record_article(const capture *c, arena *a, article *p, failure *f);

#endif
