# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by the scripts beside it: a promod of this tree with its own PostgreSQL, somebody signed
# in, and the ways to reach the database that the floors are measured on. Autovacuum is on, the schema
# and the configuration are those that are shipped. Run one at a time, on a machine that does nothing
# else, and trust the ratio more than the numbers.
#
#   bench_start [OPTION..] everything up, promod with these; sets bench_token
#   bench_batch NAME N     a batch of N codes through the API; prints how long it took in ms
#   bench_psql ARGUMENT..  psql as the owner
#   bench_pgbench ARG...   pgbench as the owner; its line of name=value
#   bench_load ARG...      the load generator; its line of name=value
#   bench_value NAME LINE  a value of such a line
#   bench_options LEVELS ARG...   takes the options of bench/verify and bench/redeem
#   bench_compare KIND...  runs run_KIND LEVEL RUN for each level, in turn, round by round
#   bench_get KIND LEVEL NAME     the median of a value over the rounds
#   bench_table            what promo and the floor reached, and what it cost
#   bench_target ...       whether a target is met

. scripts/daemon.sh

# A run that fails ends the whole, also where its line is caught.
shopt -s inherit_errexit

bench_email=bench@promo.example
bench_token=
bench_finished=no
bench_ending=true # what has to be ended before promod, a command
bench_pgbench_program=

bench_leave()
{
	local status=$?

	trap - EXIT
	if [[ $bench_finished == no ]]; then
		[[ $status -ne 0 ]] || status=1
		daemon_log >&2
	fi
	"$bench_ending" || status=1
	daemon_stop || status=1
	exit "$status"
}

promo()
{
	"$daemon_promo" "$@"
}

bench_field()
{
	sed -n 's/.*"'"$1"'": *"\([^"]*\)".*/\1/p' | head -n 1
}

bench_start()
{
	local password

	bash scripts/install-deps build run test
	daemon_build build-bench
	bench_pgbench_program=$(compgen -G '/usr/lib/postgresql/*/bin/pgbench' | sort -V | tail -n 1)
	[[ -n $bench_pgbench_program ]] || daemon_die 'there is no pgbench on this machine'
	trap bench_leave EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	daemon_place promo-bench
	export XDG_STATE_HOME=$daemon_dir/home PROMO_SERVER
	daemon_start "$@"
	PROMO_SERVER=$daemon_url
	password=$(head -c 15 /dev/urandom | base64 | tr '+/' 'xy')
	printf '%s\n' "$password" >"$daemon_dir/password"
	daemon_admin "$bench_email" "$daemon_dir/password" >/dev/null
	promo login --user "$bench_email" --password-stdin <"$daemon_dir/password" >/dev/null 2>&1
	daemon_enrol
	bench_token=$daemon_dir/token
	grep -rho 'pmo_s_[A-Za-z0-9_-]*' "$XDG_STATE_HOME/promo/profiles" >"$bench_token"
	printf 'on %d cores, %s, %s\n' "$(nproc)" "$("$bench_pgbench_program" --version)" \
		"$(uname -sr)"
}

bench_ms()
{
	date -d "$1" +%s%3N
}

bench_batch()
{
	local job

	promo batch create "$1" --codes "$2" --amount 500 --expires "$(date -d '+1 year' +%F)" \
		--json 2>/dev/null >"$daemon_dir/batch"
	job=$(sed 's/.*"job"://' "$daemon_dir/batch")
	echo $(($(bench_ms "$(bench_field finished_at <<<"$job")") - \
		$(bench_ms "$(bench_field created_at <<<"$job")")))
}

# The server lets nobody in but the account that it runs as.
bench_as_owner()
{
	if [[ $(id -u) -eq 0 ]]; then
		setpriv --reuid="$daemon_account" --regid="$daemon_account" --init-groups \
			env HOME=/nonexistent "$@"
	else
		"$@"
	fi
}

bench_uri()
{
	echo "postgresql:///promo?user=promo_owner&port=5432&host=$daemon_dir/state/socket"
}

bench_psql()
{
	bench_as_owner psql -X -q -v ON_ERROR_STOP=1 -d "$(bench_uri)" "$@"
}

# The CPU, in us, that promod, the thread of its event loop, and PostgreSQL with all its processes
# have used so far.
bench_cpu()
{
	local server

	server=$(head -n 1 "$daemon_dir/state/postgres/postmaster.pid")
	# A backend may end in between: then its time is in its parent's.
	# shellcheck disable=SC2046
	{ cat "/proc/$daemon_pid/stat" "/proc/$daemon_pid/task/$daemon_pid/stat" \
		"/proc/$server/stat" $(pgrep -P "$server" | sed 's|.*|/proc/&/stat|') 2>/dev/null ||
		true; } | sed 's/.*) //' | awk -v tick="$((1000000 / $(getconf CLK_TCK)))" '
			NR < 3 { used[NR] = $12 + $13 }
			NR >= 3 { used[3] += $12 + $13 + $14 + $15 }
			END { printf "%.0f %.0f %.0f\n", used[1] * tick, used[2] * tick, used[3] * tick }'
}

# bench_spent COUNT BEFORE AFTER: what one of COUNT requests took between two lines of bench_cpu.
bench_spent()
{
	awk -v count="$1" -v before="$2" -v after="$3" 'BEGIN {
		split(before, b, " "); split(after, a, " ")
		printf "daemon_us=%.0f loop_us=%.0f server_us=%.0f\n", (a[1] - b[1]) / count,
			(a[2] - b[2]) / count, (a[3] - b[3]) / count }'
}

bench_pgbench()
{
	local line before

	before=$(bench_cpu)
	line=$(bench_as_owner "$bench_pgbench_program" -n -M prepared "$@" "$(bench_uri)" 2>&1 |
		awk '/actually processed: / { split($0, part, ": "); count = int(part[2]) }
			/latency average = / { latency = $4 * 1000 }
			/tps = / { tps = int($3) }
			/rror:|FATAL|aborted/ { print > "/dev/stderr" }
			END { printf "requests=%d rate=%d average_us=%d", count, tps, latency }')
	[[ $(bench_value rate "$line") -gt 0 ]] ||
		daemon_die "pgbench got nothing done with $*; give it more seconds"
	echo "$line $(bench_spent "$(bench_value requests "$line")" "$before" "$(bench_cpu)")"
}

bench_load()
{
	local line before

	before=$(bench_cpu)
	line=$(build-bench/bench/load --server "${daemon_url##*:}" --token-file "$bench_token" "$@")
	echo "$line $(bench_spent "$(bench_value requests "$line")" "$before" "$(bench_cpu)")"
}

bench_value()
{
	tr ' ' '\n' <<<"$2" | sed -n "s/^$1=//p"
}

# Sets bench_seconds of a run, bench_rounds, bench_levels (connections), bench_cold.
bench_options()
{
	bench_seconds=5 bench_rounds=3 bench_cold=no
	IFS=, read -ra bench_levels <<<"$1"
	shift
	while [[ $# -gt 0 ]]; do
		case $1 in
		--seconds) bench_seconds=$2 && shift ;;
		--rounds) bench_rounds=$2 && shift ;;
		--connections) IFS=, read -ra bench_levels <<<"$2" && shift ;;
		--cold) bench_cold=yes ;;
		*) sed -n '3,/^set/p' "$0" | sed -n 's/^# \{0,1\}//p' && exit 2 ;;
		esac
		shift
	done
}

declare -A bench_lines=()

bench_compare()
{
	local level round kind line run=0

	for level in "${bench_levels[@]}"; do
		for ((round = 0; round < bench_rounds; round++)); do
			for kind in "$@"; do
				line=$("run_$kind" "$level" "$run")
				[[ -n $line ]] || continue
				bench_lines[$kind:$level]+=$line$'\n'
				printf '%s at %d connections: %d a second (load %s)\n' "$kind" \
					"$level" "$(bench_value rate "$line")" \
					"$(cut -d ' ' -f 1 /proc/loadavg)" >&2
			done
			run=$((run + 1))
		done
	done
}

bench_get()
{
	tr ' ' '\n' <<<"${bench_lines[$1:$2]:-}" | sed -n "s/^$3=//p" | sort -n |
		awk '{ all[NR] = $1 } END { if (NR) print all[int((NR + 1) / 2)] }'
}

# The highest median of a kind.
bench_best()
{
	local level

	for level in "${bench_levels[@]}"; do
		bench_get "$1" "$level" rate
	done | sort -n | tail -n 1
}

# Of whatever kinds there are: rates, ratios and latencies, then the CPU of one request in us.
bench_table()
{
	local level floor rate best

	best=$(bench_best floor)
	printf '\n%11s %9s %9s %6s %7s %8s %8s %9s %9s\n' connections pgbench/s promo/s ratio \
		'of best' 'p50 ms' 'p99 ms' longest 'look-up/s'
	for level in "${bench_levels[@]}"; do
		floor=$(bench_get floor "$level" rate)
		rate=$(bench_get ours "$level" rate)
		printf '%11d %9s %9d %6s %7s %8s %8s %9s %9s\n' "$level" "${floor:--}" "$rate" \
			"$(bench_ratio "$rate" "$floor")" "$(bench_ratio "$rate" "$best")" \
			"$(bench_ratio "$(bench_get ours "$level" p50_us)" 1000)" \
			"$(bench_ratio "$(bench_get ours "$level" p99_us)" 1000)" \
			"$(bench_ratio "$(bench_get ours "$level" longest_us)" 1000)" \
			"$(bench_get bare "$level" rate)"
	done
	printf '\n%11s %9s %9s %11s %9s %12s %12s\n' 'CPU, us' promod 'its loop' PostgreSQL load \
		'all but load' "pgbench's"
	for level in "${bench_levels[@]}"; do
		printf '%11d %9d %9d %11d %9d %12d %12s\n' "$level" \
			"$(bench_get ours "$level" daemon_us)" "$(bench_get ours "$level" loop_us)" \
			"$(bench_get ours "$level" server_us)" "$(bench_get ours "$level" load_us)" \
			$(($(bench_get ours "$level" daemon_us) + $(bench_get ours "$level" server_us))) \
			"$(bench_get floor "$level" server_us)"
	done
	echo
}

# bench_ratio A B: A / B with two digits, - where one is not known.
bench_ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { if (a && b) printf "%.2f", a / b; else printf "-" }'
}

# bench_target WHAT VALUE ge|le LIMIT: prints whether it is met; bench_missed counts those that are
# not. Nothing where the level was not asked for.
bench_missed=0
bench_target()
{
	local met

	[[ -n $2 && $2 != - ]] || return 0
	met=$(awk -v value="$2" -v how="$3" -v limit="$4" \
		'BEGIN { print (how == "ge" ? value >= limit : value <= limit) ? "met" : "MISSED" }')
	[[ $met == met ]] || bench_missed=$((bench_missed + 1))
	printf '%-60s %8s  %s %-6s %s\n' "$1" "$2" "$([[ $3 == ge ]] && echo '>=' || echo '<=')" \
		"$4" "$met"
}

bench_end()
{
	bench_finished=yes
}
