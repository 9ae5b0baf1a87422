/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_alert.h"
#include "tests/lib/test.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

#define ID   "0190a1b2-c3d4-7abc-8def-00000000a1e1"
#define NOTE "{\"note\":\"it was a test\"}"

void errors_alerts(struct api *api, const char *token)
{
	struct api_answer answer;

	(void)promo_test_sql(api->database,
		"INSERT INTO alerts (id, kind, severity, title, dedupe_key) "
		"VALUES ('" ID "', 'job_failed', 'warning', 'A job failed', 'job_failed/1')");
	assert_int_equal(ORDER(api, &answer, &promo_op_alert_acknowledge, token, .id = ID), 200);
	(void)ORDER(api, &answer, &promo_op_alert_acknowledge, token, .id = ID);
	assert_refused(&answer, PROMO_E_INVALID_TRANSITION);
	assert_int_equal(ORDER(api, &answer, &promo_op_alert_resolve, token, NOTE, .id = ID), 200);
	(void)ORDER(api, &answer, &promo_op_alert_resolve, token, NOTE, .id = ID);
	assert_refused(&answer, PROMO_E_INVALID_TRANSITION);
}
