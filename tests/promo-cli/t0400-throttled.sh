#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0400-throttled.sh PROMO PROMOD
# Proves that whoever tries too many codes that do not exist is told to wait and for how long, by every
# command that brings a code, with the exit code for it.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"
run 0 promo batch create first --codes 10 --amount 500 --expires 2099-12-31
run 0 promo download first -o "$place/codes.csv"
code=$(nth_code 1)
unknown=$(other_letters "$code")

for _ in 1 2 3 4; do
	run 6 promo verify "$unknown"
	says '^promo: there is no such code'
done
run 0 promo verify "$code"

# The client waits for a short delay by itself; a longer one it leaves to the person.
run 6 promo verify "$unknown"
run 0 promo verify "$code"
sql "UPDATE throttles SET blocked_until = now() + interval '10 min'"
for command in "verify $code" "redeem $code --phone 0788123456" \
	"report $unknown --phone 0788123456" "--json verify $code"; do
	run 8 promo $command
	says '^promo: too many codes were tried that do not exist'
	says '^try again in [5-6][0-9][0-9] s$'
done
grep -q '"code": *"too_many_requests"' "$out" || wrong "the problem of the server is not printed"
# Whether an earlier try was done is not said by that, so the key stays for the next.
[ "$(find "$place/home/promo/pending" -type f | wc -l)" = 1 ] || wrong "the key is not kept"
run 0 promo batch list
run 0 promo audit list --outcome failed --columns action,error
for line in code.verify redemption.create fraud-report.create; do
	grep -q "^$line	too_many_requests$" "$out" || wrong "the audit trail has no $line"
done
sql "DELETE FROM throttles"
run 0 promo redeem "$code" --phone 0788123456
[ "$(find "$place/home/promo/pending" -type f | wc -l)" = 0 ] || wrong "an answered key is kept"
finish
