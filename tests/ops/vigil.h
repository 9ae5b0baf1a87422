/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/alert_work.h"
#include "tests/ops/till.h"

/* The watch over alerts, on the thread of a test: everything that is new is judged when it says so. */

extern struct promo_alert_work *vigil_work; /* of the test in hand */

/* Of each test: *state is the group's till; there are no alerts and no settings. */
int vigil_setup(void **state);
int vigil_teardown(void **state);
#define VIGIL_TEST(name) cmocka_unit_test_setup_teardown(name, vigil_setup, vigil_teardown)

/* Rounds until there is nothing more to do. */
void vigil_watch(void);
void vigil_round(struct promo_alert_work *work);

/* What there is of alerts: "kind count status", oldest first. */
const char *vigil_alerts(struct till *till);
void vigil_resolve_all(struct till *till);

const char *vigil_ask(struct till *till, const char *question);
void vigil_set(struct till *till, const char *category, const char *key, const char *json);
/* A row of the trail as a daemon would write it, so long ago; user, entity and error may be "". */
void vigil_note(struct till *till, const char *action, const char *user_id, const char *entity,
	const char *error, int minutes);
