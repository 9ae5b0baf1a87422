#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0700-seals.sh PROMO PROMOD
# Proves that a trail can be checked with the real command, daemon and database, and without them: what is
# whole is said to be whole by the server and from an export with the public key; what was changed, deleted
# or cut off is named by both, in the export too; a key that is not the right one vouches for nothing.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"

problem()
{
	grep -q "$@" "$out" || wrong "standard output has no '$*'"
}

# Everything that was done so far is sealed when the daemon stops.
restart_daemon()
{
	stop_daemon
	promo_server=$PROMO_SERVER
	continue_daemon
	PROMO_SERVER=$promo_server
}

run 0 promo batch create main --codes 20 --amount 500 --expires 2099-12-31
restart_daemon
key=$place/audit.pub
grep -o 'public half is [0-9a-f]*' "$place/log" | tail -n 1 | cut -d' ' -f4 >"$key"
[ "$(wc -c <"$key")" = 65 ] || wrong 'the daemon does not say its key'

run 0 promo audit verify
says 'sealed entries are as they were written'
run 0 promo audit verify --json
problem '"ok":true'
run 2 promo audit verify --public-key "$key"
# At least two seals.
restart_daemon
run 0 promo audit export --seals -o "$place/trail.ndjson"
run 2 promo audit export --seals --action batch.create
cp "$place/run/state/seals.log" "$place/seals.log"

offline()
{
	local status=$1

	shift
	run "$status" env -u PROMO_SERVER "$promo_program" audit verify --public-key "$key" --file "$@"
}

offline 0 "$place/trail.ndjson" --seals-log "$place/seals.log"
says 'sealed entries are as they were written'
run 2 promo audit verify --file "$place/trail.ndjson"

# What is changed in the file.
row=$(grep -n '"action" : "batch.create"' "$place/trail.ndjson" | head -n 1 | cut -d: -f1)
[ -n "$row" ] || wrong 'the export does not tell of the batch'
sed "${row}s/\"outcome\" : \"allowed\"/\"outcome\" : \"denied\"/" "$place/trail.ndjson" >"$place/changed.ndjson"
offline 1 "$place/changed.ndjson"
problem '^row_changed'
sed "${row}d" "$place/trail.ndjson" >"$place/changed.ndjson"
offline 1 "$place/changed.ndjson"
problem '^row_missing'
sed "${row}p" "$place/trail.ndjson" >"$place/changed.ndjson"
offline 1 "$place/changed.ndjson"
problem '^row_repeated'
last_seal=$(grep -n '^{"seal"' "$place/trail.ndjson" | tail -n 1 | cut -d: -f1)
head -n $((last_seal - 1)) "$place/trail.ndjson" >"$place/changed.ndjson"
offline 0 "$place/changed.ndjson"
offline 1 "$place/changed.ndjson" --seals-log "$place/seals.log"
problem '^seal_missing'
head -c -20 "$place/trail.ndjson" >"$place/changed.ndjson"
offline 1 "$place/changed.ndjson"
says 'is no line of promo audit export --seals'
# What is no trail, or not one that can be: never is it said to be whole.
for text in '' '\0' '{"seal":null}\n' '{"id":"x","at":"x","writer_id":1,"seq":9223372036854775807}\n'; do
	printf "$text" >"$place/changed.ndjson"
	offline 1 "$place/changed.ndjson"
done
(head -n 1 "$place/trail.ndjson" && printf '%s\0%s\n' "$(sed -n 2p "$place/trail.ndjson")" x) >"$place/changed.ndjson"
offline 1 "$place/changed.ndjson"
says ':2 is no line of'
(head -n 1 "$place/trail.ndjson" && head -c 40000000 /dev/zero | tr '\0' '[' && echo) >"$place/changed.ndjson"
offline 1 "$place/changed.ndjson"
says ':2 is no line of'
(head -n 1 "$place/trail.ndjson" && head -c 4000000 /dev/zero | tr '\0' '[' && echo) >"$place/changed.ndjson"
offline 1 "$place/changed.ndjson"
says ':2 is no line of'
offline 1 "$place"
printf '%064d\n' 5 >"$place/other.pub"
run 1 "$promo_program" audit verify --file "$place/trail.ndjson" --public-key "$place/other.pub"
problem '^key_unknown'

# What is changed in the database, by its owner.
sql "UPDATE audit_log SET outcome = 'denied' WHERE action = 'batch.create'"
run 1 promo audit verify
problem '^row_changed'
says 'is not as it was written: 1 problems'
run 0 promo audit export --seals --force -o "$place/trail.ndjson"
offline 1 "$place/trail.ndjson"
problem '^row_changed'
sql "UPDATE audit_log SET outcome = 'allowed' WHERE action = 'batch.create'"
run 0 promo audit verify
sql "DELETE FROM audit_seals WHERE id = (SELECT max(id) FROM audit_seals)"
run 1 promo audit verify
problem '^seal_missing'
