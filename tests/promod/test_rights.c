/* SPDX-License-Identifier: MIT */
/* Who holds exactly the permissions of a row is let in, and who holds every permission but one of
 * them is told which one: for each permission of each row, those that only some inputs need too. A
 * new row is tested by being there; one that needs an input to be tested fails until it has one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/op_password_reset.h"
#include "libpromo/api/op_registration.h"
#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"
#include "tests/promod/order.h"

/* Inputs for the permissions that only some inputs need, by the number of the permission in its
 * row: `with` needs it and no other conditional one, `without` does not need it. */
static const struct {
	const struct promo_op *op;
	size_t required;
	struct order with, without;
} conditions[] = {
	{ &promo_op_batch_create, 1,
		{ .body = "{\"batch_name\":\"A_1\",\"total_codes\":1,\"amount_per_code\":\"1.00\","
			  "\"expiration_date\":\"2099-12-31\"}" },
		{ .body = "{\"batch_name\":\"A_2\",\"total_codes\":0,\"amount_per_code\":\"1.00\","
			  "\"expiration_date\":\"2099-12-31\"}" } },
	{ &promo_op_batch_create, 2,
		{ .body = "{\"batch_name\":\"A_3\",\"total_codes\":0,\"amount_per_code\":\"1.00\","
			  "\"expiration_date\":\"2099-12-31\","
			  "\"assigned_user_id\":\"" ORDER_NO_ID "\"}" },
		{ .body = "{\"batch_name\":\"A_4\",\"total_codes\":0,\"amount_per_code\":\"1.00\","
			  "\"expiration_date\":\"2099-12-31\",\"assigned_user_id\":null}" } },
	{ &promo_op_batch_bulk, 0,
		{ .body = "{\"action\":\"block\",\"filter\":{\"q\":\"NONE\"},\"expected_count\":"
			  "0}" },
		{ .body = "{\"action\":\"delete\",\"filter\":{\"q\":\"NONE\"},\"expected_count\":"
			  "0}" } },
	{ &promo_op_batch_bulk, 1,
		{ .body = "{\"action\":\"delete\",\"filter\":{\"q\":\"NONE\"},\"expected_count\":"
			  "0}" },
		{ .body = "{\"action\":\"block\",\"filter\":{\"q\":\"NONE\"},\"expected_count\":"
			  "0}" } },
	{ &promo_op_redemption_list, 1, { .query = "q=a" }, { .query = "limit=3&count=true" } },
	{ &promo_op_redemption_export, 1, { .query = "status=completed" },
		{ .query = "manifest=true" } },
	{ &promo_op_code_download, 1, { .query = "redemptions=true" },
		{ .query = "redemptions=false" } },
	{ &promo_op_batch_export, 1, { .body = "{\"format\":\"csv\",\"redemptions\":true}" },
		{ .body = "{\"format\":\"csv\",\"redemptions\":false}" } },
	{ &promo_op_customer_export, 0, { .query = "manifest=true" }, { .query = "q=a" } },
	{ &promo_op_customer_export, 1, { .query = "q=a" }, { .query = "manifest=true" } },
	{ &promo_op_customer_list, 0, { .query = "limit=3" }, { .query = "q=a" } },
	{ &promo_op_customer_list, 1, { .query = "q=a" }, { .query = "count=true" } },
};

static promo_permissions all_permissions(void)
{
	promo_permissions all = 0;

	for (int i = 1; i < PROMO_P_COUNT; i++)
		all |= (promo_permissions)1 << i;
	return all;
}

static promo_permissions only(enum promo_permission permission)
{
	return (promo_permissions)1 << permission;
}

/* Someone who holds these and no others, by his own and not by a role. */
static struct person person_with(struct api *api, promo_permissions permissions)
{
	struct till till = { .database = api->database };
	struct person person = till_person(&till, "");
	char keys[4096] = "";
	size_t used = 0;

	for (int i = 1; i < PROMO_P_COUNT; i++)
		if (promo_permissions_has(permissions, (enum promo_permission)i))
			used += (size_t)snprintf(keys + used, sizeof(keys) - used, "%s ",
				promo_permission_key((enum promo_permission)i));
	till_grant(&till, &person, keys);
	return person;
}

static size_t condition_of(const struct promo_op *op, size_t required)
{
	for (size_t i = 0; i < PROMO_COUNT(conditions); i++)
		if (conditions[i].op == op && conditions[i].required == required)
			return i;
	fail_msg("%s has a permission that depends on the input; say here on which", op->name);
	return 0;
}

/* Every permission that this row needs with an input for its permission number `required`. */
static promo_permissions needed_with(const struct promo_op *op, size_t required)
{
	promo_permissions needed = only(op->required[required].permission);

	for (size_t i = 0; i < PROMO_OP_REQUIRED_MAX && op->required[i].permission; i++)
		if (op->required[i].when == PROMO_WHEN_ALWAYS)
			needed |= only(op->required[i].permission);
	return needed;
}

static struct order order_for(const struct promo_op *op, size_t required)
{
	struct order order = { 0 };

	if (op->required[required].when != PROMO_WHEN_ALWAYS)
		order = conditions[condition_of(op, required)].with;
	order.op = op;
	return order;
}

static void assert_forbidden(struct api *api, const struct order *order, enum promo_permission by)
{
	struct api_answer answer;
	char noted[256];

	(void)order_ask(api, order, &answer);
	assert_refused(&answer, PROMO_E_FORBIDDEN);
	assert_string_equal(api_get(&answer, "permission"), promo_permission_key(by));
	/* The audit trail says the same of this very request. */
	(void)snprintf(
		noted, sizeof(noted), "denied %s %s", order->op->name, promo_permission_key(by));
	assert_string_equal(promo_test_sql(api->database,
				    "SELECT outcome || ' ' || action || ' ' || permission FROM "
				    "audit_log WHERE request_id = '%s'",
				    api_get(&answer, "request_id")),
		noted);
}

static void assert_let_in(struct api *api, const struct order *order)
{
	struct api_answer answer;

	(void)order_ask(api, order, &answer);
	if (answer.status == 401 || answer.status == 403 || answer.status >= 500)
		fail_msg("%s: %d %s", order->op->name, answer.status, answer.body);
}

static void test_each_permission(void **state)
{
	struct api *api = *state;
	int tried = 0;

	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		if (op->access != PROMO_ACCESS_PERMISSION)
			continue;
		for (size_t j = 0; j < PROMO_OP_REQUIRED_MAX && op->required[j].permission; j++) {
			enum promo_permission permission = op->required[j].permission;
			struct order order = order_for(op, j);
			struct person almost =
				person_with(api, all_permissions() & ~only(permission));
			struct person just = person_with(api, needed_with(op, j));

			order.token = almost.token;
			assert_forbidden(api, &order, permission);
			order.token = just.token;
			assert_let_in(api, &order);
			tried++;
		}
	}
	assert_true(tried > 30);
}

/* An input that does not need the permission does not ask for it. */
static void test_conditions(void **state)
{
	struct api *api = *state;

	for (size_t i = 0; i < PROMO_COUNT(conditions); i++) {
		const struct promo_op *op = conditions[i].op;
		enum promo_permission permission = op->required[conditions[i].required].permission;
		struct person person = person_with(api, all_permissions() & ~only(permission));
		struct order order = conditions[i].without;

		assert_int_not_equal(op->required[conditions[i].required].when, PROMO_WHEN_ALWAYS);
		order.op = op;
		order.token = person.token;
		assert_let_in(api, &order);
	}
}

/* A value that the parameter takes. */
static const char *some_value(const struct promo_field *field)
{
	if (field->kind == PROMO_ID)
		return ORDER_NO_ID;
	if (field->kind == PROMO_PHONE)
		return "0788123456";
	if (field->kind == PROMO_TIME)
		return "2026-01-02T03:04:05Z";
	return field->words ? promo_word(field->words, 1) : "a";
}

/* Not just the one filter that stands above: each of them. */
static void test_each_filter(void **state)
{
	const struct promo_op *op = &promo_op_redemption_list;
	struct api *api = *state;
	struct person person = person_with(api, only(PROMO_P_REDEMPTIONS_READ));
	int tried = 0;

	for (size_t i = 0; i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];
		char query[128];

		if (strcmp(field->name, "limit") == 0 || strcmp(field->name, "cursor") == 0 ||
			strcmp(field->name, "count") == 0)
			continue;
		(void)snprintf(query, sizeof(query), "%s=%s", field->name, some_value(field));
		assert_forbidden(api,
			&(struct order){ .op = op, .token = person.token, .query = query },
			PROMO_P_REDEMPTIONS_SEARCH);
		tried++;
	}
	assert_true(tried >= 9);
}

/* What of the second factor asks for one that he has, or for his password. */
static bool asks_for_more(const struct promo_op *op)
{
	return op == &promo_op_me_password || op == &promo_op_me_mfa_totp_remove ||
	       op == &promo_op_me_mfa_recovery_codes;
}

static const char *self_body(const struct promo_op *op)
{
	if (op == &promo_op_me_password)
		return "{\"current_password\":\"no\",\"new_password\":\"horse battery staple\"}";
	if (op == &promo_op_me_update)
		return "{\"first_name\":\"Aline\"}";
	if (op == &promo_op_me_mfa_recovery_codes)
		return "{\"password\":\"no\"}";
	if (op == &promo_op_me_mfa_totp_remove)
		return "{\"password\":\"no\",\"code\":\"000000\"}";
	if (op == &promo_op_me_mfa_totp_confirm || op == &promo_op_me_mfa_email_confirm ||
		op == &promo_op_me_mfa_sms_confirm)
		return "{\"code\":\"000000\"}";
	if (op == &promo_op_api_key_create)
		return "{\"name\":\"mine\",\"permissions\":[\"batches.read\"]}";
	return NULL;
}

/* What belongs to everyone who is signed in needs no role. */
static void test_self(void **state)
{
	struct till till = { .database = ((struct api *)*state)->database };
	struct api *api = *state;

	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];
		struct person person = till_person(&till, "");
		struct api_answer answer;
		int status = op->status;

		if (op->access != PROMO_ACCESS_SELF)
			continue;
		if (op == &promo_op_job_show || op == &promo_op_job_cancel ||
			op == &promo_op_notification_read || op == &promo_op_api_key_delete)
			status = 404; /* he has none */
		else if (op == &promo_op_api_key_create)
			status = 403; /* he has nothing to give away */
		else if (op == &promo_op_me_mfa_totp_confirm ||
			 op == &promo_op_me_mfa_email_confirm || op == &promo_op_me_mfa_sms_confirm)
			status = 409; /* he began no enrolment */
		else if (op == &promo_op_me_mfa_email || op == &promo_op_me_mfa_sms)
			status = 409; /* there is nothing that sends a code */
		else if (asks_for_more(op))
			status = 401; /* nor a password */
		assert_int_equal(
			ORDER(api, &answer, op, person.token, .id = person.session_id,
				.body = self_body(op),
				.if_match = op->flags & PROMO_OP_IF_MATCH ? "\"1\"" : NULL),
			status);
		if (asks_for_more(op))
			assert_refused(&answer, PROMO_E_INVALID_CREDENTIALS);
	}
}

/* Who is asked for nothing is not asked for a good token either: one that has expired is sent by
 * whoever wants to sign in again. */
static void test_public(void **state)
{
	struct api *api = *state;
	struct api_answer answer;

	for (size_t i = 0; promo_ops[i]; i++) {
		const struct promo_op *op = promo_ops[i];

		if (op->access != PROMO_ACCESS_PUBLIC)
			continue;
		/* Of a sign-in that nobody began. */
		if (op == &promo_op_auth_mfa || op == &promo_op_auth_mfa_send) {
			(void)ORDER(api, &answer, op, "pmo_s_garbage",
				op == &promo_op_auth_mfa
					? "{\"mfa_token\":\"pmo_m_garbage\","
					  "\"method\":\"sms\",\"code\":\"000000\"}"
					: "{\"mfa_token\":\"pmo_m_garbage\",\"method\":\"sms\"}");
			assert_refused(&answer, PROMO_E_SESSION_EXPIRED);
			continue;
		}
		if (op == &promo_op_auth_password_reset) {
			(void)ORDER(api, &answer, op, "pmo_s_garbage",
				"{\"token\":\"pmo_r_garbage\",\"new_password\":\"x\"}");
			assert_refused(&answer, PROMO_E_INVALID_CREDENTIALS);
			continue;
		}
		if (op == &promo_op_registration_create) {
			(void)ORDER(api, &answer, op, "pmo_s_garbage",
				"{\"first_name\":\"Aline\",\"last_name\":\"Uwase\",\"email\":"
				"\"aline@example.com\",\"password\":\"horse battery staple\"}");
			assert_refused(&answer, PROMO_E_REGISTRATION_CLOSED);
			continue;
		}
		if (op == &promo_op_auth_login) {
			(void)ORDER(api, &answer, op, "pmo_s_garbage",
				"{\"identifier\":\"boss@promo.example\","
				"\"password\":\"correct horse battery\"}");
			assert_refused(&answer, PROMO_E_MFA_REQUIRED);
			continue;
		}
		assert_int_equal(ORDER(api, &answer, op, "pmo_s_garbage"), op->status);
	}
}

/* Sessions that no longer are one: of someone who was deactivated, ended by an administrator,
 * signed out. */
static void test_sessions_that_ended(void **state)
{
	struct till till = { .database = ((struct api *)*state)->database };
	struct api *api = *state;
	struct person people[3];
	struct api_answer answer;

	for (size_t i = 0; i < PROMO_COUNT(people); i++)
		people[i] = till_person(&till, "super-admin");
	(void)promo_test_sql(
		api->database, "UPDATE users SET is_active = false WHERE id = '%s'", people[0].id);
	assert_int_equal(
		ORDER(api, &answer, &promo_op_user_end_sessions, api->token, .id = people[1].id),
		204);
	assert_int_equal(ORDER(api, &answer, &promo_op_auth_logout, people[2].token), 204);
	for (size_t i = 0; i < PROMO_COUNT(people); i++) {
		(void)ORDER(api, &answer, &promo_op_batch_list, people[i].token);
		assert_refused(&answer, PROMO_E_UNAUTHENTICATED);
	}
}

/* A role that is taken away, or a permission denied to one person, counts from the next request. */
static void test_at_once(void **state)
{
	struct till till = { .database = ((struct api *)*state)->database };
	struct api *api = *state;
	struct person clerk = till_person(&till, "support");
	struct order order = { .op = &promo_op_customer_list, .token = clerk.token };
	struct api_answer answer;

	assert_int_equal(order_ask(api, &order, &answer), 200);
	till_deny(&till, &clerk, "customers.read");
	assert_forbidden(api, &order, PROMO_P_CUSTOMERS_READ);
	till_grant(&till, &clerk, "customers.read");
	assert_int_equal(order_ask(api, &order, &answer), 200);
	order.op = &promo_op_redemption_list;
	assert_int_equal(order_ask(api, &order, &answer), 200);
	assert_int_equal(ORDER(api, &answer, &promo_op_user_revoke_role, api->token, .id = clerk.id,
				 .role = "support"),
		200);
	assert_forbidden(api, &order, PROMO_P_REDEMPTIONS_READ);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_permission),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_each_filter),
		cmocka_unit_test(test_self),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_sessions_that_ended),
		cmocka_unit_test(test_at_once),
	};

	return cmocka_run_group_tests(tests, api_setup, api_teardown);
}
