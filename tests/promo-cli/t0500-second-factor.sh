#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0500-second-factor.sh PROMO PROMOD AUTHENTICATOR
# Proves against the real daemon that a second factor is enrolled, asked for at sign-in and removed with
# `promo` alone, that nothing secret is an argument, and what an administrator is told who has to enrol.
set -eu
. "$(dirname "$0")/daemon.sh"
start_bare_daemon "$1" "$2"
authenticator=$3

login()
{
	promo login --user boss@promo.example --password-stdin
}

# What goes to stdin: the password, and a second line where it is given.
lines()
{
	cat "$place/password"
	[ $# -eq 0 ] || printf '%s\n' "$@"
}

# His role needs one: there is nothing else to do before it is enrolled.
lines | run 0 login
says 'has to be enrolled before anything else: promo me mfa-totp'
run 5 promo batch list
says 'promo me mfa-totp'
run 0 promo me mfa-totp
secret=$(sed -n 's/^secret	//p' "$out")
grep -q "^uri	otpauth://totp/MBELYCO:boss%40promo.example?secret=$secret&" "$out" || wrong 'no URI'
says 'promo me mfa-totp-confirm'
run 2 promo me mfa-totp-confirm 123456
echo 123456 | run 4 promo me mfa-totp-confirm --code-stdin
says 'are both clocks right'
"$authenticator" "$secret" | run 0 promo --json me mfa-totp-confirm --code-stdin
recovery=$(grep -o '[0-9A-Z]\{5\}-[0-9A-Z]\{5\}-[0-9A-Z]\{5\}' "$out")
[ "$(wc -l <<<"$recovery")" = 10 ] || wrong 'there are not ten recovery codes'
run 7 promo me mfa-totp
run 0 promo me show
grep -q '^mfa_enabled	true$' "$out" || wrong 'it is not enrolled'

# The session goes on; the next sign-in needs the code.
run 0 promo logout
lines | run 4 login
says 'a second factor is needed'
says 'second line'
lines 000000 | run 4 login
says 'the code is wrong'
run 4 promo batch list
# The next code holds already; the one of now was used.
lines "$("$authenticator" "$secret" 1)" | run 0 login
says 'signed in'
run 0 promo batch list
lines "$(head -n 1 <<<"$recovery" | tr 'A-Z' 'a-z' | tr -d -)" | run 0 login
lines "$(head -n 1 <<<"$recovery")" | run 4 login

lines | run 0 promo --json me mfa-recovery-codes --password-stdin
if grep -q "$(tail -n 1 <<<"$recovery")" "$out"; then wrong 'the codes are not new'; fi
recovery=$(grep -o '[0-9A-Z]\{5\}-[0-9A-Z]\{5\}-[0-9A-Z]\{5\}' "$out")

# Taken away, it is needed again with the next request.
run 0 promo batch list
lines "$(head -n 1 <<<"$recovery")" | run 0 promo me mfa-totp-remove --password-stdin --code-stdin
run 5 promo batch list
says 'promo me mfa-totp'
lines | run 0 login
says 'has to be enrolled before anything else: promo me mfa-totp'
run 0 promo me mfa-totp
run 0 promo logout
finish
