/* Heads that were kept elsewhere, as bytes: what is read says the same when it is written and read again. And
 * key files. */
#include <stdlib.h>
#include <string.h>

#include "ledger/heads.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    str text = {(const char *)data, size};
    signed_head head, again;
    secret_key key;
    if (ed25519_from_pem(text, &key))
        ed25519_public(&key);
    if (head_read(text, &head, NULL) != STATUS_OK)
        return 0;
    arena a = arena_new((allocator){0});
    if (head_read(head_json(&a, &head), &again, NULL) != STATUS_OK || memcmp(&head, &again, sizeof head) != 0)
        abort();
    head_holds(&head);
    arena_free(&a);
    return 0;
}
