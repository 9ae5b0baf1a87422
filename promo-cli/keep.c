/* SPDX-License-Identifier: MIT */
#include "promo-cli/keep.h"

#include <errno.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/error.h"
#include "promo-cli/fail.h"

bool cli_op_creates(const struct promo_op *op)
{
	return op->flags & PROMO_OP_KEY && (op->status == 201 || op->status == 202);
}

/* The input without its passwords, which need no traces on a disk, not even in a hash. */
const void *cli_without_secrets(
	const struct promo_op *op, const void *in, struct promo_arena *arena)
{
	void *copy = op->in && in ? promo_arena_alloc(arena, op->in->size) : NULL;

	if (!copy)
		return NULL;
	memcpy(copy, in, op->in->size);
	for (size_t i = 0; i < op->in->count; i++)
		if (op->in->fields[i].kind == PROMO_SECRET) {
			*(const char **)(void *)((char *)copy + op->in->fields[i].offset) = NULL;
			((struct promo_set *)copy)->present &= ~(UINT64_C(1) << i);
		}
	return copy;
}

/* Equal for equal requests. */
static int write_request(const struct promo_op *op, const void *in, const char *also,
	struct promo_arena *arena, const char **ret)
{
	const char *path, *body;
	const void *open = cli_without_secrets(op, in, arena);
	int r;

	if (op->in && !open)
		return promo_fault(-ENOMEM, "could not make an idempotency key");
	r = promo_encode_input(op, open, arena, &path, &body);
	if (r)
		return r;
	*ret = promo_arena_printf(
		arena, "%s %s\n%s\n%s", op->name, path, body ? body : "", also ? also : "");
	return *ret ? 0 : promo_fault(-ENOMEM, "could not make an idempotency key");
}

static int begin(struct cli *cli, const struct promo_op *op, const void *in, const char *also,
	struct promo_problem *problem, struct promo_pending *ret)
{
	const char *request;
	int r;

	if (op->flags & PROMO_OP_KEY_REQUIRED) {
		r = promo_encode_canonical(op, in, cli->arena, &request);
		return r ? r
			 : promo_pending_begin(
				   &cli->profile, cli->server, request, cli->arena, problem, ret);
	}
	r = write_request(op, in, also, cli->arena, &request);
	return r ? r
		 : promo_pending_claim(
			   &cli->profile, cli->server, request, cli->arena, problem, ret);
}

static void say_of(struct cli *cli, const struct promo_pending *pending)
{
	if (pending->outlived)
		cli_say(&cli->out,
			"warning: an earlier run of this command got no answer, more than %d hours "
			"ago; this one does it anew: look whether that one did it, too",
			PROMO_PENDING_HOURS);
}

static int new_key(struct cli *cli, const struct cli_args *args, struct promo_problem *problem,
	const char **ret)
{
	char *key = promo_arena_alloc(cli->arena, PROMO_UUID_SIZE);

	if (!key)
		return cli_fail_here(cli, args,
			promo_fault(-ENOMEM, "could not make an idempotency key"), problem);
	promo_uuid_new(key);
	*ret = key;
	return CLI_DONE;
}

int cli_keep(struct cli *cli, const struct cli_args *args, const struct promo_op *op,
	const void *in, const char *also, const char **ret_key, struct cli_kept **ret)
{
	struct promo_problem problem = { 0 };
	struct cli_kept *kept;
	int r;

	*ret = NULL;
	if (args->own[CLI_OPT_IDEMPOTENCY_KEY]) {
		*ret_key = args->own[CLI_OPT_IDEMPOTENCY_KEY];
		return CLI_DONE;
	}
	if (!cli_op_creates(op))
		return new_key(cli, args, &problem, ret_key);
	kept = promo_arena_alloc(cli->arena, sizeof(*kept));
	r = kept ? begin(cli, op, in, also, &problem, &kept->pending)
		 : promo_fault(-ENOMEM, "could not make an idempotency key");
	if (r > 0 && r != PROMO_E_UNAVAILABLE && !(op->flags & PROMO_OP_KEY_REQUIRED)) {
		cli_say(&cli->out,
			"warning: %s; if no answer comes, look whether it was done before you run "
			"this again",
			cli_clean(cli->arena,
				problem.detail ? problem.detail : promo_error_info(r)->text));
		return new_key(cli, args, &problem, ret_key);
	}
	if (r)
		return cli_fail_here(cli, args, r, &problem);
	say_of(cli, &kept->pending);
	kept->answered = false;
	kept->next = cli->kept;
	cli->kept = kept;
	*ret_key = kept->pending.key;
	*ret = kept;
	return CLI_DONE;
}

/* A refusal that binds no key, such as a missing permission, of a key that only this run has sent: there is
 * nothing that it could be asked for. */
static bool did_nothing(const struct cli_kept *kept, int r, const struct promo_reply *reply)
{
	return kept->pending.fd >= 0 && !kept->pending.again && r > 0 &&
	       r != PROMO_E_OUTCOME_UNKNOWN && reply->http_status >= 400 &&
	       reply->http_status < 500;
}

void cli_kept_answer(struct cli_kept *kept, int r, const struct promo_reply *reply)
{
	if (kept)
		kept->answered = promo_client_settles(r, reply) || did_nothing(kept, r, reply);
}

void cli_kept_told(struct cli *cli)
{
	for (struct cli_kept *kept = cli->kept; kept; kept = kept->next)
		if (kept->answered)
			promo_pending_end(&kept->pending);
		else
			promo_pending_leave(&kept->pending);
	cli->kept = NULL;
}
