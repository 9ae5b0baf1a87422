/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/payload.h"

#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/seal.h"
#include "libpromo/ops/run.h"

/* What a sealed payload was sealed for. */
#define ABOUT "outbox"

struct payload {
	struct promo_objects facts; /* of struct promo_fact */
	const char *sealed, *key_id;
};

#define T struct payload
static const struct promo_field payload_fields[] = {
	PROMO_F_OBJECTS(T, facts, promo_fact_schema, 0, "what the letter may speak of"),
	PROMO_F_TEXT(T, sealed, TEXT, 0, 0, PROMO_OMIT_NULL, "the same, sealed, in hex"),
	PROMO_F_TEXT(T, key_id, TEXT, 0, 0, PROMO_OMIT_NULL, "with which key"),
};
#undef T
static const struct promo_schema payload_schema =
	PROMO_SCHEMA(struct payload, "outbox_payload", payload_fields);

static int seal(
	const unsigned char *key, const char *plain, struct promo_arena *arena, const char **ret)
{
	const size_t size = strlen(plain), sealed_size = size + PROMO_SEAL_EXTRA_BYTES;
	unsigned char *sealed = promo_arena_alloc(arena, sealed_size);
	char *hex = promo_arena_alloc(arena, PROMO_HEX_SIZE(sealed_size));
	char key_id[PROMO_SEAL_KEY_ID_SIZE];
	struct payload payload = { .sealed = hex, .key_id = key_id };

	if (!sealed || !hex)
		return promo_fault(-ENOMEM, "could not seal a letter");
	promo_seal(key, ABOUT, plain, size, sealed);
	promo_hex_encode(sealed, sealed_size, hex);
	promo_seal_key_id(key, key_id);
	return promo_encode(&payload_schema, &payload, arena, ret);
}

int promo_payload_pack(
	const struct promo_letter *letter, struct promo_arena *arena, const char **ret)
{
	const struct payload payload = { .facts = letter->facts };
	const char *plain;
	int r;

	r = promo_encode(&payload_schema, &payload, arena, &plain);
	if (!r && letter->seal_key)
		return seal(letter->seal_key, plain, arena, ret);
	if (!r)
		*ret = plain;
	return r;
}

static int unseal(const struct promo_runner_config *config, const struct payload *payload,
	struct promo_arena *arena, const char **ret)
{
	const unsigned char *const keys[] = { config->mfa_key, config->mfa_old_key };
	const size_t size = strlen(payload->sealed) / 2;
	unsigned char *sealed = promo_arena_alloc(arena, size + 1);
	char *plain = promo_arena_alloc(arena, size + 1);
	char key_id[PROMO_SEAL_KEY_ID_SIZE];

	if (!sealed || !plain)
		return promo_fault(-ENOMEM, "could not open a letter");
	if (size < PROMO_SEAL_EXTRA_BYTES || promo_hex_decode(payload->sealed, sealed, size))
		return PROMO_E_INVALID_INPUT;
	for (size_t i = 0; i < PROMO_COUNT(keys); i++) {
		if (!keys[i])
			continue;
		promo_seal_key_id(keys[i], key_id);
		if (strcmp(key_id, payload->key_id ? payload->key_id : "") != 0)
			continue;
		*ret = plain;
		return promo_unseal(keys[i], ABOUT, sealed, size, plain);
	}
	return PROMO_E_INVALID_INPUT;
}

int promo_payload_open(const struct promo_runner_config *config, const char *payload,
	struct promo_arena *arena, struct promo_objects *ret_facts, bool *ret_sealed)
{
	struct payload opened;
	const char *plain = NULL;
	bool sealed;
	int r;

	if (promo_decode_output(&payload_schema, payload, arena, &opened))
		return PROMO_E_INVALID_INPUT;
	sealed = opened.sealed != NULL;
	if (sealed) {
		r = unseal(config, &opened, arena, &plain);
		if (r)
			return r;
		if (promo_decode_output(&payload_schema, plain, arena, &opened))
			return PROMO_E_INVALID_INPUT;
	}
	*ret_facts = opened.facts;
	*ret_sealed = sealed;
	return 0;
}

const char *promo_payload_fact(const struct promo_objects *facts, const char *name)
{
	const struct promo_fact *items = facts->items;

	for (size_t i = 0; i < facts->count; i++)
		if (strcmp(items[i].name, name) == 0)
			return items[i].value;
	return NULL;
}
