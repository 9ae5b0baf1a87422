/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_event.h"
#include "libpromo/ops/live.h"
#include "tests/lib/test.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

void errors_events(struct api *api, struct till *till)
{
	struct person listener = till_person(till, "");
	const struct order listen = { .op = &promo_op_event_stream, .token = listener.token };
	struct wire wires[PROMO_LIVE_OF_USER_MAX];
	struct api_answer answer;

	for (size_t i = 0; i < PROMO_COUNT(wires); i++) {
		wire_open(&wires[i], api->daemon.port);
		order_begin(&wires[i], &listen);
		order_finish(&wires[i], &listen);
		order_receive(&wires[i], &listen, &answer);
		assert_int_equal(answer.status, 200);
	}
	assert_int_equal(order_ask(api, &listen, &answer), 429);
	assert_refused(&answer, PROMO_E_TOO_MANY_REQUESTS);
	for (size_t i = 0; i < PROMO_COUNT(wires); i++)
		wire_close(&wires[i]);
}
