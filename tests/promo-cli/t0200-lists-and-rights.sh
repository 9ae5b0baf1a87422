#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0200-lists-and-rights.sh PROMO PROMOD
# Proves against the real daemon: pages, names instead of ids, changes by version, jobs that are
# followed later, and that a missing permission is named.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"

run 0 promo --json batch create pages --codes 2500 --amount 12.50 --currency USD \
	--expires 2099-12-31 --detach
says 'follow it with: promo job wait'
job=$(sed -n 's/.*"job": *{"id": *"\([^"]*\)".*/\1/p' "$out")
run 0 promo job wait "$job" --wait-timeout 60
grep -q '^status	succeeded$' "$out" || wrong "the job did not succeed"
run 7 promo job cancel "$job"
says 'already ended'

run 10 promo batch create big --codes 1000000 --amount 1 --expires 2099-12-31 --wait-timeout 0
says 'the job goes on; follow it with: promo job wait '
big=$(sed -n 's/.*promo job wait //p' "$err")
seen=$(grep -c operation=job.show "$place/log")
"$promo_program" job wait "$big" >"$place/followed" 2>&1 &
waiting=$!
until [ "$(grep -c operation=job.show "$place/log")" -gt "$seen" ]; do sleep 0.05; done
kill -INT "$waiting"
run 130 wait "$waiting"
run 0 promo job cancel "$big"
run 1 promo job wait "$big"
says 'the job was cancelled'
run 6 promo batch show big
run 6 promo job wait 01a2b3c4-d5e6-7f80-9a0b-1c2d3e4f5a6b
if grep -q 'goes on' "$err"; then wrong 'a job that never was is said to go on'; fi

run 0 promo code list --batch pages --columns serial
[ "$(wc -l <"$out")" = 51 ] || wrong "a page has no 50 codes"
says '^there are more: --all, or --cursor '
run 0 promo code list --batch pages --columns serial --all --count
says '^2,500 in all'
[ "$(tail -n +2 "$out" | sort -un | wc -l)" = 2500 ] || wrong "a code is missing or twice"
run 0 promo code list --batch pages --limit 999 --all --json
[ "$(grep -o '"serial": *[0-9]*' "$out" | sort -u | wc -l)" = 2500 ] || wrong "not every page"
grep -q '"next_cursor": *null' "$out" || wrong "the pages are not one object"
run 0 promo code list --batch pages --status redeemed
[ "$(wc -l <"$out")" = 1 ] || wrong "there is a redeemed code"
says '^there are none'
run 2 promo code list --status nonsense
says '^  --status: '
run 0 promo batch list --sort batch_name --columns batch_name
[ "$(sed -n 2p "$out")" = BATCH_PAGES ] || wrong "the batches are not by name"
run 2 promo batch list --sort amount_per_code
says '^  --sort: '
run 2 promo batch list --columns nothing
says "there is no field 'nothing'"

printf '%s\n' 'sunny side of the street' >"$place/clerk-password"
run 0 promo user create --first-name Jean --last-name Clerk --email clerk@promo.example \
	--role batch-manager --password-stdin <"$place/clerk-password"
run 7 promo user create --first-name Other --last-name Clerk --email clerk@promo.example
run 0 promo --profile clerk login --user clerk@promo.example --password-stdin \
	<"$place/clerk-password"
run 5 promo --profile clerk batch create forbidden --codes 1 --amount 1 --expires 2099-12-31
says '^promo: this needs the permission batches.create'
says '^  permission: batches.create'
says '^  request: '
run 0 promo --profile clerk whoami
grep -q 'promo-codes.search' "$out" || wrong "the clerk's rights are not shown"

run 0 promo --profile clerk me update --last-name Keza
grep -q '^last_name	Keza$' "$out" || wrong "one's own name was not changed"
run 0 promo user update clerk@promo.example --first-name Jeanne
grep -q '^first_name	Jeanne$' "$out" || wrong "the name was not changed"
run 7 promo user update clerk@promo.example --first-name Late --if-version 1
says 'look at it again'
run 0 promo user update clerk@promo.example --phone 0788111222
for phone in 0788111222 '0788 111 222' +250788111222 250788111222; do
	run 0 promo user show "$phone"
	grep -q '^first_name	Jeanne$' "$out" || wrong "somebody else has the number $phone"
done
for phone in 88111222 0788111223 1234; do
	run 6 promo user show "$phone"
done
run 0 promo user update clerk@promo.example --is-active=false
run 4 promo --profile clerk whoami
run 6 promo user show nobody@promo.example

run 4 promo --profile clerk login --user clerk@promo.example --password-stdin \
	<"$place/clerk-password"
says 'the user or the password is wrong'
run 0 promo role create cashier --permissions promo-codes.search
run 7 promo role create cashier
run 0 promo user assign-role clerk@promo.example cashier
run 7 promo role delete cashier --yes
run 0 promo user set-permissions clerk@promo.example --deny promo-codes.search
run 0 promo role show cashier
run 2 promo user delete clerk@promo.example </dev/null
says 'say --yes'
run 0 promo user delete clerk@promo.example --yes
run 6 promo user show clerk@promo.example
run 2 promo role delete cashier
says 'nobody can be asked whether that is meant; say --yes'
run 0 promo role show cashier
run 0 promo role delete cashier --yes

run 0 promo batch create shop --codes 2 --amount 500 --expires 2099-12-31
run 0 promo code list --batch shop --json --limit 1
code=$(sed -n 's/.*"code": *"\([^"]*\)".*/\1/p' "$out" | head -n 1)
run 0 promo redeem "$code" --phone 0788111333 --first-name Solange
run 0 promo redemption search "$code"
grep -q 'Solange\|completed' "$out" || wrong 'the redemption of the code is not shown'
run 0 promo customer list --q solan --json
customer=$(sed -n 's/.*"id": *"\([^"]*\)".*/\1/p' "$out" | head -n 1)
run 0 promo customer redemptions "$customer"
run 0 promo customer data-export "$customer" --json
grep -q '+250788111333' "$out" || wrong 'the data of a customer is not given out'
run 2 promo customer erase "$customer" --reason asked </dev/null
says 'say --yes'
run 0 promo customer erase "$customer" --reason asked --yes
run 0 promo customer data-export "$customer" --json
! grep -q '+250788111333\|Solange' "$out" || wrong 'the customer was not erased'
run 0 promo dashboard show --json
grep -q '"redeemed_codes": *1' "$out" || wrong 'the overview does not count the redemption'
run 2 promo me password </dev/null
says 'use --current-password-stdin'
finish
