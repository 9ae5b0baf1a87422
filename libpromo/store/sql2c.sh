#!/bin/sh
# SPDX-License-Identifier: MIT
#
# usage: sql2c.sh SQL-DIR HEADER SOURCE DEPFILE
#
# Runs sql2c.awk over every file of SQL-DIR/schema and SQL-DIR/query. The depfile names the files
# and their folders, so that a new file is picked up by the next `ninja`; the header is touched only
# when the list of statements changes, so that editing one compiles little.
set -eu
LC_ALL=C
export LC_ALL

here=$(dirname "$0")
sql=$1 header=$2 source=$3 depfile=$4

sums=$(mktemp)
trap 'rm -f "$sums" "$header.new"' EXIT
sha256sum "$sql"/schema/*.sql > "$sums"
awk -f "$here/sql2c.awk" -v header="$header.new" -v source="$source" \
	"$sums" "$sql"/schema/*.sql "$sql"/query/*.sql
cmp -s "$header.new" "$header" || cp "$header.new" "$header"

{
	printf '%s %s: %s %s' "$header" "$source" "$sql/schema" "$sql/query"
	printf ' %s' "$sql"/schema/*.sql "$sql"/query/*.sql
	printf '\n'
} > "$depfile"
