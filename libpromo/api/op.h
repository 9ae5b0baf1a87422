/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/error.h"
#include "libpromo/model/field.h"
#include "libpromo/model/permission.h"

/*
 * An operation is a const row. From it come the route, the permission check, the decoding of the
 * input, the encoding of the output, the audit row, OpenAPI, the subcommand of `promo` with its
 * help, and the lists of the manual pages. The work itself is one typed C function in ops/, bound
 * to the row in ops/bind.c.
 *
 * If you add a row: declare it in the op_<noun>.h beside it, list it in api/ops.c, bind it in
 * ops/bind.c, and produce each of its errors in tests/promod.
 */

PROMO_BEGIN_DECLS

#define PROMO_API_BASE "/api/v1"

enum promo_method {
	PROMO_GET = 1,
	PROMO_POST,
	PROMO_PUT,
	PROMO_PATCH,
	PROMO_DELETE,
};

/* Who may call it. There is no default: a row without one does not pass the tests. */
enum promo_access {
	PROMO_ACCESS_PUBLIC = 1, /* nobody is signed in */
	PROMO_ACCESS_SELF,       /* any signed-in user, about himself */
	PROMO_ACCESS_PERMISSION, /* whoever holds the permissions of the row */
};

/* When a permission of a row is needed. */
enum promo_when {
	PROMO_WHEN_ALWAYS = 0,
	PROMO_WHEN_WITH,     /* the input field `field` is given, not null and not 0 */
	PROMO_WHEN_WITHOUT,  /* it is not */
	PROMO_WHEN_IS,       /* the input field `field`, an enum, has the word `word` */
	PROMO_WHEN_IS_NOT,   /* it has not */
	PROMO_WHEN_FILTERED, /* any query field but limit, cursor, count, sort and manifest */
};

struct promo_required {
	enum promo_permission permission; /* PROMO_P_NONE ends the list */
	enum promo_when when;
	const char *field, *word;
};

/* The shape of a successful answer. */
enum promo_shape {
	PROMO_SHAPE_NONE = 1, /* 204, no body */
	PROMO_SHAPE_ONE,      /* a bare object of the output noun */
	/* {"items": [...], "next_cursor": ..., "total"?: n, "totals"?: {...}} of the output noun */
	PROMO_SHAPE_LIST,
	PROMO_SHAPE_STREAM, /* bytes of `media_type` */
};

/* What the body of a request is. Fields of the input stand in it only where it is JSON. */
enum promo_body {
	PROMO_BODY_JSON = 0, /* a JSON object, or nothing */
	/* A file of one of `media_types`, bare or as the part `file` of multipart/form-data. It goes
	 * to disk while it comes, after it was made sure that its sender may send it at all; the
	 * operation gets ctx->upload. */
	PROMO_BODY_UPLOAD,
	PROMO_BODY_BYTES, /* the same for what is small: bare only, in ctx->request->input.body */
};

enum promo_op_flag {
	PROMO_OP_WRITES = 1 << 0,
	PROMO_OP_KEY = 1 << 1,          /* takes an Idempotency-Key */
	PROMO_OP_KEY_REQUIRED = 1 << 2, /* and cannot do without */
	PROMO_OP_IF_MATCH = 1 << 3,     /* needs If-Match: the quoted version */
	PROMO_OP_ETAG = 1 << 4,         /* the answer's ETag is the output's `version` */
	PROMO_OP_UNAUDITED = 1 << 5,    /* probes and descriptions: nobody acts on anything */
	PROMO_OP_ROOT = 1 << 6,         /* the path does not stand below PROMO_API_BASE */
	PROMO_OP_NO_CLI = 1 << 7,       /* `promo` has a command of its own instead */
	PROMO_OP_HASHES = 1 << 8,       /* hashes a password: bounded concurrency (design 7) */
	PROMO_OP_GUESSABLE = 1 << 9,    /* brings a code: misses are counted (design 7) */
	PROMO_OP_UNENROLLED = 1 << 10,  /* open to who still has to enrol a second factor */
	PROMO_OP_RANGES =
		1 << 11, /* a file that stays what it is: ETag, Range, If-Range (RFC 9110) */
	PROMO_OP_BY_API_KEY = 1 << 12, /* SELF: for API keys too, not only for who signed in */
	PROMO_OP_SIGN_IN = 1 << 13,    /* a step of signing in: goes on in maintenance mode */
	PROMO_OP_PASSWORD = 1 << 14,   /* asks for a password: failures are counted (design 7) */
	PROMO_OP_MFA_CODE = 1 << 15,   /* asks for the code of a second factor: likewise */
};

/* A refusal that the operation can give, beside those that every operation can give (see
 * promo_op_can_fail). */
struct promo_op_error {
	enum promo_error error;             /* PROMO_OK ends the list */
	const struct promo_schema *members; /* extra members of the problem, or NULL */
};

enum {
	PROMO_OP_REQUIRED_MAX = 4,
	PROMO_OP_ERRORS_MAX = 10,
	PROMO_OP_MEDIA_MAX = 4,
	PROMO_BODY_MAX_BYTES = 1024 * 1024, /* of a JSON body, where a row says nothing else */
};

struct promo_op {
	const char *name;    /* "batch.create": the audit's action, `promo batch create` */
	const char *summary; /* one sentence: "Create a batch and generate its codes" */
	enum promo_method method;
	const char *path; /* "/batches/{id}", below PROMO_API_BASE */
	enum promo_access access;
	struct promo_required required[PROMO_OP_REQUIRED_MAX];
	/* Without this permission one sees only what is one's own; PROMO_P_NONE: no such limit. */
	enum promo_permission sees_all;
	unsigned flags;
	const struct promo_schema *in; /* NULL: takes nothing */
	enum promo_body body;
	const char *media_types[PROMO_OP_MEDIA_MAX]; /* UPLOAD, BYTES: "text/csv"; NULL ends it */
	int64_t body_max_bytes;                      /* 0: PROMO_BODY_MAX_BYTES */
	enum promo_shape shape;
	const struct promo_schema *out; /* of ONE and of the items of LIST */
	/* LIST: of `totals`, the sums beside the items, which do not depend on the page; NULL: none */
	const struct promo_schema *totals;
	int status; /* of success: 200, 201, 202, 204 */
	/* A second way to succeed, chosen by the operation: 202 with another noun. */
	int other_status;
	const struct promo_schema *other_out;
	const char *media_type; /* STREAM */
	struct promo_op_error errors[PROMO_OP_ERRORS_MAX];
	const char *examples; /* lines for help and manual: "promo batch create ..." */
};

/* Every operation, in the order of api.md; the list ends with NULL. */
extern const struct promo_op *const promo_ops[];

/* By name ("batch.create"); NULL if there is none. */
const struct promo_op *promo_op_find(const char *name);

/* Whether it is refused with PROMO_E_MAINTENANCE in maintenance mode, but for who may change settings:
 * it writes, is no part of signing in or of what has to be done first then, and is not only for those
 * who may change settings. */
bool promo_op_rests(const struct promo_op *op);

/* Whether any field of the input stands in a body of JSON. */
bool promo_op_takes_json(const struct promo_op *op);
/* Whether there is a body, of whatever kind. */
bool promo_op_takes_body(const struct promo_op *op);

/* Whether a body of this Content-Type (NULL: none was said, which is no reason to refuse) is one that
 * the operation takes. */
bool promo_op_takes_type(const struct promo_op *op, const char *content_type);
/* The longest body that it takes. */
int64_t promo_op_body_max(const struct promo_op *op);

/* Whether this error can be an answer of op: the row's own, or one that follows from the row
 * (unauthenticated, forbidden, invalid_input, ...). OpenAPI lists exactly these. */
bool promo_op_can_fail(const struct promo_op *op, int error);

/* The extra members of this error of op, NULL if it has none. */
const struct promo_schema *promo_op_error_members(const struct promo_op *op, int error);

const char *promo_method_name(enum promo_method method); /* "GET", ... */

/* The total that takes too long to count: null in the answer. */
#define PROMO_TOTAL_UNCOUNTED INT64_C(-1)

/* A page of a list. `items` are `count` structs of the operation's output noun. */
struct promo_list {
	const void *items;
	size_t count;
	const char *next_cursor; /* NULL at the end */
	int64_t total;           /* PROMO_NULL_INT unless ?count=true */
	const void *totals;      /* struct of the operation's `totals`, NULL where it has none */
};

/* The fields of every list input, to stand in the struct and in the table. */
#define PROMO_LIST_MEMBERS                                                                         \
	int64_t limit;                                                                             \
	const char *cursor;                                                                        \
	bool count
/* clang-format off */
#define PROMO_LIST_FIELDS(T)                                                                       \
	PROMO_F_INT(T, limit, 1, 1000, PROMO_IN_QUERY, "how many to return, 50 unless said"),      \
	PROMO_F_TEXT(T, cursor, TEXT, 1, 800, PROMO_IN_QUERY, "next_cursor of the page before"),   \
	PROMO_F_BOOL(T, count, PROMO_IN_QUERY, "also return the total, null where it takes longer than a second to count")
/* The member `int sort` of a list that has more than one order: its words are fields of the output,
 * as they are and with "-" in front, from the last to the first. "created_at" is the order of the ids. */
#define PROMO_F_SORT(T, words)                                                                     \
	PROMO_F_ENUM(T, sort, words, PROMO_IN_QUERY,                                               \
		"the field to order by, with - in front from the last to the first; "              \
		"newest first unless said")
#define PROMO_SORTS(...)                                                                           \
	{                                                                                          \
		.name = "sort", .words = (const char *const[]){ NULL, __VA_ARGS__ },               \
		.count = (int)PROMO_COUNT(((const char *const[]){ NULL, __VA_ARGS__ })),           \
	}
/* clang-format on */

enum {
	PROMO_LIMIT_DEFAULT = 50
};

PROMO_END_DECLS
