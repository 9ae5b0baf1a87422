/* SPDX-License-Identifier: MIT */
#include "tests/store/fixture.h"

static const char trigger[] =
	"CREATE FUNCTION misbehave() RETURNS trigger LANGUAGE plpgsql AS $$"
	" DECLARE word text[] := string_to_array(NEW.name, ' ');"
	" BEGIN"
	" IF (word[1] = 'late') <> (TG_WHEN = 'AFTER') THEN RETURN NEW; END IF;"
	" IF word[1] = 'late' THEN word := word[2:]; END IF;"
	" IF word[1] = 'raise' THEN RAISE EXCEPTION 'made by the test'"
	"  USING ERRCODE = word[2], CONSTRAINT = coalesce(word[3], ''); END IF;"
	" IF word[1] = 'sleep' THEN PERFORM pg_sleep(word[2]::float); END IF;"
	" IF word[1] = 'warn' THEN RAISE WARNING '%', NEW.name; END IF;"
	" IF word[1] = 'forget' THEN EXECUTE 'DEALLOCATE ALL'; END IF;"
	" RETURN NEW; END $$;"
	"CREATE TRIGGER soon BEFORE INSERT ON schema_migrations"
	" FOR EACH ROW EXECUTE FUNCTION misbehave();"
	"CREATE CONSTRAINT TRIGGER late AFTER INSERT ON schema_migrations"
	" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION misbehave()";

struct promo_store *open_with(
	const struct promo_test_database *database, const char *options, bool no_prepare)
{
	char uri[1024];
	const struct promo_store_config config = { .uri = uri, .no_prepare = no_prepare };
	struct promo_store *store = NULL;

	(void)snprintf(uri, sizeof(uri), "%s%s", database->owner_uri, options);
	assert_int_equal(promo_store_open(&config, &store), 0);
	return store;
}

int fixture_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->database = promo_test_database_new();
	if (!fixture->database)
		return -1;
	promo_test_sql(fixture->database, "%s", trigger);
	fixture->store = open_with(fixture->database, "", false);
	fixture->arena = promo_arena_new(64 << 20);
	fixture->version = 1000;
	promo_test_log_keep();
	*state = fixture;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;

	promo_store_close(fixture->store);
	promo_test_database_free(fixture->database);
	promo_arena_free(fixture->arena);
	free(fixture);
	return 0;
}

int insert_version(
	const struct fixture *fixture, struct promo_store *store, int64_t version, const char *name)
{
	struct promo_params params = PROMO_PARAMS(fixture->arena);
	int64_t affected = -1;
	int r;

	promo_param_int(&params, version);
	promo_param_text(&params, name);
	promo_param_text(&params, "x");
	r = promo_store_exec(store, PROMO_Q_MIGRATION_INSERT, &params, &affected);
	assert_true(r ? affected == -1 : affected <= 1);
	return r;
}

int insert(struct fixture *fixture, const char *name)
{
	return insert_version(fixture, fixture->store, ++fixture->version, name);
}

int list(const struct fixture *fixture, struct promo_store *store, size_t *ret)
{
	const struct promo_params none = PROMO_PARAMS(fixture->arena);
	struct promo_objects rows = { .count = 0 };
	int r = promo_store_all(store, fixture->arena, PROMO_Q_MIGRATION_LIST, &none, &rows);

	if (r == 0 && ret)
		*ret = rows.count;
	return r;
}

void terminate(const struct fixture *fixture)
{
	promo_test_sql(fixture->database,
		"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
		" WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

void terminate_waiting(const struct fixture *fixture)
{
	promo_test_sql(fixture->database,
		"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
		" WHERE datname = current_database() AND wait_event_type = 'Lock'");
}

void assert_failure(const struct fixture *fixture, enum promo_store_failure failure)
{
	assert_int_equal(promo_store_failure(fixture->store), failure);
}

void assert_usable(struct fixture *fixture)
{
	size_t count = 0;

	promo_store_rollback(fixture->store);
	assert_int_equal(promo_store_begin(fixture->store), 0);
	assert_int_equal(insert(fixture, "good"), 0);
	assert_int_equal(promo_store_commit(fixture->store), 0);
	assert_failure(fixture, PROMO_STORE_FINE);
	assert_int_equal(list(fixture, fixture->store, &count), 0);
	assert_true(count > 0);
}
