/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_system.h"

#define T struct promo_audit_list_in
static const struct promo_field audit_list_in[] = {
	PROMO_LIST_FIELDS(T),
	PROMO_F_TEXT(T, actor_id, ID, 0, 0, PROMO_IN_QUERY, "what this user did"),
	PROMO_F_TEXTS(T, action, 0, 20, NULL, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more operations, such as redemption.create"),
	PROMO_F_TEXT(T, entity_kind, TEXT, 1, 50, PROMO_IN_QUERY, "noun, such as code"),
	PROMO_F_TEXT(T, entity_id, ID, 0, 0, PROMO_IN_QUERY, "what was done to this one"),
	PROMO_F_TEXTS(T, outcome, 0, 3, &promo_outcome_words, PROMO_IN_QUERY | PROMO_MULTI,
		"one or more outcomes"),
	PROMO_F_TIME(T, from, PROMO_IN_QUERY, "at or after"),
	PROMO_F_TIME(T, to, PROMO_IN_QUERY, "before"),
};
#undef T
static const struct promo_schema audit_list_in_schema =
	PROMO_INPUT(struct promo_audit_list_in, "audit_list_in", audit_list_in);

static const struct promo_field audit_verify_in[] = {
	PROMO_F_TIME(struct promo_audit_verify_in, from, PROMO_IN_QUERY,
		"check only what was sealed at or after this time"),
};
static const struct promo_schema audit_verify_in_schema =
	PROMO_INPUT(struct promo_audit_verify_in, "audit_verify_in", audit_verify_in);

#define T struct promo_version_answer
static const struct promo_field version_answer[] = {
	PROMO_F_TEXT(T, name, TEXT, 0, 0, PROMO_COLUMN, "the program"),
	PROMO_F_TEXT(T, version, TEXT, 0, 0, PROMO_COLUMN, "its version"),
	PROMO_F_TEXT(T, api, TEXT, 0, 0, PROMO_COLUMN, "the version of the API"),
	PROMO_F_TEXT(
		T, company_name, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "whose shop it serves"),
	PROMO_F_TEXT(T, company_tagline, TEXT, 0, 0, PROMO_NULLABLE, "what stands below the name"),
};
#undef T
static const struct promo_schema version_answer_schema =
	PROMO_SCHEMA(struct promo_version_answer, "version", version_answer);

#define T struct promo_health_answer
static const struct promo_field health_answer[] = {
	PROMO_F_TEXT(T, status, TEXT, 0, 0, PROMO_COLUMN, "ok"),
};
#undef T
static const struct promo_schema health_answer_schema =
	PROMO_SCHEMA(struct promo_health_answer, "health", health_answer);

#define T struct promo_ready_check
static const struct promo_field ready_check[] = {
	PROMO_F_TEXT(T, name, TEXT, 0, 0, PROMO_COLUMN,
		"migrations, jobs, letters, disk, clock, seals, backups or maintenance"),
	PROMO_F_BOOL(T, ok, PROMO_COLUMN, "whether all is well with it"),
	PROMO_F_TEXT(T, detail, TEXT, 0, 0, PROMO_COLUMN | PROMO_NULLABLE, "what is wrong"),
};
#undef T
static const struct promo_schema ready_check_schema =
	PROMO_SCHEMA(struct promo_ready_check, "ready_check", ready_check);

#define T struct promo_ready_answer
static const struct promo_field ready_answer[] = {
	PROMO_F_TEXT(T, status, TEXT, 0, 0, PROMO_COLUMN,
		"ok, or degraded: it serves, and something is wrong"),
	PROMO_F_OBJECTS(T, checks, ready_check_schema, 0, "what was looked at"),
};
#undef T
static const struct promo_schema ready_answer_schema =
	PROMO_SCHEMA(struct promo_ready_answer, "ready", ready_answer);

const struct promo_op promo_op_audit_list = {
	.name = "audit.list",
	.summary = "Read the audit trail, newest first",
	.method = PROMO_GET,
	.path = "/audit",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_AUDIT_READ } },
	.in = &audit_list_in_schema,
	.shape = PROMO_SHAPE_LIST,
	.out = &promo_audit_entry_schema,
	.status = 200,
	.examples = "promo audit list --entity-id 0190a1b2-...",
};

const struct promo_op promo_op_audit_verify = {
	.name = "audit.verify",
	.summary = "Check the audit trail against its seals",
	.method = PROMO_GET,
	.path = "/audit/verify",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_AUDIT_READ } },
	.in = &audit_verify_in_schema,
	/* It takes as long as reading the trail: made like a file, sent while it is made. */
	.shape = PROMO_SHAPE_STREAM,
	.out = &promo_audit_verification_schema,
	.status = 200,
	.media_type = "application/json",
	.examples = "promo audit verify",
};

const struct promo_op promo_op_server_version = {
	.name = "server.version",
	.summary = "Show the version of the server, and whose it is",
	.method = PROMO_GET,
	.path = "/version",
	.access = PROMO_ACCESS_PUBLIC,
	.flags = PROMO_OP_UNAUDITED,
	.shape = PROMO_SHAPE_ONE,
	.out = &version_answer_schema,
	.status = 200,
};

const struct promo_op promo_op_server_openapi = {
	.name = "server.openapi",
	.summary = "The description of this API as OpenAPI 3.1",
	.method = PROMO_GET,
	.path = "/openapi.json",
	.access = PROMO_ACCESS_PUBLIC,
	.flags = PROMO_OP_UNAUDITED,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = "application/json",
};

const struct promo_op promo_op_server_health = {
	.name = "server.health",
	.summary = "Whether the process runs",
	.method = PROMO_GET,
	.path = "/healthz",
	.access = PROMO_ACCESS_PUBLIC,
	.flags = PROMO_OP_UNAUDITED | PROMO_OP_ROOT,
	.shape = PROMO_SHAPE_ONE,
	.out = &health_answer_schema,
	.status = 200,
};

const struct promo_op promo_op_server_ready = {
	.name = "server.ready",
	.summary = "Whether the server can serve, and what is wrong beside that",
	.method = PROMO_GET,
	.path = "/readyz",
	.access = PROMO_ACCESS_PUBLIC,
	.flags = PROMO_OP_UNAUDITED | PROMO_OP_ROOT,
	.shape = PROMO_SHAPE_ONE,
	.out = &ready_answer_schema,
	.status = 200,
};

const struct promo_op promo_op_server_metrics = {
	.name = "server.metrics",
	.summary = "What is counted for whoever watches the server, as Prometheus reads it",
	.method = PROMO_GET,
	.path = "/metrics",
	.access = PROMO_ACCESS_PUBLIC,
	.flags = PROMO_OP_UNAUDITED | PROMO_OP_ROOT,
	.shape = PROMO_SHAPE_STREAM,
	.status = 200,
	.media_type = "text/plain; version=0.0.4; charset=utf-8",
	.errors = { { PROMO_E_FORBIDDEN } },
};
