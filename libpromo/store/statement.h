/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/store/statements.h" /* generated: enum promo_query */

#include <stdbool.h>
#include <stddef.h>

/* What sql2c.awk makes of the files under sql: every statement and every migration, as data. */

/* A file of sql/query. */
struct promo_statement {
	const char *name; /* of the file, without .sql */
	const char *text; /* without the header comment */
	/* The same without SKIP LOCKED, for engines that have none: it waits; NULL: it needs none. */
	const char *waiting_text;
	int params;               /* how many $n */
	const char *const *types; /* of the parameters, as the header says */
	const char *rows;  /* schema of its rows, "columns" for promo_store_each(), or NULL */
	bool planned_anew; /* never prepared: its best plan depends on its parameters */
};

/* By enum promo_query; the entry behind the last has no name. */
extern const struct promo_statement promo_statements[PROMO_Q_COUNT + 1];

/* A file of sql/schema. */
struct promo_migration {
	int version; /* 1..n; 0 behind the last */
	const char *name;
	const char *checksum; /* SHA-256 of the file, hex */
	const char *text;
};
extern const struct promo_migration promo_migrations[];
