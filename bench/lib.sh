# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by the scripts beside it: a promod of this tree with its own PostgreSQL, somebody signed
# in, and the ways to reach the database that the floors are measured on. Autovacuum is on, the schema
# and the configuration are those that are shipped. Run one at a time, on a machine that does nothing
# else, and trust the ratio more than the numbers.
#
#   bench_start            everything up; sets bench_token
#   bench_batch NAME N     a batch of N codes through the API; prints how long it took in ms
#   bench_psql ARGUMENT..  psql as the owner
#   bench_pgbench ARG...   pgbench as the owner; prints transactions a second
#   bench_load ARG...      the load generator; its line of name=value
#   bench_value NAME LINE  a value of that line

. scripts/daemon.sh

bench_email=bench@promo.example
bench_token=
bench_finished=no
bench_pgbench_program=

bench_leave()
{
	local status=$?

	trap - EXIT
	if [[ $bench_finished == no ]]; then
		[[ $status -ne 0 ]] || status=1
		daemon_log >&2
	fi
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
	daemon_start --log-level=warning
	PROMO_SERVER=$daemon_url
	password=$(head -c 15 /dev/urandom | base64 | tr '+/' 'xy')
	printf '%s\n' "$password" >"$daemon_dir/password"
	daemon_admin "$bench_email" "$daemon_dir/password" >/dev/null
	promo login --user "$bench_email" --password-stdin <"$daemon_dir/password" >/dev/null 2>&1
	bench_token=$daemon_dir/token
	curl -sf "$daemon_url/api/v1/auth/login" -H 'Content-Type: application/json' \
		-d "{\"identifier\": \"$bench_email\", \"password\": \"$password\"}" |
		bench_field token >"$bench_token"
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

bench_pgbench()
{
	bench_as_owner "$bench_pgbench_program" -n -M prepared "$@" "$(bench_uri)" 2>&1 |
		awk '/tps = / { print int($3); found = 1 } /ERROR|aborted/ { print > "/dev/stderr" }
			END { exit !found }'
}

bench_load()
{
	build-bench/bench/load --server "${daemon_url##*:}" --token-file "$bench_token" "$@"
}

bench_value()
{
	tr ' ' '\n' <<<"$2" | sed -n "s/^$1=//p"
}

# ratio A B: A / B with two digits.
bench_ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# bench_row CONNECTIONS FLOOR LINE [MORE]
bench_row()
{
	local rate

	rate=$(bench_value rate "$3")
	printf '%-12d %10d %10d %7s %9.2f %9.2f %14s\n' "$1" "$2" "$rate" \
		"$(bench_ratio "$rate" "$2")" \
		"$(bench_ratio "$(bench_value p50_us "$3")" 1000)" \
		"$(bench_ratio "$(bench_value p99_us "$3")" 1000)" "${4:-}"
}

bench_end()
{
	bench_finished=yes
}
