/* What adding a reading takes and needs nothing of the ledger. Not for other folders: ledger.h. */
#ifndef ISN_LEDGER_PREPARE_H
#define ISN_LEDGER_PREPARE_H

#include "base/sha256.h"
#include "ledger/ledger.h"

struct prepared_reading {
    str json;
    digest text_hash, json_hash;
    str sketch, packed_text, packed_json; /* as they are stored */
    str title_stems, body_stems;
};

#endif
