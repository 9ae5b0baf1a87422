/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_api_key.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_batch_change.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_code_change.h"
#include "libpromo/api/op_job.h"
#include "libpromo/api/op_mfa.h"
#include "libpromo/api/op_system.h"
#include "libpromo/api/op_user.h"
#include "libpromo/ops/run.h"
#include "tests/lib/database.h"

/*
 * A runner on a database of its own and requests to it, for the tests of operations: what promod
 * does, without HTTP. One till belongs to one thread; several may share a database.
 */

struct till {
	struct promo_test_database *database;
	struct promo_runner_config config;
	struct promo_runner *runner;
	struct promo_arena *arena;  /* of the last request */
	struct promo_arena *texts;  /* of till_get() */
	struct promo_answer answer; /* of the last request, until the next */
};

/* A group's setup and teardown: *state is a till with a fresh database. */
int till_setup(void **state);
int till_teardown(void **state);

/* Another till on the same database; freed by till_free(), which leaves the database alone. */
struct till *till_new(struct promo_test_database *database);
/* The same, by a URI of one's own. */
struct till *till_new_at(struct promo_test_database *database, const char *uri);
void till_free(struct till *till);
/* Nobody but the owner can connect to this till's database until it is opened again; who is connected
 * stays. Never by the role: that belongs to the whole cluster, where other tests run. */
void till_shut(const struct till *till);
void till_open(const struct till *till);
/* Takes all of the audit trail into what it is searched by. */
void till_index(const struct till *till);
/* A condition of statements about pids, for views that show the whole cluster. */
#define TILL_PIDS "pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"

/* A request; everything but op may be left out. */
struct ask {
	const struct promo_op *op;
	const char *token;
	const char *body;     /* JSON */
	const char *id;       /* {id} of the path */
	const char *role;     /* {role} of the path */
	const char *category; /* {category} of the path */
	const char *key_id;   /* {key_id} of the path */
	const char *key;      /* Idempotency-Key */
	const char *if_match;
	const char *ip; /* NULL: 192.0.2.7 */
	struct promo_pair query[8];
	int64_t resolve_until_ms;
};
/* Runs it and returns the status of the answer; till->answer has the rest. */
int till_ask(struct till *till, const struct ask *ask);
/* The request that it would run; `path` is part of it. */
struct promo_request till_request(const struct ask *ask, struct promo_pair path[2]);
#define ASK(till, ...) till_ask((till), &(struct ask){ __VA_ARGS__ })

/* A value of the last answer's JSON by its path, such as "user.roles.0.name" or "code", as text
 * ("null" for null); NULL where there is none. Good until the next request is answered. */
const char *till_get(struct till *till, const char *path);
#define assert_got(till, path, text) assert_string_equal(till_get((till), (path)), (text))
/* The answer is a problem of this status and code. */
#define assert_problem(till, status, code, ...)                                                    \
	do {                                                                                       \
		assert_int_equal(ASK((till), __VA_ARGS__), (status));                              \
		assert_got((till), "code", (code));                                                \
	} while (0)

/* A signed-in user with these roles (by blanks, "" for none), made by SQL. Texts stay good until the
 * till is freed. An administrator counts as one who has a second factor, as his role asks, and no sign-in
 * asks for it: what is about second factors begins with factor.h. */
struct person {
	char id[37], session_id[37], token[64], email[64];
};
struct person till_person(struct till *till, const char *roles);
/* A user who can sign in with this password. */
struct person till_person_with_password(struct till *till, const char *roles, const char *password);
/* The same user with an API key for these permissions (by blanks): its id stands in session_id. */
struct person till_key(struct till *till, const struct person *owner, const char *keys);
/* Gives a user permissions (keys, by blanks) beside his roles, or takes them from him. */
void till_grant(struct till *till, const struct person *person, const char *keys);
void till_deny(struct till *till, const struct person *person, const char *keys);
