#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0100-main-job.sh PROMO PROMOD
# Proves the main job as a person sees it, with the real command, daemon and database: a batch is
# made and waited for, its codes are downloaded, one is verified, redeemed, refused a second time,
# reported, and found in the audit trail; words and exit codes are compared.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"

sign_in_boss
says 'signed in to .* as Boss Boss, until 2'

run 0 promo whoami
prints <<'END'
Boss Boss
  id         ID
  e-mail     boss@promo.example
  roles      super-admin
END

run 0 promo batch create main --codes 1000 --amount 500 --expires 2099-12-31 \
	--description 'for the test'
says '^1,000 of 1,000 codes generated'
prints <<'END'
✓ BATCH_MAIN  1,000 codes of 500 RWF, good until the end of 2099-12-31
  codes      XXXX-XXYY-XXMM-XXDD, 49 bits of chance
  status     active
  id         ID
END

run 2 promo batch create weak --codes 1 --amount 1 --expires 2099-12-31 --code-format XXXXX
says '^  --code-format: its codes have 24 bits of chance and could be guessed; 40 are needed'
run 0 promo batch create more --codes 10 --amount 500 --expires 2099-12-31 \
	--code-format XXXXX-XXXXX-XXXXX
prints <<'END'
✓ BATCH_MORE  10 codes of 500 RWF, good until the end of 2099-12-31
  codes      XXXXX-XXXXX-XXXXX, 73 bits of chance
  status     active
  id         ID
END
run 0 promo generate BATCH_MORE 90
says '^90 of 90 codes generated'
prints <<'END'
✓ BATCH_MORE  100 codes of 500 RWF, good until the end of 2099-12-31
  codes      XXXXX-XXXXX-XXXXX, 73 bits of chance
  status     active
  id         ID
END
run 0 promo batch generate BATCH_MORE 5 --detach
says '^follow the job with: promo job wait '
run 2 promo generate BATCH_MORE 0
run 6 promo generate BATCH_OTHER 1

run 7 promo batch create BATCH_MAIN --codes 1 --amount 500 --expires 2099-12-31
says '^promo: a batch of this name exists'
run 2 promo batch create other --codes 1 --amount 500 --expires 2020-01-01
says '^  --expires: '

run 0 promo batch list --columns batch_name,status,total_codes,amount_per_code,currency
prints_exactly <<'END'
batch_name	status	total_codes	amount_per_code	currency
BATCH_MORE	active	105	500.00	RWF
BATCH_MAIN	active	1000	500.00	RWF
END

run 0 promo download BATCH_MAIN --format csv -o "$place/codes.csv"
says '^✓ 1,000 codes, [0-9,]* bytes in '
[ "$(wc -l <"$place/codes.csv")" = 1001 ] || wrong "the file has no header and 1,000 codes"
[ "$(stat -c %a "$place/codes.csv")" = 600 ] || wrong "others can read the codes"
run 1 promo download BATCH_MAIN -o "$place/codes.csv"
says 'exists; --force replaces it'
run 0 promo download BATCH_MAIN -o "$place/codes.csv" --force
run 0 promo download BATCH_MAIN
[ "$(wc -l <"$out")" = 1001 ] || wrong "standard output has no header and 1,000 codes"
run 6 promo download BATCH_OTHER
says "there is no batch 'BATCH_OTHER'"

code=$(nth_code 1)
spare=$(nth_code 2)

run 0 promo verify "$code"
prints <<END
✓ ACTIVE  $code  500 RWF
  Code is valid and can be redeemed.
  batch      BATCH_MAIN
  expires    2099-12-31 23:59 CAT
END
echo "$code" | tr -d - | tr A-Z a-z >"$place/typed"
run 0 promo verify - <"$place/typed"
says_nothing
run 2 promo verify 'A1U2-C325-5X99-6E21-'
run 6 promo verify "$(other_letters "$code")"
says '^promo: there is no such code'

run 0 promo redeem "$code" --phone 0788123456 --first-name Aline --last-name Uwase
prints <<END
✓ REDEEMED  $code  500 RWF
  Code redeemed successfully to +250788123456 with 500 RWF.
  for        +250788123456 (Aline Uwase)
  by         Boss Boss
  batch      BATCH_MAIN
END
[ -z "$(find "$place/home/promo/pending" -type f)" ] || wrong "an answered key stayed behind"

run 7 promo verify "$code"
prints <<END
✗ REDEEMED  $code  500 RWF
  Code is valid but already redeemed.
  batch      BATCH_MAIN
  expires    2099-12-31 23:59 CAT
  redeemed   TIME
  for        +250788123456 (Aline Uwase)
  by         Boss Boss
END

run 7 promo redeem "$code" --phone 0788000111
says '^promo: the code was already redeemed'
says '^  phone number: +250788123456'
says '^  redeemed by: Boss Boss'
run 7 promo --json redeem "$code" --phone 0788000111
grep -q '"code": *"code_already_redeemed"' "$out" || wrong "the problem of the server is not printed"

run 0 promo report "$code" --phone 0788000111 --description 'says the sheet was sealed'
prints <<END
! REPORTED  $code  FRAUD000001
  The code is reported; its redemption stays as it was.
  type       duplicate_redemption
  status     pending
  claimant   +250788000111
END
run 7 promo report "$code" --phone 0788000222
says '^promo: the code was already reported'
run 7 promo report "$spare" --phone 0788000111
says '^promo: only a redeemed code can be reported'
run 7 promo verify "$code"
prints <<END
✗ REPORTED  $code  500 RWF
  Code was redeemed and then reported as a fraud.
END

run 7 promo --json verify "$code"
code_id=$(json_field code_id)
run 0 promo audit list --entity-id "$code_id" --columns action,outcome,error
for line in 'code.verify	allowed' 'redemption.create	allowed' \
	'redemption.create	failed	code_already_redeemed' 'fraud-report.create	allowed'; do
	grep -q "^$line" "$out" || wrong "the audit trail has no '$line'"
done

run 0 promo redemption list --columns code,status,amount,error_code
grep -q "^$code	completed	500.00	\$" "$out" || wrong "the redemption is not listed"
today=$(TZ=Africa/Kigali date +%Y-%m-%d)
run 0 promo me redemptions --from 2020-01-01 --to "$today" --columns code,status
grep -q "^$code	completed\$" "$out" || wrong "the own redemption is not listed"
says 'in all: count 1, amount 500 RWF'
run 0 promo --json me redemptions --all --status completed
grep -q '"totals":' "$out" || wrong "the totals are missing"
run 0 promo customer list --q Uwase --columns first_name,phone_number,redemptions_count
prints_exactly <<'END'
first_name	phone_number	redemptions_count
Aline	+250788123456	1
END
run 0 promo fraud-report list --columns number,status
prints_exactly <<'END'
number	status
FRAUD000001	pending
END
run 0 promo fraud-report update FRAUD000001 --status investigating --assignee boss@promo.example
run 0 promo fraud-report note FRAUD000001 'the first one has the receipt'
run 0 promo fraud-report show FRAUD000001
grep -q '^number	FRAUD000001$' "$out" || wrong "it is another case"
grep -q '^status	investigating$' "$out" || wrong "nobody works on the case"
run 6 promo fraud-report show FRAUD000009
says "there is no fraud report 'FRAUD000009'"
run 0 promo batch show BATCH_MAIN
grep -q '^counts.active	999$' "$out" || wrong "the totals are not exact"
grep -q '^counts.reported	1$' "$out" || wrong "the totals are not exact"

run 0 promo logout
run 4 promo batch list
says 'sign in: promo login'
finish
