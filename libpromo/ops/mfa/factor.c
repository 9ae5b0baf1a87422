/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mfa/factor.h"

#include <errno.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/random.h"
#include "libpromo/base/seal.h"
#include "libpromo/base/uuid.h"
#include "libpromo/ops/alert.h"
#include "libpromo/ops/mfa/sent.h"
#include "libpromo/ops/run.h"
#include "libpromo/rules/mfa.h"
#include "libpromo/store/store.h"

enum {
	SEALED_BYTES = PROMO_TOTP_SECRET_BYTES + PROMO_SEAL_EXTRA_BYTES
};

static const char *app(void)
{
	return promo_word(&promo_mfa_method_words, PROMO_MFA_AUTHENTICATOR_APP);
}

static struct promo_params about(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_param_text(&params, user_id);
	return params;
}

int promo_factor_usable(
	struct promo_ctx *ctx, const char *user_id, struct promo_mfa_usable_row *ret)
{
	struct promo_params params = about(ctx, user_id);

	return promo_store_one(ctx->store, ctx->arena, PROMO_Q_MFA_METHOD_USABLE, &params, ret);
}

/*
 * Seeds.
 */

/* What a seed is sealed for: nobody else's. */
static int label(struct promo_ctx *ctx, const char *user_id, const char **ret)
{
	*ret = promo_arena_printf(ctx->arena, "%s/%s", user_id, app());
	return *ret ? 0 : promo_fault(-ENOMEM, "could not seal a seed");
}

/* Adds the parameters `secret` and `key_id`. */
static int add_sealed(struct promo_ctx *ctx, const char *user_id, const unsigned char *secret,
	struct promo_params *params)
{
	unsigned char sealed[SEALED_BYTES];
	char key_id[PROMO_SEAL_KEY_ID_SIZE];
	const char *whose;
	int r;

	if (!ctx->config->mfa_key)
		return promo_fault(-ENOKEY, "there is no key to seal a seed with");
	r = label(ctx, user_id, &whose);
	if (r)
		return r;
	promo_seal(ctx->config->mfa_key, whose, secret, PROMO_TOTP_SECRET_BYTES, sealed);
	promo_seal_key_id(ctx->config->mfa_key, key_id);
	promo_param_bytes(params, sealed, sizeof(sealed));
	promo_param_text(params, key_id);
	return 0;
}

static int open_sealed(struct promo_ctx *ctx, const char *user_id,
	const struct promo_mfa_method_row *row, unsigned char secret[PROMO_TOTP_SECRET_BYTES],
	bool *ret_old)
{
	const unsigned char *const keys[] = { ctx->config->mfa_key, ctx->config->mfa_old_key };
	unsigned char sealed[SEALED_BYTES];
	char key_id[PROMO_SEAL_KEY_ID_SIZE];
	const char *whose;
	int r;

	r = label(ctx, user_id, &whose);
	if (r)
		return r;
	if (!row->secret || promo_hex_decode(row->secret, sealed, sizeof(sealed)))
		return promo_fault(-EBADMSG, "the seed of a second factor is none");
	for (size_t i = 0; i < PROMO_COUNT(keys); i++) {
		if (!keys[i])
			continue;
		promo_seal_key_id(keys[i], key_id);
		if (strcmp(key_id, row->key_id ? row->key_id : "") != 0)
			continue;
		if (promo_unseal(keys[i], whose, sealed, sizeof(sealed), secret))
			return promo_fault(
				-EBADMSG, "the seed of a second factor is not as it was sealed");
		*ret_old = i > 0;
		return 0;
	}
	return promo_fault(-ENOKEY,
		"the seed of a second factor was sealed with the key %s, which is neither that of "
		"mfa_key_file nor that of mfa_old_key_file",
		row->key_id ? row->key_id : "(none)");
}

static int read_method(struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method,
	struct promo_mfa_method_row *ret, bool *ret_found)
{
	struct promo_params params = about(ctx, user_id);

	promo_param_text(&params, promo_word(&promo_mfa_method_words, (int)method));
	return promo_store_find(
		ctx->store, ctx->arena, PROMO_Q_MFA_METHOD_GET, &params, ret, ret_found);
}

static int read_app(struct promo_ctx *ctx, const char *user_id, struct promo_mfa_method_row *ret,
	bool *ret_found)
{
	return read_method(ctx, user_id, PROMO_MFA_AUTHENTICATOR_APP, ret, ret_found);
}

/* Which step of an app's this code is, if it is one that was not used; and whether its seed has to be
 * sealed anew. */
struct found {
	bool right, old;
	int64_t step;
	unsigned char secret[PROMO_TOTP_SECRET_BYTES];
};

static int find_step(struct promo_ctx *ctx, const char *user_id,
	const struct promo_mfa_method_row *row, const char *code, struct found *ret)
{
	int r;

	r = open_sealed(ctx, user_id, row, ret->secret, &ret->old);
	return r ? r
		 : promo_totp_find(ret->secret, sizeof(ret->secret), ctx->now_ms, row->last_step,
			   code, &ret->right, &ret->step);
}

/*
 * Codes.
 */

static int use_step(
	struct promo_ctx *ctx, const char *user_id, const struct found *found, bool *ret_right)
{
	struct promo_params params = about(ctx, user_id);
	int64_t used;
	int r = 0;

	promo_param_text(&params, app());
	promo_param_int(&params, found->step);
	if (found->old) {
		r = add_sealed(ctx, user_id, found->secret, &params);
	} else {
		promo_param_null(&params);
		promo_param_null(&params);
	}
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_MFA_METHOD_USE, &params, &used);
	if (!r)
		*ret_right = used == 1;
	return r;
}

static int check_app(struct promo_ctx *ctx, const char *user_id, const char *code, bool *ret_right)
{
	struct promo_mfa_method_row row;
	struct found found = { 0 };
	bool enrolled;
	int r;

	*ret_right = false;
	r = read_app(ctx, user_id, &row, &enrolled);
	if (r || !enrolled || !row.confirmed_at)
		return r;
	r = find_step(ctx, user_id, &row, code, &found);
	if (!r && found.right)
		r = use_step(ctx, user_id, &found, ret_right);
	promo_secret_wipe(&found, sizeof(found));
	return r;
}

static int hash_recovery(struct promo_ctx *ctx, const char *user_id, const char *code,
	unsigned char ret[PROMO_HASH_BYTES])
{
	char *text = promo_arena_printf(ctx->arena, "%s/%s", user_id, code);

	if (!text)
		return promo_fault(-ENOMEM, "could not look at a recovery code");
	promo_hash_keyed(ctx->config->hash_key, text, strlen(text), ret);
	promo_secret_wipe_text(text);
	return 0;
}

static int check_recovery(
	struct promo_ctx *ctx, const char *user_id, const char *code, bool *ret_right)
{
	struct promo_params params = about(ctx, user_id);
	unsigned char hash[PROMO_HASH_BYTES];
	char typed[PROMO_RECOVERY_SIZE];
	int64_t used;
	int r;

	*ret_right = false;
	if (promo_recovery_code_read(code, typed))
		return 0;
	r = hash_recovery(ctx, user_id, typed, hash);
	if (r)
		return r;
	promo_param_bytes(&params, hash, sizeof(hash));
	r = promo_store_exec(ctx->store, PROMO_Q_RECOVERY_CODE_USE, &params, &used);
	if (!r)
		*ret_right = used == 1;
	return r;
}

/*
 * Guesses.
 */

struct evidence {
	const char *user_id;
	int64_t wrong;
};

#define T struct evidence
static const struct promo_field evidence_fields[] = {
	PROMO_F_TEXT(T, user_id, ID, 0, 0, 0, "whose second factor is guessed"),
	PROMO_F_INT(T, wrong, 0, 0, 0, "wrong codes in a row"),
};
#undef T
static const struct promo_schema evidence_schema =
	PROMO_SCHEMA(struct evidence, "mfa_guessing_evidence", evidence_fields);

static int raise_alert(struct promo_ctx *ctx, const char *user_id, int64_t wrong)
{
	const struct evidence evidence = { user_id, wrong };

	return promo_alert_raise(ctx, &(struct promo_alert_cause){
					      .kind = PROMO_ALERT_MFA_GUESSING,
					      .about = user_id,
					      .evidence_schema = &evidence_schema,
					      .evidence = &evidence,
				      });
}

static int read_guesses(struct promo_ctx *ctx, const char *user_id, struct promo_mfa_guess_row *ret)
{
	struct promo_params params = about(ctx, user_id);
	bool found;
	int r;

	r = promo_store_find(ctx->store, ctx->arena, PROMO_Q_MFA_GUESS_GET, &params, ret, &found);
	if (!r && !found)
		*ret = (struct promo_mfa_guess_row){ 0 };
	return r;
}

static int count_wrong(struct promo_ctx *ctx, const char *user_id, int64_t wrong)
{
	struct promo_params params = about(ctx, user_id);
	int r;

	promo_param_int(&params, wrong);
	promo_param_int(&params, promo_mfa_delay_ms(wrong));
	r = promo_store_exec(ctx->store, PROMO_Q_MFA_GUESS_WRONG, &params, NULL);
	if (!r && wrong >= PROMO_MFA_WRONG_ALERT)
		r = raise_alert(ctx, user_id, wrong);
	return r;
}

static int forget_wrong(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_params params = about(ctx, user_id);

	return promo_store_exec(ctx->store, PROMO_Q_MFA_GUESS_FORGET, &params, NULL);
}

/* A code that is looked at, unless too many were wrong. */
static int check_slowly(
	struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method, const char *code)
{
	struct promo_mfa_guess_row guesses;
	bool right;
	int r;

	r = read_guesses(ctx, user_id, &guesses);
	if (r)
		return r;
	if (guesses.wait_s > 0) {
		ctx->problem.retry_after_s = guesses.wait_s;
		/* Without a window: only a right code makes wrong ones forgotten. */
		ctx->rate_limit = (struct promo_rate_limit){
			.name = "mfa-codes",
			.quota = PROMO_MFA_WRONG_FREE + 1,
			.reset_s = guesses.wait_s,
		};
		return promo_ctx_refuse(ctx, PROMO_E_TOO_MANY_REQUESTS,
			"too many codes were wrong, wait before the next, or use a recovery code");
	}
	r = method == PROMO_MFA_AUTHENTICATOR_APP
		    ? check_app(ctx, user_id, code, &right)
		    : promo_sent_use(ctx, user_id, method, code, &right);
	if (r)
		return r;
	if (right)
		return guesses.wrong > 0 ? forget_wrong(ctx, user_id) : 0;
	r = count_wrong(ctx, user_id, guesses.wrong + 1);
	return r ? r : PROMO_E_INVALID_CREDENTIALS;
}

int promo_factor_check(
	struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method, const char *code)
{
	const char *address = NULL;
	bool right = false;
	int r = 0;

	switch (method) {
	case PROMO_MFA_AUTHENTICATOR_APP:
		r = check_slowly(ctx, user_id, method, code);
		right = r == 0;
		break;
	case PROMO_MFA_RECOVERY_CODE:
		r = check_recovery(ctx, user_id, code, &right);
		if (right)
			r = forget_wrong(ctx, user_id);
		break;
	case PROMO_MFA_EMAIL:
	case PROMO_MFA_SMS:
		r = promo_sent_address(ctx, user_id, method, &address);
		if (!r && address) {
			r = check_slowly(ctx, user_id, method, code);
			right = r == 0;
		}
		break;
	}
	if (r == PROMO_E_INVALID_CREDENTIALS || (!r && !right)) {
		ctx->commit_refusal = true;
		return promo_ctx_refuse(ctx, PROMO_E_INVALID_CREDENTIALS,
			"the code is wrong, or it was used before");
	}
	return r;
}

enum promo_mfa_method promo_factor_guess(const char *code)
{
	char read[PROMO_RECOVERY_SIZE];

	return promo_recovery_code_read(code, read) == 0 ? PROMO_MFA_RECOVERY_CODE
							 : PROMO_MFA_AUTHENTICATOR_APP;
}

/*
 * Enrolment and removal.
 */

int promo_factor_enrol(struct promo_ctx *ctx, const char *user_id,
	const unsigned char secret[PROMO_TOTP_SECRET_BYTES])
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	char id[PROMO_UUID_SIZE];
	int64_t enrolled;
	int r;

	promo_uuid_new(id);
	promo_param_text(&params, id);
	promo_param_text(&params, user_id);
	promo_param_text(&params, app());
	r = add_sealed(ctx, user_id, secret, &params);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_MFA_METHOD_ENROL, &params, &enrolled);
	if (r)
		return r;
	return enrolled == 1 ? 0 : PROMO_E_MFA_ALREADY_ENROLLED;
}

static int set_enabled(struct promo_ctx *ctx, const char *user_id, bool enabled)
{
	struct promo_params params = about(ctx, user_id);

	promo_param_bool(&params, enabled);
	return promo_store_exec(ctx->store, PROMO_Q_USER_SETMFA, &params, NULL);
}

int promo_factor_confirm(struct promo_ctx *ctx, const char *user_id, const char *code)
{
	struct promo_params params = about(ctx, user_id);
	struct promo_mfa_method_row row;
	struct found found = { 0 };
	bool enrolled;
	int r;

	r = read_app(ctx, user_id, &row, &enrolled);
	if (r)
		return r;
	if (!enrolled)
		return promo_ctx_refuse(
			ctx, PROMO_E_MFA_NOT_ENROLLED, "no enrolment waits to be confirmed");
	if (row.confirmed_at)
		return PROMO_E_MFA_ALREADY_ENROLLED;
	r = find_step(ctx, user_id, &row, code, &found);
	promo_secret_wipe(found.secret, sizeof(found.secret));
	if (r)
		return r;
	if (!found.right)
		return promo_ctx_refuse(ctx, PROMO_E_INVALID_CREDENTIALS,
			"the code is not the one that the app should show now; are both clocks "
			"right?");
	promo_param_text(&params, app());
	promo_param_int(&params, found.step);
	r = promo_store_exec(ctx->store, PROMO_Q_MFA_METHOD_CONFIRM, &params, NULL);
	return r ? r : set_enabled(ctx, user_id, true);
}

int promo_factor_confirm_sent(
	struct promo_ctx *ctx, const char *user_id, enum promo_mfa_method method, const char *code)
{
	struct promo_params params = about(ctx, user_id);
	struct promo_mfa_method_row row;
	bool begun;
	int r;

	r = read_method(ctx, user_id, method, &row, &begun);
	if (r)
		return r;
	if (!begun)
		return promo_ctx_refuse(
			ctx, PROMO_E_MFA_NOT_ENROLLED, "no enrolment waits to be confirmed");
	if (row.confirmed_at)
		return PROMO_E_MFA_ALREADY_ENROLLED;
	r = check_slowly(ctx, user_id, method, code);
	if (r == PROMO_E_INVALID_CREDENTIALS) {
		ctx->commit_refusal = true;
		return promo_ctx_refuse(ctx, PROMO_E_INVALID_CREDENTIALS,
			"the code is not the one that was sent last, or it is too old");
	}
	if (r)
		return r;
	promo_param_text(&params, promo_word(&promo_mfa_method_words, (int)method));
	promo_param_int(&params, 0);
	r = promo_store_exec(ctx->store, PROMO_Q_MFA_METHOD_CONFIRM, &params, NULL);
	return r ? r : set_enabled(ctx, user_id, true);
}

int promo_factor_recovery_codes(struct promo_ctx *ctx, const char *user_id, struct promo_texts *ret)
{
	const struct promo_random random = promo_random_system();
	struct promo_params params = about(ctx, user_id);
	const char **codes =
		promo_arena_alloc_array(ctx->arena, PROMO_RECOVERY_CODES, sizeof(*codes));
	const char *hashes[PROMO_RECOVERY_CODES];
	int r;

	r = promo_store_exec(ctx->store, PROMO_Q_RECOVERY_CODE_CLEAR, &params, NULL);
	for (int i = 0; !r && i < PROMO_RECOVERY_CODES; i++) {
		char *code = promo_arena_alloc(ctx->arena, PROMO_RECOVERY_SHOWN_SIZE);
		char *hex = promo_arena_alloc(ctx->arena, PROMO_HASH_HEX_SIZE);
		unsigned char hash[PROMO_HASH_BYTES];
		char read[PROMO_RECOVERY_SIZE];

		if (!codes || !code || !hex)
			return promo_fault(-ENOMEM, "could not make recovery codes");
		promo_recovery_code_new(&random, code);
		r = promo_recovery_code_read(code, read);
		if (!r)
			r = hash_recovery(ctx, user_id, read, hash);
		if (r)
			return r;
		promo_hex_encode(hash, sizeof(hash), hex);
		codes[i] = code;
		hashes[i] = hex;
	}
	if (r)
		return r;
	promo_param_texts(&params, (struct promo_texts){ hashes, PROMO_RECOVERY_CODES });
	r = promo_store_exec(ctx->store, PROMO_Q_RECOVERY_CODE_INSERT, &params, NULL);
	if (!r)
		*ret = (struct promo_texts){ codes, PROMO_RECOVERY_CODES };
	return r;
}

int promo_factor_remove(struct promo_ctx *ctx, const char *user_id)
{
	struct promo_params params = about(ctx, user_id);
	int r;

	r = promo_store_exec(ctx->store, PROMO_Q_MFA_METHOD_REMOVE, &params, NULL);
	if (!r)
		r = promo_store_exec(ctx->store, PROMO_Q_RECOVERY_CODE_CLEAR, &params, NULL);
	if (!r)
		r = forget_wrong(ctx, user_id);
	return r ? r : set_enabled(ctx, user_id, false);
}
