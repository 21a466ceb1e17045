#!/bin/sh
# Names what is missing for the given purposes (build, develop, bench, shots) and installs it with apt.
# Each need is probed for itself, so what was installed in another way is not installed again.
set -eu
cd "$(dirname "$0")/.."

# purpose | probe | argument | Debian package
needs() {
    cat <<'END'
build   command gcc                 gcc
build   file    stdio.h             libc6-dev
build   command meson               meson
build   command ninja               ninja-build
build   command pkg-config          pkg-config
build   command python3             python3
build   module  icu-i18n            libicu-dev
build   module  jansson             libjansson-dev
build   module  zlib                zlib1g-dev
build   module  libcrypto           libssl-dev
build   module  sqlite3             libsqlite3-dev
build   module  libpq               libpq-dev
build   module  libcurl             libcurl4-openssl-dev
build   module  libmicrohttpd       libmicrohttpd-dev
build   path    /usr/lib/*/libdeflate.so.0 libdeflate0
build   path    /usr/lib/*/libsodium.so.23 libsodium23
build   path    /usr/lib/*/libzstd.so.1 libzstd1
build   path    /usr/lib/*/liblz4.so.1 liblz4-1
build   path    /usr/lib/*/libbrotlidec.so.1 libbrotli1
build   path    /usr/lib/*/libexpat.so.1 libexpat1
build   path    /etc/ssl/certs/ca-certificates.crt ca-certificates
develop module  cmocka              libcmocka-dev
develop module  libxml-2.0          libxml2-dev
develop module  gumbo               libgumbo-dev
develop command git                 git
develop command sqlite3             sqlite3
develop path    /usr/lib/postgresql/*/bin/initdb postgresql
develop path    /usr/share/postgresql/*/extension/postgis.control postgresql-15-postgis-3
develop path    /usr/lib/python3*/ensurepip python3-venv
develop command clang-14            clang-14
develop command clang-tidy-14       clang-tidy-14
develop command clang-format-14     clang-format-14
develop command llvm-symbolizer-14  llvm-14
develop path    /usr/lib/llvm-14/lib/clang/14*/lib/linux/libclang_rt.fuzzer-*.a libclang-rt-14-dev
develop path    /usr/lib/gcc/*/*/libasan.so libgcc-12-dev
develop command node                nodejs
develop command npm                 npm
develop command chromium            chromium
develop path    /usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf fonts-noto-core
bench   command wrk                 wrk
shots   command node                nodejs
shots   command chromium            chromium
shots   path    /usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf fonts-noto-core
END
}

present() {
    case $1 in
    command) command -v "$2" >/dev/null 2>&1 ;;
    module) pkg-config --exists "$2" 2>/dev/null ;;
    file) echo "#include <$2>" | gcc -E -x c - >/dev/null 2>&1 ;;
    path) for found in $2; do [ -e "$found" ] && return 0; done; return 1 ;;
    esac
}

# What tests ask of PyPI stands in .venv, and nowhere else. Without a network they go without it, and say so.
venv() {
    cmp -s tests/requirements.txt .venv/requirements.txt && return
    mkdir -p build
    echo "Installing tests/requirements.txt from PyPI into .venv (words in build/venv.log) …"
    if python3 -m venv --clear .venv >build/venv.log 2>&1 &&
        .venv/bin/pip install --disable-pip-version-check --retries 1 --timeout 15 -r tests/requirements.txt >>build/venv.log 2>&1; then
        cp tests/requirements.txt .venv/requirements.txt
    else
        tail -n 3 build/venv.log
        echo "note: tests that need them are left out"
    fi
}

finish() {
    case " $* " in *" develop "*) venv ;; esac
    exit 0
}

missing=
for purpose in "$@"; do
    while read -r of probe argument package; do
        [ "$of" = "$purpose" ] || continue
        present "$probe" "$argument" || missing="$missing $package"
    done <<END
$(needs)
END
done
missing=${missing# }
[ -n "$missing" ] || finish "$@"

echo "Missing for \"$*\": $missing"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "These are the names of Debian 12; on this system install what carries them there, then run make again."
    exit 1
fi
as_root=
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "Not root and no sudo here. As root: apt-get install $missing"
        exit 1
    fi
    as_root="sudo"
    echo "Not root: apt-get is run with sudo, which may ask for your password."
fi
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@"
}
mkdir -p build
log=build/packages.log
have_lists() { ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1; }
echo "Installing them with apt-get (its words go to $log) …"
{ have_lists || apt update; } >$log 2>&1 || true
if ! apt install --no-install-recommends $missing >>$log 2>&1; then
    # Old lists name packages that the archive has replaced since.
    if ! { apt update && apt install --no-install-recommends $missing; } >>$log 2>&1; then
        tail -n 20 $log
        echo "apt-get could not install: $missing"
        exit 1
    fi
fi
for purpose in "$@"; do
    while read -r of probe argument package; do
        [ "$of" = "$purpose" ] || continue
        present "$probe" "$argument" || echo "note: $package is installed, but $argument was not found"
    done <<END
$(needs)
END
done
echo "Installed."
finish "$@"
