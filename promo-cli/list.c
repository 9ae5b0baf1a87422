/* SPDX-License-Identifier: MIT */
#include "promo-cli/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/buffer.h"
#include "libpromo/base/error.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/print.h"
#include "promo-cli/table.h"

enum {
	PAGE_ITEMS = 1000, /* of --all: the most that the API gives at once */
	TOTALS_BYTES_MAX = 4096,
	JOINED_BYTES_MAX = 1 << 30, /* of --all --json, held in memory as one answer */
};

/* What stands beside the items: "in all: count 3, amount 1,500 RWF". */
static void say_totals(struct cli *cli, const struct promo_op *op, const struct promo_list *page)
{
	struct promo_buffer buffer = PROMO_BUFFER(cli->arena, TOTALS_BYTES_MAX);
	const char *text;

	if (page->total == PROMO_TOTAL_UNCOUNTED)
		cli_say(&cli->out, "too many to count; fewer days, or another filter, may do");
	else if (page->total != PROMO_NULL_INT)
		cli_say(&cli->out, "%s in all", cli_number(cli->arena, page->total));
	if (!op->totals)
		return;
	for (size_t i = 0; i < op->totals->count; i++) {
		const struct promo_field *field = &op->totals->fields[i];

		text = cli_print_value(op->totals, field, page->totals, true, cli->arena);
		if (*text)
			promo_buffer_printf(
				&buffer, "%s %s %s", i ? "," : "in all:", field->name, text);
	}
	if (promo_buffer_end(&buffer, &text) == 0)
		cli_say(&cli->out, "%s", text);
}

/* How many items a full page has. */
static int64_t limit_of(const struct promo_op *op, const void *in)
{
	const struct promo_field *field = op->in ? promo_schema_field(op->in, "limit") : NULL;
	const int64_t *limit =
		field ? (const int64_t *)(const void *)((const char *)in + field->offset) : NULL;

	return limit && *limit > 0 ? *limit : PROMO_LIMIT_DEFAULT;
}

static void say_rest(
	struct cli *cli, const struct promo_op *op, const struct promo_list *page, int64_t limit)
{
	say_totals(cli, op, page);
	/* A page that is not full ends where the server changes to another way of looking. */
	if (page->next_cursor)
		cli_say(&cli->out, "there %s more: --all, or --cursor %s",
			(int64_t)page->count < limit ? "may be" : "are",
			cli_clean(cli->arena, page->next_cursor));
}

static int one_page(struct cli *cli, const struct cli_args *args, void *in, struct cli_table *table)
{
	struct promo_reply reply;
	const struct promo_list *page;
	int code = cli_send(cli, args, args->cmd.op, in, cli->arena, &reply);

	if (code)
		return code;
	if (cli->json) {
		cli_answer(cli, &reply, NULL, NULL);
		return CLI_DONE;
	}
	page = reply.out;
	cli_table_add(table, page->items, page->count, cli->arena);
	if (page->count == 0)
		cli_say(&cli->out, "there are none");
	say_rest(cli, args->cmd.op, page, limit_of(args->cmd.op, in));
	return CLI_DONE;
}

/* The items of every page behind one another. */
struct joined {
	struct promo_arena *arena;
	char *items;
	size_t count, room, size;
	int64_t total;
	const void *totals;
};

static int join(struct joined *joined, const struct promo_list *page)
{
	if (joined->count + page->count > joined->room) {
		size_t room = 2 * joined->room + page->count;
		char *items = promo_arena_alloc_array(joined->arena, room, joined->size);

		if (!items)
			return promo_fault(-ENOMEM, "could not hold so many items in one answer");
		if (joined->count)
			memcpy(items, joined->items, joined->count * joined->size);
		joined->items = items;
		joined->room = room;
	}
	if (page->count)
		memcpy(joined->items + joined->count * joined->size, page->items,
			page->count * joined->size);
	joined->count += page->count;
	if (page->total != PROMO_NULL_INT)
		joined->total = page->total;
	joined->totals = page->totals;
	return 0;
}

static int put_joined(struct cli *cli, const struct cli_args *args, const struct joined *joined)
{
	const struct promo_list list = {
		.items = joined->items,
		.count = joined->count,
		.total = joined->total,
		.totals = joined->totals,
	};
	struct promo_problem problem = { 0 };
	const char *json;
	int r = promo_encode_list(args->cmd.op, &list, joined->arena, &json);

	if (r)
		return cli_fail_here(cli, args, r, &problem);
	cli_put_json(&cli->out, cli->arena, json);
	return CLI_DONE;
}

/* What is done with each page; *ret_next lives in `cursors`, beyond the page. */
static int next_page(struct cli *cli, const struct cli_args *args, void *in,
	struct promo_arena *arena, struct cli_table *table, struct joined *joined, char **ret_next)
{
	struct promo_problem problem = { 0 };
	struct promo_reply reply;
	const struct promo_list *page;
	int r, code = cli_send(cli, args, args->cmd.op, in, arena, &reply);

	if (code)
		return code;
	page = reply.out;
	if (cli->json) {
		r = join(joined, page);
		if (r)
			return cli_fail_here(cli, args, r, &problem);
	} else {
		cli_table_add(table, page->items, page->count, arena);
		if (!*ret_next)
			say_totals(cli, args->cmd.op, page);
	}
	free(*ret_next);
	*ret_next = page->next_cursor ? strdup(page->next_cursor) : NULL;
	return CLI_DONE;
}

static int all_pages(
	struct cli *cli, const struct cli_args *args, void *in, struct cli_table *table)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena =
		promo_arena_new(cli->json ? JOINED_BYTES_MAX : CLI_PAGE_BYTES_MAX);
	struct joined joined = {
		.arena = arena, .size = args->cmd.op->out->size, .total = PROMO_NULL_INT
	};
	const struct promo_schema *schema = args->cmd.op->in;
	char *next = NULL;
	int code;

	if (!promo_present(schema, in, "limit"))
		cli_put_int(schema, in, "limit", PAGE_ITEMS);
	do {
		if (next)
			cli_put_text(schema, in, "cursor", next);
		code = next_page(cli, args, in, arena, table, &joined, &next);
		if (!cli->json)
			promo_arena_clear(arena);
	} while (!code && next && cli_flush(&cli->out));
	free(next);
	if (!code && cli->json)
		code = put_joined(cli, args, &joined);
	return code;
}

int cli_list(struct cli *cli, const struct cli_args *args, void *in)
{
	struct promo_problem problem = { 0 };
	struct cli_table table;
	int r = cli_table_init(&table, &cli->out, args->cmd.op->out, args->own[CLI_OPT_COLUMNS],
		cli->arena, &problem);

	if (r)
		return cli_fail_here(cli, args, r, &problem);
	return args->own[CLI_OPT_ALL] ? all_pages(cli, args, in, &table)
				      : one_page(cli, args, in, &table);
}
