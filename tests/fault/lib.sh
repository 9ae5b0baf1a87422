# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by the scripts beside it: daemons, a PostgreSQL of theirs or of the script's, people, codes,
# load in the background, faults with deadlines, and the check in the end. README.md has an example.
# A script is called SCRIPT BUILD-FOLDER [--long]; PROMO_FAULT_LONG=1 means --long too.
#
#   fault_begin "$@"               first: sets $build, $place (a folder that goes in the end), $long
#   fault_cluster NAME [SETTING..] makes and starts a PostgreSQL in $place/NAME, or starts it again
#   fault_standby NAME PRIMARY     makes a synchronous standby of a cluster; see there for failovers
#   fault_daemon NAME [OPTION..]   starts promod, with a server of its own, or again as before
#   fault_people N                 an administrator and N clerks, signed in ($place/people)
#   fault_codes N                  a batch of N codes ($place/codes)
#   fault_load [OPTION..]          begins the load on all daemons, in the background
#   fault_load_stop                lets it come to an end; its line in $load_line
#   fault_recover                  waits until redemptions are answered again; adds to $recovery_ms
#   fault_check                    dumps the database and checks all histories
#   fault_end                      last: the figures, and that nothing was left running
#
#   fault_wait SECONDS WHAT COMMAND..   polls until COMMAND is true, or dies
#   fault_psql ARGUMENT..          psql as the owner, on the cluster or the daemon's own server
#   fault_skip WHY                 ends the test as skipped
# Variables: daemon_pid[NAME], daemon_port[NAME], cluster_pid[NAME], load_pid.

set -euo pipefail
. "${BASH_SOURCE[0]%/*}/cluster.sh"
export LC_ALL=C.UTF-8 TERM=dumb
unset PROMO_PROFILE PROMO_SERVER PROMO_CA_FILE XDG_STATE_HOME

declare -A daemon_pid=() daemon_port=() daemon_options=() cluster_pid=()
build='' place='' long=no account='' load_pid='' load_line='' load_number=0
recovery_ms=0 # the longest
recovered_ms=0 # the last
recoveries=0
database=''       # the name of the cluster that daemons use; none: a server of their own
postgres_bin=''
figures=()        # further words for the last line
mounts=()         # folders to be unmounted in the end
also=()           # processes to be stopped in the end

say()
{
	printf '%s\n' "$*"
}

die()
{
	say "wrong: $*"
	exit 1
}

fault_skip()
{
	say "skipped: $*"
	exit 77
}

now_ms()
{
	date +%s%3N
}

# Whether the process runs; one that has ended may still wait for somebody to notice.
alive()
{
	[[ -n ${1:-} ]] && kill -0 "$1" 2>/dev/null &&
		! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null
}

gone()
{
	! alive "$1"
}

fault_wait()
{
	local seconds=$1 what=$2 until

	shift 2
	until=$(($(now_ms) + seconds * 1000))
	until "$@"; do
		[[ $(now_ms) -lt $until ]] || die "waited $seconds s in vain for $what"
		sleep 0.05
	done
}

fault_begin()
{
	local folder

	[[ $# -ge 1 && -d $1 ]] || {
		say "usage: ${0##*/} BUILD-FOLDER [--long]"
		exit 2
	}
	build=$(cd "$1" && pwd)
	if [[ ${2:-} == --long || ${PROMO_FAULT_LONG:-} == 1 ]]; then
		# shellcheck disable=SC2034 # for the scripts
		long=yes
	fi
	for folder in ${PROMO_PG_BINDIR:-} $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) \
		/usr/pgsql-*/bin /usr/local/pgsql/bin; do
		[[ -z $postgres_bin && -x $folder/initdb ]] && postgres_bin=$folder
	done
	[[ -n $postgres_bin ]] || die 'there is no initdb here'
	# Short, since the path of a socket may have 107 bytes.
	place=$(TMPDIR=/tmp mktemp -d -t promo-fault.XXXXXX)
	chmod 0711 "$place"
	trap fault_leave EXIT
	trap 'exit 143' TERM
	trap 'exit 130' INT
	if [[ $(id -u) -eq 0 ]]; then
		account=postgres
		id "$account" >/dev/null 2>&1 || account=nobody
	fi
	export XDG_STATE_HOME=$place/home
	ulimit -n 8192 2>/dev/null || ulimit -n "$(ulimit -Hn)"
	# What the sanitizers find in a daemon is said in its log.
	export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}
}

fault_leave()
{
	local status=$? name process

	trap - EXIT
	trap '' TERM INT
	fault_servers CONT
	for process in "${daemon_pid[@]}"; do
		disown "$process" 2>/dev/null || true
		kill -TERM "$process" 2>/dev/null || true
		(fault_wait 60 'the end of promod' gone "$process") || {
			kill -KILL "$process"
			status=1
		}
	done
	fault_servers QUIT
	for process in "$load_pid" "${also[@]}"; do
		[[ -z $process ]] || kill -KILL "$process" 2>/dev/null || true
	done
	# A server that was told to quit does so; what else stands here ends by TERM.
	for process in "${cluster_pid[@]}"; do
		kill -TERM "$process" 2>/dev/null || true
		(fault_wait 60 'the end of a server' gone "$process") || {
			kill -KILL "$process"
			status=1
		}
	done
	if [[ $status -ne 0 && $status -ne 77 ]]; then
		for name in "$place"/*.log; do
			[[ -s $name ]] || continue
			say "--- the end of $name"
			grep -vE 'msg=request |level=info' "$name" | tail -n 60
		done
	fi
	if [[ ${PROMO_FAULT_KEEP:-} == 1 ]]; then
		say "all of it is kept in $place"
	else
		[[ ${#mounts[@]} -eq 0 ]] || umount "${mounts[@]}" || umount -l "${mounts[@]}"
		rm -rf "$place"
	fi
	exit "$status"
}

# Runs something as the account of the server and the daemons.
fault_as()
{
	if [[ -n $account ]]; then
		setpriv --reuid="$account" --regid="$(id -g "$account")" --clear-groups \
			env HOME=/nonexistent "$@"
	else
		"$@"
	fi
}

#
# Daemons.
#

daemon_ready()
{
	alive "${daemon_pid[$1]}" || die "promod $1 ended"
	[[ -s $place/$1/ready ]]
}

# fault_daemon NAME [OPTION..]: options hold for later starts as well.
fault_daemon()
{
	local name=$1 options=()

	shift
	if [[ $# -gt 0 ]]; then
		daemon_options[$name]=$(printf '%s\n' "$@")
	fi
	[[ -z ${daemon_options[$name]:-} ]] || mapfile -t options <<<"${daemon_options[$name]}"
	if [[ ! -d $place/$name ]]; then
		mkdir "$place/$name"
		[[ -z $account ]] || chown "$account" "$place/$name"
	fi
	if [[ -n $database ]]; then
		fault_database
		options=(--database="$(fault_uri promo_app promo)"
			--owner-database="$(fault_uri promo_owner promo)"
			--hash-key-file="$place/hash.key" "${options[@]}")
	fi
	rm -f "$place/$name/ready"
	"$build/promod/promod" ${account:+--run-as="$account"} --state-dir="$place/$name/state" \
		--listen="127.0.0.1:${daemon_port[$name]:-0}" --ready-file="$place/$name/ready" \
		--log-level=warning "${options[@]}" </dev/null >>"$place/$name.log" 2>&1 3>&- 4>&- 5>&- &
	daemon_pid[$name]=$!
	fault_wait 60 "promod $name" daemon_ready "$name"
	daemon_port[$name]=$(sed -n '1s/.*://p' "$place/$name/ready")
}

# fault_stop NAME SIGNAL: waits for its end, which is 0 after TERM.
fault_stop()
{
	local process=${daemon_pid[$1]:-} status=0

	[[ -n $process ]] || return 0
	unset "daemon_pid[$1]"
	kill "-$2" "$process" 2>/dev/null || true
	# bash would tell everybody that it was killed.
	[[ $2 == TERM ]] || disown "$process"
	fault_wait 60 "the end of promod $1" gone "$process"
	[[ $2 != TERM ]] || wait "$process" || status=$?
	if [[ $2 == TERM && $status -ne 0 ]]; then
		say "promod $1 ended with $status"
		return 1
	fi
}

fault_serves()
{
	curl -sf -m 5 -o /dev/null "http://127.0.0.1:${daemon_port[$1]}/readyz"
}

#
# People and codes.
#

# fault_post NAME PATH BODY [TOKEN]: the answer.
fault_post()
{
	curl -sf -m 60 "http://127.0.0.1:${daemon_port[$1]}/api/v1$2" -d "$3" \
		-H 'Content-Type: application/json' ${4:+-H "Authorization: Bearer $4"} ||
		die "POST $2 was refused"
}

json_text()
{
	sed -n 's/.*"'"$1"'": *"\([^"]*\)".*/\1/p' | head -n 1
}

# The first id in the answer's user, and the token.
person_line()
{
	sed -n 's/.*"token": *"\([^"]*\)".*"user": *{"id": *"\([^"]*\)".*/\2\t\1/p'
}

fault_people()
{
	local count=$1 name i answer
	local password='correct horse battery' options=()

	for name in "${!daemon_port[@]}"; do
		break
	done
	if [[ -n $database ]]; then
		options=(--database="$(fault_uri promo_app promo)"
			--hash-key-file="$place/hash.key")
	fi
	say "$password" | "$build/promod/promod" admin create ${account:+--run-as="$account"} \
		--state-dir="$place/$name/state" "${options[@]}" --email=boss@promo.example \
		--first-name=Boss --last-name=Boss --password-stdin >>"$place/$name.log" 2>&1 ||
		die 'no administrator'
	answer=$(fault_post "$name" /auth/login \
		"{\"identifier\": \"boss@promo.example\", \"password\": \"$password\"}")
	boss_token=$(json_text token <<<"$answer")
	answer=$(fault_post "$name" /me/mfa/totp '' "$boss_token")
	fault_post "$name" /me/mfa/totp/confirm \
		"{\"code\": \"$(json_text secret <<<"$answer" | oathtool --totp -b -)\"}" \
		"$boss_token" >/dev/null
	: >"$place/people"
	for ((i = 0; i < count; i++)); do
		fault_post "$name" /users "{\"first_name\": \"Clerk\", \"last_name\": \"Nr$i\",
			\"email\": \"clerk$i@promo.example\", \"phone_number\": \"+2507890000$((10 + i))\",
			\"password\": \"$password\", \"roles\": [\"batch-manager\"]}" \
			"$boss_token" >/dev/null
		answer=$(fault_post "$name" /auth/login \
			"{\"identifier\": \"clerk$i@promo.example\", \"password\": \"$password\"}")
		person_line <<<"$answer" >>"$place/people"
	done
	[[ $(wc -l <"$place/people") -eq $count ]] || die 'not everybody is signed in'
}

batch_is_ready()
{
	[[ $(fault_psql -c "SELECT status FROM batches WHERE batch_name = '$1'") == active ]]
}

fault_codes()
{
	local name

	for name in "${!daemon_port[@]}"; do
		break
	done
	fault_post "$name" /batches "{\"batch_name\": \"BATCH_FAULT\", \"total_codes\": $1,
		\"amount_per_code\": \"500.00\", \"expiration_date\": \"2099-12-31\"}" \
		"$boss_token" >/dev/null
	fault_wait 300 'the codes' batch_is_ready BATCH_FAULT
	fault_psql -c 'SELECT code FROM promo_codes ORDER BY id' >"$place/codes"
	[[ $(wc -l <"$place/codes") -eq $1 ]] || die 'not all codes are there'
}

#
# The load.
#

fault_load()
{
	local name servers=()

	for name in "${!daemon_port[@]}"; do
		servers+=(--server "${daemon_port[$name]}")
	done
	load_number=$((load_number + 1))
	rm -f "$place/progress"
	"$build/tests/fault/fault-load" "${servers[@]}" --people "$place/people" \
		--codes "$place/codes" --history "$place/history.$load_number" \
		--progress "$place/progress" "$@" >"$place/load" 2>"$place/load.log" 3>&- &
	load_pid=$!
	fault_wait 30 'the load' load_began
}

# fault_progress NAME: a figure of the load so far.
fault_progress()
{
	tr ' ' '\n' <"$place/progress" | sed -n "s/^$1=//p"
}

load_began()
{
	alive "$load_pid" || die "the load ended: $(cat "$place/load" "$place/load.log")"
	[[ -s $place/progress ]]
}

load_passed()
{
	load_began
	[[ $(fault_progress "$1") -ge $2 ]]
}

# fault_more NAME N [SECONDS]: waits until the load has N more of a figure.
fault_more()
{
	local before

	before=$(fault_progress "$1")
	fault_wait "${3:-60}" "$2 more $1" load_passed "$1" $((before + $2))
}

# fault_recover [SINCE-MS [SECONDS]]: waits until a redemption is answered that was asked for after the
# fault, and takes the time.
fault_recover()
{
	local since=${1:-$(now_ms)} took fault_ms

	# What it tells is up to 50 ms old.
	fault_ms=$(($(fault_progress clock_ms) + 60))
	fault_wait "${2:-60}" 'redemptions after the fault' load_passed asked_ms "$fault_ms"
	took=$(($(now_ms) - since))
	recovered_ms=$took
	[[ $took -le $recovery_ms ]] || recovery_ms=$took
	recoveries=$((recoveries + 1))
}

fault_load_stop()
{
	local status=0

	kill -TERM "$load_pid" 2>/dev/null || true
	fault_wait 120 'the end of the load' gone "$load_pid"
	wait "$load_pid" || status=$?
	load_pid=
	load_line=$(cat "$place/load")
	say "load: $load_line"
	[[ $status -eq 0 ]] || die "operations were left open: $(cat "$place/load.log")"
	# What comes next begins with fresh codes.
	sed -i "1,$(($(fault_value codes_used "$load_line") + 1))d" "$place/codes"
}

fault_value()
{
	tr ' ' '\n' <<<"$2" | sed -n "s/^$1=//p"
}

#
# The end.
#

fault_check()
{
	local status=0 file

	file=$(cd "${BASH_SOURCE[0]%/*}" && pwd)/state.sql
	fault_psql -f - <"$file" >"$place/state.txt" || die 'could not read the database'
	"$build/tests/fault/check-history" --state "$place/state.txt" "$place"/history.* \
		>"$place/checked" || status=$?
	[[ $status -eq 0 ]] || {
		cat "$place/checked"
		die 'the history does not fit the database'
	}
	say "history: $(tail -n 1 "$place/checked")"
}

# fault_figure NAME: of the checked history.
fault_figure()
{
	fault_value "$1" "$(tail -n 1 "$place/checked")"
}

# Sanitizers and broken assertions speak in the log, and faults that only a mistake of ours can make.
fault_logs_clean()
{
	local marks='ERROR: (Address|Leak|Thread)Sanitizer|WARNING: ThreadSanitizer|runtime error:'

	marks+='|Assertion|msg="fault: .*: Invalid argument'
	! grep -lE "$marks" "$place"/*.log || die 'a daemon has an error in its log'
}

fault_end()
{
	local name

	for name in "${!daemon_pid[@]}"; do
		fault_stop "$name" TERM || die "promod $name did not end well"
	done
	fault_logs_clean
	say "${0##*/}: operations $(fault_figure keys) + $(fault_figure verifications) verifications," \
		"attempts $(fault_figure attempts), unknown $(fault_figure unknown)," \
		"resolved $(fault_figure resolved), open $(fault_figure unresolved)," \
		"not now $(fault_figure not_now), lost $(fault_figure lost)," \
		"double $(fault_figure double), recovered $recoveries times in at most $recovery_ms ms" \
		"${figures[*]}"
}
