#!/bin/bash
# A Debian 12 machine with nothing on it: a root made by debootstrap from Debian's repositories alone, a clone
# of this repository's last commit in it, and the two commands of the README run there. Prints what they show
# and the minutes each took. Needs root (chroot) and debootstrap; takes its mirror from this machine's apt.
#
#     tools/fresh-machine.sh [--keep] [TARGET…]      targets of make, by default: run test
set -euo pipefail
cd "$(dirname "$0")/.."

keep=
[ "${1-}" != --keep ] || { keep=yes; shift; }
targets=("$@")
[ $# -gt 0 ] || targets=(run test)
[ "$(id -u)" = 0 ] || { echo "tools/fresh-machine.sh needs root, for chroot" >&2; exit 1; }
command -v debootstrap >/dev/null || apt-get -q -y install --no-install-recommends debootstrap

# Mounts made from here on vanish with this process.
if [ -z "${ISNAD_FRESH_NAMESPACE-}" ]; then
    exec env ISNAD_FRESH_NAMESPACE=1 unshare --mount "$0" ${keep:+--keep} "${targets[@]}"
fi

minutes() { awk -v s="$1" 'BEGIN { printf "%.1f", s / 60 }'; }
debian_sources() {
    grep -rlsE 'debian-archive-keyring|^deb .*debian' /etc/apt/sources.list /etc/apt/sources.list.d || true
}
mirror=$(debian_sources | xargs -r grep -hoE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ')
root=$(mktemp -d /var/tmp/isnad-fresh.XXXXXX)
chmod 755 "$root" # as / is anywhere: who is not root must get through
cleanup() {
    cd /
    umount -l "$root/proc" "$root/dev" 2>/dev/null || true
    [ -n "$keep" ] && echo "kept: $root" || rm -rf --one-file-system "$root"
}
trap cleanup EXIT

echo "== debootstrap bookworm (minimal base, git and make) into $root"
started=$SECONDS
debootstrap --variant=minbase --include=git,make bookworm "$root" ${mirror:+"$mirror"} >"$root.log" 2>&1 \
    || { tail -n 20 "$root.log"; exit 1; }
mv "$root.log" "$root/var/log/debootstrap.log"
for file in $(debian_sources); do
    mkdir -p "$root$(dirname "$file")"
    cp "$file" "$root$file"
done
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
# How this machine reaches its mirror (a proxy, clock tolerance) is its own affair, and the chroot's too.
grep -lsE 'Acquire::' /etc/apt/apt.conf.d/* | xargs -r cp -t "$root/etc/apt/apt.conf.d/" || true
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
echo "   in $(minutes $((SECONDS - started))) minutes"

git clone -q "file://$PWD" "$root/root/isnad"
inside() {
    chroot "$root" /usr/bin/env -i HOME=/root TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        /bin/sh -c "cd /root/isnad && $1" </dev/null
}
result=0
for target in "${targets[@]}"; do
    echo "== make $target"
    started=$SECONDS
    if inside "make $target" 2>&1; then verdict=succeeded; else verdict=FAILED result=1; fi
    echo "== make $target $verdict in $(minutes $((SECONDS - started))) minutes"
done
exit $result
