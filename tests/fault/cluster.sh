# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by lib.sh: the PostgreSQL that daemons use, of the script's own making or of a daemon's.

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
	# The server keeps nothing open that whoever runs the tests waits for.
	(cd / && fault_as "$postgres_bin/postgres" -D "$folder/data" "${settings[@]}" \
		</dev/null >>"$place/$name.log" 2>&1) 3>&- 4>&- 5>&- &
	fault_wait 60 "cluster $name" test -s "$folder/data/postmaster.pid"
	fault_wait 60 "cluster $name" "$postgres_bin/pg_isready" -q -h "$folder" -U promo_owner
	cluster_pid[$name]=$(head -n 1 "$folder/data/postmaster.pid")
	[[ -n $database ]] || database=$name
}

# fault_uri ROLE DATABASE: on the cluster that daemons use.
fault_uri()
{
	say "postgresql:///$2?user=$1&host=$place/$database"
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
