/* Made ahead, on any thread: two fifths of what adding a page costs, so that the one thread that may write to
 * the ledger is not what the others wait for. */
#include "ledger/prepare.h"

#include <stdlib.h>

#include "base/deflate.h"
#include "ledger/copies.h"
#include "ledger/store.h"

struct preparer {
    deflater *deflater;
    arena a; /* of the affixes */
    affixes known;
};

preparer *preparer_new(void) {
    preparer *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    p->deflater = deflater_new();
    p->a = arena_new((allocator){0});
    affixes_load(&p->a, &p->known);
    return p;
}

void preparer_free(preparer *p) {
    if (!p)
        return;
    deflater_free(p->deflater);
    arena_free(&p->a);
    free(p);
}

const prepared_reading *ledger_prepare(preparer *p, const reading *r, str json, arena *a) {
    const article *of = r->article;
    prepared_reading *out = ARENA_NEW(a, prepared_reading, 1);
    arena passing = arena_new((allocator){0});
    str packed = deflate_whole(p->deflater, &passing, of->text),
        beside = deflate_beside(p->deflater, &passing, json, archive_reading_beside(&passing, of->text));
    pending_words words = stems_of_version(&passing, &p->known, 0, of->title, of->text);
    *out = (prepared_reading){.json = json,
                              .text_hash = sha256(of->text),
                              .json_hash = sha256(json),
                              .sketch = sketch_pack(a, sketch_of(&passing, of->text)),
                              .packed_text = arena_copy(a, packed),
                              .packed_json = arena_copy(a, beside),
                              .title_stems = arena_copy(a, words.title),
                              .body_stems = arena_copy(a, words.body)};
    arena_free(&passing);
    return out;
}
