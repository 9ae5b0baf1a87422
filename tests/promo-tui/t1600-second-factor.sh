#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t1600-second-factor.sh PROMO PROMOD PROMO-TUI
# Proves against the real daemon that a clerk can enrol an authenticator app at the counter from the
# picture on his screen, and that signing in then takes a code of it or a recovery code, each once, on the
# screen and line by line.
set -eu
. "$(dirname "$0")/../promo-cli/daemon.sh"
. "$(dirname "$0")/journey.sh"

open_shop "$1" "$2" 2
start_tui "$3" 80 24 TERM=tmux-256color
sign_in

key F9
sees 'Actions'
types sec 'second-factor'
key Enter
sees 'Scan the picture'
sees '▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀'
uri=$(read_picture)
[[ $uri == otpauth://totp/*secret=* ]] || fail "the picture says '$uri'"
secret=${uri#*secret=}
secret=${secret%%&*}
# The letters say the same, where there is no room for the picture.
tmux resize-window -x 60 -y 16
sees "$(sed 's/..../& /g; s/ $//' <<<"$secret")"
tmux resize-window -x 80 -y 24
sees 'Scan the picture'

types 000000
key Enter
sees 'That is not what the app should show now'
types "$(code_in 0)"
key Enter
sees 'Write these recovery codes down'
recovery=$(screen | grep -oE '[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}' | head -n 1)
key Enter
sees 'F2 when you have written them down'
key F2
sees 'Scan a code'

# Amid a customer: the lock wants both, and goes on.
scans "$(nth_code 1)"
fill_in 0788000111
key F12
sees Unlock
types "$password" '••••••••••••••••••'
key Enter
sees 'One more step to sign in'
types 000000
key Enter
sees 'That code is wrong'
code=$(code_in 30)
types "$code"
key Enter
sees 'Is this right?'

# The same code once more is none; a recovery code is, once.
for again in no yes; do
	key F12
	sees Unlock
	types "$password" '••••••••••••••••••'
	key Enter
	sees 'One more step to sign in'
	if [ $again = no ]; then
		types "$code"
		key Enter
		sees 'was used already'
	fi
	key F4
	sees 'recovery code'
	types "$recovery"
	key Enter
	[ $again = no ] || break
	sees 'Is this right?'
done
sees 'That code is wrong'
key Escape
sees Unlock

# Line by line, with the next of them.
next=$(printf '%s\n' 'aline@promo.example' "$password" "$recovery" '' quit)
run 4 "$3" --plain --server "$PROMO_SERVER" --profile plain <<<"$next"
grep -q '^Code of your authenticator app, or a recovery code:' "$out" || wrong "no code is asked for"
grep -q '^That code is wrong, or was used already.' "$out" || wrong "a used code is good again"
finish
