#define _DEFAULT_SOURCE /* getifaddrs */
#include "intake/public.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Not everybody's, by their first bits. */
static const struct {
    uint32_t first;
    unsigned bits;
} closed_four[] = {
    {0x00000000, 8},  /* this network */
    {0x0A000000, 8},  /* private */
    {0x64400000, 10}, /* shared by a provider's customers */
    {0x7F000000, 8},  /* this machine */
    {0xA9FE0000, 16}, /* the link; where clouds answer for their machines */
    {0xAC100000, 12}, /* private */
    {0xC0000000, 24}, /* protocols */
    {0xC0000200, 24}, /* for documents */
    {0xC0586300, 24}, /* relays from 6 to 4 */
    {0xC0A80000, 16}, /* private */
    {0xC6120000, 15}, /* measuring */
    {0xC6336400, 24}, /* for documents */
    {0xCB007100, 24}, /* for documents */
    {0xE0000000, 4},  /* groups */
    {0xF0000000, 4},  /* kept, and all machines */
};

static bool four_is_public(uint32_t address) {
    for (size_t i = 0; i < sizeof closed_four / sizeof *closed_four; i++)
        if ((address ^ closed_four[i].first) >> (32 - closed_four[i].bits) == 0)
            return false;
    return true;
}

static uint32_t four_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Only 2000::/3 was ever given to anybody; of it, what is none: protocols with Teredo (2001::/23), for
 * documents (2001:db8::/32, 3fff::/20). Addresses that stand for one of IPv4 are what that is. */
static bool six_is_public(const uint8_t *b) {
    static const uint8_t translated[12] = {0x00, 0x64, 0xFF, 0x9B};
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (memcmp(b, translated, 12) == 0 || memcmp(b, mapped, 12) == 0)
        return four_is_public(four_at(b + 12));
    if (b[0] >> 5 != 1)
        return false;
    if (b[0] == 0x20 && b[1] == 0x02) /* 6to4 */
        return four_is_public(four_at(b + 2));
    bool protocols = b[0] == 0x20 && b[1] == 0x01 && b[2] <= 0x01;
    bool documents = (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8) ||
                     (b[0] == 0x3F && b[1] == 0xFF && b[2] < 0x10);
    return !protocols && !documents;
}

static const uint8_t *bytes_of(const struct sockaddr *address, size_t *size) {
    if (address->sa_family == AF_INET) {
        *size = 4;
        return (const uint8_t *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
    }
    *size = address->sa_family == AF_INET6 ? 16 : 0;
    return *size ? (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr : NULL;
}

bool address_is_public(const struct sockaddr *address) {
    size_t size;
    const uint8_t *bytes = bytes_of(address, &size);
    return bytes && (size == 4 ? four_is_public(four_at(bytes)) : six_is_public(bytes));
}

bool address_is_own(const struct sockaddr *address) {
    size_t size, own_size;
    const uint8_t *bytes = bytes_of(address, &size);
    struct ifaddrs *all;
    bool own = false;
    if (!bytes || getifaddrs(&all) != 0)
        return false;
    for (const struct ifaddrs *i = all; i && !own; i = i->ifa_next) {
        const uint8_t *its = i->ifa_addr ? bytes_of(i->ifa_addr, &own_size) : NULL;
        own = its && own_size == size && memcmp(its, bytes, size) == 0;
    }
    freeifaddrs(all);
    return own;
}
