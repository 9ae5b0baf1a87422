#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t1000-clerks-day.sh PROMO PROMOD PROMO-TUI, with PROMO_CUSTOMERS for a longer day
# Proves that a clerk serves a queue from the keyboard alone: each customer costs a scan and twelve
# keys, whoever comes with a used, mistyped or unknown code gets his own sentence, and what the screen
# says of the day is what the books say.
set -eu
. "$(dirname "$0")/../promo-cli/daemon.sh"
. "$(dirname "$0")/journey.sh"
customers=${PROMO_CUSTOMERS:-12}
open_shop "$1" "$2" $((customers + 5))
start_tui "$3" 80 24
sign_in

for ((i = 1; i <= customers; i++)); do
	scans "$(nth_code $i)"
	fill_in "07881$(printf %05d $i)"
	if ((i % 2)); then
		presses_redeem F2
	else
		presses_redeem r
	fi
	sees "Code redeemed successfully to +2507881$(printf %05d $i) with 500 RWF."
	sees "$i redeemed"
done
sees "$(echo $((customers * 500)) | sed 's/\([0-9]\)\([0-9]\{3\}\)$/\1,\2/') RWF"
completed "$customers"

# A name, typed in two fields; the code by hand, in small letters and without dashes.
code=$(nth_code $((customers + 1)))
typed=$(printf %s "$code" | tr -d - | tr A-Z a-z)
types "$typed"
key Enter
sees 'Ask for the phone number'
types 0788222333 '= +250788222333'
key Tab
types 'Zoë'
key Tab
types '山田'
key Enter
sees 'name        Zoë 山田'
presses_redeem
sees 'Code redeemed successfully'

# While the shop is worked on codes are looked up, and why nothing else goes is what the settings say.
run 0 promo settings set maintenance.maintenance_mode.message 'Stocktaking until ten.'
run 0 promo settings set maintenance.maintenance_mode.enabled true
scans "$(nth_code $((customers + 2)))"
fill_in 0788222334
presses_redeem
sees 'MAINTENANCE'
sees 'Stocktaking until ten.'
sees 'Nothing was done.'
run 0 promo settings set maintenance.maintenance_mode.enabled false
key Escape
key Escape
sees 'Scan a code'

# The same code again, and what a clerk does with it.
scans "$(nth_code 1)"
sees 'ALREADY REDEEMED'
sees '+250788100001'
sees 'Aline Uwase'
key F3
sees 'Report a fraud'
types 0788999888
key Tab
types Eric
key Tab
key Tab
types 'says the tin was sealed'
key F3
sees 'reported as FRAUD000001'
scans "$(nth_code 2)"
sees "$(nth_code 2)"
sees 'ALREADY REDEEMED'
scans "$(nth_code 1)"
sees '! REPORTED'

scans "$(other_letters "$code")"
sees 'Code not found.'
key C-u
types A1U2
key Enter
sees 'Code not found.'
key C-u
types 'A1-?'
key Enter
sees 'Invalid code format.'
key Escape
sees 'Scan a code'

# The own day, and nobody else's.
key F5
sees "$((customers + 1)) redeemed"
sees '+250788222333 Zoë 山田'
completed $((customers + 1))
run 0 promo fraud-report list --count
says '^1 in all'
key Escape
sees 'Scan a code'
key C-c
sees 'Ctrl-C once more'
key C-c
sees 'shell>'
finish
