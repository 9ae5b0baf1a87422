#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0110-exports.sh PROMO PROMOD
# Proves that files are what they say they are, with the real command, daemon and database: codes with
# and without who redeemed them, packed and not, with a manifest that fits; lists, with names that a
# spreadsheet would run; a file made in the background, also by a daemon that was killed meanwhile; a
# disk without room is a clear error, and nothing is left of what is not whole.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"

# Of the answer in JSON.
first_id()
{
	grep -o '"id":"[^"]*"' "$out" | head -n 1 | cut -d'"' -f4
}

run 0 promo batch create main --codes 20000 --amount 500 --expires 2099-12-31
run 0 promo download BATCH_MAIN -o "$place/codes.csv"
code=$(nth_code 1)
spare=$(nth_code 2)

run 0 promo redeem "$code" --phone 0788123456 --first-name '=1+1' --last-name 'O"Neil, Žofie 雪' --note '+cmd'
run 0 promo redeem "$spare" --phone 0788123457

run 0 promo download BATCH_MAIN --status redeemed --redemptions -o "$place/redeemed.csv"
says '^✓ 2 codes, '
says "^  SHA-256 $(sha256sum "$place/redeemed.csv" | cut -d' ' -f1)"
head -n 1 "$place/redeemed.csv" | grep -q '"serial","redeemed","phone_number","first_name"' ||
	wrong 'there are no columns of redemptions'
grep -qF '"+250788123456","'"'"'=1+1","O""Neil, Žofie 雪","Boss Boss"' "$place/redeemed.csv" ||
	wrong 'a name is not as it has to be'

run 0 promo redemption export -o "$place/redemptions.csv"
grep -qF '"'"'"'+cmd"' "$place/redemptions.csv" || wrong 'a note can be run'
run 0 promo redemption export --phone 0788123457
[ "$(wc -l <"$out")" = 2 ] || wrong 'the filter was forgotten'
run 0 promo customer export
[ "$(grep -c '"500.00 RWF"' "$out")" = 2 ] || wrong 'the customers did not get what they got'
run 0 promo user export
grep -q '^"Name","Email","Role","Status","Last Login","Created At",' "$out" ||
	wrong 'the columns of users have other names'
run 0 promo report "$spare" --phone 0788999888 --description '@SUM(A1)'
run 0 promo fraud-report export
grep -qF '"'"'"'@SUM(A1)"' "$out" || wrong 'a description can be run'
run 0 promo audit export -o "$place/trail.ndjson"
python3 - "$place/trail.ndjson" <<'END' || wrong 'the trail is not lines of JSON'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]
assert [line['at'] for line in lines] == sorted(line['at'] for line in lines)
assert any(line['action'] == 'code.download' and line['entity']['kind'] == 'batch' for line in lines)
END
run 0 promo audit list --all --json
python3 - "$place/trail.ndjson" "$out" <<'END' || wrong 'the trail is another one than the list'
import json, sys
file = {line['id']: line for line in map(json.loads, open(sys.argv[1], encoding='utf-8'))}
listed = {item['id']: item for item in json.load(open(sys.argv[2], encoding='utf-8'))['items']}
both = [id for id in file if id in listed and listed[id]['count'] == file[id]['count']]
assert len(both) > 10
for id in both:
    assert file[id] == listed[id], (file[id], listed[id])
END

# Over HTTP: packed it is the same file, and the trailers fit.
token=$(token)
run 0 promo batch show BATCH_MAIN --json
batch=$(first_id)
url=$PROMO_SERVER/api/v1/batches/$batch/codes.csv
curl -sS -H "Authorization: Bearer $token" -H 'Accept-Encoding: gzip' -D "$place/head" \
	"$url?manifest=true" -o "$place/packed"
gzip -t "$place/packed" || wrong 'it is not whole gzip'
curl -sS -H "Authorization: Bearer $token" "$url" -o "$place/plain"
gzip -dc "$place/packed" | cmp - "$place/plain" || wrong 'packed it is another file'
tr -d '\r' <"$place/head" >"$place/head.unix"
grep -qx 'Content-Encoding: gzip' "$place/head.unix" || wrong 'it is not said to be packed'
grep -qx 'Export-Rows: 20000' "$place/head.unix" || wrong 'the rows were not counted'
grep -qx "Export-Bytes: $(stat -c %s "$place/plain")" "$place/head.unix" || wrong 'the bytes are wrong'
grep -qx "Export-SHA256: $(sha256sum "$place/plain" | cut -d' ' -f1)" "$place/head.unix" ||
	wrong 'the hash is wrong'

# Before HTTP/1.1 a file that broke off would look whole: it is not begun. With its length it may come.
refused=$(curl -sS --http1.0 -H "Authorization: Bearer $token" "$url" -w '%{http_code}')
case $refused in
*HTTP/1.1*400) ;;
*) wrong 'a file of unknown length was sent by HTTP/1.0' ;;
esac

# In the background.
run 0 promo batch export BATCH_MAIN --format csv --json
job=$(first_id)
run 0 promo job wait "$job" --json
grep -q "$(sha256sum "$place/plain" | cut -d' ' -f1)" "$out" || wrong 'the job made another file'
run 0 promo job file "$job" -o "$place/made.csv"
cmp "$place/made.csv" "$place/plain" || wrong 'the file of the job is another one'
curl -sS --http1.0 -H "Authorization: Bearer $token" "$PROMO_SERVER/api/v1/jobs/$job/file" -o "$place/old.csv"
cmp "$place/old.csv" "$place/plain" || wrong 'by HTTP/1.0 it is another one'
# A part of it, and the rest: whoever was interrupted goes on, unless it is another file.
part()
{
	curl -sS -H "Authorization: Bearer $token" -D "$place/head" -o "$place/part" "$@" \
		"$PROMO_SERVER/api/v1/jobs/$job/file"
	tr -d '\r' <"$place/head" >"$place/head.unix"
}
size=$(stat -c %s "$place/plain")
part -r 0-1048580
grep -q '^HTTP/1.1 206' "$place/head.unix" || wrong 'no part was sent'
grep -qx "Content-Range: bytes 0-1048580/$size" "$place/head.unix" || wrong 'the part is not named'
grep -qx 'Content-Length: 1048581' "$place/head.unix" || wrong 'the part has another length'
etag=$(sed -n 's/^ETag: //p' "$place/head.unix")
cp "$place/part" "$place/whole"
part -r 1048581- -H "If-Range: $etag"
grep -q '^HTTP/1.1 206' "$place/head.unix" || wrong 'the same file was taken for another one'
cat "$place/part" >>"$place/whole"
cmp "$place/whole" "$place/plain" || wrong 'two parts are not the whole'
part -r -7
tail -c 7 "$place/plain" | cmp - "$place/part" || wrong 'the end is another one'
part -r 7- -H 'If-Range: "another"'
grep -q '^HTTP/1.1 200' "$place/head.unix" || wrong 'a part of another file was sent'
cmp "$place/part" "$place/plain" || wrong 'not all of another file was sent'
part -r "$size-"
grep -q '^HTTP/1.1 416' "$place/head.unix" || wrong 'something is behind the end'
grep -qx "Content-Range: bytes \*/$size" "$place/head.unix" || wrong 'the size is not told'
grep -q '"range_not_satisfiable"' "$place/part" || wrong 'it is another refusal'
curl -sSI -H "Authorization: Bearer $token" -r 0-6 "$PROMO_SERVER/api/v1/jobs/$job/file" |
	tr -d '\r' >"$place/head.unix"
grep -q '^HTTP/1.1 200' "$place/head.unix" || wrong 'a range means something in a HEAD'
grep -qx "Content-Length: $size" "$place/head.unix" || wrong 'a HEAD does not tell the length'
grep -qx 'Accept-Ranges: bytes' "$place/head.unix" || wrong 'ranges are not offered'

run 0 promo batch export BATCH_MAIN --format csv --status expired --json
job=$(first_id)
run 0 promo job wait "$job" --json
grep -q '"rows": *0' "$out" || wrong 'codes were found that are not there'
run 0 promo job file "$job"
[ "$(wc -l <"$out")" = 1 ] || wrong 'an empty file has its header'
run 6 promo job file 0190a1b2-c3d4-7abc-8def-0123456789ab

run 0 promo download BATCH_MAIN --format pdf --status redeemed -o "$place/sheet.pdf"
head -c 5 "$place/sheet.pdf" | grep -q '%PDF-' || wrong 'it is no PDF'

# No room where it is kept: said, and nothing is left.
run 1 promo download BATCH_MAIN -o /dev/full --force
says 'could not write /dev/full: No space left on device'

# The daemon is killed in the middle of a file: the next one makes it, once the lease has ended.
[ -n "${PROMO_FAULT_LONG:-}" ] || exit 0
run 0 promo batch create large --codes 400000 --amount 500 --expires 2099-12-31
run 0 promo batch export BATCH_LARGE --format pdf --json
job=$(first_id)
until grep -q '"done":[1-9]' "$out"; do
	run 0 promo job show "$job" --json
done
grep -q '"status":"running"' "$out" || wrong 'the job had ended before its daemon could be killed'
kill -KILL "$daemon"
wait "$daemon" || true
continue_daemon
run 0 promo job wait "$job" --json
grep -q '"rows":400000' "$out" || wrong 'the file has not every code'
run 0 promo job file "$job" -o "$place/large.pdf"
run 0 promo job show "$job" --json
grep -q "$(sha256sum "$place/large.pdf" | cut -d' ' -f1)" "$out" || wrong 'the file is another one'
