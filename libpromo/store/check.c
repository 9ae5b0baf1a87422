/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "libpromo/base/log.h"
#include "libpromo/store/pg.h"
#include "libpromo/store/schemas.h"

/*
 * Holds every statement against its file and its struct before anyone needs it: a wrong column is
 * an error at the start and in the tests, never a crash at the counter.
 */

/* The types that statements use: their numbers never change (pg_type.dat of PostgreSQL). */
struct pg_type {
	const char *name, *other_name;
	Oid oid, array_oid;
};

static const struct pg_type types[] = {
	{ "boolean", "bool", 16, 1000 },
	{ "bytea", NULL, 17, 1001 },
	{ "bigint", "int8", 20, 1016 },
	{ "smallint", "int2", 21, 1005 },
	{ "integer", "int", 23, 1007 },
	{ "text", NULL, 25, 1009 },
	{ "name", NULL, 19, 1003 },
	{ "inet", NULL, 869, 1041 },
	{ "varchar", NULL, 1043, 1015 },
	{ "date", NULL, 1082, 1182 },
	{ "timestamptz", "timestamp with time zone", 1184, 1185 },
	{ "interval", NULL, 1186, 1187 },
	{ "numeric", NULL, 1700, 1231 },
	{ "uuid", NULL, 2950, 2951 },
	{ "json", NULL, 114, 199 },
	{ "jsonb", NULL, 3802, 3807 },
};

/* Which types a kind of field may stand in; every one is written so that row.c reads it. */
static const char *const allowed_types[][6] = {
	[PROMO_BOOL] = { "boolean" },
	[PROMO_INT] = { "bigint", "integer", "smallint" },
	[PROMO_MONEY] = { "numeric" },
	[PROMO_TIME] = { "timestamptz" },
	[PROMO_DATE] = { "date", "text" },
	[PROMO_DAY] = { "date", "text" },
	[PROMO_TEXT] = { "text", "varchar", "name", "inet", "uuid" },
	[PROMO_CODE] = { "text" },
	[PROMO_PHONE] = { "text" },
	[PROMO_EMAIL] = { "text" },
	[PROMO_URL] = { "text" },
	[PROMO_ID] = { "uuid", "text" },
	[PROMO_SECRET] = { "text", "bytea" },
	[PROMO_JSON] = { "jsonb", "json", "text" },
	[PROMO_ENUM] = { "text" },
	[PROMO_TEXTS] = { "text", "uuid", "inet", "name" },
	[PROMO_OBJECTS] = { NULL },
};

struct check {
	const struct promo_statement *statement;
	const PGresult *result; /* the description */
	int differences;
	bool in_list;   /* columns are arrays */
	bool in_object; /* of the row's struct, not the row itself */
};

#define differ(check, ...) ((check)->differences++, promo_log(PROMO_LOG_ERROR, __VA_ARGS__))

static bool named(const struct pg_type *type, const char *name)
{
	return strcmp(type->name, name) == 0 ||
	       (type->other_name && strcmp(type->other_name, name) == 0);
}

static Oid oid_of(const char *name, bool array)
{
	for (size_t i = 0; i < PROMO_COUNT(types); i++)
		if (named(&types[i], name))
			return array ? types[i].array_oid : types[i].oid;
	return InvalidOid;
}

/* The type of a parameter as the header says it: "uuid", "text[]". */
static Oid declared_type(const char *declared)
{
	char name[32] = "";
	size_t length = strlen(declared);
	bool array = length > 2 && strcmp(declared + length - 2, "[]") == 0;

	if (array)
		length -= 2;
	if (length < sizeof(name))
		memcpy(name, declared, length);
	return oid_of(name, array);
}

static void check_params(struct check *check)
{
	const struct promo_statement *statement = check->statement;
	int count = PQnparams(check->result);

	if (count != statement->params) {
		differ(check, "statement \"%s\" has %d parameters, its header names %d",
			statement->name, count, statement->params);
		return;
	}
	for (int i = 0; i < count; i++)
		if (PQparamtype(check->result, i) != declared_type(statement->types[i]))
			differ(check, "parameter $%d of \"%s\" is not \"%s\", as its header says",
				i + 1, statement->name, statement->types[i]);
}

static bool type_fits(const struct promo_field *field, Oid type, bool in_list)
{
	const char *const *allowed = allowed_types[field->kind];
	bool array = in_list || field->kind == PROMO_TEXTS;

	for (size_t i = 0; i < PROMO_COUNT(allowed_types[0]) && allowed[i]; i++)
		if (oid_of(allowed[i], array) == type)
			return true;
	return false;
}

/* What the wire alone has needs no column. What may be left out, and what only the server itself
 * looks at, may be missing where the struct stands inside another. */
static bool may_be_missing(const struct check *check, const struct promo_field *field)
{
	return (field->flags & (PROMO_ONLY_WIRE | PROMO_OMIT_NULL)) ||
	       (check->in_object && (field->flags & PROMO_INTERNAL));
}

static void check_columns(struct check *check, const struct promo_row_plan *plan)
{
	for (size_t i = 0; i < plan->schema->count; i++) {
		const struct promo_row_slot *slot = &plan->slots[i];
		const struct promo_field *field = slot->field;

		if (slot->plan ? slot->plan->columns == 0 : slot->column < 0) {
			if (!may_be_missing(check, field))
				differ(check,
					"statement \"%s\" lacks the column for \"%s\" of \"%s\"",
					check->statement->name, field->name, plan->schema->name);
		} else if (slot->plan) {
			struct check inner = *check;

			inner.in_object = true;
			inner.in_list |= field->kind == PROMO_OBJECTS;
			check_columns(&inner, slot->plan);
			check->differences = inner.differences;
		} else if (!type_fits(
				   field, PQftype(check->result, slot->column), check->in_list)) {
			differ(check, "statement \"%s\" has the wrong type for \"%s\" of \"%s\"",
				check->statement->name, field->name, plan->schema->name);
		}
	}
}

static bool plan_has(const struct promo_row_plan *plan, int column)
{
	for (size_t i = 0; i < plan->schema->count; i++) {
		const struct promo_row_slot *slot = &plan->slots[i];

		if (slot->plan ? plan_has(slot->plan, column) : slot->column == column)
			return true;
	}
	return false;
}

static int check_rows(struct check *check)
{
	PROMO_CLEANUP(promo_row_plan_freep) struct promo_row_plan *plan = NULL;
	const struct promo_statement *statement = check->statement;
	const struct promo_schema *schema;
	int r;

	if (!statement->rows) {
		if (PQnfields(check->result) > 0)
			differ(check, "statement \"%s\" has rows, its header names no schema",
				statement->name);
		return 0;
	}
	if (strcmp(statement->rows, "columns") == 0)
		return 0;
	schema = promo_store_schema(statement->rows);
	if (!schema) {
		differ(check, "statement \"%s\" has rows of an unknown schema \"%s\"",
			statement->name, statement->rows);
		return 0;
	}
	r = promo_row_plan_new(schema, check->result, &plan);
	if (r)
		return r;
	check_columns(check, plan);
	for (int column = 0; column < PQnfields(check->result); column++)
		if (!plan_has(plan, column))
			differ(check, "column \"%s\" of \"%s\" is no field of \"%s\"",
				PQfname(check->result, column), statement->name, schema->name);
	return 0;
}

/* Parses one statement on the server without running it. */
static int describe(
	struct promo_store *store, const struct promo_statement *statement, PGresult **ret)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *parsed = NULL;
	PROMO_CLEANUP(promo_pg_clear) PGresult *described = NULL;
	int r;

	promo_pg_forget_failure(store);
	if (!PQsendPrepare(store->conn, "", promo_pg_text(store, statement), 0, NULL))
		return promo_pg_judge_send(store, statement->name, PROMO_PG_READING);
	parsed = promo_pg_finish(store);
	r = promo_pg_judge(store, parsed, statement->name, PROMO_PG_READING);
	if (r)
		return r;
	if (!PQsendDescribePrepared(store->conn, ""))
		return promo_pg_judge_send(store, statement->name, PROMO_PG_READING);
	described = promo_pg_finish(store);
	r = promo_pg_judge(store, described, statement->name, PROMO_PG_READING);
	if (r)
		return r;
	*ret = TAKE_PTR(described);
	return 0;
}

/* In a transaction, so that a pooler keeps both steps on one connection. */
static int check_one(
	struct promo_store *store, const struct promo_statement *statement, int *differences)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *described = NULL;
	struct check check = { .statement = statement };
	int r;

	r = promo_store_begin(store);
	if (r)
		return r;
	r = describe(store, statement, &described);
	promo_store_rollback(store);
	if (r && store->conn) {
		(*differences)++; /* logged already; the others are worth knowing too */
		return 0;
	}
	if (r)
		return r;
	check.result = described;
	check_params(&check);
	r = check_rows(&check);
	*differences += check.differences;
	return r;
}

int promo_store_check(struct promo_store *store)
{
	int differences = 0;

	for (size_t i = 0; i < PROMO_Q_COUNT; i++) {
		int r;

		if (strncmp(promo_statements[i].text, "COPY ", 5) == 0)
			continue;
		r = check_one(store, &promo_statements[i], &differences);
		if (r)
			return r;
	}
	if (differences > 0)
		return promo_fault(
			-EPROTO, "%d differences between the database and sql/query", differences);
	return 0;
}
