#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0310-unknown-outcomes.sh PROMO PROMOD SWALLOWER
# Proves that `promo redeem` ends with the truth whatever dies on the way: its answer is swallowed, the
# daemon is killed amid the request and started again, the command itself is killed and run again. A
# code is redeemed once, and only what stays unknown is said to be.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"
daemon_server=$PROMO_SERVER

start_swallower "$3"
PROMO_SERVER=$swallower_server

sign_in_boss
run 0 promo batch create lost --codes 10 --amount 500 --expires 2099-12-31
run 0 promo download lost -o "$place/codes.csv"

pending()
{
	find "$place/home/promo/pending" -type f | wc -l
}

# redeem_amid SERIAL: begins a redemption while the daemon is held, and waits until it was sent.
redeem_amid()
{
	kill -STOP "$daemon"
	last="redeem $1"
	"$promo_program" redeem "$(nth_code "$1")" --phone 0788123456 >"$out" 2>"$err" &
	redeem=$!
	until [ "$(pending)" = 1 ] && [ -n "$(find_unread)" ]; do
		kill -0 "$redeem" || wrong "it did not wait"
		sleep 0.05
	done
}

# Connections on which the daemon has bytes that it did not read.
find_unread()
{
	awk -v port="$(printf '%04X' "${daemon_server##*:}")" '
		$2 ~ ":" port "$" && $4 == "01" && $5 !~ /:00000000$/' /proc/net/tcp
}

# ends STATUS: the redemption that was begun.
ends()
{
	local status=0

	wait "$redeem" || status=$?
	[ $status -eq "$1" ] || wrong "ended with $status, not with $1"
}

# The answer is lost once, and more often than what did nothing is tried.
echo close >"$place/orders"
run 0 promo redeem "$(nth_code 1)" --phone 0788123456
says_nothing
echo close close close close close silent >"$place/orders"
run 0 promo redeem "$(nth_code 2)" --phone 0788123456
says_nothing
[ "$(pending)" = 0 ] || wrong "the key stays behind its answer"

# The daemon is killed with the request in its hands, and comes again.
redeem_amid 3
kill -KILL "$daemon"
wait "$daemon" || true
PROMO_SERVER=$daemon_server continue_daemon
ends 0
[ "$(pending)" = 0 ] || wrong "the key stays behind its answer"

# The command is killed; whoever runs it again is told what the first run was not.
redeem_amid 4
kill -KILL "$redeem"
wait "$redeem" || true
kill -CONT "$daemon"
[ "$(pending)" = 1 ] || wrong "the key is not kept"
run 0 promo redeem "$(nth_code 4)" --phone 0788123456 -v
says 'of an earlier run that got no answer'
[ "$(pending)" = 0 ] || wrong "the key stays behind its answer"

# Not to be let in afterwards is no answer to what was asked before.
echo close 401 >"$place/orders"
run 11 promo redeem "$(nth_code 5)" --phone 0788123456
says 'it is not known whether this was done'
says 'run the same command again'
[ "$(pending)" = 1 ] || wrong "the key is not kept"
run 0 promo redeem "$(nth_code 5)" --phone 0788123456
says 'the first answer'

# A refusal that was lost is told all the same.
echo close >"$place/orders"
run 7 promo redeem "$(nth_code 5)" --phone 0788123457
says 'the code was already redeemed'
[ "$(pending)" = 0 ] || wrong "the key stays behind its answer"

run 0 promo redemption list --count --columns id --status completed
says '^5 in all'
finish
