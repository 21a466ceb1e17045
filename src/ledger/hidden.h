/* What is kept from a handle that may not see sensitive records (hidden.c). Not for other folders. */
#ifndef ISN_LEDGER_HIDDEN_H
#define ISN_LEDGER_HIDDEN_H

#include "ledger/store.h"

/* Bits of incident.sensitive. */
enum { SENSITIVE_INCIDENT = 1, SENSITIVE_CLAIM = 2 };

/* Whether a document is hidden, by an SQL expression for its key: some version of it has a claim of a hidden
 * incident, or repeats a version of such a document. */
#define HIDDEN_TOLD(versions)                                                                                \
    "EXISTS (SELECT 1 FROM version AS hidden_version JOIN claim AS hidden_claim ON hidden_claim.version ="   \
    " hidden_version.key JOIN incident_claim AS hidden_told ON hidden_told.claim = hidden_claim.key JOIN"    \
    " incident AS hidden_incident ON hidden_incident.key = hidden_told.incident WHERE " versions             \
    " AND hidden_incident.sensitive <> 0)"
#define HIDDEN_DOCUMENT(document)                                                                            \
    "(" HIDDEN_TOLD("hidden_version.document = " document) " OR " HIDDEN_TOLD(                               \
        "hidden_version.document IN (SELECT copied.document FROM version AS copying JOIN version AS copied"  \
        " ON copied.key = copying.copy_of WHERE copying.document = " document ")") ")"

/* What a query over `incident`, over `version`, has to have behind its WHERE: " AND …", or "". */
const char *hidden_incidents(const ledger *l);
const char *hidden_versions(const ledger *l);
/* The documents that the handle may not see, by their keys, in order; none where it hides nothing. Kept until
 * the ledger changes. */
status hidden_documents(ledger *l, key_list *out, failure *f);

/* By keys. True for every handle that hides nothing. */
status incident_shown(ledger *l, int64_t key, bool *out, failure *f);
status document_shown(ledger *l, int64_t key, bool *out, failure *f);
status claim_shown(ledger *l, int64_t key, bool *out, failure *f);
status act_shown(ledger *l, int64_t act, bool *out, failure *f);

/* A shown incident's text or (where `whole` is the text of its incident) its summary, without the titles and
 * addresses of hidden documents that tell of it among others; as given where there are none. */
status incident_veiled(ledger *l, str id, str whole, str text, arena *a, str *out, failure *f);

#endif
