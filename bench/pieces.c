/* SPDX-License-Identifier: MIT */
/*
 * What a request costs the thread of the event loop beside the network and the database, piece by
 * piece: ns a call, the best of several rounds. Takes no arguments; says what to look at, not how
 * fast the whole is (bench/redeem and bench/verify do).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/route.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/idempotency.h"

enum {
	ROUNDS = 7,
	CALLS = 20000,
	ARENA_BYTES = 1024 * 1024,
};

static const unsigned char hash_key[PROMO_HASH_KEY_BYTES] = { 1 };

static const struct promo_redemption_create_in redemption_in = {
	.set = { .present = 0x0f },
	.code = "77GP4N26M611F722",
	.phone_number = "+250788123456",
	.first_name = "Marie",
	.last_name = "Uwase",
};

static const struct promo_verified_batch verified_batch = {
	.id = "01a203d1-77b4-77be-b183-d131667f7b3f",
	.batch_name = "BATCH_SUMMER",
	.status = PROMO_BATCH_ACTIVE,
};
static const struct promo_verification verification = {
	.code_id = "01a203d1-79e5-75da-9ed5-5f1ec1f55a03",
	.code = "77GP4N26M611F722",
	.status = PROMO_CODE_ACTIVE,
	.amount = 50000,
	.currency = "RWF",
	.batch = &verified_batch,
	.expires_at = INT64_C(1826834400000),
	.redeemable = true,
};

static const struct promo_batch_ref batch_ref = {
	.id = "01a203d1-77b4-77be-b183-d131667f7b3f",
	.batch_name = "BATCH_SUMMER",
};
static const struct promo_ref user_ref = {
	.id = "01a203d1-75d1-7ccd-8e5e-3a1f7d6c5b4a",
	.name = "Ada Admin",
};
static const struct promo_customer_ref customer_ref = {
	.id = "01a203d1-86b5-754a-abc5-983612a6b5a8",
	.first_name = "Marie",
	.last_name = "Uwase",
	.phone_number = "+250788123456",
};
static const struct promo_redemption redemption = {
	.id = "01a203d1-86b5-754a-abc5-983612a6b5a9",
	.code_id = "01a203d1-79e5-75da-9ed5-5f1ec1f55a03",
	.code = "77GP4N26M611F722",
	.batch = &batch_ref,
	.user = &user_ref,
	.customer = &customer_ref,
	.amount = 50000,
	.currency = "RWF",
	.status = PROMO_REDEMPTION_COMPLETED,
	.created_at = INT64_C(1795341600123),
	.completed_at = INT64_C(1795341600123),
	.request_hash = "",
};

static void check(int r)
{
	if (!r)
		return;
	(void)fprintf(stderr, "pieces: a piece failed with %d\n", r);
	exit(1);
}

static void route(struct promo_arena *arena)
{
	struct promo_route found;

	check(promo_route("POST", PROMO_API_BASE "/redemptions", arena, &found));
}

static void decode(const struct promo_op *op, const char *body, void *in, struct promo_arena *arena)
{
	static const struct promo_decode_env env = { .country_code = "250" };
	const struct promo_input input = { .body = body, .body_size = strlen(body) };
	struct promo_problem problem = { 0 };

	check(promo_decode_input(op, &input, &env, arena, &problem, in));
}

static void decode_verify(struct promo_arena *arena)
{
	struct promo_code_verify_in in;

	decode(&promo_op_code_verify, "{\"code\": \"77GP-4N26-M611-F722\"}", &in, arena);
}

static void decode_redeem(struct promo_arena *arena)
{
	struct promo_redemption_create_in in;

	decode(&promo_op_redemption_create,
		"{\"code\": \"77GP-4N26-M611-F722\", \"phone_number\": \"0788123456\", "
		"\"first_name\": \"Marie\", \"last_name\": \"Uwase\"}",
		&in, arena);
}

static void hash_redeem(struct promo_arena *arena)
{
	const char *hash;

	check(promo_idempotency_hash(
		&promo_op_redemption_create, &redemption_in, hash_key, arena, &hash));
}

static void encode_verify(struct promo_arena *arena)
{
	const char *text;

	check(promo_encode(&promo_verification_schema, &verification, arena, &text));
}

static void encode_redeem(struct promo_arena *arena)
{
	const char *text;

	check(promo_encode(&promo_redemption_schema, &redemption, arena, &text));
}

static void hash_phone(struct promo_arena *arena)
{
	unsigned char hash[PROMO_HASH_BYTES];
	char text[PROMO_HASH_HEX_SIZE];

	(void)arena;
	promo_hash_keyed(
		hash_key, redemption_in.phone_number, strlen(redemption_in.phone_number), hash);
	promo_hex_encode(hash, sizeof(hash), text);
}

static void new_uuid(struct promo_arena *arena)
{
	char id[PROMO_UUID_SIZE];

	(void)arena;
	promo_uuid_new(id);
}

static void new_arena(struct promo_arena *arena)
{
	struct promo_arena *other = promo_arena_new(ARENA_BYTES);

	(void)arena;
	check(other && promo_arena_alloc(other, 100) ? 0 : -1);
	promo_arena_free(other);
}

static int64_t ns_per_call(void (*piece)(struct promo_arena *arena), struct promo_arena *arena)
{
	int64_t best_us = INT64_MAX;

	for (int round = 0; round < ROUNDS; round++) {
		int64_t began_us = promo_monotonic_us(), took_us;

		for (int i = 0; i < CALLS; i++) {
			piece(arena);
			promo_arena_clear(arena);
		}
		took_us = promo_monotonic_us() - began_us;
		if (took_us < best_us)
			best_us = took_us;
	}
	return best_us * 1000 / CALLS;
}

int main(void)
{
	static const struct {
		const char *name;
		void (*piece)(struct promo_arena *arena);
	} pieces[] = {
		{ "find the route", route },
		{ "decode a verification", decode_verify },
		{ "decode a redemption", decode_redeem },
		{ "hash a redemption's input", hash_redeem },
		{ "encode a verification", encode_verify },
		{ "encode a redemption", encode_redeem },
		{ "hash a phone number", hash_phone },
		{ "make an id", new_uuid },
		{ "make and free an arena", new_arena },
	};
	struct promo_arena *arena = promo_arena_new(ARENA_BYTES);

	check(promo_base_init());
	for (size_t i = 0; i < PROMO_COUNT(pieces); i++)
		printf("%-28s %7lld ns\n", pieces[i].name,
			(long long)ns_per_call(pieces[i].piece, arena));
	promo_arena_free(arena);
	return 0;
}
