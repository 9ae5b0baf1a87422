#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: crowd.sh BUILD-FOLDER [--long]
# No fault but people: 250 clients, or 1,000, all want the same code, on two daemons, one code after the
# other. Each code is redeemed once.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

crowd=250 codes=8
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
figures=("; p99 $(($(fault_value p99_us "$load_line") / 1000)) ms")
fault_end
