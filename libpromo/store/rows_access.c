/* SPDX-License-Identifier: MIT */
#include "libpromo/store/rows_access.h"

#include "libpromo/model/words.h"

#define T struct promo_auth_facts
static const struct promo_field auth_facts[] = {
	PROMO_F_INT(T, epoch, 0, 0, 0, "raised by whatever takes a right away"),
	PROMO_F_INT(T, settings_version, 0, 0, 0, "raised by a change of a setting"),
	PROMO_F_BOOL(T, maintenance, 0, "whether maintenance mode is on"),
	PROMO_F_TIME(T, at, 0, "the database's clock"),
	PROMO_F_TEXT(T, session_id, ID, 0, 0, PROMO_NULLABLE, "the session"),
	PROMO_F_TEXT(T, api_key_id, ID, 0, 0, PROMO_NULLABLE, "the API key"),
	PROMO_F_TEXT(T, user_id, ID, 0, 0, PROMO_NULLABLE, "its user"),
	PROMO_F_TEXT(T, name, TEXT, 0, 0, PROMO_NULLABLE, "his name"),
	PROMO_F_BOOL(T, is_active, 0, "whether he may sign in"),
	PROMO_F_BOOL(T, remember, 0, "whether idleness does not end the session"),
	PROMO_F_BOOL(T, mfa_enabled, 0, "whether he has a second factor"),
	PROMO_F_TIME(T, created_at, PROMO_NULLABLE, "when the session or key was made"),
	PROMO_F_TIME(T, last_seen_at, PROMO_NULLABLE, "last use, to the minute"),
	PROMO_F_TIME(T, expires_at, PROMO_NULLABLE, "when it ends at the latest"),
	PROMO_F_TEXTS(T, key_permissions, 0, 0, NULL, 0, "what the key may be used for"),
	PROMO_F_TEXTS(T, allowed_ips, 0, 0, NULL, 0, "from where alone, if from anywhere said"),
	PROMO_F_INT(T, rank, 0, 0, 0, "the highest of his roles"),
	PROMO_F_BOOL(T, super_admin, 0, "whether he is one"),
	PROMO_F_TEXTS(T, roles, 0, 0, NULL, 0, "the names of his roles"),
	PROMO_F_TEXTS(T, permissions, 0, 0, NULL, 0, "what he may do"),
};
#undef T
const struct promo_schema promo_auth_facts_schema =
	PROMO_SCHEMA(struct promo_auth_facts, "auth_facts", auth_facts);

#define T struct promo_auth_state_row
static const struct promo_field auth_state[] = {
	PROMO_F_INT(T, epoch, 0, 0, 0, "raised by whatever takes a right away"),
	PROMO_F_INT(T, settings_version, 0, 0, 0, "raised by a change of a setting"),
	PROMO_F_BOOL(T, maintenance, 0, "whether maintenance mode is on"),
	PROMO_F_TIME(T, at, 0, "the database's clock"),
	PROMO_F_TEXTS(T, changed, 0, 0, NULL, 0, "whose rights changed"),
	PROMO_F_BOOL(T, changed_all, 0, "whether everybody's may have"),
};
#undef T
const struct promo_schema promo_auth_state_row_schema =
	PROMO_SCHEMA(struct promo_auth_state_row, "auth_state", auth_state);

#define T struct promo_ready_row
static const struct promo_field ready_row[] = {
	PROMO_F_INT(T, version, 0, 0, 0, "of the newest migration"),
	PROMO_F_TIME(T, at, 0, "the database's clock"),
	PROMO_F_BOOL(T, maintenance, 0, "whether maintenance mode is on"),
	PROMO_F_INT(T, queued_s, 0, 0, 0, "for how long the first job waits"),
	PROMO_F_INT(T, letters_s, 0, 0, 0, "for how long the first letter waits"),
	PROMO_F_INT(T, age_s, 0, 0, 0, "how old the database is"),
};
#undef T
const struct promo_schema promo_ready_row_schema =
	PROMO_SCHEMA(struct promo_ready_row, "ready", ready_row);

#define T struct promo_credential_row
static const struct promo_field credential[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the user"),
	PROMO_F_TEXT(
		T, password_hash, SECRET, 0, 0, PROMO_NULLABLE, "Argon2id, with its parameters"),
	PROMO_F_BOOL(T, is_active, 0, "whether he may sign in"),
};
#undef T
const struct promo_schema promo_credential_row_schema =
	PROMO_SCHEMA(struct promo_credential_row, "credential", credential);

#define T struct promo_managed_user
static const struct promo_field managed_user[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the user"),
	PROMO_F_TEXT(T, first_name, TEXT, 0, 0, 0, "first name"),
	PROMO_F_TEXT(T, last_name, TEXT, 0, 0, 0, "last name"),
	PROMO_F_TEXT(T, email, EMAIL, 0, 0, PROMO_NULLABLE, "e-mail address"),
	PROMO_F_TEXT(T, phone_number, PHONE, 0, 0, PROMO_NULLABLE, "phone number"),
	PROMO_F_BOOL(T, is_active, 0, "whether he may sign in"),
	PROMO_F_INT(T, version, 0, 0, 0, "for If-Match"),
	PROMO_F_INT(T, rank, 0, 0, 0, "the highest of his roles"),
	PROMO_F_BOOL(T, super_admin, 0, "whether he is one"),
	PROMO_F_TEXTS(T, permissions, 0, 0, NULL, 0, "what he may do"),
};
#undef T
const struct promo_schema promo_managed_user_schema =
	PROMO_SCHEMA(struct promo_managed_user, "managed_user", managed_user);

#define T struct promo_rights_row
static const struct promo_field rights[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the user"),
	PROMO_F_BOOL(T, is_active, 0, "whether he may sign in"),
	PROMO_F_INT(T, rank, 0, 0, 0, "the highest of his roles"),
	PROMO_F_BOOL(T, super_admin, 0, "whether he is one"),
	PROMO_F_TEXTS(T, permissions, 0, 0, NULL, 0, "what he may do"),
};
#undef T
const struct promo_schema promo_rights_row_schema =
	PROMO_SCHEMA(struct promo_rights_row, "rights", rights);

#define T struct promo_asked_change
static const struct promo_field asked_change[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the change"),
	PROMO_F_ENUM(T, kind, promo_role_change_kind_words, 0, "what is asked for"),
	PROMO_F_ENUM(T, status, promo_approval_words, 0, "where it stands"),
	PROMO_F_TEXT(T, user_id, ID, 0, 0, PROMO_NULLABLE, "the user concerned"),
	PROMO_F_TEXT(T, role_id, ID, 0, 0, PROMO_NULLABLE, "the role concerned"),
	PROMO_F_TEXT(T, requested_by, ID, 0, 0, 0, "who asked for it"),
	PROMO_F_BOOL(T, at_creation, 0, "whether with the user himself"),
	PROMO_F_TEXTS(T, grant, 0, 0, NULL, 0, "grants that are to be"),
	PROMO_F_TEXTS(T, deny, 0, 0, NULL, 0, "denials that are to be"),
	PROMO_F_TEXTS(T, was_grant, 0, 0, NULL, 0, "grants that were"),
	PROMO_F_TEXTS(T, was_deny, 0, 0, NULL, 0, "denials that were"),
	PROMO_F_INT(T, version, 0, 0, PROMO_NULLABLE, "of the role"),
	PROMO_F_TEXT(T, name, TEXT, 0, 0, PROMO_NULLABLE, "its new name"),
	PROMO_F_TEXT(T, description, TEXT, 0, 0, PROMO_NULLABLE, "its new description"),
	PROMO_F_INT(T, rank, 0, 0, PROMO_NULLABLE, "its new rank"),
	PROMO_F_BOOL(T, sets_permissions, 0, "whether it gets other permissions"),
	PROMO_F_TEXTS(T, permissions, 0, 0, NULL, 0, "which ones"),
};
#undef T
const struct promo_schema promo_asked_change_schema =
	PROMO_SCHEMA(struct promo_asked_change, "asked_change", asked_change);

#define T struct promo_role_key
static const struct promo_field role_key[] = {
	PROMO_F_TEXT(T, id, ID, 0, 0, 0, "the role"),
	PROMO_F_TEXT(T, name, TEXT, 0, 0, 0, "its name"),
	PROMO_F_INT(T, rank, 0, 0, 0, "its rank"),
};
#undef T
const struct promo_schema promo_role_key_schema =
	PROMO_SCHEMA(struct promo_role_key, "role_key", role_key);

#define T struct promo_setting_row
static const struct promo_field setting[] = {
	PROMO_F_TEXT(T, category, TEXT, 0, 0, 0, "category"),
	PROMO_F_TEXT(T, key, TEXT, 0, 0, 0, "key"),
	PROMO_F_TEXT(T, value, TEXT, 0, 0, PROMO_NULLABLE, "value"),
};
#undef T
const struct promo_schema promo_setting_row_schema =
	PROMO_SCHEMA(struct promo_setting_row, "setting", setting);

#define T struct promo_settings_version_row
static const struct promo_field settings_version[] = {
	PROMO_F_TEXT(T, category, TEXT, 0, 0, 0, "category"),
	PROMO_F_INT(T, version, 0, 0, 0, "its version"),
};
#undef T
const struct promo_schema promo_settings_version_row_schema =
	PROMO_SCHEMA(struct promo_settings_version_row, "settings_version", settings_version);

#define T struct promo_settings_kept_row
static const struct promo_field settings_kept[] = {
	PROMO_F_TEXT(T, settings, TEXT, 0, 0, 0, "JSON of what was set"),
};
#undef T
const struct promo_schema promo_settings_kept_row_schema =
	PROMO_SCHEMA(struct promo_settings_kept_row, "settings_kept", settings_kept);

#define T struct promo_kept_answer
static const struct promo_field kept_answer[] = {
	PROMO_F_TEXT(T, request_hash, TEXT, 0, 0, 0, "of the input it answered"),
	PROMO_F_INT(T, status, 0, 0, 0, "status"),
	PROMO_F_TEXT(T, answer, TEXT, 0, 0, 0, "body"),
	PROMO_F_TEXT(T, etag, TEXT, 0, 0, PROMO_NULLABLE, "header ETag"),
	PROMO_F_TEXT(T, location, TEXT, 0, 0, PROMO_NULLABLE, "header Location"),
};
#undef T
const struct promo_schema promo_kept_answer_schema =
	PROMO_SCHEMA(struct promo_kept_answer, "kept_answer", kept_answer);

static const struct promo_field writer[] = {
	PROMO_F_INT(struct promo_writer_row, id, 0, 0, 0, "the writer"),
};
const struct promo_schema promo_writer_row_schema =
	PROMO_SCHEMA(struct promo_writer_row, "writer", writer);

#define T struct promo_seal_due_row
static const struct promo_field seal_due[] = {
	PROMO_F_INT(T, writer_id, 0, 0, 0, "the writer"),
	PROMO_F_INT(T, from, 0, 0, 0, "the first row"),
	PROMO_F_INT(T, to, 0, 0, 0, "the last row"),
	PROMO_F_TIME(T, at, 0, "the database's clock"),
};
#undef T
const struct promo_schema promo_seal_due_row_schema =
	PROMO_SCHEMA(struct promo_seal_due_row, "seal_due", seal_due);

#define T struct promo_throttle_row
static const struct promo_field throttle[] = {
	PROMO_F_TEXT(T, subject, TEXT, 0, 0, 0, "the user"),
	PROMO_F_INT(T, count, 0, 0, 0, "misses in the window"),
	PROMO_F_TIME(T, since, PROMO_NULLABLE, "when the window began"),
	PROMO_F_INT(T, step, 0, 0, 0, "delays so far"),
	PROMO_F_TIME(T, blocked_until, PROMO_NULLABLE, "end of the last delay"),
	PROMO_F_INT(T, good, 0, 0, 0, "good codes in a row"),
	PROMO_F_INT(T, hour_count, 0, 0, 0, "misses in the hour"),
	PROMO_F_TIME(T, hour_since, PROMO_NULLABLE, "when the hour began"),
	PROMO_F_BOOL(T, hour_alerted, 0, "whether they raised an alert"),
	PROMO_F_TIME(T, at, 0, "the database's clock"),
};
#undef T
const struct promo_schema promo_throttle_row_schema =
	PROMO_SCHEMA(struct promo_throttle_row, "throttle", throttle);

#define T struct promo_signin_row
static const struct promo_field signin[] = {
	PROMO_F_TEXT(T, subject, TEXT, 0, 0, 0, "the account and the address"),
	PROMO_F_INT(T, failures, 0, 0, 0, "failures in a row"),
	PROMO_F_TIME(T, last, PROMO_NULLABLE, "when the last of them was"),
	PROMO_F_TIME(T, blocked_until, PROMO_NULLABLE, "end of the last delay"),
	PROMO_F_BOOL(T, known, 0, "whether the account signed in from the address"),
	PROMO_F_TIME(T, at, 0, "the database's clock"),
};
#undef T
const struct promo_schema promo_signin_row_schema =
	PROMO_SCHEMA(struct promo_signin_row, "signin", signin);

#define T struct promo_mfa_challenge_row
static const struct promo_field mfa_challenge[] = {
	PROMO_F_TEXT(T, user_id, ID, 0, 0, 0, "who signs in"),
	PROMO_F_BOOL(T, remember, 0, "what he asked for"),
	PROMO_F_BOOL(T, cookie, 0, "whether the session is to stand in a cookie"),
	PROMO_F_INT(T, wrong, 0, 0, 0, "wrong codes so far"),
};
#undef T
const struct promo_schema promo_mfa_challenge_row_schema =
	PROMO_SCHEMA(struct promo_mfa_challenge_row, "mfa_challenge", mfa_challenge);

#define T struct promo_mfa_usable_row
static const struct promo_field mfa_usable[] = {
	PROMO_F_TEXTS(T, methods, 0, 0, NULL, 0, "what is enrolled"),
	PROMO_F_INT(T, recovery_codes, 0, 0, 0, "how many are left"),
};
#undef T
const struct promo_schema promo_mfa_usable_row_schema =
	PROMO_SCHEMA(struct promo_mfa_usable_row, "mfa_usable", mfa_usable);

#define T struct promo_mfa_method_row
static const struct promo_field mfa_method[] = {
	PROMO_F_TEXT(T, secret, SECRET, 0, 0, PROMO_NULLABLE, "sealed, in hex"),
	PROMO_F_TEXT(T, key_id, TEXT, 0, 0, PROMO_NULLABLE, "with which key"),
	PROMO_F_TEXT(T, address, TEXT, 0, 0, PROMO_NULLABLE, "where its codes go"),
	PROMO_F_INT(T, last_step, 0, 0, 0, "the last that was used"),
	PROMO_F_TIME(T, confirmed_at, PROMO_NULLABLE, "when it began to count"),
};
#undef T
const struct promo_schema promo_mfa_method_row_schema =
	PROMO_SCHEMA(struct promo_mfa_method_row, "mfa_method", mfa_method);

#define T struct promo_mfa_guess_row
static const struct promo_field mfa_guess[] = {
	PROMO_F_INT(T, wrong, 0, 0, 0, "codes in a row"),
	PROMO_F_INT(T, wait_s, 0, 0, 0, "until one is looked at again"),
};
#undef T
const struct promo_schema promo_mfa_guess_row_schema =
	PROMO_SCHEMA(struct promo_mfa_guess_row, "mfa_guess", mfa_guess);

static const struct promo_field count[] = {
	PROMO_F_INT(struct promo_count_row, count, 0, 0, 0, "how many"),
};
const struct promo_schema promo_count_row_schema =
	PROMO_SCHEMA(struct promo_count_row, "count", count);
