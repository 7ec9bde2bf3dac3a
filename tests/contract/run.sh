#!/bin/sh
# Replays the recorded scenarios: tests/contract/run.sh [--passing] [--from DIR] STORE...
# --passing keeps to the areas listed in passing.txt; --from takes scenarios, app and replayer from another folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
from=$here
only=""
while :; do
    case ${1:-} in
        --passing) only=$(sed -e 's/#.*//' -e '/^ *$/d' -e 's/^/--only /' "$here/passing.txt" | tr '\n' ' '); shift ;;
        --all) shift ;;
        --from) from=$(cd "$2" && pwd); shift 2 ;;
        *) break ;;
    esac
done

work=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
port=$((20000 + $$ % 20000))
failed=0
for store in "$@"; do
    : >"$work/codes.jsonl"
    : >"$work/log"  # Here, not by the server that starts beside us: what the last one said is not what this one says.
    CONTRACT=$from "$here/serve" "$port" "$work/codes.jsonl" "$store" >>"$work/log" 2>&1 &
    server=$!
    tries=0
    until grep -q "listening at" "$work/log"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 200 ] || ! kill -0 "$server" 2>/dev/null; then cat "$work/log"; exit 1; fi
        sleep 0.1
    done
    echo "== $store"
    # shellcheck disable=SC2086
    node "$from/replay.mjs" --no-quirks --codes "$work/codes.jsonl" $only "http://127.0.0.1:$port" "$from/scenarios" || failed=1
    kill "$server"
    wait "$server" || { echo "the server ended badly"; cat "$work/log"; failed=1; }
    server=""
    port=$((port + 1))
done
exit $failed
