#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0500-import.sh PROMO PROMOD
# Proves imports as a person sees them, with the real command, daemon and database: strict is all or
# nothing, skip takes what is valid, rejects are mended and come in, an own export of a batch makes an
# equal batch after it was deleted, every dialect of CSV means the same, a job that was killed in the
# middle goes on to exactly what the file has, and what is no CSV is called by its name.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"
f=$place/f.csv
rejects=$place/rejects.csv

batch()
{
	run 0 promo batch create "$1" --codes 0 --amount 500 --expires 2099-12-31
}
codes_of()
{
	sql "SELECT string_agg(code || ' ' || p.status, ',' ORDER BY serial) FROM promo_codes p
		JOIN batches b ON b.id = batch_id WHERE batch_name = '$1' AND serial <= ready_codes"
}
expect()
{
	[ "$1" = "$2" ] || wrong "got '$1', not '$2'"
}

batch STRICT
printf '\357\273\277Status;"CODE" ; amount\r\nactive;AAAA-AA26-AA11-AA01;500,00\r\n' >"$f"
printf ';aaaa aa26 aa11 aa02;500\r\nused;AAAA-AA26-AA11-AA03;\r\n' >>"$f"
run 0 promo import STRICT "$f" --dry-run
says '3 of 3 codes would be imported'
expect "$(codes_of BATCH_STRICT)" ''
run 0 promo import strict "$f"
says '^✓ 3 of 3 codes imported'
says '1 of them were used before'
expect "$(codes_of BATCH_STRICT)" \
	'AAAAAA26AA11AA01 active,AAAAAA26AA11AA02 active,AAAAAA26AA11AA03 redeemed'
expect "$(sql 'SELECT sum(imported), sum(redeemed) FROM totals')" '1|0'
run 0 promo --json batch show BATCH_STRICT
grep -q '"redeemed": *1' "$out" || wrong 'the used code is not counted'
run 7 promo import STRICT "$f"
says '^--repeat imports it again'
says 'this very file was imported before'
run 1 promo import STRICT "$f" --repeat
says 'the job failed: 3 of 3 rows cannot be taken, so none was'
says 'line 2: code "AAAA-AA26-AA11-AA01": this code'

# Everything that can be wrong with a row, and what is right beside it.
batch SKIP
cat >"$f" <<'END'
code,amount,currency,status,expires,note
BBBB-BB26-BB11-BB01,,,,,not ours
AAAA-AA26-AA11-AA04,500,RWF,active,2099-12-31,fine
aaaa-aa26-aa11-aa04,,,,,twice
1.23457E+15,,,,,a spreadsheet
,,,,,none
AAAA-AA26-AA11-AA05,400,,,,another amount
AAAA-AA26-AA11-AA06,,EUR,,,another currency
AAAA-AA26-AA11-AA07,,,gone,,no status
AAAA-AA26-AA11-AA08,,,reported,,reported
AAAA-AA26-AA11-AA09,,,,2100-01-01,too late
AAAA-AA26-AA13-AA10,,,,,no month
AA"AA,,,,,a stray quote
AAAA-AA26-AA11-AA12,500,RWF
AAAA-AA26-AA11-AA01,,,,,of another batch
#NAME?,,,,,a spreadsheet
'=x',,,,,
AAAA-AA26-AA11-AA11,,,blocked,2027-01-01,fine
,,,,,
END
run 3 promo import SKIP "$f" --mode skip --rejects "$rejects"
says '2 of 17 codes imported'
expect "$(codes_of BATCH_SKIP)" 'AAAAAA26AA11AA04 active,AAAAAA26AA11AA11 blocked'
expect "$(cut -d, -f3 "$rejects" | tr -d '"' | tr '\n\r' '  ' | tr -s ' ')" \
	"reason code_other_format duplicate_in_file spreadsheet_number code_missing amount_differs\
 currency_differs status_unknown status_reported expires_after_batch code_date_impossible\
 row_malformed row_too_short code_exists spreadsheet_error code_malformed "
expect "$(sed -n 2p "$rejects" | cut -d, -f1-2)" '"2","BBBB-BB26-BB11-BB01"'
# Mended, it comes in; what cannot be mended is taken out.
sed -n '1p;/AA05/p' "$rejects" | sed 's/"400"/"500"/g' >"$place/mended.csv"
run 0 promo import SKIP "$place/mended.csv" --mode skip
expect "$(codes_of BATCH_SKIP)" \
	'AAAAAA26AA11AA04 active,AAAAAA26AA11AA11 blocked,AAAAAA26AA11AA05 active'
# What a row did not have is marked, and refused until somebody says what belongs there.
grep '^"14","AAAA-AA26-AA11-AA12",' "$rejects" | grep -q '"500","RWF","?","","?",""' ||
	wrong 'the cells that a row did not have are not marked'
sed -n '1p;/AA12/p' "$rejects" >"$place/short.csv"
run 3 promo import SKIP "$place/short.csv" --mode skip --rejects "$place/again.csv"
grep -q '"row_too_short"' "$place/again.csv" || wrong 'a row was taken that nobody has mended'
sed -n '1p;/AA12/p' "$place/again.csv" | sed 's/"?"/"used"/; s/"?"/""/' >"$place/short.csv"
run 0 promo import SKIP "$place/short.csv" --mode skip
expect "$(sql "SELECT status FROM promo_codes WHERE code = 'AAAAAA26AA11AA12'")" redeemed
run 0 promo --json batch show BATCH_SKIP
grep -q '"blocked": *1' "$out" || wrong 'the blocked code is not counted'

# Days, each of which ends in the shop's zone.
batch DAYS
awk 'BEGIN { print "code,expires"; for (i = 1; i <= 22; i++)
	printf "AAAA-GG26-GG11-GG%02d,20%02d-03-1%d\n", i, 27 + i % 5, i % 2 }' >"$f"
run 0 promo import DAYS "$f"
expect "$(sql "SELECT count(*), min(expires_at AT TIME ZONE 'Africa/Kigali'),
	bool_and((expires_at AT TIME ZONE 'Africa/Kigali')::time = '00:00') FROM promo_codes
	WHERE code LIKE 'AAAAGG%'")" '22|2027-03-11 00:00:00|t'

# Other formats, and codes that read alike.
batch OTHER
printf 'Promo Code\nBOOK-1234\n800K-I234\nSHOP99\n0000-0099-0099-0099\n' >"$f"
run 1 promo import OTHER "$f"
says '--any-format takes codes of other forms'
run 3 promo import OTHER "$f" --mode skip --any-format
says 'line 3: code "800K-I234": a code that reads the same'
expect "$(codes_of BATCH_OTHER)" \
	'800K1234 active,SH0P99 active,0000009900990099 active'
run 0 promo verify BOOK-1234
run 0 promo verify 0000-0099-0099-0099

# Dialects.
printf 'x,Code,amount\n1,CCCC-CC26-CC11-CC01,500\n2,"CCCC-CC26-CC11-CC02","500.00"\n' >"$place/d1"
tr , ';' <"$place/d1" >"$place/d2"
tr , '\t' <"$place/d1" >"$place/d3"
sed 's/$/\r/' "$place/d1" >"$place/d4"
tr '\n' '\r' <"$place/d1" >"$place/d5"
{ printf '\377\376'; iconv -t UTF-16LE "$place/d1"; } >"$place/d6"
{ printf '\376\377'; iconv -t UTF-16BE "$place/d2"; } >"$place/d7"
{ printf 'sep=;\n'; cat "$place/d2"; } >"$place/d8"
printf '\n\n%s' "$(cat "$place/d1")" >"$place/d9"
for i in 2 5 6 8; do
	batch "DIALECT_$i"
	run 0 promo import "DIALECT_$i" "$place/d$i"
	expect "$(codes_of "BATCH_DIALECT_$i")" 'CCCCCC26CC11CC01 active,CCCCCC26CC11CC02 active'
	run 0 promo batch delete "BATCH_DIALECT_$i" --yes
	until [ "$(sql "SELECT count(*) FROM promo_codes WHERE code LIKE 'CCCC%'")" = 0 ]; do
		sleep 0.05
	done
done

# What is no CSV.
batch NOT
printf 'PK\003\004 xl/workbook.xml' >"$f"
run 2 promo import NOT "$f"
says '^  FILE: is an Excel workbook (xlsx) and no CSV'
printf '%%PDF-1.7\n' >"$f"
run 2 promo import NOT "$f"
says 'a PDF document'
printf 'a,b\n1,2\n' >"$f"
run 2 promo import NOT "$f"
says 'no column "code"'
: >"$f"
run 2 promo import NOT "$f"
says 'is empty'
printf 'code\n' >"$f"
run 1 promo import NOT "$f"
says 'no row below'
run 1 promo import NOT "$place/none.csv"
run 6 promo import NOWHERE "$f"
run 2 promo import NOT
promo code template >"$f" 2>/dev/null
run 1 promo import NOT "$f" --any-format

# An own export of a batch makes an equal one.
run 0 promo batch create ROUND --codes 2000 --amount 500 --expires 2099-12-31
sql "UPDATE promo_codes SET expires_at = '2098-01-01' WHERE serial % 7 = 0" >/dev/null
whole="SELECT md5(string_agg(code || serial || amount || p.status || coalesce(expires_at::text, '-'),
	',' ORDER BY serial)) FROM promo_codes p JOIN batches b ON b.id = batch_id
	WHERE batch_name = 'BATCH_ROUND' AND deleted_at IS NULL"
before=$(sql "$whole")
run 0 promo download BATCH_ROUND -o "$place/round.csv"
run 2 promo batch delete BATCH_ROUND </dev/null
says 'say --yes'
run 0 promo batch delete BATCH_ROUND --yes
until [ "$(sql "SELECT count(*) FROM batches WHERE batch_name LIKE '%ROUND%'")" = 0 ]; do
	sleep 0.05
done
batch ROUND
run 0 promo import ROUND "$place/round.csv"
expect "$(sql "$whole")" "$before"

# As a form of a web page sends it; and what nobody may send is refused before it comes.
batch FORM
token=$(token)
id=$(sql "SELECT id FROM batches WHERE batch_name = 'BATCH_FORM'")
printf 'code\r\nFFFF-FF26-FF11-FF01\r\n' >"$f"
send()
{
	curl -sS -o "$out" -w '%{http_code}' "$PROMO_SERVER/api/v1/batches/$id/import" \
		-H "Authorization: Bearer $token" "$@"
}
expect "$(send -F "file=@$f;type=text/csv")" 202
until [ "$(codes_of BATCH_FORM)" = 'FFFFFF26FF11FF01 active' ]; do
	sleep 0.05
done
expect "$(send -F "file=@$f;type=text/csv")" 409
expect "$(send -F "other=@$f;type=text/csv")" 400
expect "$(send -H 'Content-Type: image/png' --data-binary "@$f")" 415
expect "$(send -H 'Content-Type: text/csv' -H 'Transfer-Encoding: chunked' -T "$f" -X POST)" 409
truncate -s 900M "$place/large"
token=no
expect "$(send -H 'Content-Type: text/csv' -H 'Expect: 100-continue' -T "$place/large" -X POST)" 401
rm "$place/large"

# Killed in the middle, it goes on: a file with duplicates across chunks.
batch KILLED
{
	echo code
	awk 'BEGIN { for (i = 0; i < 110000; i++) printf "DDDD-%04d-%04d-%04d\n", i % 10000, i / 10000, 7 }'
	echo DDDD-0001-0000-0007
	echo DDDD-0002-0000-0007
} >"$f"
run 0 promo import KILLED "$f" --mode skip --any-format --detach
until [ "$(sql "SELECT max(done) >= 50000 FROM jobs j JOIN batches b ON b.id = j.batch_id
	WHERE batch_name = 'BATCH_KILLED'")" = t ]; do
	sleep 0.01
done
expect "$(codes_of BATCH_KILLED)" ''
kill -KILL "$daemon"
wait "$daemon" || true
continue_daemon
# Not to wait for the end of the lease.
sql "UPDATE jobs SET lease_until = now() WHERE status = 'running'"
until [ "$(sql "SELECT j.status FROM jobs j JOIN batches b ON b.id = j.batch_id
	WHERE batch_name = 'BATCH_KILLED'")" = succeeded ]; do
	sleep 0.05
done
expect "$(sql "SELECT rows_read, accepted, rejected, duplicates FROM imports i JOIN batches b
	ON b.id = i.batch_id WHERE batch_name = 'BATCH_KILLED'")" '110002|110000|2|2'
expect "$(sql "SELECT count(*), count(DISTINCT code), min(serial), max(serial), max(ready_codes)
	FROM promo_codes p JOIN batches b ON b.id = batch_id WHERE batch_name = 'BATCH_KILLED'")" \
	'110000|110000|1|110000|110000'

# Cancelled in the middle, nothing is left of it.
batch CANCELLED
sed 's/^DDDD/EEEE/' "$f" >"$place/cancelled.csv"
run 0 promo --json import CANCELLED "$place/cancelled.csv" --any-format --detach
job=$(sed -n 's/.*"id": *"\([^"]*\)", *$/\1/p; s/.*"job": *{"id": *"\([^"]*\)".*/\1/p' "$out" | head -n 1)
until [ "$(sql "SELECT done >= 50000 FROM jobs WHERE id = '$job'")" = t ]; do
	sleep 0.01
done
run 0 promo job cancel "$job"
until [ "$(sql "SELECT status FROM jobs WHERE id = '$job'")" = cancelled ]; do
	sleep 0.05
done
expect "$(sql "SELECT count(*) FROM promo_codes WHERE code LIKE 'EEEE%'")" 0
expect "$(sql "SELECT count(*) FROM job_files WHERE job_id = '$job'")" 0
expect "$(sql "SELECT count(*) FROM uploads WHERE id = '$job'")" 0
expect "$(sql "SELECT count(*) FROM import_codes")" 0
