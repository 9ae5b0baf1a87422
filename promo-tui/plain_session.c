/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_system.h"
#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "promo-tui/plain_inside.h"
#include "promo-tui/spoken.h"

/* Who is there. */

/* Turns to the profile's server, or to one that is asked for. */
static bool reach(struct tui_plain *plain, struct tui_profile *profile, struct promo_arena *arena)
{
	struct tui_remote *remote = plain->config->remote;

	for (;;) {
		if (!profile->server) {
			if (!tui_plain_ask(plain, "Server, such as https://promo.example.com: "))
				return false;
			profile->server = promo_arena_strdup(arena, plain->line);
		}
		/* The token of the session before, which the new one ends. */
		if (profile->server &&
			remote->connect(remote, profile->server, profile->token) == 0)
			break;
		tui_plain_say(plain, "\"%s\" is no address of a server.", plain->line);
		profile->server = NULL;
	}
	if (remote->is_clear(remote, NULL))
		tui_plain_say(plain,
			"Warning: what goes to %s can be read by everybody on the way.",
			profile->server);
	return true;
}

static bool holds(const struct promo_texts *permissions, enum promo_permission permission)
{
	for (size_t i = 0; i < permissions->count; i++)
		if (strcmp(permissions->items[i], promo_permission_key(permission)) == 0)
			return true;
	return false;
}

/* What waited for this user, and what waits for others. */
static void say_what_waits(struct tui_plain *plain)
{
	const struct tui_outbox *outbox = plain->config->outbox;
	const size_t mine = tui_outbox_count(outbox, true);
	struct tui_outbox_item item;
	const char *folder;

	if (mine)
		tui_plain_say(plain,
			"WARNING: %zu without an answer. Pay nothing out for them; they are asked "
			"for "
			"again now.",
			mine);
	for (size_t i = 0; tui_outbox_item(outbox, i, &item); i++)
		if (!item.mine)
			tui_plain_say(plain, "%s for %s waits for %s to sign in here.",
				tui_spoken_code(plain->arena, item.in.code), item.in.phone_number,
				item.user_name ? item.user_name : "another user");
	if (tui_outbox_damaged(outbox, &folder))
		tui_plain_say(plain, "WARNING: a file in %s cannot be read.", folder);
}

/* Whose shop it is, as its server says: "MBELYCO (https://promo.example.com)". No reason to fail. */
static const char *shop(struct tui_plain *plain, const char *server, struct promo_arena *arena)
{
	const struct promo_version_answer *answer;
	const char *text = NULL;
	struct tui_reply reply;

	if (!tui_plain_call(plain, TUI_PLAIN_TAG_OWN, &promo_op_server_version, NULL, NULL, &reply))
		return server;
	answer = reply.error ? NULL : reply.reply.out;
	if (answer && answer->company_name)
		text = promo_arena_printf(
			arena, "%s (%s)", tui_spoken_text(arena, answer->company_name), server);
	return text ? text : server;
}

/* It is kept for the next start. What stood at the counter stays for the same user alone. */
static bool begin_session(struct tui_plain *plain, struct tui_profile *profile,
	const struct promo_login_answer *answer, struct promo_arena *arena)
{
	const struct promo_user *user = answer->user;
	const struct tui_outbox_owner owner = {
		.server = profile->server,
		.user_id = user->id,
		.user_name = plain->user_name,
	};
	struct tui_profiles *profiles = plain->config->profiles;

	(void)snprintf(plain->user_name, sizeof(plain->user_name), "%s",
		tui_spoken_name(plain->arena, user->first_name, user->last_name));
	if (strcmp(plain->user_id, user->id) != 0)
		tui_plain_clear(plain);
	(void)snprintf(plain->user_id, sizeof(plain->user_id), "%s", user->id);
	profile->token = answer->token;
	if (profiles->save(profiles, plain->config->profile, profile))
		tui_plain_say(plain, "The session could not be kept on disk.");
	if (tui_outbox_set_owner(plain->config->outbox, &owner)) {
		plain->failed = plain->ended = true;
		return false;
	}
	plain->session_ended = false;
	tui_counter_signed_in(&plain->counter, promo_monotonic_ms());
	tui_plain_say(plain, "Signed in to %s as %s.", shop(plain, profile->server, arena),
		plain->user_name);
	say_what_waits(plain);
	return true;
}

/* One try. The answer's texts are copied before the old session is ended. */
static bool try_login(struct tui_plain *plain, struct tui_profile *profile, const char *password,
	struct promo_arena *arena)
{
	struct tui_remote *remote = plain->config->remote;
	const struct promo_login_in in = { .identifier = profile->user, .password = password };
	struct promo_login_answer answer;
	const bool replaces = profile->token;
	struct promo_user user;
	struct tui_reply reply;

	if (!tui_plain_call(plain, TUI_PLAIN_TAG_OWN, &promo_op_auth_login, &in, NULL, &reply))
		return false;
	if (reply.error == PROMO_E_MFA_REQUIRED) {
		if (!tui_plain_factor(plain, &reply, arena))
			return false;
	} else if (reply.error) {
		tui_plain_say_refusal(plain, &reply);
		return false;
	}
	answer = *(const struct promo_login_answer *)reply.reply.out;
	user = (struct promo_user){
		.id = promo_arena_strdup(arena, answer.user->id),
		.first_name = promo_arena_strdup(arena, answer.user->first_name),
		.last_name = promo_arena_strdup(arena, answer.user->last_name),
	};
	answer.user = &user;
	answer.token = promo_arena_strdup(arena, answer.token);
	plain->finds_customers = holds(&answer.permissions, PROMO_P_CUSTOMERS_SEARCH);
	if (!answer.token || !user.id) {
		plain->failed = plain->ended = true;
		return false;
	}
	if (!begin_session(plain, profile, &answer, arena))
		return false;
	if (replaces)
		(void)tui_plain_call(
			plain, TUI_PLAIN_TAG_OWN, &promo_op_auth_logout, NULL, NULL, &reply);
	if (remote->set_token(remote, answer.token)) {
		plain->failed = plain->ended = true;
		return false;
	}
	plain->signed_in = !answer.mfa_enrolment_required || tui_plain_enrol(plain);
	return plain->signed_in;
}

bool tui_plain_sign_in(struct tui_plain *plain, const char *why)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new_secret(TUI_PLAIN_BYTES_MAX);
	struct tui_profiles *profiles = plain->config->profiles;
	struct tui_profile profile = profiles->get(profiles, plain->config->profile);
	const char *prompt;

	plain->signed_in = false;
	if (why)
		tui_plain_say(plain, "%s", why);
	/* Saving the session may move the profile's own texts. */
	profile.server = arena ? promo_arena_strdup(arena, profile.server) : NULL;
	profile.user = arena ? promo_arena_strdup(arena, profile.user) : NULL;
	profile.token = arena ? promo_arena_strdup(arena, profile.token) : NULL;
	profile.name = arena ? promo_arena_strdup(arena, profile.name) : NULL;
	if (!arena || !reach(plain, &profile, arena))
		return false;
	prompt = profile.user ? promo_arena_printf(arena, "E-mail or phone (Enter for %s): ",
					tui_spoken_text(arena, profile.user))
			      : "E-mail or phone: ";
	while (!plain->signed_in) {
		if (!prompt || !tui_plain_ask(plain, prompt))
			return false;
		if (*plain->line)
			profile.user = promo_arena_strdup(arena, plain->line);
		if (!profile.user)
			continue;
		if (!tui_plain_ask_secret(plain, "Password: "))
			return false;
		(void)try_login(plain, &profile, plain->line, arena);
		explicit_bzero(plain->line, sizeof(plain->line));
	}
	return true;
}
