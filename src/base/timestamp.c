#include "base/timestamp.h"

#include <openssl/err.h>
#include <openssl/ts.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/must.h"

/* ---- asking ---- */

str timestamp_query(arena *a, digest imprint) {
    TS_REQ *query = must(TS_REQ_new());
    TS_MSG_IMPRINT *what = must(TS_MSG_IMPRINT_new());
    X509_ALGOR *hash = must(X509_ALGOR_new());
    unsigned char *der = NULL;
    must_be(X509_ALGOR_set0(hash, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL));
    must_be(TS_MSG_IMPRINT_set_algo(what, hash));
    must_be(TS_MSG_IMPRINT_set_msg(what, imprint.bytes, sizeof imprint.bytes));
    must_be(TS_REQ_set_version(query, 1));
    must_be(TS_REQ_set_msg_imprint(query, what));
    must_be(TS_REQ_set_cert_req(query, 1));
    int size = i2d_TS_REQ(query, &der);
    must_be(size > 0);
    str out = arena_copy(a, (str){(const char *)der, (size_t)size});
    OPENSSL_free(der);
    X509_ALGOR_free(hash);
    TS_MSG_IMPRINT_free(what);
    TS_REQ_free(query);
    return out;
}

/* ---- what came back ---- */

static const char *reason(void) {
    const char *text = ERR_reason_error_string(ERR_peek_last_error());
    return text ? text : "no reason given";
}

/* The token of an answer; NULL where it is none, or was refused. */
static PKCS7 *token_of(str der, const char **why) {
    const unsigned char *at = (const unsigned char *)der.data;
    *why = "no answer of a time stamping authority (RFC 3161) in DER";
    if (!der.size || der.size > 1 << 20)
        return NULL;
    TS_RESP *answer = d2i_TS_RESP(NULL, &at, (long)der.size);
    if (answer) {
        PKCS7 *inside = TS_RESP_get_token(answer), *copy = inside ? PKCS7_dup(inside) : NULL;
        TS_RESP_free(answer);
        *why = "the authority refused";
        return copy;
    }
    at = (const unsigned char *)der.data;
    return d2i_PKCS7(NULL, &at, (long)der.size);
}

static bool take_imprint(TS_TST_INFO *info, digest *out) {
    TS_MSG_IMPRINT *what = TS_TST_INFO_get_msg_imprint(info);
    const X509_ALGOR *hash = TS_MSG_IMPRINT_get_algo(what);
    const ASN1_OBJECT *name = NULL;
    ASN1_OCTET_STRING *bytes = TS_MSG_IMPRINT_get_msg(what);
    X509_ALGOR_get0(&name, NULL, NULL, hash);
    if (OBJ_obj2nid(name) != NID_sha256 || ASN1_STRING_length(bytes) != (int)sizeof out->bytes)
        return false;
    memcpy(out->bytes, ASN1_STRING_get0_data(bytes), sizeof out->bytes);
    return true;
}

static bool take_time(TS_TST_INFO *info, struct tm *out) {
    return ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), out) == 1;
}

/* The part that the authority signed; NULL where there is none. */
static TS_TST_INFO *info_of(PKCS7 *token) {
    return token && PKCS7_type_is_signed(token) ? PKCS7_to_TS_TST_INFO(token) : NULL;
}

status timestamp_read(arena *a, str der, timestamp *out, failure *f) {
    const char *why;
    struct tm when;
    timestamp made = {0};
    unsigned char *bytes = NULL;
    ERR_clear_error();
    PKCS7 *token = token_of(der, &why);
    TS_TST_INFO *info = info_of(token);
    bool good = info && take_imprint(info, &made.imprint) && take_time(info, &when);
    int size = good ? i2d_PKCS7(token, &bytes) : 0;
    if (size > 0) {
        strftime(made.time, sizeof made.time, "%Y-%m-%dT%H:%M:%SZ", &when);
        made.token = arena_copy(a, (str){(const char *)bytes, (size_t)size});
        *out = made;
    }
    OPENSSL_free(bytes);
    TS_TST_INFO_free(info);
    PKCS7_free(token);
    return size > 0 ? STATUS_OK
                    : fail(f, STATUS_BAD_INPUT, "time stamp: %s",
                           token ? "it stamps no SHA-256 at a time that can be read" : why);
}

/* ---- is it true ---- */

/* Certificates are to have been valid when the stamp was made, not today. */
static X509_STORE *store_at(const char *authorities, const struct tm *when) {
    X509_STORE *store = must(X509_STORE_new());
    struct tm copy = *when;
    if (X509_STORE_load_locations(store, authorities, NULL) != 1) {
        X509_STORE_free(store);
        return NULL;
    }
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), timegm(&copy));
    return store;
}

static status check_with(PKCS7 *token, digest imprint, X509_STORE *store, failure *f) {
    TS_VERIFY_CTX *context = must(TS_VERIFY_CTX_new());
    unsigned char *copy = must(OPENSSL_memdup(imprint.bytes, sizeof imprint.bytes));
    TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_SIGNATURE);
    TS_VERIFY_CTX_set_imprint(context, copy, sizeof imprint.bytes);
    TS_VERIFY_CTX_set_store(context, store); /* the context frees both */
    ERR_clear_error();
    bool good = TS_RESP_verify_token(context, token) == 1;
    status code =
        good ? STATUS_OK : fail(f, STATUS_VERIFY_FAILED, "time stamp: it does not hold: %s", reason());
    TS_VERIFY_CTX_free(context);
    ERR_clear_error();
    return code;
}

status timestamp_check(str token, digest imprint, const char *authorities, failure *f) {
    const unsigned char *at = (const unsigned char *)token.data;
    struct tm when;
    PKCS7 *read = token.size && token.size <= 1 << 20 ? d2i_PKCS7(NULL, &at, (long)token.size) : NULL;
    TS_TST_INFO *info = info_of(read);
    status code = STATUS_OK;
    if (!info || !take_time(info, &when))
        code = fail(f, STATUS_VERIFY_FAILED, "time stamp: it is damaged");
    X509_STORE *store = code == STATUS_OK ? store_at(authorities, &when) : NULL;
    if (code == STATUS_OK && !store)
        code = fail(f, STATUS_NO_INPUT, "%s: no certificates in PEM", authorities);
    if (code == STATUS_OK)
        code = check_with(read, imprint, store, f);
    TS_TST_INFO_free(info);
    PKCS7_free(read);
    return code;
}
