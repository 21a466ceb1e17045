#include "base/ed25519.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stdlib.h>

#include "base/must.h"

static EVP_PKEY *key_of(const secret_key *key) {
    return must(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key->bytes, sizeof key->bytes));
}

secret_key ed25519_new(void) {
    secret_key key;
    must_be(RAND_priv_bytes(key.bytes, sizeof key.bytes));
    return key;
}

void ed25519_forget(secret_key *key) {
    OPENSSL_cleanse(key, sizeof *key);
}

public_key ed25519_public(const secret_key *key) {
    public_key out;
    size_t size = sizeof out.bytes;
    EVP_PKEY *k = key_of(key);
    must_be(EVP_PKEY_get_raw_public_key(k, out.bytes, &size));
    EVP_PKEY_free(k);
    return out;
}

signature ed25519_sign(const secret_key *key, str message) {
    signature out;
    size_t size = sizeof out.bytes;
    EVP_PKEY *k = key_of(key);
    EVP_MD_CTX *context = must(EVP_MD_CTX_new());
    must_be(EVP_DigestSignInit(context, NULL, NULL, NULL, k));
    must_be(EVP_DigestSign(context, out.bytes, &size, (const unsigned char *)message.data, message.size));
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(k);
    return out;
}

bool ed25519_verify(public_key key, str message, signature s) {
    EVP_PKEY *k = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key.bytes, sizeof key.bytes);
    EVP_MD_CTX *context = must(EVP_MD_CTX_new());
    bool good = k && EVP_DigestVerifyInit(context, NULL, NULL, NULL, k) == 1 &&
                EVP_DigestVerify(context, s.bytes, sizeof s.bytes, (const unsigned char *)message.data,
                                 message.size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(k);
    return good;
}

/* ---- files ---- */

size_t ed25519_to_pem(const secret_key *key, char out[ED25519_PEM]) {
    EVP_PKEY *k = key_of(key);
    BIO *bio = must(BIO_new(BIO_s_secmem()));
    must_be(PEM_write_bio_PKCS8PrivateKey(bio, k, NULL, NULL, 0, NULL, NULL));
    int size = BIO_read(bio, out, ED25519_PEM);
    must_be(size > 0 && size < ED25519_PEM);
    BIO_free(bio);
    EVP_PKEY_free(k);
    return (size_t)size;
}

/* An encrypted file is not asked for its password. */
static int no_password(char *out, int size, int writing, void *context) {
    (void)out, (void)size, (void)writing, (void)context;
    return -1;
}

bool ed25519_from_pem(str pem, secret_key *out) {
    size_t size = sizeof out->bytes;
    BIO *bio = pem.size < 65536 ? BIO_new_mem_buf(pem.data ? pem.data : "", (int)pem.size) : NULL;
    EVP_PKEY *k = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL) : NULL;
    bool good = k && EVP_PKEY_get_id(k) == EVP_PKEY_ED25519 &&
                EVP_PKEY_get_raw_private_key(k, out->bytes, &size) == 1 && size == sizeof out->bytes;
    EVP_PKEY_free(k);
    BIO_free(bio);
    return good;
}
