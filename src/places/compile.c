/* The gazetteer compiler as a program, for the build: compile OUTPUT SOURCE… */
#include "places/places.h"
#include <stdio.h>

int main(int count, char **arguments) {
    failure f = {0};
    if (count < 3) {
        fprintf(stderr, "usage: %s OUTPUT SOURCE...\n", arguments[0]);
        return STATUS_USAGE;
    }
    status s = gazetteer_build((const char *const *)arguments + 2, (size_t)count - 2, arguments[1], &f);
    if (s != STATUS_OK)
        fprintf(stderr, "%s\n", f.message);
    return (int)s;
}
