#!/bin/bash
# Pictures of every screen of the workspace over the sample pages, in BUILD/screens: to look at, not to compare.
#
#     tools/screens.sh BUILD [PATH…]      paths of the workspace; by default one of each screen
#
# Each is taken wide and narrow, in Arabic and English, light and dark.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
shift
ledger=$build/screens.ledger out=$build/screens
rm -rf "$ledger"* "$out"
mkdir -p "$out"
"$build/isnad" add --ledger "$ledger" examples/pages >/dev/null
"$build/isnad" serve --ledger "$ledger" --port 0 >"$out/serve.log" 2>&1 &
server=$!
profile=$(mktemp -d)
trap 'kill $server 2>/dev/null; rm -rf "$profile"' EXIT
for _ in $(seq 50); do
    url=$(grep -oE 'http://[^ ]+' "$out/serve.log" || true)
    [ -n "$url" ] && break
    sleep 0.1
done
url=${url%/}

# The id of the incident with the most reports, and of its first report.
busiest() {
    python3 -c '
import json, sys, urllib.parse, urllib.request
ask = lambda path: json.load(urllib.request.urlopen(sys.argv[1] + "/api/v1/" + path))
rows = ask("incidents?limit=200")["incidents"]
incident = max(rows, key=lambda row: row["documents"])["id"]
document = ask("incidents/" + incident)["documents"][0]["id"]
print("/incidents/" + incident, "/documents/" + urllib.parse.quote(document, safe=""))' "$url"
}

# name path language theme size
take() {
    local sign='?'
    case $2 in *\?*) sign='&' ;; esac
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$profile" --lang="$3" \
        --virtual-time-budget=6000 --window-size="$5" --screenshot="$out/$1-$3-$4-${5%,*}.png" \
        "$url$2${sign}lang=$3&theme=$4" >>"$out/chromium.log" 2>&1
    echo "$out/$1-$3-$4-${5%,*}.png"
}

take_all() {
    take "$1" "$2" ar light 1280,"$3"
    take "$1" "$2" en light 1280,"$3"
    take "$1" "$2" ar dark 1280,"$3"
    take "$1" "$2" en dark 390,"$4"
    take "$1" "$2" ar light 390,"$4"
}

if [ $# -gt 0 ]; then
    number=0
    for path in "$@"; do
        number=$((number + 1))
        take_all "$number" "$path" 900 900
    done
else
    read -r incident document < <(busiest)
    take_all incidents / 900 1200
    take_all incident "$incident" 2600 3600
    take_all article "$document" 1100 1900
    take_all search "/search?text=%D8%A7%D9%84%D8%AF%D9%81%D8%A7%D8%B9" 900 900
    take_all missing /incidents/i-0000 600 600
fi
