/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op_auth.h"

/*
 * The second factor: its question at sign-in, its enrolment and removal, and recovery codes.
 *
 * A sign-in whose user has one is answered 401 PROMO_E_MFA_REQUIRED with the members below. The token
 * stands for that one sign-in for five minutes and five wrong codes: until then a wrong code is
 * PROMO_E_INVALID_CREDENTIALS and may be followed by another; PROMO_E_SESSION_EXPIRED says that the
 * token is good for nothing (any more), so that the sign-in begins anew with the password.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_MFA_CODE_MAX = 64 /* characters, with the blanks and dashes that people type */
};

/* Extra members of PROMO_E_MFA_REQUIRED. */
struct promo_mfa_member {
	const char *mfa_token;
	struct promo_texts methods; /* words of promo_mfa_method_words, the best first */
};
extern const struct promo_schema promo_mfa_member_schema;

struct promo_mfa_in {
	struct promo_set set;
	const char *mfa_token;
	int method; /* enum promo_mfa_method */
	const char *code;
};

extern const struct promo_schema promo_mfa_in_schema;

struct promo_mfa_send_in {
	struct promo_set set;
	const char *mfa_token;
	int method; /* enum promo_mfa_method */
};

/* A seed that counts once it is confirmed. */
struct promo_totp_answer {
	const char *secret; /* base32, as authenticator apps take it by hand */
	const char *uri;    /* otpauth://, as they read it from a QR code */
};

struct promo_code_in {
	struct promo_set set;
	const char *code;
};

struct promo_totp_remove_in {
	struct promo_set set;
	const char *password, *code;
};

struct promo_password_in {
	struct promo_set set;
	const char *password;
};

struct promo_recovery_codes {
	struct promo_texts recovery_codes; /* shown this once */
};

extern const struct promo_op promo_op_auth_mfa, promo_op_auth_mfa_send, promo_op_me_mfa_totp,
	promo_op_me_mfa_totp_confirm, promo_op_me_mfa_totp_remove, promo_op_me_mfa_recovery_codes,
	promo_op_me_mfa_email, promo_op_me_mfa_email_confirm, promo_op_me_mfa_sms,
	promo_op_me_mfa_sms_confirm, promo_op_user_mfa_remove;

PROMO_END_DECLS
