/* SPDX-License-Identifier: MIT */
#include "libpromo/api/op_mfa.h"

#include "libpromo/model/words.h"

#define T struct promo_mfa_member
static const struct promo_field mfa_member[] = {
	PROMO_F_TEXT(T, mfa_token, SECRET, 0, 0, 0, "for POST /auth/mfa, for five minutes"),
	PROMO_F_TEXTS(T, methods, 0, 0, &promo_mfa_method_words, 0, "what may be used, best first"),
};
#undef T
const struct promo_schema promo_mfa_member_schema =
	PROMO_SCHEMA(struct promo_mfa_member, "mfa_member", mfa_member);

#define F_MFA_TOKEN(T)                                                                             \
	PROMO_F_TEXT(T, mfa_token, SECRET, 1, 100, PROMO_REQUIRED, "mfa_token of the sign-in")
#define F_METHOD(T)                                                                                \
	PROMO_F_ENUM(T, method, promo_mfa_method_words, PROMO_REQUIRED, "one of its methods")
#define F_CODE(T, help)                                                                            \
	PROMO_F_TEXT(T, code, SECRET, 1, PROMO_MFA_CODE_MAX, PROMO_REQUIRED | PROMO_KNOWN, help)
#define F_PASSWORD(T)                                                                              \
	PROMO_F_TEXT(T, password, SECRET, 1, PROMO_PASSWORD_MAX,                                   \
		PROMO_REQUIRED | PROMO_RAW | PROMO_KNOWN, "your password")

#define T struct promo_mfa_in
static const struct promo_field mfa_in[] = {
	F_MFA_TOKEN(T),
	F_METHOD(T),
	F_CODE(T, "the code"),
};
#undef T
const struct promo_schema promo_mfa_in_schema = PROMO_INPUT(struct promo_mfa_in, "mfa_in", mfa_in);

#define T struct promo_mfa_send_in
static const struct promo_field mfa_send_in[] = {
	F_MFA_TOKEN(T),
	F_METHOD(T),
};
#undef T
static const struct promo_schema mfa_send_in_schema =
	PROMO_INPUT(struct promo_mfa_send_in, "mfa_send_in", mfa_send_in);

#define T struct promo_totp_answer
static const struct promo_field totp_answer[] = {
	PROMO_F_TEXT(T, secret, TEXT, 0, 0, 0, "base32, to be typed into an authenticator app"),
	PROMO_F_TEXT(T, uri, TEXT, 0, 0, 0, "the same as otpauth:// URI, for a QR code"),
};
#undef T
static const struct promo_schema totp_answer_schema =
	PROMO_SCHEMA(struct promo_totp_answer, "totp_answer", totp_answer);

#define T struct promo_code_in
static const struct promo_field code_in[] = { F_CODE(T, "the code that the app shows now") };
#undef T
static const struct promo_schema code_in_schema =
	PROMO_INPUT(struct promo_code_in, "code_in", code_in);

#define T struct promo_code_in
static const struct promo_field sent_code_in[] = { F_CODE(T, "the code that was sent") };
#undef T
static const struct promo_schema sent_code_in_schema =
	PROMO_INPUT(struct promo_code_in, "sent_code_in", sent_code_in);

#define T struct promo_totp_remove_in
static const struct promo_field totp_remove_in[] = {
	F_PASSWORD(T),
	F_CODE(T, "the code that the app shows now, or a recovery code"),
};
#undef T
static const struct promo_schema totp_remove_in_schema =
	PROMO_INPUT(struct promo_totp_remove_in, "totp_remove_in", totp_remove_in);

#define T struct promo_password_in
static const struct promo_field password_in[] = { F_PASSWORD(T) };
#undef T
static const struct promo_schema password_in_schema =
	PROMO_INPUT(struct promo_password_in, "password_in", password_in);

#define T struct promo_recovery_codes
static const struct promo_field recovery_codes[] = {
	PROMO_F_TEXTS(T, recovery_codes, 0, 0, NULL, 0, "each stands in for the app once"),
};
#undef T
static const struct promo_schema recovery_codes_schema =
	PROMO_SCHEMA(struct promo_recovery_codes, "recovery_codes", recovery_codes);

const struct promo_op promo_op_auth_mfa = {
	.name = "auth.mfa",
	.summary = "Go on with a sign-in that asked for a second factor",
	.method = PROMO_POST,
	.path = "/auth/mfa",
	.access = PROMO_ACCESS_PUBLIC,
	.flags = PROMO_OP_WRITES | PROMO_OP_SIGN_IN | PROMO_OP_NO_CLI | PROMO_OP_MFA_CODE,
	.in = &promo_mfa_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_login_answer_schema,
	.status = 200,
	.errors = { { PROMO_E_INVALID_CREDENTIALS }, { PROMO_E_SESSION_EXPIRED },
		{ PROMO_E_ORIGIN_NOT_ALLOWED }, { PROMO_E_TOO_MANY_REQUESTS } },
};

const struct promo_op promo_op_auth_mfa_send = {
	.name = "auth.mfa-send",
	.summary = "Have the code of a second factor sent",
	.method = PROMO_POST,
	.path = "/auth/mfa/send",
	.access = PROMO_ACCESS_PUBLIC,
	.flags = PROMO_OP_WRITES | PROMO_OP_SIGN_IN | PROMO_OP_NO_CLI,
	.in = &mfa_send_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_SESSION_EXPIRED }, { PROMO_E_TOO_MANY_REQUESTS } },
};

const struct promo_op promo_op_me_mfa_totp = {
	.name = "me.mfa-totp",
	.summary = "Begin to enrol an authenticator app as your second factor",
	.method = PROMO_POST,
	.path = "/me/mfa/totp",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_UNENROLLED,
	.shape = PROMO_SHAPE_ONE,
	.out = &totp_answer_schema,
	.status = 200,
	.errors = { { PROMO_E_MFA_ALREADY_ENROLLED }, { PROMO_E_MFA_NOT_OFFERED } },
	.examples = "promo me mfa-totp",
};

const struct promo_op promo_op_me_mfa_totp_confirm = {
	.name = "me.mfa-totp-confirm",
	.summary = "Finish the enrolment with a code of the app; your other sessions end",
	.method = PROMO_POST,
	.path = "/me/mfa/totp/confirm",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_UNENROLLED,
	.in = &code_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &recovery_codes_schema,
	.status = 200,
	.errors = { { PROMO_E_INVALID_CREDENTIALS }, { PROMO_E_MFA_ALREADY_ENROLLED },
		{ PROMO_E_MFA_NOT_ENROLLED } },
	.examples = "promo me mfa-totp-confirm",
};

const struct promo_op promo_op_me_mfa_totp_remove = {
	.name = "me.mfa-totp-remove",
	.summary = "Remove your authenticator app; your other sessions end",
	.method = PROMO_POST,
	.path = "/me/mfa/totp/remove",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_HASHES | PROMO_OP_PASSWORD | PROMO_OP_MFA_CODE |
		 PROMO_OP_UNENROLLED,
	.in = &totp_remove_in_schema,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_INVALID_CREDENTIALS }, { PROMO_E_MFA_NOT_ENROLLED },
		{ PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo me mfa-totp-remove",
};

const struct promo_op promo_op_me_mfa_recovery_codes = {
	.name = "me.mfa-recovery-codes",
	.summary = "Make new recovery codes; the old ones end",
	.method = PROMO_POST,
	.path = "/me/mfa/recovery-codes",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_HASHES | PROMO_OP_PASSWORD | PROMO_OP_UNENROLLED,
	.in = &password_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &recovery_codes_schema,
	.status = 200,
	.errors = { { PROMO_E_INVALID_CREDENTIALS }, { PROMO_E_MFA_NOT_ENROLLED },
		{ PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo me mfa-recovery-codes",
};

const struct promo_op promo_op_me_mfa_email = {
	.name = "me.mfa-email",
	.summary = "Begin to enrol codes by e-mail as your second factor: one is sent to your "
		   "e-mail address",
	.method = PROMO_POST,
	.path = "/me/mfa/email",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_UNENROLLED,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_MFA_ALREADY_ENROLLED }, { PROMO_E_MFA_NOT_OFFERED },
		{ PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo me mfa-email",
};

const struct promo_op promo_op_me_mfa_email_confirm = {
	.name = "me.mfa-email-confirm",
	.summary = "Finish the enrolment with the code that was sent; your other sessions end",
	.method = PROMO_POST,
	.path = "/me/mfa/email/confirm",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_MFA_CODE | PROMO_OP_UNENROLLED,
	.in = &sent_code_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &recovery_codes_schema,
	.status = 200,
	.errors = { { PROMO_E_INVALID_CREDENTIALS }, { PROMO_E_MFA_ALREADY_ENROLLED },
		{ PROMO_E_MFA_NOT_ENROLLED }, { PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo me mfa-email-confirm",
};

const struct promo_op promo_op_me_mfa_sms = {
	.name = "me.mfa-sms",
	.summary = "Begin to enrol codes by SMS as your second factor: one is sent to your phone",
	.method = PROMO_POST,
	.path = "/me/mfa/sms",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_UNENROLLED,
	.shape = PROMO_SHAPE_NONE,
	.status = 204,
	.errors = { { PROMO_E_MFA_ALREADY_ENROLLED }, { PROMO_E_MFA_NOT_OFFERED },
		{ PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo me mfa-sms",
};

const struct promo_op promo_op_me_mfa_sms_confirm = {
	.name = "me.mfa-sms-confirm",
	.summary = "Finish the enrolment with the code that was sent; your other sessions end",
	.method = PROMO_POST,
	.path = "/me/mfa/sms/confirm",
	.access = PROMO_ACCESS_SELF,
	.flags = PROMO_OP_WRITES | PROMO_OP_MFA_CODE | PROMO_OP_UNENROLLED,
	.in = &sent_code_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &recovery_codes_schema,
	.status = 200,
	.errors = { { PROMO_E_INVALID_CREDENTIALS }, { PROMO_E_MFA_ALREADY_ENROLLED },
		{ PROMO_E_MFA_NOT_ENROLLED }, { PROMO_E_TOO_MANY_REQUESTS } },
	.examples = "promo me mfa-sms-confirm",
};

const struct promo_op promo_op_user_mfa_remove = {
	.name = "user.mfa-remove",
	.summary = "Remove the second factor that a user lost; every session of his ends",
	.method = PROMO_POST,
	.path = "/users/{id}/mfa/remove",
	.access = PROMO_ACCESS_PERMISSION,
	.required = { { PROMO_P_USERS_UPDATE } },
	.flags = PROMO_OP_WRITES,
	.in = &promo_id_in_schema,
	.shape = PROMO_SHAPE_ONE,
	.out = &promo_user_schema,
	.status = 200,
	.errors = { { PROMO_E_NOT_FOUND }, { PROMO_E_MFA_NOT_ENROLLED } },
	.examples = "promo user mfa-remove 0190a1b2-...",
};
