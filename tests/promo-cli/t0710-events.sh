#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0710-events.sh PROMO PROMOD
# Proves that events are shown as they come, that the command asks a server that was away again for what came
# since, each thing once, and that an interrupt ends it.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"
heard=$place/heard
: >"$heard"

# Waits until the text came that often; the command is alive, there is nothing to time.
await_heard()
{
	while [ "$(grep -c "$1" "$heard" || true)" -lt "$2" ]; do
		kill -0 "$listener" 2>/dev/null || wrong "promo event stream ended"
		sleep 0.05
	done
}

run 2 promo event stream --topics nothing
says 'no event'
# What a shell starts beside itself ignores interrupts, unless told otherwise.
env --default-signal=INT "$promo_program" event stream --topics batch,settings >"$heard" 2>"$place/said" &
listener=$!
servers=$listener
await_heard '^id: ' 1
run 0 promo batch create first --codes 0 --amount 500 --expires 2099-12-31
await_heard '^event: batch.created' 1
grep -q '"batch_name":"BATCH_FIRST"' "$heard" || wrong "the batch is not told of"
stop_daemon
continue_daemon
run 0 promo batch create second --codes 0 --amount 500 --expires 2099-12-31
await_heard '"batch_name":"BATCH_SECOND"' 1
kill -INT "$listener"
status=0
wait "$listener" || status=$?
servers=
[ "$status" = 130 ] || wrong "an interrupt ended it with $status"
[ "$(grep -c '^event: ' "$heard")" = 2 ] || wrong "an event came twice"
