#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t1700-first-sign-in.sh PROMO PROMOD PROMO-TUI
# Proves against the real daemon, with the settings that it is shipped with, that an administrator's first
# sign-in leads through the enrolment of an authenticator app and on to the counter, that nothing leads
# around it, that what is shown once is nowhere afterwards, and that the next sign-in asks for a code: on
# the screen and line by line.
set -eu
. "$(dirname "$0")/../promo-cli/daemon.sh"
. "$(dirname "$0")/journey.sh"
start_bare_daemon "$1" "$2"
tui=$3
user=boss@promo.example
password=$(cat "$place/password")

# The picture and the letters beside it are the same key.
reads_key()
{
	sees 'Scan the picture'
	uri=$(read_picture)
	[[ $uri == otpauth://totp/*secret=* ]] || fail "the picture says '$uri'"
	secret=${uri#*secret=}
	secret=${secret%%&*}
	[ "$(screen | grep -oE '( [A-Z2-7]{4})+$' | tr -d ' \n')" = "$secret" ] ||
		fail "the letters are not the key $secret"
}

reads_recovery_codes()
{
	screen | grep -oE '([0-9A-Z]{5}-){2}[0-9A-Z]{5}' | sort -u >"$place/recovery"
	[ "$(wc -l <"$place/recovery")" -eq 10 ] || fail "there are not ten recovery codes"
}

# Neither on the screen, nor in what has rolled out of it, nor on the disk.
is_nowhere()
{
	! tmux capture-pane -p -S - | tr -d ' \n' | grep -qF -- "$1" || fail "$1 is on the screen"
	! grep -rqF -- "$1" "$place/till" "$place/log" || fail "$1 is on the disk"
}

leave_tui()
{
	key C-c
	sees 'Ctrl-C once more to leave'
	key C-c
	sees 'shell>'
}

start_tui "$tui" 80 24 TERM=tmux-256color
begin_sign_in
reads_key
sees 'before anything else'
first=$secret

# Nothing leads around it: no other screen, and no program that is started anew.
key Escape
key F9
sees 'Actions'
types day
key Enter
sees 'there is no such action here'
key Escape
sees 'Scan the picture'
leave_tui
start_tui "$tui" 80 24 TERM=tmux-256color
give_password
reads_key
[ "$secret" != "$first" ] || fail 'a key that was shown before is shown again'

types "$(secret=$first code_in 0)"
key Enter
sees 'That is not what the app should show now'
types "$(code_in 0)"
key Enter
sees 'Write these recovery codes down'
reads_recovery_codes
key F2
sees 'Scan a code'
leave_tui
is_nowhere "$secret"
while read -r code; do
	is_nowhere "$code"
done <"$place/recovery"

# The next sign-in asks for a code: of the app, or one of those that were written down, once.
for code in "$(code_in 30)" "$(sed -n 1p "$place/recovery")"; do
	start_tui "$tui" 80 24 TERM=tmux-256color
	give_password
	sees 'One more step to sign in'
	if [[ $code == *-* ]]; then
		key F4
		sees 'recovery code'
	fi
	types "$code"
	key Enter
	sees 'Scan a code'
	key F12
	sees Unlock
done
give_password
sees 'One more step to sign in'
key F4
sees 'recovery code'
types "$code"
key Enter
sees 'That code is wrong'

# Line by line, another administrator.
sed -i 1d "$place/recovery"
prepare_sign_in
sign_in_boss
printf '%s\n' 'a tin of red paint' >"$place/clerk-password"
run 0 promo user create --first-name Jean --last-name Mugabo --email jean@promo.example --role admin \
	--password-stdin <"$place/clerk-password"
user=jean@promo.example
password='a tin of red paint'
profile=plain

# answers PROMPT TEXT: at the prompt in the last line that is written in.
answers()
{
	sees "$1"
	tmux send-keys -l "$2"
	key Enter
}

start_tui "$tui --plain" 100 50
answers 'E-mail or phone:' "$user"
answers 'Password:' "$password"
sees 'A second factor has to be enrolled before anything else'
sees 'The six digits that the app shows then:'
secret=$(screen | sed -n 's/^Key: //p' | tr -d ' ')
screen | tr -d '\n' | grep -qF "secret=$secret" || fail 'the key and the address differ'
answers 'shows then:' 000000
sees 'That is not what the app should show now'
tmux send-keys -l "$(code_in 0)"
key Enter
sees 'Write these recovery codes down'
reads_recovery_codes
answers 'Type saved' no
answers 'Type saved' saved
answers 'Code:' quit
sees 'shell>'
screen | grep -qF "$password" && fail 'the password is on the screen'

# sign_in_plain STATUS CODE: in one go.
sign_in_plain()
{
	run "$1" env XDG_CONFIG_HOME="$place/config" XDG_STATE_HOME="$place/till" "$tui" --plain \
		--server "$PROMO_SERVER" --profile plain \
		<<<"$(printf '%s\n' "$user" "$password" "$2" quit)"
	grep -q '^Code of your authenticator app, or a recovery code:' "$out" ||
		wrong 'no code is asked for'
}
code=$(sed -n 1p "$place/recovery")
sign_in_plain 0 "$(code_in 30)"
sign_in_plain 0 "$code"
sign_in_plain 4 "$code"
grep -q '^That code is wrong, or was used already.' "$out" || wrong 'a used code is good again'
finish
