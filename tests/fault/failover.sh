#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: failover.sh BUILD-FOLDER [--long]
# The primary killed (SIGKILL, all of it) under load and its synchronous standby promoted, with both in
# the connection string, twice, or 50 times: no redemption that was acknowledged is lost, and what was
# left unknown is resolved by its key.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

failovers=2 codes=20000 rate=1000
if [[ $long == yes ]]; then
	failovers=50 codes=500000 rate=300
fi
primary=pg1 standby=pg2
fault_cluster "$primary"
fault_standby "$standby" "$primary"
fault_daemon a
fault_people 3
fault_codes "$codes"
fault_load --connections 64 --rate "$rate"
for ((i = 0; i < failovers; i++)); do
	# Whatever was committed by the primary alone is on its standby once these are.
	fault_more redeemed 200
	since=$(now_ms)
	fault_cluster_die "$primary"
	fault_promote "$standby"
	fault_recover "$since"
	old=$primary primary=$standby standby=$old
	fault_standby "$standby" "$primary"
done
fault_load_stop
fault_check
lost=$(grep -c 'the connection to the database was lost during' "$place/a.log") ||
	die 'no failover met a request'
figures+=("in $failovers failovers, which were met $lost times at work")
fault_end
