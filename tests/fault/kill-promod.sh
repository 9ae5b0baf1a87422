#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: kill-promod.sh BUILD-FOLDER [--long]
# promod killed (SIGKILL) under load and started again, 2 and 2 times, or 100 and 100: nothing is lost,
# nothing done twice, nothing said that is not so, and it serves again soon. Once alone, with a server of
# its own that outlives it; once as one of two daemons of a database, so that clients ask the other again
# while what the dead one began may still be committed.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

kills=2 between=200 codes=20000 rate=1500
if [[ $long == yes ]]; then
	kills=100 between=4000 codes=750000 rate=0
fi

# round NAME...: kills one of these daemons after the other.
round()
{
	local i name names=("$@")

	fault_load --connections 64 --rate "$rate"
	for ((i = 0; i < kills; i++)); do
		name=${names[i % ${#names[@]}]}
		fault_more redeemed "$between"
		since=$(now_ms)
		fault_stop "$name" KILL
		[[ ${#names[@]} -eq 1 ]] || fault_more redeemed 20
		fault_daemon "$name"
		fault_recover "$since"
	done
	fault_load_stop
	fault_check
	[[ $(fault_figure unknown) -gt 0 ]] || die 'no kill met a request'
	fault_end
}

fault_daemon a
fault_people 3
fault_codes "$codes"
round a

say 'now one of two'
rm -rf "$place"/history.* "$place/a"
fault_cluster pg
fault_daemon a
fault_daemon b
fault_people 3
fault_codes "$codes"
round a b
