#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: disk-full.sh BUILD-FOLDER [--long]
# The file system of the database (a tmpfs) filled to the last byte under load, twice, or 10 times, and
# emptied again: what cannot be written is answered 503, what was acknowledged stays, and writes go on
# by themselves once there is space. So is a file system that is too small for a backup: nothing is left of that, an
# alert tells, and the next one is made once there is room. Needs the right to mount.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
fault_begin "$@"

fills=2 size=320m codes=20000
if [[ $long == yes ]]; then
	fills=10 size=1g codes=200000
fi
mkdir "$place/a"
[[ -z $account ]] || chown "$account" "$place/a"
mount -t tmpfs -o "size=$size,uid=$(id -u "${account:-$(id -un)}"),mode=0755" fault "$place/a" \
	2>"$place/mount" || fault_skip "nothing can be mounted here: $(cat "$place/mount")"
mounts+=("$place/a")
mkdir "$place/backups"
mount -t tmpfs -o "size=64k,uid=$(id -u "${account:-$(id -un)}"),mode=0700" fault "$place/backups"
mounts+=("$place/backups")

fault_daemon a "--backup-directory=$place/backups"
fault_people 3
fault_codes "$codes"
fault_load --connections 32 --rate 800
for ((i = 0; i < fills; i++)); do
	fault_more redeemed 200
	# Until nothing fits any more; what the server frees meanwhile is taken as well.
	refused=$(fault_progress not_now)
	until [[ $(fault_progress not_now) -ge $((refused + 50)) ]]; do
		load_began
		cat /dev/zero >>"$place/a/filler" 2>/dev/null || true
		sleep 0.05
	done
	since=$(now_ms)
	rm "$place/a/filler"
	fault_recover "$since" 90
done

# backup_is STATUS: of the last one.
backup_is()
{
	[[ $(fault_psql -c 'SELECT status FROM backups ORDER BY id DESC LIMIT 1') == "$1" ]]
}
fault_more redeemed 1
fault_post a /backups '' "$boss_token" >/dev/null
fault_wait 60 'the backup that does not fit' backup_is failed
[[ -z $(ls -A "$place/backups") ]] || die 'something is left of the backup'
[[ $(fault_psql -c "SELECT status FROM alerts WHERE kind = 'backup_failed'") == open ]] ||
	die 'nobody is told of the backup'
mount -o remount,size=64m "$place/backups"
fault_post a /backups '' "$boss_token" >/dev/null
fault_wait 60 'the next backup' backup_is succeeded
fault_more redeemed 1
fault_load_stop
fault_check
fault_end
