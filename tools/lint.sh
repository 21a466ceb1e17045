#!/bin/bash
# What a reviewer would otherwise have to say: gcc and clang without a warning, clang-tidy, the layout, and
# words that do not belong in the project.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$1 failed=0
check() {
    local name=$1
    shift
    if "$@" >build/lint.log 2>&1; then
        echo "ok   $name"
    else
        { grep -E '(error|warning|FAILED): ' build/lint.log || cat build/lint.log; } | sort -u | head -n 60
        echo "FAIL $name"
        failed=$((failed + 1))
    fi
}
mkdir -p build

# gcc finds more where it optimises; clang's warnings do not depend on it.
compiles_clean() {
    local compiler=$1 build=build-$1 level=$2
    [ -e "$build/build.ninja" ] || CC=$compiler meson setup "$build" -Dwerror=true -Dtests=enabled -Ddebug=false -Doptimization="$level" || return 1
    ninja -C "$build" -j "$jobs"
}
types() {
    if [ ! -e web/node_modules/typescript ]; then
        echo "web/node_modules is not there: the types of the workspace are not checked"
        return 0
    fi
    (cd web && node node_modules/typescript/bin/tsc --noEmit)
}
layout() { tools/sources.sh | xargs clang-format-14 --dry-run -Werror; }
tidy() {
    tools/sources.sh | grep -E '^src/.*\.c$' | xargs -P "$jobs" -n 4 clang-tidy-14 --quiet -p build-clang-14 \
        --warnings-as-errors='*'
}

check 'gcc without a warning' compiles_clean gcc 2
check 'clang without a warning' compiles_clean clang-14 0
check 'layout (make format mends it)' layout
check 'types of the workspace' types
check 'words' python3 tools/check_words.py
check 'stages know only those before them' python3 tools/check_stages.py
check 'clang-tidy' tidy
[ $failed = 0 ]
