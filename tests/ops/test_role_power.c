/* SPDX-License-Identifier: MIT */
/* Ranks say nothing of grants: whoever could act as somebody stronger would be it. So nobody manages who
 * may do more than he, approves what he may not do, or keeps a way into an account that became stronger;
 * and what was taken from somebody while his request waited he does not use any more. */
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/api/op_password_reset.h"
#include "libpromo/api/op_role.h"
#include "libpromo/base/time.h"
#include "tests/ops/till.h"

static const struct promo_op *const assign = &promo_op_user_assign_role;
static const struct promo_op *const approve = &promo_op_role_change_approve;
static const struct promo_op *const reject = &promo_op_role_change_reject;
static const struct promo_op *const permit = &promo_op_user_set_permissions;
static const struct promo_op *const edit = &promo_op_role_update;

static const char managers[] = "users.update users.delete users.roles.assign users.roles.revoke "
			       "users.permissions.manage";

struct id {
	char text[37];
};

static struct id asked(struct till *till, const struct ask *ask)
{
	struct id id = { "" };

	assert_int_equal(till_ask(till, ask), 202);
	(void)snprintf(id.text, sizeof(id.text), "%s", till_get(till, "role_change.id"));
	return id;
}
#define ASKED(till, ...) asked((till), &(struct ask){ __VA_ARGS__ })

static void assert_all(struct till *till, const struct person *who, const struct person *whom)
{
	const struct ask ways[] = {
		{ &promo_op_user_update, who->token, "{\"email\":\"mine@example.com\"}", whom->id,
			.if_match = "\"1\"" },
		{ &promo_op_user_password_reset, who->token, .id = whom->id },
		{ &promo_op_user_mfa_remove, who->token, .id = whom->id },
		{ &promo_op_user_unlock, who->token, .id = whom->id },
		{ &promo_op_user_sessions, who->token, .id = whom->id },
		{ &promo_op_user_end_sessions, who->token, .id = whom->id },
		{ &promo_op_user_api_keys, who->token, .id = whom->id },
		{ &promo_op_user_end_api_key, who->token, .id = whom->id, .key_id = whom->id },
		{ &promo_op_user_delete, who->token, .id = whom->id },
		{ assign, who->token, "{\"role\":\"batch-manager\"}", whom->id },
		{ &promo_op_user_revoke_role, who->token, .id = whom->id, .role = "user" },
		{ permit, who->token, "{\"deny\":[\"batches.read\"]}", whom->id,
			.if_match = "\"1\"" },
	};

	for (size_t i = 0; i < PROMO_COUNT(ways); i++) {
		assert_int_equal(till_ask(till, &ways[i]), 403);
		assert_got(till, "code", "forbidden");
	}
}

static void test_the_strong(void **state)
{
	struct till *till = *state;
	struct person chief = till_person(till, "support"), clerk = till_person(till, "user");
	struct person boss = till_person(till, "super-admin");
	struct person admin = till_person(till, "admin"), key;

	till_grant(till, &chief, managers);
	assert_int_equal(ASK(till, &promo_op_user_sessions, chief.token, .id = clerk.id), 200);
	till_grant(till, &clerk, "audit.read");
	assert_all(till, &chief, &clerk);
	till_grant(till, &chief, "audit.read");
	assert_int_equal(
		ASK(till, &promo_op_user_password_reset, chief.token, .id = clerk.id), 201);
	/* What is denied is not in anybody's power. */
	till_grant(till, &clerk, "batches.read");
	assert_all(till, &chief, &clerk);
	till_deny(till, &clerk, "batches.read");
	assert_int_equal(ASK(till, &promo_op_user_unlock, chief.token, .id = clerk.id), 200);
	/* A key is as strong as what it is for. */
	key = till_key(till, &admin, "users.update");
	assert_problem(
		till, 403, "forbidden", &promo_op_user_password_reset, key.token, .id = clerk.id);
	/* A super-admin manages all, even what is denied him. */
	till_deny(till, &boss, "audit.read");
	assert_int_equal(ASK(till, &promo_op_user_unlock, boss.token, .id = clerk.id), 200);
}

static void test_approved_by_the_weak(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"), clerk = till_person(till, "user");
	struct person weak = till_person(till, "support");
	struct id role = ASKED(till, assign, admin.token, "{\"role\":\"batch-manager\"}", clerk.id);
	struct id grant = ASKED(till, permit, admin.token, "{\"grant\":[\"batches.read\"]}",
		clerk.id, .if_match = "\"1\"");
	struct id change = ASKED(till, edit, admin.token, "{\"permissions\":[\"batches.read\"]}",
		"user", .if_match = "\"1\"");

	till_grant(till, &weak, "users.permissions.manage");
	assert_problem(till, 403, "forbidden", approve, weak.token, .id = role.text);
	assert_problem(till, 403, "forbidden", approve, weak.token, .id = grant.text);
	assert_got(till, "permission", "batches.read");
	assert_problem(till, 403, "forbidden", approve, weak.token, .id = change.text);
	till_grant(till, &weak, "batches.read redemptions.create.manual promo-codes.fraud.report");
	assert_int_equal(ASK(till, approve, weak.token, .id = role.text), 200);
	assert_int_equal(ASK(till, approve, weak.token, .id = grant.text), 200);
	assert_int_equal(ASK(till, approve, weak.token, .id = change.text), 200);
	/* Who asked can no longer manage whom it is for. */
	role = ASKED(till, assign, admin.token, "{\"role\":\"support\"}", clerk.id);
	till_deny(till, &admin, "batches.read");
	assert_problem(till, 409, "role_change_stale", approve,
		till_person(till, "super-admin").token, .id = role.text);
}

static void test_holders_reject_nothing(void **state)
{
	struct till *till = *state;
	struct person admin = till_person(till, "admin"),
		      holder = till_person(till, "admin support");
	struct id change = ASKED(
		till, edit, admin.token, "{\"permissions\":[]}", "support", .if_match = "\"1\"");

	assert_problem(till, 403, "forbidden", reject, holder.token, .id = change.text);
	(void)promo_test_sql(till->database,
		"INSERT INTO user_role_assignments (user_id, role_id) SELECT '%s', id FROM roles "
		"WHERE name = 'support'",
		admin.id);
	assert_int_equal(ASK(till, reject, admin.token, .id = change.text), 200);
	/* What can never be done is not asked for. */
	assert_problem(till, 409, "role_built_in", edit, admin.token, "{\"name\":\"helpers\"}",
		"batch-manager", .if_match = "\"1\"");
}

static void make_token(struct till *till, const struct person *chief, const struct person *clerk)
{
	assert_int_equal(
		ASK(till, &promo_op_user_password_reset, chief->token, .id = clerk->id), 201);
}

static void assert_no_token(struct till *till, const struct person *clerk)
{
	assert_string_equal(
		promo_test_sql(till->database,
			"SELECT count(*) FROM password_resets WHERE user_id = '%s'", clerk->id),
		"0");
}

/* Who could set the password of somebody weak cannot once that one is strong. */
static void test_tokens_of_before(void **state)
{
	struct till *till = *state;
	struct person chief = till_person(till, "support"), clerk = till_person(till, "user");
	struct person boss = till_person(till, "super-admin");
	char etag[24];

	till_grant(till, &chief, managers);
	till_grant(till, &chief, "batches.read");
	make_token(till, &chief, &clerk);
	assert_int_equal(
		ASK(till, assign, boss.token, "{\"role\":\"batch-manager\"}", clerk.id), 200);
	assert_no_token(till, &clerk);
	till_grant(till, &chief, "redemptions.create.manual promo-codes.fraud.report batches.read");
	make_token(till, &chief, &clerk);
	assert_int_equal(ASK(till, &promo_op_user_permissions, boss.token, .id = clerk.id), 200);
	(void)snprintf(etag, sizeof(etag), "%s", till->answer.etag);
	assert_int_equal(ASK(till, permit, boss.token, "{\"grant\":[\"batches.read\"]}", clerk.id,
				 .if_match = etag),
		200);
	assert_no_token(till, &clerk);
	make_token(till, &chief, &clerk);
	assert_int_equal(ASK(till, &promo_op_role_show, boss.token, .id = "batch-manager"), 200);
	(void)snprintf(etag, sizeof(etag), "%s", till->answer.etag);
	assert_int_equal(ASK(till, edit, boss.token, "{\"permissions\":[\"audit.read\"]}",
				 "batch-manager", .if_match = etag),
		200);
	assert_no_token(till, &clerk);
}

struct request {
	struct promo_test_database *database;
	struct ask ask;
	int status;
};

static void *act(void *context)
{
	struct request *request = context;
	struct till *till = till_new(request->database);

	request->status = till_ask(till, &request->ask);
	till_free(till);
	return NULL;
}

static void sql(PGconn *conn, const char *text)
{
	PGresult *result = PQexec(conn, text);

	assert_true(PQresultStatus(result) == PGRES_COMMAND_OK ||
		    PQresultStatus(result) == PGRES_TUPLES_OK);
	PQclear(result);
}

static void await_waiting(struct till *till)
{
	const int64_t until_ms = promo_monotonic_ms() + 20000;

	while (strcmp(promo_test_sql(till->database, "SELECT count(*) FROM pg_stat_activity WHERE "
						     "wait_event_type = 'Lock' "
						     "AND datname = current_database()"),
		       "1") != 0) {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 10);
	}
}

/* Lets a request wait for a row, takes the roles of who asks away meanwhile, and lets it go on. */
static int loses(
	struct till *till, const struct ask *ask, const struct person *who, const char *lock)
{
	struct request request = { till->database, *ask, 0 };
	PGconn *conn = PQconnectdb(till->database->owner_uri);
	pthread_t thread;
	char text[256];

	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	(void)snprintf(text, sizeof(text), "BEGIN; SELECT FROM %s FOR UPDATE", lock);
	sql(conn, text);
	assert_int_equal(pthread_create(&thread, NULL, act, &request), 0);
	await_waiting(till);
	(void)snprintf(text, sizeof(text),
		"DELETE FROM user_role_assignments WHERE user_id = '%s'; COMMIT", who->id);
	sql(conn, text);
	PQfinish(conn);
	assert_int_equal(pthread_join(thread, NULL), 0);
	return request.status;
}

static const char *roles_of(struct till *till, const struct person *person)
{
	return promo_test_sql(till->database,
		"SELECT coalesce(string_agg(r.name, ' '), '') FROM user_role_assignments a JOIN "
		"roles r ON r.id = a.role_id WHERE a.user_id = '%s'",
		person->id);
}

static void test_lost_while_it_waits(void **state)
{
	struct till *till = *state;
	struct person asker = till_person(till, "admin"), clerk = till_person(till, "user");
	struct person boss = till_person(till, "super-admin"), admin = till_person(till, "admin");
	struct person other = till_person(till, "super-admin");
	struct id change = ASKED(till, assign, asker.token, "{\"role\":\"support\"}", clerk.id);
	char lock[96];

	(void)snprintf(lock, sizeof(lock), "users WHERE id = '%s'", clerk.id);
	assert_int_equal(
		loses(till, &(struct ask){ approve, admin.token, .id = change.text }, &admin, lock),
		403);
	assert_string_equal(roles_of(till, &clerk), "user");
	/* No super-admin any more, an admin asks: his super-admin's act would have been done. */
	(void)promo_test_sql(till->database,
		"INSERT INTO user_permissions (user_id, permission_id, granted) SELECT '%s', id, "
		"true FROM permissions WHERE key = 'users.roles.assign'",
		boss.id);
	assert_int_equal(loses(till,
				 &(struct ask){ assign, boss.token, "{\"role\":\"batch-manager\"}",
					 clerk.id },
				 &boss, lock),
		403);
	assert_string_equal(roles_of(till, &clerk), "user");
	/* Two who take each other away: the second is none any more when it is his turn. */
	boss = till_person(till, "super-admin");
	assert_int_equal(
		loses(till, &(struct ask){ &promo_op_user_delete, boss.token, .id = other.id },
			&boss, "roles WHERE name = 'super-admin'"),
		403);
	assert_string_equal(roles_of(till, &other), "super-admin");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_strong),
		cmocka_unit_test(test_approved_by_the_weak),
		cmocka_unit_test(test_holders_reject_nothing),
		cmocka_unit_test(test_tokens_of_before),
		cmocka_unit_test(test_lost_while_it_waits),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
