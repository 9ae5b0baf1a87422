#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: term.sh TERM_ECHO: what term.c sends to a terminal arrives there, and what a person does at the
# terminal arrives in the program: in tmux, for several kinds of terminals and locales. Whatever ends
# or stops the program, the shell gets its terminal back as it was.
set -euo pipefail

# The handlers that give the terminal back are what is looked at, not the sanitizer's.
export ASAN_OPTIONS=detect_leaks=1:handle_abort=0

echo_program=$1
server=0 # a new one for each terminal: the old may still be ending
place=$(mktemp -d /tmp/promo-test-term-XXXXXX)
export LC_ALL=C.UTF-8
unset TMUX NO_COLOR ESCDELAY SSH_CONNECTION

tmux()
{
	command tmux -S "$place/$server" -f /dev/null "$@"
}

finish()
{
	tmux kill-server 2>/dev/null || true
	rm -rf "$place"
}
trap finish EXIT

fail()
{
	echo "failed: $*" >&2
	tmux capture-pane -p >&2 || true
	exit 1
}

# Waits until the screen has this line (a fixed text).
sees()
{
	local deadline=$((SECONDS + 10))

	until tmux capture-pane -p | grep -qF -- "$1"; do
		((SECONDS < deadline)) || fail "no '$1' on the screen"
		sleep 0.02
	done
}

sees_not()
{
	local deadline=$((SECONDS + 10))

	while tmux capture-pane -p | grep -qF -- "$1"; do
		((SECONDS < deadline)) || fail "'$1' is still on the screen"
		sleep 0.02
	done
}

# Waits until the pane is in this state (a format of tmux that becomes 0 or 1).
is()
{
	local deadline=$((SECONDS + 10))

	until [[ $(tmux display-message -p "#{$1}") == "$2" ]]; do
		((SECONDS < deadline)) || fail "$1 is not $2"
		sleep 0.02
	done
}

# A shell on a terminal of this size; its prompt is the sign that it has the terminal.
open_shell()
{
	tmux kill-server 2>/dev/null || true
	server=$((server + 1))
	tmux new-session -d -x "$1" -y "$2" "PS1='shell> ' exec bash --norc --noprofile"
	sees 'shell>'
}

# start SETTINGS [OPTIONS]
start()
{
	tmux send-keys "clear; $1 $echo_program ${2:-}" Enter
	sees 'size '
}

# The modes that the program takes are off again, and what is typed is seen.
has_terminal_back()
{
	is cursor_flag 1
	is alternate_on 0
	is keypad_cursor_flag 0
	is mouse_any_flag 0
	tmux send-keys -l 'echo ty"p"ed'
	sees 'echo ty"p"ed'
	tmux send-keys Enter
	sees typed
	tmux send-keys -l 'stty -a | tr ";" "\n"'
	tmux send-keys Enter
	sees ' icanon '
	sees ' echo '
}

test_text_of_all_kinds()
{
	open_shell 80 24
	start TERM=tmux-256color
	sees $'│ Zoë e\u0301|川本|👨|'
	sees '|👍|�[31m|end'
	sees '│ cut …'
	sees '│ ██████ ██████ ██████'
	# Every row ends where it should, whatever stands in it.
	[[ $(tmux capture-pane -p | sed -n '2,23p' | grep -c '│$') == 22 ]] || fail 'a ragged edge'
	tmux send-keys C-c
	sees 'given back after 1 keys'
	has_terminal_back
}

test_keys()
{
	local kind=$1 key n=0

	open_shell 80 24
	start "TERM=$kind"
	for key in Up:up Down:down Left:left Right:right Home:home End:end PPage:pgup NPage:pgdn \
		Enter:enter Tab:tab BTab:backtab Escape:esc BSpace:backspace DC:delete IC:insert \
		F1:f1 F2:f2 F3:f3 F4:f4 F5:f5 F6:f6 F7:f7 F8:f8 F9:f9 F10:f10 F11:f11 F12:f12 \
		C-a:ctrl-a C-y:ctrl-y C-Left:ctrl-left C-Right:ctrl-right M-x:alt-x; do
		tmux send-keys "${key%:*}"
		sees "$n named ${key#*:} "
		n=$((n + 1))
	done
	for key in a é 川 '~' ö; do
		tmux send-keys -l "$key"
		sees "$n text $key"
		n=$((n + 1))
	done
	# A sequence that no terminal of ours has is not typed into a field.
	tmux send-keys -H 1b 5b 31 3b 39 51
	tmux send-keys z
	sees "$n text z"
	tmux send-keys C-c
	sees 'given back'
}

test_paste()
{
	open_shell 80 24
	start "TERM=$1"
	tmux set-buffer -- $'\tRW-1234\r\nü\033[31m \007x\n'
	tmux paste-buffer -p -r
	sees '0 paste RW-1234 ü[31m x '
	# A paste is bounded, and what was typed behind it is a key again.
	tmux set-buffer -- "$(printf 'long%.0s' {1..3000})"
	tmux paste-buffer -p
	sees '1 paste longlong'
	tmux send-keys q
	sees '2 text q'
	# One whose end is lost ends by itself.
	tmux send-keys -H 1b 5b 32 30 30 7e 61 62 63
	sees '3 paste abc'
	tmux send-keys C-c
	sees 'given back'
}

test_mouse()
{
	open_shell 80 24
	start TERM=tmux-256color
	is mouse_any_flag 1
	# Button, column and row counted from 33.
	tmux send-keys -H 1b 5b 4d 20 26 26
	sees '0 click 5,5 hits 500'
	tmux send-keys -H 1b 5b 4d 23 26 26
	tmux send-keys -H 1b 5b 4d 20 50 26
	sees '1 click 47,5 hits -1'
	tmux send-keys -H 1b 5b 4d 60 26 26
	sees '2 named up'
	tmux send-keys C-c
	sees 'given back'
}

test_mouse_of_xterm()
{
	open_shell 80 24
	start TERM=xterm-256color
	tmux send-keys -H 1b 5b 3c 30 3b 36 3b 36 4d
	sees '0 click 5,5 hits 500'
	tmux send-keys C-c
	sees 'given back'
}

test_resize()
{
	local size

	open_shell 80 24
	start TERM=tmux-256color
	for size in 60x16 200x50 20x5 133x37 80x24; do
		tmux resize-window -x "${size%x*}" -y "${size#*x}"
		sees "size $size"
		[[ $size == 20x5 ]] || sees '|end'
	done
	[[ $(tmux capture-pane -p | sed -n '2,23p' | grep -c '│$') == 22 ]] || fail 'a ragged edge'
	tmux send-keys C-c
	sees 'given back'
}

test_plain_terminals()
{
	open_shell 80 24
	start 'LC_ALL=C TERM=vt100'
	sees '+- echo --'
	sees '| cut ~'
	sees '## ##'
	# What the locale does not have is replaced, and takes no more room.
	[[ $(tmux capture-pane -p | sed -n '2,23p' | grep -c '|$') == 22 ]] || fail 'a ragged edge'
	tmux send-keys C-c
	sees 'given back'
	start TERM=tmux-256color --ascii
	sees '+- echo --'
	sees $'| Zoë e\u0301|川本'
	tmux send-keys C-c
	sees 'given back'
	tmux send-keys "clear; TERM=dumb $echo_program" Enter
	sees 'this is no terminal to draw on'
	tmux send-keys "clear; $echo_program </dev/null" Enter
	sees 'this is no terminal to draw on'
}

# The colours of the row with good news, as they arrive.
test_colours()
{
	open_shell 80 24
	start TERM=tmux-256color
	tmux capture-pane -pe | sed -n 3p | grep -q '38;5;41' || fail 'no green'
	tmux send-keys M-t
	sees 'named alt-t'
	tmux capture-pane -pe | sed -n 3p | grep -q '38;5;51' || fail 'no cyan'
	tmux send-keys C-c
	sees 'given back'
	start TERM=linux
	tmux capture-pane -pe | sed -n 3p | grep -qE '\[1m.*\[32m|\[(1;32|32;1)' || fail 'no old green'
	tmux send-keys C-c
	sees 'given back'
	start TERM=tmux-256color --no-color
	! tmux capture-pane -pe | grep -qE $'\033\\[([0-9;]*;)?[34][0-8]' || fail 'colours'
	tmux send-keys C-c
	sees 'given back'
}

test_stop_and_go_on()
{
	open_shell 80 24
	start TERM=tmux-256color
	tmux send-keys C-z
	sees Stopped
	has_terminal_back
	tmux resize-window -x 100 -y 30
	tmux send-keys 'fg' Enter
	sees 'size 100x30'
	tmux send-keys a
	sees '0 text a'
	is alternate_on 1
	tmux send-keys C-c
	sees 'given back'
}

# Whatever ends it: SIGNAL or a key.
test_end()
{
	open_shell 80 24
	start "TERM=$1"
	is cursor_flag 1
	if [[ $2 == M-* ]]; then
		tmux send-keys "$2"
	else
		pkill -"$2" -P "$(tmux display-message -p '#{pane_pid}')" term_echo
	fi
	sees_not 'size '
	has_terminal_back
}

test_text_of_all_kinds
for kind in tmux-256color xterm-256color linux vt100; do
	test_keys "$kind"
done
for kind in tmux-256color xterm-256color; do
	test_paste "$kind"
done
test_mouse
test_mouse_of_xterm
test_resize
test_plain_terminals
test_colours
test_stop_and_go_on
test_end tmux-256color TERM
test_end tmux-256color HUP
test_end tmux-256color M-a
# A sanitizer has its own handlers for faults of the memory, and they stay.
if ! grep -q __asan_init "$echo_program"; then
	test_end tmux-256color SEGV
fi
test_end linux ABRT
