#include "cli/words.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static phrase say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static phrase say(const char *format, ...) {
    phrase p;
    va_list args;
    va_start(args, format);
    int size = vsnprintf(p.text, sizeof p.text, format, args);
    va_end(args);
    if (size >= (int)sizeof p.text) { /* not in the middle of a letter */
        size_t end = sizeof p.text - 1;
        while (end > 0 && (p.text[end - 1] & 0xC0) == 0x80)
            end--;
        p.text[end ? end - 1 : 0] = 0;
    }
    return p;
}

const char *text_at(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

long long number_at(const json_t *object, const char *name) {
    return json_integer_value(json_object_get(object, name));
}

double real_at(const json_t *object, const char *name) {
    return json_number_value(json_object_get(object, name));
}

bool is_set(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);
    return value && !json_is_null(value) && !json_is_false(value);
}

size_t size_at(const json_t *object, const char *name) {
    return json_array_size(json_object_get(object, name));
}

json_t *json_of(program *p, const char *text, size_t size) {
    json_error_t error;
    json_t *value = json_loadb(text, size, JSON_ALLOW_NUL, &error);
    if (!value)
        complain(p, "a result is no JSON at byte %d: %s", error.position, error.text);
    return value;
}

phrase figure_phrase(const json_t *claim) {
    long long min = number_at(claim, "min"), max = number_at(claim, "max");
    const char *about = is_set(claim, "approx") ? "about " : "";
    if (!is_set(claim, "max"))
        return min ? say("%sat least %lld", about, min) : say("any number");
    if (min == 0)
        return max ? say("%sup to %lld", about, max) : say("none");
    return min == max ? say("%s%lld", about, min) : say("%s%lld to %lld", about, min, max);
}

phrase date_phrase(const char *date) {
    const char *slash = strchr(date, '/');
    size_t size = slash ? (size_t)(slash - date) : 0, same = 0;
    if (!slash || strlen(slash + 1) != size)
        return say("%s", date);
    for (size_t i = 0; i < size && date[i] == slash[i + 1]; i++)
        if (date[i] == '-')
            same = i + 1;
    return say("%.*s/%s", (int)size, date, slash + 1 + same);
}

phrase estimate_phrase(const json_t *estimate) {
    if (!estimate)
        return say("%s", "");
    long long low = number_at(estimate, "low"), high = number_at(estimate, "high");
    const char *open = is_set(estimate, "high_open") ? "+" : "";
    if (!is_set(estimate, "high"))
        return say("%lld+", low);
    if (low != high && is_set(estimate, "best"))
        return say("%lld (%lld–%lld%s)", number_at(estimate, "best"), low, high, open);
    return low == high ? say("%lld%s", low, open) : say("%lld–%lld%s", low, high, open);
}

const json_t *estimate_of(const json_t *incident, const char *effect) {
    size_t i;
    json_t *e;
    json_array_foreach(json_object_get(incident, "estimates"), i, e) {
        if (strcmp(text_at(e, "effect"), effect) == 0 && strcmp(text_at(e, "class"), "all") == 0 &&
            !is_set(e, "group"))
            return e;
    }
    return NULL;
}

phrase plain_name(const char *name) {
    phrase p = say("%s", name ? name : "");
    for (char *c = p.text; *c; c++)
        if (*c == '_')
            *c = ' ';
    return p;
}

phrase counted(long long n, const char *one, const char *many) {
    return say("%lld %s", n, n == 1 ? one : many);
}

static const char *place_name(const json_t *place) {
    const char *name = text_at(place, "name");
    if (!*name)
        name = text_at(place, "name_ar");
    return *name ? name : text_at(place, "text");
}

phrase place_phrase(const json_t *place) {
    const char *country = text_at(place, "country");
    return say("%s%s%s", place_name(place), *country ? ", " : "", country);
}

void put_text(FILE *out, const terminal *t, const char *text) {
    char *clean = text_clean(text, strlen(text));
    text_put(out, t, clean, strlen(clean), false);
    free(clean);
}

void put_address(FILE *out, const terminal *t, const char *address) {
    enum { HASH = 64, SHOWN = 12 };
    if (strlen(address) == HASH && strspn(address, "0123456789abcdef") == HASH)
        fprintf(out, "%.*s…", SHOWN, address);
    else
        put_text(out, t, address);
}

void put_place(FILE *out, const terminal *t, const json_t *place) {
    const char *arabic = text_at(place, "name_ar"), *name = place_name(place);
    put_text(out, t, name);
    if (*arabic && strcmp(arabic, name) != 0) {
        fputs(" (", out);
        put_text(out, t, arabic);
        fputs(")", out);
    }
    if (*text_at(place, "country"))
        fprintf(out, ", %s", text_at(place, "country"));
    if (is_set(place, "lat"))
        fprintf(out, " · %.4g, %.4g ± %.3g km", real_at(place, "lat"), real_at(place, "lon"),
                real_at(place, "radius_km"));
}
