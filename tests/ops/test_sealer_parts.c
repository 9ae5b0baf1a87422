/* SPDX-License-Identifier: MIT */
/* The trail in parts: a new one is begun when it is time, writers go on in it, and an old part is dropped once
 * everything in it is older than is kept, and not a moment earlier; its seals are said to be old, signed, so that
 * verify, here and offline, tells it from rows that were taken away; nobody else can have that said. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/ops/sealer_parts.h"
#include "libpromo/store/store.h"
#include "tests/lib/child.h"
#include "tests/lib/test.h"
#include "tests/ops/trail.h"

static const char *ask(struct trail *t, const char *question)
{
	return promo_test_sql(t->till->database, "%s", question);
}

static struct promo_parts_done keep(struct trail *t)
{
	struct promo_parts_done done = { -1, -1 };

	assert_int_equal(
		promo_audit_keep_parts(&t->till->config, t->till->database->owner_uri, NULL, &done),
		0);
	return done;
}

/* As if all had been sealed a hundred days ago, by who has the key. */
static void age_seals(struct trail *t)
{
	const struct promo_store_config config = { .uri = t->till->database->owner_uri };
	struct promo_arena *arena = promo_arena_new(16 * 1024 * 1024);
	struct promo_params params = PROMO_PARAMS(arena);
	char previous[PROMO_SHA256_HEX_SIZE];
	struct promo_store *store;
	struct promo_objects seals;

	assert_int_equal(promo_store_open(&config, &store), 0);
	promo_param_int(&params, 0);
	promo_param_int(&params, 100);
	promo_param_bool(&params, true);
	assert_int_equal(promo_store_all(store, arena, PROMO_Q_SEAL_LIST, &params, &seals), 0);
	(void)snprintf(previous, sizeof(previous), "%s", promo_seal_no_hash);
	for (size_t i = 0; i < seals.count; i++) {
		struct promo_audit_seal seal = ((const struct promo_audit_seal *)seals.items)[i];

		seal.at -= INT64_C(100) * 24 * 3600 * 1000;
		seal.previous = previous;
		assert_int_equal(promo_seal_sign(t->seed, arena, &seal), 0);
		(void)promo_test_sql(t->till->database,
			"UPDATE audit_seals SET at = at - interval '100 days', previous = "
			"decode('%s', 'hex'), signature = decode('%s', 'hex') WHERE id = %d",
			previous, seal.signature, (int)seal.id);
		assert_true(promo_seal_hash(&seal, previous));
	}
	promo_store_close(store);
	promo_arena_free(arena);
	trail_sql(t, "UPDATE audit_log SET at = at WHERE false; "
		     "UPDATE audit_writers SET last_at = now() - interval '101 days' "
		     "WHERE id < 1000000000");
}

/* A trail whose first part is old, and whose second one is written. */
static void make_old(struct trail *t)
{
	struct promo_parts_done done;

	t->sealing.log = NULL;
	trail_sql(t, "UPDATE audit_parts SET began_at = now() - interval '400 days'");
	done = keep(t);
	assert_int_equal(done.begun, 1);
	assert_int_equal(done.dropped, 0);
	trail_seal(t);
	age_seals(t);
	trail_assert(t, "[]");
	/* The sealer of the test rests, so that another one may. */
	promo_seal_work_rest(t->work);
	trail_sql(t, "INSERT INTO audit_writers (process) VALUES ('new')");
}

static void test_a_new_part(void **state)
{
	struct trail *t = *state;
	struct promo_parts_done done = keep(t);

	assert_int_equal(done.begun, 0);
	make_old(t);
	assert_string_equal(ask(t, "SELECT count(*) FROM audit_writers WHERE closed_at IS NULL AND "
				   "id < 1000000000"),
		"0");
	assert_string_equal(
		ask(t, "SELECT min(id) FROM audit_writers WHERE closed_at IS NULL"), "1000000000");
	/* Who was closed goes on. */
	trail_verify(t);
	assert_string_equal(
		ask(t, "SELECT count(*) > 0 FROM audit_log WHERE writer_id >= 1000000000"), "t");
	done = keep(t);
	assert_int_equal(done.begun, 0);
}

/* A file beside the log of the trail. */
static void write_file(
	struct trail *t, const char *ending, const char *text, char *ret, size_t size)
{
	FILE *to;

	(void)snprintf(ret, size, "%s%s", t->log, ending);
	to = fopen(ret, "we");
	assert_non_null(to);
	assert_true(fputs(text, to) >= 0);
	assert_int_equal(fclose(to), 0);
}

/* `promo audit verify` of an export: its exit status. */
static int verify_elsewhere(struct trail *t)
{
	char key_file[280], file[280], key[2 * PROMO_SIGN_PUBLIC_BYTES + 1];
	const char *program = getenv("PROMO_TEST_PROMO");
	const char *text = trail_export(t);
	int status;
	pid_t child;

	for (size_t i = 0; i < PROMO_SIGN_PUBLIC_BYTES; i++)
		(void)snprintf(key + 2 * i, 3, "%02x", t->keys[0][i]);
	write_file(t, ".ndjson", text, file, sizeof(file));
	write_file(t, ".pub", key, key_file, sizeof(key_file));
	assert_non_null(program);
	child = promo_test_fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)execl(program, program, "audit", "verify", "--file", file, "--public-key",
			key_file, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(unlink(file) | unlink(key_file), 0);
	return WEXITSTATUS(status);
}

static void test_an_old_part(void **state)
{
	struct trail *t = *state;

	make_old(t);
	/* For ever, longer, and as long. */
	assert_int_equal(keep(t).dropped, 0);
	trail_sql(t, "INSERT INTO system_settings (id, category, key, value) VALUES "
		     "(gen_random_uuid(), 'privacy', 'keep_audit_days', '102')");
	assert_int_equal(keep(t).dropped, 0);
	trail_sql(t, "UPDATE system_settings SET value = '90' WHERE key = 'keep_audit_days'");
	assert_int_equal(keep(t).dropped, 1);
	assert_int_equal(keep(t).dropped, 0);
	assert_string_equal(ask(t, "SELECT to_regclass('audit_log_0') IS NULL AND "
				   "to_regclass('audit_search_0') IS NULL"),
		"t");
	assert_string_equal(ask(t, "SELECT string_agg(action, ' ' ORDER BY seq) FROM audit_log "
				   "WHERE action LIKE "
				   "'audit-part.%'"),
		"audit-part.expire audit-part.drop");
	trail_seal(t);
	trail_assert(t, "[]");
	assert_null(strstr(t->answer, "\"dropped_until\":null"));
	assert_int_equal(verify_elsewhere(t), 0);
	/* What is not said to be old is still missed. */
	trail_sql(t, "DELETE FROM audit_log WHERE action = 'audit-part.expire'");
	trail_verify(t);
	assert_non_null(strstr(t->answer, "\"kind\":\"row_missing\""));
	assert_int_equal(verify_elsewhere(t), 1);
}

/* Rows that nobody said anything of, and words of somebody who may not say them. */
static void test_no_pretext(void **state)
{
	struct trail *t = *state;

	make_old(t);
	trail_sql(t, "INSERT INTO system_settings (id, category, key, value) VALUES "
		     "(gen_random_uuid(), 'privacy', 'keep_audit_days', '90')");
	trail_sql(t, "DELETE FROM audit_log WHERE writer_id = 101");
	trail_verify(t);
	assert_non_null(strstr(t->answer, P("row_missing", 101, 1)));
	/* Not signed. */
	trail_sql(t, "UPDATE audit_seals SET dropped_to = 3");
	trail_verify(t);
	assert_non_null(strstr(t->answer, P("row_missing", 101, 1)));
	assert_non_null(strstr(t->answer, "\"kind\":\"seal_changed\""));
	trail_sql(t, "UPDATE audit_seals SET dropped_to = 0");
	/* Asked for, and too young: the sealer does not say it. */
	trail_sql(t, "UPDATE system_settings SET value = '102' WHERE key = 'keep_audit_days'; "
		     "UPDATE audit_sealer SET drop_to = 3");
	trail_seal(t);
	assert_string_equal(ask(t, "SELECT max(dropped_to) FROM audit_seals"), "0");
	/* What is still written, or not sealed, is not dropped by anybody. */
	trail_sql(t, "DO $$ BEGIN PERFORM audit_part_drop(0); RAISE 'dropped'; EXCEPTION WHEN "
		     "raise_exception THEN IF SQLERRM = 'dropped' THEN RAISE; END IF; END $$");
}

/* Who owns the database makes a seal look old for as long as it takes to have that said. */
static void test_an_age_that_was_not_signed(void **state)
{
	struct trail *t = *state;

	make_old(t);
	trail_sql(t, "INSERT INTO system_settings (id, category, key, value) VALUES "
		     "(gen_random_uuid(), 'privacy', 'keep_audit_days', '102'); "
		     "UPDATE audit_sealer SET drop_to = 3; "
		     "UPDATE audit_seals SET at = at - interval '10 days' WHERE id = 3");
	trail_seal(t);
	assert_string_equal(ask(t, "SELECT count(*) > 3 FROM audit_seals"), "t");
	assert_string_equal(ask(t, "SELECT max(dropped_to) FROM audit_seals"), "0");
	/* What is as old as it says is believed, also beside one that is not. */
	trail_sql(t, "UPDATE audit_seals SET at = at + interval '10 days' WHERE id = 3; "
		     "UPDATE system_settings SET value = '90' WHERE key = 'keep_audit_days'");
	trail_verify(t);
	trail_seal(t);
	assert_string_equal(ask(t, "SELECT max(dropped_to) FROM audit_seals"), "3");
}

/* Puts the parts back as they were, for the next test. */
static int forget(void **state)
{
	struct trail *t = *state;

	trail_sql(t,
		"DELETE FROM system_settings WHERE key = 'keep_audit_days';"
		"DO $$ DECLARE name text; BEGIN FOR name IN SELECT inhrelid::regclass::text FROM "
		"pg_inherits WHERE inhparent IN ('audit_log'::regclass, 'audit_search'::regclass) "
		"LOOP EXECUTE 'DROP TABLE ' || name; END LOOP; END $$;"
		"TRUNCATE audit_parts, audit_search_positions, audit_folds;"
		"INSERT INTO audit_parts (id) VALUES (0);"
		"UPDATE audit_sealer SET drop_to = 0;"
		"CREATE TABLE audit_log_0 PARTITION OF audit_log FOR VALUES FROM (MINVALUE) TO "
		"(1000000000);"
		"CREATE TABLE audit_search_0 PARTITION OF audit_search FOR VALUES FROM (MINVALUE) "
		"TO (1000000000);"
		"SELECT setval(pg_get_serial_sequence('audit_writers', 'id'), 200)");
	return trail_teardown(state);
}
#define PARTS_TEST(name) cmocka_unit_test_setup_teardown(name, trail_setup, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PARTS_TEST(test_a_new_part),
		PARTS_TEST(test_an_old_part),
		PARTS_TEST(test_no_pretext),
		PARTS_TEST(test_an_age_that_was_not_signed),
	};

	return cmocka_run_group_tests_name(
		"ops/sealer_parts", tests, trail_setup_all, trail_teardown_all);
}
