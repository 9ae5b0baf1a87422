/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "libpromo/api/op_event.h"
#include "libpromo/client/client.h"
#include "promo-cli/call.h"
#include "promo-cli/cmd.h"
#include "promo-cli/fail.h"
#include "promo-cli/interrupt.h"

/* promo event stream: events as the server sends them, as they come, until somebody interrupts it. When the
 * server goes away it is asked again for what came since the last event. */

enum {
	ID_SIZE = 16 * 1024,
	LINE_SIZE = 64 * 1024,
	SHOWN_BYTES_MAX = 1024 * 1024,
	AGAIN_MS = 2000,
};

struct listening {
	struct cli *cli;
	struct promo_arena *shown; /* of what is shown on a terminal */
	char line[LINE_SIZE];      /* the one that is coming, or a piece of it */
	size_t size;
	char id[ID_SIZE]; /* of the last event; "" before the first */
	bool heard;       /* anything, since the server was asked */
};

static void end_line(struct listening *listening)
{
	static const char name[] = "id: ";
	const size_t before = sizeof(name) - 1;

	if (listening->size > before && listening->size - before < sizeof(listening->id) &&
		memcmp(listening->line, name, before) == 0) {
		memcpy(listening->id, listening->line + before, listening->size - before);
		listening->id[listening->size - before] = '\0';
	}
	listening->size = 0;
}

/* What steers a terminal is taken out of what others wrote. */
static void show(struct listening *listening, const char *end)
{
	const struct cli_out *out = &listening->cli->out;

	if (!out->data_terminal)
		return;
	listening->line[listening->size] = '\0';
	promo_arena_clear(listening->shown);
	cli_put(out, cli_clean(listening->shown, listening->line));
	cli_put(out, end);
}

static void take_byte(struct listening *listening, char byte)
{
	if (byte == '\n') {
		show(listening, "\n");
		end_line(listening);
		return;
	}
	if (listening->size == sizeof(listening->line) - 1) {
		/* A line that long is no id: it is shown in pieces. */
		show(listening, "");
		listening->size = 0;
	}
	listening->line[listening->size++] = byte;
}

static int take(void *context, const void *bytes, size_t size)
{
	struct listening *listening = context;
	FILE *data = listening->cli->out.data;
	const char *at = bytes;

	if (!listening->cli->out.data_terminal && fwrite(bytes, 1, size, data) != size)
		return PROMO_E_INTERNAL;
	listening->heard = true;
	for (const char *end = at + size; at < end; at++)
		take_byte(listening, *at);
	return cli_flush(&listening->cli->out) ? 0 : PROMO_E_INTERNAL;
}

static int listen_to(struct cli *cli, const struct cli_args *args, void *in)
{
	struct listening *listening = promo_arena_alloc(cli->arena, sizeof(*listening));
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(CLI_PAGE_BYTES_MAX);
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *shown = promo_arena_new(SHOWN_BYTES_MAX);
	struct promo_download download;
	int r;

	if (!listening || !arena || !shown)
		return cli_fail_here(cli, args, PROMO_E_INTERNAL, NULL);
	listening->cli = cli;
	listening->shown = shown;
	for (;;) {
		struct promo_reply reply = { 0 };

		promo_arena_clear(arena);
		listening->heard = false;
		listening->size = 0;
		if (listening->id[0])
			cli_put_text(
				&promo_event_stream_in_schema, in, "last_event_id", listening->id);
		r = promo_client_download(
			cli->client, args->cmd.op, in, take, listening, arena, &reply, &download);
		if (ferror(cli->out.data))
			return CLI_FAILED;
		/* What was never heard of is not asked for again and again. */
		if (r && !(r == PROMO_E_UNAVAILABLE && listening->id[0]))
			return cli_fail(cli, args, args->cmd.op, r, &reply);
		cli_pause(AGAIN_MS);
	}
}

static int run(struct cli *cli, const struct cli_args *args)
{
	void *in;
	int code = cli_begin(cli, args, &in);

	/* What was heard is shown: there is nothing that an interrupt would have to put right. */
	return code ? code : listen_to(cli, args, in);
}

const struct cli_cmd cli_cmd_event_stream = {
	.name = "event stream",
	.op = &promo_op_event_stream,
	.replaces = true,
	.run = run,
	.examples = "promo event stream --topics redemption,code.reported\n",
};
