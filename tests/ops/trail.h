/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/sealer.h"
#include "libpromo/rules/seal.h"
#include "tests/ops/till.h"

/* A sealed audit trail of two writers, 101 and 102, with 12 rows each in three seals, for the tests of seals:
 * *state of each test, made anew for it in one database. */

enum {
	ANSWER_MAX = 4 * 1024 * 1024,
	ROWS = 12, /* of each writer */
};

/* A trail of two writers in three seals. */
struct trail {
	struct till *till;
	struct person auditor;
	unsigned char seed[PROMO_SIGN_SEED_BYTES];
	unsigned char keys[2][PROMO_SIGN_PUBLIC_BYTES];
	struct promo_sealing sealing;
	struct promo_seal_work *work;
	char log[256];
	char answer[ANSWER_MAX];
};

/* For a group, and for each test of it. */
int trail_setup_all(void **state);
int trail_teardown_all(void **state);
int trail_setup(void **state);
int trail_teardown(void **state);
#define TRAIL_TEST(name) cmocka_unit_test_setup_teardown(name, trail_setup, trail_teardown)

/* Seals all that there is. */
void trail_seal(struct trail *t);
/* More rows of a writer. */
void trail_write(struct trail *t, int writer, int count);
/* As the owner of the database. */
void trail_sql(struct trail *t, const char *text);

/* What GET /audit/verify says. */
const char *trail_verify(struct trail *t);
/* The trail with its seals, as it is checked elsewhere. */
const char *trail_export(struct trail *t);
/* That it names exactly these problems. */
void trail_assert(struct trail *t, const char *problems);
#define P(kind, writer, seq) "{\"kind\":\"" kind "\",\"writer_id\":" #writer ",\"seq\":" #seq "}"
