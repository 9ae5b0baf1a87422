# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by scripts/demo and by bench/: a promod of this tree in a temporary place, with a PostgreSQL
# of its own, started and stopped without a trace. The caller stands in the root of the tree.
#
#   daemon_build DIR       builds promod and promo in DIR, unless they are up to date
#   daemon_place NAME      makes the temporary place; as root also the account that promod runs as
#   daemon_start [OPTION]  starts promod and waits until it serves
#   daemon_admin E-MAIL PASSWORD-FILE    creates the first administrator
#   daemon_enrol           whoever is signed in gets an authenticator app; its secret is in
#                          $daemon_dir/secret, recovery codes are in $daemon_dir/recovery
#   daemon_log             the end of the log
#   daemon_stop            stops both and removes the place; fails if something is left running

daemon_account=promo
daemon_dir=
daemon_pid=
daemon_url=
daemon_promod=
daemon_promo=
daemon_tui=

daemon_die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

daemon_build()
{
	local log=$1/build.log

	mkdir -p "$1"
	if [[ ! -f $1/build.ninja ]] && ! meson setup "$1" -Dtests=false >"$log" 2>&1; then
		tail -n 40 "$log" >&2
		daemon_die 'meson could not set the build up'
	fi
	if ! ninja -C "$1" >"$log" 2>&1; then
		tail -n 40 "$log" >&2
		daemon_die 'the build failed'
	fi
	daemon_promod=$1/promod/promod
	daemon_promo=$1/promo-cli/promo
	daemon_tui=$1/promo-tui/promo-tui
}

daemon_place()
{
	daemon_dir=$(mktemp -d "/tmp/$1.XXXXXX")
	# promod passes through it to its own directory below; what else is there is ours.
	chmod 0711 "$daemon_dir"
	if [[ $(id -u) -eq 0 ]] && ! getent passwd "$daemon_account" >/dev/null; then
		echo "neither promod nor PostgreSQL runs as root: making the system account" \
			"\"$daemon_account\""
		useradd --system --user-group --no-create-home --home-dir /nonexistent \
			--shell /usr/sbin/nologin "$daemon_account"
	fi
}

daemon_options()
{
	printf '%s\n' --state-dir="$daemon_dir/state" --run-as="$daemon_account"
}

daemon_start()
{
	local ready=$daemon_dir/state/ready options i

	mapfile -t options < <(daemon_options)
	# A session of its own, so that Ctrl-C reaches this script alone, which then stops it in order.
	setsid "$daemon_promod" "${options[@]}" --listen=127.0.0.1:0 --ready-file="$ready" "$@" \
		</dev/null >"$daemon_dir/log" 2>&1 &
	daemon_pid=$!
	for ((i = 0; i < 1200; i++)); do
		if [[ -s $ready ]]; then
			daemon_url=$(head -n 1 "$ready")
			return
		fi
		daemon_alive "$daemon_pid" || daemon_die 'promod ended before it served requests'
		sleep 0.05
	done
	daemon_die 'promod did not serve requests within a minute'
}

daemon_admin()
{
	local options

	mapfile -t options < <(daemon_options)
	"$daemon_promod" admin create --email="$1" --first-name=Ada --last-name=Admin \
		--password-stdin "${options[@]}" <"$2"
}

daemon_confirm()
{
	oathtool --totp -b --now="$1" - <"$daemon_dir/secret" |
		"$daemon_promo" --json me mfa-totp-confirm --code-stdin 2>/dev/null |
		grep -o '[0-9A-Z]\{5\}-[0-9A-Z]\{5\}-[0-9A-Z]\{5\}' >"$daemon_dir/recovery"
}

daemon_enrol()
{
	(
		umask 077
		"$daemon_promo" me mfa-totp 2>/dev/null | sed -n 's/^secret	//p' >"$daemon_dir/secret"
		# A code is good once: the one before leaves that of now to whoever signs in next.
		daemon_confirm '30 seconds ago' || daemon_confirm now
	)
}

daemon_log()
{
	if [[ -s $daemon_dir/log ]]; then
		echo "the end of promod's log:"
		tail -n 30 "$daemon_dir/log"
	fi
}

# Whether the process runs; one that has ended may still wait for somebody to notice.
daemon_alive()
{
	kill -0 "$1" 2>/dev/null && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

# Whether the process has ended within a minute.
daemon_gone()
{
	local i

	for ((i = 0; i < 1200; i++)); do
		daemon_alive "$1" || return 0
		sleep 0.05
	done
	return 1
}

daemon_stop()
{
	local server='' status=0

	[[ -n $daemon_dir ]] || return 0
	if [[ -r $daemon_dir/state/postgres/postmaster.pid ]]; then
		server=$(head -n 1 "$daemon_dir/state/postgres/postmaster.pid")
	fi
	if [[ -n $daemon_pid ]]; then
		kill -TERM "$daemon_pid" 2>/dev/null || true
		if ! daemon_gone "$daemon_pid"; then
			echo "promod (process $daemon_pid) does not end" >&2
			return 1
		fi
		wait "$daemon_pid" || status=$?
		[[ $status -eq 0 ]] || echo "promod ended with $status, see above" >&2
		daemon_pid=
	fi
	if [[ -n $server ]] && daemon_alive "$server"; then
		echo "PostgreSQL (process $server) outlived promod; stopping it" >&2
		kill -INT "$server" 2>/dev/null || true
		daemon_gone "$server" || return 1
		status=1
	fi
	rm -rf "$daemon_dir"
	daemon_dir=
	return "$status"
}
