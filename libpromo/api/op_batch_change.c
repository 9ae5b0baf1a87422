/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_batch_change.h"

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_batch.h"

#define T struct promo_batch_update_in
static const struct promo_field batch_update_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the batch's id"),
	PROMO_F_TEXT(T, description, TEXT, 0, 1000, PROMO_NULLABLE, "description"),
	PROMO_F_TEXT(T, expiration_date, DAY, 0, 0, 0,
		"last day on which the codes are good, YYYY-MM-DD"),
	PROMO_F_MONEY(T, amount_per_code, 1, PROMO_AMOUNT_MAX, 0,
		"what one code is worth; only of a blocked batch of which nothing was redeemed"),
};
#undef T
static const struct promo_schema batch_update_in_schema =
	PROMO_INPUT(struct promo_batch_update_in, "batch_update_in", batch_update_in);

#define T struct promo_batch_assign_in
static const struct promo_field batch_assign_in[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, PROMO_REQUIRED | PROMO_IN_PATH | PROMO_POSITIONAL,
		"the batch's id"),
	PROMO_F_TEXT(T, user_id, ID, 0, 0, PROMO_NULLABLE,
		"the user it is assigned to; null: to nobody"),
};
#undef T
const struct promo_schema promo_batch_assign_in_schema =
	PROMO_INPUT(struct promo_batch_assign_in, "batch_assign_in", batch_assign_in);

#define T struct promo_batch_bulk_in
static const struct promo_field batch_bulk_in[] = {
	PROMO_F_ENUM(T, action, promo_batch_action_words, PROMO_REQUIRED | PROMO_POSITIONAL,
		"block, unblock, archive, expire or delete"),
	PROMO_F_TEXTS(T, ids, 0, PROMO_BULK_ROWS_MAX, NULL, 0, "the batches of these ids, or"),
	PROMO_F_OBJECT(T, filter, struct promo_batch_filter, promo_batch_filter_schema, 0,
		"every batch that fits: q, status, assigned_user_id, expires_before, "
		"expires_after"),
	PROMO_F_INT(T, expected_count, 0, PROMO_CODES_MAX, PROMO_REQUIRED,
		"how many batches that is; if it is another number, nothing is changed"),
	PROMO_F_TEXT(T, reason, TEXT, 1, 500, 0, "why, for the audit trail"),
};
#undef T
const struct promo_schema promo_batch_bulk_in_schema =
	PROMO_INPUT(struct promo_batch_bulk_in, "batch_bulk_in", batch_bulk_in);

const struct promo_op promo_op_batch_update = {
	.name = "batch.update",
	.summary = "Change the description, the last day or the amount of a batch",
	.method = PROMO_PATCH,
	.path = "/batches/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_BATCHES_UPDATE } },
	.flags = PROMO_OP_WRITES | PROMO_OP_IF_MATCH | PROMO_OP_ETAG,
	.in = &batch_update_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_batch_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_BATCH_IN_USE } },
	.examples = "promo batch update BATCH_SUMMER --expires 2027-12-31",
};

const struct promo_op promo_op_batch_assign = {
	.name = "batch.assign",
	.summary = "Assign a batch to a user, or to nobody",
	.method = PROMO_POST,
	.path = "/batches/{id}/assign",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_BATCHES_ASSIGN } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY | PROMO_OP_ETAG,
	.in = &promo_batch_assign_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_batch_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND } },
	.examples = "promo batch assign BATCH_SUMMER --user aline@example.com",
};

const struct promo_op promo_op_batch_delete = {
	.name = "batch.delete",
	.summary = "Delete a batch of which no code was ever redeemed",
	.method = PROMO_DELETE,
	.path = "/batches/{id}",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_BATCHES_DELETE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_BATCH_IN_USE } },
	.examples = "promo batch delete BATCH_SUMMER",
};

const struct promo_op promo_op_batch_bulk = {
	.name = "batch.bulk",
	.summary = "Block, unblock, archive, expire or delete many batches",
	.method = PROMO_POST,
	.path = "/batches/bulk",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_BATCHES_STATUS_CHANGE, PROMO_WHEN_IS_NOT, "action", "delete" },
		{ PROMO_P_BATCHES_DELETE, PROMO_WHEN_IS, "action", "delete" } },
	.flags = PROMO_OP_WRITES | PROMO_OP_KEY,
	.in = &promo_batch_bulk_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_bulk_answer_schema,
	.status = 200,
	.errors = { { PROMO_E_COUNT_MISMATCH, &promo_count_member_schema } },
	.examples = "promo batch bulk archive --ids ID,ID --expected-count 2",
};
