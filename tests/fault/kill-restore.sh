#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: kill-restore.sh BUILD-FOLDER [--long]
# promod restore killed while pg_restore works, while its names wait to be changed, after they are, and while the
# database of --check is dropped, and with --long at 30 moments that chance chooses. Each time the database is the one
# of before or the one of the backup, whole, the next restore works, and in the end no other database is left but
# those that were kept. The daemon then serves, redeems and seals, and its trail is as it was sealed.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

codes=200 kills=0
if [[ $long == yes ]]; then
	codes=200000 kills=30
fi
restore_pid=''

fault_cluster shop
fault_daemon a
fault_people 1
fault_codes "$codes"
fault_post a /backups '' "$boss_token" >/dev/null
made()
{
	[[ $(fault_psql -c "SELECT status FROM backups") == succeeded ]]
}
fault_wait 120 'the backup' made
fault_stop a TERM
fault_psql -c 'CREATE TABLE younger ()'
fault_as cp "$place"/a/state/backups/*.backup "$place/a/shop.backup"

on_server()
{
	fault_psql_on shop "$@"
}

# restore [OPTION..]: in the background.
restore()
{
	"$build/promod/promod" restore "$place/a/shop.backup" ${account:+--run-as="$account"} \
		--state-dir="$place/a/state" --database="$(fault_uri promo_app promo)" \
		--owner-database="$(fault_uri promo_owner promo)" --log-level=warning \
		"$@" </dev/null >"$place/restore.log" 2>&1 &
	restore_pid=$!
}

restored()
{
	wait "$restore_pid" || die "the restore failed: $(cat "$place/restore.log")"
}

kill_restore()
{
	kill -KILL "$restore_pid" || die "the restore ended before: $(cat "$place/restore.log")"
	disown "$restore_pid" 2>/dev/null || true
	fault_wait 30 'the end of the restore' gone "$restore_pid"
}

# Which of the two the database is: it has all codes in any case.
which_is_it()
{
	[[ $(fault_psql -c 'SELECT count(*) FROM promo_codes') -eq $codes ]] || die 'codes are lost'
	fault_psql -c "SELECT CASE WHEN to_regclass('younger') IS NULL THEN 'restored' ELSE 'old' END"
}

it_is()
{
	local found

	found=$(which_is_it)
	[[ $found == "$1" ]] || die "the database is the $found one, not the $1 one"
}

# The databases are put back, so that the next one can be told from this one.
back()
{
	local kept

	kept=$(on_server -c "SELECT datname FROM pg_database WHERE datname ~ '^promo_before_'")
	on_server -c 'DROP DATABASE promo' -c "ALTER DATABASE $kept RENAME TO promo"
	it_is old
}

scratch_is()
{
	[[ $(on_server -c "SELECT count(*) FROM pg_database WHERE datname ~ '^promo_(restore|check)_'") \
		-eq $1 ]]
}

is_filling()
{
	[[ $(on_server -c "SELECT count(*) FROM pg_stat_activity WHERE datname ~ '^promo_restore_'
		AND application_name = 'pg_restore'") -gt 0 ]]
}

# A session that holds locks for a while.
coproc holder { fault_as "$postgres_bin/psql" -XAtq -d "postgresql:///postgres?user=promo_owner&host=$place/shop" \
	2>&1; }
hold()
{
	say "BEGIN; $1; SELECT 'held';" >&"${holder[1]}"
	read -r -t 30 <&"${holder[0]}" || die 'nothing is held'
}

let_go()
{
	say 'COMMIT;' >&"${holder[1]}"
}

# While pg_restore works.
restore
fault_wait 30 'pg_restore' is_filling
kill_restore
it_is old
scratch_is 1 || die 'nothing was left: it was not killed at work'

# While the names wait to be changed: the server goes on with it, since nobody tells it otherwise.
hold "COMMENT ON DATABASE promo IS 'a shop'"
restore
is_waiting()
{
	[[ $(on_server -c "SELECT count(*) FROM pg_locks WHERE NOT granted
		AND classid = 'pg_database'::regclass") -gt 0 ]]
}
fault_wait 60 'the names' is_waiting
kill_restore
scratch_is 1 || die 'there is no restored database beside it' # nobody gets into the other one now
let_go
renamed()
{
	scratch_is 0
}
fault_wait 30 'the new names' renamed
it_is restored
back

# While what --check made is dropped.
restore --check
is_dropping()
{
	grep -q 'is whole' "$place/restore.log" || ! alive "$restore_pid"
}
fault_wait 60 'the check' is_dropping
kill -KILL "$restore_pid" 2>/dev/null || true
disown "$restore_pid" 2>/dev/null || true
fault_wait 30 'the end of the check' gone "$restore_pid"
it_is old

for ((i = 0; i < kills; i++)); do
	restore
	sleep "$((RANDOM % 6)).$((RANDOM % 10))" # a moment that chance chooses, nothing to wait for
	kill -KILL "$restore_pid" 2>/dev/null || true
	disown "$restore_pid" 2>/dev/null || true
	fault_wait 30 'the end of the restore' gone "$restore_pid"
	[[ $(which_is_it) == old ]] || back
done

restore
restored
it_is restored
scratch_is 0 || die 'a database was left'

# The shop goes on: who worked signs in again, and what is redeemed is sealed behind what was.
seals=$(fault_psql -c 'SELECT coalesce(max(id), 0) FROM audit_seals')
fault_daemon a "--audit-seals-file=$place/a/state/seals-2.log"
fault_post a /auth/login \
	'{"identifier": "clerk0@promo.example", "password": "correct horse battery"}' |
	person_line >"$place/people"
fault_load --connections 4 --rate 200
fault_more redeemed 50
fault_load_stop
sealed()
{
	[[ $(fault_psql -c "SELECT max(id) > $seals AND NOT EXISTS (SELECT FROM audit_writers w
		LEFT JOIN audit_sealed s ON s.writer_id = w.id WHERE w.seq > coalesce(s.seq, 0))
		FROM audit_seals") == t ]]
}
fault_stop a TERM
sealed || die 'what came afterwards is not sealed'
fault_check
fault_end
