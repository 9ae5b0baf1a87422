# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by lib.sh: the PostgreSQL that daemons use, of the script's own making or of a daemon's.

cluster_started='' # the process that was started last

# Whether it serves; it does not start while processes of one that was killed are still there.
cluster_serves()
{
	local name=$1 folder=$place/$1

	shift
	if ! alive "$cluster_started"; then
		# It keeps nothing open that whoever runs the tests waits for.
		(cd / && exec setpriv --pdeathsig QUIT ${account:+--reuid="$account"} \
			${account:+--regid="$(id -g "$account")"} ${account:+--clear-groups} \
			"$postgres_bin/postgres" -D "$folder/data" "$@" \
			</dev/null >>"$place/$name.log" 2>&1) 3>&- 4>&- 5>&- &
		cluster_started=$!
		disown "$cluster_started"
	fi
	"$postgres_bin/pg_isready" -q -h "$folder" -U promo_owner &&
		[[ $(head -n 1 "$folder/data/postmaster.pid") == "$cluster_started" ]]
}

fault_cluster()
{
	local name=$1 folder=$place/$1 settings=() setting

	shift
	if [[ ! -d $folder ]]; then
		mkdir "$folder"
		[[ -z $account ]] || chown "$account" "$folder"
		fault_as "$postgres_bin/initdb" -D "$folder/data" -U promo_owner -A trust -E UTF8 \
			--locale=C.UTF-8 -N >"$place/$name.log" 2>&1 || die "no cluster $name"
	fi
	for setting in listen_addresses= "unix_socket_directories=$folder" max_connections=100 \
		log_checkpoints=off "$@"; do
		settings+=(-c "$setting")
	done
	cluster_started=
	fault_wait 60 "cluster $name" cluster_serves "$name" "${settings[@]}"
	cluster_pid["$name"]=$(head -n 1 "$folder/data/postmaster.pid")
	[[ -n $database ]] || database=$name
}

# fault_uri ROLE DATABASE: on the cluster that daemons use; of several, on the one that takes writes.
fault_uri()
{
	local name hosts='' attributes=''

	for name in $database; do
		[[ -z $hosts ]] || attributes='&target_session_attrs=read-write'
		hosts+=${hosts:+,}$place/$name
	done
	say "postgresql:///$2?user=$1&host=$hosts$attributes"
}

# The owner on one cluster, whichever daemons use.
fault_psql_on()
{
	local name=$1

	shift
	fault_as "$postgres_bin/psql" -XAtq -v ON_ERROR_STOP=1 \
		-d "postgresql:///postgres?user=promo_owner&host=$place/$name" "$@"
}

is_synchronous()
{
	[[ $(fault_psql_on "$1" -c 'SELECT sync_state FROM pg_stat_replication') == sync ]]
}

# fault_standby NAME PRIMARY: a new copy of the primary that follows it, until the primary waits for it
# with every commit; daemons know both.
fault_standby()
{
	local name=$1 primary=$2

	if [[ ! -d $place/$name ]]; then
		mkdir "$place/$name"
		[[ -z $account ]] || chown "$account" "$place/$name"
		database+=" $name"
	fi
	rm -rf "$place/$name/data"
	fault_as "$postgres_bin/pg_basebackup" -D "$place/$name/data" -R -X stream -c fast -N \
		-d "user=promo_owner host=$place/$primary application_name=$name" \
		>>"$place/$name.log" 2>&1 || die "no copy of $primary"
	fault_cluster "$name"
	fault_psql_on "$primary" -c "ALTER SYSTEM SET synchronous_standby_names = '*'"
	fault_psql_on "$primary" -c 'SELECT pg_reload_conf()' >/dev/null
	fault_wait 60 "$name to follow $primary" is_synchronous "$primary"
}

# fault_promote NAME: a standby begins to take writes, alone.
fault_promote()
{
	fault_psql_on "$1" -c 'ALTER SYSTEM RESET synchronous_standby_names'
	fault_psql_on "$1" -c 'SELECT pg_reload_conf()' >/dev/null
	fault_as "$postgres_bin/pg_ctl" promote -w -s -D "$place/$1/data" || die "$1 stays a standby"
}

# fault_cluster_die NAME: every process of it at once, as when its machine dies.
fault_cluster_die()
{
	local process=${cluster_pid[$1]} memory children

	memory=$(awk 'NR == 7 { print $2 }' "$place/$1/data/postmaster.pid")
	kill -STOP "$process"
	mapfile -t children < <(pgrep -P "$process")
	kill -KILL "${children[@]}" "$process"
	fault_wait 30 "the end of cluster $1" gone "$process"
	unset "cluster_pid[$1]"
	# Nobody starts it again, who would find this and take it away.
	ipcrm -m "$memory" 2>/dev/null || true
}

# The database of the daemons on the cluster, once.
fault_database()
{
	local owner

	owner=$(fault_uri promo_owner promo)
	if "$postgres_bin/psql" -XAtq -d "$owner" -c '' 2>/dev/null; then
		return
	fi
	"$postgres_bin/psql" -XAtq -d "$(fault_uri promo_owner postgres)" -c 'CREATE DATABASE promo'
	"$build/promod/promod" migrate ${account:+--run-as="$account"} --state-dir="$place/migrate" \
		--owner-database="$owner" --database="$owner" >"$place/migrate.log" 2>&1 ||
		die 'could not migrate'
	"$postgres_bin/psql" -XAtq -d "$owner" -c 'ALTER ROLE promo_app LOGIN'
	# Daemons of one database share the key of hashes.
	head -c 32 /dev/urandom >"$place/hash.key"
	chmod 0600 "$place/hash.key"
	[[ -z $account ]] || chown "$account" "$place/hash.key"
}

fault_psql()
{
	local name uri

	if [[ -n $database ]]; then
		uri=$(fault_uri promo_owner promo)
	else
		for name in "${!daemon_port[@]}"; do
			break
		done
		uri="postgresql:///promo?user=promo_owner&port=5432&host=$place/$name/state/socket"
	fi
	fault_as "$postgres_bin/psql" -XAtq -v ON_ERROR_STOP=1 -d "$uri" "$@"
}

# The process of the daemon's own server.
fault_server()
{
	head -n 1 "$place/$1/state/postgres/postmaster.pid" 2>/dev/null
}

# fault_servers SIGNAL: to every PostgreSQL process below $place.
fault_servers()
{
	local file process

	for file in "$place"/*/state/postgres/postmaster.pid "$place"/*/data/postmaster.pid; do
		[[ -s $file ]] || continue
		process=$(head -n 1 "$file")
		alive "$process" || continue
		# Children first, so that none of them is made meanwhile.
		# shellcheck disable=SC2046 # the numbers are words
		kill "-$1" "$process" $(pgrep -P "$process") 2>/dev/null || true
	done
}
