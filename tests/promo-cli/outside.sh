# SPDX-License-Identifier: MIT
# A mail server and an HTTP server that are real, and what they were sent. To be sourced after daemon.sh.

mails=$place/mails
requests=$place/requests

# wait_for COMMAND...: until it succeeds.
wait_for()
{
	local tries=0

	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 1200 ] || wrong "never: $*"
		sleep 0.05
	done
}

# start_server FOLDER PROGRAM: it ends with this script.
start_server()
{
	mkdir "$1"
	"$2" "$1" >>"$place/servers" 2>&1 &
	servers="$servers $!"
	wait_for test -s "$1/port"
}

# set_outside KEY JSON: a setting of the category notifications.
set_outside()
{
	sql "INSERT INTO system_settings (id, category, key, value)
		VALUES (gen_random_uuid(), 'notifications', '$1', '$2')
		ON CONFLICT ON CONSTRAINT system_settings_key DO UPDATE SET value = excluded.value;
		UPDATE auth_state SET settings_version = settings_version + 1"
}

# start_mail SMTPD and start_http HTTPD: they are set up as the shop's own.
start_mail()
{
	start_server "$mails" "$1"
	set_outside smtp.url "\"smtp://127.0.0.1:$(cat "$mails/port")\""
	set_outside smtp.security '"none"'
}

start_http()
{
	start_server "$requests" "$1"
	set_outside webhooks.allow_private_addresses true
	set_outside sms.url "\"http://127.0.0.1:$(cat "$requests/port")/ok\""
	set_outside sms.enabled true
}

# mail_count N, request_count N: so many were taken.
mail_count()
{
	[ "$(find "$mails" -name '*.mail' | wc -l)" -eq "$1" ]
}

request_count()
{
	[ "$(find "$requests" -name '*.request' | wc -l)" -eq "$1" ]
}

# mail_code N, message_code N: the code in the Nth mail or text message, when it has come.
mail_code()
{
	local mail

	mail=$mails/$(printf %04d "$1").mail
	wait_for test -e "$mail"
	sed -n 's/^Subject: Your code for .*: \([0-9]\{6\}\)$/\1/p' "$mail"
}

message_code()
{
	local request

	request=$requests/$(printf %04d "$1").request
	wait_for test -e "$request"
	grep -o '^to=.*' "$request" | sed 's/.*[^0-9]\([0-9]\{6\}\)[^0-9].*/\1/'
}
