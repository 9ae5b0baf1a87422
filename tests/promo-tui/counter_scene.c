/* SPDX-License-Identifier: MIT */
#include "tests/promo-tui/counter_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "tests/lib/test.h"

static void called(struct scene *scene, enum tui_counter_call call)
{
	size_t length = strlen(scene->calls);
	int tag = tui_counter_tag(&scene->counter, call);

	if (call == TUI_CALL_NONE || length + 2 > sizeof(scene->calls))
		return;
	scene->calls[length] = "-VCR"[call];
	if (call == TUI_CALL_CUSTOMER) {
		scene->customer_tag = tag;
		return;
	}
	scene->asked_before = scene->asked;
	scene->asked = call;
	scene->tag_before = scene->tag;
	scene->tag = tag;
}

static struct promo_verification verification(const char *word)
{
	static const struct promo_verified_batch batch = { .batch_name = "BATCH_1" };
	static const struct promo_ref clerk = { .name = "Jean Bosco" };
	static const struct promo_verified_name name = { "Aline", "Uwase" };
	static const struct promo_verified_redemption redemption = { .redeemed_at = 1760000000000,
		.phone_number = "+250788000111",
		.customer = &name,
		.redeemed_by = &clerk };
	static const struct {
		const char *word, *reason;
		int status;
	} kinds[] = {
		{ "active", NULL, PROMO_CODE_ACTIVE },
		{ "redeemed", "code_already_redeemed", PROMO_CODE_REDEEMED },
		{ "reported", "code_reported", PROMO_CODE_REPORTED },
		{ "expired", "code_expired", PROMO_CODE_EXPIRED },
		{ "blocked", "code_blocked", PROMO_CODE_BLOCKED },
		{ "batch", "batch_not_active", PROMO_CODE_BLOCKED },
		{ "newer", "code_of_the_future", PROMO_CODE_EXPIRED },
	};
	struct promo_verification found = { .code = "A1U2C3255X096E21",
		.amount = 50000,
		.currency = "RWF",
		.batch = &batch,
		.expires_at = 1770000000000 };

	for (size_t i = 0; i < PROMO_COUNT(kinds); i++)
		if (strcmp(kinds[i].word, word) == 0) {
			found.status = kinds[i].status;
			found.reason = kinds[i].reason;
			found.redeemable = !kinds[i].reason;
			if (found.status == PROMO_CODE_REDEEMED ||
				found.status == PROMO_CODE_REPORTED)
				found.redemption = &redemption;
			return found;
		}
	return (struct promo_verification){ 0 };
}

static void answer(struct scene *scene, int tag, int error, const struct promo_reply *reply)
{
	called(scene, tui_counter_reply(&scene->counter, tag, error, reply, scene->now_ms));
}

/* Only what was asked is answered: a success says what its operation says. */
static void verified(
	struct scene *scene, enum tui_counter_call asked, int tag, struct promo_verification *found)
{
	if (asked == TUI_CALL_VERIFY)
		answer(scene, tag, 0, &(struct promo_reply){ .http_status = 200, .out = found });
}

static void redeemed(struct scene *scene, enum tui_counter_call asked, int tag)
{
	static const struct promo_customer_ref customer = { .phone_number = "+250788123456" };
	struct promo_redemption done = { .code = "A1U2C3255X096E21",
		.amount = 50000,
		.currency = "RWF",
		.customer = &customer,
		.completed_at = 1760000000000 };

	if (asked == TUI_CALL_REDEEM)
		answer(scene, tag, 0, &(struct promo_reply){ .http_status = 201, .out = &done });
}

static bool refused(struct scene *scene, const char *word)
{
	static const struct promo_ref clerk = { .name = "Jean Bosco" };
	static const struct promo_redeemed_member member = { 1760000000000, "+250788000111",
		&clerk };
	static const struct {
		const char *word;
		int error, status, wait_s;
	} kinds[] = {
		{ "404", PROMO_E_CODE_NOT_FOUND, 404, 0 },
		{ "422", PROMO_E_INVALID_INPUT, 422, 0 },
		{ "429", PROMO_E_TOO_MANY_REQUESTS, 429, 12 },
		{ "503", PROMO_E_UNAVAILABLE, 503, 90 },
		{ "rests", PROMO_E_MAINTENANCE, 503, 60 },
		{ "net", PROMO_E_UNAVAILABLE, 0, 0 },
		{ "401", PROMO_E_SESSION_EXPIRED, 401, 0 },
		{ "403", PROMO_E_FORBIDDEN, 403, 0 },
		{ "500", PROMO_E_INTERNAL, 500, 0 },
		{ "taken", PROMO_E_CODE_ALREADY_REDEEMED, 409, 0 },
		{ "late", PROMO_E_CODE_EXPIRED, 409, 0 },
		{ "unknown", PROMO_E_OUTCOME_UNKNOWN, 503, 0 },
		{ "fault", -5, 0, 0 },
	};

	for (size_t i = 0; i < PROMO_COUNT(kinds); i++) {
		struct promo_reply reply = { .http_status = kinds[i].status,
			.problem = { .error = kinds[i].error, .retry_after_s = kinds[i].wait_s } };

		if (strcmp(kinds[i].word, word) != 0)
			continue;
		if (kinds[i].error == PROMO_E_CODE_ALREADY_REDEEMED) {
			reply.problem.members = &member;
			reply.problem.member_schema = &promo_redeemed_member_schema;
		}
		answer(scene, scene->tag, kinds[i].error, &reply);
		return true;
	}
	return false;
}

void counter_known(struct scene *scene, const char *phone)
{
	const struct promo_customer customers[] = {
		{ .first_name = "Not", .last_name = "This", .phone_number = "+2507881234567" },
		{ .first_name = "Aline", .last_name = "Uwase", .phone_number = phone },
	};
	struct promo_list list = { .items = customers, .count = PROMO_COUNT(customers) };

	answer(scene, scene->customer_tag, 0,
		&(struct promo_reply){ .http_status = 200, .out = &list });
}

static bool key(struct scene *scene, const char *word)
{
	struct tui_counter *counter = &scene->counter;

	if (strcmp(word, "enter") == 0)
		called(scene, tui_counter_accept(counter, scene->now_ms));
	else if (strcmp(word, "f2") == 0)
		called(scene, tui_counter_redeem(counter, scene->now_ms));
	else if (strcmp(word, "f4") == 0)
		called(scene, tui_counter_recall(counter, scene->now_ms));
	else if (strcmp(word, "tab") == 0)
		called(scene, tui_counter_move(counter, 1));
	else if (strcmp(word, "esc") == 0)
		tui_counter_back(counter);
	else if (strcmp(word, "scan") == 0)
		called(scene, tui_counter_scan(counter, CODE, scene->now_ms));
	else if (strcmp(word, "scan2") == 0)
		called(scene, tui_counter_scan(counter, CODE_2, scene->now_ms));
	else if (strlen(word) == 1)
		tui_counter_type_at_summary(counter, word, scene->now_ms);
	else
		return false;
	return true;
}

/* "name=value": a field, or time that goes by. */
static bool value(struct scene *scene, const char *word)
{
	static const char *const fields[] = { "code=", "phone=", "first=", "last=" };

	if (strncmp(word, "wait=", 5) == 0) {
		scene->now_ms += strtol(word + 5, NULL, 10);
		called(scene, tui_counter_tick(&scene->counter, scene->now_ms));
		return true;
	}
	if (strncmp(word, "burst=", 6) == 0) {
		called(scene, tui_counter_scan(&scene->counter, word + 6, scene->now_ms));
		return true;
	}
	for (size_t i = 0; i < PROMO_COUNT(fields); i++)
		if (strncmp(word, fields[i], strlen(fields[i])) == 0) {
			tui_counter_type(&scene->counter, (enum tui_counter_field)i,
				word + strlen(fields[i]));
			return true;
		}
	return false;
}

void counter_happens(struct scene *scene, const char *word)
{
	struct promo_verification found = verification(word);

	scene->now_ms += 5;
	if (found.status)
		verified(scene, scene->asked, scene->tag, &found);
	else if (strcmp(word, "stale") == 0) {
		found = verification("redeemed");
		verified(scene, scene->asked_before, scene->tag_before, &found);
	} else if (strcmp(word, "ok") == 0)
		redeemed(scene, scene->asked, scene->tag);
	else if (strcmp(word, "stale-ok") == 0)
		redeemed(scene, scene->asked_before, scene->tag_before);
	else if (strcmp(word, "settled") == 0) {
		struct promo_redemption done = { .amount = 50000, .currency = "RWF" };

		tui_counter_settled(&scene->counter, 0, &(struct promo_reply){ .out = &done });
	} else if (strcmp(word, "known") == 0)
		counter_known(scene, "+250788123456");
	else if (strcmp(word, "signed-in") == 0)
		tui_counter_signed_in(&scene->counter, scene->now_ms);
	else if (!key(scene, word) && !value(scene, word) && !refused(scene, word))
		fail_msg("no such word: %s", word);
}

void counter_begin(struct scene *scene, bool finds_customers)
{
	struct tui_counter_config config = { .finds_customers = finds_customers };

	*scene = (struct scene){ .now_ms = 10000 };
	assert_int_equal(tui_counter_init(&scene->counter, &config), 0);
}

void counter_play(struct scene *scene, const char *script)
{
	char words[512];
	char *rest = words, *word;

	snprintf(words, sizeof(words), "%s", script);
	while ((word = strtok_r(rest, " ", &rest)))
		counter_happens(scene, word);
}
