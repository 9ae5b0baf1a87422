/* SPDX-License-Identifier: MIT */
#include "promo-cli/fail.h"

#include <inttypes.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/error.h"
#include "promo-cli/keep.h"

int cli_exit_code(int r)
{
	return r < 0 ? CLI_FAILED : promo_error_info(r)->exit_code;
}

static void say_fields(
	struct cli *cli, const struct cli_args *args, const struct promo_problem *problem)
{
	for (size_t i = 0; i < problem->field_count; i++) {
		const struct promo_field_error *field = &problem->fields[i];
		const char *name = args ? cli_args_name(args, field->pointer, cli->arena) : NULL;

		cli_say(&cli->out, "  %s: %s", name ? name : cli_clean(cli->arena, field->pointer),
			cli_clean(cli->arena, field->message ? field->message : field->code));
	}
}

/* "redeemed_at" as "redeemed at". */
static const char *spoken(struct promo_arena *arena, const char *name)
{
	char *text = promo_arena_strdup(arena, name);

	for (char *at = text; at && *at; at++)
		if (*at == '_')
			*at = ' ';
	return text ? text : name;
}

static const char *member_text(
	struct cli *cli, const struct promo_field *field, const void *members)
{
	const char *text;

	if (field->kind == PROMO_TIME)
		return cli_time(cli->arena,
			*(const int64_t *)(const void *)((const char *)members + field->offset));
	if (promo_format_field(field, members, cli->arena, &text))
		return "";
	return cli_clean(cli->arena, text);
}

static void say_members(struct cli *cli, const struct promo_problem *problem)
{
	const struct promo_schema *schema = problem->member_schema;

	for (size_t i = 0; schema && problem->members && i < schema->count; i++) {
		const char *text = member_text(cli, &schema->fields[i], problem->members);

		if (*text)
			cli_say(&cli->out, "  %s: %s", spoken(cli->arena, schema->fields[i].name),
				text);
	}
}

static bool names_permission(const struct promo_problem *problem)
{
	const struct promo_field *field =
		problem->member_schema ? promo_schema_field(problem->member_schema, "permission")
				       : NULL;

	return field && problem->members && !promo_field_is_null(field, problem->members);
}

static void say_next(struct cli *cli, const struct cli_args *args, const struct promo_op *op,
	const struct promo_problem *problem, int r)
{
	const char *server = cli->server ? cli->server : "URL";

	/* Signing in helps nobody for whom a key speaks. */
	if (cli->has_key && r == PROMO_E_UNAUTHENTICATED) {
		cli_say(&cli->out,
			"the server does not know this API key, or its owner is not active; promo "
			"api-key create makes another");
		return;
	}
	switch (r) {
	case PROMO_E_UNAUTHENTICATED:
	case PROMO_E_SESSION_EXPIRED:
		cli_say(&cli->out, "sign in: promo login --server %s --user E-MAIL-OR-PHONE",
			server);
		break;
	case PROMO_E_MFA_ENROLMENT_REQUIRED:
		cli_say(&cli->out,
			"enrol a second factor: promo me mfa-totp, mfa-email or mfa-sms");
		break;
	case PROMO_E_FORBIDDEN:
		if (names_permission(problem))
			cli_say(&cli->out,
				"an administrator can give it; promo whoami shows yours");
		break;
	case PROMO_E_TOO_MANY_REQUESTS:
		if (problem->retry_after_s > 0)
			cli_say(&cli->out, "try again in %" PRId64 " s", problem->retry_after_s);
		break;
	case PROMO_E_OUTCOME_UNKNOWN:
		if (op && cli_op_creates(op))
			cli_say(&cli->out, "run the same command again: it sends the same key, so "
					   "that it is done once");
		else
			cli_say(&cli->out, "look whether it was done before you try again");
		break;
	case PROMO_E_VERSION_MISMATCH:
		cli_say(&cli->out, "look at it again, then repeat the change");
		break;
	case PROMO_E_FILE_ALREADY_IMPORTED:
		cli_say(&cli->out, "--repeat imports it again");
		break;
	case PROMO_E_INVALID_INPUT:
		if (args && args->cmd.name)
			cli_say(&cli->out, "promo %s --help shows what it takes", args->cmd.name);
		break;
	default:
		break;
	}
}

int cli_fail_here(
	struct cli *cli, const struct cli_args *args, int r, const struct promo_problem *problem)
{
	if (r < 0) {
		cli_complain(&cli->out, "this run could not go on");
		return CLI_FAILED;
	}
	cli_complain(&cli->out, "%s",
		cli_clean(
			cli->arena, problem->detail ? problem->detail : promo_error_info(r)->text));
	say_fields(cli, args, problem);
	say_members(cli, problem);
	say_next(cli, args, NULL, problem, r);
	/* What this machine forbids, such as a file of others, is no missing permission. */
	return r == PROMO_E_FORBIDDEN ? CLI_FAILED : cli_exit_code(r);
}

int cli_fail(struct cli *cli, const struct cli_args *args, const struct promo_op *op, int r,
	const struct promo_reply *reply)
{
	const struct promo_problem *problem = &reply->problem;

	if (r < 0)
		return cli_fail_here(cli, args, r, problem);
	if ((cli->format.form == CLI_FORM_JSON || cli->format.form == CLI_FORM_NDJSON) &&
		reply->json && reply->http_status >= 400)
		cli_put_json(&cli->out, cli->arena, reply->json);
	cli_complain(&cli->out, "%s",
		cli_clean(
			cli->arena, problem->detail ? problem->detail : promo_error_info(r)->text));
	say_fields(cli, args, problem);
	say_members(cli, problem);
	if (reply->request_id)
		cli_say(&cli->out, "  request: %s", cli_clean(cli->arena, reply->request_id));
	say_next(cli, args, op, problem, r);
	return cli_exit_code(r);
}
