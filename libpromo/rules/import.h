/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libpromo/rules/code.h"

/*
 * What a row of an imported file means, and why it is not taken. Pure: what only the database knows
 * (whether the code exists, what a date means in the shop's zone) is not looked at here.
 *
 * A code is kept as it is read: with O, D, Q as 0, I as 1, B as 8 and V as U, as everybody who types
 * it will be read. So two codes that read alike are one, and no code can be mistaken for another.
 */

PROMO_BEGIN_DECLS

/* The columns of our own exports that are understood; the others are passed over. */
enum promo_import_column {
	PROMO_IMPORT_CODE = 0,
	PROMO_IMPORT_BATCH,
	PROMO_IMPORT_AMOUNT,
	PROMO_IMPORT_CURRENCY,
	PROMO_IMPORT_STATUS,
	PROMO_IMPORT_CREATED,
	PROMO_IMPORT_EXPIRES,
	PROMO_IMPORT_SERIAL,
	PROMO_IMPORT_COLUMNS,
};

/* Stands among the rejects for a cell that its row did not have; a row with it is not taken. */
#define PROMO_IMPORT_CELL_MISSING "?"

/* Which field of a row each column is; -1: the file does not have it. */
struct promo_import_header {
	int at[PROMO_IMPORT_COLUMNS];
};

/* The column's name in files that we write. */
const char *promo_import_column_name(enum promo_import_column column);

/* Names are compared without regard to case, blanks, dashes and underscores. PROMO_E_INVALID_INPUT
 * where there is no column "code", or two of one name: *reterr_why (static) says which. */
int promo_import_header_read(const char *const *fields, size_t count,
	struct promo_import_header *ret, const char **reterr_code,
	const char **reterr_why) PROMO_CHECK;

/* Why a row is not taken: its stable code and its sentence stand in one table. */
enum promo_import_reason {
	PROMO_IMPORT_FINE = 0,
	PROMO_IMPORT_ROW_MALFORMED,
	PROMO_IMPORT_ROW_OPEN,
	PROMO_IMPORT_ROW_TOO_LONG,
	PROMO_IMPORT_ROW_BINARY,
	PROMO_IMPORT_ROW_SHORT,
	PROMO_IMPORT_CODE_MISSING,
	PROMO_IMPORT_CODE_MALFORMED,
	PROMO_IMPORT_CODE_NUMBER,
	PROMO_IMPORT_CODE_CELL_ERROR,
	PROMO_IMPORT_CODE_OTHER_FORMAT,
	PROMO_IMPORT_CODE_DATE,
	PROMO_IMPORT_CODE_TWICE,
	PROMO_IMPORT_CODE_ALIKE,
	PROMO_IMPORT_CODE_EXISTS,
	PROMO_IMPORT_AMOUNT_INVALID,
	PROMO_IMPORT_AMOUNT_DIFFERS,
	PROMO_IMPORT_CURRENCY_DIFFERS,
	PROMO_IMPORT_STATUS_UNKNOWN,
	PROMO_IMPORT_STATUS_REPORTED,
	PROMO_IMPORT_EXPIRES_INVALID,
	PROMO_IMPORT_EXPIRES_LATE,
	PROMO_IMPORT_REASONS,
};
struct promo_import_reason_info {
	const char *wire, *sentence;
	enum promo_import_column column; /* which cell it is about */
	bool duplicate;
};
const struct promo_import_reason_info *promo_import_reason_info(enum promo_import_reason reason);

/* What the rows have to fit. */
struct promo_import_target {
	const struct promo_code_pattern *pattern; /* of the batch */
	bool any_format;                          /* codes of every form are taken */
	const char *today;                        /* YYYY-MM-DD */
	int64_t amount;
	const char *currency;
	int64_t expires_at;     /* the end of the batch */
	const char *expires_on; /* its last day, YYYY-MM-DD */
	bool decimal_comma;     /* the file separates by semicolons, as where amounts have commas */
};

enum promo_import_status {
	PROMO_IMPORT_ACTIVE = 0,
	PROMO_IMPORT_REDEEMED,
	PROMO_IMPORT_BLOCKED,
};

struct promo_import_code {
	char code[PROMO_CODE_SIZE];    /* as it is read: what is stored */
	char literal[PROMO_CODE_SIZE]; /* as it was written, canonical */
	enum promo_import_status status;
	int64_t expires_at; /* the code's own end; 0: that of the batch */
	/* The day after which it ends, in the shop's zone, where only a day was said that is not the
	 * batch's last: whoever knows the zone makes expires_at of it. */
	char expires_on[11];
	bool unlike_ours; /* of 16 characters, and without the date that the standard form has */
};

/* A cell as it was meant: without the mark in front of what would be a formula. */
const char *promo_import_cell(const char *field);

/* One row; fields as the header counts them. PROMO_IMPORT_FINE and *ret, or the reason. */
enum promo_import_reason promo_import_row(const struct promo_import_header *header,
	const char *const *fields, size_t count, const struct promo_import_target *target,
	struct promo_import_code *ret);

PROMO_END_DECLS
