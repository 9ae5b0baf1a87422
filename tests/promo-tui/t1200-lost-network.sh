#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t1200-lost-network.sh PROMO PROMOD PROMO-TUI SWALLOWER
# Proves that a clerk learns the truth whatever dies amid a redemption: the network, the daemon, his
# own terminal. It is said loudly while it is not known, nothing is redeemed twice, and what was typed
# survives a server that is away.
set -eu
. "$(dirname "$0")/../promo-cli/daemon.sh"
. "$(dirname "$0")/journey.sh"
open_shop "$1" "$2" 10
start_swallower "$4"
server=$swallower_server
start_tui "$3" 80 24
sign_in

kept()
{
	find "$place/till/promo/outbox" -type f 2>/dev/null | wc -l
}

until_kept()
{
	local deadline=$((SECONDS + 20))

	until [ "$(kept)" = "$1" ]; do
		[ $SECONDS -lt $deadline ] || fail "$(kept) are kept, not $1"
		sleep 0.02
	done
}

# The answer is lost, and asked for again: nobody notices but by the time it takes.
scans "$(nth_code 1)"
fill_in 0788000111
echo close >"$place/orders"
presses_redeem
sees 'Code redeemed successfully to +250788000111'
completed 1
until_kept 0

# The daemon stops answering amid a redemption, and the terminal is killed.
scans "$(nth_code 2)"
fill_in 0788000222
kill -STOP "$daemon"
presses_redeem
sees 'Redeeming'
until_kept 1
program=$(tmux list-panes -F '#{pane_pid}' | xargs -I{} ps --ppid {} -o pid=)
kill -KILL $program
sees 'Killed'
[ "$(stat -c %a "$(find "$place/till/promo/outbox" -type f)")" = 600 ] || fail "others can read it"
kill -CONT "$daemon"

# The next start asks, behind the lock already, and tells what became of it.
start_tui "$3" 80 24
unlock
sees "$(nth_code 2) was redeemed for +250788000222"
until_kept 0
completed 2
key Escape
sees_not 'was redeemed for'

# The server is away: nothing was done, and what was typed is still there when it is back.
scans "$(nth_code 3)"
fill_in 0788000333
port=${PROMO_SERVER##*:}
stop_daemon
presses_redeem
until screen | grep -qE 'NO CONNECTION|NOT AVAILABLE|OUTCOME UNKNOWN'; do
	sleep 0.02
done
screen | grep -q '+250788000333' || fail "the phone number is gone"
PROMO_SERVER=http://127.0.0.1:$port continue_daemon
if screen | grep -q 'OUTCOME UNKNOWN'; then
	sees 'WITHOUT AN ANSWER'
else
	presses_redeem
fi
sees 'Code redeemed successfully to +250788000333'
completed 3
until_kept 0
finish
