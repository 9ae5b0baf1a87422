#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0620-webhooks.sh PROMO PROMOD HTTPD
# Proves with the real daemon and a real receiver, which checks signatures by an implementation of its own,
# that an administrator can do with `promo` all that a webhook takes: make it, see what it was told and send
# that again, change its secret while the receiver still has the old one, and find out why it is off.
set -eu
. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/outside.sh"
start_daemon "$1" "$2"
start_http "$3"
receiver=http://127.0.0.1:$(cat "$requests/port")

# take_secret: the receiver knows the one that was shown last.
take_secret()
{
	grep -q '^secret	whsec_' "$out" || wrong 'no secret is shown'
	sed -n 's/^secret	//p' "$out" >"$requests/secret"
}

# newest PATTERN: how the newest delivery stands.
newest()
{
	"$promo_program" webhook deliveries "$id" --limit 1 --columns id,status,attempts 2>>"$place/more" | tail -n 1 >"$place/newest"
	grep -q "$1" "$place/newest"
}

# is_signed N: by the secret that the receiver knew when it came.
is_signed()
{
	grep -q '^signed$' "$requests/$(printf %04d "$1").request"
}

run 2 promo webhook create ftp://example.com/ --events batch.created
run 2 promo webhook create "$receiver/ok" --events no.such
run 0 promo webhook create "$receiver/ok" --events batch.created --description 'the till'
take_secret
id=$(sed -n 's/^id	//p' "$out")
run 0 promo webhook list
grep -q whsec "$out" && wrong 'the secret is shown again'
run 0 promo batch create first --codes 0 --amount 500 --expires 2099-12-31
wait_for request_count 1
is_signed 1 || wrong 'it is not signed'
grep -q '"type":"batch.created"' "$requests/0001.request" || wrong 'it tells of something else'
wait_for newest '	delivered	1$'
delivery=$(cut -f 1 "$place/newest")
grep -q "^webhook-id: $delivery\$" "$requests/0001.request" || wrong 'it has another id'

# Once more, as the same one.
run 0 promo webhook resend "$id" "$delivery"
wait_for request_count 2
grep -q "^webhook-id: $delivery\$" "$requests/0002.request" || wrong 'it became another one'

# Another secret, while the receiver has the first one, and then when it has the second.
run 0 promo webhook rotate-secret "$id"
wait_for newest '	delivered	2$'
run 0 promo batch create second --codes 0 --amount 500 --expires 2099-12-31
wait_for request_count 3
is_signed 3 || wrong 'the secret of before does not sign'
run 0 promo webhook rotate-secret "$id"
take_secret
run 0 promo batch create third --codes 0 --amount 500 --expires 2099-12-31
wait_for request_count 4
is_signed 4 || wrong 'the new secret does not sign'
run 6 promo webhook rotate-secret 01900000-0000-7000-8000-000000000000

# One that is gone.
run 0 promo webhook update "$id" --url "$receiver/gone"
run 0 promo batch create fourth --codes 0 --amount 500 --expires 2099-12-31
wait_for newest '	dead	1$'
run 0 promo webhook list --columns id,is_active,disabled_reason
grep -q "^$id	.*gone" "$out" || wrong 'nobody says why it is off'
run 7 promo webhook resend "$id" "$(cut -f 1 "$place/newest")"
run 0 promo webhook update "$id" --url "$receiver/ok" --is-active true
run 0 promo webhook resend "$id" "$(cut -f 1 "$place/newest")"
wait_for newest '	delivered	2$'

run 0 promo notification test in_app
run 0 promo notification list
grep -q 'A test' "$out" || wrong 'nobody was told'
run 0 promo webhook delete "$id" --yes
run 6 promo webhook deliveries "$id"
finish
