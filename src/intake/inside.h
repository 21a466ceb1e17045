/* The intake from inside: what its parts share. Not for other folders. */
#ifndef ISN_INTAKE_INSIDE_H
#define ISN_INTAKE_INSIDE_H

#include "base/buffer.h"
#include "base/unzip.h"
#include "intake/intake.h"
#include "intake/kind.h"
#include "intake/revisits.h"
#include "intake/source.h"
#include "intake/walk.h"

#define LARGEST ((uint64_t)1 << 30) /* kept of one record */

enum {
    MOST_NESTED = 3,    /* ZIPs in ZIPs */
    MOST_DAMAGE = 1000, /* records of a file that were bad, before it is given up */
    DAMAGE_OF_BOMB = 20,
};

typedef enum stream_kind { STREAM_NONE, STREAM_LINES, STREAM_WARC, STREAM_ARC, STREAM_FEED } stream_kind;

/* An open ZIP, and how far the intake has come in it. */
typedef struct zip_level {
    unzip zip;
    int fd; /* to be closed with it; -1: that of the level above */
    size_t next;
    bool is_wacz;
    size_t given; /* entries that were opened */
    char *name;
    const unzip_entry **names; /* sorted */
} zip_level;

struct intake {
    const str *inputs;
    size_t count, next;
    intake_options options;
    walk *folder; /* being walked, or NULL */
    bool from_folder;
    size_t given; /* files of it that were opened */
    zip_level zips[MOST_NESTED];
    size_t zip_depth;
    source *stream; /* of a container, or NULL */
    stream_kind kind;
    char *file;    /* path of the container, as told in captures */
    size_t damage; /* records of it that were bad */
    buffer scratch, fetched_body;
    arena feed; /* text of a feed */
    str feed_text;
    size_t feed_at;
    revisits *seen; /* where pages stood that later records may refer to */
    bool again;     /* one capture is read again, at `place` */
    capture_place place;
    str again_rest;            /* of its path, behind "!/" */
    str saved_url, saved_time; /* of the page that is opened, as what it stands in tells */
    arena passing;             /* of what is looked at and perhaps passed over; reset at each step */
    intake_item item;
    uint64_t bad;
    status worst;
};

void intake_report(intake *in, status code, str file, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
extern const char intake_no_page_name[];
/* A whole input that cannot be read; one of many files of a folder counts as a bad record. */
void intake_refuse(intake *in, str file, status code, const char *why);
void intake_close_stream(intake *in);
/* Ends a stream whose member is a bomb, or goes on behind it. */
bool intake_stop_at_bomb(intake *in);
str intake_kept(arena *a, str s);
/* Undoes the content encoding of c->bytes into c->body, and cuts the body at the limit. False: there is
 * nothing to be given. What is wrong was told. */
bool intake_decode(intake *in, arena *a, str encoding, capture *c);
/* How content packed so is said to be encoded; "" where it is not packed. */
str intake_encoding(packing p);
/* Takes over `s`. True: a page; false: a container now being streamed, or nothing. */
bool intake_open_source(intake *in, source *s, str file, arena *a, capture *out);

/* records.c */
bool intake_step_records(intake *in, arena *a, capture *out);
bool is_page_type(str type, capture_kind *kind);

/* archives.c */
/* `s`, which is a ZIP, stays the caller's to be closed. */
void intake_open_zip(intake *in, source *s, str file);
bool intake_step_zip(intake *in, arena *a, capture *out);
void intake_close_zip(intake *in);
/* What is left of `s`, which is closed, in a file without a name; NULL: told why not. */
source *intake_spooled(intake *in, source *s, str file);

/* feeds.c */
/* Items of a feed's bytes, which lie in in->feed; of a sitemap nothing is read, and it is said so. */
bool intake_open_feed(intake *in, str bytes, str file, bool sitemap);
bool intake_step_feed(intake *in, arena *a, capture *out);

#endif
