#!/bin/bash
# Runs fuzz targets, each for so many seconds, and prints one line a target. What a target finds stays in
# build-fuzz/findings; new corpus entries stay in build-fuzz/corpus, so that a later run goes on from there.
#
#     tools/fuzz.sh SECONDS JOBS [TARGET…]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1 jobs=$2
shift 2
build=build-fuzz
log=$build/build.log
mkdir -p $build
if [ ! -e $build/build.ninja ]; then
    CC=clang-14 meson setup $build -Dfuzz=true -Dtests=disabled -Db_sanitize=address,undefined -Db_lundef=false \
        -Ddebug=true -Doptimization=1 >$log 2>&1 || { cat $log; exit 1; }
else
    meson setup --reconfigure $build >$log 2>&1 || { cat $log; exit 1; } # a target may have been added
fi
ninja -C $build -j "$jobs" >$log 2>&1 || { tail -n 40 $log; exit 1; }
if [ $# -eq 0 ]; then
    for source in fuzz/fuzz_*.c; do
        [ -e "$source" ] && set -- "$@" "$(basename "$source" .c)"
    done
fi

export ASAN_OPTIONS=allocator_may_return_null=1:symbolize=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-14 || true)
export ASAN_SYMBOLIZER_PATH

# Prints the line of one target; succeeds where nothing was found.
fuzz_one() {
    local target=$1 what=${1#fuzz_} verdict=ok
    local findings=$build/findings/$what corpus=$build/corpus/$what output=$build/$1.log options=()
    mkdir -p "$findings" "$corpus" "fuzz/corpus/$what"
    [ ! -e "fuzz/$what.dict" ] || options+=("-dict=fuzz/$what.dict")
    "$build/fuzz/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3072 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="$findings/" "${options[@]}" "$corpus" "fuzz/corpus/$what" >"$output" 2>&1 || verdict=FOUND
    local runs coverage
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$output")
    coverage=$(grep -oE 'cov: [0-9]+' "$output" | tail -n 1)
    printf '%-5s %-24s %10s runs  %-12s in %s s\n' $verdict "$target" "${runs:-0}" "${coverage:-}" "$seconds"
    [ $verdict = ok ] && return
    grep -E 'ERROR|runtime error|SUMMARY|Test unit written' "$output" | head -n 4
    return 1
}

running=0 failed=0
for target in "$@"; do
    if [ $running -ge "$jobs" ]; then
        wait -n || failed=$((failed + 1))
        running=$((running - 1))
    fi
    fuzz_one "$target" &
    running=$((running + 1))
done
while [ $running -gt 0 ]; do
    wait -n || failed=$((failed + 1))
    running=$((running - 1))
done
echo "$(($# - failed)) passed, $failed failed"
[ $failed = 0 ]
