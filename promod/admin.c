/* SPDX-License-Identifier: MIT */
#include "promod/admin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_user.h"
#include "libpromo/ops/audit_folds.h"
#include "libpromo/ops/hash_slots.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"
#include "promod/daemon.h"
#include "promod/database.h"
#include "promod/password.h"

struct creation {
	const struct promod_options *options;
	const struct promod_config *config;
	const char *version, *password;
	struct promo_arena *arena;
	struct promo_problem *problem;
};

static int set(const struct creation *creation, struct promo_user_create_in *in, const char *name,
	const char *text, const char *country_code)
{
	const struct promo_decode_env env = { .country_code = country_code };
	const struct promo_schema *schema = promo_op_user_create.in;

	if (!text)
		return 0;
	return promo_decode_text(schema, promo_schema_field(schema, name), text, name, &env,
		creation->arena, creation->problem, in);
}

static int make_input(const struct creation *creation, struct promo_user_create_in *ret)
{
	static const char *const roles[] = { "super-admin" };
	const struct promod_options *options = creation->options;
	PROMO_CLEANUP(promo_settings_freep) struct promo_settings *settings = NULL;
	const char *country_code;
	int r;

	r = promo_settings_new(&settings);
	if (r)
		return r;
	country_code = promo_settings_text(settings, PROMO_SETTING_COUNTRY_CODE);
	r = set(creation, ret, "first_name", options->first_name ? options->first_name : "Super",
		country_code);
	if (!r)
		r = set(creation, ret, "last_name",
			options->last_name ? options->last_name : "Admin", country_code);
	if (!r)
		r = set(creation, ret, "email", options->email, country_code);
	if (!r)
		r = set(creation, ret, "phone_number", options->phone, country_code);
	if (!r)
		r = set(creation, ret, "password", creation->password, country_code);
	ret->roles = (struct promo_texts){ roles, PROMO_COUNT(roles) };
	return r;
}

static int create(const struct creation *creation, const struct promo_runner_config *config)
{
	struct promo_user_create_in in = { 0 };
	struct promo_user user = { 0 };
	struct promo_runner *runner;
	int r;

	r = make_input(creation, &in);
	if (!r)
		r = promo_runner_new(config, &runner);
	if (r)
		return r;
	r = promo_run_as_system(
		runner, &promo_op_user_create, &in, creation->arena, creation->problem, &user);
	promo_runner_free(runner);
	if (!r)
		printf("created the super-admin %s (%s)\n"
		       "the first sign-in asks for an authenticator app as well: have a phone at "
		       "hand\n",
			user.email ? user.email : user.phone_number, user.id);
	return r;
}

static int with_database(const struct creation *creation, struct promod_database *database)
{
	struct promo_runner_config runner = { 0 };
	int r = 0;

	if (promod_database_can_migrate(database))
		r = promod_database_migrate(database, creation->arena, creation->problem, NULL);
	if (!r)
		r = promod_runner_config_make(creation->config, creation->version, database,
			creation->arena, creation->problem, &runner);
	if (!r)
		r = create(creation, &runner);
	promo_hash_slots_free(runner.hash_slots);
	promo_hash_slots_free(runner.test_slots);
	promo_audit_folds_free(runner.audit_folds);
	return r;
}

int promod_admin_create(const struct promod_options *options, const struct promod_config *config,
	const char *version, struct promo_arena *arena, struct promo_problem *problem)
{
	struct creation creation = { options, config, version, NULL, arena, problem };
	struct promod_database *database;
	int r;

	r = promod_password_read(options->password_stdin, arena, problem, &creation.password);
	if (!r)
		r = promod_database_open(config, &database);
	if (r)
		return r;
	r = with_database(&creation, database);
	promod_database_close(database);
	return r;
}
