#include "base/zip.h"

#include <zlib.h>

/* The first day that the format knows: when a file was made is told by what is in it. */
enum { NOBODYS_DATE = 0x21, VERSION = 20, UTF8_NAMES = 0x800 };

static void put16(buffer *b, uint32_t n) {
    buffer_add_byte(b, (char)(n & 255));
    buffer_add_byte(b, (char)(n >> 8 & 255));
}

static void put32(buffer *b, uint64_t n) {
    put16(b, (uint32_t)(n & 0xFFFF));
    put16(b, (uint32_t)(n >> 16 & 0xFFFF));
}

static void send(zip_writer *z, str bytes) {
    z->failed = z->failed || !z->write(z->context, bytes);
    z->at += bytes.size;
}

/* What the local header and the directory say alike. */
static void put_common(buffer *b, str name, str bytes, uint32_t crc) {
    put16(b, VERSION);
    put16(b, UTF8_NAMES);
    put16(b, 0); /* stored */
    put16(b, 0);
    put16(b, NOBODYS_DATE);
    put32(b, crc);
    put32(b, bytes.size);
    put32(b, bytes.size);
    put16(b, (uint32_t)name.size);
    put16(b, 0);
}

void zip_add(zip_writer *z, str name, str bytes) {
    buffer head = {0};
    uint64_t begins = z->at;
    uint32_t crc = (uint32_t)crc32_z(0, (const Bytef *)(bytes.data ? bytes.data : ""), bytes.size);
    z->failed = z->failed || bytes.size >= UINT32_MAX || begins >= UINT32_MAX || ++z->members >= UINT16_MAX;
    put32(&head, 0x04034b50);
    put_common(&head, name, bytes, crc);
    buffer_add(&head, name);
    send(z, buffer_str(&head));
    send(z, bytes);
    put32(&z->directory, 0x02014b50);
    put16(&z->directory, VERSION);
    put_common(&z->directory, name, bytes, crc);
    put16(&z->directory, 0);
    put16(&z->directory, 0);
    put16(&z->directory, 0);
    put32(&z->directory, 0);
    put32(&z->directory, begins);
    buffer_add(&z->directory, name);
    buffer_free(&head);
}

bool zip_end(zip_writer *z) {
    buffer end = {0};
    uint64_t begins = z->at;
    send(z, buffer_str(&z->directory));
    put32(&end, 0x06054b50);
    put32(&end, 0);
    put16(&end, (uint32_t)z->members);
    put16(&end, (uint32_t)z->members);
    put32(&end, z->directory.size);
    put32(&end, begins);
    put16(&end, 0);
    z->failed = z->failed || begins >= UINT32_MAX;
    send(z, buffer_str(&end));
    buffer_free(&end);
    buffer_free(&z->directory);
    return !z->failed;
}
