#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0300-lost-answers.sh PROMO PROMOD
# Proves that a redemption whose answer was lost is not done twice: the key stays on disk while the
# server is away and the same command, run again, sends it again.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"
run 0 promo batch create lost --codes 10 --amount 500 --expires 2099-12-31
run 0 promo download lost -o "$place/codes.csv"
code=$(nth_code 1)
run 0 promo batch show lost
batch=$(sed -n 's/^id	//p' "$out")

# A file is whole or it is not there, and what cannot be written is said.
run 1 promo download lost -o /dev/full --force
says 'could not write /dev/full: No space left on device'
[ -c /dev/full ] || wrong "a device was replaced"
run 1 promo download lost -o "$place/no/such/folder/codes.csv"
run 1 full_disk promo batch list
says 'the output could not be written'

stop_daemon
run 9 promo download "$batch" -o "$place/never.csv"
[ -z "$(find "$place" -maxdepth 1 -name 'never.csv*')" ] || wrong "half a file was left"
run 9 promo redeem "$code" --phone 0788123456
[ "$(find "$place/home/promo/pending" -type f | wc -l)" = 1 ] || wrong "the key is not kept"
key_file=$(find "$place/home/promo/pending" -type f)
[ "$(stat -c %a "$key_file")" = 600 ] || wrong "others can read the key"

continue_daemon
run 0 promo redeem "$code" --phone 0788123456 -v
says 'of an earlier run that got no answer'
[ ! -e "$key_file" ] || wrong "the key stays behind its answer"

run 0 promo redeem "$(nth_code 2)" --phone 0788123456 --idempotency-key once
run 0 promo redeem "$(nth_code 2)" --phone 0788123456 --idempotency-key once
says 'the first answer'
run 7 promo redeem "$(nth_code 3)" --phone 0788123456 --idempotency-key once
says 'this idempotency key was used for something else'
run 0 promo redemption list --count --columns id
says '^2 in all'
finish
