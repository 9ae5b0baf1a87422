/* SPDX-License-Identifier: MIT */
#include "tests/ops/vigil.h"

#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_alert.h"
#include "tests/lib/test.h"

struct promo_alert_work *vigil_work;

const char *vigil_ask(struct till *till, const char *question)
{
	return promo_test_sql(till->database, "%s", question);
}

void vigil_set(struct till *till, const char *category, const char *key, const char *json)
{
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) "
		"VALUES (gen_random_uuid(), '%s', '%s', '%s') "
		"ON CONFLICT ON CONSTRAINT system_settings_key DO UPDATE SET value = "
		"excluded.value",
		category, key, json);
}

void vigil_round(struct promo_alert_work *work)
{
	bool more = true;

	while (more)
		assert_int_equal(promo_alert_work_round(work, &more), 0);
}

void vigil_watch(void)
{
	vigil_round(vigil_work);
}

const char *vigil_alerts(struct till *till)
{
	return vigil_ask(till,
		"SELECT coalesce(string_agg(kind || ' ' || count || ' ' || status, ', ' "
		"ORDER BY first_at, kind), '') FROM alerts");
}

int vigil_setup(void **state)
{
	struct till *till = *state;

	assert_int_equal(promo_alert_work_new(&till->config, &vigil_work), 0);
	vigil_watch();
	(void)vigil_ask(till,
		"DELETE FROM alerts; DELETE FROM alert_sightings; DELETE FROM outbox; "
		"DELETE FROM system_settings; DELETE FROM notifications");
	return 0;
}

int vigil_teardown(void **state)
{
	(void)state;
	promo_alert_work_rest(vigil_work);
	promo_alert_work_free(vigil_work);
	return 0;
}

void vigil_note(struct till *till, const char *action, const char *user_id, const char *entity,
	const char *error, int minutes)
{
	(void)promo_test_sql(till->database,
		"INSERT INTO audit_writers (process) SELECT 'test' WHERE NOT EXISTS "
		"(SELECT FROM audit_writers WHERE process = 'test'); "
		"WITH w AS (UPDATE audit_writers SET seq = seq + 1 WHERE process = 'test' "
		"RETURNING id, seq) "
		"INSERT INTO audit_log (writer_id, seq, id, at, actor_kind, actor_id, action, "
		"entity_kind, entity_id, outcome, error) "
		"SELECT id, seq, gen_random_uuid(), now() - make_interval(mins => %d), 'user', "
		"nullif('%s', '')::uuid, '%s', 'thing', nullif('%s', '')::uuid, "
		"CASE '%s' WHEN '' THEN 'allowed' WHEN 'internal' THEN 'failed' ELSE 'denied' END, "
		"nullif('%s', '') FROM w",
		minutes, user_id, action, entity, error, error);
}

void vigil_resolve_all(struct till *till)
{
	struct person boss = till_person(till, "super-admin");
	char ids[4096], *rest = NULL;

	(void)snprintf(ids, sizeof(ids), "%s",
		vigil_ask(till,
			"SELECT string_agg(id::text, ' ') FROM alerts WHERE status <> 'resolved'"));
	for (char *id = strtok_r(ids, " ", &rest); id; id = strtok_r(NULL, " ", &rest))
		assert_int_equal(ASK(till, .op = &promo_op_alert_resolve, .token = boss.token,
					 .id = id, .body = "{\"note\": \"it was nothing\"}"),
			200);
}
