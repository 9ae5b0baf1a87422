/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_alert.h"
#include "libpromo/api/op_api_key.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_backup.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_batch_change.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_code_change.h"
#include "libpromo/api/op_customer.h"
#include "libpromo/api/op_export.h"
#include "libpromo/api/op_fraud_case.h"
#include "libpromo/api/op_job.h"
#include "libpromo/api/op_mfa.h"
#include "libpromo/api/op_notification.h"
#include "libpromo/api/op_role.h"
#include "libpromo/api/op_setting.h"
#include "libpromo/api/op_system.h"
#include "libpromo/api/op_user.h"
#include "tests/promod/api.h"

/*
 * Requests by the rows of their operations. Every answer is held against its row: a success has the
 * status and the headers that the row promises, a refusal is a whole problem with a code that the
 * row lists. Which refusals came is kept, so that a test can tell which ones never did.
 */

struct order {
	const struct promo_op *op;
	const char *token;
	const char *body; /* JSON */
	const char *id;   /* {id} of the path; NULL: one that nothing has */
	const char *role; /* {role} of the path */
	const char *key;  /* Idempotency-Key */
	const char *if_match;
	const char *query;      /* behind the "?" */
	const char *headers;    /* further lines, each with its CR LF */
	const char *request_id; /* X-Request-Id; NULL: one of its own */
};

/* An id that nothing has. */
#define ORDER_NO_ID "01900000-0000-7000-8000-000000000000"

/* On a connection of its own. Returns the status. */
int order_ask(struct api *api, const struct order *order, struct api_answer *ret);
#define ORDER(api, answer, ...) order_ask((api), &(struct order){ __VA_ARGS__ }, (answer))

/* On an open connection: all of the request but the last byte of its body, and that; a request
 * without a body goes out whole with the first. Then the answer, which may be asked for in any
 * order. */
void order_begin(struct wire *wire, const struct order *order);
void order_finish(struct wire *wire, const struct order *order);
void order_receive(struct wire *wire, const struct order *order, struct api_answer *ret);

/* Many at once, as far as one thread can: everything but a last byte each is there before any of them
 * is whole. Each on a connection of its own, to the ports in turn. */
void order_ask_at_once(const unsigned *ports, size_t port_count, const struct order *orders,
	size_t count, struct api_answer *ret);

/* The answer was this refusal. */
#define assert_refused(answer, error) order_assert_refused((answer), (error), __FILE__, __LINE__)
void order_assert_refused(
	const struct api_answer *answer, enum promo_error error, const char *file, int line);
/* The only bad field of a 422. */
#define assert_bad_field(answer, pointer, code)                                                    \
	do {                                                                                       \
		assert_refused((answer), PROMO_E_INVALID_INPUT);                                   \
		assert_string_equal(api_get((answer), "errors.0.pointer"), (pointer));             \
		assert_string_equal(api_get((answer), "errors.0.code"), (code));                   \
		assert_string_equal(api_get((answer), "errors.1"), "");                            \
	} while (0)

/* "pointer code, pointer code" of a 422, in its order. Good until the next call. */
const char *order_bad_fields(const struct api_answer *answer);

/* The least body that an operation reads without a complaint about its form; NULL: it takes none. */
const char *order_good_body(const struct promo_op *op);

/* A group's setup as api_setup(), with a daemon that logs all it ever says. */
int order_setup_talkative(void **state);
/* The daemon still serves; it is then stopped, and none of these texts stands in its log. */
void order_assert_untold(struct api *api, const char *const *typed, size_t count);

/* Whether this refusal of this operation came. */
bool order_came(const struct promo_op *op, int error);
