#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: stop-postgres.sh BUILD-FOLDER [--long]
# Every PostgreSQL process stopped (SIGSTOP) under load for 6 s, or 30 s, and continued: each request is
# answered within its deadline, with 503 and never with a refusal of something that happens after all:
# outcome_unknown where it was on its way, unavailable where it still waited and nothing was done;
# promod neither dies nor piles threads up; afterwards everything goes on.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

stops=1 seconds=6 deadline=2 codes=20000
if [[ $long == yes ]]; then
	stops=20 seconds=30 deadline=10 codes=400000
fi

threads()
{
	find "/proc/${daemon_pid[a]}/task" -mindepth 1 -maxdepth 1 | wc -l
}

status_of()
{
	curl -s -m "$((deadline + 3))" -o /dev/null -w '%{http_code}' \
		"http://127.0.0.1:${daemon_port[a]}$1" || true
}

told_no()
{
	load_began
	[[ $(($(fault_progress unknown) + $(fault_progress not_now))) -ge $1 ]]
}

fault_daemon a --answer-timeout="$deadline"
fault_people 3
fault_codes "$codes"
fault_load --connections 64 --rate 1000 --timeout-ms $(((deadline + 10) * 1000))
for ((i = 0; i < stops; i++)); do
	fault_more redeemed 200
	before=$(threads)
	since=$(now_ms)
	fault_servers STOP
	fault_wait $((deadline + 5)) '20 more answers of 503' told_no \
		$(($(fault_progress unknown) + $(fault_progress not_now) + 20))
	[[ $(status_of /healthz) == 200 ]] || die 'the process does not answer while its server stands'
	[[ $(status_of /readyz) == 503 ]] || die 'it says that it is ready while its server stands'
	until [[ $(now_ms) -ge $((since + seconds * 1000)) ]]; do
		sleep 0.1
	done
	[[ $(threads) -le $((before + 1)) ]] || die "there are $(threads) threads, before $before"
	since=$(now_ms)
	fault_servers CONT
	fault_recover "$since"
	[[ $(threads) -le $before ]] || die "there are $(threads) threads, before $before"
done
fault_load_stop
fault_check
slowest=$(fault_figure slowest_ms)
[[ $slowest -le $((deadline * 1000 + 1500)) ]] ||
	die "an answer took $slowest ms, and the deadline is $deadline s"
[[ $(fault_figure faults) -eq 0 ]] || die "there were answers of 500"
figures=("; slowest answer $slowest ms, $before threads")
fault_end
