/* SPDX-License-Identifier: MIT */
#include "promo-cli/dry.h"

#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/error.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/keep.h"
#include "promo-cli/print.h"

/* The request, for programs. */
struct request {
	const char *method, *path, *if_match, *body;
};

#define T struct request
static const struct promo_field request_fields[] = {
	PROMO_F_TEXT(T, method, TEXT, 0, 0, 0, "the method"),
	PROMO_F_TEXT(T, path, TEXT, 0, 0, 0, "the path, with its query"),
	PROMO_F_TEXT(T, if_match, TEXT, 0, 0, PROMO_NULLABLE, "the version that is changed"),
	PROMO_F_TEXT(T, body, JSON, 0, 0, PROMO_NULLABLE, "the body, without secrets"),
};
#undef T
static const struct promo_schema request_schema =
	PROMO_SCHEMA(struct request, "request", request_fields);

static bool has_own(const struct promo_op *op)
{
	return op->in && promo_schema_field(op->in, "dry_run");
}

bool cli_dry_offered(const struct promo_op *op)
{
	return op->flags & PROMO_OP_WRITES && !(op->flags & (PROMO_OP_SIGN_IN | PROMO_OP_NO_CLI)) &&
	       !has_own(op);
}

bool cli_dry(const struct cli_args *args, const struct promo_op *op)
{
	return args->own[CLI_OPT_DRY_RUN] && op->flags & PROMO_OP_WRITES && !has_own(op);
}

static int show_request(struct cli *cli, const struct cli_args *args, const struct promo_op *op,
	const void *in, const char *if_match)
{
	struct request request = { .method = promo_method_name(op->method), .if_match = if_match };
	struct promo_problem problem = { 0 };
	const char *json;
	int r = promo_encode_input(op, cli_without_secrets(op, in, cli->arena), cli->arena,
		&request.path, &request.body);

	if (!r)
		r = promo_encode(&request_schema, &request, cli->arena, &json);
	if (r)
		return cli_fail_here(cli, args, r, &problem);
	cli_put_json(&cli->out, cli->arena, json);
	return CLI_DONE;
}

/* Whether the path is that of `whole` or above it: "/batches/{id}" of "/batches/{id}/status". */
static bool is_above(const char *path, const char *whole)
{
	const size_t length = strlen(path);

	return strncmp(path, whole, length) == 0 &&
	       (whole[length] == '\0' || (whole[length] == '/' && strchr(path, '{')));
}

/* What shows the thing that is written to; NULL where there is none yet. */
static const struct promo_op *find_show(const struct promo_op *op)
{
	const struct promo_op *found = NULL;

	for (size_t i = 0; promo_ops[i]; i++)
		if (promo_ops[i]->method == PROMO_GET && promo_ops[i]->shape == PROMO_SHAPE_ONE &&
			is_above(promo_ops[i]->path, op->path) &&
			(!found || strlen(promo_ops[i]->path) > strlen(found->path)))
			found = promo_ops[i];
	return found;
}

/* The input of `show` with the ids of `in`; false where they are none that can be carried over. */
static bool carry_ids(
	const struct promo_op *show, const struct promo_op *op, const void *in, void *ret)
{
	for (size_t i = 0; show->in && i < show->in->count; i++) {
		const struct promo_field *to = &show->in->fields[i];
		const struct promo_field *from =
			op->in ? promo_schema_field(op->in, to->name) : NULL;

		if (!(to->flags & PROMO_IN_PATH))
			continue;
		if (!from || from->kind != to->kind || to->kind < PROMO_DATE ||
			to->kind > PROMO_JSON)
			return false;
		cli_put_text(show->in, ret, to->name,
			*(const char *const *)(const void *)((const char *)in + from->offset));
	}
	return true;
}

int cli_standing(struct cli *cli, const struct cli_args *args, const struct promo_op *op,
	const void *in, const struct promo_op **ret_show, const void **ret)
{
	const struct promo_op *show = find_show(op);
	struct promo_reply reply = { 0 };
	void *show_in = show && show->in ? promo_arena_alloc(cli->arena, show->in->size) : NULL;
	int r;

	*ret = NULL;
	*ret_show = show;
	if (!show || (show->in && (!show_in || !carry_ids(show, op, in, show_in))))
		return CLI_DONE;
	r = promo_client_call(cli->client, show, show_in, NULL, cli->arena, &reply);
	if (r == PROMO_E_FORBIDDEN || r == PROMO_E_SESSION_REQUIRED)
		return CLI_DONE;
	if (r)
		return cli_fail(cli, args, show, r, &reply);
	*ret = reply.out;
	return CLI_DONE;
}

static const char *text_of(struct cli *cli, const struct promo_schema *schema,
	const struct promo_field *field, const void *object)
{
	const char *text = "";

	if (field->kind == PROMO_SECRET)
		return "(not shown)";
	if (field->kind == PROMO_OBJECT || field->kind == PROMO_OBJECTS)
		return promo_encode_value(field, object, cli->arena, &text)
			       ? ""
			       : cli_clean(cli->arena, text);
	text = cli_print_value(schema, field, object, CLI_PEOPLE, cli->arena);
	return *text ? text : "none";
}

static bool is_given(const struct promo_schema *schema, size_t i, const void *in)
{
	return ((const struct promo_set *)in)->present & (UINT64_C(1) << i) ||
	       !promo_field_is_null(&schema->fields[i], in);
}

static void show_fields(struct cli *cli, const struct promo_op *op, const void *in,
	const struct promo_op *show, const void *now)
{
	for (size_t i = 0; op->in && i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i], *old;
		const char *after, *before = NULL;

		if (field->flags & PROMO_IN_PATH || !is_given(op->in, i, in))
			continue;
		old = now ? promo_schema_field(show->out, field->name) : NULL;
		after = text_of(cli, op->in, field, in);
		if (old && old->kind == field->kind)
			before = text_of(cli, show->out, old, now);
		if (before && strcmp(before, after) == 0)
			cli_putf(&cli->out, "  %-24s %s, as it is\n", field->name, after);
		else
			cli_putf(&cli->out, "  %-24s %s%s%s\n", field->name, before ? before : "",
				before ? cli->out.utf8 ? " → " : " -> " : "", after);
	}
}

int cli_dry_run(struct cli *cli, const struct cli_args *args, const struct promo_op *op,
	const void *in, const char *if_match)
{
	const struct promo_op *show;
	const void *now;
	int code = cli_standing(cli, args, op, in, &show, &now);

	if (code)
		return code;
	if (cli->json) {
		code = cli->format.form == CLI_FORM_QUIET
			       ? CLI_DONE
			       : show_request(cli, args, op, in, if_match);
		return code ? code : CLI_NOT_SENT;
	}
	cli_putf(&cli->out, "would be sent: %s (%s %s)\n", op->name, promo_method_name(op->method),
		op->path);
	if (now && op->method == PROMO_DELETE)
		cli_print_object(&cli->out, show->out, now, cli->arena);
	show_fields(cli, op, in, show, now);
	cli_say(&cli->out,
		"nothing was changed; whether the server would let you is not known before");
	return CLI_NOT_SENT;
}
