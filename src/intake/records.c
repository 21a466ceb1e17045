/* Records of WARC and ARC files: which are pages, and what became of those that are not whole. */
#include "intake/fetch.h"
#include "intake/http.h"
#include "intake/inside.h"
#include "intake/warc.h"

#include <inttypes.h>

enum { HTTP_HEAD = 256 * 1024 };

bool is_page_type(str type, capture_kind *kind) {
    *kind = str_equal(type, STR("text/plain")) ? CAPTURE_TEXT : CAPTURE_HTML;
    return *kind == CAPTURE_TEXT || str_equal(type, STR("text/html")) ||
           str_equal(type, STR("application/xhtml+xml"));
}

/* Types that say nothing: what it is, the bytes say, as in a browser. */
static bool is_unknown_type(str type) {
    static const str unknown[] = {{"", 0},
                                  {"application/octet-stream", 24},
                                  {"application/unknown", 19},
                                  {"unknown/unknown", 15},
                                  {"unknown", 7},
                                  {"no-type", 7},
                                  {"*/*", 3}};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        if (str_equal(type, unknown[i]))
            return true;
    return false;
}

/* What a crawler fetches for itself. */
static bool is_crawlers_own(str url) {
    return str_ends(url, STR("/robots.txt")) || !is_web_address(url);
}

static bool is_type(const warc_record *r, str type) {
    return str_equal_ascii_nocase(r->type, type);
}

/* ---- what a record is ---- */

typedef struct answer {
    capture_kind kind;
    bool http, page;
    str media_type, charset, encoding;
    bool chunked;
    size_t head_size;
    const char *why; /* no page */
} answer;

/* By type and, where that says nothing, by what the content looks like. */
static void judge(answer *w, str content) {
    const char *unused;
    w->page = is_page_type(w->media_type, &w->kind);
    if (w->page || !is_unknown_type(w->media_type))
        w->why = w->page ? NULL : "no page";
    else if (content.size && kind_of(content, STR_NONE, &unused) == FILE_HTML && !w->encoding.size)
        w->page = true;
    else
        w->why = "no page, and of no known type";
}

static bool begins_answer(str block) {
    return block.size >= 5 && str_equal_ascii_nocase(str_slice(block, 0, 5), STR("HTTP/"));
}

static answer read_answer(intake *in, str block) {
    answer w = {.http = true};
    headers h = headers_read(block, &in->passing);
    int code = http_status(h.first_line);
    in->item.status = code;
    media_type_read(headers_value(&h, STR("Content-Type")), &in->passing, &w.media_type, &w.charset);
    w.encoding = headers_value(&h, STR("Content-Encoding"));
    str transfer = headers_value(&h, STR("Transfer-Encoding"));
    w.chunked = transfer.size >= 7 &&
                str_equal_ascii_nocase(str_slice(transfer, transfer.size - 7, transfer.size), STR("chunked"));
    w.head_size = h.size;
    judge(&w, str_slice(block, h.size, block.size));
    if (code < 200 || code > 299) {
        w.page = false;
        w.why = code ? "not an answer that succeeded" : "its head is no HTTP";
    }
    return w;
}

/* A resource, a conversion, or what was no HTTP when it was fetched. */
static answer read_plain(intake *in, const warc_record *r, str block) {
    answer w = {0};
    media_type_read(r->media_type, &in->passing, &w.media_type, &w.charset);
    judge(&w, block);
    return w;
}

static answer read_record(intake *in, const warc_record *r, str block, bool cut) {
    bool wanted = is_type(r, STR("response")) || is_type(r, STR("resource")) || is_type(r, STR("conversion"));
    if (!wanted)
        return (answer){.why = "no content of a page"};
    if (is_crawlers_own(r->url))
        return (answer){.why = "what a crawler fetches for itself, or no web address"};
    if (is_type(r, STR("response")) && begins_answer(block))
        return read_answer(in, block);
    /* In ARC there are answers of HTTP 0.9, which have no head. */
    if (is_type(r, STR("response")) && (!r->arc || cut))
        return (answer){.why = cut ? "it ends before its content" : "its head is no HTTP"};
    return read_plain(in, r, block);
}

/* ---- what later records may refer to ---- */

static str address_key(arena *a, str url, str time) {
    return url.size && time.size ? arena_printf(a, "%.*s %.*s", STR_ARG(url), STR_ARG(time)) : STR_NONE;
}

static void remember(intake *in, const warc_record *r, capture_place place) {
    if (r->arc || in->again)
        return;
    if (!in->seen)
        in->seen = revisits_new();
    str file = str_of(in->file);
    revisits_add(in->seen, headers_value(&r->head, STR("WARC-Payload-Digest")), file, place);
    revisits_add(in->seen, r->id, file, place);
    revisits_add(in->seen, address_key(&in->passing, r->url, r->time), file, place);
}

static bool find_earlier(intake *in, const warc_record *r, str *file, capture_place *place) {
    if (!in->seen)
        return false;
    str url = headers_value(&r->head, STR("WARC-Refers-To-Target-URI"));
    str time = headers_value(&r->head, STR("WARC-Refers-To-Date"));
    return revisits_find(in->seen, headers_value(&r->head, STR("WARC-Refers-To")), file, place) ||
           revisits_find(in->seen, address_key(&in->passing, url.size ? url : r->url, time), file, place) ||
           revisits_find(in->seen, headers_value(&r->head, STR("WARC-Payload-Digest")), file, place);
}

/* ---- a page ---- */

static capture begin_capture(intake *in, const warc_record *r, capture_place place, arena *a) {
    return (capture){.file = arena_copy(a, str_of(in->file)),
                     .offset = r->offset,
                     .url = arena_copy(a, r->url),
                     .time = arena_copy(a, r->time),
                     .place = place};
}

/* The bytes of a page, out of the window into `a`; chunks are joined on the way. */
static bool take_content(intake *in, const answer *w, str block, arena *a, capture *c) {
    str content = str_slice(block, w->head_size < block.size ? w->head_size : block.size, block.size);
    bool chunks_cut = false;
    in->scratch.size = 0;
    if (w->chunked && http_unchunk(content, &in->scratch, &chunks_cut))
        content = buffer_str(&in->scratch);
    c->bytes = intake_kept(a, content);
    if (chunks_cut && !c->cut) {
        intake_report(in, STATUS_BAD_RECORDS, c->file,
                      "offset %" PRIu64 ": the chunks of this answer are damaged or cut: read up to there",
                      c->offset);
        c->cut = true;
    }
    return c->bytes.size > 0;
}

static bool give_page(intake *in, const warc_record *r, const answer *w, str block, bool cut,
                      capture_place place, arena *a, capture *out) {
    capture c = begin_capture(in, r, place, a);
    c.kind = w->kind;
    c.cut = cut;
    c.media_type = w->media_type.size ? arena_copy(a, w->media_type) : STR("text/html");
    c.charset = arena_copy(a, w->charset);
    if (!take_content(in, w, block, a, &c)) {
        in->item.why = STR("it is empty");
        return false;
    }
    str encoding = w->encoding.size ? arena_copy(a, w->encoding) : intake_encoding(packing_of(c.bytes));
    if (!intake_decode(in, a, encoding, &c))
        return false;
    *out = c;
    return true;
}

/* The page that a revisit refers to, as it was found again at another time. */
static bool give_revisit(intake *in, const warc_record *r, str block, arena *a, capture *out) {
    str file;
    capture_place place;
    failure f;
    answer w = begins_answer(block) ? read_answer(in, block) : (answer){.page = true};
    bool may_be_page = w.page || (w.http && !w.media_type.size && in->item.status < 300);
    if (!may_be_page || is_crawlers_own(r->url)) {
        in->item.why = STR("no page");
        return false;
    }
    bool found = find_earlier(in, r, &file, &place);
    /* Pages alone are remembered: without a head that says so, what is not found may be a picture. */
    if (!found && !w.http) {
        in->item.why = STR("its earlier record is in none of these files, or no page");
        return false;
    }
    if (!found || intake_again(file, place, &in->options, a, out, &f) != STATUS_OK) {
        intake_report(in, STATUS_BAD_RECORDS, str_of(in->file),
                      "offset %" PRIu64
                      ": a page found unchanged, whose earlier record is in none of these files",
                      r->offset);
        return false;
    }
    out->url = arena_copy(a, r->url);
    out->time = arena_copy(a, r->time);
    return true;
}

/* A text made of a page that was read already is not read again. */
static bool is_second(intake *in, const warc_record *r) {
    str file;
    capture_place place;
    return is_type(r, STR("conversion")) && in->seen &&
           revisits_find(in->seen, headers_value(&r->head, STR("WARC-Refers-To")), &file, &place);
}

/* ---- damage ---- */

/* Goes on behind damage, or gives the file up; gives how many bytes were passed over since `begun`. */
static uint64_t recover(intake *in, uint64_t begun) {
    uint64_t used = source_here(in->stream).begin;
    bool torn = source_error(in->stream);
    bool more = ++in->damage < MOST_DAMAGE && warc_recover(in->stream, in->kind == STREAM_ARC);
    /* Of what is packed and was not unpacked, the bytes of the file are told. */
    uint64_t passed = source_taken(in->stream) - begun;
    if (passed == 0 || torn)
        passed = source_used(in->stream) - used;
    if (more)
        return passed;
    if (in->damage >= MOST_DAMAGE)
        intake_report(in, STATUS_BAD_RECORDS, str_of(in->file),
                      "more than %d damaged records: the rest is not read", MOST_DAMAGE);
    intake_close_stream(in);
    return passed;
}

static bool step_bad(intake *in, uint64_t begun, uint64_t offset, const failure *f) {
    str file = in->item.file;
    in->item.type = STR("damaged");
    in->item.offset = offset;
    uint64_t passed = recover(in, begun);
    bool more = in->stream;
    intake_report(in, STATUS_BAD_RECORDS, file, "%s; %" PRIu64 " bytes passed over%s", f->message, passed,
                  more ? "" : ", up to the end");
    return false;
}

static void tell_end(intake *in, const warc_record *r, block_end end, uint64_t got) {
    const char *error = source_error(in->stream);
    const char *name = r->arc ? "ARC" : "WARC";
    str file = str_of(in->file);
    if (end == BLOCK_CUT)
        intake_report(in, STATUS_BAD_RECORDS, file,
                      "offset %" PRIu64 ": this %s record ends after %" PRIu64 " of %" PRIu64 " bytes%s%s",
                      r->offset, name, got, r->length, error ? ": " : " (truncated)", error ? error : "");
    if (end == BLOCK_SHORT)
        intake_report(in, STATUS_BAD_RECORDS, file,
                      "offset %" PRIu64 ": this %s record is said to have %" PRIu64
                      " bytes, but the next begins after %" PRIu64,
                      r->offset, name, r->length, got);
    if (end == BLOCK_LONG)
        intake_report(in, STATUS_BAD_RECORDS, file,
                      "offset %" PRIu64 ": this %s record is said to have %" PRIu64
                      " bytes, but no record follows: %" PRIu64 " were taken",
                      r->offset, name, r->length, got);
    if (end == BLOCK_SPOILED)
        intake_report(in, STATUS_BAD_RECORDS, file,
                      "offset %" PRIu64 ": this %s record is not as it was written: %s", r->offset, name,
                      error);
}

/* ---- a step ---- */

static void list_record(intake *in, const warc_record *r, capture_place place) {
    in->item = (intake_item){.file = in->item.file,
                             .offset = r->offset,
                             .place = place,
                             .type = r->type.size ? r->type : STR("record"),
                             .url = r->url,
                             .time = r->time,
                             .bytes = r->length};
    str charset;
    media_type_read(r->media_type, &in->passing, &in->item.media_type, &charset);
}

/* The place of a record whose head was just taken. */
static capture_place place_of(const intake *in, const warc_record *r) {
    capture_place p = {.form = r->arc ? FORM_ARC : FORM_WARC, .begin = r->place.begin, .skip = r->place.skip};
    if (!source_is_packed(in->stream))
        p.length = r->head_size + r->length;
    return p;
}

/* In a file packed record by record, what the member takes. */
static void measure(intake *in, const warc_record *r, size_t taken, capture_place *p) {
    str window = source_peek(in->stream, 1);
    size_t at = taken;
    while (at < window.size && (window.data[at] == '\r' || window.data[at] == '\n'))
        at++;
    size_t start = source_next_start(in->stream);
    bool alone = r->place.skip == 0 && at >= (start < window.size ? start : window.size);
    if (source_is_packed(in->stream) && alone)
        p->length = source_member_size(in->stream);
}

static void list_software(intake *in, str block) {
    headers h = headers_read(arena_printf(&in->passing, "\n%.*s", STR_ARG(block)), &in->passing);
    in->item.software = headers_value(&h, STR("software"));
    in->item.title = headers_value(&h, STR("isPartOf"));
}

/* A record whose content is looked at; its block is in the window. */
static bool step_content(intake *in, const warc_record *r, arena *a, capture *out) {
    str block;
    size_t taken;
    capture_place place = place_of(in, r);
    block_end end = warc_block(in->stream, r, &block, &taken);
    measure(in, r, taken, &place);
    in->item.place = place;
    bool given = false;
    if (end != BLOCK_WHOLE)
        tell_end(in, r, end, block.size);
    bool spoiled = end == BLOCK_CUT || end == BLOCK_SPOILED;
    bool cut = spoiled || end == BLOCK_SHORT;
    if (is_type(r, STR("revisit"))) {
        given = give_revisit(in, r, block, a, out);
    } else if (is_type(r, STR("warcinfo"))) {
        list_software(in, block);
        in->item.why = STR("no content of a page");
    } else {
        answer w = read_record(in, r, block, cut);
        if (w.media_type.size)
            in->item.media_type = w.media_type;
        if (w.page && is_second(in, r))
            w = (answer){.why = "the page that this text was made of was read"};
        if (w.why)
            in->item.why = str_of(w.why);
        str segment = r->arc ? STR_NONE : headers_value(&r->head, STR("WARC-Segment-Number"));
        if (w.page && segment.size) {
            intake_report(in, STATUS_BAD_RECORDS, str_of(in->file),
                          "offset %" PRIu64 ": a page in segments, of which only the first is read",
                          r->offset);
            cut = true;
        }
        given = w.page && give_page(in, r, &w, block, cut, place, a, out);
        if (given)
            remember(in, r, place);
    }
    source_take(in->stream, taken);
    if (spoiled)
        recover(in, 0);
    return given;
}

/* Is it worth holding in memory? What is large is asked for its HTTP head first. */
static bool is_worth(intake *in, const warc_record *r) {
    if (r->length <= HTTP_HEAD)
        return true;
    if (r->length > LARGEST)
        return false;
    str head = source_peek(in->stream, HTTP_HEAD);
    if (head.size > HTTP_HEAD)
        head.size = HTTP_HEAD;
    return is_type(r, STR("revisit")) || read_record(in, r, head, false).page;
}

static bool step_past(intake *in, const warc_record *r) {
    uint64_t got;
    answer w = read_record(in, r, source_peek(in->stream, 1), false);
    if (w.media_type.size)
        in->item.media_type = arena_copy(&in->passing, w.media_type);
    block_end end = warc_skip(in->stream, r, &got);
    if (intake_stop_at_bomb(in))
        return false;
    if (end != BLOCK_WHOLE)
        tell_end(in, r, end, got);
    else if (w.page)
        intake_report(in, STATUS_BAD_RECORDS, str_of(in->file),
                      "offset %" PRIu64 ": a page larger than 1 GiB, which is not read", r->offset);
    else
        in->item.why = str_of(w.why);
    if (end == BLOCK_CUT || end == BLOCK_SPOILED)
        recover(in, 0);
    return false;
}

bool intake_step_records(intake *in, arena *a, capture *out) {
    warc_record r = {0};
    failure f;
    str file = arena_copy(&in->passing, str_of(in->file));
    in->item = (intake_item){.file = file, .offset = source_offset(in->stream)};
    warc_step step = in->kind == STREAM_ARC ? arc_next(in->stream, &in->passing, &r, &f)
                                            : warc_next(in->stream, &in->passing, &r, &f);
    if (step == WARC_END) {
        in->item = (intake_item){0};
        intake_close_stream(in);
        return false;
    }
    if (step == WARC_BAD)
        return step_bad(in, r.begun, r.offset, &f);
    list_record(in, &r, place_of(in, &r));
    bool worth = is_worth(in, &r);
    if (intake_stop_at_bomb(in))
        return false;
    return worth ? step_content(in, &r, a, out) : step_past(in, &r);
}
