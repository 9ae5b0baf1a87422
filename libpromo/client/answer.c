/* SPDX-License-Identifier: MIT */
#include "libpromo/client/answer.h"

#include <errno.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/error.h"

/* Whether an answer says what became of the request. A gateway that got none (502, 504) knows no more
 * than we do, nor does any other 5xx that is not a promo server's, or a server without memory for a
 * word. */
static int tells_nothing(const struct promo_op *op, const struct transfer_answer *answer,
	struct promo_arena *arena, bool *ret)
{
	struct promo_problem problem = { 0 };
	int r;

	*ret = answer->status == 502 || answer->status == 504 ||
	       (answer->status >= 500 && !promo_is_problem(answer->body));
	if (answer->status != 503)
		return 0;
	/* By its code alone. */
	r = promo_decode_problem(answer->body, op, 0, arena, &problem);
	*ret = problem.error != PROMO_E_UNAVAILABLE && problem.error != PROMO_E_MAINTENANCE;
	return r;
}

/* Whether this try may have done what was asked, though nobody said so. */
int answer_may_be_done(const struct promo_op *op, const struct transfer_answer *answer,
	struct promo_arena *arena, bool *ret)
{
	*ret = false;
	if (!(op->flags & PROMO_OP_WRITES))
		return 0;
	if (answer->complete)
		return tells_nothing(op, answer, arena, ret);
	*ret = answer->sent;
	return 0;
}

/* No answer, or none that can be understood. Who wrote something cannot know now whether it was
 * done; a request that never left did nothing. */
static int refuse_unanswered(const char *server, const char *why, bool unknown,
	struct promo_arena *arena, struct promo_problem *problem)
{
	if (unknown)
		return promo_refuse(problem, arena, PROMO_E_OUTCOME_UNKNOWN,
			"it is not known whether this was done, since no answer came from %s: %s",
			server, why);
	return promo_refuse(problem, arena, PROMO_E_UNAVAILABLE,
		"could not get an answer from %s: %s", server, why);
}

static int decode_noun(
	const struct promo_schema *schema, const char *body, struct promo_arena *arena, void **ret)
{
	void *out = promo_arena_alloc(arena, schema->size);
	int r;

	if (!out)
		return promo_fault(-ENOMEM, "could not read an answer");
	r = promo_decode_output(schema, body ? body : "", arena, out);
	if (!r)
		*ret = out;
	return r;
}

static int decode_page(
	const struct promo_op *op, const char *body, struct promo_arena *arena, void **ret)
{
	struct promo_list *list = promo_arena_alloc(arena, sizeof(*list));
	int r;

	if (!list)
		return promo_fault(-ENOMEM, "could not read an answer");
	r = promo_decode_list(op, body ? body : "", arena, list);
	if (!r)
		*ret = list;
	return r;
}

static int decode_success(const struct promo_op *op, const struct transfer_answer *answer,
	struct promo_arena *arena, struct promo_reply *reply)
{
	if (op->other_status && answer->status == op->other_status) {
		reply->noun = op->other_out;
		return decode_noun(op->other_out, answer->body, arena, &reply->other);
	}
	if (op->shape == PROMO_SHAPE_LIST)
		return decode_page(op, answer->body, arena, &reply->out);
	if (op->shape == PROMO_SHAPE_ONE) {
		reply->noun = op->out;
		return decode_noun(op->out, answer->body, arena, &reply->out);
	}
	return 0;
}

/* Those that only say that one may not ask now settle nothing; the others come from a server that
 * knows the key, or whose answer depends on the request alone. */
static bool settles(int status)
{
	return status == 400 || status == 404 || status == 409 || status == 422;
}

bool promo_client_settles(int r, const struct promo_reply *reply)
{
	return r == 0 || (r > 0 && r != PROMO_E_OUTCOME_UNKNOWN && r != PROMO_E_UNAVAILABLE &&
				 settles(reply->http_status));
}

/* A gateway has a 404 for whoever asks while it knows no server: where a redemption stands, that is
 * no "there is no such code". */
static bool is_strange(const struct promo_op *op, const struct transfer_answer *answer)
{
	return answer->status < 400 || ((op->flags & PROMO_OP_WRITES) && settles(answer->status) &&
					       !promo_is_problem(answer->body));
}

static int take_problem(const char *server, const struct promo_op *op,
	const struct transfer_answer *answer, bool unknown, struct promo_arena *arena,
	struct promo_reply *reply)
{
	struct promo_problem *problem = &reply->problem;
	int r;

	if (is_strange(op, answer) && !unknown)
		return promo_refuse(problem, arena, PROMO_E_UNAVAILABLE,
			"%s does not answer as a promo server does: it sent status %d, check the "
			"address",
			server, answer->status);
	r = promo_decode_problem(answer->body, op, answer->status, arena, problem);
	if (r)
		return r;
	problem->retry_after_s = answer->retry_after_s;
	if (unknown && problem->error != PROMO_E_OUTCOME_UNKNOWN &&
		(is_strange(op, answer) || !promo_client_settles(problem->error, reply)))
		return promo_refuse(problem, arena, PROMO_E_OUTCOME_UNKNOWN,
			"it is not known whether this was done: no answer came, and when it was "
			"asked for again, %s said: %s",
			server,
			problem->detail ? problem->detail : promo_error_info(problem->error)->text);
	return problem->error;
}

int answer_take(const char *server, const struct promo_op *op, const struct transfer_answer *answer,
	bool unknown, struct promo_arena *arena, struct promo_reply *reply)
{
	int r;

	reply->http_status = answer->status;
	reply->json = answer->body;
	reply->request_id = answer->request_id;
	reply->location = answer->location;
	reply->etag = answer->etag;
	/* That a lost answer is read back is no repetition by the caller. */
	reply->replayed = answer->replayed && !unknown;
	if (answer->written)
		return answer->written;
	if (!answer->complete)
		return refuse_unanswered(server, answer->why ? answer->why : "no memory", unknown,
			arena, &reply->problem);
	if (answer->status < 200 || answer->status >= 300)
		return take_problem(server, op, answer, unknown, arena, reply);
	r = decode_success(op, answer, arena, reply);
	if (r > 0)
		return refuse_unanswered(server, "what it sent is not an answer of a promo server",
			op->flags & PROMO_OP_WRITES, arena, &reply->problem);
	return r;
}
