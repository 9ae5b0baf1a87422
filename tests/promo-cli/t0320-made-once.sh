#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0320-made-once.sh PROMO PROMOD SWALLOWER
# Proves that what is made is made once: `promo` is killed between sending and the answer, between the
# answer and the end of its job, or the answer is dropped; the same command again gets what the first run
# made. Two runs side by side make two, and what was refused leaves nothing on the disk.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"
daemon_server=$PROMO_SERVER

start_swallower "$3"
PROMO_SERVER=$swallower_server
sign_in_boss
run 0 promo --json batch create once --codes 10 --amount 500 --expires 2099-12-31
batch=$(sql "select id from batches where batch_name = 'BATCH_ONCE'")
printf 'code\nA1U2-C325-5X09-6E21\n' >"$place/codes.csv"

pending()
{
	find "$place/home/promo/pending" -type f | wc -l
}

# Connections on which the daemon has bytes that it did not read.
find_unread()
{
	awk -v port="$(printf '%04X' "${daemon_server##*:}")" '
		$2 ~ ":" port "$" && $4 == "01" && $5 !~ /:00000000$/' /proc/net/tcp
}

# A daemon that is held would not end.
give_up()
{
	kill -CONT "$daemon"
	wrong "it did not wait"
}

# killed_amid COMMAND...: kills it when its request was sent, before the daemon read it.
killed_amid()
{
	kill -STOP "$daemon"
	last=$*
	"$promo_program" "$@" >"$out" 2>"$err" &
	killed=$!
	until [ "$(pending)" = 1 ] && [ -n "$(find_unread)" ]; do
		kill -0 "$killed" 2>/dev/null || give_up
		sleep 0.02
	done
	kill -KILL "$killed"
	wait "$killed" || true
	kill -CONT "$daemon"
	[ "$(pending)" = 1 ] || wrong "the key is not kept"
}

# made TABLE NUMBER [CONDITION]
made()
{
	local found

	found=$(sql "select count(*) from $1 where ${3:-true}")
	[ "$found" = "$2" ] || wrong "there are $found of $1, not $2"
}

# once TABLE NUMBER CONDITION COMMAND...: killed amid, dropped, and told in the end.
once()
{
	local table=$1 number=$2 condition=$3

	shift 3
	killed_amid "$@"
	run 0 promo "$@" -v
	says 'of an earlier run that got no answer'
	[ "$(pending)" = 0 ] || wrong "the key stays behind its answer"
	made "$table" "$number" "$condition"
}

once batches 1 "batch_name = 'BATCH_TWO'" \
	batch create two --codes 3 --amount 500 --expires 2099-12-31
once jobs 1 "batch_id = '$batch' and total = 5" generate "$batch" 5
once users 1 "email = 'aline@promo.example'" user create --email aline@promo.example \
	--first-name Aline --last-name Uwase
once roles 1 "name = 'counter'" role create counter --permissions promo-codes.validate
once jobs 1 "kind = 'backup'" backup create

# Its answer is dropped, and who asks for it again is not let in: it is not known, and asked for again.
echo close 401 >"$place/orders"
run 11 promo generate "$batch" 7
says 'run the same command again: it sends the same key'
[ "$(pending)" = 1 ] || wrong "the key is not kept"
run 0 promo generate "$batch" 7
says 'the first answer'
made jobs 1 "batch_id = '$batch' and total = 7"
[ "$(pending)" = 0 ] || wrong "the key stays behind its answer"

# Done once more it is another one.
run 0 promo generate "$batch" 7
made jobs 2 "batch_id = '$batch' and total = 7"

# Killed while it waits for what the answer promised.
echo pass silent >"$place/orders"
last='generate 9'
"$promo_program" generate "$batch" 9 >"$out" 2>"$err" &
killed=$!
until [ "$(sql "select count(*) from jobs where batch_id = '$batch' and total = 9")" = 1 ]; do
	kill -0 "$killed" 2>/dev/null || give_up
	sleep 0.02
done
kill -KILL "$killed"
wait "$killed" || true
[ "$(pending)" = 1 ] || wrong "the key is not kept until the end was told"
run 0 promo generate "$batch" 9
made jobs 1 "batch_id = '$batch' and total = 9"

# What could not be told is asked for again, too.
run 1 full_disk promo --json fraud-report list
run 1 full_disk promo --json generate "$batch" 11
[ "$(pending)" = 1 ] || wrong "the key is not kept until it was told"
run 0 promo --json generate "$batch" 11
made jobs 1 "batch_id = '$batch' and total = 11"

# An import is one thing by its file: its name is asked for, it is told to go on, and then it is lost.
echo pass pass close 401 >"$place/orders"
run 11 promo import once "$place/codes.csv" --any-format --dry-run
run 0 promo import "$batch" "$place/codes.csv" --any-format --dry-run
says 'the first answer'
made jobs 1 "kind = 'import'"

# Side by side: both mean it.
kill -STOP "$daemon"
"$promo_program" batch export "$batch" --format csv >"$out" 2>"$err" &
one=$!
"$promo_program" batch export "$batch" --format csv >"$place/out2" 2>"$place/err2" &
other=$!
until [ "$(pending)" = 2 ]; do
	kill -0 $one $other || give_up
	sleep 0.02
done
kill -CONT "$daemon"
last='batch export, twice'
wait $one $other || true
made jobs 2 "kind in ('export', 'pdf')"

# A refusal of the first run leaves nothing, and what only sets something keeps nothing.
run 7 promo batch create once --codes 10 --amount 500 --expires 2099-12-31
run 4 promo generate "$batch" 5 --profile nobody
[ "$(pending)" = 0 ] || wrong "a refusal leaves its key"
echo close 401 >"$place/orders"
run 11 promo batch status "$batch" blocked
[ "$(pending)" = 0 ] || wrong "a status is no creation"

# Where nothing can be kept it is said, and done all the same.
XDG_STATE_HOME=/dev/null run 4 promo backup create
finish
