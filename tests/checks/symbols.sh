#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: symbols.sh BUILD: what was built links, exports and calls only what it should.
#
# The libraries export promo_ names alone, never end the program and never print; libpromo does not
# reach the database; readline is linked by `promo` and by nothing else (LICENSE says why).
# rules/ is pure: no clock, no random, no input or output, no environment.
set -eu
export LC_ALL=C

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

build=$1
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
done

needs_not "$build/libpromo/libpromo.so" 'libpq|libpromo-server|libmicrohttpd|libreadline|libncursesw?'
needs_not "$build/libpromo/libpromo-server.so" 'libmicrohttpd|libreadline|libncursesw?'
needs_not "$build/promod/promod" 'libreadline|libncursesw?'
needs_not "$build/promo-cli/promo" 'libpq|libpromo-server|libmicrohttpd'

for object in "$build"/libpromo/libpromo.so.*.p/rules_*.o; do
	[ -e "$object" ] || continue
	names=$(undefined "$object" \
		'clock_.*|gettimeofday|time|local_?time.*|rand.*|randombytes.*|getenv|secure_getenv|f?open(at)?|read|write|socket|f?printf|promo_clock.*|promo_now.*|promo_random.*|promo_log' '')
	[ -z "$names" ] || complain "$object calls $names: rules depend on their arguments only"
done
exit $found
