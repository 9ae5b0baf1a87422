#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t1500-manners.sh PROMO PROMOD PROMO-TUI
# Proves in a real terminal: every screen takes any size at any moment and keeps what was typed, also
# while it is suspended; what is pasted goes where a scan goes and never acts as keys; themes change what
# is seen at once, and without colours or in ASCII nothing else comes out; the lock hides all.
set -eu
. "$(dirname "$0")/../promo-cli/daemon.sh"
. "$(dirname "$0")/journey.sh"
open_shop "$1" "$2" 5

# What the terminal got, with its colours.
colours()
{
	tmux capture-pane -p -e | grep -oE $'\033\\[[0-9;:]*m' |
		grep -cE '[[;]([349][0-7]|10[0-7]|[34]8[;:])' || true
}

# in_any_size TEXT: the screen that has it, larger, smaller, too small, and as it was.
in_any_size()
{
	local size

	sees "$1"
	for size in 200x50 59x15 60x16 80x24; do
		tmux resize-window -x "${size%x*}" -y "${size#*x}"
		if [ $size = 59x15 ]; then
			sees 'make this window larger'
		else
			sees_not 'make this window larger'
			sees "$1"
		fi
	done
}

# act NAME: an action by its name.
act()
{
	key F9
	sees 'Actions'
	types "$1"
	key Enter
	sees_not 'Actions'
}

start_tui "$3" 80 24 TERM=tmux-256color
in_any_size 'E-mail or phone'
sign_in
in_any_size 'Scan a code'
for screen in 'day:Customer' 'profile:Session since' 'passw:The same again'; do
	act "${screen%%:*}"
	in_any_size "${screen#*:}"
	key Escape
	sees 'Scan a code'
done
key F1
in_any_size 'look the code up'
key Escape
sees_not 'look the code up'

# Suspended in a form, and gone on with in another size.
scans "$(nth_code 1)"
sees 'Ask for the phone number'
types 0788 'Phone       0788'
key C-z
sees 'Stopped'
sees 'shell>'
tmux send-keys -l 'echo "a line of the $((6 * 7))nd shell"'
key Enter
sees 'a line of the 42nd shell'
tmux resize-window -x 100 -y 30
tmux send-keys -l fg
key Enter
sees 'Ask for the phone number'
sees 'Phone       0788'
sees_not 'a line of the 42nd shell'
types 000111 '= +250788000111'

# A paste is a scan: the next code, and the customer is put aside. Its letters press nothing.
tmux set-buffer "$(nth_code 2)"
tmux paste-buffer -p
sees "$(nth_code 2)"
sees '1 put aside (F4)'
act day
sees 'Customer'
tmux set-buffer "$(nth_code 3)"$'\n'
tmux paste-buffer -p
sees "$(nth_code 3)"
sees 'Ask for the phone number'
key F4
sees '= +250788000111'
completed 0

# The lock: nothing of it is seen in any size.
key F12
in_any_size 'Unlock'
if screen | grep -qE "$(nth_code 1)|788000111|ACTIVE"; then
	fail 'the lock shows what is behind it'
fi
types "$password" '••••••••••••••••••'
key Enter
sees '= +250788000111'

# Themes, from one to the next.
[ "$(colours)" -gt 0 ] || fail 'there are no colours'
for theme in light contrast colour-blind mono teal; do
	before=$(tmux capture-pane -p -e | head -n 3)
	act theme
	sees "theme: $theme"
	[ "$(tmux capture-pane -p -e | head -n 3)" != "$before" ] || fail "$theme looks the same"
	if [ $theme = mono ]; then
		[ "$(colours)" = 0 ] || fail 'mono has colours'
	fi
done

start_tui "$3" 80 24 'NO_COLOR=1 TERM=xterm-256color'
sees 'Password'
[ "$(colours)" = 0 ] || fail 'NO_COLOR has colours'

start_tui "$3 --ascii" 80 24 TERM=xterm
unlock_ascii()
{
	tmux send-keys -l "$password"
	sees '******************'
	key Enter
	sees 'Scan a code'
}
unlock_ascii
scans "$(nth_code 4)"
sees 'Ask for the phone number'
if screen | LC_ALL=C grep -q '[^ -~]'; then
	fail '--ascii is not ASCII'
fi
finish
