#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: crowd.sh BUILD-FOLDER [--long]
# No fault but people: 250 clients, or 1,000, all want the same code, on two daemons, one code after the
# other. Each code is redeemed once, and whoever is refused shares a transaction with others: not one
# group for each of them.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

crowd=250 codes=8
share=8 # of a transaction, at least: clients come to four lanes, as their last answers do
if [[ $long == yes ]]; then
	crowd=1000 codes=200
fi
fault_cluster pg
fault_daemon a
fault_daemon b
fault_people 3
fault_codes $((codes + 1))
fault_load --connections "$crowd" --crowd "$crowd" --hot 0 --verify 10
fault_wait 300 'the end of the load' gone "$load_pid"
fault_load_stop
fault_check
[[ $(fault_figure redeemed) -ge $codes ]] || die 'not every code was redeemed'
# Without the first code: whom the lanes do not know yet a worker looks at, one by one.
read -r refused groups < <(fault_psql -F ' ' -c "SELECT count(*), count(DISTINCT created_at)
	FROM redemptions WHERE status = 'failed' AND promo_code_id <> (SELECT promo_code_id
	FROM redemptions WHERE status = 'completed' ORDER BY created_at LIMIT 1)")
[[ $((groups * share)) -le $refused ]] ||
	die "$refused refusals took $groups transactions"
figures=("; $refused refusals in $groups transactions; p99 $(($(fault_value p99_us "$load_line") / 1000)) ms")
fault_end
