/* Feeds item by item; sitemaps, which hold addresses and no pages. */
#include "intake/dates.h"
#include "intake/feed.h"
#include "intake/inside.h"
#include "intake/xml.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void list_address(intake *in, str file, size_t at, str element) {
    feed_item item = {0};
    const char *why = feed_item_read(element, &in->passing, &item);
    intake_item listed = {.file = file,
                          .offset = at - element.size,
                          .type = STR("address"),
                          .url = item.url,
                          .title = item.title,
                          .time = date_read(item.time, &in->passing),
                          .bytes = element.size,
                          .why = str_of(why ? why : "an address, and no page")};
    in->options.listed(in->options.list_context, &listed);
}

static void tell_sitemap(intake *in, str text, str file) {
    uint64_t count = 0;
    str element;
    bool whole;
    char why[120];
    for (size_t at = 0; feed_next(text, SITEMAP_ADDRESSES, &at, &element, &whole); count++) {
        if (in->options.listed && !xml_missing())
            list_address(in, file, at, element);
        arena_reset(&in->passing);
    }
    snprintf(why, sizeof why, "a sitemap: it holds %" PRIu64 " addresses and no page", count);
    intake_refuse(in, file, STATUS_BAD_INPUT, why);
}

bool intake_open_feed(intake *in, str bytes, str file, bool sitemap) {
    in->feed_text = feed_text(bytes, &in->feed);
    in->feed_at = 0;
    file = arena_copy(&in->feed, file); /* it stands in what passes */
    size_t at = 0;
    str first;
    bool whole;
    const char *why = sitemap ? NULL : xml_missing();
    if (sitemap)
        tell_sitemap(in, in->feed_text, file);
    else if (why)
        intake_refuse(in, file, STATUS_UNAVAILABLE, why);
    else if (!feed_next(in->feed_text, FEED_ITEMS, &at, &first, &whole))
        intake_refuse(in, file, STATUS_BAD_INPUT, why = "a feed without items");
    if (sitemap || why)
        return false;
    in->kind = STREAM_FEED;
    in->file = strndup(file.data, file.size);
    if (!in->file)
        abort();
    return true;
}

static bool give_item(intake *in, str element, uint64_t offset, bool whole, arena *a, capture *out) {
    feed_item item;
    capture c = {.kind = CAPTURE_HTML,
                 .file = arena_copy(a, str_of(in->file)),
                 .offset = offset,
                 .media_type = feed_media_type(element),
                 .charset = STR("utf-8"),
                 .cut = !whole,
                 .place = {.form = FORM_FEED, .begin = offset}};
    const char *why = whole ? feed_item_read(element, &in->passing, &item) : "its end is missing (truncated)";
    if (why) {
        intake_report(in, STATUS_BAD_RECORDS, c.file,
                      "offset %" PRIu64 ": this item of a feed cannot be read: %s", offset, why);
        return false;
    }
    in->item.url = item.url;
    in->item.title = item.title;
    in->item.time = date_read(item.time, &in->passing);
    c.bytes = arena_copy(a, element);
    c.body = arena_copy(a, item.page);
    c.url = arena_copy(a, item.url);
    c.truncated = c.body.size > in->options.max_bytes;
    if (c.truncated)
        c.body.size = (size_t)in->options.max_bytes;
    *out = c;
    return true;
}

bool intake_step_feed(intake *in, arena *a, capture *out) {
    str element;
    bool whole;
    if (!feed_next(in->feed_text, FEED_ITEMS, &in->feed_at, &element, &whole)) {
        intake_close_stream(in);
        return false;
    }
    uint64_t offset = (uint64_t)(element.data - in->feed_text.data);
    if (in->again && offset != in->place.begin)
        return false;
    in->item = (intake_item){.file = arena_copy(&in->passing, str_of(in->file)),
                             .offset = offset,
                             .place = {.form = FORM_FEED, .begin = offset},
                             .type = STR("item"),
                             .media_type = feed_media_type(element),
                             .bytes = element.size};
    return give_item(in, element, offset, whole, a, out);
}
