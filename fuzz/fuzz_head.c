/* What proves a ledger and comes from outside, as bytes: heads that were kept elsewhere (what is read says
 * the same when it is written and read again), key files, and answers of time stamping authorities. */
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "ledger/heads.h"

static void read_stamp(arena *a, str bytes) {
    timestamp t, again;
    if (timestamp_read(a, bytes, &t, NULL) != STATUS_OK)
        return;
    if (timestamp_read(a, t.token, &again, NULL) != STATUS_OK || strcmp(t.time, again.time) != 0)
        abort();
    timestamp_check(t.token, t.imprint, "/dev/null", NULL);
}

static bool same_head(const signed_head *x, const signed_head *y) {
    return strcmp(x->ledger, y->ledger) == 0 && x->size == y->size &&
           memcmp(&x->root, &y->root, sizeof x->root) == 0 && strcmp(x->time, y->time) == 0 &&
           memcmp(&x->key, &y->key, sizeof x->key) == 0 &&
           memcmp(&x->signature, &y->signature, sizeof x->signature) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    str text = {(const char *)data, size};
    signed_head head, again;
    secret_key key;
    arena a = arena_new((allocator){0});
    if (ed25519_from_pem(text, &key))
        ed25519_public(&key);
    read_stamp(&a, text);
    if (head_read(text, &head, NULL) == STATUS_OK) {
        if (head_read(head_json(&a, &head), &again, NULL) != STATUS_OK || !same_head(&head, &again))
            abort();
        head_holds(&head);
    }
    arena_free(&a);
    return 0;
}
