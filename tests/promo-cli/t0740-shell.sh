#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0740-shell.sh PROMO PROMOD
# Proves at a terminal that `promo shell` runs line after line, verifies with Enter alone, completes names
# that the server knows, is left by no error and no Ctrl-C, and remembers no code, phone number or address;
# and that it takes lines from standard input where there is no terminal.
set -eu
. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/../promo-tui/journey.sh"
start_daemon "$1" "$2"
run 0 promo batch create shop --codes 3 --amount 500 --expires 2099-12-31
run 0 promo download shop -o "$place/codes.csv"
code=$(nth_code 1)
second=$(nth_code 2)

# Without a terminal.
cat >"$place/lines" <<-EOT
	batch list --columns batch_name --no-headers

	promo batch show nothing
	verify -
	$code
EOT
run 0 promo shell <"$place/lines"
grep -q '^BATCH_SHOP' "$out" || wrong 'no list'
grep -q ACTIVE "$out" || wrong 'the line behind verify - is not its code'
says "there is no batch"
run 6 promo shell <<<'batch show nothing'
run 2 promo shell <<<"batch show 'nothing"
says 'a quote in the line has no end'
run 2 promo shell <<<'shell'
run 0 promo shell </dev/null
[ ! -e "$place/home/promo/history/default" ] || wrong 'what no person typed is remembered'

new_terminal 100 24
tmux send-keys -l "clear; $promo_program shell; echo left with \$?"
key Enter
sees 'promo default boss@promo.example>'
types 'batch show batch_s'
key Tab
sees 'batch show BATCH_SHOP'
key Enter
sees 'total_codes'
types 'bath list'
key Enter
sees 'did you mean promo batch?'
types 'half a line'
key C-c
sees '^C'
types "verify $code"
key Enter
sees '✓ ACTIVE'
key Enter
sees 'code>'
types "$second"
key Enter
sees "$second  500 RWF"
types 'whoami'
key Enter
sees 'permissions'
types "redeem $second --phone 0788123456"
key Enter
sees 'REDEEMED'
types 'customer list --q 0788123456'
key Enter
sees '+250788123456'
types verify
key Enter
sees 'code>'
key Enter
sees 'Enter once more ends verifying'
key Enter
tmux send-keys -l 'clear'
key C-u
types 'job list --status succeeded'
key Enter
sees 'generat'
types 'event stream'
key Enter
sees 'event stream'
key C-c
types 'batch show NOTHING'
key Enter
sees "there is no batch 'BATCH_NOTHING'"
key C-d
sees 'left with 6'

history=$place/home/promo/history/default
[ "$(stat -c %a "$history")" = 600 ] || fail 'others can read the history'
for line in 'batch show BATCH_SHOP' whoami 'job list --status succeeded'; do
	grep -qxF "$line *" "$history" || grep -qE "^$line *$" "$history" || fail "'$line' is not remembered"
done
grep -qE "$code|$second|0788|boss|bath" "$history" && fail 'the history holds what it must not'
tmux send-keys -l "clear; $promo_program shell"
key Enter
sees 'promo default'
key Up
sees 'batch show NOTHING'
key C-u
types exit
key Enter
sees 'shell>'
finish
