#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: point-in-time.sh BUILD-FOLDER [--long]
# What docs/backup.md says of a server of one's own: it archives its WAL, a base backup is made under load, and later
# both bring back the database as it was at a moment in the middle of the load. Exactly what was committed by then
# is there, no redemption more or less.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

codes=20000 more=300
if [[ $long == yes ]]; then
	codes=1000000 more=50000
fi
mkdir "$place/archive" "$place/back"
[[ -z $account ]] || chown "$account" "$place/archive" "$place/back"

fault_cluster shop archive_mode=on track_commit_timestamp=on \
	"archive_command=test ! -f $place/archive/%f && cp %p $place/archive/%f"
fault_daemon a
fault_people 3
fault_codes "$codes"
fault_load --connections 16 --rate 1000
fault_more redeemed "$more"
fault_as "$postgres_bin/pg_basebackup" -D "$place/back/data" -X stream -c fast -N \
	-d "user=promo_owner host=$place/shop" >"$place/base.log" 2>&1 || die 'no base backup'
fault_more redeemed "$more"
at=$(fault_psql -c 'SELECT clock_timestamp()')
fault_more redeemed "$more"
fault_load_stop
fault_stop a TERM

expected=$(fault_psql -c "SELECT count(*) FROM redemptions
	WHERE pg_xact_commit_timestamp(xmin) <= '$at'")
total=$(fault_psql -c 'SELECT count(*) FROM redemptions')
last=$(fault_psql -c 'SELECT pg_walfile_name(pg_switch_wal())')
archived()
{
	[[ -f $place/archive/$last ]]
}
fault_wait 60 'the archive' archived

cat >>"$place/back/data/postgresql.auto.conf" <<END
restore_command = 'cp $place/archive/%f %p'
recovery_target_time = '$at'
recovery_target_action = 'promote'
END
fault_as touch "$place/back/data/recovery.signal"
database=back
fault_cluster back track_commit_timestamp=on
recovered()
{
	[[ $(fault_psql -c 'SELECT pg_is_in_recovery()') == f ]]
}
fault_wait 120 'the end of the recovery' recovered
found=$(fault_psql -c 'SELECT count(*) FROM redemptions')
say "redemptions: $found at $at, of $total"
[[ $found -eq $expected ]] || die "$expected were committed by then"
[[ $found -lt $total && $found -gt $more ]] || die 'that was no moment in the middle'
