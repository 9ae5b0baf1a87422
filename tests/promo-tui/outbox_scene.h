/* SPDX-License-Identifier: MIT */
#pragma once

#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/uuid.h"
#include "promo-tui/outbox.h"
#include "tests/client/state.h"

/* An outbox in a folder of its own, two users, and a redemption with all that a text can hold. */

#define CODE   "A1U2C3255X096E21"
#define PHONE  "+250788123456"
#define SERVER "https://promo.example.com"

static const struct tui_outbox_owner aline = { SERVER, "u-aline", "Aline Uwase" };
static const struct tui_outbox_owner eric = { SERVER, "u-eric", "Eric Mugabo" };
static const struct promo_redemption_create_in request = { .code = CODE,
	.phone_number = PHONE,
	.first_name = "Chantal \"C\" \xe5\xad\x97\nx",
	.note = "" };

static inline struct tui_outbox *outbox_of(
	struct state *state, const struct tui_outbox_owner *owner)
{
	const struct promo_profile profile = state_profile(state, NULL);
	struct tui_outbox *outbox;

	assert_int_equal(tui_outbox_new(&profile, &outbox), 0);
	assert_int_equal(tui_outbox_set_owner(outbox, owner), 0);
	return outbox;
}

static inline const char *begin(struct state *state, struct tui_outbox *outbox)
{
	const char *key = NULL;

	assert_int_equal(
		tui_outbox_begin(outbox, &request, 1000, state->arena, &state->problem, &key), 0);
	assert_true(promo_uuid_valid(key));
	return promo_arena_strdup(state->arena, key);
}

static inline struct tui_reply reply_to(const char *key, int error, int http_status)
{
	return (struct tui_reply){ .op = &promo_op_redemption_create,
		.idempotency_key = key,
		.error = error,
		.reply = { .http_status = http_status } };
}

static inline enum tui_outbox_end take(struct state *state, struct tui_outbox *outbox,
	const char *key, int error, int http_status, const char **ret)
{
	const struct tui_reply reply = reply_to(key, error, http_status);

	return tui_outbox_take(outbox, &reply, 1000, state->arena, ret);
}

static inline const char *folder_of(struct state *state)
{
	return promo_arena_printf(state->arena, "%s/promo/outbox", state->path);
}

static inline void assert_same(const struct tui_outbox_item *item, const char *key)
{
	assert_string_equal(item->key, key);
	assert_string_equal(item->in.code, request.code);
	assert_string_equal(item->in.phone_number, request.phone_number);
	assert_string_equal(item->in.first_name, request.first_name);
	assert_null(item->in.last_name);
	assert_string_equal(item->in.note, "");
}
