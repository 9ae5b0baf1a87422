#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: kill-promod.sh BUILD-FOLDER [--long]
# promod killed (SIGKILL) under load and started again, 3 times, or 200: nothing is lost, nothing
# done twice, nothing said that is not so, and it serves again soon.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

kills=3 codes=20000 rate=1500
if [[ $long == yes ]]; then
	kills=200 codes=1500000 rate=0
fi
fault_daemon a
fault_people 3
fault_codes "$codes"
fault_load --connections 64 --rate "$rate"
for ((i = 0; i < kills; i++)); do
	fault_more redeemed 200
	since=$(now_ms)
	fault_stop a KILL
	fault_daemon a
	fault_recover "$since"
done
fault_load_stop
fault_check
[[ $(fault_figure unknown) -gt 0 ]] || die 'no kill met a request'
fault_end
