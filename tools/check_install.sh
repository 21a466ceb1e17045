#!/bin/bash
# Installs a build into a folder of its own and looks at it as a stranger's program would: only isn_ symbols,
# the soname, nothing linked that is to be opened at first use, a program of examples/ built by pkg-config against
# the shared and the static library.
#
#     tools/check_install.sh BUILD
set -uo pipefail
cd "$(dirname "$0")/.."
build=$1 root=$PWD/$1/installed passed=0 failed=0
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s: %s\n' "$name" "${output:-failed}"
    fi
}
rm -rf "$root"
DESTDIR=$root meson install -C "$build" --no-rebuild >"$build/install.log" 2>&1 || { cat "$build/install.log"; echo "0 passed, 1 failed"; exit 1; }
library=$(find "$root" -name 'libisnad.so.0' | head -n 1)
folder=$(dirname "$library")
prefix=${folder#"$root"}
prefix=$root${prefix%/lib*}
export PKG_CONFIG_PATH=$folder/pkgconfig LD_LIBRARY_PATH=$folder

only_public() { ! nm -D --defined-only "$library" | awk '{ print $3 }' | grep -v '^isn_'; }
soname() { objdump -p "$library" | grep -q 'SONAME *libisnad.so.0$'; }
nothing_heavy() { ! ldd "$prefix/bin/isnad" | grep -E 'sqlite|curl|microhttpd|libisnad'; }
flags() { pkg-config --define-variable=prefix="$prefix" "$@" isnad | sed 's/-lisnad//'; }
shared() { cc -std=c17 -Wall -Wextra -Werror $(flags --cflags) "$1" -o "$root/shared" $(flags --libs) -lisnad && "$root/shared" examples/pages/*.html; }
static() { cc -std=c17 $(flags --cflags) "$1" -o "$root/static" "$folder/libisnad.a" $(flags --libs --static) && "$root/static" examples/pages/*.html; }
header_alone() { printf '#include <isnad.h>\nint main(void) { return 0; }\n' | cc -std=c99 -pedantic -Wall -Wextra -Werror $(flags --cflags) -x c - -o "$root/alone"; }

check 'symbols that are not isn_' only_public
check 'soname' soname
check 'isnad links what it should open at first use' nothing_heavy
check 'isnad.h alone, as C99' header_alone
for example in examples/*.c; do
    [ -e "$example" ] || continue
    check "$example, shared" shared "$example"
    check "$example, static" static "$example"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
