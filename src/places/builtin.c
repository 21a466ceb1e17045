/* The gazetteer that the build compiled, linked in. Its path is known at build time alone. */
#include "places/format.h"
#include "places_file.h"

#ifdef __APPLE__
#define SECTION_DIRECTIVE ".const_data\n"
#define SYMBOL            "_isnad_builtin_gazetteer"
#else
#define SECTION_DIRECTIVE ".section .rodata\n"
#define SYMBOL            "isnad_builtin_gazetteer"
#endif

__asm__(SECTION_DIRECTIVE ".balign 64\n"
                          ".globl " SYMBOL "\n" SYMBOL ":\n"
                          ".incbin \"" PLACES_FILE "\"\n"
                          ".byte 0\n"
                          ".text\n");

extern const gazetteer isnad_builtin_gazetteer __attribute__((visibility("hidden")));

const gazetteer *gazetteer_builtin(void) {
    return &isnad_builtin_gazetteer;
}
