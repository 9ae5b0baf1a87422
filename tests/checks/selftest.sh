#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: selftest.sh: every check finds a violation that is planted for it, and finds nothing in a
# tree without one. A check that cannot fail proves nothing.
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
count=0

# A small tree in which everything is right.
clean()
{
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree"
	cd "$scratch/tree"
	for folder in libpromo/base libpromo/rules libpromo/api libpromo/ops libpromo/store promod \
		promo-cli tests/base scripts sql/query sql/schema; do
		mkdir -p "$folder"
	done
	write libpromo/base/text.c <<-'END'
		#include "libpromo/base/text.h"

		#include <sodium.h>

		/* It is "fine" to speak of printf( and SELECT here. */
		int promo_text(void)
		{
			return 0;
		}
	END
	printf '%s\n' '/* SPDX-License-Identifier: MIT */' '#pragma once' >libpromo/base/text.h
	write libpromo/store/session.c <<-'END'
		#include "libpromo/base/text.h"
		const int query = PROMO_Q_SESSION_NOW;
	END
	printf '%s\n' '-- The clock.' 'SELECT now() AS at' >sql/query/session_now.sql
	printf '%s\n' 'CREATE TABLE a (' '	id uuid CONSTRAINT a_pkey PRIMARY KEY' ');' \
		>sql/schema/0001_a.sql
}

write()
{
	mkdir -p "$(dirname "$1")"
	{
		echo '/* SPDX-License-Identifier: MIT */'
		cat
	} >"$1"
}

# expect CHECK WORDS: the check fails on the tree and says WORDS.
expect()
{
	count=$((count + 1))
	if sh "$here/$1.sh" "$scratch/tree" >"$scratch/out" 2>&1; then
		echo "$1 did not find: $2"
		failed=1
	elif ! grep -qF "$2" "$scratch/out"; then
		echo "$1 should have said \"$2\" but said:"
		cat "$scratch/out"
		failed=1
	fi
	clean
}

# plant CHECK WORDS PATH LINE: a file PATH with this line is found by the check.
plant()
{
	printf '%s\n' "$4" | write "$3"
	expect "$1" "$2"
}

clean
for check in layers style sql; do
	count=$((count + 1))
	if ! sh "$here/$check.sh" "$scratch/tree" >"$scratch/out" 2>&1; then
		echo "$check complains about a clean tree:"
		cat "$scratch/out"
		failed=1
	fi
done

plant layers 'may not include' libpromo/base/a.c '#include "libpromo/rules/redeem.h"'
plant layers 'may not include' libpromo/store/a.c '#include "libpromo/api/op.h"'
plant layers 'may not include' promo-cli/a.c '#include "libpromo/store/store.h"'
plant layers 'may not include' promo-cli/a.h '#include "promod/http.h"'
plant layers 'belongs to libpromo/api alone' libpromo/ops/a.c '#include <jansson.h>'
plant layers 'belongs to libpromo/store alone' promod/a.c '#include <libpq-fe.h>'
plant layers 'belongs to libpromo/client libpromo/ops/mail alone' promo-cli/a.c '#include <curl/curl.h>'
plant layers 'belongs to libpromo/base alone' libpromo/ops/a.c '#include <sodium.h>'
plant layers 'belongs to promo-cli alone' promod/a.c '#include <readline/readline.h>'
plant layers 'from the root' promod/a.c '#include "http.h"'
echo '#include <microhttpd.h>' | write promod/http.c
plant layers 'one file only' promod/other.c '#include <microhttpd.h>'

plant style 'size of the target' promod/a.c 'void f(char *a) { strcpy(a, "b"); }'
plant style 'size of the target' tests/base/a.c '	sprintf (a, "b");'
plant style 'cannot tell an error' libpromo/ops/a.c 'int a = atoi("1");'
plant style 'static buffer' libpromo/base/a.c 'x = localtime(&t);'
plant style 'guessable' libpromo/base/a.c 'x = rand();'
plant style 'starts a shell' promod/a.c '(void)system("ls");'
plant style 'never end the program' libpromo/ops/a.c '	abort();'
plant style 'never print' libpromo/ops/a.c '	printf("hello");'
plant style 'never print' libpromo/ops/a.c '	fprintf(stderr, "hello");'
plant style 'never read the environment' libpromo/ops/a.c '	getenv("HOME");'
plant style 'the clock is read' libpromo/ops/a.c '	now = time(NULL);'
plant style 'transactions are begun' libpromo/ops/redeem.c '	r = promo_store_begin(store);'
plant style 'no floating point' libpromo/rules/a.c 'double amount;'
plant style 'SQL in C' libpromo/ops/a.c 'const char *q = "SELECT 1";'
plant style 'SQL in C' promod/a.c 'const char *q = "DELETE FROM users";'
plant style 'JSON by hand' promod/a.c 'const char *q = "{\"ok\": true}";'
plant style 'not for time to pass' tests/base/a.c '	sleep(1);'
plant style 'unfinished work' promod/a.c '/* TO''DO: more */'
plant style 'unfinished work' scripts/a '# FIX''ME later'
printf 'int a;\n' >promod/a.c
expect style 'names the licence'
printf '/* SPDX-License-Identifier: MIT */\nint a;\n' >promod/a.h
expect style '#pragma once'
awk 'BEGIN { for (i = 0; i < 501; i++) print "int a" i ";" }' | write promod/a.c
expect style 'more than 500 lines'
awk 'BEGIN { print "void f(void)\n{"; for (i = 0; i < 71; i++) print "\ta();"; print "}" }' |
	write promod/a.c
expect style 'the function has 71 lines'

printf '%s\n' '-- Unused.' 'SELECT 1 AS one' >sql/query/batch_get.sql
expect sql 'nobody runs'
printf '%s\n' 'CREATE TABLE a (' '	id uuid PRIMARY KEY' ');' >sql/schema/0001_a.sql
expect sql 'without a name'

# What is built: two libraries and an object file of rules that do what they must not.
mkdir -p "$scratch/build/libpromo/libpromo.so.0.p"
cd "$scratch/build/libpromo"
compile()
{
	printf '%s\n' "$2" | ${CC:-cc} -shared -fPIC -x c -o "$1" -
}
check_build()
{
	count=$((count + 1))
	if sh "$here/symbols.sh" "$scratch/tree" "$scratch/build" >"$scratch/out" 2>&1; then
		echo "symbols did not find: $1"
		failed=1
	elif ! grep -qF "$1" "$scratch/out"; then
		echo "symbols should have said \"$1\" but said:"
		cat "$scratch/out"
		failed=1
	fi
}
mkdir -p "$scratch/tree/libpromo"
echo 'int promo_a(void);' >"$scratch/tree/libpromo/a.h"
fine='int promo_a(void); int promo_a(void) { return 0; }'
compile libpromo.so "$fine"
compile libpromo-server.so "$fine"
count=$((count + 1))
if ! sh "$here/symbols.sh" "$scratch/tree" "$scratch/build"; then
	echo 'symbols complains about clean libraries'
	failed=1
fi
compile libpromo.so '#include <stdlib.h>
void promo_a(void); void promo_a(void) { abort(); }'
check_build 'calls abort'
compile libpromo.so 'int helper(void); int helper(void) { return 0; }'
check_build 'exports helper'
compile libpromo.so 'int promo_z(void); int promo_z(void) { return 0; }'
check_build 'declared in no header'
compile libpromo.so 'int promo_a(void); int promo_a(void) { static int calls; return ++calls; }'
check_build 'has the variables calls'
mv libpromo-server.so libpq.so
compile libpromo-server.so "$fine"
printf '%s\n' 'int promo_b(void); int promo_a(void); int promo_a(void) { return promo_b(); }' |
	${CC:-cc} -shared -fPIC -x c -o libpromo.so - -Wl,--no-as-needed -L. -l:libpq.so
check_build 'links what it must not'
compile libpromo.so "$fine"
printf '%s\n' '#include <time.h>' 'long a(void); long a(void) { return (long)time(0); }' |
	${CC:-cc} -c -fPIC -x c -o libpromo.so.0.p/rules_a.c.o -
mv libpromo.so.0.p libpromo.so.0.1.0.p
check_build 'calls time'

echo "$count planted cases"
exit $failed
