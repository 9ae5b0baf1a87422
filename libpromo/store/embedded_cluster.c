/* SPDX-License-Identifier: MIT */
#include "libpromo/store/embedded_cluster.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/store/embedded_process.h"

enum {
	MAJOR_MIN = 14, /* what libpq offers and the schema uses */
	MAJOR_MAX = 40,
	SOCKET_PATH_MAX = 107, /* sun_path of unix(7), without its NUL */
	LOG_KEPT_BYTES = 32 << 20,
};
#define SOCKET_NAME "/.s.PGSQL.5432"

/* Where systems put the programs of a major version, newest layout first. */
static const char *const versioned_places[] = { "/usr/lib/postgresql/%d/bin", "/usr/pgsql-%d/bin",
	"/usr/libexec/postgresql%d", "/opt/homebrew/opt/postgresql@%d/bin" };
static const char *const places[] = { "/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin" };

/* Written once, at the end of postgresql.conf, so that who knows better may change it. */
static const char defaults[] =
	"\n# promo\n"
	"# A connection for each of at most 256 workers, and for jobs, exports and "
	"administrators.\n"
	"max_connections = 300\n"
	"shared_buffers = 256MB\n"
	"# A new piece of WAL is filled with zeros and synced while every commit waits; one that "
	"is used\n"
	"# again is not. min_wal_size is what is kept for that.\n"
	"min_wal_size = 1GB\n"
	"max_wal_size = 2GB\n"
	"wal_buffers = 16MB\n"
	"checkpoint_timeout = 15min\n"
	"jit = off\n"
	"# Errors without their details, which would hold codes and phone numbers.\n"
	"log_error_verbosity = terse\n"
	"log_min_error_statement = panic\n";

static int join(char ret[PATH_MAX], const char *folder, const char *name)
{
	int length = snprintf(ret, PATH_MAX, "%s/%s", folder, name);

	if (length < 0 || length >= PATH_MAX)
		return promo_fault(-ENAMETOOLONG, "the path %s/%s is too long", folder, name);
	return 0;
}

static int make_private(const char *folder)
{
	struct stat info;

	if (mkdir(folder, 0700) && errno != EEXIST)
		return promo_fault(
			-errno, "could not make the folder %s: %s", folder, strerror(errno));
	if (stat(folder, &info) || !S_ISDIR(info.st_mode) || info.st_uid != geteuid())
		return promo_fault(-EPERM, "%s has to be a folder that belongs to us", folder);
	if ((info.st_mode & 077) && chmod(folder, 0700))
		return promo_fault(
			-errno, "could not make %s private: %s", folder, strerror(errno));
	return 0;
}

int promo_cluster_init(struct promo_cluster *cluster, const char *state_dir)
{
	int r = make_private(state_dir);

	if (r)
		return r;
	if (!realpath(state_dir, cluster->state_dir))
		return promo_fault(-errno, "could not find %s: %s", state_dir, strerror(errno));
	if (strpbrk(cluster->state_dir, "\"',\n"))
		return promo_fault(-EINVAL, "the path %s may hold no quotes and commas", state_dir);
	r = join(cluster->data_dir, cluster->state_dir, "postgres");
	if (!r)
		r = join(cluster->socket_dir, cluster->state_dir, "socket");
	if (!r)
		r = join(cluster->log_path, cluster->state_dir, "postgres.log");
	if (r)
		return r;
	if (strlen(cluster->socket_dir) + strlen(SOCKET_NAME) > SOCKET_PATH_MAX)
		return promo_fault(-ENAMETOOLONG,
			"the path of the socket %s%s is longer than %d bytes; choose a shorter "
			"state "
			"directory",
			cluster->socket_dir, SOCKET_NAME, SOCKET_PATH_MAX);
	return make_private(cluster->socket_dir);
}

static bool has_all(const char *folder, const char *const *names, size_t count)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < count; i++) {
		int length = snprintf(path, sizeof(path), "%s/%s", folder, names[i]);

		if (length < 0 || length >= PATH_MAX || access(path, X_OK))
			return false;
	}
	return true;
}

static bool has_programs(const char *folder)
{
	static const char *const names[] = { "initdb", "postgres" };

	return has_all(folder, names, PROMO_COUNT(names));
}

static bool has_clients(const char *folder)
{
	static const char *const names[] = { "pg_dump", "pg_restore", "createdb", "dropdb" };

	return has_all(folder, names, PROMO_COUNT(names));
}

/* What "postgres --version" says: "postgres (PostgreSQL) 15.18 (Debian ...)". */
static int version_of(const char *folder, int *ret)
{
	char program[PATH_MAX], output[256];
	char option[] = "--version";
	char *const argv[] = { program, option, NULL };
	const char *number;
	int r = join(program, folder, "postgres");

	if (!r)
		r = promo_process_read(argv, output, sizeof(output));
	if (r)
		return r;
	number = strstr(output, ") ");
	*ret = number ? (int)strtol(number + 2, NULL, 10) : 0;
	return 0;
}

/* The major version of an existing cluster, 0 if there is none. */
static int version_of_cluster(const struct promo_cluster *cluster, int *ret)
{
	char path[PATH_MAX], text[16] = "";
	FILE *file;
	int r = join(path, cluster->data_dir, "PG_VERSION");

	if (r)
		return r;
	*ret = 0;
	file = fopen(path, "re");
	if (!file && errno == ENOENT)
		return 0;
	if (!file)
		return promo_fault(-errno, "could not read %s: %s", path, strerror(errno));
	if (fgets(text, sizeof(text), file))
		*ret = (int)strtol(text, NULL, 10);
	(void)fclose(file);
	return *ret > 0 ? 0 : promo_fault(-EINVAL, "%s holds no version", path);
}

static bool take_if(bool (*has)(const char *), char ret[PATH_MAX], const char *folder)
{
	int length = has(folder) ? snprintf(ret, PATH_MAX, "%s", folder) : -1;

	return length >= 0 && length < PATH_MAX;
}

static bool take(char ret[PATH_MAX], const char *folder)
{
	return take_if(has_programs, ret, folder);
}

static bool find_version_with(bool (*has)(const char *), int major, char ret[PATH_MAX])
{
	for (size_t i = 0; i < PROMO_COUNT(versioned_places); i++) {
		const char *place = versioned_places[i], *mark = strstr(place, "%d");
		char folder[PATH_MAX];

		(void)snprintf(folder, sizeof(folder), "%.*s%d%s", (int)(mark - place), place,
			major, mark + 2);
		if (take_if(has, ret, folder))
			return true;
	}
	return false;
}

static bool find_version(int major, char ret[PATH_MAX])
{
	return find_version_with(has_programs, major, ret);
}

/* pg_dump may be newer than the server, not older; what a newer pg_restore sends an older server may not
 * know. */
int promo_cluster_find_clients(const char *bin_dir, int major, char ret[PATH_MAX])
{
	if (bin_dir) {
		if (take_if(has_clients, ret, bin_dir))
			return 0;
	} else {
		for (int version = major; version <= MAJOR_MAX; version++)
			if (find_version_with(has_clients, version, ret))
				return 0;
		for (size_t i = 0; i < PROMO_COUNT(places); i++)
			if (take_if(has_clients, ret, places[i]))
				return 0;
	}
	promo_log(PROMO_LOG_ERROR,
		"could not find pg_dump, pg_restore, createdb and dropdb of PostgreSQL %d%s%s",
		major, bin_dir ? " in " : "", bin_dir ? bin_dir : "");
	return PROMO_E_NOT_FOUND;
}

static bool find_newest(char ret[PATH_MAX])
{
	for (int major = MAJOR_MAX; major >= MAJOR_MIN; major--)
		if (find_version(major, ret))
			return true;
	return false;
}

static bool find_in_path(const char *path, char ret[PATH_MAX])
{
	while (path && *path) {
		size_t length = strcspn(path, ":");
		char folder[PATH_MAX];

		(void)snprintf(folder, sizeof(folder), "%.*s", (int)length, path);
		if (length > 0 && length < PATH_MAX && take(ret, folder))
			return true;
		path += length + (path[length] == ':');
	}
	return false;
}

static bool find_programs(const struct promo_embedded_config *config, int major, char ret[PATH_MAX])
{
	if (config->bin_dir)
		return take(ret, config->bin_dir);
	if (major > 0 && find_version(major, ret))
		return true;
	if (major == 0 && find_newest(ret))
		return true;
	for (size_t i = 0; i < PROMO_COUNT(places); i++)
		if (take(ret, places[i]))
			return true;
	/* Programs of another version at least tell which one is there. */
	return find_in_path(config->path, ret) || (major > 0 && find_newest(ret));
}

int promo_cluster_find_programs(
	struct promo_cluster *cluster, const struct promo_embedded_config *config)
{
	int wanted = 0, found = 0;
	int r = version_of_cluster(cluster, &wanted);

	if (r)
		return r;
	if (!find_programs(config, wanted, cluster->bin_dir))
		return promo_fault(-ENOENT,
			"could not find initdb and postgres%s%s; install the PostgreSQL server or "
			"name "
			"the folder of its programs",
			config->bin_dir ? " in " : "", config->bin_dir ? config->bin_dir : "");
	r = version_of(cluster->bin_dir, &found);
	if (r)
		return r;
	if (wanted ? found != wanted : found < MAJOR_MIN)
		return promo_fault(-EINVAL,
			"%s is of PostgreSQL %d, but %s needs %d; install that version, or move "
			"the "
			"data with pg_dump",
			cluster->bin_dir, found, cluster->data_dir, wanted ? wanted : MAJOR_MIN);
	return 0;
}

int promo_cluster_open_log(const struct promo_cluster *cluster, int *ret)
{
	char older[PATH_MAX];
	struct stat info;
	int fd;
	int r = join(older, cluster->state_dir, "postgres.log.1");

	if (r)
		return r;
	if (stat(cluster->log_path, &info) == 0 && info.st_size > LOG_KEPT_BYTES)
		(void)rename(cluster->log_path, older);
	fd = open(cluster->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return promo_fault(
			-errno, "could not open %s: %s", cluster->log_path, strerror(errno));
	*ret = fd;
	return 0;
}

/* Writes or extends a file of the cluster. */
static int write_file(const char *folder, const char *name, const char *mode, const char *text)
{
	char path[PATH_MAX];
	FILE *file;
	bool failed;
	int r = join(path, folder, name);

	if (r)
		return r;
	file = fopen(path, mode);
	if (!file)
		return promo_fault(-errno, "could not write %s: %s", path, strerror(errno));
	failed = fputs(text, file) < 0;
	failed |= fflush(file) != 0;
	failed |= fsync(fileno(file)) != 0;
	failed |= fclose(file) != 0;
	return failed ? promo_fault(-EIO, "could not write %s", path) : 0;
}

/* Our account, and no other, may connect, as the owner or as the application. */
static int write_access(const char *data_dir)
{
	char buffer[4096], text[1024];
	struct passwd entry, *found = NULL;
	int r;

	if (getpwuid_r(geteuid(), &entry, buffer, sizeof(buffer), &found) || !found)
		return promo_fault(-ENOENT,
			"the user id %u has no name; PostgreSQL needs an account",
			(unsigned)geteuid());
	(void)snprintf(text, sizeof(text),
		"# written by promo at every start\n"
		"promo \"%s\" promo_owner\n"
		"promo \"%s\" promo_app\n"
		"promo \"%s\" promo_loader\n",
		found->pw_name, found->pw_name, found->pw_name);
	r = write_file(data_dir, "pg_ident.conf", "we", text);
	if (r)
		return r;
	return write_file(data_dir, "pg_hba.conf", "we",
		"# written by promo at every start\n"
		"local all promo_owner,promo_app,promo_loader peer map=promo\n");
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
	(void)info;
	(void)kind;
	(void)where;
	return remove(path);
}

static int run_initdb(const struct promo_cluster *cluster, char *folder)
{
	char program[PATH_MAX];
	char *const argv[] = { program, (char[]){ "-D" }, folder, (char[]){ "-U" },
		(char[]){ "promo_owner" }, (char[]){ "-A" }, (char[]){ "peer" }, (char[]){ "-E" },
		(char[]){ "UTF8" }, (char[]){ "--locale=C.UTF-8" },
		/* The same order as C.UTF-8's, which is that of the code points, without strcoll(). */
		(char[]){ "--lc-collate=C" }, (char[]){ "--data-checksums" },
		(char[]){ "--no-instructions" }, NULL };
	int log, r;

	r = join(program, cluster->bin_dir, "initdb");
	if (!r)
		r = promo_cluster_open_log(cluster, &log);
	if (r)
		return r;
	r = promo_process_run(argv, log);
	(void)close(log);
	if (r)
		promo_log(PROMO_LOG_ERROR, "could not make a PostgreSQL cluster, see %s",
			cluster->log_path);
	return r;
}

/* Under another name until it is whole: what an interrupted start leaves is made anew. */
static int make_new(const struct promo_cluster *cluster)
{
	char folder[PATH_MAX];
	int parent;
	int r = join(folder, cluster->state_dir, "postgres.new");

	if (r)
		return r;
	if (nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
		return promo_fault(-errno, "could not remove %s: %s", folder, strerror(errno));
	r = run_initdb(cluster, folder);
	if (!r)
		r = write_file(folder, "postgresql.conf", "ae", defaults);
	if (!r)
		r = write_access(folder);
	if (r)
		return r;
	if (rename(folder, cluster->data_dir))
		return promo_fault(-errno, "could not rename %s: %s", folder, strerror(errno));
	parent = open(cluster->state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0 || fsync(parent))
		r = promo_fault(
			-errno, "could not write %s: %s", cluster->state_dir, strerror(errno));
	if (parent >= 0)
		(void)close(parent);
	return r;
}

int promo_cluster_make(const struct promo_cluster *cluster)
{
	struct stat info;

	if (stat(cluster->data_dir, &info) == 0)
		return write_access(cluster->data_dir);
	if (errno != ENOENT)
		return promo_fault(
			-errno, "could not look at %s: %s", cluster->data_dir, strerror(errno));
	return make_new(cluster);
}
