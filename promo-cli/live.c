/* SPDX-License-Identifier: MIT */
#include "promo-cli/live.h"

#include <stdlib.h>
#include <string.h>

#include "libpromo/base/hash.h"
#include "libpromo/base/time.h"
#include "promo-cli/call.h"

enum {
	PAGE_ITEMS = 200,
	PAGE_BYTES_MAX = 4 * 1024 * 1024,
	KEPT_MS = 5000,
};

static const char *said(const struct cli_args *args, enum cli_opt own)
{
	return args->own[own] ? args->own[own] : "";
}

void cli_live_end(struct cli_live *live)
{
	promo_client_free(live->client);
	promo_arena_free(live->arena);
	if (live->whom)
		promo_secret_wipe_text(live->whom);
	free(live->whom);
	*live = (struct cli_live){ 0 };
}

/* Another server or another user is another connection, and none of the answers of the last one. */
static bool begin(struct cli *cli, struct cli_live *live, const struct cli_args *args)
{
	const char *token = cli->profile.token ? cli->profile.token : "";
	const char *server = cli->profile.server ? cli->profile.server : "";
	const char *whom = promo_arena_printf(cli->arena, "%s\n%s\n%s\n%s\n%s\n%s",
		said(args, CLI_OPT_SERVER), said(args, CLI_OPT_PROFILE),
		said(args, CLI_OPT_CA_FILE), said(args, CLI_OPT_API_KEY_FILE), server, token);

	if (!whom || (live->whom && strcmp(live->whom, whom) != 0))
		cli_live_end(live);
	if (!live->arena)
		live->arena = promo_arena_new_secret(PAGE_BYTES_MAX);
	if (whom && live->arena && !live->whom)
		live->whom = strdup(whom);
	return live->whom;
}

/* Nobody is there to be told what is wrong, and a key on standard input is not ours to read. */
static bool reach(struct cli *cli, struct cli_live *live, const struct cli_args *args,
	const struct promo_op *list)
{
	struct promo_problem problem = { 0 };
	struct cli asker = *cli;
	const char *key = args->own[CLI_OPT_API_KEY_FILE] ? args->own[CLI_OPT_API_KEY_FILE]
							  : cli->env.api_key_file;
	int code = CLI_DONE;

	if (live->client)
		return true;
	if (key && strcmp(key, "-") == 0)
		return false;
	asker.client = NULL;
	asker.patience_ms = CLI_LIVE_PATIENCE_MS;
	asker.out.talk = fopen("/dev/null", "we");
	if (!asker.out.talk)
		return false;
	if (args->own[CLI_OPT_PROFILE] &&
		promo_profile_load(&cli->env.home, args->own[CLI_OPT_PROFILE], cli->arena, &problem,
			&asker.profile))
		code = CLI_USAGE;
	if (!code)
		code = cli_connect(&asker, list, args);
	(void)fclose(asker.out.talk);
	live->client = asker.client;
	return !code;
}

static const struct promo_list *page_of(
	struct cli_live *live, const struct promo_op *list, const char *part)
{
	void *in = list->in ? promo_arena_alloc(live->arena, list->in->size) : NULL;
	struct promo_reply reply = { 0 };

	if (list->in && !in)
		return NULL;
	if (in)
		promo_set_nulls(list->in, in);
	if (in && promo_schema_field(list->in, "limit"))
		cli_put_int(list->in, in, "limit", PAGE_ITEMS);
	if (in && *part && promo_schema_field(list->in, "q"))
		cli_put_text(list->in, in, "q", part);
	if (promo_client_call(live->client, list, in, NULL, live->arena, &reply))
		return NULL;
	return reply.out;
}

const struct promo_list *cli_live_ask(struct cli *cli, struct cli_live *live,
	const struct cli_args *args, const struct promo_op *list, const char *part)
{
	const struct promo_list *page;

	if (!begin(cli, live, args))
		return NULL;
	if (live->page && live->list == list && promo_monotonic_ms() < live->until_ms &&
		(!live->page->next_cursor || strcmp(live->part, part) == 0))
		return live->page;
	live->page = NULL;
	promo_arena_clear(live->arena);
	if (!reach(cli, live, args, list))
		return NULL;
	page = page_of(live, list, "");
	if (page && page->next_cursor && *part && list->in && promo_schema_field(list->in, "q"))
		page = page_of(live, list, part);
	live->list = list;
	live->part = promo_arena_strdup(live->arena, part);
	live->page = live->part ? page : NULL;
	live->until_ms = promo_monotonic_ms() + KEPT_MS;
	return live->page;
}
