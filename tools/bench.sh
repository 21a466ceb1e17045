#!/bin/sh
# What `make bench` prints: start and end of one command, throughput of the stages, pages and crawls beside their peers,
# the reading of varied text (of ../shared where it is there), the ledger's speed and size, an act of review, proofs of its log, its verification, the server, growth of work.
# Each of the last takes any size: docs/architecture.md, "What keeps the ledger quick and small". CRAWL: megabytes of HTML in
# the crawl. SERVED: documents in the ledger that is served
# (320000: a million claims); SERVED_LEDGER: a file for it, made where it is not there, written to by the import and kept.
set -eu
cd "$(dirname "$0")/.."
build=$1
python3 bench/start.py "$build/isnad" examples/pages/levant-raid.html
echo
ninja -C "$build" bench/bench-stages bench/bench-crawl bench/make-crawl bench/bench-charset bench/bench-text bench/bench-ledger bench/bench-asking bench/bench-log bench/bench-verify >/dev/null
"$build/bench/bench-stages"
echo
"$build/bench/bench-charset"
echo
python3 bench/crawls.py "$build" --megabytes "${CRAWL:-200}"
echo
set -- ../shared/data/text/*.jsonl
[ -e "$1" ] || set --
"$build/bench/bench-text" "$@"
echo
asked=$(mktemp -d)
"$build/bench/bench-ledger" --ledger "$asked/ledger"
echo
"$build/bench/bench-asking" --ledger "$asked/ledger" --incidents 6250 --adding
rm -r "$asked"
echo
"$build/bench/bench-log"
echo
"$build/bench/bench-verify"
echo
python3 bench/serve.py "$build" --documents "${SERVED:-10000}" ${SERVED_LEDGER:+--ledger "$SERVED_LEDGER" --write}
echo
[ -e build-bench/build.ninja ] || meson setup build-bench -Dcounters=true -Dtests=disabled >/dev/null
ninja -C build-bench bench/bench-growth >/dev/null
build-bench/bench/bench-growth
# The incidents page in a browser, where one is there; PAINT: a ledger to open it over instead of the sample pages.
if command -v node >/dev/null && [ -d web/node_modules/playwright-core ]; then
    echo
    ISNAD_PROGRAM="$build/isnad" node tests/web/paint.mjs ${PAINT:+"$PAINT"} || [ $? -eq 77 ]
fi
