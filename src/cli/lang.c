/* isnad lang check: what is wrong or of no use in the words and rules of a folder.
 *
 * The tables in the program are compiled; what reads lang/ as text is its compiler, tools/langc.py. There is
 * no second reader that could differ from it: this command runs the compiler that came with the program, with
 * the Python that building needs too. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* A file beside the program: in the checkout that it was built in, or where it was installed. */
static bool beside_program(const char *relative, char path[PATH_MAX]) {
    char program_path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", program_path, sizeof program_path - 1);
    if (size <= 0)
        return false;
    program_path[size] = 0;
    char *slash = strrchr(program_path, '/');
    if (!slash)
        return false;
    *slash = 0;
    static const char *const places[] = {"..", "../" ISNAD_DATADIR "/isnad"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int written = snprintf(path, PATH_MAX, "%s/%s/%s", program_path, places[i], relative);
        if (written > 0 && written < PATH_MAX && access(path, R_OK) == 0)
            return true;
    }
    return false;
}

/* ISNAD_TOOLS names the folder of the compiler where it stands elsewhere. */
static bool find_compiler(char path[PATH_MAX]) {
    const char *tools = getenv("ISNAD_TOOLS");
    if (!tools || !*tools)
        return beside_program("tools/langc.py", path);
    int written = snprintf(path, PATH_MAX, "%s/langc.py", tools);
    return written > 0 && written < PATH_MAX && access(path, R_OK) == 0;
}

static isn_code check(program *p, const char *folder) {
    char compiler[PATH_MAX], languages[PATH_MAX];
    if (!find_compiler(compiler)) {
        complain(p,
                 "the compiler of lang/ (langc.py) did not come with this program: ISNAD_TOOLS=FOLDER names "
                 "its folder");
        return ISN_UNAVAILABLE;
    }
    if (!folder)
        folder = access("lang/classes.tsv", R_OK) == 0 ? "lang"
                 : beside_program("lang", languages)   ? languages
                                                       : "lang";
    char classes[PATH_MAX];
    int written = snprintf(classes, sizeof classes, "%s/classes.tsv", folder);
    if (written <= 0 || written >= PATH_MAX || access(classes, R_OK)) {
        complain(p, "%s: no folder of languages: it has no classes.tsv that can be read", folder);
        return ISN_NO_INPUT;
    }
    output_flush(p);
    execlp("python3", "python3", "-B", compiler, "--check", folder, (char *)NULL);
    complain(p, "python3, which reads lang/ as text: %s", strerror(errno));
    return ISN_UNAVAILABLE;
}

isn_code command_lang(program *p) {
    const settings *s = &p->settings;
    if (s->count == 0)
        return usage_error(p, "lang", "what? For example: isnad lang check");
    if (strcmp(s->arguments[0], "check") != 0)
        return usage_error(p, "lang", "no \"isnad lang %s\": did you mean isnad lang check?",
                           s->arguments[0]);
    if (s->count > 2)
        return usage_error(p, "lang", "one folder at a time");
    return check(p, s->count == 2 ? s->arguments[1] : NULL);
}
