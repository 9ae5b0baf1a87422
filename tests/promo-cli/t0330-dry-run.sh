#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0330-dry-run.sh PROMO PROMOD
# Proves that --dry-run shows what would be done, from what stands to what is asked for, with the request
# for programs, and that nothing is written: neither on the server nor into the folder of keys.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"
run 0 promo batch create dry --codes 5 --amount 500 --expires 2099-12-31
run 0 promo download dry -o "$place/codes.csv"
batch=$(sql "select id from batches where batch_name = 'BATCH_DRY'")
boss=$(sql "select id from users where email = 'boss@promo.example'")
picture=$place/shop.svg
echo '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>' >"$picture"

written()
{
	sql "select count(*) from audit_log where action not like '%show' and action not like '%list'"
}
before=$(written)

run 0 promo batch update dry --amount 700 -n
masked | grep -q '^  amount_per_code  *500 RWF.*700' || wrong "no before and after"
says 'nothing was changed'
run 0 promo batch status dry blocked --dry-run
grep -q '^  status  *active .*blocked' "$out" || wrong "no before and after"
run 0 promo --json batch status dry blocked --dry-run
printf '%s\n' "{\"method\":\"POST\",\"path\":\"/api/v1/batches/$batch/status\",\"if_match\":null,\"body\":{\"status\":\"blocked\"}}" |
	prints_exactly
run 0 promo batch delete dry --dry-run
grep -q BATCH_DRY "$out" || wrong "what would be deleted is not shown"
run 0 promo redeem "$(nth_code 1)" --phone 0788123456 --dry-run
run 0 promo report "$(nth_code 1)" --phone 0788123456 --dry-run
run 0 promo batch create other --codes 5 --amount 500 --expires 2099-12-31 --dry-run
run 0 promo generate dry 5 --dry-run
run 0 promo batch export dry --format csv --dry-run
run 0 promo user update "$boss" --first-name Big --dry-run
grep -q '^  first_name  *Boss .*Big' "$out" || wrong "no before and after"
run 0 promo user delete "$boss" --dry-run
run 0 promo role create counter --permissions promo-codes.validate --dry-run
run 0 promo webhook create https://shop.example/hook --events redemption.completed --dry-run
run 0 promo api-key create nightly --permissions batches.read --dry-run
run 0 promo code bulk block --filter '{}' --expected-count 5 --reason lost --dry-run
run 0 promo backup create --dry-run
run 0 promo settings set branding.company_name 'Kigali Coffee' --dry-run
grep -q 'branding.company_name .*Kigali Coffee' "$out" || wrong "the setting is not shown"
run 0 promo --json settings set branding.company_name 'Kigali Coffee' --dry-run
run 0 promo branding set-logo "$picture" --dry-run
run 0 promo settings snapshot --dry-run

# What is wrong is told before.
run 2 promo batch create other --codes none --dry-run
run 6 promo batch delete none --dry-run
run 6 promo batch status "$boss" blocked --dry-run

[ ! -e "$place/home/promo/pending" ] || [ -z "$(find "$place/home/promo/pending" -type f -newer "$picture")" ] ||
	wrong "a key was kept"
after=$(written)
[ "$after" = "$before" ] || {
	sql 'select action, outcome from audit_log order by at desc limit 20'
	wrong "something was written"
}

# Where the server has a trial of its own it is asked.
run 3 promo import dry "$place/codes.csv" -n
finish
