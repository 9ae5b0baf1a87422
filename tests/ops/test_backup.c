/* SPDX-License-Identifier: MIT */
/* Of a backup that is due one is made, however many engines look for it, and what is kept no longer goes, but never
 * the last; one that cannot be made, because there is no folder or pg_dump breaks off, leaves no file, a job that
 * failed and an alert; when its engine is killed, pg_dump ends too and another engine makes it; one that is cut
 * off because nobody wants it leaves nothing; a trial leaves no database, and what one that was killed left, or a
 * restore, is dropped when the next backup is made, but not while somebody works on it. */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "libpromo/api/op_job.h"
#include "libpromo/ops/backup_scratch.h"
#include "libpromo/ops/backups.h"
#include "libpromo/store/store.h"
#include "tests/lib/child.h"
#include "tests/lib/scratch.h"
#include "tests/ops/mill.h"

enum {
	LOOKS_MAX = 60 * 1000
};

static struct scratch *scratch;
static struct person boss;

static const char *ask(struct till *till, const char *question)
{
	return promo_test_sql(till->database, "%s", question);
}

static int count_files(void)
{
	DIR *folder = opendir(scratch->folder);
	struct dirent *entry;
	int count = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL)
		count += strstr(entry->d_name, ".backup") != NULL;
	(void)closedir(folder);
	return count;
}

static void ask_for_one(struct till *till, struct mill_batch *ret)
{
	assert_int_equal(ASK(till, .op = &promo_op_backup_create, .token = boss.token), 202);
	*ret = (struct mill_batch){ 0 };
	(void)snprintf(ret->job.text, sizeof(ret->job.text), "%s", till_get(till, "job.id"));
}

/* Programs in the place of PostgreSQL's, of which pg_dump is this script. */
static void put_programs(struct till *till, const char *script)
{
	static const char *const others[] = { "pg_restore", "createdb", "dropdb" };

	scratch_file(scratch, "pg_dump", script, strlen(script), 0700);
	for (size_t i = 0; i < PROMO_COUNT(others); i++)
		scratch_file(scratch, others[i], "#!/bin/sh\n", 10, 0700);
	till->config.backup.postgres_bin = scratch->folder;
}

static void test_due(void **state)
{
	struct till *till = *state;
	struct promo_jobs *one, *two;

	/* The database is too young for any. */
	assert_string_equal(
		ask(till, "UPDATE system_settings SET value = value WHERE false; SELECT "
			  "count(*) FROM backups"),
		"0");
	(void)ask(till, "UPDATE schema_migrations SET applied_at = applied_at - interval '3 days'");
	one = mill_start(till, false);
	two = mill_start(till, false);
	mill_wait_until(till, "EXISTS (SELECT FROM backups WHERE status = 'succeeded')");
	mill_stop(one);
	mill_stop(two);
	assert_string_equal(ask(till, "SELECT count(*) || ' ' || min(kind) || ' ' || "
				      "bool_and(due_at <= now() AND due_at > now() - interval "
				      "'1 day') || ' ' || bool_and(expires_at = created_at + "
				      "interval '30 days') FROM backups"),
		"1 daily true true");
	assert_string_equal(ask(till, "SELECT counts ->> 'users' FROM backups"),
		ask(till, "SELECT count(*) FROM users"));
	assert_int_equal(count_files(), 1);
}

static void test_kept_no_longer(void **state)
{
	struct till *till = *state;
	struct promo_jobs *engine;

	(void)ask(till, "UPDATE backups SET expires_at = now() - interval '1 day', created_at = "
			"created_at - interval '1 hour'; "
			"INSERT INTO backups (id, kind, status, expires_at, due_at) SELECT "
			"gen_random_uuid(), 'daily', 'failed', now() - interval '1 day', NULL");
	engine = mill_start(till, false);
	mill_wait_until(till, "NOT EXISTS (SELECT FROM backups WHERE status = 'failed')");
	mill_stop(engine);
	/* The last one there is stays. */
	assert_int_equal(count_files(), 1);
	(void)ask(till, "INSERT INTO backups (id, kind, status) SELECT gen_random_uuid(), "
			"'manual', 'succeeded'");
	engine = mill_start(till, false);
	mill_wait_until(till, "(SELECT count(*) FROM backups) = 1");
	mill_stop(engine);
	assert_int_equal(count_files(), 0);
	/* Nothing is due again today. */
	(void)ask(till, "UPDATE backups SET due_at = now()");
}

static void assert_failed(struct till *till, const struct mill_batch *made, const char *alerts)
{
	mill_wait_for_end(till, made);
	mill_assert_job(till, made, "failed");
	assert_string_equal(
		ask(till, "SELECT status FROM backups ORDER BY created_at DESC LIMIT 1"), "failed");
	assert_string_equal(
		ask(till, "SELECT count FROM alerts WHERE kind = 'backup_failed'"), alerts);
	assert_int_equal(count_files(), 0);
}

static void test_failures(void **state)
{
	struct till *till = *state;
	const char *dir = till->config.backup.dir;
	struct promo_jobs *engine = mill_start(till, false);
	struct mill_batch made;

	till->config.backup.dir = "/nowhere";
	ask_for_one(till, &made);
	assert_failed(till, &made, "1");
	till->config.backup.dir = dir;
	put_programs(till, "#!/bin/sh\necho half of it\necho 'it broke' >&2\nexit 1\n");
	ask_for_one(till, &made);
	assert_failed(till, &made, "2");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT error_detail FROM jobs WHERE id = '%s'", made.job.text),
		"it broke");
	till->config.backup.postgres_bin = NULL;
	mill_stop(engine);
}

/* Until pg_dump, which says its number in a file, runs: that number. */
static pid_t wait_for_dump(void)
{
	char text[32] = "";
	pid_t pid = 0;
	int looks = 0;

	while (pid == 0) {
		assert_true(looks++ < LOOKS_MAX);
		int fd = open(scratch_path(scratch, "pid"), O_RDONLY | O_CLOEXEC);
		ssize_t n = fd >= 0 ? read(fd, text, sizeof(text) - 1) : 0;

		if (fd >= 0)
			(void)close(fd);
		if (n > 0 && text[n - 1] == '\n')
			pid = (pid_t)strtol(text, NULL, 10);
		(void)poll(NULL, 0, /* timeout_ms= */ 1);
	}
	(void)unlink(scratch_path(scratch, "pid"));
	return pid;
}

/* It is nobody's child any more once its parent is dead: init's, or the nearest that takes them. */
static void wait_until_gone(pid_t pid)
{
	char path[64], text[256];
	bool there = true;
	int looks = 0;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	while (there) {
		assert_true(looks++ < LOOKS_MAX);
		FILE *file = fopen(path, "re");

		there = file && fgets(text, sizeof(text), file) && !strstr(text, ") Z ");
		if (file)
			(void)fclose(file);
		(void)poll(NULL, 0, /* timeout_ms= */ 1);
	}
}

static void endless(char *ret, size_t size)
{
	(void)snprintf(ret, size,
		"#!/bin/sh\necho $$ >%s/new && mv %s/new %s/pid\nexec sleep 300\n", scratch->folder,
		scratch->folder, scratch->folder);
}

static void put_endless(struct till *till)
{
	char script[256];

	endless(script, sizeof(script));
	put_programs(till, script);
}

/* The same of pg_restore; the others are PostgreSQL's. */
static void put_endless_restore(struct till *till)
{
	static const char *const others[] = { "pg_dump", "createdb", "dropdb" };
	const char *folder = ask(till, "SELECT setting FROM pg_config WHERE name = 'BINDIR'");
	char script[512];

	for (size_t i = 0; i < PROMO_COUNT(others); i++) {
		(void)snprintf(script, sizeof(script), "#!/bin/sh\nexec %s/%s \"$@\"\n", folder,
			others[i]);
		scratch_file(scratch, others[i], script, strlen(script), 0700);
	}
	endless(script, sizeof(script));
	scratch_file(scratch, "pg_restore", script, strlen(script), 0700);
	till->config.backup.postgres_bin = scratch->folder;
}

/* An engine in a process of its own, killed while its program is at work. */
static void kill_at_work(struct till *till)
{
	pid_t dump, child = promo_test_fork();

	if (child == 0) {
		const struct promo_jobs_config config = { .runner = &till->config };
		struct promo_jobs *jobs;

		if (promo_jobs_start(&config, &jobs))
			_exit(1);
		for (;;)
			(void)pause();
	}
	dump = wait_for_dump();
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	wait_until_gone(dump);
}

static void test_killed(void **state)
{
	struct till *till = *state;
	struct mill_batch made;

	put_endless(till);
	ask_for_one(till, &made);
	kill_at_work(till);
	assert_int_equal(count_files(), 1); /* what was begun */
	till->config.backup.postgres_bin = NULL;
	(void)ask(till, "UPDATE jobs SET lease_until = now() WHERE status = 'running'");
	mill_run(till, &made, false);
	mill_assert_job(till, &made, "succeeded");
	assert_int_equal(count_files(), 1);
	assert_string_equal(
		ask(till, "SELECT size_bytes > 1000 AND sha256 ~ '^[0-9a-f]{64}$' FROM backups "
			  "ORDER BY created_at DESC LIMIT 1"),
		"t");
}

static void test_cancelled(void **state)
{
	struct till *till = *state;
	struct promo_jobs *engine;
	struct mill_batch made;
	pid_t dump;

	put_endless(till);
	ask_for_one(till, &made);
	engine = mill_start(till, false);
	dump = wait_for_dump();
	assert_int_equal(
		ASK(till, .op = &promo_op_job_cancel, .token = boss.token, .id = made.job.text),
		200);
	mill_wait_for_end(till, &made);
	mill_stop(engine);
	mill_assert_job(till, &made, "cancelled");
	wait_until_gone(dump);
	assert_int_equal(count_files(), 1); /* that of before */
	till->config.backup.postgres_bin = NULL;
}

/* Of the one backup that there is; its id. */
static const char *ask_for_trial(struct till *till, struct mill_batch *ret)
{
	static char id[64];

	(void)snprintf(id, sizeof(id), "%s",
		ask(till, "SELECT id FROM backups WHERE path IS NOT NULL AND status = 'succeeded' "
			  "ORDER BY created_at LIMIT 1"));
	assert_int_equal(
		ASK(till, .op = &promo_op_backup_verify, .token = boss.token, .id = id), 202);
	*ret = (struct mill_batch){ 0 };
	(void)snprintf(ret->job.text, sizeof(ret->job.text), "%s", till_get(till, "job.id"));
	return id;
}

/* Those of this database; of other numbers there may be some of other tests. */
static const char *scratches(struct till *till)
{
	return ask(till, "SELECT coalesce(string_agg(regexp_replace(s.datname, '_[0-9].*', ''), "
			 "' ' ORDER BY s.datname), 'none') FROM pg_database d JOIN pg_database s "
			 "ON s.datname ~ ('^promo_(check|restore)_' || d.oid || '(_|$)') "
			 "WHERE d.datname = current_database()");
}

/* The next engine begins the trial anew, and where nobody does, the next backup takes away what is left. */
static void test_trial_killed(void **state)
{
	struct till *till = *state;
	struct mill_batch made;

	put_endless_restore(till);
	(void)ask_for_trial(till, &made);
	kill_at_work(till);
	assert_string_equal(scratches(till), "promo_check");
	(void)ask(till, "UPDATE jobs SET lease_until = now() WHERE status = 'running'");
	kill_at_work(till);
	assert_string_equal(scratches(till), "promo_check");
	(void)ask(till, "UPDATE jobs SET status = 'failed' WHERE status = 'running'");
	ask_for_one(till, &made);
	mill_run(till, &made, false);
	mill_assert_job(till, &made, "succeeded");
	assert_string_equal(scratches(till), "none");
	till->config.backup.postgres_bin = NULL;
}

static void test_swept(void **state)
{
	struct till *till = *state;
	const struct promo_scratch_place place = { .uri = till->database->owner_uri };
	struct promo_arena *arena = promo_arena_new(1024 * 1024);
	struct promo_store *lock = NULL, *second = NULL;
	char name[PROMO_SCRATCH_SIZE];
	int64_t oid =
		strtoll(ask(till, "SELECT oid FROM pg_database WHERE datname = current_database()"),
			NULL, 10);

	promo_scratch_of_restore(oid, name);
	(void)promo_test_sql(till->database, "CREATE DATABASE %s", name);
	assert_int_equal(promo_scratch_lock(place.uri, oid, arena, &lock), 0);
	assert_non_null(lock);
	assert_int_equal(promo_scratch_lock(place.uri, oid, arena, &second), 0);
	assert_null(second);
	assert_int_equal(promo_scratch_sweep(&place, arena), 0);
	assert_string_equal(scratches(till), "promo_restore");
	promo_store_close(lock);
	/* The server gives up what a session held when that has ended, which is soon. */
	mill_wait_until(till,
		"NOT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = "
		"l.database WHERE l.locktype = 'advisory' AND d.datname = "
		"'postgres' AND l.objid::bigint = %lld)",
		(long long)oid);
	assert_int_equal(promo_scratch_sweep(&place, arena), 0);
	assert_string_equal(scratches(till), "none");
	promo_arena_free(arena);
}

static void test_tried(void **state)
{
	struct till *till = *state;
	struct mill_batch made;
	const char *id = ask_for_trial(till, &made);

	mill_run(till, &made, false);
	mill_assert_job(till, &made, "succeeded");
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT (verified_at IS NOT NULL)::text FROM backups WHERE id "
				    "= '%s'",
				    id),
		"true");
	assert_string_equal(scratches(till), "none");
}

static int setup(void **state)
{
	struct till *till;
	void *folder = NULL;

	if (till_setup(state) || scratch_setup(&folder))
		return -1;
	till = *state;
	scratch = folder;
	boss = till_person(till, "super-admin");
	till->config.backup.dir = scratch->folder;
	till->config.backup.database = till->database->owner_uri;
	return 0;
}

static int teardown(void **state)
{
	void *folder = scratch;

	return mill_teardown(state) | scratch_teardown(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_kept_no_longer),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_tried),
		cmocka_unit_test(test_trial_killed),
		cmocka_unit_test(test_swept),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
