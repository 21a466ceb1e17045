/* Evidence bundles: what a stranger needs to check an incident without isnad (docs/bundle.md).
 *
 * A WACZ (Web Archive Collection Zipped 1.1): the captures as WARC records with their index, pages and
 * hashes, and beside them the readings, the claims as W3C Web Annotations with PROV, the leaves' inclusion
 * proofs, the signed head, and a report as HTML. */
#ifndef ISN_LEDGER_BUNDLE_H
#define ISN_LEDGER_BUNDLE_H

#include "ledger/ledger.h"

/* Writes the bundle of an incident. `time`: now, ISO 8601. Everything in it must stand under a signed head:
 * STATUS_USAGE where something was added since, or no head was ever signed. STATUS_NOT_FOUND; STATUS_IO where
 * `write` says no. */
status ledger_bundle(ledger *l, str id, str time, bool (*write)(void *context, str bytes), void *context,
                     failure *f);

/* ---- inside the folder ---- */

typedef struct bundle_capture {
    int64_t sequence, version; /* key of the version */
    str id, sha256, url, time, media_type;
    bool withdrawn;
    str title;               /* of its document */
    uint64_t offset, length; /* of its record in the archive */
} bundle_capture;
typedef VECTOR(bundle_capture) bundle_captures;

/* bundle_warc.c: the archive with a record for each capture that is not withdrawn, its index (CDXJ), the
 * pages. */
status bundle_warc(ledger *l, bundle_captures *captures, str now, arena *a, str *warc, failure *f);
str bundle_index(const bundle_captures *captures, str now, arena *a);
str bundle_pages(const bundle_captures *captures, str now, arena *a);
/* Where a page was, as a URI. */
str bundle_address(arena *a, const bundle_capture *c);

/* bundle_report.c: a page that needs nothing else; `incident` is isnad-incident/1, `proof` isnad/proof.json.
 */
str bundle_report(arena *a, str incident, str proof);

#endif
