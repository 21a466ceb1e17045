#include "base/failure.h"

#include <stdarg.h>
#include <stdio.h>

status fail(failure *f, status code, const char *format, ...) {
    if (!f)
        return code;
    va_list args;
    va_start(args, format);
    vsnprintf(f->message, sizeof f->message, format, args);
    va_end(args);
    f->code = code;
    for (char *c = f->message; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = ' ';
    return code;
}
