/* SPDX-License-Identifier: MIT */
/* A backup of an older schema is brought to this program's when it is restored, with the rights that a new
 * database has, and can be backed up by the application's role; one of a newer schema is refused by its version,
 * and nothing is left of it. The name of the database may be any. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/base/uuid.h"
#include "libpromo/ops/backup_load.h"
#include "libpromo/ops/backup_work.h"
#include "libpromo/ops/backups.h"
#include "libpromo/store/dump.h"
#include "libpromo/store/migrate.h"
#include "libpromo/store/statement.h"
#include "tests/lib/database.h"
#include "tests/lib/scratch.h"
#include "tests/lib/test.h"

enum {
	OLDER_BY = 1,
	ARENA_LIMIT = 16 * 1024 * 1024,
};

/* Who may do what with which table, sequence or function. */
static const char rights[] =
	"SELECT md5(string_agg(line, ',' ORDER BY line)) FROM ("
	"SELECT c.relname || a.grantee::regrole || a.privilege_type AS line FROM pg_class c, "
	"aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a "
	"WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S') "
	"AND a.grantee <> 0 "
	"UNION ALL SELECT p.proname || a.grantee || a.privilege_type FROM pg_proc p, "
	"aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
	"WHERE p.pronamespace = 'public'::regnamespace) l";

struct world {
	struct promo_test_database *source;
	struct promo_test_database restored; /* its name and URI alone */
	struct scratch *scratch;
	struct promo_arena *arena;
	struct promo_runner_config config;
	char path[256];
};

static void make_older(const struct promo_test_database *database)
{
	const struct promo_migrate_config config = { .uri = database->owner_uri };

	assert_int_equal(promo_migrate_roles(&config), 0);
	(void)promo_test_sql(database,
		"CREATE TABLE schema_migrations (version integer CONSTRAINT "
		"schema_migrations_pkey PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, "
		"applied_at timestamptz NOT NULL DEFAULT now()); "
		"INSERT INTO schema_migrations VALUES (0, 'lease', '')");
	for (int i = 0; i < promo_migrate_known() - OLDER_BY; i++) {
		const struct promo_migration *migration = &promo_migrations[i];

		(void)promo_test_sql(database, "%s", migration->text);
		(void)promo_test_sql(database,
			"INSERT INTO schema_migrations VALUES (%d, '%s', '%s')", migration->version,
			migration->name, migration->checksum);
	}
}

static void back_up(struct world *world)
{
	char id[PROMO_UUID_SIZE], name[PROMO_BACKUP_NAME_SIZE];
	struct promo_backup_file_row row = { .id = id };
	struct promo_backup_work *work;

	promo_uuid_new(id);
	assert_int_equal(
		promo_backup_work_start(&world->config, &row, promo_backup_make, &work), 0);
	while (!promo_backup_work_await(work))
		;
	assert_int_equal(work->result, 0);
	promo_backup_work_free(work);
	promo_backup_name(id, name);
	(void)snprintf(world->path, sizeof(world->path), "%s/%s", world->config.backup.dir, name);
}

static int restore(
	struct world *world, struct promo_problem *problem, struct promo_backup_manifest *manifest)
{
	const struct promo_backup_load load = {
		.path = world->path,
		.uri = world->config.backup.database,
		.database = world->restored.name,
	};

	return promo_backup_load(&load, world->arena, problem, manifest);
}

static void drop(struct world *world)
{
	(void)promo_test_sql(
		world->source, "DROP DATABASE \"%s\" WITH (FORCE)", world->restored.name);
}

static void assert_nothing_left(struct world *world)
{
	assert_string_equal(promo_test_sql(world->source,
				    "SELECT count(*) FROM pg_database WHERE datname LIKE 'it%%'"),
		"0");
}

static void test_older(void **state)
{
	struct world *world = *state;
	struct promo_test_database *fresh = promo_test_database_new();
	struct promo_problem problem = { 0 };
	struct promo_backup_manifest manifest;
	char text[128];

	assert_non_null(fresh);
	back_up(world);
	assert_int_equal(restore(world, &problem, &manifest), 0);
	assert_int_equal(manifest.schema, promo_migrate_known() - OLDER_BY);
	(void)snprintf(text, sizeof(text), "%d", promo_migrate_known());
	assert_string_equal(
		promo_test_sql(&world->restored, "SELECT max(version) FROM schema_migrations"),
		text);
	(void)snprintf(text, sizeof(text), "%s", promo_test_sql(fresh, "%s", rights));
	assert_string_equal(promo_test_sql(&world->restored, "%s", rights), text);
	(void)promo_test_sql(&world->restored, "SELECT audit_part_begin(1)");
	/* pg_dump can work as the application's role too. */
	assert_string_equal(
		promo_test_sql(&world->restored,
			"SELECT string_agg(relname, ',') FROM pg_class WHERE relnamespace = "
			"'public'::regnamespace AND (relkind IN ('r', 'p') AND NOT "
			"has_table_privilege('promo_app', oid, 'SELECT') OR relkind = 'S' AND NOT "
			"has_sequence_privilege('promo_app', oid, 'SELECT'))"),
		"");
	drop(world);
	promo_test_database_free(fresh);
}

static void test_newer(void **state)
{
	struct world *world = *state;
	struct promo_problem problem = { 0 };
	struct promo_backup_manifest manifest;

	(void)promo_test_sql(world->source,
		"INSERT INTO schema_migrations VALUES (%d, 'later', 'x')",
		promo_migrate_known() + 1);
	back_up(world);
	assert_int_equal(restore(world, &problem, &manifest), PROMO_E_INVALID_INPUT);
	assert_non_null(strstr(problem.detail, "is newer than this one"));
	assert_nothing_left(world);
	(void)promo_test_sql(world->source, "DELETE FROM schema_migrations WHERE name = 'later'");
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	void *folder = NULL;
	const char *uri;

	if (!world || scratch_setup(&folder))
		return -1;
	world->scratch = folder;
	world->arena = promo_arena_new(ARENA_LIMIT);
	world->source = promo_test_database_new_empty();
	if (!world->arena || !world->source)
		return -1;
	world->config = (struct promo_runner_config){
		.version = "1.2.3",
		.backup = { .dir = world->scratch->folder, .database = world->source->owner_uri },
	};
	make_older(world->source);
	(void)snprintf(
		world->restored.name, sizeof(world->restored.name), "it's %d", (int)getpid());
	if (promo_dump_uri(world->source->owner_uri, world->restored.name, world->arena, &uri))
		return -1;
	(void)snprintf(world->restored.owner_uri, sizeof(world->restored.owner_uri), "%s", uri);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;
	void *folder = world->scratch;

	promo_test_database_free(world->source);
	promo_arena_free(world->arena);
	free(world);
	return scratch_teardown(&folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_newer),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
