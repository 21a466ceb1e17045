#!/bin/bash
# Pictures of the web page over the sample pages, in build/screens: to look at, not to compare.
#
#     tools/screens.sh BUILD [PATH…]      paths of the web page, by default its start and its incidents
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
shift
ledger=$build/screens.ledger port=8719 out=$build/screens
rm -f "$ledger"*
mkdir -p "$out"
"$build/isnad" add --ledger "$ledger" examples/pages >/dev/null
"$build/isnad" serve --ledger "$ledger" --port $port >"$out/serve.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null' EXIT
for _ in $(seq 50); do
    (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null && break
    sleep 0.1
done
[ $# -gt 0 ] || set -- /
take() {
    chromium --headless=new --no-sandbox --disable-gpu --hide-scrollbars --force-color-profile=srgb --lang="$3" \
        --virtual-time-budget=4000 --window-size="$4" --screenshot="$out/$1" "http://127.0.0.1:$port$2" >>"$out/chromium.log" 2>&1
    echo "$out/$1"
}
number=0
for path in "$@"; do
    number=$((number + 1))
    take "$number-en.png" "$path" en 1360,900
    take "$number-ar.png" "$path" ar 1360,900
    take "$number-narrow.png" "$path" ar 420,900
done
