#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: cut-load.sh BUILD-FOLDER [--long]
# The connections to the database are cut under load behind any message, 7 times or 50: now and then the
# answer is lost when all was done, the server stays away for a moment, or (every 8th) a connection falls
# silent without an end.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

cuts=7 codes=20000 rate=1000
if [[ $long == yes ]]; then
	cuts=50 codes=400000 rate=0
fi
fault_cluster pg
mkdir "$place/between"
[[ -z $account ]] || chown "$account" "$place/between"
mkfifo "$place/orders"
# As the server's account: it has to get at its socket.
fault_as "$build/tests/fault/cutter" "$place/between" "$place/pg/.s.PGSQL.5432" \
	<"$place/orders" >"$place/cuts" 2>"$place/cutter.log" &
cutter=$!
exec 3>"$place/orders"
between="--database=postgresql:///promo?user=promo_app&host=$place/between"

carried_out()
{
	alive "$cutter" || die 'the cutter ended'
	grep -qx "done $1" "$place/cuts"
}

fault_daemon a "$between"
fault_people 3
fault_codes "$codes"
fault_load --connections 32 --rate "$rate"
for ((i = 1; i <= cuts; i++)); do
	fault_more redeemed 100
	since=$(now_ms)
	# What a cut meets is left to chance; which one it is, is not.
	message=$((RANDOM % 3000 + 1))
	case $((i % 8)) in
	0) order="cut silence $message" ;;
	2) order="cut answer $((message / 100 + 1))" ;;
	4) order="cut message $message 700" ;;
	6) order="cut unheard $((message / 100 + 1))" ;;
	*) order="cut message $message" ;;
	esac
	say "$order" >&3
	fault_wait 60 "$order" carried_out "$i"
	fault_recover "$since"
done
fault_load_stop
fault_check
exec 3>&-
fault_wait 10 'the end of the cutter' gone "$cutter"
[[ $(fault_figure keys) -gt 1000 ]] || die 'there was hardly a load'
fault_end
