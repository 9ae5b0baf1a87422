#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t1400-mouse.sh PROMO PROMOD PROMO-TUI
# Proves that a hand on a mouse does what the keys do: signs in, goes on, redeems, looks at the day and
# goes back by clicking on fields, on buttons and on the names of keys; and that a click beside them,
# another button and a release do nothing.
set -eu
. "$(dirname "$0")/../promo-cli/daemon.sh"
. "$(dirname "$0")/journey.sh"

# sends BUTTON X Y: what xterm sends when a button is pressed there, counted from 0, and let go.
sends()
{
	tmux send-keys -l $'\033'"[<$1;$(($2 + 1));$(($3 + 1))M"$'\033'"[<$1;$(($2 + 1));$(($3 + 1))m"
}

# place_of TEXT: sets x and y to where it begins.
place_of()
{
	local line

	sees "$1"
	x=-1 y=-1
	while IFS= read -r line; do
		y=$((y + 1))
		if [[ $line == *"$1"* ]]; then
			line=${line%%"$1"*}
			x=${#line}
			return
		fi
	done <<<"$(screen)"
	fail "'$1' went away"
}

# clicks TEXT [RIGHT [BUTTON]]: so many columns to the right of its beginning.
clicks()
{
	place_of "$1"
	sends "${3:-0}" $((x + ${2:-0})) "$y"
}

# Redeeming counts only a while after a scan, and says so.
redeems_by()
{
	local deadline=$((SECONDS + 20))

	place_of "$1"
	sends 0 $((x + 3)) "$y"
	while screen | grep -qF 'Is this right?'; do
		[ $SECONDS -lt $deadline ] || fail 'it is not redeemed'
		if screen | grep -qF 'too soon'; then
			sends 0 $((x + 3)) "$y"
		fi
		sleep 0.02
	done
}

open_shop "$1" "$2" 5
start_tui "$3" 80 24 TERM=xterm-256color

# The second field first.
clicks 'Password' 20
types "$password" '••••••••••••••••••'
clicks 'E-mail or phone' 20
types aline@promo.example
clicks '[ Sign in ]' 3
sees 'Scan a code'

scans "$(nth_code 1)"
sees 'Ask for the phone number'
types 0788123456 '= +250788123456'
# Beside everything, with another button, with the wheel: nothing.
sends 0 79 20
sends 2 3 23
place_of 'redeem'
sends 2 "$x" "$y"
sees 'Ask for the phone number'
clicks 'go on' 1
sees 'Is this right?'
redeems_by '[ Redeem (F2) ]'
sees 'Code redeemed successfully to +250788123456 with 500 RWF.'
completed 1

scans "$(nth_code 2)"
sees 'Ask for the phone number'
types 0788123456 '= +250788123456'
clicks 'Enter go on' 1
sees 'Is this right?'
redeems_by 'F2 redeem'
sees 'Code redeemed successfully to +250788123456 with 500 RWF.'
completed 2

clicks 'F5 my day' 4
sees 'My day'
sees '+250788123456'
# Not where the click before was: that would be a double click.
clicks 'Esc back' 0
sees 'Code redeemed successfully'
finish
