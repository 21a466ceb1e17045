#include "serve/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEM_MOST = 1024 * 1024 };

static status read_file(const char *path, char **out, failure *f) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about = {0};
    int why = file < 0 || fstat(file, &about) != 0 ? errno : about.st_size > PEM_MOST ? EFBIG : 0;
    char *text = why ? NULL : calloc(1, (size_t)about.st_size + 1);
    ssize_t size = text ? read(file, text, (size_t)about.st_size) : 0;
    if (size < 0)
        why = errno;
    if (file >= 0)
        close(file);
    if (why || !text) {
        free(text);
        return fail(f, STATUS_NO_INPUT, "%s: %s", path, strerror(why ? why : ENOMEM));
    }
    *out = text;
    return STATUS_OK;
}

static int no_password(char *to, int size, int writing, void *context) {
    (void)to, (void)size, (void)writing, (void)context;
    return -1;
}

static status check_pair(const char *certificate_path, const char *key_path, const identity *i, failure *f) {
    BIO *certificates = BIO_new_mem_buf(i->certificate, -1), *keys = BIO_new_mem_buf(i->key, -1);
    X509 *certificate = certificates ? PEM_read_bio_X509(certificates, NULL, no_password, NULL) : NULL;
    EVP_PKEY *key = keys ? PEM_read_bio_PrivateKey(keys, NULL, no_password, NULL) : NULL;
    status s = STATUS_OK;
    if (!certificate)
        s = fail(f, STATUS_BAD_INPUT, "%s: expected a certificate in PEM", certificate_path);
    else if (!key)
        s = fail(f, STATUS_BAD_INPUT, "%s: expected a private key in PEM, without a password", key_path);
    else if (X509_check_private_key(certificate, key) != 1)
        s = fail(f, STATUS_BAD_INPUT, "%s: this is not the key of the certificate in %s", key_path,
                 certificate_path);
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(certificates);
    BIO_free(keys);
    ERR_clear_error();
    return s;
}

status identity_read(const char *certificate, const char *key, identity *out, failure *f) {
    identity made = {0};
    status s = read_file(certificate, &made.certificate, f);
    if (s == STATUS_OK)
        s = read_file(key, &made.key, f);
    if (s == STATUS_OK)
        s = check_pair(certificate, key, &made, f);
    if (s == STATUS_OK)
        *out = made;
    else
        identity_forget(&made);
    return s;
}

void identity_forget(identity *i) {
    if (i->key)
        explicit_bzero(i->key, strlen(i->key));
    free(i->certificate);
    free(i->key);
    *i = (identity){0};
}
