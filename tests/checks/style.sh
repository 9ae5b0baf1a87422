#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: style.sh ROOT: no file below ROOT breaks one of the rules that a pattern can find.
#
# Each rule is one call below: where it holds, what it must not find, and why. HACKING.md lists them.
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$1"

find libpromo promod promo-cli promo-tui tests bench docs/examples \
	\( -name '*.c' -o -name '*.h' -o -name '*.def' \) -type f 2>/dev/null | sort >"$scratch/c"
find .ci libpromo promod promo-cli promo-tui tests bench docs man scripts sql -type f \
	! -path 'tests/checks/*' ! -name '*.png' ! -name '*.pdf' 2>/dev/null | sort >"$scratch/all"
xargs awk -v keep=code -f "$here/strip.awk" <"$scratch/c" >"$scratch/code"
xargs awk -v keep=strings -f "$here/strip.awk" <"$scratch/c" >"$scratch/strings"

libraries='libpromo/'
shipped='(libpromo|promod|promo-cli|promo-tui)/'
anywhere='[^:]*'

# refuse STREAM PLACE EXCEPT PATTERN WHY: PLACE and EXCEPT are patterns of paths, PATTERN of text.
refuse()
{
	grep -E "^$2[^:]*:[0-9]+:" "$scratch/$1" |
		{ [ -z "$3" ] && cat || grep -vE "^($3):"; } |
		grep -E "^[^:]+:[0-9]+:.*($4)" |
		sed -E "s|^([^:]+:[0-9]+:).*|\1 $5|" >>"$scratch/found" || true
}

word()
{
	printf '(^|[^A-Za-z0-9_])(%s)[ \t]*\\(' "$1"
}

: >"$scratch/found"

# Calls that overflow, cannot report an error, share a static buffer, or start a shell.
refuse code "$anywhere" '' \
	"$(word 'strcpy|strcat|stpcpy|strncpy|sprintf|vsprintf|gets|alloca')" \
	'banned: the size of the target is not checked; use snprintf or the arena'
refuse code "$anywhere" '' "$(word 'atoi|atol|atoll|atof')" \
	'banned: cannot tell an error; use libpromo/base'
refuse code "$anywhere" '' \
	"$(word 'strtok|localtime|gmtime|asctime|ctime|tmpnam|mktemp|tempnam')" \
	'banned: shares a static buffer or a guessable name'
refuse code "$anywhere" '' "$(word 'rand|srand|random|srandom|drand48|rand_r')" \
	'banned: guessable; randomness comes from libpromo/base'
refuse code "$anywhere" '' "$(word 'system|popen')" \
	'banned: starts a shell; fork and exec'

# Libraries leave the program to its owner: no exit, no output, no environment.
refuse code "$libraries" '' "$(word 'exit|abort|quick_exit')" \
	'libraries never end the program; return a fault'
refuse code "$libraries" '' \
	"$(word 'printf|vprintf|puts|putchar|perror|err|errx|warn|warnx|syslog')" \
	'libraries never print; promo_log or promo_fault'
refuse code "$libraries" '' '(^|[^A-Za-z0-9_])(stdout|stderr)([^A-Za-z0-9_]|$)' \
	'libraries never print; promo_log or promo_fault'
refuse code "$libraries" '' "$(word 'getenv|secure_getenv|setenv|putenv')" \
	'libraries never read the environment; take it as an argument'

# One home each.
refuse code "$shipped" 'libpromo/base/[^:]*' \
	"$(word 'clock_gettime|gettimeofday|time|clock_nanosleep')" \
	'the clock is read in libpromo/base alone'
refuse code "$shipped" 'libpromo/ops/(run|jobs|sealer|alert_round)[a-z_]*\.c|libpromo/store/[^:]*' \
	"$(word 'promo_store_begin|promo_store_commit')" \
	'transactions are begun and ended in ops/run.c, the job engine, the sealer and the watch over alerts alone'
refuse code "$shipped" 'libpromo/api/[^:]*|libpromo/ops/print/[^:]*' '(^|[^A-Za-z0-9_])(float|double)([^A-Za-z0-9_]|$)' \
	'no floating point: money is int64 minor units; only what reads JSON or draws may see a real'

refuse code "$shipped" 'libpromo/api/json_load.c' "$(word 'json_loads|json_loadb|json_loadf|json_load_file')" \
	'jansson reads wrongly where memory lacks: promo_json_load() of libpromo/api sees to that'

# SQL stands in files, JSON comes from the codec.
refuse strings "$shipped" '' \
	'"[ \t]*(SELECT |INSERT INTO |DELETE FROM |UPDATE [a-z_]+ |WITH [a-z_]+ AS|CREATE (TABLE|INDEX|ROLE|VIEW|DATABASE|UNIQUE)|ALTER (TABLE|ROLE|DATABASE)|DROP (TABLE|INDEX|ROLE)|GRANT |REVOKE |(WHERE|ORDER BY|LIMIT|AND|OR) [a-z_.$]+)' \
	'SQL in C: a statement is a file below sql/query'
refuse strings "$shipped" '' '\\"[a-z_]+\\" *:|"\{ *\\"' \
	'JSON by hand: the codec of libpromo/api writes it'

# Tests wait for what they wait for.
refuse code 'tests/' '' "$(word 'sleep|usleep')" \
	'a test waits for a condition, with a deadline, not for time to pass'

# Marks of unfinished work, in any file.
xargs grep -nE '(^|[^A-Za-z0-9_])(TO''DO|FIX''ME|HA''CK|XX''X)([ :.,]|$)' <"$scratch/all" 2>/dev/null |
	sed -E 's|^([^:]+:[0-9]+:).*|\1 a mark of unfinished work: finish it or write an issue|' \
		>>"$scratch/found" || true

# Heads of files.
while read -r file; do
	case $file in
	*.def) continue ;;
	esac
	head -n 1 "$file" | grep -q '^/\* SPDX-License-Identifier: MIT \*/$' ||
		echo "$file:1: the first line names the licence: /* SPDX-License-Identifier: MIT */"
	case $file in
	*.h)
		grep -q '^#pragma once$' "$file" || echo "$file:1: a header has #pragma once"
		;;
	esac
done <"$scratch/c" >>"$scratch/found"

# Sizes, tables of rows and generated lists excepted.
find libpromo promod promo-cli promo-tui tests bench scripts sql docs/examples -type f \
	\( -name '*.[ch]' -o -name '*.sql' -o -name '*.sh' -o -name '*.awk' -o -path 'scripts/*' \) \
	2>/dev/null | sort | xargs awk -f "$here/sizes.awk" >>"$scratch/found" || true

cat "$scratch/found"
[ ! -s "$scratch/found" ]
