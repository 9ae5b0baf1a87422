#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0600-outside.sh PROMO PROMOD SMTPD HTTPD
# Proves with the real daemon, a real mail server and a real HTTP server: while the mail server says nothing
# all else is answered; a daemon that is killed between the server's word and its own note sends the letter
# again when its lease has ended, not before, and as the same mail; dead letters are seen and sent again; and
# every channel can be tried, with what the other side said.
set -eu
. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/outside.sh"
start_daemon "$1" "$2"
run 0 promo batch create first --codes 60 --amount 500 --expires 2099-12-31
run 0 promo download first -o "$place/codes.csv"
start_mail "$3"
start_http "$4"

# letter RECIPIENT: in the outbox, as operations write it.
letter()
{
	sql "INSERT INTO outbox (id, channel, kind, recipient, payload) VALUES (gen_random_uuid(), 'email',
		'job_failed', '$1', '{\"facts\": [{\"name\": \"title\", \"value\": \"A title\"},
		{\"name\": \"body\", \"value\": \"A body\"}]}')"
}

# letters CONDITION N: so many letters are like this.
letters()
{
	[ "$(sql "SELECT count(*) FROM outbox WHERE $1")" -eq "$2" ]
}

# The server has taken all that is sent at once and says nothing, and more waits.
touch "$mails/hold"
for i in 1 2 3 4 5 6 7 8; do
	letter "hold$i@example.com"
done
wait_for mail_count 4
set_outside email_notifications.enabled true
set_outside email_notifications.recipients '["hold9@example.com"]'
set_outside email_notifications.events '["fraud_alert"]'
for i in $(seq 1 20); do
	run 0 promo redeem "$(nth_code "$i")" --phone 0788123456
done
run 0 promo report "$(nth_code 1)" --phone 0788999888
run 0 promo batch list
letters "status = 'waiting'" 9 || wrong 'the server was waited for'
letters 'attempts > 0' 4 || wrong 'letters are sent that nobody has room for'
mail_count 4 || wrong 'the server took more'
rm "$mails/hold"
wait_for letters "status = 'sent'" 9
mail_count 9 || wrong 'not every letter went out once'

# Taken by the server, and nobody is left to note it.
touch "$mails/hold"
letter hold@example.com
wait_for mail_count 10
kill -KILL "$daemon"
wait "$daemon" 2>"$place/killed" || true
rm "$mails/hold"
continue_daemon
letter ann@example.com
wait_for letters "recipient = 'ann@example.com' AND status = 'sent'" 1
letters "recipient = 'hold@example.com' AND status = 'waiting' AND attempts = 1
	AND next_at > now() + interval '1 min'" 1 || wrong 'the lease was not kept'
mail_count 11 || wrong 'it was sent again within its lease'
sql "UPDATE outbox SET next_at = now() WHERE recipient = 'hold@example.com'"
wait_for letters "recipient = 'hold@example.com' AND status = 'sent' AND attempts = 2" 1
id=$(sql "SELECT id FROM outbox WHERE recipient = 'hold@example.com'")
[ "$(grep -l "^Message-ID: <$id@" "$mails"/*.mail | wc -l)" -eq 2 ] || wrong 'it is another mail'
mail_count 12 || wrong 'there are other mails'

# A dead letter is seen, and sent when it is asked for.
letter nobody@example.com
wait_for letters "status = 'dead'" 1
run 0 promo notification outbox --status dead --columns id,recipient,status,attempts,last_error
grep -q '	nobody@example.com	dead	1	the mail server said: 550 5.1.1 there is nobody of that name$' \
	"$out" || wrong 'the dead letter is not shown'
id=$(grep -o '^[0-9a-f-]\{36\}' "$out")
sql "UPDATE outbox SET recipient = 'somebody@example.com' WHERE id = '$id'"
run 0 promo notification outbox-retry "$id"
grep -q '^status	waiting$' "$out" || wrong 'it does not wait'
wait_for letters "id = '$id' AND status = 'sent'" 1
wait_for mail_count 13
grep -q -- '-> somebody@example.com$' "$mails/0013.mail" || wrong 'another one was sent'
run 0 promo notification outbox --status dead
run 7 promo notification outbox-retry "$id"

# Each channel, tried at once.
run 0 promo notification test email --recipient ann@example.com
grep -q '^response_code	250$' "$out" || wrong 'the answer of the mail server is not shown'
mail_count 14 || wrong 'no mail came'
run 1 promo notification test email --recipient nobody@example.com
says '550 5.1.1 there is nobody of that name'
run 0 promo notification test sms --recipient 0788123456
grep -q '^response_code	204$' "$out" || wrong 'the answer of the gateway is not shown'
request_count 1 || wrong 'no text message came'
grep -q '^to=%2B250788123456&' "$requests/0001.request" || wrong 'it went to another phone'
run 0 promo webhook create "http://127.0.0.1:$(cat "$requests/port")/ok" --events batch.created
sed -n 's/^secret	//p' "$out" >"$requests/secret"
id=$(sed -n 's/^id	//p' "$out")
run 0 promo notification test webhook --webhook-id "$id"
grep -q '^response_code	204$' "$out" || wrong 'the answer of the webhook is not shown'
request_count 2 || wrong 'the webhook was not called'
grep -q '^signed$' "$requests/0002.request" || wrong 'the call is not signed'
finish
