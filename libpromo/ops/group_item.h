/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/uuid.h"
#include "libpromo/ops/codes.h"
#include "libpromo/ops/group.h"
#include "libpromo/store/rows_codes.h"

/*
 * One request of a group: what was read for it, and what is decided. verify.c and redeem.c decide,
 * group.c reads and answers, group_write.c writes. Not installed.
 */

/* What is written for a request beside its audit row. */
enum promo_group_follows {
	PROMO_FOLLOWS_NOTHING = 0,
	PROMO_FOLLOWS_REFUSAL,    /* an attempt that was refused */
	PROMO_FOLLOWS_REDEMPTION, /* if it is not overtaken */
};

struct promo_group_facts {
	size_t index;    /* in the group */
	size_t user;     /* in group->users */
	const char *key; /* "<user id>/<key>", NULL for what has none */
	/* As read; NULL: there is none. */
	const struct promo_code_found *code;
	const struct promo_redemption *before; /* what the key is bound to */
	const struct promo_customer_found *customer;
	const struct promo_throttle_row *throttle;
	/* As decided. */
	int error; /* what it is refused with */
	enum promo_group_follows follows;
	char id[PROMO_UUID_SIZE];          /* of the row that follows */
	char customer_id[PROMO_UUID_SIZE]; /* of the customer that is made for it, "": none is */
	struct promo_customer_ref
		*told; /* part of the answer, completed by promo_redeem_settle() */
	size_t rank;   /* among those to be redeemed, in the order of their locks, from 1 */
};

/* Decide about one request, by its facts. 0 with *ret as its answer, a refusal, or a fault; what has
 * to follow is in facts->follows. */
int promo_verify_decide(struct promo_ctx *ctx, const struct promo_group_facts *facts,
	struct promo_verification *ret) PROMO_CHECK;
int promo_redeem_decide(struct promo_ctx *ctx, const struct promo_redemption_create_in *in,
	struct promo_group_facts *facts, struct promo_redemption *ret) PROMO_CHECK;

/* What the answer to a redemption still lacks. */
void promo_redeem_settle(const struct promo_redeemed_row *row,
	const struct promo_group_facts *facts, struct promo_redemption *ret);

/* The input of a redemption, NULL where the request is none. */
const struct promo_redemption_create_in *promo_group_redeems(const struct promo_group_item *item);

/* Gives what was read to those whom it concerns. */
int promo_group_hand_out(
	const struct promo_group *group, const struct promo_group_trip *trip) PROMO_CHECK;

/* Begins a statement of the trip; its parameters are added to what this returns. */
struct promo_params *promo_group_add(
	const struct promo_group *group, struct promo_group_trip *trip, enum promo_query query);
/* Whether there was memory for all parameters. */
int promo_group_check(const struct promo_group_trip *trip) PROMO_CHECK;
/* The rows of a statement of the trip, none where it was not part of it. */
const struct promo_objects *promo_group_rows(
	const struct promo_group_trip *trip, enum promo_query query);
