#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: kill-postgres.sh BUILD-FOLDER [--long]
# PostgreSQL killed (SIGKILL) under load: a backend, upon which the server restarts itself and takes
# every connection with it, and the postmaster, twice and twice, or 100 and 100 times. Once with the server
# that promod runs itself and brings back, once with one that its owner starts again. What was
# acknowledged is there, promod heals itself.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

backends=(2 0) postmasters=(1 1) codes=20000 rate=1500
if [[ $long == yes ]]; then
	backends=(50 50) postmasters=(50 50) codes=1000000 rate=0
fi

# The process of the server that is in use.
server()
{
	if [[ -n $database ]]; then
		echo "${cluster_pid[$database]}"
	else
		fault_server a
	fi
}

# A connection of the daemon, whatever it does right now.
some_backend()
{
	pgrep -P "$(server)" -f 'postgres: promo_(app|owner) promo ' | shuf -n 1
}

kill_backend()
{
	local process

	fault_more redeemed 200
	process=$(some_backend)
	[[ -n $process ]] || die 'the daemon has no connection'
	since=$(now_ms)
	kill -KILL "$process"
	fault_recover "$since" 90
	say "a backend: back after $recovered_ms ms"
}

kill_postmaster()
{
	local process

	fault_more redeemed 200
	process=$(server)
	since=$(now_ms)
	kill -KILL "$process"
	fault_wait 60 'the end of the server' gone "$process"
	if [[ -n $database ]]; then
		fault_cluster "$database"
	fi
	fault_recover "$since" 90
	say "the postmaster: back after $recovered_ms ms"
}

# round INDEX
round()
{
	local i

	fault_load --connections 32 --rate "$rate"
	for ((i = 0; i < backends[$1]; i++)); do
		kill_backend
	done
	for ((i = 0; i < postmasters[$1]; i++)); do
		kill_postmaster
	done
	fault_load_stop
	alive "${daemon_pid[a]}" || die 'promod ended'
}

fault_daemon a
fault_people 3
fault_codes "$codes"
round 0
fault_check
fault_end

say 'now with a server of its own owner'
rm -rf "$place"/history.* "$place/a"
fault_cluster pg
fault_daemon a
fault_people 3
fault_codes "$codes"
round 1
fault_check
fault_end
