#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t1100-scanner.sh PROMO PROMOD PROMO-TUI
# Proves that a scanner is the next customer and nothing else: its further Enters redeem nothing, its
# letters are no keys, a scan amid a form loses nothing, one amid another screen comes to the counter,
# and the same code twice is one scan.
set -eu
. "$(dirname "$0")/../promo-cli/daemon.sh"
. "$(dirname "$0")/journey.sh"
open_shop "$1" "$2" 10
start_tui "$3" 80 24
sign_in

# Two Enters, three, and Tabs between.
scans "$(nth_code 1)" Enter
fill_in 0788123456
scans "$(nth_code 2)" Enter Enter Tab Enter
sees '1 put aside'
sees "$(nth_code 2)"
sees 'Ask for the phone number'
completed 0
key F4
sees '= +250788123456'
enters 'Is this right?'
enters 'F2 or r redeems it; Esc goes back'
completed 0

# On the summary: a code that begins with the letter that redeems, too.
scans "rZZZ$(nth_code 3 | cut -c5-)" Enter
sees 'Code not found'
completed 0

# A paste, with brackets, is a scan as well.
key Escape
sees 'Scan a code'
tmux set-buffer "$(nth_code 4)"
tmux paste-buffer -p
fill_in 0788000444
presses_redeem
sees 'Code redeemed successfully to +250788000444'
completed 1

# Over another screen, and the same code twice in a moment.
key F5
sees 'Time   Code'
scans "$(nth_code 5)"
sees "Verify and redeem"
scans "$(nth_code 5)"
fill_in 0788000555
presses_redeem r
sees 'Code redeemed successfully to +250788000555'
completed 2
finish
