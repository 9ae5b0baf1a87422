/* SPDX-License-Identifier: MIT */
#include "tests/ops/factor.h"

#include <stdio.h>
#include <string.h>

#include "tests/lib/test.h"

static void keep(char *to, size_t size, const char *text)
{
	assert_non_null(text);
	assert_true(strlen(text) < size);
	(void)snprintf(to, size, "%s", text);
}

int factor_login(struct till *till, struct factor *factor)
{
	char body[256];
	int status;

	(void)snprintf(body, sizeof(body),
		"{\"identifier\":\"%s\",\"password\":\"" FACTOR_PASSWORD "\"}",
		factor->person.email);
	status = ASK(till, &promo_op_auth_login, .body = body);
	if (status == 200)
		keep(factor->person.token, sizeof(factor->person.token), till_get(till, "token"));
	else if (till_get(till, "mfa_token"))
		keep(factor->mfa_token, sizeof(factor->mfa_token), till_get(till, "mfa_token"));
	return status;
}

int factor_show(
	struct till *till, const struct factor *factor, const char *method, const char *code)
{
	char body[256];

	(void)snprintf(body, sizeof(body),
		"{\"mfa_token\":\"%s\",\"method\":\"%s\",\"code\":\"%s\"}", factor->mfa_token,
		method, code);
	return ASK(till, &promo_op_auth_mfa, .body = body);
}

int factor_show_app(struct till *till, const struct factor *factor)
{
	char code[AUTHENTICATOR_CODE_SIZE];

	authenticator_code(factor->secret, 1, code);
	return factor_show(till, factor, "authenticator_app", code);
}

int factor_begin(struct till *till, struct factor *factor)
{
	int status = ASK(till, &promo_op_me_mfa_totp, factor->person.token);

	if (status == 200)
		keep(factor->secret, sizeof(factor->secret), till_get(till, "secret"));
	return status;
}

int factor_confirm(struct till *till, struct factor *factor)
{
	char body[64], path[32];
	int status;

	authenticator_code(factor->secret, 0, factor->confirmed_with);
	(void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", factor->confirmed_with);
	status = ASK(till, &promo_op_me_mfa_totp_confirm, factor->person.token, body);
	for (int i = 0; status == 200 && i < 10; i++) {
		(void)snprintf(path, sizeof(path), "recovery_codes.%d", i);
		keep(factor->recovery[i], sizeof(factor->recovery[i]), till_get(till, path));
	}
	return status;
}

struct factor factor_person(struct till *till, const char *roles)
{
	struct factor factor = { .person =
					 till_person_with_password(till, roles, FACTOR_PASSWORD) };

	(void)promo_test_sql(till->database, "UPDATE users SET mfa_enabled = false WHERE id = '%s'",
		factor.person.id);
	assert_int_equal(factor_login(till, &factor), 200);
	return factor;
}

struct factor factor_enrolled(struct till *till, const char *roles)
{
	struct factor factor = factor_person(till, roles);

	assert_int_equal(factor_begin(till, &factor), 200);
	assert_int_equal(factor_confirm(till, &factor), 200);
	return factor;
}

void factor_unuse(struct till *till, const struct factor *factor)
{
	(void)promo_test_sql(till->database,
		"UPDATE mfa_methods SET last_step = 0 WHERE user_id = '%s'", factor->person.id);
}
