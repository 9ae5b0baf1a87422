/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/*
 * Seals of the audit trail (docs/decisions/0031): what one is, how it stands in a file, and what
 * checking them finds. Bytes are hex. How they are computed: rules/seal.h.
 */

PROMO_BEGIN_DECLS

struct promo_audit_seal {
	int64_t id; /* 1, 2, 3, ... */
	int64_t at;
	/* The entries that it closes: for each writer, in their order, 56 bytes: its id, the first and the
	 * last number (big-endian, 8 bytes each), and the root of the tree over these rows. */
	const char *ranges;
	const char *root;     /* of the tree over the ranges */
	const char *previous; /* the hash of the seal before, zeros in the first one */
	int64_t dropped_to; /* rows of seals up to this one may have been dropped, being old; 0: none */
	const char *key_id, *signature;
	const char *leaves; /* the hashes of the rows; NULL in seals.log */
};
extern const struct promo_schema promo_audit_seal_schema;

/* Who or what a line names: whatever stands there is read, since it may have been tampered with. */
struct promo_audit_party {
	const char *kind, *id;
};
extern const struct promo_schema promo_audit_party_schema;

/* A line of an exported trail, or of seals.log: a seal, or an entry; or, before all others, the last seal where
 * that says that rows may be gone. */
struct promo_audit_line {
	const struct promo_audit_seal *last;
	const struct promo_audit_seal *seal;
	int64_t writer_id, seq;
	const char *id, *at; /* to the microsecond */
	const struct promo_audit_party *actor;
	const char *session_id, *ip, *user_agent, *action, *permission;
	const struct promo_audit_party *entity;
	const char *outcome, *error, *phone_hash;
	int64_t count;
	const char *request_id;
};
extern const struct promo_schema promo_audit_line_schema;

/* What may be wrong with a trail. */
enum promo_audit_problem_kind {
	PROMO_AUDIT_ROW_CHANGED = 1, /* the row says something else than when it was sealed */
	PROMO_AUDIT_ROW_MISSING,
	PROMO_AUDIT_ROW_REPEATED,   /* a number stands there twice */
	PROMO_AUDIT_ROW_UNEXPECTED, /* its writer never wrote a row of this number */
	PROMO_AUDIT_ROWS_CHANGED, /* one or more from this row on; which ones is not known any more */
	PROMO_AUDIT_RANGE_WRONG,    /* a seal begins elsewhere than the one before ended */
	PROMO_AUDIT_WRITER_CHANGED, /* the writer's own count is lower than what was sealed */
	PROMO_AUDIT_SEAL_CHANGED,   /* of seals `seq` is the number */
	PROMO_AUDIT_SEAL_MISSING,
	PROMO_AUDIT_CHAIN_BROKEN, /* it follows another seal than the one before it */
	PROMO_AUDIT_KEY_UNKNOWN,  /* signed by a key that is not trusted */
	PROMO_AUDIT_LOG_CHANGED,  /* seals.log says something else, or lacks it */
};
extern const struct promo_words promo_audit_problem_words;

struct promo_audit_problem {
	int kind;
	int64_t writer_id; /* PROMO_NULL_INT: a seal is meant */
	int64_t seq;
};
extern const struct promo_schema promo_audit_problem_schema;

struct promo_audit_verification {
	bool ok;
	int64_t sealed_until;  /* the time of the last seal; 0: there is none */
	int64_t dropped_until; /* entries sealed until then may be gone, being old; 0: none may */
	int64_t entries;       /* sealed rows that were found as they were written */
	struct promo_objects problems;
};
extern const struct promo_schema promo_audit_verification_schema;

PROMO_END_DECLS
