/* SPDX-License-Identifier: MIT */
#include "promo-cli/wait.h"

#include <inttypes.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_job.h"
#include "libpromo/base/buffer.h"
#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "libpromo/base/utf8.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/interrupt.h"

enum {
	BAR_CELLS = 24,
	BAR_CELLS_LEAST = 6,
	BAR_FRAME = 3, /* "[" and "] " */
	FIRST_PAUSE_MS = 50,
	LONGEST_PAUSE_MS = 500,
	LONGEST_WAIT_S = 30 * 24 * 3600,
	POLL_BYTES_MAX = 4 * 1024 * 1024,
};

/* As long as there is room for it in the line: one that wraps cannot be written over. */
static size_t bar_cells(const struct cli_out *out, size_t text_width)
{
	size_t taken = text_width + BAR_FRAME + 1, room;

	if (!out->talk_terminal)
		return 0;
	if (!out->talk_columns)
		return BAR_CELLS;
	room = out->talk_columns > taken ? out->talk_columns - taken : 0;
	if (room < BAR_CELLS_LEAST)
		return 0;
	return room < BAR_CELLS ? room : BAR_CELLS;
}

static void put_bar(const struct cli_out *out, const struct promo_job *job, size_t cells,
	struct promo_buffer *buffer)
{
	int64_t count = (int64_t)cells;
	int64_t filled = job->done >= job->total ? count : job->done / (job->total / count + 1);

	promo_buffer_char(buffer, '[');
	for (int64_t i = 0; i < count; i++)
		promo_buffer_text(buffer, i < filled  ? out->utf8 ? "█" : "#"
					  : out->utf8 ? "░"
						      : "-");
	promo_buffer_text(buffer, "] ");
}

static const char *counted(const struct promo_job *job, struct promo_arena *arena)
{
	struct promo_buffer buffer = PROMO_BUFFER(arena, 1024);
	const char *text;

	promo_buffer_printf(&buffer, "%s of %s %s", cli_number(arena, job->done),
		cli_number(arena, job->total),
		job->kind == PROMO_JOB_GENERATE ? "codes generated"
		: job->kind == PROMO_JOB_BULK   ? "codes done"
						: "done");
	if (job->rate != PROMO_NULL_INT && job->rate > 0)
		promo_buffer_printf(&buffer, ", %s/s", cli_number(arena, job->rate));
	if (job->eta_seconds != PROMO_NULL_INT && job->status == PROMO_JOB_RUNNING)
		promo_buffer_printf(&buffer, ", %" PRId64 ":%02" PRId64 " left",
			job->eta_seconds / 60, job->eta_seconds % 60);
	return promo_buffer_end(&buffer, &text) == 0 ? text : "";
}

const char *cli_progress(
	const struct cli_out *out, const struct promo_job *job, struct promo_arena *arena)
{
	struct promo_buffer buffer = PROMO_BUFFER(arena, 1024);
	const char *text = counted(job, arena);
	size_t cells = job->total > 0 ? bar_cells(out, promo_utf8_width(text)) : 0;

	if (cells)
		put_bar(out, job, cells, &buffer);
	promo_buffer_text(&buffer, text);
	if (promo_buffer_end(&buffer, &text))
		return "";
	return cli_clip(out, arena, text, out->talk_columns ? out->talk_columns - 1 : 0);
}

static void show(const struct cli *cli, const struct promo_job *job, struct promo_arena *arena)
{
	if (cli->out.talk_terminal)
		(void)fprintf(cli->out.talk, "\r%s\033[K", cli_progress(&cli->out, job, arena));
}

static bool has_ended(const struct promo_job *job)
{
	return job->status != PROMO_JOB_QUEUED && job->status != PROMO_JOB_RUNNING;
}

static void say_how_to_follow(const struct cli *cli, const char *job_id)
{
	cli_say(&cli->out, "the job goes on; follow it with: promo job wait %s", job_id);
}

static int how_it_ended(struct cli *cli, const struct promo_job *job)
{
	if (cli->out.talk_terminal)
		(void)fprintf(cli->out.talk, "\r\033[K");
	switch (job->status) {
	case PROMO_JOB_SUCCEEDED:
		cli_say(&cli->out, "%s", cli_progress(&cli->out, job, cli->arena));
		return CLI_DONE;
	case PROMO_JOB_CANCELLED:
		cli_complain(&cli->out, "the job was cancelled; what it %s",
			job->kind == PROMO_JOB_BULK ? "changed stays changed" : "made is gone");
		return CLI_FAILED;
	default:
		cli_complain(&cli->out, "the job failed: %s",
			cli_clean(cli->arena, !job->error          ? "nothing is known about it"
					      : job->error->detail ? job->error->detail
								   : job->error->code));
		return CLI_FAILED;
	}
}

struct waiting {
	struct cli *cli;
	const struct cli_args *args;
	struct promo_id_in in;
	int64_t until_ms;
};

static int look(struct waiting *waiting, struct promo_arena *arena, const struct promo_job **ret)
{
	struct cli *cli = waiting->cli;
	struct promo_reply reply = { 0 };
	int code, r = promo_client_call(
			  cli->client, &promo_op_job_show, &waiting->in, NULL, arena, &reply);

	if (r == 0) {
		*ret = reply.out;
		return CLI_DONE;
	}
	if (cli_interrupted())
		return CLI_INTERRUPTED;
	code = cli_fail(cli, NULL, &promo_op_job_show, r, &reply);
	if (r != PROMO_E_NOT_FOUND)
		say_how_to_follow(cli, waiting->in.id);
	return code;
}

/* Until it ended; then *ret lives as long as the run. */
static int poll_job(
	struct waiting *waiting, struct promo_arena *arena, const struct promo_job **ret)
{
	const struct promo_job *job;
	int pause_ms = FIRST_PAUSE_MS;

	for (;;) {
		int code = look(waiting, arena, &job);

		if (code)
			return code;
		show(waiting->cli, job, arena);
		if (has_ended(job))
			return look(waiting, waiting->cli->arena, ret);
		promo_arena_clear(arena);
		if (promo_monotonic_ms() >= waiting->until_ms)
			return CLI_STILL_RUNNING;
		cli_pause(pause_ms);
		if (cli_interrupted())
			return CLI_INTERRUPTED;
		pause_ms = pause_ms * 2 < LONGEST_PAUSE_MS ? pause_ms * 2 : LONGEST_PAUSE_MS;
	}
}

int cli_wait(struct cli *cli, const struct cli_args *args, const char *job_id,
	const struct promo_job **ret)
{
	PROMO_CLEANUP(promo_arena_freep)
	struct promo_arena *arena = promo_arena_new(POLL_BYTES_MAX);
	struct waiting waiting = { .cli = cli, .args = args };
	const struct promo_job *job = NULL;
	int64_t seconds;
	int code = cli_own_number(
		cli, args, CLI_OPT_WAIT_TIMEOUT, LONGEST_WAIT_S, LONGEST_WAIT_S, &seconds);

	if (code)
		return code;
	cli_put_text(promo_op_job_show.in, &waiting.in, "id", job_id);
	waiting.until_ms = promo_monotonic_ms() + seconds * 1000;
	cli_interrupt_watch();
	code = poll_job(&waiting, arena, &job);
	cli_interrupt_unwatch();
	if (code == CLI_DONE)
		code = how_it_ended(cli, job);
	else if (code == CLI_STILL_RUNNING || code == CLI_INTERRUPTED) {
		if (cli->out.talk_terminal)
			(void)fputc('\n', cli->out.talk);
		say_how_to_follow(cli, job_id);
	}
	if (code == CLI_DONE)
		*ret = job;
	return code;
}

int cli_ended_job(struct cli *cli, const struct cli_args *args, const char *job_id,
	const struct promo_job **ret)
{
	struct promo_id_in in = { .id = NULL };
	struct promo_reply reply;
	int code;

	cli_put_text(promo_op_job_show.in, &in, "id", job_id);
	code = cli_send(cli, args, &promo_op_job_show, &in, cli->arena, &reply);
	if (code)
		return code;
	if (cli->json)
		cli_answer(cli, &reply, NULL, NULL);
	*ret = reply.out;
	return CLI_DONE;
}
