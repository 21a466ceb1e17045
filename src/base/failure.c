#include "base/failure.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

/* Copies `line` as well-formed UTF-8 without controls, whole code points only. */
static void put_line(char *out, size_t room, str line) {
    size_t size = 0;
    for (size_t at = 0; at < line.size;) {
        uint32_t c = utf8_next(line, &at);
        char bytes[4];
        size_t count = utf8_put(bytes, c < ' ' || (c >= 0x7F && c < 0xA0) ? ' ' : c);
        if (size + count >= room)
            break;
        memcpy(out + size, bytes, count);
        size += count;
    }
    out[size] = 0;
}

status(fail)(failure *f, status code, const char *format, ...) {
    if (!f)
        return code;
    /* Formatted aside: the message of `f` itself may be among the arguments. */
    char line[sizeof f->message + 4];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    put_line(f->message, sizeof f->message, str_of(line));
    f->code = code;
    return code;
}
