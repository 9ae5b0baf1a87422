#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: tls.sh BUILD-FOLDER [--long]
# PostgreSQL over TCP and TLS, where bytes can be in the process and no poll() tells of them: the tests of
# pipelines and of failures pass, and so does a load under which all connections are ended, 3 times, or
# 30 times.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

rounds=3 codes=20000 rate=1000
if [[ $long == yes ]]; then
	rounds=30 codes=500000 rate=2000
fi
command -v openssl >/dev/null || fault_skip 'there is no openssl to make a certificate'
openssl req -new -x509 -days 2 -nodes -subj /CN=localhost -out "$place/certificate" \
	-keyout "$place/key" 2>/dev/null
chmod 0600 "$place/key"
[[ -z $account ]] || chown "$account" "$place/key" "$place/certificate"
export PGPORT=$((20000 + RANDOM % 10000)) # below those that the system gives away
fault_cluster pg ssl=on "ssl_cert_file=$place/certificate" "ssl_key_file=$place/key" \
	listen_addresses=127.0.0.1 "port=$PGPORT"

for name in pipeline failure; do
	PROMO_TEST_DATABASE="postgresql:///postgres?user=promo_owner&host=127.0.0.1&sslmode=require" \
		"$build/tests/store/test_store_$name" >"$place/store.log" 2>&1 || {
		grep -E 'ERROR|LINE|FAILED' "$place/store.log" || true
		die "store/$name fails over TLS"
	}
done

fault_daemon a --database="postgresql:///promo?user=promo_app&host=127.0.0.1&sslmode=require"
fault_people 3
fault_codes "$codes"
fault_load --connections 64 --rate "$rate"
for ((i = 0; i < rounds; i++)); do
	fault_more redeemed 200
	since=$(now_ms)
	ended=$(fault_psql -c "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		JOIN pg_stat_ssl USING (pid) WHERE usename = 'promo_app' AND ssl")
	# Both lanes at least; a worker connects again when it is needed.
	[[ $ended -ge 2 ]] || die "only $ended connections spoke TLS"
	fault_recover "$since"
done
fault_load_stop
fault_check
fault_end
