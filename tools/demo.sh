#!/bin/sh
# What `make run` shows: the sample pages go into a ledger of their own, and the ledger answers.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
isnad=$build/isnad
ISNAD_LEDGER=$build/demo.ledger
export ISNAD_LEDGER
rm -f "$ISNAD_LEDGER" "$ISNAD_LEDGER"-*

heading() { printf '\n== %s\n' "$1"; }
run() {
    printf '\n$ isnad %s\n' "$*"
    "$isnad" "$@"
}

heading "A folder of saved news pages (invented outlets, invented incidents) goes into a ledger"
run add examples/pages
heading "Which incidents do they tell of?"
run incidents
heading "Who said what, for each incident that more than one page tells of"
"$isnad" export --what incidents --format jsonl | python3 -c '
import json, sys
for line in sys.stdin:
    incident = json.loads(line)
    if len(incident["documents"]) > 1:
        print(incident["id"])' >"$build/demo.incidents"
while read -r incident; do
    run show "$incident"
done <"$build/demo.incidents"

heading "What to try next"
cat <<END
  export ISNAD_LEDGER=$ISNAD_LEDGER
  $isnad serve                                     the same ledger as a web page, on this machine alone
  $isnad read examples/pages/levant-raid.html      one page: every claim, its voice, its sentence
  $isnad export --what claims --format csv         for a spreadsheet
  $isnad add --ledger my.ledger PAGES…             your own saved pages, folders, URLs, WARC files
  $isnad --help
END
