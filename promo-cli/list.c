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
#include "promo-cli/pager.h"
#include "promo-cli/print.h"
#include "promo-cli/table.h"

enum {
	PAGE_ITEMS = 1000, /* of --all: the most that the API gives at once */
	TOTALS_BYTES_MAX = 4096,
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

		text = cli_print_value(op->totals, field, page->totals, CLI_PEOPLE, cli->arena);
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

/* A list that is being printed, page by page, and only one of them is held in memory. */
struct listing {
	struct cli *cli;
	const struct cli_args *args;
	const struct promo_op *op;
	struct promo_chosen chosen;
	struct cli_table table;
	struct cli_pager pager;
	size_t count;
	bool begun; /* items may be out: what fails now leaves half an answer */
};

static void begin_listing(struct listing *listing, struct cli *cli, const struct cli_args *args)
{
	listing->cli = cli;
	listing->args = args;
	listing->op = args->cmd.op;
	listing->count = 0;
	listing->begun = false;
	listing->pager = (struct cli_pager){ .child = 0 };
	cli_format_chosen(cli, listing->op->out, &listing->chosen);
	cli_table_init(&listing->table, &cli->out, listing->op->out, &listing->chosen, cli->arena);
}

/* Between its brackets the JSON comes as it is needed. */
static int put_json_items(
	struct listing *listing, const struct promo_list *page, struct promo_arena *arena)
{
	const char *head = "", *items;
	int r = 0;

	if (!listing->begun)
		r = promo_encode_list_head(arena, &head);
	if (!r)
		r = promo_encode_list_items(
			listing->op, page, &listing->chosen, listing->count, arena, &items);
	if (!r) {
		cli_put_json_piece(&listing->cli->out, arena, head);
		cli_put_json_piece(&listing->cli->out, arena, items);
	}
	return r;
}

static int put_json_tail(
	struct listing *listing, const struct promo_list *page, struct promo_arena *arena)
{
	const char *tail;
	int r = promo_encode_list_tail(listing->op, page, arena, &tail);

	if (!r)
		cli_put_json(&listing->cli->out, arena, tail);
	return r;
}

static int put_each(
	struct listing *listing, const struct promo_list *page, struct promo_arena *arena)
{
	const struct promo_schema *noun = listing->op->out;
	struct cli *cli = listing->cli;
	const char *json;
	int r = 0;

	for (size_t i = 0; !r && i < page->count; i++) {
		const void *item = (const char *)page->items + i * noun->size;

		if (cli->format.form == CLI_FORM_TEMPLATE) {
			cli_format_template(cli, noun, item, arena);
		} else if (cli->format.form == CLI_FORM_QUIET) {
			cli_format_id(cli, noun, item, arena);
		} else {
			r = promo_encode_chosen(noun, item, &listing->chosen, arena, &json);
			if (!r)
				cli_put_json(&cli->out, arena, json);
		}
	}
	return r;
}

/* How many lines there will be is known by the first page. */
static void begin_pager(struct listing *listing, const struct promo_list *page)
{
	const bool goes_on = page->next_cursor && listing->args->own[CLI_OPT_ALL];
	const size_t header = 1;

	if (listing->cli->format.form != CLI_FORM_JSON)
		cli_pager_begin(
			listing->cli, goes_on ? SIZE_MAX : page->count + header, &listing->pager);
}

static int put_page(
	struct listing *listing, const struct promo_list *page, struct promo_arena *arena)
{
	const enum cli_form form = listing->cli->format.form;
	int r = 0;

	if (!listing->begun)
		begin_pager(listing, page);
	if (form == CLI_FORM_TEXT || form == CLI_FORM_CSV)
		cli_table_add(&listing->table, page->items, page->count, arena);
	else if (form == CLI_FORM_JSON)
		r = put_json_items(listing, page, arena);
	else
		r = put_each(listing, page, arena);
	listing->begun = true;
	listing->count += page->count;
	return r;
}

/* What a list says beside its items is data in JSON, and talk elsewhere. */
static bool talks(const struct cli *cli)
{
	return cli->format.form != CLI_FORM_JSON && cli->format.form != CLI_FORM_QUIET;
}

static int one_page(struct listing *listing, void *in)
{
	const struct cli_format *format = &listing->cli->format;
	struct promo_problem problem = { 0 };
	struct cli *cli = listing->cli;
	const struct promo_list *page;
	struct promo_reply reply;
	int r, code = cli_send(cli, listing->args, listing->op, in, cli->arena, &reply);

	if (code)
		return code;
	if (format->form == CLI_FORM_JSON && !format->fields) {
		cli_put_json(&cli->out, cli->arena, reply.json);
		return CLI_DONE;
	}
	page = reply.out;
	r = put_page(listing, page, cli->arena);
	if (!r && format->form == CLI_FORM_JSON)
		r = put_json_tail(listing, page, cli->arena);
	if (r)
		return cli_fail_here(cli, listing->args, r, &problem);
	if (talks(cli) && page->count == 0)
		cli_say(&cli->out, "there are none");
	if (talks(cli))
		say_rest(cli, listing->op, page, limit_of(listing->op, in));
	return CLI_DONE;
}

/* The total stands on one page only. */
struct walk {
	char *next; /* cursor, beyond the page */
	int64_t total;
};

static int next_page(
	struct listing *listing, struct walk *walk, void *in, struct promo_arena *arena)
{
	struct promo_problem problem = { 0 };
	struct cli *cli = listing->cli;
	const bool first = !walk->next;
	struct promo_reply reply;
	struct promo_list last;
	int r, code = cli_send(cli, listing->args, listing->op, in, arena, &reply);

	if (code)
		return code;
	last = *(const struct promo_list *)reply.out;
	free(walk->next);
	walk->next = last.next_cursor ? strdup(last.next_cursor) : NULL;
	if (last.next_cursor && !walk->next)
		return cli_fail_here(cli, listing->args,
			promo_fault(-ENOMEM, "could not hold a cursor"), &problem);
	if (last.total != PROMO_NULL_INT)
		walk->total = last.total;
	r = put_page(listing, &last, arena);
	last.total = walk->total;
	if (!r && !walk->next && cli->format.form == CLI_FORM_JSON)
		r = put_json_tail(listing, &last, arena);
	if (r)
		return cli_fail_here(cli, listing->args, r, &problem);
	if (first && talks(cli))
		say_totals(cli, listing->op, &last);
	return CLI_DONE;
}

static int all_pages(struct listing *listing, void *in)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(CLI_PAGE_BYTES_MAX);
	const struct promo_schema *schema = listing->op->in;
	struct walk walk = { .total = PROMO_NULL_INT };
	int code;

	if (!promo_present(schema, in, "limit"))
		cli_put_int(schema, in, "limit", PAGE_ITEMS);
	do {
		if (walk.next)
			cli_put_text(schema, in, "cursor", walk.next);
		code = next_page(listing, &walk, in, arena);
		promo_arena_clear(arena);
	} while (!code && walk.next && cli_flush(&listing->cli->out));
	free(walk.next);
	return code;
}

int cli_list(struct cli *cli, const struct cli_args *args, void *in)
{
	struct listing *listing = promo_arena_alloc(cli->arena, sizeof(*listing));
	struct promo_problem problem = { 0 };
	int code;

	if (!listing)
		return cli_fail_here(
			cli, args, promo_fault(-ENOMEM, "could not hold a list"), &problem);
	begin_listing(listing, cli, args);
	code = args->own[CLI_OPT_ALL] ? all_pages(listing, in) : one_page(listing, in);
	cli_table_end(&listing->table);
	cli_pager_end(cli, &listing->pager);
	return code;
}
