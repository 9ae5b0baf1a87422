/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/model/audit.h"
#include "libpromo/model/seal.h"

/* The audit trail, and what a server says of itself. */

PROMO_BEGIN_DECLS

struct promo_audit_list_in {
	struct promo_set set;
	PROMO_LIST_MEMBERS;
	const char *actor_id;
	struct promo_texts action;
	const char *entity_kind, *entity_id;
	struct promo_texts outcome;
	int64_t from, to;
};

struct promo_audit_verify_in {
	struct promo_set set;
	int64_t from;
};

struct promo_version_answer {
	const char *name, *version, *api;
	const char *company_name, *company_tagline; /* of the settings: public */
};

struct promo_health_answer {
	const char *status;
};

/* One of the things that may be wrong. */
struct promo_ready_check {
	const char *name;
	bool ok;
	const char *detail; /* NULL where it is ok */
};

struct promo_ready_answer {
	const char *status;
	struct promo_objects checks; /* of struct promo_ready_check */
};

extern const struct promo_op promo_op_audit_list, promo_op_audit_verify, promo_op_server_version,
	promo_op_server_openapi, promo_op_server_health, promo_op_server_ready,
	promo_op_server_metrics;

PROMO_END_DECLS
