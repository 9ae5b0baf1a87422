#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0505-first-sign-in.sh PROMO PROMOD
# Proves at a terminal that the first `promo login` of an administrator leads through the enrolment of an
# authenticator app: a phone can read the picture, its code is asked for until it is right, the recovery codes
# are shown, and the same session goes on. On a terminal without room there are letters instead.
set -eu
. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/../promo-tui/journey.sh"
start_bare_daemon "$1" "$2"
password='correct horse battery'

# login COLUMNS ROWS
login()
{
	new_terminal "$1" "$2"
	tmux send-keys -l "clear; $promo_program login --user boss@promo.example"
	key Enter
	sees 'Password:'
	tmux send-keys -l "$password"
	key Enter
}

login 40 24
sees 'add the secret, or the URI as a QR code'
key Enter
sees 'it counts once it is confirmed'

login 100 40
sees 'scan the picture with your authenticator app'
sees '▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀'
sees 'Code that the app shows now'
uri=$(read_picture)
[[ $uri == otpauth://totp/*secret=* ]] || fail "the picture says '$uri'"
secret=${uri#*secret=}
secret=${secret%%&*}
screen | grep -q "secret *$secret" || fail 'the letters say something else'
tmux send-keys -l 000000
key Enter
sees 'are both clocks right'
tmux send-keys -l "$(code_in 0)"
key Enter
sees 'keep the recovery codes where only you find them'
[ "$(screen | grep -oE '[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}' | wc -l)" = 10 ] || fail 'there are not ten codes'
run 0 promo batch list

login 100 40
sees 'Code of the authenticator app'
tmux send-keys -l "$(code_in 30)"
key Enter
sees 'signed in to'
finish
