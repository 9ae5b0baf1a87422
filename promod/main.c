/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "libpromo/store/migrate.h"
#include "promod/admin.h"
#include "promod/backup.h"
#include "promod/daemon.h"
#include "promod/database.h"
#include "promod/listen.h"
#include "promod/log.h"
#include "promod/options.h"
#include "promod/privileges.h"
#include "promod/upkeep.h"

enum {
	ARENA_MAX_BYTES = 16 * 1024 * 1024,
	EXIT_USAGE = 2,
};

struct program {
	struct promo_arena *arena;
	struct promo_problem problem;
	struct promod_options options;
	struct promod_config config;
};

/* A refusal is told on stderr; a fault was logged where it was born. */
static int complain(const struct program *program, int r)
{
	const struct promo_problem *problem = &program->problem;

	if (r > 0)
		fprintf(stderr, "promod: %s\n",
			problem->detail ? problem->detail : promo_error_info(r)->text);
	for (size_t i = 0; i < problem->field_count; i++)
		fprintf(stderr, "promod: %s: %s\n", problem->fields[i].pointer,
			problem->fields[i].message);
	return r == PROMO_E_INVALID_INPUT ? EXIT_USAGE : EXIT_FAILURE;
}

/* The addresses are part of what may be wrong with a configuration. */
static void check_addresses(struct program *program, struct promod_config_errors *errors)
{
	const struct promod_config *config = &program->config;
	const struct promod_listen_rules rules = { .allow_cleartext = config->allow_cleartext };

	for (size_t i = 0; i < config->listen.count; i++) {
		struct promo_problem problem = { 0 };

		if (promod_listen_check(
			    config->listen.items[i], &rules, program->arena, &problem) &&
			problem.detail && errors->count < PROMOD_CONFIG_ERRORS_MAX)
			errors->texts[errors->count++] = problem.detail;
	}
}

static int load_config(struct program *program)
{
	const struct promod_config_sources sources = {
		.file = program->options.config_file,
		.environment = environ,
		.options = program->options.settings,
		.option_count = program->options.setting_count,
		.is_root = geteuid() == 0,
	};
	struct promod_config_errors errors;

	promod_config_load(&sources, program->arena, &program->config, &errors);
	check_addresses(program, &errors);
	for (size_t i = 0; i < errors.count; i++)
		fprintf(stderr, "promod: %s\n", errors.texts[i]);
	return errors.count > 0 ? EXIT_USAGE : 0;
}

static int show_migrations(struct program *program, const struct promod_database *database)
{
	static const char *const standings[] = {
		[PROMO_MIGRATION_APPLIED] = "applied",
		[PROMO_MIGRATION_MISSING] = "missing",
		[PROMO_MIGRATION_CHANGED] = "changed since it was applied",
		[PROMO_MIGRATION_UNKNOWN] = "of a newer promod",
	};
	const struct promo_migration_state *states;
	size_t count;
	int r;

	r = promo_migrate_status(promod_database_uri(database), program->arena, &states, &count);
	if (r)
		return r;
	for (size_t i = 0; i < count; i++) {
		char at[PROMO_TIME_SIZE] = "";

		if (states[i].applied_at)
			promo_time_format(states[i].applied_at, at);
		printf("%04d  %-24s  %s%s%s\n", states[i].version, states[i].name,
			standings[states[i].standing], at[0] ? " " : "", at);
	}
	return 0;
}

static int migrate(struct program *program)
{
	struct promod_database *database;
	int r, applied;

	r = promod_database_open(&program->config, &database);
	if (r)
		return r;
	if (program->options.status) {
		r = show_migrations(program, database);
	} else {
		r = promod_database_migrate(database, program->arena, &program->problem, &applied);
		if (!r)
			printf("applied %d migrations\n", applied);
	}
	promod_database_close(database);
	return r;
}

static int run(struct program *program)
{
	const struct promod_daemon_config daemon = {
		.config = &program->config,
		.version = PROMO_VERSION,
		.ready_file = program->options.ready_file,
		.notify_socket = getenv("NOTIFY_SOCKET"),
	};
	int r;

	r = promod_files_allow(&program->config, program->arena, &program->problem);
	if (!r)
		r = promod_privileges_drop(&program->config, program->arena, &program->problem);
	if (!r)
		r = promod_state_dir_make(&program->config, program->arena, &program->problem);
	if (r)
		return r;
	switch (program->options.command) {
	case PROMOD_RUN:
		return promod_daemon_run(&daemon, program->arena, &program->problem);
	case PROMOD_MIGRATE:
		return migrate(program);
	case PROMOD_MAINTAIN:
		return promod_maintain(
			&program->config, PROMO_VERSION, program->arena, &program->problem);
	case PROMOD_ADMIN_CREATE:
		return promod_admin_create(&program->options, &program->config, PROMO_VERSION,
			program->arena, &program->problem);
	case PROMOD_RESTORE:
		return promod_restore(
			&program->options, &program->config, program->arena, &program->problem);
	case PROMOD_BACKUP_KEY:
	case PROMOD_CHECK_CONFIG:
	case PROMOD_VERSION:
	case PROMOD_HELP:
		break;
	}
	return 0;
}

static int start(struct program *program, int argc, char **argv)
{
	int r;

	r = promod_options_parse(argc, argv, program->arena, &program->problem, &program->options);
	if (r)
		return complain(program, r);
	if (program->options.command == PROMOD_BACKUP_KEY) {
		r = promo_base_init();
		if (!r)
			r = promod_backup_key(&program->options, program->arena, &program->problem);
		return r ? complain(program, r) : 0;
	}
	if (program->options.command == PROMOD_HELP) {
		promod_options_help(stdout);
		return 0;
	}
	if (program->options.command == PROMOD_VERSION) {
		puts("promod " PROMO_VERSION);
		return 0;
	}
	r = load_config(program);
	if (r)
		return r;
	if (program->options.command == PROMOD_CHECK_CONFIG) {
		promod_config_print(&program->config, stdout);
		return 0;
	}
	promod_log_start((enum promo_log_level)program->config.log_level);
	r = promo_base_init();
	if (!r)
		r = run(program);
	return r ? complain(program, r) : 0;
}

int main(int argc, char **argv)
{
	struct program program = { .arena = promo_arena_new(ARENA_MAX_BYTES) };
	int result;

	if (!program.arena) {
		fputs("promod: no memory\n", stderr);
		return EXIT_FAILURE;
	}
	/* What we make is ours alone, unless it says otherwise. */
	(void)umask(0077);
	/* Keys, passwords and codes stand in memory: none of it is left in a file if it dies, nor by the
	 * server that it starts. */
	(void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	result = start(&program, argc, argv);
	promo_arena_free(program.arena);
	return fflush(stdout) == 0 ? result : EXIT_FAILURE;
}
