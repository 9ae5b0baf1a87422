#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0505-first-sign-in.sh PROMO PROMOD
# Proves at a terminal that the first `promo login` of an administrator leads through the enrolment of an
# authenticator app: a phone can read the picture, its code is asked for until it is right, the recovery codes
# are shown, and the same session goes on. On a terminal without room there are letters instead. Then that what has
# no way back asks the person who sits there, by name, and that any other answer changes nothing.
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

login 80 24
sees 'scan the picture with your app'
sees '▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀'
sees 'Code that the app shows now'
uri=$(read_picture)
[[ $uri == otpauth://totp/*secret=* ]] || fail "the picture says '$uri'"
secret=${uri#*secret=}
secret=${secret%%&*}
screen | grep -q "or type $secret" || fail 'the letters say something else'
tmux send-keys -l 000000
key Enter
sees 'the code is not the one that the app should show now'
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

# asks COMMAND QUESTION ANSWER SEEN
asks()
{
	tmux send-keys -l "clear; $promo_program $1"
	key Enter
	sees "$2"
	tmux send-keys -l "$3"
	key Enter
	sees "$4"
}

run 0 promo user create --first-name Aline --last-name Uwase --email aline@promo.example </dev/null
run 0 promo batch create trial --codes 5 --amount 500 --expires 2099-12-31
sql "INSERT INTO customers (id, first_name, last_name, phone_number)
	VALUES ('0190a1b2-0000-7000-8000-000000000001', 'Jean', 'Habimana', '+250788000001')"
customer=0190a1b2-0000-7000-8000-000000000001

asks 'user delete aline@promo.example' 'Delete Aline Uwase (aline@promo.example) for good' y 'nothing was changed'
asks 'batch delete BATCH_TRIAL' 'Delete BATCH_TRIAL and its 5 codes for good' yes 'nothing was changed'
asks "customer erase $customer --reason asked" 'Erase what names Jean Habimana (+250788000001)' '' 'nothing was changed'
tmux send-keys -l "clear; $promo_program batch delete BATCH_TRIAL"
key Enter
sees 'Type its name:'
key C-d
sees 'nothing was typed'
run 0 promo user show aline@promo.example
run 0 promo batch show BATCH_TRIAL
[ "$(sql "SELECT first_name FROM customers WHERE id = '$customer'")" = Jean ] || fail 'he is erased'

asks 'user delete aline@promo.example' 'Type yes:' yes '✓ done'
asks 'batch delete BATCH_TRIAL' 'Type its name:' BATCH_TRIAL '✓ done'
asks "customer erase $customer --reason asked" 'Type yes:' yes '✓ erased'
run 6 promo user show aline@promo.example
run 6 promo batch show BATCH_TRIAL
[ -z "$(sql "SELECT first_name FROM customers WHERE id = '$customer'")" ] || fail 'he is not erased'
finish
