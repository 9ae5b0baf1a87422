#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: pgbouncer.sh BUILD-FOLDER [--long]
# promod with `prepare = no` behind pgbouncer in transaction mode: the API answers as it does without,
# and under load the pooler is reloaded and killed and its server connections are ended, 3 times each,
# or 30 times.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

rounds=3 codes=20000 rate=1000
if [[ $long == yes ]]; then
	rounds=30 codes=500000 rate=2000
fi
program=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v pgbouncer) ||
	fault_skip 'there is no pgbouncer here'

# Started again it takes over the folder of the one that was killed. The way out ends it like a cluster.
start_pooler()
{
	rm -f "$place/pool/"{pid,.s.PGSQL.*}
	(cd / && fault_as "$program" -q "$place/pool/ini" </dev/null >>"$place/pool.log" 2>&1) \
		3>&- 4>&- 5>&- &
	fault_wait 30 'the pooler' test -s "$place/pool/pid" -a -S "$place/pool/.s.PGSQL.6432"
	cluster_pid[pool]=$(head -n 1 "$place/pool/pid")
}

kill_pooler()
{
	kill -KILL "${cluster_pid[pool]}"
	fault_wait 30 'the end of the pooler' gone "${cluster_pid[pool]}"
}

fault_cluster pg
mkdir "$place/pool"
printf '"promo_app" ""\n' >"$place/pool/users"
cat >"$place/pool/ini" <<END
[databases]
* = host=$place/pg
[pgbouncer]
pool_mode = transaction
default_pool_size = 10
max_client_conn = 500
listen_addr =
listen_port = 6432
unix_socket_dir = $place/pool
auth_type = trust
auth_file = $place/pool/users
pidfile = $place/pool/pid
END
[[ -z $account ]] || chown -R "$account" "$place/pool"
start_pooler

# The tests of the API, with only the daemon behind the pooler.
for name in routes rights replay redeem_race; do
	PROMO_TEST_PROMOD=$build/promod/promod \
		PROMO_TEST_DATABASE="postgresql:///postgres?user=promo_owner&host=$place/pg" \
		PROMO_TEST_POOLER="host=$place/pool&port=6432" \
		"$build/tests/promod/test_promod_$name" >"$place/api.log" 2>&1 || {
		grep -E "ERROR|LINE|FAILED|level=error" "$place/api.log" || true
		die "promod/$name fails behind the pooler"
	}
done

fault_daemon a --prepare=no \
	--database="postgresql:///promo?user=promo_app&host=$place/pool&port=6432"
fault_people 3
fault_codes "$codes"
fault_load --connections 64 --rate "$rate"
for ((i = 0; i < rounds; i++)); do
	fault_more redeemed 100
	since=$(now_ms)
	kill -HUP "${cluster_pid[pool]}"
	fault_recover "$since"
	since=$(now_ms)
	fault_psql -c "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE usename = 'promo_app'" >/dev/null
	fault_recover "$since"
	since=$(now_ms)
	kill_pooler
	start_pooler
	fault_recover "$since"
done
fault_load_stop
fault_check
grep -q 'the connection to the database was lost during' "$place/a.log" ||
	die 'no fault met a request'
fault_end
