#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0510-second-factor-sent.sh PROMO PROMOD SMTPD HTTPD
# Proves with the real daemon, a real mail server and a real HTTP gateway that a second factor whose codes are
# sent is enrolled and used with `promo` alone, that one of several can be chosen, and that an address that
# was not confirmed is none.
set -eu
. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/outside.sh"
start_bare_daemon "$1" "$2"

login()
{
	promo login --user boss@promo.example --password-stdin "$@"
}

# As if the last code had been sent a minute ago.
let_pass()
{
	sql "UPDATE mfa_sent_codes SET sent_at = sent_at - interval '1 min'"
}

run 0 login <"$place/password"
run 7 promo me mfa-email
start_mail "$3"
start_http "$4"

run 0 promo me mfa-email
says 'on its way to the e-mail address of your profile'
says 'promo me mfa-email-confirm'
code=$(mail_code 1)
grep -q '^envelope: .* -> boss@promo.example$' "$mails/0001.mail" || wrong 'it went elsewhere'
run 8 promo me mfa-email
# It counts when it is confirmed.
run 0 login <"$place/password"
printf '%06d\n' $(((10#$code + 1) % 1000000)) | run 4 promo me mfa-email-confirm --code-stdin
echo "$code" | run 0 promo --json me mfa-email-confirm --code-stdin
recovery=$(grep -o '[0-9A-Z]\{5\}-[0-9A-Z]\{5\}-[0-9A-Z]\{5\}' "$out" | head -n 1)
[ -n "$recovery" ] || wrong 'there are no recovery codes'
run 7 promo me mfa-email

# The code is sent when it is asked for, and is good once.
let_pass
{ cat "$place/password"; mail_code 2; } | run 0 login
says 'a code is on its way to your e-mail address'
says 'signed in'
run 0 promo batch list
{ cat "$place/password"; mail_code 2; } | run 4 login
says 'a code was sent a moment ago'
says 'the code is wrong'
let_pass
run 4 login <"$place/password"
says 'a second factor is needed'
# The one of a sign-in that was given up is good for the next.
{ cat "$place/password"; mail_code 3; } | run 0 login
says 'good for ten minutes'
mail_count 3 || wrong 'there are other mails'

# Another one beside it, by SMS.
sql "UPDATE users SET phone_number = '+250788000111' WHERE email = 'boss@promo.example'"
run 0 promo me mfa-sms
says 'on its way to the phone'
message_code 1 | run 0 promo me mfa-sms-confirm --code-stdin
let_pass
run 2 login --mfa-method pigeon <"$place/password"
says "'pigeon' is no method"
run 4 login --mfa-method authenticator_app <"$place/password"
says 'can be of: email, sms, recovery_code'
{ cat "$place/password"; message_code 2; } | run 0 login --mfa-method sms
says 'a code is on its way to your phone'
{ cat "$place/password"; echo "$recovery"; } | run 0 login --mfa-method recovery_code
mail_count 3 || wrong 'a mail was sent that nobody asked for'
request_count 2 || wrong 'there are other text messages'
finish
