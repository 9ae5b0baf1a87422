/* SPDX-License-Identifier: MIT */
#include "promo-cli/call.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/base/error.h"
#include "libpromo/model/batch.h"
#include "promo-cli/dry.h"
#include "promo-cli/exits.h"
#include "promo-cli/fail.h"
#include "promo-cli/harm.h"
#include "promo-cli/keep.h"
#include "promo-cli/list.h"
#include "promo-cli/print.h"
#include "promo-cli/save.h"

int cli_begin(struct cli *cli, const struct cli_args *args, void **ret_in)
{
	int code = cli_input(cli, args, ret_in);

	if (!code)
		code = cli_connect(cli, args->cmd.op, args);
	if (!code)
		code = cli_resolve(cli, args, *ret_in);
	return code;
}

static uint64_t bit_of(const struct promo_schema *schema, const struct promo_field *field)
{
	return UINT64_C(1) << (field - schema->fields);
}

void cli_mark(const struct promo_schema *schema, void *in, const char *name)
{
	((struct promo_set *)in)->present |= bit_of(schema, promo_schema_field(schema, name));
}

void cli_put_int(const struct promo_schema *schema, void *in, const char *name, int64_t value)
{
	const struct promo_field *field = promo_schema_field(schema, name);

	assert(field->kind == PROMO_INT || field->kind == PROMO_MONEY);
	*(int64_t *)(void *)((char *)in + field->offset) = value;
	((struct promo_set *)in)->present |= bit_of(schema, field);
}

void cli_put_text(const struct promo_schema *schema, void *in, const char *name, const char *value)
{
	const struct promo_field *field = promo_schema_field(schema, name);

	assert(field->kind >= PROMO_DATE && field->kind <= PROMO_JSON);
	*(const char **)(void *)((char *)in + field->offset) = value;
	((struct promo_set *)in)->present |= bit_of(schema, field);
}

void cli_put_true(const struct promo_schema *schema, void *in, const char *name)
{
	*(bool *)((char *)in + promo_schema_field(schema, name)->offset) = true;
	cli_mark(schema, in, name);
}

int cli_own_number(struct cli *cli, const struct cli_args *args, enum cli_opt own, int64_t max,
	int64_t otherwise, int64_t *ret)
{
	const char *text = args->own[own];
	char *end;
	long long number;

	if (!text) {
		*ret = otherwise;
		return CLI_DONE;
	}
	errno = 0;
	number = strtoll(text, &end, 10);
	if (errno || end == text || *end || number < 0 || number > max) {
		cli_complain(&cli->out, "'%s' is no whole number from 0 to %" PRId64,
			cli_clean(cli->arena, text), max);
		return CLI_USAGE;
	}
	*ret = number;
	return CLI_DONE;
}

/* The operation that shows what `op` changes: GET of the same path. */
static const struct promo_op *shows(const struct promo_op *op)
{
	for (size_t i = 0; promo_ops[i]; i++)
		if (promo_ops[i]->method == PROMO_GET && promo_ops[i]->flags & PROMO_OP_ETAG &&
			strcmp(promo_ops[i]->path, op->path) == 0)
			return promo_ops[i];
	return NULL;
}

/* The version that was said, or the one that it has now. */
static int find_version(struct cli *cli, const struct cli_args *args, const struct promo_op *op,
	const void *in, struct promo_call *call)
{
	const struct promo_op *show = shows(op);
	const struct promo_field *id = promo_schema_field(op->in, "id");
	struct promo_reply reply = { 0 };
	void *show_in = NULL;
	int64_t version;
	int r, code;

	code = cli_own_number(cli, args, CLI_OPT_IF_VERSION, INT64_MAX, -1, &version);
	if (code)
		return code;
	if (version >= 0) {
		call->if_match = promo_arena_printf(cli->arena, "\"%" PRId64 "\"", version);
		return CLI_DONE;
	}
	if (show && show->in && id)
		show_in = promo_arena_alloc(cli->arena, show->in->size);
	if (!show || (show->in && !show_in)) {
		cli_complain(
			&cli->out, "--if-version is missing: the version that is to be changed");
		return CLI_USAGE;
	}
	if (show_in)
		cli_put_text(show->in, show_in, "id",
			*(const char *const *)(const void *)((const char *)in + id->offset));
	r = promo_client_call(cli->client, show, show_in, NULL, cli->arena, &reply);
	if (r)
		return cli_fail(cli, args, show, r, &reply);
	call->if_match = reply.etag;
	return CLI_DONE;
}

int cli_try(struct cli *cli, const struct cli_args *args, const struct promo_op *op, void *in,
	struct promo_arena *arena, struct promo_reply *ret, int *ret_r)
{
	struct promo_call call = { 0 };
	struct cli_kept *kept = NULL;
	int r, code = CLI_DONE;

	*ret = (struct promo_reply){ 0 };
	if (op->flags & PROMO_OP_IF_MATCH)
		code = find_version(cli, args, op, in, &call);
	else if (op->flags & PROMO_OP_KEY && !cli_dry(args, op))
		code = cli_keep(cli, args, op, in, NULL, &call.idempotency_key, &kept);
	if (!code && cli_dry(args, op))
		code = cli_dry_run(cli, args, op, in, call.if_match);
	if (code)
		return code;
	if (cli->verbose)
		cli_say(&cli->out, "%s %s%s%s%s", promo_method_name(op->method), op->path,
			call.idempotency_key ? ", idempotency key " : "",
			call.idempotency_key ? call.idempotency_key : "",
			kept && kept->pending.again ? " (of an earlier run that got no answer)"
						    : "");
	r = promo_client_call(cli->client, op, in, &call, arena, ret);
	if (cli->verbose && ret->request_id)
		cli_say(&cli->out, "HTTP %d, request %s%s", ret->http_status,
			cli_clean(cli->arena, ret->request_id), ret->replayed ? ", replayed" : "");
	cli_kept_answer(kept, r, ret);
	if (ret->replayed)
		cli_say(&cli->out, "this was asked before with the same key; the first answer:");
	*ret_r = r;
	return CLI_DONE;
}

int cli_send(struct cli *cli, const struct cli_args *args, const struct promo_op *op, void *in,
	struct promo_arena *arena, struct promo_reply *ret)
{
	int r, code;

	code = cli_try(cli, args, op, in, arena, ret, &r);
	if (code)
		return code;
	return r ? cli_fail(cli, args, op, r, ret) : CLI_DONE;
}

void cli_answer(struct cli *cli, const struct promo_reply *reply, const struct promo_schema *noun,
	const void *object)
{
	if (noun && object)
		cli_format_object(cli, noun, object, reply->json);
	else if (cli->json)
		cli_format_object(
			cli, reply->noun, reply->out ? reply->out : reply->other, reply->json);
}

int cli_run_op(struct cli *cli, const struct cli_args *args)
{
	const struct promo_op *op = args->cmd.op;
	struct promo_reply reply;
	void *in;
	int code = cli_begin(cli, args, &in);

	if (code)
		return code;
	if (op->shape == PROMO_SHAPE_LIST)
		return cli_list(cli, args, in);
	if (op->shape == PROMO_SHAPE_STREAM)
		return cli_save(cli, args, &(struct cli_download){ .op = op, .in = in }, NULL);
	code = cli_ask_about_harm(cli, args, op, in);
	if (!code)
		code = cli_send(cli, args, op, in, cli->arena, &reply);
	if (code)
		return code;
	if (reply.other) {
		if (op->other_out == &promo_job_answer_schema)
			cli_say(&cli->out,
				"%s a job does this; promo job wait %s tells when it has ended",
				cli_symbol(&cli->out, CLI_GOOD),
				((const struct promo_job_answer *)reply.other)->job->id);
		else
			cli_say(&cli->out, "%s this waits for somebody else's approval",
				cli_symbol(&cli->out, CLI_WARN));
		cli_answer(cli, &reply, op->other_out, reply.other);
		return CLI_DONE;
	}
	cli_answer(cli, &reply, op->out, reply.out);
	if (op->shape == PROMO_SHAPE_NONE && !cli->json)
		cli_say(&cli->out, "%s done", cli_symbol(&cli->out, CLI_GOOD));
	return cli_exit_of_many(op->out, reply.out);
}
