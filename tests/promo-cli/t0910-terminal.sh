#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0910-terminal.sh PROMO PROMOD
# Proves in a terminal of 80 and of 200 columns how lists look there: which columns stay, colours, times; that a
# list longer than the screen goes to a pager, that one left early is no failure, and who gets none.
set -eu
. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/../promo-tui/journey.sh"
unset PAGER LESS COLUMNS
start_daemon "$1" "$2"
run 0 promo batch create a_batch_with_a_name_longer_than_most --codes 40 --amount 12.50 --currency USD \
	--expires 2099-12-31
run 0 promo batch create trial --codes 2 --amount 500 --expires 2099-06-30
run 0 promo batch status trial blocked
long=$("$promo_program" batch show a_batch_with_a_name_longer_than_most -q)
trial=$("$promo_program" batch show trial -q)
ln -s "$(realpath "$promo_program")" "$place/promo"
export PATH=$place:$PATH

# types_command COMMAND: on a cleared screen; its exit status is shown in the end.
types_command()
{
	tmux send-keys -l "clear; $1; echo ended \"with\" \$?"
	key Enter
}

# shows COMMAND, and then these lines, whatever colours they have.
shows()
{
	cat >"$place/expected"
	types_command "$1"
	sees 'ended with '
	screen | sed '/^$/d' | grep -v '^ended\|^shell>' >"$place/found" || true
	last=$1
	diff -u "$place/expected" "$place/found" || fail "that is not what $1 shows"
}

export TERM=xterm-256color
new_terminal 80 24
shows 'promo batch list --sort batch_name' <<END
BATCH NAME                         TOTAL CODES  AMOUNT/CODE  EXPIRATION  STATUS
BATCH_A_BATCH_WITH_A_NAME_LONGER…           40    12.50 USD  2099-12-31  active
BATCH_TRIAL                                  2      500 RWF  2099-06-30  blocked
the terminal is too narrow for all columns; --columns chooses
END
new_terminal 200 24
shows 'promo batch list --sort batch_name' <<END
ID                                    BATCH NAME                                  TOTAL CODES  AMOUNT/CODE  EXPIRATION  ASSIGNED TO  STATUS
$long  BATCH_A_BATCH_WITH_A_NAME_LONGER_THAN_MOST           40    12.50 USD  2099-12-31               active
$trial  BATCH_TRIAL                                           2      500 RWF  2099-06-30               blocked
END
shows 'promo batch list --sort batch_name --no-headers --columns batch_name,status' <<END
BATCH_A_BATCH_WITH_A_NAME_LONGER_THAN_MOST  active
BATCH_TRIAL                                 blocked
END
coloured=$(printf '\033[31mblocked')
tmux capture-pane -p -e | grep -qF "$coloured" || fail 'the status has no colour'
types_command 'promo batch list --no-color'
sees 'ended with 0'
! tmux capture-pane -p -e | grep -qF "$coloured" || fail 'there is colour in spite of --no-color'
types_command 'promo batch list --columns batch_name,created_at'
sees 's ago'
types_command 'promo batch list --columns batch_name,created_at --times utc'
sees ' UTC'
types_command 'promo batch list --columns batch_name,created_at --times local'
sees ' CAT'

# A list that fits is simply there; a longer one waits for its reader, also where he leaves early.
new_terminal 80 24
list='promo code list --batch a_batch_with_a_name_longer_than_most --columns serial,status'
types_command "$list --limit 10"
sees 'ended with 0'
types_command "$list"
sees ':'
sees_not 'ended with'
key q
sees 'ended with 0'
types_command "$list --all --limit 10 --csv"
sees 'serial'
sees_not 'ended with'
key q
sees 'ended with 0'
types_command "PAGER='sed s/active/paged/' $list"
sees 'paged'
sees 'ended with 0'
types_command "PAGER=nonsense-pager $list"
sees "the pager 'nonsense-pager' could not be run"
for without in PAGER= PAGER=cat TERM=dumb; do
	types_command "$without $list"
	sees 'ended with 0'
done
types_command "$list --no-pager"
sees 'ended with 0'
types_command "PAGER='sed s/active/paged/' $list | tail -n 5"
sees 'ended with 0'
sees_not paged
finish
