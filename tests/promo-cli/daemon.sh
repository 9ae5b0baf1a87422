# SPDX-License-Identifier: MIT
# A daemon with its own PostgreSQL for one test, and the words in which the tests are written. To be
# sourced. Everything stands below $place, which goes when the test ends.

export LC_ALL=C.UTF-8 TZ=CAT-2 TERM=dumb
unset PROMO_PROFILE PROMO_SERVER PROMO_CA_FILE PROMO_API_KEY_FILE CREDENTIALS_DIRECTORY XDG_STATE_HOME
place=$(mktemp -d "$("${BASH_SOURCE[0]%/*}/../../scripts/test-folder")/promo-test.XXXXXX")
out=$place/out
err=$place/err
daemon=
servers=

wrong()
{
	echo "wrong: $*"
	echo "--- last command: $last"
	echo "--- standard output"
	cat "$out"
	echo "--- standard error"
	cat "$err"
	exit 1
}

stop_daemon()
{
	[ -n "$daemon" ] || return 0
	kill -TERM "$daemon" 2>/dev/null || true
	wait "$daemon" || true
	daemon=
}

leave()
{
	local status=$?

	stop_daemon
	[ -z "$servers" ] || kill $servers 2>/dev/null || true
	if [ $status -ne 0 ] && [ -e "$place/log" ]; then
		echo "--- log of the daemon"
		tail -n 40 "$place/log"
	fi
	rm -rf "$place"
	exit $status
}
trap leave EXIT

# Waits for the daemon to say that it is ready; it is dead or alive, there is nothing to time.
wait_until_ready()
{
	while [ ! -s "$place/run/ready" ]; do
		kill -0 "$daemon" 2>/dev/null || { echo "the daemon ended"; exit 1; }
		sleep 0.05
	done
}

continue_daemon()
{
	rm -f "$place/run/ready"
	"$promod" $account --state-dir "$place/run/state" --listen "${PROMO_SERVER#http://}" \
		--ready-file "$place/run/ready" >>"$place/log" 2>&1 &
	daemon=$!
	wait_until_ready
}

# start_bare_daemon PROMO PROMOD: a first administrator boss@promo.example, his password in a file. He has
# not signed in yet, and has no second factor.
start_bare_daemon()
{
	promo_program=$1
	promod=$2
	chmod 755 "$place"
	mkdir "$place/run"
	# Started by root it becomes another account, which has to be able to write here.
	account=
	if [ "$(id -u)" = 0 ]; then
		account='--run-as nobody'
		chown nobody "$place/run"
	fi
	PROMO_SERVER=http://127.0.0.1:0
	continue_daemon
	PROMO_SERVER=$(head -n 1 "$place/run/ready")
	export PROMO_SERVER XDG_STATE_HOME=$place/home
	printf '%s\n' 'correct horse battery' >"$place/password"
	"$promod" admin create $account --state-dir "$place/run/state" --email boss@promo.example \
		--first-name Boss --last-name Boss --password-stdin <"$place/password" \
		>>"$place/log" 2>&1
}

# What his next sign-in reads: the password, and a recovery code that was not used.
prepare_sign_in()
{
	printf '%s\n' 'correct horse battery' >"$place/password"
	sed -n 1p "$place/recovery" >>"$place/password"
	sed -i 1d "$place/recovery"
}

# start_daemon PROMO PROMOD: the same after his first sign-in, which leads through the enrolment of an
# authenticator app, and goes on. $place/password is good for another one (see sign_in_boss).
start_daemon()
{
	start_bare_daemon "$@"
	run 0 promo login --user boss@promo.example --password-stdin <"$place/password"
	run 0 promo me mfa-totp
	sed -n 's/^secret	//p' "$out" | oathtool --totp -b - >"$place/code"
	run 0 promo --json me mfa-totp-confirm --code-stdin <"$place/code"
	grep -o '[0-9A-Z]\{5\}-[0-9A-Z]\{5\}-[0-9A-Z]\{5\}' "$out" >"$place/recovery"
	prepare_sign_in
}

# sign_in_boss [ARGUMENT...]: signs in once more, as often as there are recovery codes.
sign_in_boss()
{
	run 0 promo login --user boss@promo.example --password-stdin "$@" <"$place/password"
	prepare_sign_in
}

# The token of who is signed in, for what is asked without promo.
token()
{
	grep -rho 'pmo_s_[A-Za-z0-9_-]*' "$place/home/promo/profiles"
}

# start_swallower PROGRAM: a proxy before the daemon, which swallows what $place/orders says; it ends with
# this script. Sets swallower_server, its address.
start_swallower()
{
	mkfifo "$place/hold"
	"$1" "$place/port" "$place/orders" "${PROMO_SERVER##*:}" <"$place/hold" &
	exec 9>"$place/hold"
	until [ -s "$place/port" ]; do
		kill -0 $! || {
			echo 'the proxy ended' >&2
			exit 1
		}
		sleep 0.05
	done
	# shellcheck disable=SC2034
	swallower_server=http://127.0.0.1:$(cat "$place/port")
}

# sql TEXT: in the daemon's own database, as its owner, who is let in as the daemon's account only.
sql()
{
	local as= psql

	psql=$(ls -d /usr/lib/postgresql/*/bin/psql /usr/pgsql-*/bin/psql 2>/dev/null | tail -n 1)
	[ -z "$account" ] || as="setpriv --reuid nobody --regid $(id -g nobody) --clear-groups --"
	$as "${psql:-psql}" -XAtq -v ON_ERROR_STOP=1 -h "$place/run/state/socket" -U promo_owner \
		-d promo -c "$1"
}

promo()
{
	"$promo_program" "$@"
}

# run STATUS COMMAND...: runs it and compares its exit status; what it printed is in $out and $err.
run()
{
	local expected=$1 status=0

	shift
	last=$*
	"$@" >"$out" 2>"$err" || status=$?
	[ $status -eq "$expected" ] || wrong "ended with $status, not with $expected"
}

full_disk()
{
	"$@" >/dev/full
}

says()
{
	grep -q -- "$1" "$err" || wrong "standard error has no '$1'"
}

says_nothing()
{
	[ ! -s "$err" ] || wrong "standard error is not empty"
}

# What changes from run to run, by its kind.
masked()
{
	sed -E 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/ID/g
		s/^(  (redeemed|at|reported|until) +)[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]+ CAT/\1TIME/' "$out"
}

# prints: standard output begins with these lines, ids and times masked.
prints()
{
	cat >"$place/expected"
	masked | head -n "$(wc -l <"$place/expected")" >"$place/found"
	diff -u "$place/expected" "$place/found" || wrong "that is not what is printed"
}

prints_exactly()
{
	diff -u - "$out" || wrong "that is not what is printed"
}

nth_code()
{
	sed -n "$(($1 + 1))s/^\"\\{0,1\\}\\([^\",]*\\).*/\\1/p" "$place/codes.csv"
}

# A code of the same day that was not issued: its first letters are others.
other_letters()
{
	case $1 in
	ZZ*) echo "WWWW${1#????}" ;;
	*) echo "ZZZZ${1#????}" ;;
	esac
}

json_field()
{
	sed -n "s/.*\"$1\": *\"\\([^\"]*\\)\".*/\\1/p" "$out" | head -n 1
}

finish()
{
	echo "everything was as it has to be"
}
