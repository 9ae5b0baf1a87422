#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: symbols.sh ROOT BUILD: what was built links, exports and calls only what it should.
#
# The libraries export promo_ names alone, each declared in a header; they never end the program and
# never print; their only variables are those of globals.txt. libpromo does not reach the database;
# readline is linked by `promo` and by nothing else (LICENSE says why), curses by `promo-tui`. rules/ is pure: no clock, no
# random, no input or output, no environment.
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$1
build=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

found=0
complain()
{
	echo "$1"
	found=1
}

# undefined FILE PATTERN: names that FILE needs from elsewhere and that match.
undefined()
{
	nm -u $3 "$1" | awk '{ sub(/@.*/, "", $NF); print $NF }' | grep -E "^($2)$" | tr '\n' ' '
}

needs_not()
{
	[ -e "$1" ] || return 0
	if readelf -d "$1" | grep NEEDED | grep -qE "\[($2)\.so"; then
		complain "$1 links what it must not: $(readelf -d "$1" | grep NEEDED |
			grep -oE "\[($2)\.so[^]]*" | tr -d '[' | tr '\n' ' ')"
	fi
}

find "$root/libpromo" "$build/libpromo" -name '*.h' -o -name '*.def' |
	xargs cat | tr -cs 'A-Za-z0-9_' '\n' | sort -u >"$scratch/declared"
for name in promo promo-server; do
	library=$build/libpromo/lib$name.so
	if [ ! -e "$library" ]; then
		complain "$library was not built"
		continue
	fi
	names=$(undefined "$library" \
		'exit|abort|quick_exit|printf|__printf_chk|vprintf|__vprintf_chk|puts|putchar|perror|syslog|system|popen|getenv|secure_getenv' -D)
	[ -z "$names" ] || complain "$library calls $names: libraries never end, print or read the environment"
	names=$(nm -D --defined-only "$library" | awk '{ print $NF }' |
		grep -vE '^(promo_|__odr_asan|_init$|_fini$|__[a-z]*san)' | tr '\n' ' ')
	[ -z "$names" ] || complain "$library exports $names: public names begin with promo_"
	names=$(nm -D --defined-only "$library" | awk '$NF ~ /^promo_/ { print $NF }' | sort |
		comm -23 - "$scratch/declared" | tr '\n' ' ')
	[ -z "$names" ] || complain "$library exports $names: declared in no header"
	names=$(objdump -t "$library" |
		awk '/[ \t]\.(data|bss|tdata|tbss)[ \t]/ && NF >= 5 && $NF !~ /^(\.|__|completed)/ {
			sub(/\.[0-9]+$/, "", $NF) # gcc: name.0
			sub(/.*\./, "", $NF)      # clang: function.name
			print $NF
		}' | sort -u | grep -vxF "$(awk '!/^#/ { print $1 }' "$here/globals.txt")" | tr '\n' ' ')
	[ -z "$names" ] || complain "$library has the variables $names: see tests/checks/globals.txt"
done

needs_not "$build/libpromo/libpromo.so" 'libpq|libpromo-server|libmicrohttpd|libreadline|libncursesw?'
needs_not "$build/libpromo/libpromo-server.so" 'libmicrohttpd|libreadline|libncursesw?'
needs_not "$build/promod/promod" 'libreadline|libncursesw?'
needs_not "$build/promo-cli/promo" 'libpq|libpromo-server|libmicrohttpd|libncursesw?'
needs_not "$build/promo-tui/promo-tui" 'libpq|libpromo-server|libmicrohttpd|libreadline'

for object in "$build"/libpromo/libpromo.so.*.p/rules_*.o; do
	[ -e "$object" ] || continue
	names=$(undefined "$object" \
		'clock_.*|gettimeofday|time|local_?time.*|rand.*|randombytes.*|getenv|secure_getenv|f?open(at)?|read|write|socket|f?printf|promo_now_ms|promo_monotonic.*|promo_random_system|promo_uuid_new.*|promo_secret_file.*|promo_log' '')
	[ -z "$names" ] || complain "$object calls $names: rules depend on their arguments only"
done
exit $found
