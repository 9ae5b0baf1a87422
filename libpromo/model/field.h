/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * A noun is a plain struct and the table of its fields. Everything at the edges (JSON, rows of the
 * database, OpenAPI, options and columns of the command, forms) is generic code over these tables;
 * everything in the middle is ordinary C over the struct.
 *
 * How a kind stands in a struct, and what is its null:
 *   BOOL            bool                    none (false)
 *   INT             int64_t                 PROMO_NULL_INT
 *   MONEY           int64_t minor units     PROMO_NULL_INT     "500.00" on the wire
 *   TIME            int64_t ms since epoch  0                  RFC 3339, UTC, milliseconds
 *   DATE            const char * YYYY-MM-DD NULL
 *   DAY             const char *            NULL   input only: a date or an RFC 3339 time
 *   TEXT CODE PHONE EMAIL URL ID SECRET     const char *, NULL
 *   JSON            const char * (the text of any JSON value), NULL
 *   ENUM            int, of a table of words  0
 *   OBJECT          const struct X *        NULL
 *   TEXTS           struct promo_texts      count 0 (an empty list, never null)
 *   OBJECTS         struct promo_objects    count 0 (an empty list, never null)
 * Texts live in the arena of the request. CODE is in canonical form inside (16 characters, no
 * dashes) and shown in groups; PHONE is E.164.
 *
 * An input struct has a `struct promo_set set` as its first member: which fields were there at all
 * and which of them were null, bit i for field i of the table. So PATCH tells absent, null and a
 * value apart. What was not given holds its kind's null, PROMO_NULL_INT for INT and MONEY; only the
 * `limit` of a list is PROMO_LIMIT_DEFAULT then.
 */

PROMO_BEGIN_DECLS

#define PROMO_NULL_INT INT64_MIN

enum promo_kind {
	PROMO_BOOL = 1,
	PROMO_INT,
	PROMO_MONEY,
	PROMO_TIME,
	PROMO_DATE,
	PROMO_DAY,
	PROMO_TEXT,
	PROMO_CODE,
	PROMO_PHONE,
	PROMO_EMAIL,
	PROMO_URL,
	PROMO_ID,
	PROMO_SECRET,
	PROMO_JSON,
	PROMO_ENUM,
	PROMO_OBJECT,
	PROMO_TEXTS,
	PROMO_OBJECTS,
};

enum promo_field_flag {
	PROMO_REQUIRED = 1 << 0,   /* input: has to be there and not null */
	PROMO_NULLABLE = 1 << 1,   /* output: may be null; input: null is taken and clears */
	PROMO_OMIT_NULL = 1 << 2,  /* output: left out of the JSON where it is null; [] stays */
	PROMO_IN_PATH = 1 << 3,    /* input: {name} of the path */
	PROMO_IN_QUERY = 1 << 4,   /* input: ?name= */
	PROMO_MULTI = 1 << 5,      /* TEXTS in the query: repeated or separated by comma */
	PROMO_POSITIONAL = 1 << 6, /* the command takes it as an argument, not as an option */
	PROMO_COLUMN = 1 << 7,     /* output: a column of the command's tables */
	PROMO_INTERNAL = 1 << 8,   /* from the database only, never on the wire */
	PROMO_ONLY_WIRE = 1 << 9,  /* never a column of the database: set by the operation */
	PROMO_RAW = 1 << 10,       /* TEXT taken as typed, no trimming and no normal form */
	PROMO_KNOWN = 1 << 11,     /* input, SECRET: one that exists, so it is typed once */
	PROMO_ONLY_API = 1 << 13,  /* input: no option of the command, which has no use for it */
	PROMO_EMPTY = 1 << 12,     /* input that takes null: an empty text or list is none */
};

struct promo_set {
	uint64_t present;
	uint64_t null;
};

struct promo_texts {
	const char *const *items;
	size_t count;
};

/* Structs of the field's schema, one behind the other. */
struct promo_objects {
	const void *items;
	size_t count;
};

/* The words of an enum; index 0 is NULL, since 0 means "none". */
struct promo_words {
	const char *name;
	const char *const *words;
	int count; /* including index 0 */
};

struct promo_schema;

struct promo_field {
	const char *name; /* on the wire, in the database and in the struct */
	const char *help; /* a short phrase: lower case, no full stop */
	enum promo_kind kind;
	unsigned flags;
	size_t offset;
	/* Texts: length in characters; INT and MONEY: value; TEXTS and OBJECTS: count. Both 0: no
	 * limit but the general one (PROMO_TEXT_MAX). */
	int64_t min, max;
	const struct promo_words *words;   /* ENUM, and TEXTS that take only these */
	const struct promo_schema *schema; /* OBJECT, OBJECTS */
};

enum {
	PROMO_TEXT_MAX = 1000,  /* characters of a text without a limit of its own */
	PROMO_ITEMS_MAX = 1000, /* of a list without a limit of its own */
	PROMO_FIELDS_MAX = 64,  /* of one schema, since promo_set has 64 bits */
};

struct promo_schema {
	const char *name; /* of the noun: "batch"; input structs: "batch_create_in" */
	size_t size;
	bool has_set; /* the struct begins with a struct promo_set */
	const struct promo_field *fields;
	size_t count;
};

/* Compile-time proof that a member has the C type its kind needs. */
#define PROMO_TYPED(T, m, ctype) (0 * sizeof(char[_Generic(((T *)0)->m, ctype : 1)]))
#define PROMO_FIELD_(T, m, k, ctype, f, h)                                                         \
	.name = #m, .kind = (k), .flags = (f), .help = (h),                                        \
	.offset = offsetof(T, m) + PROMO_TYPED(T, m, ctype)

/* clang-format off */
#define PROMO_F_BOOL(T, m, f, h)  { PROMO_FIELD_(T, m, PROMO_BOOL, bool, f, h) }
#define PROMO_F_TIME(T, m, f, h)  { PROMO_FIELD_(T, m, PROMO_TIME, int64_t, f, h) }
#define PROMO_F_INT(T, m, lo, hi, f, h)                                                            \
	{ PROMO_FIELD_(T, m, PROMO_INT, int64_t, f, h), .min = (lo), .max = (hi) }
#define PROMO_F_MONEY(T, m, lo, hi, f, h)                                                          \
	{ PROMO_FIELD_(T, m, PROMO_MONEY, int64_t, f, h), .min = (lo), .max = (hi) }
/* Every kind that stands as text: TEXT, CODE, PHONE, EMAIL, URL, ID, SECRET, DATE, DAY, JSON. */
#define PROMO_F_TEXT(T, m, k, lo, hi, f, h)                                                        \
	{ PROMO_FIELD_(T, m, PROMO_##k, const char *, f, h), .min = (lo), .max = (hi) }
#define PROMO_F_ENUM(T, m, w, f, h)                                                                \
	{ PROMO_FIELD_(T, m, PROMO_ENUM, int, f, h), .words = &(w) }
#define PROMO_F_OBJECT(T, m, U, s, f, h)                                                           \
	{ PROMO_FIELD_(T, m, PROMO_OBJECT, const U *, f, h), .schema = &(s) }
#define PROMO_F_TEXTS(T, m, lo, hi, w, f, h)                                                       \
	{ PROMO_FIELD_(T, m, PROMO_TEXTS, struct promo_texts, f, h), .min = (lo), .max = (hi),     \
		.words = (w) }
#define PROMO_F_OBJECTS(T, m, s, f, h)                                                             \
	{ PROMO_FIELD_(T, m, PROMO_OBJECTS, struct promo_objects, f, h), .schema = &(s) }

#define PROMO_SCHEMA(T, n, table)                                                                  \
	{ .name = (n), .size = sizeof(T), .fields = (table), .count = PROMO_COUNT(table) }
#define PROMO_INPUT(T, n, table)                                                                   \
	{ .name = (n), .size = sizeof(T) + PROMO_TYPED(T, set, struct promo_set), .has_set = true, \
		.fields = (table), .count = PROMO_COUNT(table) }
/* clang-format on */

/* The field of this name, NULL if there is none. */
const struct promo_field *promo_schema_field(const struct promo_schema *schema, const char *name);

/* Whether input field `name` was given (even as null), and whether it was given as null.
 * An unknown name is a programmer's mistake and asserts. */
bool promo_present(const struct promo_schema *schema, const void *in, const char *name);
bool promo_given_null(const struct promo_schema *schema, const void *in, const char *name);

/* Makes every field its kind's null (false for BOOL), and empties the set of an input. */
void promo_set_nulls(const struct promo_schema *schema, void *object);

/* Whether the field holds its kind's null (see the table above). */
bool promo_field_is_null(const struct promo_field *field, const void *object);

/* The word of an enum value; NULL for 0 and for a number that is none. */
const char *promo_word(const struct promo_words *words, int value);
/* The value of a word, 0 if there is none. */
int promo_word_value(const struct promo_words *words, const char *word);

PROMO_END_DECLS
