/* SPDX-License-Identifier: MIT */
#include "libpromo/model/seal.h"

#define T struct promo_audit_seal
static const struct promo_field seal_fields[] = {
	PROMO_F_INT(T, id, 0, 0, 0, "the seal's number"),
	PROMO_F_TIME(T, at, 0, "when it was made"),
	PROMO_F_TEXT(
		T, ranges, TEXT, 0, 0, 0, "writer, first, last and root of each range, in hex"),
	PROMO_F_TEXT(T, root, TEXT, 0, 0, 0, "root of the tree over the ranges"),
	PROMO_F_TEXT(T, previous, TEXT, 0, 0, 0, "hash of the seal before"),
	PROMO_F_INT(T, dropped_to, 0, 0, 0, "rows of seals up to this one may be gone"),
	PROMO_F_TEXT(T, key_id, TEXT, 0, 0, 0, "which key signed it"),
	PROMO_F_TEXT(T, signature, TEXT, 0, 0, 0, "Ed25519"),
	PROMO_F_TEXT(T, leaves, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "hashes of the rows"),
};
#undef T
const struct promo_schema promo_audit_seal_schema =
	PROMO_SCHEMA(struct promo_audit_seal, "audit_seal", seal_fields);

#define T struct promo_audit_party
static const struct promo_field party_fields[] = {
	PROMO_F_TEXT(T, kind, TEXT, 0, 0, PROMO_NULLABLE, "what it is"),
	PROMO_F_TEXT(T, id, TEXT, 0, 0, PROMO_NULLABLE, "its id"),
};
#undef T
const struct promo_schema promo_audit_party_schema =
	PROMO_SCHEMA(struct promo_audit_party, "audit_party", party_fields);

#define T struct promo_audit_line
static const struct promo_field line_fields[] = {
	PROMO_F_OBJECT(T, last, struct promo_audit_seal, promo_audit_seal_schema,
		PROMO_NULLABLE | PROMO_OMIT_NULL, "the last seal"),
	PROMO_F_OBJECT(T, seal, struct promo_audit_seal, promo_audit_seal_schema,
		PROMO_NULLABLE | PROMO_OMIT_NULL, "a seal"),
	PROMO_F_INT(T, writer_id, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "the writer"),
	PROMO_F_INT(T, seq, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "its number there"),
	PROMO_F_TEXT(T, id, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "the entry's id"),
	PROMO_F_TEXT(T, at, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "when"),
	PROMO_F_OBJECT(T, actor, struct promo_audit_party, promo_audit_party_schema,
		PROMO_NULLABLE | PROMO_OMIT_NULL, "who"),
	PROMO_F_TEXT(T, session_id, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "session"),
	PROMO_F_TEXT(T, ip, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "from where"),
	PROMO_F_TEXT(T, user_agent, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "with what"),
	PROMO_F_TEXT(T, action, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "which operation"),
	PROMO_F_TEXT(T, permission, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "permission"),
	PROMO_F_OBJECT(T, entity, struct promo_audit_party, promo_audit_party_schema,
		PROMO_NULLABLE | PROMO_OMIT_NULL, "on what"),
	PROMO_F_TEXT(T, outcome, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "how it ended"),
	PROMO_F_TEXT(T, error, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "why"),
	PROMO_F_TEXT(T, phone_hash, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "keyed hash"),
	PROMO_F_INT(T, count, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "for how many it stands"),
	PROMO_F_TEXT(T, request_id, TEXT, 0, 0, PROMO_NULLABLE | PROMO_OMIT_NULL, "X-Request-Id"),
};
#undef T
const struct promo_schema promo_audit_line_schema =
	PROMO_SCHEMA(struct promo_audit_line, "audit_line", line_fields);

static const char *const problem_words[] = {
	[PROMO_AUDIT_ROW_CHANGED] = "row_changed",
	[PROMO_AUDIT_ROW_MISSING] = "row_missing",
	[PROMO_AUDIT_ROW_REPEATED] = "row_repeated",
	[PROMO_AUDIT_ROW_UNEXPECTED] = "row_unexpected",
	[PROMO_AUDIT_ROWS_CHANGED] = "rows_changed",
	[PROMO_AUDIT_RANGE_WRONG] = "range_wrong",
	[PROMO_AUDIT_WRITER_CHANGED] = "writer_changed",
	[PROMO_AUDIT_SEAL_CHANGED] = "seal_changed",
	[PROMO_AUDIT_SEAL_MISSING] = "seal_missing",
	[PROMO_AUDIT_CHAIN_BROKEN] = "chain_broken",
	[PROMO_AUDIT_KEY_UNKNOWN] = "key_unknown",
	[PROMO_AUDIT_LOG_CHANGED] = "log_changed",
};
const struct promo_words promo_audit_problem_words = { "audit_problem_kind", problem_words,
	PROMO_COUNT(problem_words) };

#define T struct promo_audit_problem
static const struct promo_field problem_fields[] = {
	PROMO_F_ENUM(T, kind, promo_audit_problem_words, PROMO_COLUMN, "what is wrong"),
	PROMO_F_INT(T, writer_id, 0, 0, PROMO_COLUMN | PROMO_NULLABLE,
		"the writer; null where a seal is meant"),
	PROMO_F_INT(T, seq, 0, 0, PROMO_COLUMN, "number of the row or the seal"),
};
#undef T
const struct promo_schema promo_audit_problem_schema =
	PROMO_SCHEMA(struct promo_audit_problem, "audit_problem", problem_fields);

#define T struct promo_audit_verification
static const struct promo_field verification_fields[] = {
	PROMO_F_BOOL(T, ok, PROMO_COLUMN, "whether nothing is wrong"),
	PROMO_F_TIME(T, sealed_until, PROMO_COLUMN | PROMO_NULLABLE, "the time of the last seal"),
	PROMO_F_TIME(T, dropped_until, PROMO_NULLABLE,
		"entries sealed until then may have been dropped, as privacy.keep_audit_days says"),
	PROMO_F_INT(T, entries, 0, 0, PROMO_COLUMN, "sealed entries found as they were written"),
	PROMO_F_OBJECTS(
		T, problems, promo_audit_problem_schema, 0, "what is wrong, the first 1000"),
};
#undef T
const struct promo_schema promo_audit_verification_schema =
	PROMO_SCHEMA(struct promo_audit_verification, "audit_verification", verification_fields);
