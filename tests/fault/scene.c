/* SPDX-License-Identifier: MIT */
#include "tests/fault/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "libpromo/api/op_code.h"
#include "tests/ops/stock.h"

struct scene *scene_new(bool cut, bool lanes)
{
	struct promo_test_database *database = promo_test_database_new();
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_true(database && scene);
	if (cut)
		scene->cutter = cutter_new(database);
	scene->till = cut ? till_new_at(database, cutter_uri(scene->cutter)) : till_new(database);
	scene->clerk = till_person(scene->till, "batch-manager");
	if (lanes)
		scene->desk = desk_new(scene->till, 1);
	return scene;
}

int scene_teardown(void **state)
{
	struct scene *scene = *state;
	struct promo_test_database *database = scene->till->database;

	if (scene->desk)
		desk_free(scene->desk);
	till_free(scene->till);
	if (scene->cutter)
		cutter_free(scene->cutter);
	promo_test_database_free(database);
	free(scene);
	return 0;
}

int scene_ask(struct scene *scene, const struct ask *ask)
{
	return scene->desk ? desk_ask(scene->desk, ask) : till_ask(scene->till, ask);
}

void scene_get_ready(struct scene *scene, int serial)
{
	char body[64];
	const struct ask warm = {
		.op = &promo_op_code_verify, .token = scene->clerk.token, .body = body
	};

	(void)snprintf(
		body, sizeof(body), "{\"code\": \"%s\"}", stock_code(scene->batch, serial).text);
	if (scene->desk)
		desk_get_ready(scene->desk, &warm);
	else
		assert_int_equal(till_ask(scene->till, &warm), 200);
}
