#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# usage: t0500-plain.sh PROMO PROMOD PROMO-TUI SWALLOWER
# Proves against the real daemon that a clerk can work line by line, and that a redemption whose answer
# was lost, or whose program was killed after it was sent, ends with the truth: for its own user, once.
set -eu
. "$(dirname "$0")/../promo-cli/daemon.sh"
start_daemon "$1" "$2"
tui=$3
daemon_server=$PROMO_SERVER

mkfifo "$place/keys"
start_swallower "$4"
PROMO_SERVER=$swallower_server

sign_in_boss
run 0 promo batch create plain --codes 20 --amount 500 --expires 2099-12-31
run 0 promo download plain -o "$place/codes.csv"
printf '%s\n' 'sunny side of the street' >"$place/clerk-password"
run 0 promo user create --first-name Jean --last-name Clerk --email clerk@promo.example \
	--role batch-manager --password-stdin <"$place/clerk-password"

# A day, all at once: a scanner and a pipe do not wait for prompts.
code=$(nth_code 1)
lines()
{
	printf '%s\n' "$@"
}
lines clerk@promo.example 'no password' clerk@promo.example 'sunny side of the street' \
	'sunny side of the street' "$code" 0788 0788123456 Aline '' wrong-word "$code" 0788123456 Aline Uwase redeem \
	"$code" report 0788000111 '' '' 'sealed tin' report 0788123456 day waiting help quit >"$place/day"
run 0 "$tui" --plain --profile counter <"$place/day"
says_nothing
sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$/TIME/; s/^[0-9]{2}:[0-9]{2}, /TIME, /
	s/expires: .*/expires: TIME/' "$out" >"$place/shown"
mv "$place/shown" "$out"
prints_exactly <<END
promo, line by line. Type help at the code.
E-mail or phone: 
Password: 
the user or the password is wrong
E-mail or phone: 
Password: 
Signed in to MBELYCO ($PROMO_SERVER) as Jean Clerk.
Code: 
that is no code as it is printed, perhaps a password: it was not sent. If it is a code, type it again
Code: 
ACTIVE: $code, 500 RWF. Code is valid and can be redeemed.
batch: BATCH_PLAIN
expires: TIME
Phone (Enter for another code): 
That is no phone number: 07... or + and the country code.
Phone (Enter for another code): 
Phone +250788123456.
First name (Enter for none): 
Last name (Enter for none): 
ACTIVE: $code, 500 RWF. Is this right?
phone: +250788123456
name: Aline
batch: BATCH_PLAIN
expires: TIME
Type redeem, back or stop: 
Type redeem, back or stop: 
Not redeemed: $code.
ACTIVE: $code, 500 RWF. Code is valid and can be redeemed.
batch: BATCH_PLAIN
expires: TIME
Phone (Enter for another code): 
Phone +250788123456.
First name (Enter for none): 
Last name (Enter for none): 
ACTIVE: $code, 500 RWF. Is this right?
phone: +250788123456
name: Aline Uwase
batch: BATCH_PLAIN
expires: TIME
Type redeem, back or stop: 
REDEEMED: $code, 500 RWF. Code redeemed successfully to +250788123456 with 500 RWF.
redeemed: TIME
for: +250788123456
name: Aline Uwase
batch: BATCH_PLAIN
expires: TIME
Hand it over. Ready for the next code.
Code: 
ALREADY REDEEMED: $code, 500 RWF. Code is valid but already redeemed.
redeemed: TIME
for: +250788123456
name: Aline Uwase
by: Jean Clerk
batch: BATCH_PLAIN
expires: TIME
Pay nothing. If somebody else brings it now, type report.
Code: 
Phone of who brings it now (Enter to leave it): 
First name (Enter for none): 
Last name (Enter for none): 
What happened (Enter for nothing): 
Type report to send it, or anything else to leave it: 
Reported as FRAUD000001. The redemption stays as it was.
Code: 
that is a phone number, and the code comes first; if it is a code, press Enter once more
Code: 
Today: 1 redeemed.
500 RWF
TIME, $code, 500 RWF, +250788123456
Code: 
Nothing waits for an answer.
Code: 
At the code: a code and Enter look it up. Enter alone tries the last one again.
An active code asks for the phone number and the name, reads them back, and is redeemed by the word redeem and nothing else.
day: what you redeemed today. report: when somebody brings a redeemed code.
waiting: redemptions without an answer. sign-in: another user. quit: the end.
Code: 
END

outbox()
{
	find "$place/home/promo/outbox" -type f | wc -l
}
[ "$(outbox)" = 0 ] || wrong "an answered redemption is kept"
run 4 "$tui" --plain --profile counter </dev/null

# begin_plain USER PASSWORD-FILE: lines go to it by `type`.
begin_plain()
{
	"$tui" --plain --profile counter <"$place/keys" >"$out" 2>"$err" &
	plain=$!
	last="--plain as $1"
	exec 8>"$place/keys"
	type "$1"
	type "$(cat "$2")"
	until_said '^Signed in to'
}

type()
{
	printf '%s\n' "$1" >&8
}

until_said()
{
	until grep -q -- "$1" "$out"; do
		kill -0 "$plain" 2>/dev/null || wrong "it ended without '$1'"
		sleep 0.05
	done
}

end_plain()
{
	type quit
	exec 8>&-
	wait "$plain" || wrong "it did not end well"
}

begin_redemption()
{
	type "$(nth_code "$1")"
	until_said "^ACTIVE: $(nth_code "$1")"
	type 0788123456
	type ''
	type ''
	until_said "^Type redeem"
}

# The answer is lost, and whoever asks again is not let in: not known, until it is.
begin_plain clerk@promo.example "$place/clerk-password"
begin_redemption 2
echo close 401 >"$place/orders"
type redeem
until_said "^OUTCOME UNKNOWN: $(nth_code 2)"
[ "$(outbox)" = 1 ] || wrong "the redemption is not kept"
[ -z "$(find "$place/home/promo/outbox" -type f ! -perm 0600)" ] || wrong "others can read it"
until_said "^SETTLED: $(nth_code 2) was redeemed for +250788123456"
[ "$(outbox)" = 0 ] || wrong "a settled redemption is kept"
type "$(nth_code 2)"
until_said "^ALREADY REDEEMED: $(nth_code 2)"
end_plain

# Connections on which the daemon has bytes that it did not read.
find_unread()
{
	awk -v port="$(printf '%04X' "${daemon_server##*:}")" '
		$2 ~ ":" port "$" && $4 == "01" && $5 !~ /:00000000$/' /proc/net/tcp
}

# The program is killed when the request was sent, and nobody has read it yet.
begin_plain clerk@promo.example "$place/clerk-password"
begin_redemption 3
kill -STOP "$daemon"
type redeem
until [ "$(outbox)" = 1 ] && [ -n "$(find_unread)" ]; do
	kill -0 "$plain" || wrong "it did not wait"
	sleep 0.05
done
kill -KILL "$plain"
wait "$plain" || true
exec 8>&-
kill -CONT "$daemon"
[ "$(outbox)" = 1 ] || wrong "the redemption is not kept"

# Another user cannot ask for it.
begin_plain boss@promo.example "$place/password"
until_said "^$(nth_code 3) for +250788123456 waits for Jean Clerk to sign in here"
type day
until_said '^Today: 0 redeemed'
end_plain
[ "$(outbox)" = 1 ] || wrong "another user's redemption is gone"

# Its own one is told what became of it.
begin_plain clerk@promo.example "$place/clerk-password"
until_said '^WARNING: 1 without an answer'
until_said "^SETTLED: $(nth_code 3) was redeemed for +250788123456"
[ "$(outbox)" = 0 ] || wrong "a settled redemption is kept"
end_plain

# The server goes away in the middle: what is not known is settled when it is back.
begin_plain clerk@promo.example "$place/clerk-password"
begin_redemption 4
stop_daemon
type redeem
until_said "^OUTCOME UNKNOWN: $(nth_code 4)"
PROMO_SERVER=$daemon_server continue_daemon 8>&-
until_said "^SETTLED: $(nth_code 4) was redeemed"
end_plain

PROMO_SERVER=http://127.0.0.1:$(cat "$place/port")
run 0 promo redemption list --count --columns id --status completed
says '^4 in all'
finish
