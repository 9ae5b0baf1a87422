#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t1300-terminals.sh PROMO PROMOD PROMO-TUI
# Proves that the counter works in every kind of terminal and any size: a redemption in each of them,
# and a form that keeps what was typed while the window changes, also through one that is too small.
set -eu
. "$(dirname "$0")/../promo-cli/daemon.sh"
. "$(dirname "$0")/journey.sh"
open_shop "$1" "$2" 10
n=0
for kind in linux vt100 xterm-256color tmux-256color; do
	n=$((n + 1))
	start_tui "$3" 80 24 "TERM=$kind"
	if [ $n = 1 ]; then
		sign_in
	else
		unlock
	fi
	scans "$(nth_code $n)"
	fill_in "078800011$n"
	presses_redeem r
	sees "Code redeemed successfully to +25078800011$n with 500 RWF."
	key C-c
	sees 'Ctrl-C once more'
	key C-c
	sees 'shell>'
done
completed 4

# Amid a form the window grows, shrinks, and becomes too small.
start_tui "$3" 80 24
unlock
scans "$(nth_code 9)"
sees 'Ask for the phone number'
types 0788 0788
tmux resize-window -x 200 -y 50
sees 'My day'
sees 0788
tmux resize-window -x 50 -y 12
sees 'make this window larger'
tmux resize-window -x 60 -y 16
sees 'Ask for the phone number'
sees 'Phone       0788'
types 123456 '= +250788123456'
tmux resize-window -x 120 -y 40
sees 'My day'
key Enter
sees 'Is this right?'
presses_redeem
sees 'Code redeemed successfully to +250788123456'
completed 5
finish
