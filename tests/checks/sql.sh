#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: sql.sh ROOT: what the generator of statements (libpromo/store/sql2c.awk) cannot see: that
# every statement is used and that every constraint has a name.
set -eu
export LC_ALL=C

cd "$1"
found=0
complain()
{
	echo "$1"
	found=1
}

for file in sql/query/*.sql; do
	[ -e "$file" ] || continue
	name=PROMO_Q_$(basename "$file" .sql | tr '[:lower:]' '[:upper:]')
	grep -rqwF "$name" --include='*.c' --include='*.h' libpromo promod ||
		complain "$file:1: no source mentions $name: a statement that nobody runs"
done

# A constraint stands behind its name: CONSTRAINT name PRIMARY KEY, UNIQUE, CHECK, REFERENCES.
for file in sql/schema/*.sql; do
	[ -e "$file" ] || continue
	lines=$(sed -e 's/--.*//' "$file" | awk '
		{ text = previous " " $0 }
		/(PRIMARY KEY|UNIQUE|REFERENCES|CHECK)/ && !/CREATE UNIQUE INDEX/ &&
			text !~ /(CONSTRAINT|ON CONFLICT|ADD CONSTRAINT)/ && !/WITH CHECK/ {
			print FILENAME FNR
		}
		{ previous = $0 }')
	for line in $lines; do
		complain "$file:$line: a constraint without a name; names map to errors"
	done
done
exit $found
