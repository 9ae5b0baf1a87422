/* SPDX-License-Identifier: MIT */
#include "libpromo/store/embedded.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/store/embedded_cluster.h"
#include "libpromo/store/embedded_process.h"
#include "libpromo/store/rows.h"
#include "libpromo/store/store.h"

enum {
	START_MS = 600000, /* a crash recovery reads up to max_wal_size */
	STOP_MS = 60000,
	STEP_MS = 20,
	ATTEMPTS_MAX = 10,
	URI_SIZE = 3 * PATH_MAX,
};

struct promo_embedded {
	struct promo_cluster cluster;
	char owner_uri[URI_SIZE], app_uri[URI_SIZE], loader_uri[URI_SIZE], first_uri[URI_SIZE];
	int lock;  /* held: we own the server; -1: guests */
	pid_t pid; /* of the postmaster, 0 if unknown */
	bool child;
};

/* The socket's folder may hold anything that is no quote: encoded for the URI. */
static void make_uri(const struct promo_embedded *embedded, const char *database, const char *user,
	char ret[URI_SIZE])
{
	int length =
		snprintf(ret, URI_SIZE, "postgresql:///%s?user=%s&port=5432&host=", database, user);
	char *to = ret + length;

	for (const char *c = embedded->cluster.socket_dir; *c && to < ret + URI_SIZE - 4; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			     (*c >= '0' && *c <= '9') || strchr("/._-", *c);

		to += snprintf(to, 4, plain ? "%c" : "%%%02X", (unsigned char)*c);
	}
}

static void wait_a_little(void)
{
	(void)poll(NULL, 0, STEP_MS);
}

/* Whether a process works in the data directory, as a server does and its sessions do. Without
 * /proc that cannot be told: then who lives under the noted number is taken for the server. */
static bool works_there(const struct promo_embedded *embedded, const char *process)
{
	char link[PATH_MAX], folder[PATH_MAX];
	ssize_t length;

	(void)snprintf(link, sizeof(link), "/proc/%s/cwd", process);
	length = readlink(link, folder, sizeof(folder) - 1);
	if (length < 0)
		return errno == ENOENT && access("/proc/self", F_OK) != 0;
	folder[length] = '\0';
	return strcmp(folder, embedded->cluster.data_dir) == 0;
}

/* The noted number may belong to somebody else after a restart of the machine. */
static bool is_postmaster(const struct promo_embedded *embedded, pid_t pid)
{
	char process[32];

	if (pid <= 0 || (kill(pid, 0) && errno != EPERM))
		return false;
	(void)snprintf(process, sizeof(process), "%ld", (long)pid);
	return works_there(embedded, process);
}

/* The number in postmaster.pid, 0 without one. */
static pid_t noted_pid(const struct promo_embedded *embedded)
{
	char path[PATH_MAX + 16], text[32] = "";
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/postmaster.pid", embedded->cluster.data_dir);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	(void)fclose(file);
	return (pid_t)strtol(text, NULL, 10);
}

/* PostgreSQL itself tells a note that is out of date, but for one case: the number belongs to
 * another process of ours by now, as happens in containers. The note also guards against sessions
 * of the dead server that still run, so it is taken away only where there are none. */
static int remove_stale_note(const struct promo_embedded *embedded)
{
	char path[PATH_MAX + 16];
	const struct dirent *entry;
	bool busy = false;
	DIR *processes;

	if (embedded->pid <= 0 || kill(embedded->pid, 0))
		return 0;
	processes = opendir("/proc");
	while (processes && !busy && (entry = readdir(processes)))
		busy = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		       works_there(embedded, entry->d_name);
	if (processes)
		(void)closedir(processes);
	if (busy)
		return promo_fault(-EBUSY, "sessions of an earlier server still work in %s",
			embedded->cluster.data_dir);
	(void)snprintf(path, sizeof(path), "%s/postmaster.pid", embedded->cluster.data_dir);
	return unlink(path) && errno != ENOENT
		       ? promo_fault(-errno, "could not remove %s: %s", path, strerror(errno))
		       : 0;
}

/* Whether the server ended; takes its status if it is our child. */
static bool has_ended(struct promo_embedded *embedded)
{
	int status;

	if (embedded->child && waitpid(embedded->pid, &status, WNOHANG) == embedded->pid) {
		embedded->child = false;
		embedded->pid = 0;
	}
	return !is_postmaster(embedded, embedded->pid) && !embedded->child;
}

static int start_server(struct promo_embedded *embedded)
{
	char program[PATH_MAX + 16], sockets[PATH_MAX + 64];
	char *const argv[] = { program, (char[]){ "-D" }, embedded->cluster.data_dir,
		(char[]){ "-c" }, (char[]){ "listen_addresses=" }, (char[]){ "-c" }, sockets,
		(char[]){ "-c" }, (char[]){ "unix_socket_permissions=0700" }, (char[]){ "-c" },
		(char[]){ "port=5432" }, (char[]){ "-c" }, (char[]){ "logging_collector=off" },
		NULL };
	int log, r;

	(void)snprintf(program, sizeof(program), "%s/postgres", embedded->cluster.bin_dir);
	(void)snprintf(sockets, sizeof(sockets), "unix_socket_directories=\"%s\"",
		embedded->cluster.socket_dir);
	r = promo_cluster_open_log(&embedded->cluster, &log);
	if (r)
		return r;
	r = promo_process_start(argv, log, PROMO_PROCESS_SURVIVES_US, &embedded->pid);
	(void)close(log);
	if (r)
		return r;
	embedded->child = true;
	return 0;
}

static int no_answer(const struct promo_embedded *embedded)
{
	return promo_fault(-ETIMEDOUT, "PostgreSQL does not take connections, see %s",
		embedded->cluster.log_path);
}

/* Until it takes connections; a recovery answers meanwhile that it is starting.
 * PROMO_E_UNAVAILABLE if the server ended instead. */
static int await_ready(struct promo_embedded *embedded)
{
	int64_t deadline = promo_monotonic_ms() + START_MS;

	while (promo_monotonic_ms() < deadline) {
		if (PQping(embedded->first_uri) == PQPING_OK)
			return 0;
		if (has_ended(embedded))
			return PROMO_E_UNAVAILABLE;
		wait_a_little();
	}
	return no_answer(embedded);
}

/* More than once, since a server refuses to start while sessions of a killed one are ending. */
static int start_until_ready(struct promo_embedded *embedded)
{
	for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		int r = start_server(embedded);

		if (!r)
			r = await_ready(embedded);
		if (r <= 0)
			return r;
		wait_a_little();
	}
	return promo_fault(-EIO, "PostgreSQL did not start, see %s", embedded->cluster.log_path);
}

/* The first process that asks owns the server until it ends, however it ends. */
static int take_lock(struct promo_embedded *embedded)
{
	char path[PATH_MAX + 16];

	(void)snprintf(path, sizeof(path), "%s/postgres.lock", embedded->cluster.state_dir);
	embedded->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (embedded->lock < 0)
		return promo_fault(-errno, "could not open %s: %s", path, strerror(errno));
	if (flock(embedded->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return promo_fault(-errno, "could not lock %s: %s", path, strerror(errno));
	(void)close(embedded->lock);
	embedded->lock = -1;
	return 0;
}

/* As the owner: starts the server, or goes on with one that a killed daemon left. */
static int start_or_find(struct promo_embedded *embedded)
{
	int r = promo_cluster_make(&embedded->cluster);

	if (r)
		return r;
	embedded->pid = noted_pid(embedded);
	if (is_postmaster(embedded, embedded->pid)) {
		promo_log(PROMO_LOG_INFO, "going on with the PostgreSQL server that is running");
		r = await_ready(embedded);
		if (r <= 0)
			return r;
	}
	r = remove_stale_note(embedded);
	return r ? r : start_until_ready(embedded);
}

/* As a guest: becomes the owner where there is none any more. */
static int take_over(struct promo_embedded *embedded)
{
	int r = take_lock(embedded);

	if (r || embedded->lock < 0)
		return r;
	promo_log(PROMO_LOG_INFO, "the owner of the PostgreSQL server has ended, it is ours now");
	return start_or_find(embedded);
}

/* As a guest: waits for the owner's server, or for the owner's end. */
static int find_or_take_over(struct promo_embedded *embedded)
{
	int64_t deadline = promo_monotonic_ms() + START_MS;

	while (promo_monotonic_ms() < deadline) {
		int r = 0;

		if (PQping(embedded->first_uri) == PQPING_OK)
			return 0;
		r = take_over(embedded);
		if (r || embedded->lock >= 0)
			return r;
		wait_a_little();
	}
	return no_answer(embedded);
}

static int make_database(const struct promo_embedded *embedded)
{
	const struct promo_store_config config = { .uri = embedded->first_uri, .patient = true };
	struct promo_arena *arena = promo_arena_new(65536);
	struct promo_params none = PROMO_PARAMS(arena);
	struct promo_truth_row there = { .yes = false };
	struct promo_store *store = NULL;
	int r = arena ? promo_store_open(&config, &store)
		      : promo_fault(-ENOMEM, "no memory to make the database");

	if (!r)
		r = promo_store_one(store, arena, PROMO_Q_DATABASE_FIND, &none, &there);
	if (!r && !there.yes)
		r = promo_store_exec(store, PROMO_Q_DATABASE_CREATE, &none, NULL);
	promo_store_close(store);
	promo_arena_free(arena);
	return r;
}

static int start(struct promo_embedded *embedded, const struct promo_embedded_config *config)
{
	int r;

	if (geteuid() == 0)
		return promo_fault(
			-EPERM, "PostgreSQL does not run as root; use an account of its own");
	r = promo_cluster_init(&embedded->cluster, config->state_dir);
	/* Also for a guest, who may become the owner. */
	if (!r)
		r = promo_cluster_find_programs(&embedded->cluster, config);
	if (r)
		return r;
	make_uri(embedded, "postgres", "promo_owner", embedded->first_uri);
	make_uri(embedded, "promo", "promo_owner", embedded->owner_uri);
	make_uri(embedded, "promo", "promo_app", embedded->app_uri);
	make_uri(embedded, "promo", "promo_loader", embedded->loader_uri);
	r = take_lock(embedded);
	if (!r)
		r = embedded->lock >= 0 ? start_or_find(embedded) : find_or_take_over(embedded);
	return r ? r : make_database(embedded);
}

static void give_up(struct promo_embedded *embedded)
{
	if (embedded->lock >= 0)
		(void)close(embedded->lock);
	free(embedded);
}

int promo_embedded_start(const struct promo_embedded_config *config, struct promo_embedded **ret)
{
	struct promo_embedded *embedded = calloc(1, sizeof(*embedded));
	int r;

	if (!embedded)
		return promo_fault(-ENOMEM, "no memory to start PostgreSQL");
	embedded->lock = -1;
	r = start(embedded, config);
	if (r) {
		give_up(embedded);
		return r;
	}
	*ret = embedded;
	return 0;
}

const char *promo_embedded_owner_uri(const struct promo_embedded *embedded)
{
	return embedded->owner_uri;
}

const char *promo_embedded_app_uri(const struct promo_embedded *embedded)
{
	return embedded->app_uri;
}

const char *promo_embedded_loader_uri(const struct promo_embedded *embedded)
{
	return embedded->loader_uri;
}

bool promo_embedded_owned(const struct promo_embedded *embedded)
{
	return embedded->lock >= 0;
}

int promo_embedded_ensure(struct promo_embedded *embedded)
{
	if (embedded->lock < 0)
		return take_over(embedded);
	if (!has_ended(embedded))
		return 0;
	promo_log(PROMO_LOG_ERROR, "the PostgreSQL server has died, it is started again");
	return start_until_ready(embedded);
}

/* SIGINT is the fast shutdown: sessions are ended, a checkpoint is written. */
static int stop_server(struct promo_embedded *embedded)
{
	int64_t deadline = promo_monotonic_ms() + STOP_MS;

	if (has_ended(embedded))
		return 0;
	if (kill(embedded->pid, SIGINT))
		return promo_fault(-errno, "could not stop PostgreSQL: %s", strerror(errno));
	while (!has_ended(embedded)) {
		if (promo_monotonic_ms() > deadline)
			return promo_fault(-ETIMEDOUT, "PostgreSQL is still stopping, see %s",
				embedded->cluster.log_path);
		wait_a_little();
	}
	return 0;
}

int promo_embedded_stop(struct promo_embedded *embedded)
{
	int r = 0;

	if (!embedded)
		return 0;
	if (embedded->lock >= 0)
		r = stop_server(embedded);
	give_up(embedded);
	return r;
}
