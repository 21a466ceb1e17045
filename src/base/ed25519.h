/* Ed25519 signatures (RFC 8032) by OpenSSL. Keys and signatures are their raw bytes. */
#ifndef ISN_BASE_ED25519_H
#define ISN_BASE_ED25519_H

#include "base/hex.h" /* as which keys and signatures are told */

typedef struct secret_key {
    unsigned char bytes[32];
} secret_key;
typedef struct public_key {
    unsigned char bytes[32];
} public_key;
typedef struct signature {
    unsigned char bytes[64];
} signature;

secret_key ed25519_new(void);
public_key ed25519_public(const secret_key *key);
signature ed25519_sign(const secret_key *key, str message);
bool ed25519_verify(public_key key, str message, signature s);
/* Overwrites it. */
void ed25519_forget(secret_key *key);

/* As PKCS #8 in PEM, which `openssl pkey` reads; at most ED25519_PEM bytes. The size written. */
enum { ED25519_PEM = 256 };
size_t ed25519_to_pem(const secret_key *key, char out[ED25519_PEM]);
/* False where it is no such key. */
bool ed25519_from_pem(str pem, secret_key *out);

#endif
