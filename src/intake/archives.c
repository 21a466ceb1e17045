/* ZIPs: WACZ (web archives), MAFF (pages as Firefox saved them), and any other with pages in it.
 *
 * What an entry is called is a name and nothing more: no file of this machine is made or opened by it. */
#define _DEFAULT_SOURCE /* dup */
#include "base/counters.h"
#include "intake/dates.h"
#include "intake/inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static zip_level *top(intake *in) {
    return &in->zips[in->zip_depth - 1];
}

void intake_close_zip(intake *in) {
    zip_level *l = top(in);
    unzip_close(&l->zip);
    if (l->fd >= 0)
        close(l->fd);
    free(l->name);
    in->zip_depth--;
}

/* ---- into a file that can be read anywhere ---- */

/* A pipe, or what is packed, into a file without a name; -1: too large, or no room (*why says it). */
static int spool(source *s, const char **why) {
    FILE *file = tmpfile();
    int fd = file ? dup(fileno(file)) : -1;
    if (file)
        fclose(file);
    *why = "there is no room for it among the temporary files";
    for (uint64_t done = 0; fd >= 0;) {
        str window = source_peek(s, 1);
        if (window.size == 0)
            break;
        done += window.size;
        *why = "a ZIP file larger than 1 GiB in a pipe or packed once more: write it to a file first";
        bool good = done <= LARGEST;
        for (size_t at = 0; good && at < window.size;) {
            ssize_t put = write(fd, window.data + at, window.size - at);
            *why = "there is no room for it among the temporary files";
            good = put > 0;
            at += good ? (size_t)put : 0;
        }
        if (!good) {
            close(fd);
            return -1;
        }
        source_take(s, window.size);
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

/* ---- entries by name ---- */

static int by_name(const void *x, const void *y) {
    const unzip_entry *a = *(const unzip_entry *const *)x, *b = *(const unzip_entry *const *)y;
    int order = str_compare(a->name, b->name);
    return order ? order : a < b ? -1 : a > b;
}

static void sort_names(zip_level *l) {
    size_t count = l->zip.entries.size;
    l->names = arena_take(&l->zip.memory, (count + 1) * sizeof *l->names);
    for (size_t i = 0; i < count; i++)
        l->names[i] = &l->zip.entries.at[i];
    if (count)
        qsort(l->names, count, sizeof *l->names, by_name);
}

/* The first entry whose name is `name` or greater. */
static size_t name_from(const zip_level *l, str name) {
    size_t low = 0, high = l->zip.entries.size;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (str_compare(l->names[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const unzip_entry *entry_named(const zip_level *l, str name) {
    size_t at = name_from(l, name);
    bool there = at < l->zip.entries.size && str_equal(l->names[at]->name, name);
    return there ? l->names[at] : NULL;
}

static bool any_under(const zip_level *l, str folder) {
    size_t at = name_from(l, folder);
    return at < l->zip.entries.size && str_starts(l->names[at]->name, folder);
}

/* ---- what is read of it ---- */

static bool joins_page(const zip_level *l, arena *a, str stem) {
    static const char *const endings[] = {".html", ".htm", ".xhtml"};
    COUNT(bytes_taken_in, 3 * stem.size);
    for (size_t i = 0; i < 3; i++)
        if (entry_named(l, arena_printf(a, "%.*s%s", STR_ARG(stem), endings[i])))
            return true;
    return false;
}

/* Files of this name, and all in a folder of this name, are no pages. */
static bool is_hidden(str part) {
    bool climbs = str_equal(part, STR("..")) || str_equal(part, STR("."));
    return (part.size && part.data[0] == '.' && !climbs) || str_equal(part, STR("__MACOSX"));
}

/* Why an entry is passed over for a folder that it is in, or for its own name; NULL: it is not. Pages are
 * saved inside saved pages a few levels deep; a name of thousands of such folders is not worth asking for
 * each. */
static const char *passed_over_by_part(const zip_level *l, str name, arena *a) {
    enum { DEEPEST_COMPANION = 8 };
    size_t from = 0, companions = 0;
    str stem;
    for (size_t at = 0; at <= name.size; at++) {
        if (at < name.size && name.data[at] != '/' && name.data[at] != '\\')
            continue;
        if (is_hidden(str_slice(name, from, at)))
            return "hidden";
        if (at < name.size && companions < DEEPEST_COMPANION &&
            is_companion_name(str_slice(name, 0, at), &stem)) {
            companions++;
            if (joins_page(l, a, stem))
                return "a part of a saved page";
        }
        from = at + 1;
    }
    return NULL;
}

/* Why an entry is passed over; NULL: it is not. */
static const char *passed_over(const zip_level *l, const unzip_entry *e, arena *a) {
    if (e->name.size == 0 || e->name.data[e->name.size - 1] == '/')
        return "a folder";
    if (l->is_wacz && !str_starts(e->name, STR("archive/")))
        return "not among the records of this web archive";
    return passed_over_by_part(l, e->name, a);
}

/* What a ZIP is that is made for something else. */
static const char *other_format(const zip_level *l) {
    if (entry_named(l, STR("[Content_Types].xml")) || entry_named(l, STR("content.xml")))
        return "an office document, which is not read";
    if (entry_named(l, STR("META-INF/container.xml")))
        return "an electronic book, which is not read";
    if (entry_named(l, STR("META-INF/MANIFEST.MF")))
        return "a program";
    return NULL;
}

/* ---- an entry ---- */

static source *source_of_entry(intake *in, const unzip_entry *e, const char **why) {
    zip_level *l = top(in);
    uint64_t at;
    *why = e->bad;
    if (e->bad)
        return NULL;
    *why = "its head in this ZIP file is damaged";
    if (!unzip_data(&l->zip, e, &at))
        return NULL;
    source *s = source_of_part(l->zip.fd, at, e->packed);
    packing p = e->method == UNZIP_DEFLATED ? PACKED_DEFLATE
                : e->method == UNZIP_ZSTD   ? PACKED_ZSTD
                                            : PACKED_NOT;
    if (p && !source_unpack(s, p)) {
        *why = packing_missing(p);
        source_close(s);
        return NULL;
    }
    source_expect(s, e->size, e->crc);
    return s;
}

static bool entry_begins_like_page(intake *in, const unzip_entry *e) {
    const char *why;
    source *s = source_of_entry(in, e, &why);
    bool like = s && begins_like_page(source_peek(s, KIND_HEAD));
    source_close(s);
    return like;
}

static str text_of_entry(intake *in, const unzip_entry *e, arena *a) {
    enum { LONGEST = 64 * 1024 };
    const char *why;
    buffer text = {0};
    source *s = e ? source_of_entry(in, e, &why) : NULL;
    if (s)
        source_read(s, LONGEST, &text);
    source_close(s);
    str out = intake_kept(a, buffer_str(&text));
    buffer_free(&text);
    return out;
}

/* The value of an attribute of an RDF property: MAF:originalurl RDF:resource="…". */
static str rdf_value(str text, str property, arena *a) {
    size_t at = str_find(text, property, 0);
    size_t equals = at == SIZE_MAX ? SIZE_MAX : str_find(text, STR("=\""), at);
    size_t end = equals == SIZE_MAX ? SIZE_MAX : str_find(text, STR("\""), equals + 2);
    if (end == SIZE_MAX || memchr(text.data + at, '>', equals - at))
        return STR_NONE;
    char *out = arena_alloc(a, end - equals);
    size_t size = 0;
    for (size_t i = equals + 2; i < end; i++) {
        out[size++] = text.data[i];
        if (str_starts(str_slice(text, i, end), STR("&amp;")))
            i += 4;
    }
    return (str){out, size};
}

/* Address and time of a page of a MAFF, which stand in an "index.rdf" beside it. */
static void read_maff(intake *in, const unzip_entry *e) {
    zip_level *l = top(in);
    size_t slash = e->name.size;
    while (slash > 0 && e->name.data[slash - 1] != '/')
        slash--;
    str folder = str_slice(e->name, 0, slash);
    in->saved_url = in->saved_time = STR_NONE;
    const unzip_entry *about = entry_named(l, arena_printf(&in->passing, "%.*sindex.rdf", STR_ARG(folder)));
    if (!about || about->bad)
        return;
    str text = text_of_entry(in, about, &in->passing);
    in->saved_url = rdf_value(text, STR("MAF:originalurl"), &in->passing);
    in->saved_time = date_read(rdf_value(text, STR("MAF:archivetime"), &in->passing), &in->passing);
}

static str name_of(const zip_level *l, const unzip_entry *e, arena *a) {
    return arena_printf(a, "%s!/%.*s", l->name, STR_ARG(e->name));
}

static bool open_entry(intake *in, const unzip_entry *e, arena *a, capture *out) {
    zip_level *l = top(in);
    const char *why;
    str name = name_of(l, e, &in->passing);
    source *s = source_of_entry(in, e, &why);
    if (!s) {
        intake_refuse(in, name, STATUS_BAD_RECORDS, why);
        return false;
    }
    read_maff(in, e);
    bool page = intake_open_source(in, s, name, a, out);
    in->saved_url = in->saved_time = STR_NONE;
    return page;
}

/* ---- reading one again ---- */

/* The rest of "archive.zip!/name", which may lead through ZIPs in it. */
static bool open_again(intake *in, arena *a, capture *out) {
    str rest = in->again_rest;
    for (size_t end = 0; end <= rest.size;) {
        size_t mark = str_find(rest, STR("!/"), end);
        end = mark == SIZE_MAX ? rest.size : mark;
        const unzip_entry *e = entry_named(top(in), str_slice(rest, 0, end));
        if (e) {
            in->again_rest = mark == SIZE_MAX ? STR_NONE : str_slice(rest, mark + 2, rest.size);
            return open_entry(in, e, a, out);
        }
        end = mark == SIZE_MAX ? rest.size + 1 : mark + 2;
    }
    return false;
}

/* ---- steps ---- */

bool intake_step_zip(intake *in, arena *a, capture *out) {
    zip_level *l = top(in);
    if (in->again) {
        bool found = l->next++ == 0 && open_again(in, a, out);
        if (!found && !in->stream && in->zip_depth && top(in) == l)
            intake_close_zip(in);
        return found;
    }
    if (l->next == l->zip.entries.size) {
        if (!l->given)
            intake_refuse(in, str_of(l->name), STATUS_BAD_INPUT, "a ZIP file without pages");
        intake_close_zip(in);
        return false;
    }
    const unzip_entry *e = &l->zip.entries.at[l->next++];
    const char *why = passed_over(l, e, &in->passing);
    in->item = (intake_item){.file = name_of(l, e, &in->passing), .type = STR("entry"), .bytes = e->size};
    in->item.offset = e->at;
    if (!why && !is_page_name(e->name) && !entry_begins_like_page(in, e))
        why = intake_no_page_name;
    if (why) {
        in->item.why = str_of(why);
        return false;
    }
    l->given++;
    return open_entry(in, e, a, out);
}

static status open_level(source *s, zip_level *l, failure *f) {
    uint64_t at, size;
    int fd;
    const char *why;
    if (source_extent(s, &fd, &at, &size)) {
        l->fd = source_owns_file(s) ? dup(fd) : -1;
        fd = l->fd >= 0 ? l->fd : fd;
    } else {
        fd = l->fd = spool(s, &why);
        if (fd < 0)
            return fail(f, STATUS_BAD_INPUT, "%s", why);
        at = 0;
        size = (uint64_t)lseek(fd, 0, SEEK_END);
    }
    status code = unzip_open(&l->zip, fd, at, size, f);
    if (code != STATUS_OK && l->fd >= 0)
        close(l->fd);
    return code;
}

void intake_open_zip(intake *in, source *s, str file) {
    zip_level l = {0};
    const char *why;
    failure f;
    if (in->zip_depth == MOST_NESTED) {
        intake_refuse(in, file, STATUS_BAD_INPUT, "ZIP files nested more than three deep");
        return;
    }
    if (open_level(s, &l, &f) != STATUS_OK) {
        intake_refuse(in, file, STATUS_BAD_INPUT, f.message);
        return;
    }
    sort_names(&l);
    l.is_wacz = (entry_named(&l, STR("datapackage.json")) || entry_named(&l, STR("webarchive.yaml"))) &&
                any_under(&l, STR("archive/"));
    l.name = strndup(file.data, file.size);
    if (!l.name)
        abort();
    in->zips[in->zip_depth++] = l;
    if (l.zip.no_directory)
        intake_report(
            in, STATUS_BAD_RECORDS, file,
            "the directory of this ZIP file is missing (truncated): %zu entries were found without it",
            l.zip.entries.size);
    why = other_format(&l);
    if (why) {
        intake_refuse(in, file, STATUS_BAD_INPUT, why);
        intake_close_zip(in);
    }
}

source *intake_spooled(intake *in, source *s, str file) {
    const char *why;
    int fd = spool(s, &why);
    if (fd < 0)
        intake_refuse(in, file, STATUS_BAD_INPUT, why);
    else if (source_error(s))
        intake_report(in, STATUS_BAD_RECORDS, file, "%s", source_error(s));
    source_close(s);
    return fd < 0 ? NULL : source_of_file(fd);
}
