#define _DEFAULT_SOURCE /* gmtime_r */
#include "intake/fetch.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <sys/socket.h>
#include <time.h>

#include "base/calendar.h"
#include "intake/public.h"

enum { CONNECT_SECONDS = 20, WHOLE_SECONDS = 300, MOST_REDIRECTS = 10, LONGEST_HEAD = 1024 * 1024 };

static const char user_agent[] =
    "isnad/0.1 (a reader of news pages; one page at a time, at a person's request)";

/* name, type of the function: what is used of libcurl. */
#define CURL_FUNCTIONS(X)                                                                                    \
    X(curl_easy_init, CURL *(*)(void))                                                                       \
    X(curl_easy_setopt, CURLcode (*)(CURL *, CURLoption, ...))                                               \
    X(curl_easy_perform, CURLcode (*)(CURL *))                                                               \
    X(curl_easy_getinfo, CURLcode (*)(CURL *, CURLINFO, ...))                                                \
    X(curl_easy_cleanup, void (*)(CURL *))                                                                   \
    X(curl_easy_strerror, const char *(*)(CURLcode))                                                         \
    X(curl_slist_append, struct curl_slist *(*)(struct curl_slist *, const char *))                          \
    X(curl_slist_free_all, void (*)(struct curl_slist *))

#undef curl_easy_setopt
#undef curl_easy_getinfo
typedef struct curl_library {
    void *handle;
#define FIELD(name, type) __typeof__((type)0) name;
    CURL_FUNCTIONS(FIELD)
#undef FIELD
} curl_library;

static bool curl_open(curl_library *c) {
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl-nss.so.4"};
    for (size_t i = 0; i < sizeof names / sizeof *names && !c->handle; i++)
        c->handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!c->handle)
        return false;
    bool whole = true;
#define LOAD(name, type)                                                                                     \
    *(void **)&c->name = dlsym(c->handle, #name);                                                            \
    whole = whole && c->name;
    CURL_FUNCTIONS(LOAD)
#undef LOAD
    return whole;
}

typedef struct transfer {
    buffer head, body;
    const fetch_options *options;
    bool too_large, closed;
} transfer;

static size_t on_body(char *data, size_t size, size_t count, void *context) {
    transfer *t = context;
    size_t bytes = size * count;
    uint64_t largest = t->options->largest;
    if (bytes > largest || t->body.size > largest - bytes) {
        t->too_large = true;
        return 0;
    }
    buffer_add(&t->body, (str){data, bytes});
    return bytes;
}

/* Each answer of a chain of redirects begins with its own first line: only the last head is kept. */
static size_t on_head(char *data, size_t size, size_t count, void *context) {
    transfer *t = context;
    str line = {data, size * count};
    if (str_starts(line, STR("HTTP/")))
        t->head.size = 0;
    if (t->head.size + line.size > LONGEST_HEAD)
        return 0;
    buffer_add(&t->head, line);
    return line.size;
}

static int on_progress(void *context, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up_now) {
    transfer *t = context;
    (void)total, (void)now, (void)up_total, (void)up_now;
    return t->options->cancelled && t->options->cancelled(t->options->cancel_context);
}

/* Asked of each address right before it is connected to, whatever name or redirect led there: a name that is
 * looked up again and then means another address gains nothing. */
static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    transfer *t = context;
    (void)purpose;
    if (!address_is_public(&address->addr) || address_is_own(&address->addr)) {
        t->closed = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool is_web_address(str s) {
    return (s.size > 7 && str_equal_ascii_nocase(str_slice(s, 0, 7), STR("http://"))) ||
           (s.size > 8 && str_equal_ascii_nocase(str_slice(s, 0, 8), STR("https://")));
}

static void set_options(const curl_library *c, CURL *handle, const char *url, struct curl_slist *fields,
                        transfer *t, char *why) {
    c->curl_easy_setopt(handle, CURLOPT_URL, url);
    c->curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    c->curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    c->curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
    c->curl_easy_setopt(handle, CURLOPT_MAXREDIRS, (long)MOST_REDIRECTS);
    c->curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    c->curl_easy_setopt(handle, CURLOPT_TIMEOUT, (long)WHOLE_SECONDS);
    c->curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 10L);
    c->curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, 30L);
    c->curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    c->curl_easy_setopt(handle, CURLOPT_USERAGENT, user_agent);
    c->curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields);
    c->curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    c->curl_easy_setopt(handle, CURLOPT_WRITEDATA, t);
    c->curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_head);
    c->curl_easy_setopt(handle, CURLOPT_HEADERDATA, t);
    c->curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    c->curl_easy_setopt(handle, CURLOPT_XFERINFODATA, t);
    c->curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    c->curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, why);
    if (t->options->public_only) {
        c->curl_easy_setopt(handle, CURLOPT_PROXY, "");
        c->curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, on_socket);
        c->curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, t);
    }
}

static status judge(const curl_library *c, CURL *handle, CURLcode code, const transfer *t, const char *why,
                    failure *f) {
    long answer = 0;
    c->curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
    if (t->too_large)
        return fail(f, STATUS_BAD_INPUT, "larger than %llu MiB",
                    (unsigned long long)(t->options->largest >> 20));
    if (t->closed)
        return fail(f, STATUS_NO_INPUT, "it leads to an address that is not public");
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return fail(f, STATUS_CANCELLED, "cancelled");
    if (code != CURLE_OK)
        return fail(f, STATUS_NO_INPUT, "%s", *why ? why : c->curl_easy_strerror(code));
    if (answer < 200 || answer > 299)
        return fail(f, STATUS_NO_INPUT, "the server answered %ld", answer);
    return STATUS_OK;
}

status fetch(str url, const fetch_options *options, arena *a, fetched *out, failure *f) {
    curl_library c = {0};
    if (!curl_open(&c)) {
        if (c.handle)
            dlclose(c.handle);
        return fail(f, STATUS_UNAVAILABLE, "libcurl, which fetches web pages, is not installed");
    }
    transfer t = {.options = options};
    char why[CURL_ERROR_SIZE] = "";
    CURL *handle = c.curl_easy_init();
    struct curl_slist *fields = c.curl_slist_append(NULL, "Accept-Encoding: gzip, deflate");
    fields = c.curl_slist_append(fields, "Accept: text/html, application/xhtml+xml, text/plain, */*;q=0.5");
    set_options(&c, handle, arena_cstring(a, url), fields, &t, why);
    CURLcode code = c.curl_easy_perform(handle);
    status result = judge(&c, handle, code, &t, why, f);
    char *last = NULL;
    c.curl_easy_getinfo(handle, CURLINFO_EFFECTIVE_URL, &last);
    if (result == STATUS_OK)
        *out = (fetched){arena_copy(a, last ? str_of(last) : url), arena_copy(a, buffer_str(&t.head)),
                         moment_text(a, time(NULL)), t.body};
    else
        buffer_free(&t.body);
    buffer_free(&t.head);
    c.curl_slist_free_all(fields);
    c.curl_easy_cleanup(handle);
    dlclose(c.handle);
    return result;
}
