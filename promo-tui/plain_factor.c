/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/api/op_mfa.h"
#include "libpromo/base/error.h"
#include "libpromo/model/words.h"
#include "promo-tui/plain_inside.h"

/* The second factor: its code at sign-in, and its enrolment where it is wanted first. */

enum {
	APP_CODE_MAX = 8, /* letters and digits; what is longer is a recovery code */
	METHODS_MAX = 8,
};

struct question {
	const char *token;
	int methods[METHODS_MAX]; /* enum promo_mfa_method, the best first */
	size_t count;
};

static bool may(const struct question *question, int method)
{
	for (size_t i = 0; i < question->count; i++)
		if (question->methods[i] == method)
			return true;
	return false;
}

/* Of the answer that asks, which is gone with the next call. */
static bool read_question(
	const struct tui_reply *reply, struct promo_arena *arena, struct question *ret)
{
	const struct promo_mfa_member *asked = reply->reply.problem.members;
	struct question question = { 0 };

	if (!asked || reply->reply.problem.member_schema != &promo_mfa_member_schema)
		return false;
	question.token = promo_arena_strdup(arena, asked->mfa_token);
	for (size_t i = 0; i < asked->methods.count && question.count < METHODS_MAX; i++) {
		int method = promo_word_value(&promo_mfa_method_words, asked->methods.items[i]);

		if (method)
			question.methods[question.count++] = method;
	}
	*ret = question;
	return question.token && question.count > 0;
}

static int method_of(const struct question *question, const char *text)
{
	size_t letters = 0;

	for (; *text; text++)
		letters += !strchr(" -", *text);
	if (letters > APP_CODE_MAX && may(question, PROMO_MFA_RECOVERY_CODE))
		return PROMO_MFA_RECOVERY_CODE;
	return question->methods[0];
}

static const char *prompt_of(const struct question *question)
{
	const bool recovery = may(question, PROMO_MFA_RECOVERY_CODE);

	if (question->methods[0] == PROMO_MFA_AUTHENTICATOR_APP)
		return recovery ? "Code of your authenticator app, or a recovery code: "
				: "Code of your authenticator app: ";
	if (question->methods[0] == PROMO_MFA_RECOVERY_CODE)
		return "Recovery code: ";
	return recovery ? "Type send for a code to be sent, then the code; or a recovery code: "
			: "Type send for a code to be sent, then the code: ";
}

static bool send_code(struct tui_plain *plain, const struct question *question)
{
	const struct promo_mfa_send_in in = {
		.mfa_token = question->token,
		.method = question->methods[0],
	};
	struct tui_reply reply;

	if (!tui_plain_call(plain, TUI_PLAIN_TAG_OWN, &promo_op_auth_mfa_send, &in, NULL, &reply))
		return false;
	if (reply.error)
		tui_plain_say_refusal(plain, &reply);
	else
		tui_plain_say(plain, "A code is on its way to you.");
	return true;
}

bool tui_plain_factor(struct tui_plain *plain, struct tui_reply *reply, struct promo_arena *arena)
{
	struct question question;

	if (!read_question(reply, arena, &question)) {
		tui_plain_say(plain,
			"This sign-in wants a second factor that this program does not know.");
		return false;
	}
	while (tui_plain_ask(plain, prompt_of(&question)) && *plain->line) {
		const struct promo_mfa_in in = {
			.mfa_token = question.token,
			.method = method_of(&question, plain->line),
			.code = plain->line,
		};

		if (strcmp(plain->line, "send") == 0) {
			if (!send_code(plain, &question))
				return false;
			continue;
		}
		if (!tui_plain_call(plain, TUI_PLAIN_TAG_OWN, &promo_op_auth_mfa, &in, NULL, reply))
			return false;
		if (!reply->error)
			return true;
		if (reply->error == PROMO_E_SESSION_EXPIRED) {
			tui_plain_say(plain, "It took too long, or too many codes were wrong.");
			return false;
		}
		if (reply->error == PROMO_E_INVALID_CREDENTIALS)
			tui_plain_say(plain, "That code is wrong, or was used already.");
		else
			tui_plain_say_refusal(plain, reply);
	}
	return false;
}

static bool show_codes(struct tui_plain *plain, const struct promo_recovery_codes *answer)
{
	const struct promo_texts *codes = &answer->recovery_codes;

	tui_plain_say(plain, "Write these recovery codes down: they are not shown again. Each lets "
			     "you sign in once without the app.");
	for (size_t i = 0; i < codes->count; i++)
		tui_plain_say(plain, "%s", codes->items[i]);
	do {
		if (!tui_plain_ask(plain, "Type saved when you have written them down: "))
			return false;
	} while (strcmp(plain->line, "saved") != 0);
	return true;
}

/* "JBSW Y3DP ...": in groups, to be read out. */
static void say_secret(struct tui_plain *plain, const char *secret)
{
	char grouped[256];
	size_t used = 0;

	for (size_t i = 0; secret[i] && used + 2 < sizeof(grouped); i++) {
		if (i && i % 4 == 0)
			grouped[used++] = ' ';
		grouped[used++] = secret[i];
	}
	grouped[used] = '\0';
	tui_plain_say(plain, "Key: %s", grouped);
	explicit_bzero(grouped, sizeof(grouped));
}

static bool show_seed(struct tui_plain *plain)
{
	const struct promo_totp_answer *seed;
	struct tui_reply reply;

	if (!tui_plain_call(plain, TUI_PLAIN_TAG_OWN, &promo_op_me_mfa_totp, NULL, NULL, &reply))
		return false;
	if (reply.error) {
		tui_plain_say_refusal(plain, &reply);
		return false;
	}
	seed = reply.reply.out;
	tui_plain_say(plain, "A second factor has to be enrolled before anything else. Type this "
			     "key into an authenticator app:");
	say_secret(plain, seed->secret ? seed->secret : "");
	tui_plain_say(plain, "Or open this address with it: %s", seed->uri ? seed->uri : "");
	return true;
}

bool tui_plain_enrol(struct tui_plain *plain)
{
	struct tui_reply reply;

	if (!show_seed(plain))
		return false;
	while (tui_plain_ask(plain, "The six digits that the app shows then: ")) {
		const struct promo_code_in in = { .code = plain->line };

		if (!*plain->line)
			continue;
		if (!tui_plain_call(plain, TUI_PLAIN_TAG_OWN, &promo_op_me_mfa_totp_confirm, &in,
			    NULL, &reply))
			return false;
		if (!reply.error)
			return show_codes(plain, reply.reply.out);
		/* By a call whose answer was lost. */
		if (reply.error == PROMO_E_MFA_ALREADY_ENROLLED) {
			tui_plain_say(plain,
				"It was enrolled already; promo me mfa-recovery-codes makes new "
				"recovery codes.");
			return true;
		}
		if (reply.error == PROMO_E_INVALID_CREDENTIALS)
			tui_plain_say(plain,
				"That is not what the app should show now. Is the clock of the "
				"phone right?");
		else
			tui_plain_say_refusal(plain, &reply);
	}
	return false;
}
