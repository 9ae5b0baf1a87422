#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: disk-full.sh BUILD-FOLDER [--long]
# The file system of the database (a tmpfs) filled to the last byte under load, twice, or 10 times, and
# emptied again: what cannot be written is answered 503, what was acknowledged stays, and writes go on
# by themselves once there is space. Needs the right to mount.
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

fault_daemon a
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
fault_load_stop
fault_check
fault_end
