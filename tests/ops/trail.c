/* SPDX-License-Identifier: MIT */
#include "tests/ops/trail.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_export.h"
#include "libpromo/ops/spool.h"
#include "libpromo/ops/stream.h"
#include "tests/lib/log.h"
#include "tests/lib/scratch.h"
#include "tests/lib/test.h"

static struct scratch *scratch;
static struct trail trail;
static int trails;

void trail_seal(struct trail *t)
{
	bool more = true;

	while (more)
		assert_int_equal(promo_seal_work_round(t->work, &more), 0);
}

void trail_write(struct trail *t, int writer, int count)
{
	(void)promo_test_sql(t->till->database,
		"WITH w AS (UPDATE audit_writers SET seq = seq + %d WHERE id = %d RETURNING seq - "
		"%d AS "
		"before) INSERT INTO audit_log (writer_id, seq, id, actor_kind, action, outcome, "
		"changes, "
		"user_agent) SELECT %d, before + n, gen_random_uuid(), 'system', 'test.row', "
		"'allowed', "
		"'[{\"field\": \"n\", \"after\": 1.50, \"before\": \"\\u00e4 \\\\\"}]', "
		"'agent ' || n FROM w, generate_series(1, %d) n",
		count, writer, count, writer, count);
}

int trail_setup(void **state)
{
	struct trail *t = &trail;

	*t = (struct trail){ .till = t->till, .auditor = t->auditor };
	memset(t->seed, 7, sizeof(t->seed));
	promo_sign_public(t->seed, t->keys[0]);
	(void)snprintf(t->log, sizeof(t->log), "%s/seals-%d.log", scratch->folder, trails++);
	t->sealing = (struct promo_sealing){
		.seed = t->seed,
		.keys = (const unsigned char(*)[PROMO_SIGN_PUBLIC_BYTES])t->keys,
		.key_count = 1,
		.log = t->log,
	};
	t->till->config.sealing = &t->sealing;
	assert_int_equal(promo_seal_work_new(&t->till->config, &t->work), 0);
	(void)promo_test_sql(t->till->database, "TRUNCATE audit_log, audit_writers, audit_seals, "
						"audit_sealed; UPDATE audit_sealer SET "
						"lease_until = '-infinity'; "
						"INSERT INTO audit_writers (id, process) "
						"OVERRIDING SYSTEM VALUE VALUES (101, 'one'), "
						"(102, 'two')");
	for (int i = 0; i < 3; i++) {
		trail_write(t, 101, ROWS / 3);
		trail_write(t, 102, ROWS / 3);
		trail_seal(t);
	}
	promo_test_log_keep();
	*state = t;
	return 0;
}

int trail_teardown(void **state)
{
	struct trail *t = *state;

	promo_seal_work_free(t->work);
	promo_streams_wait();
	return 0;
}

void trail_sql(struct trail *t, const char *text)
{
	(void)promo_test_sql(t->till->database, "%s", text);
}

/* All of a long answer. */
static const char *trail_ask(struct trail *t, const struct ask *ask)
{
	size_t size = 0;
	ptrdiff_t n;

	assert_int_equal(till_ask(t->till, ask), 200);
	while ((n = promo_spool_read(t->till->answer.spool, size, t->answer + size,
			ANSWER_MAX - 1 - size)) >= 0) {
		size += (size_t)n;
		if (n == PROMO_SPOOL_WAIT)
			(void)poll(NULL, 0, 1);
	}
	assert_int_equal(n, PROMO_SPOOL_END);
	promo_spool_close(t->till->answer.spool);
	t->answer[size] = '\0';
	return t->answer;
}

const char *trail_verify(struct trail *t)
{
	return trail_ask(
		t, &(struct ask){ .op = &promo_op_audit_verify, .token = t->auditor.token });
}

const char *trail_export(struct trail *t)
{
	return trail_ask(t, &(struct ask){ .op = &promo_op_audit_export,
				    .token = t->auditor.token,
				    .query = { { "seals", "true" } } });
}

/* Exactly these problems, as JSON. */
void trail_assert(struct trail *t, const char *problems)
{
	const char *answer = trail_verify(t);
	const char *found = strstr(answer, "\"problems\":");

	assert_non_null(found);
	found += strlen("\"problems\":");
	if (strncmp(found, problems, strlen(problems)) != 0 ||
		strcmp(found + strlen(problems), "}\n"))
		fail_msg("expected %s, found %s", problems, found);
	assert_int_equal(strstr(answer, "\"ok\":true") != NULL, strcmp(problems, "[]") == 0);
}

int trail_setup_all(void **state)
{
	int r = scratch_setup(state);

	scratch = *state;
	if (!r)
		r = till_setup((void **)&trail.till);
	if (!r)
		trail.auditor = till_person(trail.till, "admin");
	return r;
}

int trail_teardown_all(void **state)
{
	void *till = trail.till;

	return till_teardown(&till) | scratch_teardown(state);
}
