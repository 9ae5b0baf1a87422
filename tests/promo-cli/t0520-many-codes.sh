#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0520-many-codes.sh PROMO PROMOD
# Proves what is done to many things at once, with the real command, daemon and database: over 10,000
# codes are changed by a job that the command waits for, or not; codes to be validated are words, a list
# or lines; a picture is what its bytes say, whatever its name.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"

run 0 promo batch create main --codes 10001 --amount 500 --expires 2099-12-31 --json
batch=$(grep -o '"id":"[^"]*"' "$out" | head -n 1 | cut -d'"' -f4)
run 0 promo download BATCH_MAIN -o "$place/codes.csv"
one=$(nth_code 1)
two=$(nth_code 2)

filter="{\"batch_id\":\"$batch\"}"
run 2 promo code bulk block --filter '{"batch":"MAIN"}' --expected-count 10000
says '^  --filter: batch: '
# The only code that begins with it fills no page; whether another one has it elsewhere is not known.
run 0 promo codes --q "${one:0:7}"
says '^there may be more: --all, or --cursor '
run 7 promo code bulk block --filter "$filter" --expected-count 10000
says '10001'
run 0 promo code bulk block --filter "$filter" --expected-count 10001 --reason lost
says '10,001 of 10,001 codes done'
says '^✓ 10,001 codes changed'
run 7 promo verify "$one"
# As the help says.
run 7 promo code bulk unblock --filter '{"status": ["blocked"]}' --expected-count 250000
run 0 promo code bulk unblock --codes "$one" --expected-count 1 --json
grep -q '"changed": *1' "$out" || wrong 'it was not said what was changed'
run 3 promo code bulk unblock --codes "$one" --expected-count 1 --json
grep -q '"changed": *0' "$out" || wrong 'it was not said that it was skipped'
run 0 promo code bulk delete --filter "$filter" --expected-count 10001 --detach
says 'follow it with: promo job wait '
run 0 promo job wait "$(grep -o 'job wait [0-9a-f-]*' "$err" | cut -d' ' -f3)"
run 6 promo verify "$one"

run 0 promo batch create other --codes 3 --amount 500 --expires 2099-12-31
run 0 promo download BATCH_OTHER -o "$place/codes.csv" --force
one=$(nth_code 1)
two=$(nth_code 2)
run 0 promo validate "$one" "$two"
[ "$(grep -c 'exists$' "$out")" = 2 ] || wrong 'two words are not two codes'
run 3 promo validate "$one,$two" nothing
grep -q "^nothing	unknown" "$out" || wrong 'what is none was not named'
printf '%s\r\n\n  %s , %s\n' "$one" "$two" "$(nth_code 3)" >"$place/lines"
run 0 promo validate - <"$place/lines"
[ "$(grep -c 'exists$' "$out")" = 3 ] || wrong 'the lines were not read'
run 2 promo validate - </dev/null

cat >"$place/logo.png" <<'END'
<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>
END
run 0 promo branding set-logo "$place/logo.png"
run 0 promo branding logo -o "$place/shown.png"
head -c 4 "$place/shown.png" | grep -q PNG || wrong 'the logo is no PNG'
run 0 promo branding set-favicon "$place/shown.png"
run 2 promo branding set-logo "$place/lines"
says 'FILE: '
run 2 promo branding set-logo
run 1 promo branding set-logo "$place/no-such-file"
