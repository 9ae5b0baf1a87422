/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/model/field.h"

/* Rows that only the server sees (see rows.h): who asks, sign-in, users to be changed, settings,
 * idempotency keys, the writers of the audit trail. */

PROMO_BEGIN_DECLS

/* What is known of the bearer of a token, before ops/auth.c judges it, and the state that every
 * request reads first. */
struct promo_auth_facts {
	int64_t epoch, settings_version;
	bool maintenance;
	int64_t at; /* the database's clock */
	/* NULL both: there is no such session and no such key. */
	const char *session_id, *api_key_id;
	const char *user_id, *name;
	bool is_active, remember, mfa_enabled;
	int64_t created_at, last_seen_at, expires_at; /* of the session or key; 0: never */
	struct promo_texts key_permissions, allowed_ips;
	int64_t rank; /* the highest of his roles, 0 without one */
	bool super_admin;
	struct promo_texts roles;       /* their names */
	struct promo_texts permissions; /* keys: those of the roles and grants, less the denials */
	bool must_enrol; /* no column: what ops/auth.h makes of this and the settings */
};
extern const struct promo_schema promo_auth_facts_schema;

/* The state that every group reads first, against an epoch that is known. */
struct promo_auth_state_row {
	int64_t epoch, settings_version;
	bool maintenance;
	int64_t at;                 /* the database's clock */
	struct promo_texts changed; /* users whose rights changed since that epoch, by id */
	bool changed_all;           /* too many to list, or nobody knows whose: whoever is known */
};
extern const struct promo_schema promo_auth_state_row_schema;

/* What /readyz looks at in the database. */
struct promo_ready_row {
	int64_t version; /* of the newest migration */
	int64_t at;      /* the database's clock */
	bool maintenance;
	int64_t queued_s, letters_s; /* for how long the first job, the first letter waits */
	int64_t age_s;               /* how old the database is */
};
extern const struct promo_schema promo_ready_row_schema;

/* What a password is checked against. */
struct promo_credential_row {
	const char *id, *password_hash; /* NULL: cannot sign in by password */
	bool is_active;
};
extern const struct promo_schema promo_credential_row_schema;

/* A user to be changed. */
struct promo_managed_user {
	const char *id, *first_name, *last_name, *email, *phone_number;
	bool is_active;
	int64_t version, rank;
	bool super_admin;
	struct promo_texts permissions; /* keys */
};
extern const struct promo_schema promo_managed_user_schema;

/* What a user may do now, whoever asks. */
struct promo_rights_row {
	const char *id;
	bool is_active;
	int64_t rank;
	bool super_admin;
	struct promo_texts permissions; /* keys */
};
extern const struct promo_schema promo_rights_row_schema;

/* A change of rights that is to be decided, with what was asked for. */
struct promo_asked_change {
	const char *id;
	int kind;   /* enum promo_role_change_kind */
	int status; /* enum promo_approval */
	const char *user_id, *role_id, *requested_by;
	bool at_creation;                       /* ASSIGN: asked for with the user himself */
	struct promo_texts grant, deny;         /* GRANT: what is to be */
	struct promo_texts was_grant, was_deny; /* and what it was */
	int64_t version;                        /* ROLE_EDIT: of the role that it is a change of */
	const char *name, *description;         /* NULL: stays */
	int64_t rank;                           /* PROMO_NULL_INT: stays */
	bool sets_permissions;
	struct promo_texts permissions;
};
extern const struct promo_schema promo_asked_change_schema;

struct promo_role_key {
	const char *id, *name;
	int64_t rank;
};
extern const struct promo_schema promo_role_key_schema;

/* A row of system_settings; the value as text, whatever its JSON type is. */
struct promo_setting_row {
	const char *category, *key, *value;
};
extern const struct promo_schema promo_setting_row_schema;

/* A category of settings that is locked; what a snapshot holds. */
struct promo_settings_version_row {
	const char *category;
	int64_t version;
};
extern const struct promo_schema promo_settings_version_row_schema;
struct promo_settings_kept_row {
	const char *settings; /* JSON */
};
extern const struct promo_schema promo_settings_kept_row_schema;

/* The answer that an idempotency key is bound to; status 0: the request is under way. */
struct promo_kept_answer {
	const char *request_hash;
	int64_t status;
	const char *answer, *etag, *location;
};
extern const struct promo_schema promo_kept_answer_schema;

struct promo_writer_row {
	int64_t id;
};
extern const struct promo_schema promo_writer_row_schema;

/* Rows of a writer that are to be sealed. */
struct promo_seal_due_row {
	int64_t writer_id, from, to;
	int64_t at; /* the database's clock */
};
extern const struct promo_schema promo_seal_due_row_schema;

/* Where a user stands who guessed codes: the state of rules/throttle.h. */
struct promo_throttle_row {
	const char *subject; /* the user */
	int64_t count, since, step, blocked_until, good, hour_count, hour_since;
	bool hour_alerted;
	int64_t at; /* the database's clock when it was read */
};
extern const struct promo_schema promo_throttle_row_schema;

/* Where sign-ins of an account, from an address, or both stand: the state of rules/signin.h. */
struct promo_signin_row {
	const char *subject;
	int64_t failures, last, blocked_until;
	bool known; /* the account signed in from the address */
	int64_t at; /* the database's clock when it was read */
};
extern const struct promo_schema promo_signin_row_schema;

/* A sign-in that waits for its second factor. */
struct promo_mfa_challenge_row {
	const char *user_id;
	bool remember, cookie;
	int64_t wrong; /* codes so far */
};
extern const struct promo_schema promo_mfa_challenge_row_schema;

/* What a user can show beside his password. */
struct promo_mfa_usable_row {
	struct promo_texts methods; /* words of promo_mfa_method_words */
	int64_t recovery_codes;     /* how many are left */
};
extern const struct promo_schema promo_mfa_usable_row_schema;

struct promo_mfa_method_row {
	const char *secret, *key_id; /* sealed, in hex, and with which key */
	const char *address;         /* where its codes go */
	int64_t last_step, confirmed_at;
};
extern const struct promo_schema promo_mfa_method_row_schema;

/* Wrong codes of a user since his last right one. */
struct promo_mfa_guess_row {
	int64_t wrong, wait_s; /* for so long no code is looked at */
};
extern const struct promo_schema promo_mfa_guess_row_schema;

/* Of statements that count. */
struct promo_count_row {
	int64_t count;
};
extern const struct promo_schema promo_count_row_schema;

PROMO_END_DECLS
