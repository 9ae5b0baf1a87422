#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0120-broken-downloads.sh PROMO PROMOD SWALLOWER
# Proves that a file of a job whose download breaks off is gone on with, in the same run and in the next
# one, and that what is kept is the file that the server made or nothing.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"
start_swallower "$3"
PROMO_SERVER=$swallower_server
out_file=$place/codes.csv

first_id()
{
	grep -o '"id": *"[^"]*"' "$out" | head -n 1 | cut -d'"' -f4
}
# nothing_left FILE: beside it nothing that it was to become.
nothing_left()
{
	[ -z "$(find "$place" -name "$(basename "$1").*")" ] || wrong "something is left beside $1"
}

sign_in_boss
run 0 promo batch create main --codes 10000 --amount 500 --expires 2099-12-31
run 0 promo batch export MAIN --format csv --json
job=$(first_id)
run 0 promo job wait "$job" --json
hash=$(grep -o '"sha256": *"[^"]*"' "$out" | cut -d'"' -f4)
is_whole()
{
	[ "$(sha256sum "$1" | cut -d' ' -f1)" = "$hash" ] || wrong "$1 is another file"
	nothing_left "$1"
}

# Each try brings something until it breaks off.
echo pass pass pass close pass pass pass close >"$place/orders"
run 0 promo job file "$job" -o "$out_file"
is_whole "$out_file"
[ "$(grep -c 'operation=job.file status=206' "$place/log")" = 2 ] || wrong 'it was not gone on with'

# What an earlier run has left: the rest alone is sent.
size=$(stat -c %s "$out_file")
head -c 100000 "$out_file" >"$place/second.csv.$hash.part"
run 0 promo job file "$job" -o "$place/second.csv"
is_whole "$place/second.csv"
grep 'operation=job.file' "$place/log" | tail -n 1 | grep -q " bytes=$((size - 100000))" ||
	wrong 'more than the rest was sent'
cp "$out_file" "$place/all.csv.$hash.part"
run 0 promo job file "$job" -o "$place/all.csv"
is_whole "$place/all.csv"

# It may be of another file by now, be damaged, or be no file of ours.
head -c 100000 /dev/zero >"$place/other.csv.$(printf '%064d' 7).part"
run 0 promo job file "$job" -o "$place/other.csv"
is_whole "$place/other.csv"
head -c 100000 /dev/zero >"$place/bad.csv.$hash.part"
run 9 promo job file "$job" -o "$place/bad.csv"
says 'nothing was kept'
[ ! -e "$place/bad.csv" ] || wrong 'a damaged file was kept'
nothing_left "$place/bad.csv"
ln -s "$out_file" "$place/link.csv.$hash.part"
run 0 promo job file "$job" -o "$place/link.csv"
[ -L "$place/link.csv.$hash.part" ] && [ ! -L "$place/link.csv" ] || wrong 'a link was followed'
rm "$place/link.csv.$hash.part"
is_whole "$place/link.csv"

# Who is refused keeps what he has.
head -c 100000 "$out_file" >"$place/later.csv.$hash.part"
echo 401 >"$place/orders"
run 4 promo job file "$job" -o "$place/later.csv"
says 'the same command goes on with it'
run 0 promo job file "$job" -o "$place/later.csv"
is_whole "$place/later.csv"
