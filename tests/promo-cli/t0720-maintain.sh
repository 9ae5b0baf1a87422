#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0720-maintain.sh PROMO PROMOD
# Proves that `promod maintain` begins the next part of the audit trail when it is time, beside the daemon and
# its own server as well as with a server that it is told how to connect to as the owner, and says so when it is
# not told; that it says what it did; and that the daemon goes on writing into a trail that is whole.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"

maintain()
{
	local status=$1

	shift
	run "$status" "$promod" maintain $account "$@"
}

kept()
{
	grep -q "$1" "$out" || wrong "standard output has no '$1'"
}

age()
{
	sql "UPDATE audit_parts SET began_at = began_at - interval '400 days'"
}

parts()
{
	[ "$(sql 'SELECT string_agg(id::text, chr(32) ORDER BY id) FROM audit_parts')" = "$1" ] ||
		wrong "the parts are not $1"
}
server="postgresql:///promo?host=$place/run/state/socket"

maintain 0 --state-dir "$place/run/state"
kept '0 parts begun, 0 dropped'
age
maintain 0 --state-dir "$place/run/state"
kept '1 parts begun, 0 dropped'
parts '0 1'
maintain 0 --state-dir "$place/run/state"
kept '0 parts begun, 0 dropped'

# As with a server of one's own.
age
set -- --state-dir "$place/run/state" --database "$server&user=promo_app"
maintain 2 "$@"
says "'owner_database' does not say how to connect as its owner"
parts '0 1'
maintain 0 "$@" --owner-database "$server&user=promo_owner"
kept '1 parts begun, 0 dropped'
parts '0 1 2'

# Each row of it says so, and the daemon, whose writers were closed, writes into the newest part.
run 0 promo batch create main --codes 20 --amount 500 --expires 2099-12-31
[ "$(sql "SELECT count(*) FROM audit_log WHERE action = 'audit-part.begin' AND outcome = 'allowed'")" = 2 ] ||
	wrong 'the trail does not tell of its parts'
[ "$(sql "SELECT count(*) FROM audit_log_2 WHERE action = 'batch.create'")" = 1 ] ||
	wrong 'the daemon does not write into the newest part'
# When the daemon stops, everything is sealed.
stop_daemon
continue_daemon
run 0 promo audit verify
says 'sealed entries are as they were written'
