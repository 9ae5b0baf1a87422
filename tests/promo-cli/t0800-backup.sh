#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0800-backup.sh PROMO PROMOD
# Proves that a backup brings back exactly what was there, with the real command, daemon and database: it is made,
# listed, restored on trial, downloaded and restored by the one command, which refuses while the daemon runs; what
# came after it is gone, whoever was signed in is signed out; the trail that came with it is as it was sealed, or it is
# not taken unless somebody wants it nonetheless. A file that is damaged, cut off or sealed to
# another key changes nothing.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"

daemon_options="--state-dir $place/run/state"
server=$PROMO_SERVER

restore()
{
	run "$1" "$promod" restore $account $daemon_options "${@:2}"
}

said()
{
	grep -q -- "$@" "$err" || wrong "standard error has no '$*'"
}

printed()
{
	grep -q -- "$@" "$out" || wrong "standard output has no '$*'"
}

again()
{
	continue_daemon
	PROMO_SERVER=$server
}

# redeem NUMBER KEY: the code of this number; its redemption is in $redemption.
redeem()
{
	run 0 promo redeem "$(sql "SELECT code FROM promo_codes ORDER BY serial LIMIT 1 OFFSET $1 - 1")" \
		--phone 0788123456 --idempotency-key "$2" --json
	redemption=$(grep -o '"id":"[0-9a-f-]*"' "$out" | head -n 1)
}

run 0 promo batch create before --codes 20 --amount 500 --expires 2099-12-31
redeem 1 key-of-the-backup-1
known=$redemption
run 0 promo backup create
run 0 promo backup list --json
printed '"status":"succeeded"'
printed '"codes":20'
id=$(grep -o '"id":"[0-9a-f-]*"' "$out" | head -n 1 | cut -d'"' -f4)
run 0 promo backup verify "$id" --json
printed '"status":"succeeded"'
run 0 promo backup list --json
printed '"verified_at":"2'
run 0 promo backup download "$id" -o "$place/run/shop.backup"
chmod 644 "$place/run/shop.backup"
run 0 promo settings get backup --json
printed '"last_backup_date":"2'
redeem 2 key-of-the-backup-2
lost=$redemption
run 0 promo batch create after --codes 5 --amount 500 --expires 2099-12-31
run 0 promo batch generate BATCH_BEFORE 6

restore 1 "$place/run/shop.backup"
said 'stop all daemons'
stop_daemon

cp "$place/run/shop.backup" "$place/run/damaged.backup"
printf 'x' | dd of="$place/run/damaged.backup" bs=1 seek=20000 conv=notrunc 2>/dev/null
restore 2 "$place/run/damaged.backup"
said 'damaged'
head -c 30000 "$place/run/shop.backup" >"$place/run/cut.backup"
restore 2 "$place/run/cut.backup"
said 'cut off'
echo hello >"$place/run/none.backup"
restore 2 "$place/run/none.backup"

restore 2 "$place/run/shop.backup" --key "$place/none.key"
said 'no key'

restore 0 "$place/run/shop.backup" --check
printed 'is whole'
printed 'its audit trail fits its seals'
restore 0 "$place/run/shop.backup"
printed 'it is now the database'
printed '1 backups of .* are listed again'
printed 'seals.log knows seals up to'

# From now on they are sealed, and the daemon that makes them cannot read them.
run 0 "$promod" backup-key "$place/backup.key"
echo "backup_public_key = $(cat "$out")" >"$place/promod.conf"
echo "audit_seals_file = $place/run/state/seals-2.log" >>"$place/promod.conf"
[ -z "$account" ] || chown nobody "$place/backup.key"
run 0 "$promod" backup-key "$place/other.key"
[ -z "$account" ] || chown nobody "$place/other.key"
account="$account --config $place/promod.conf"
again
run 4 promo batch list
sign_in_boss
run 0 promo batch list
printed 'BATCH_BEFORE'
! grep -q 'BATCH_AFTER' "$out" || wrong 'what came after the backup is still there'
# A key of the backup is one that was used; what came after it is done again, and codes are counted on from there.
redeem 1 key-of-the-backup-1
[ "$redemption" = "$known" ] || wrong 'a code was redeemed twice'
redeem 2 key-of-the-backup-2
[ "$redemption" != "$lost" ] || wrong 'what is lost was answered'
run 0 promo batch generate BATCH_BEFORE 5
[ "$(sql 'SELECT concat(count(*), min(serial), max(serial)) FROM promo_codes')" = 25125 ] ||
	wrong 'the codes are not counted on'
[ "$(sql 'SELECT sum(redeemed) FROM totals')" = 2 ] || wrong 'the sums are others'
run 0 promo audit verify
run 0 promo backup list --json
printed "\"id\":\"$id\",.*\"status\":\"succeeded\""

until [ "$(sql 'SELECT count(*) > 0 FROM audit_seals')" = t ]; do
	sleep 0.1
done
run 0 promo backup create
run 0 promo backup list --json
id=$(grep -o '"id":"[0-9a-f-]*"' "$out" | head -n 1 | cut -d'"' -f4)
run 0 promo backup download "$id" -o "$place/run/sealed.backup"
chmod 644 "$place/run/sealed.backup"
! grep -aq 'last_seal' "$place/run/sealed.backup" || wrong 'a sealed backup can be read'
run 1 promo backup verify "$id"
said 'sealed to a public key'
stop_daemon
restore 2 "$place/run/sealed.backup"
said 'sealed to a public key'
restore 2 "$place/run/sealed.backup" --key "$place/other.key"
said 'not sealed to this key'
# Of a trail that somebody else has sealed.
restore 2 "$place/run/sealed.backup" --key "$place/backup.key" --check --audit-key-file "$place/run/else.key"
said 'not trusted here'
restore 0 "$place/run/sealed.backup" --key "$place/backup.key" --check --despite-seals
printed 'its seals were not checked'
