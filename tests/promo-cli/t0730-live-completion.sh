#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0730-live-completion.sh PROMO PROMOD
# Proves at a terminal with bash, zsh and fish that names that the server knows are completed, and would be
# quoted if they had blanks, which so far none may; that one who is not signed in, or a server that does not answer, costs nothing but a
# third of a second; and that customers are not looked for.
set -eu
. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/../promo-tui/journey.sh"
start_daemon "$1" "$2"
export PATH=${1%/*}:$PATH HOME=$place/home
run 0 promo role create night-shift --permissions batches.read
run 0 promo batch create shop --codes 0 --amount 500 --expires 2099-12-31
run 0 promo batch create shoes --codes 0 --amount 500 --expires 2099-12-31

# Knows a name with blanks.
mkdir "$place/blanks"
cat >"$place/blanks/promo" <<-'EOT'
	#!/bin/sh
	printf 'Night shift\twhile others sleep\n'
EOT
chmod 755 "$place/blanks/promo"

# tab TYPED SEEN: what the line is after a Tab; it is not run.
tab()
{
	key C-u
	tmux send-keys -l "clear"
	key Enter
	sees_not 'promo '
	tmux send-keys -l "$1"
	key Tab
	sees "$2"
}

in_terminal()
{
	tab 'promo batch show batch_sho' 'promo batch show BATCH_SHO'
	tab 'promo batch show BATCH_SHOE' 'promo batch show BATCH_SHOES'
	tab 'promo user show boss@pro' 'promo user show boss@promo.example'
	tab 'promo batch list --assigned-user-id boss' 'boss@promo.example'
	tab 'promo user create --role=ni' 'promo user create --role=night-shift'
	tab "promo user create --first-name 'A B' --role 'ni" "--role 'night-shift'"
	key C-u
	tmux send-keys -l "PATH=$place/blanks:\$PATH"
	key Enter
	tab 'promo user create --role Ni' 'promo user create --role Night\ shift'
	tab "promo user create --role 'Ni" "promo user create --role 'Night shift'"
	tab 'promo user create --role Night\ s' 'promo user create --role Night\ shift'
	key C-u
	tmux send-keys -l "PATH=\${PATH#*:}"
	key Enter
	key C-u
}

new_terminal 100 24
tmux send-keys -l 'PS1="bash> "; source <(promo completion bash)'
key Enter
sees 'bash>'
in_terminal

if command -v zsh >/dev/null; then
	tmux send-keys -l "exec env PS1='zsh> ' zsh -f"
	key Enter
	sees 'zsh>'
	tmux send-keys -l 'autoload -U compinit; compinit -u -D; source <(promo completion zsh)'
	key Enter
	in_terminal
fi

if command -v fish >/dev/null; then
	said=$(fish --no-config -c 'promo completion fish | source
		complete -C "promo user create --role ni"
		complete -C "promo user show bos"' 2>&1)
	[[ $said == $'night-shift'*$'\n'boss@promo.example* ]] || fail "fish offers '$said'"
fi

offered()
{
	run "$1" timeout 20 "$promo_program" complete words -- "${@:2}"
	says_nothing
}

offered 0 batch show ''
grep -q '^BATCH_SHOES	' "$out" || wrong 'no batch'
offered 0 --server "$PROMO_SERVER/" batch show BATCH_SHOES
offered 0 customer show ''
grep -q '^[0-9a-f]\{8\}-' "$out" && wrong 'customers are looked for'
XDG_STATE_HOME=$place/nobody offered 0 batch show batch_
[ ! -s "$out" ] || wrong 'somebody who is not signed in is told names'
kill -STOP "$daemon"
status=0
timeout 20 "$promo_program" complete words -- batch show batch_ >"$out" 2>&1 || status=$?
kill -CONT "$daemon"
[ $status -ne 124 ] || wrong 'a server that says nothing is waited for'
[ ! -s "$out" ] || wrong 'names come from nowhere'
finish
