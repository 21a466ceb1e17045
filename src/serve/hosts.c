#include "serve/hosts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#include "serve/target.h"

bool is_loopback(const char *address) {
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, address, &four) == 1)
        return (ntohl(four.s_addr) >> 24) == 127;
    return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static bool is_address(const char *text) {
    struct in6_addr any;
    return inet_pton(AF_INET, text, &any) == 1 || inet_pton(AF_INET6, text, &any) == 1;
}

static bool is_further_name(const serve_options *options, str name) {
    for (const char *const *known = options->names; known && *known; known++) {
        if (str_equal_ascii_nocase(name, str_of(*known)))
            return true;
    }
    return false;
}

/* Divides "name:port" and "[::1]:port"; the brackets go. */
static bool split_host(str host, str *name, str *port) {
    bool bracketed = host.size > 0 && host.data[0] == '[';
    size_t end = bracketed ? str_find(host, STR("]"), 0) : str_find(host, STR(":"), 0);
    if (end == SIZE_MAX && bracketed)
        return false;
    end = end == SIZE_MAX ? host.size : end;
    *name = str_slice(host, bracketed ? 1 : 0, end);
    size_t rest = end + (bracketed ? 1 : 0);
    if (rest < host.size && host.data[rest] != ':')
        return false;
    *port = rest < host.size ? str_slice(host, rest + 1, host.size) : STR_NONE;
    return true;
}

bool host_allowed(const serve_options *options, uint16_t own_port, const char *header) {
    str name, port;
    char text[64];
    uint64_t number = 80;
    if (!header || !split_host(str_of(header), &name, &port))
        return false;
    if (is_further_name(options, name))
        return true;
    if ((port.data && !target_number(port, UINT16_MAX, &number)) || number != own_port ||
        name.size >= sizeof text)
        return false;
    if (str_equal_ascii_nocase(name, STR("localhost")))
        return true;
    memcpy(text, name.data, name.size);
    text[name.size] = '\0';
    /* An address cannot be rebound; one that is not ours could only get here by way of a proxy. */
    return options->remote ? is_address(text) : is_loopback(text);
}

static bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-_.~/", c);
}

status base_path(const char *given, char *out, size_t size, failure *f) {
    str path = str_of(given ? given : "/");
    while (path.size > 0 && path.data[0] == '/')
        path = str_slice(path, 1, path.size);
    while (path.size > 0 && path.data[path.size - 1] == '/')
        path = str_slice(path, 0, path.size - 1);
    bool good = path.size + 3 <= size && str_find(path, STR("//"), 0) == SIZE_MAX &&
                str_find(path, STR(".."), 0) == SIZE_MAX;
    for (size_t i = 0; i < path.size && good; i++)
        good = is_plain(path.data[i]);
    if (!good)
        return fail(f, STATUS_USAGE, "%s: expected a path such as /isnad, of letters, digits and - _ . ~",
                    given);
    snprintf(out, size, path.size ? "/%.*s/" : "/", STR_ARG(path));
    return STATUS_OK;
}
