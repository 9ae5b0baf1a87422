#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0420-api-keys.sh PROMO PROMOD
# Proves that a program signs in with an API key from a file, a credential or standard input, may do what
# the key is for and nothing of its owner's own, and is refused in words where the key is none, is open to
# others, or was deleted.
set -eu
. "$(dirname "$0")/daemon.sh"
start_daemon "$1" "$2"
run 0 promo batch create first --codes 3 --amount 500 --expires 2099-12-31
run 0 promo --json api-key create cron --permissions batches.read,promo-codes.search
sed -n 's/.*"key": *"\(pmo_k_[^"]*\)".*/\1/p' "$out" >"$place/key"
chmod 600 "$place/key"
id=$(sed -n 's/^ *"id": *"\([^"]*\)".*/\1/p;s/^{"id": *"\([^"]*\)".*/\1/p' "$out" | head -n 1)
grep -q '^pmo_k_' "$place/key" || wrong "the key is not shown"
run 0 promo api-key list
grep -q 'cron' "$out" || wrong "the key is not listed"
! grep -q "$(cat "$place/key")" "$out" || wrong "the key is shown again"
run 0 promo logout

run 4 promo batch list
run 0 promo --api-key-file "$place/key" batch list
grep -q 'FIRST' "$out" || wrong "the batch is not listed"
run 0 promo --api-key-file - batch list <"$place/key"
export PROMO_API_KEY_FILE=$place/key
run 0 promo batch list
run 0 promo whoami
grep -q 'an API key' "$out" || wrong "it is not said that a key speaks"
grep -q 'promo-codes.search' "$out" || wrong "what the key may is not said"
! grep -q 'batches.create' "$out" || wrong "the key may what its owner may"
run 5 promo batch create second --codes 3 --amount 500 --expires 2099-12-31
says 'batches.create'
run 5 promo api-key create another --permissions batches.read
says '^promo: an API key cannot do this, sign in for it'
unset PROMO_API_KEY_FILE
mkdir "$place/credentials"
cp -p "$place/key" "$place/credentials/promo-api-key"
export CREDENTIALS_DIRECTORY=$place/credentials
run 0 promo batch list
unset CREDENTIALS_DIRECTORY

chmod 644 "$place/key"
run 1 promo --api-key-file "$place/key" batch list
says 'open to others'
sed 's/.$/!/' "$place/key" >"$place/slip"
chmod 600 "$place/key" "$place/slip"
run 4 promo --api-key-file "$place/slip" batch list
says 'holds no API key'
run 6 promo --api-key-file "$place/none" batch list

sign_in_boss
run 0 promo api-key delete "$id" --yes
run 4 promo --api-key-file "$place/key" batch list
says 'the server does not know this API key'
run 0 promo audit list --action batch.list --json
grep -q '"kind": *"api_key"' "$out" || wrong "the audit trail has no key"

# Of somebody else, by his address.
printf '%s\n' 'sunny side of the street' >"$place/clerk-password"
run 0 promo user create --first-name Jean --last-name Clerk --email clerk@promo.example \
	--role user --password-stdin <"$place/clerk-password"
run 0 promo user assign-role clerk@promo.example support
run 0 promo --profile clerk login --user clerk@promo.example --password-stdin \
	<"$place/clerk-password"
run 0 promo --profile clerk --json api-key create his --permissions customers.read
id=$(sed -n 's/^ *"id": *"\([^"]*\)".*/\1/p;s/^{"id": *"\([^"]*\)".*/\1/p' "$out" | head -n 1)
run 5 promo --profile clerk user api-keys boss@promo.example
run 0 promo user api-keys clerk@promo.example
grep -q 'his' "$out" || wrong "the key of somebody else is not listed"
run 0 promo user end-api-key clerk@promo.example "$id" --yes
run 6 promo user end-api-key clerk@promo.example "$id" --yes
# Who forgot his password is told a token; where no permission is missing none is to be asked for.
run 5 promo user password-reset boss@promo.example
says 'changed with the password'
! grep -q 'an administrator can give it' "$err" || wrong 'nobody can give that'
run 0 promo user password-reset clerk@promo.example
{
	sed -n 's/^token	//p' "$out"
	echo 'rainy side of the street'
} >"$place/reset"
grep -q '^pmo_r_' "$place/reset" || wrong 'there is no token for the user'
run 0 promo --profile clerk auth password-reset --token-stdin --new-password-stdin <"$place/reset"
tail -n 1 "$place/reset" >"$place/clerk-password"
run 0 promo --profile clerk login --user clerk@promo.example --password-stdin \
	<"$place/clerk-password"
run 0 promo user revoke-role clerk@promo.example support
run 0 promo role show support
! grep -qr "$(cut -c 20-50 "$place/key")" "$place/log" || wrong "the log has the key"
finish
