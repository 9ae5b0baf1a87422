/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <unistd.h>

#include "libpromo/api/codec.h"
#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_import.h"
#include "libpromo/api/op_job.h"
#include "libpromo/base/csv_read.h"
#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"
#include "libpromo/base/uuid.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/keep.h"
#include "promo-cli/open.h"
#include "promo-cli/print.h"
#include "promo-cli/save.h"
#include "promo-cli/wait.h"

/* Imports a file: sends it, waits for its job, and shows the first rows that were not taken. */

enum {
	PREVIEW_ROWS = 5,
	PREVIEW_BYTES = 16 * 1024,
	HASHED_BYTES = 64 * 1024,
	REJECT_FIELDS = 6, /* line, code, reason, message, column, value */
};

static void show_sent(void *context, int64_t sent, int64_t total)
{
	struct cli *cli = context;
	const int64_t kib = 1024;

	if (!cli->out.talk_terminal)
		return;
	if (total > 0)
		(void)fprintf(cli->out.talk, "\r%lld of %lld KiB sent\033[K",
			(long long)(sent / kib), (long long)(total / kib));
	else
		(void)fprintf(cli->out.talk, "\r%lld KiB sent\033[K", (long long)(sent / kib));
}

/* The SHA-256 of what is to be sent, which tells one import from another; NULL for what cannot be read
 * twice, such as a pipe. */
static const char *hash_file(struct cli *cli, int fd)
{
	char *hex = promo_arena_alloc(cli->arena, PROMO_SHA256_HEX_SIZE);
	unsigned char bytes[HASHED_BYTES];
	struct promo_sha256 hash;
	off_t at = 0;
	ssize_t count;

	if (!hex || lseek(fd, 0, SEEK_CUR) < 0)
		return NULL;
	promo_sha256_start(&hash);
	while ((count = pread(fd, bytes, sizeof(bytes), at)) > 0) {
		promo_sha256_add(&hash, bytes, (size_t)count);
		at += count;
	}
	if (count < 0)
		return NULL;
	promo_sha256_end(&hash, hex);
	return hex;
}

static int send_file(struct cli *cli, const struct cli_args *args, const void *in, int fd,
	struct promo_reply *ret)
{
	const struct promo_client_file file = {
		.fd = fd, .content_type = "text/csv", .progress = show_sent, .context = cli
	};
	const char *hash = hash_file(cli, fd);
	struct promo_call call = { .idempotency_key = NULL };
	struct cli_kept *kept = NULL;
	char key[PROMO_UUID_SIZE];
	int r, code;

	if (hash) {
		code = cli_keep(cli, args, args->cmd.op, in, hash, &call.idempotency_key, &kept);
		if (code)
			return code;
	} else {
		promo_uuid_new(key);
		call.idempotency_key = args->own[CLI_OPT_IDEMPOTENCY_KEY]
					       ? args->own[CLI_OPT_IDEMPOTENCY_KEY]
					       : key;
	}
	r = promo_client_upload(cli->client, args->cmd.op, in, &call, &file, cli->arena, ret);
	cli_kept_answer(kept, r, ret);
	if (cli->out.talk_terminal)
		(void)fprintf(cli->out.talk, "\r\033[K");
	if (ret->replayed)
		cli_say(&cli->out, "this was asked before with the same key; the first answer:");
	return r ? cli_fail(cli, args, args->cmd.op, r, ret) : CLI_DONE;
}

/*
 * What was not taken.
 */

struct preview {
	char bytes[PREVIEW_BYTES];
	size_t size;
};

/* Keeps the beginning; more is not asked for. */
static int keep_beginning(void *context, const void *bytes, size_t size)
{
	struct preview *preview = context;
	const size_t room = sizeof(preview->bytes) - preview->size;
	const size_t kept = size < room ? size : room;

	memcpy(preview->bytes + preview->size, bytes, kept);
	preview->size += kept;
	return kept < size ? PROMO_E_INTERNAL : 0;
}

static int read_preview(void *context, uint64_t offset, void *buffer, size_t size, size_t *ret)
{
	const struct preview *preview = context;
	const size_t left = offset < preview->size ? preview->size - (size_t)offset : 0;

	*ret = left < size ? left : size;
	memcpy(buffer, preview->bytes + offset, *ret);
	return 0;
}

static void say_reject(struct cli *cli, const struct promo_csv_row *row)
{
	struct promo_arena *arena = cli->arena;

	cli_say(&cli->out, "  line %s: %s \"%s\": %s", cli_clean(arena, row->fields[0]),
		cli_clean(arena, row->fields[4]), cli_clean(arena, row->fields[5]),
		cli_clean(arena, row->fields[3]));
}

/* What the option would take. */
static bool is_of_other_format(const char *reason)
{
	return strcmp(reason, "code_other_format") == 0 ||
	       strcmp(reason, "code_date_impossible") == 0;
}

static void say_rejects(struct cli *cli, struct preview *preview)
{
	static const struct promo_csv_dialect ours = {
		.encoding = PROMO_CSV_UTF8, .separator = ',', .line = 1
	};
	struct promo_csv_reader *reader;
	struct promo_csv_row row;
	bool found = true, other = false;

	if (promo_csv_reader_new(&ours, 0, 1, read_preview, preview, &reader))
		return;
	for (int i = 0; i <= PREVIEW_ROWS; i++) {
		if (promo_csv_next(reader, &row, &found) || !found || row.count < REJECT_FIELDS)
			break;
		if (i == 0)
			continue;
		say_reject(cli, &row);
		other = other || is_of_other_format(row.fields[2]);
	}
	promo_csv_reader_free(reader);
	if (other)
		cli_say(&cli->out, "--any-format takes codes of other forms, too");
}

static int save_rejects(struct cli *cli, const struct cli_args *args, struct promo_id_in *in)
{
	const struct cli_download what = { .op = &promo_op_job_rejects, .in = in };
	struct cli_args own = *args;
	struct cli_saved saved = { 0 };
	int code;

	own.own[CLI_OPT_OUTPUT] = args->own[CLI_OPT_REJECTS];
	code = cli_save(cli, &own, &what, &saved);
	if (!code && saved.path)
		cli_say(&cli->out, "%s names each; mend it and import it again",
			cli_clean(cli->arena, saved.path));
	return code;
}

static int show_rejects(struct cli *cli, const struct cli_args *args, const char *job_id)
{
	struct preview *preview = promo_arena_alloc(cli->arena, sizeof(*preview));
	struct promo_id_in in = { .id = NULL };
	struct promo_download download;
	struct promo_reply reply = { 0 };
	int r;

	cli_put_text(promo_op_job_rejects.in, &in, "id", job_id);
	if (!preview)
		return CLI_FAILED;
	r = promo_client_download(cli->client, &promo_op_job_rejects, &in, keep_beginning, preview,
		cli->arena, &reply, &download);
	if (r && preview->size == 0)
		return cli_fail(cli, args, &promo_op_job_rejects, r, &reply);
	say_rejects(cli, preview);
	if (args->own[CLI_OPT_REJECTS])
		return save_rejects(cli, args, &in);
	cli_say(&cli->out, "all of them: promo job rejects %s -o rejects.csv",
		cli_clean(cli->arena, job_id));
	return CLI_DONE;
}

/*
 * What came of it.
 */

static void say_result(struct cli *cli, const struct promo_import_result *result)
{
	struct promo_arena *arena = cli->arena;

	cli_say(&cli->out, "%s %s of %s codes %s",
		cli_symbol(&cli->out, result->rejected ? CLI_BAD : CLI_GOOD),
		cli_number(arena, result->imported), cli_number(arena, result->read),
		result->dry_run ? "would be imported" : "imported");
	if (result->redeemed)
		cli_say(&cli->out, "  %s of them were used before",
			cli_number(arena, result->redeemed));
	if (result->rejected)
		cli_say(&cli->out, "  %s %s not taken, %s because the code is there already",
			cli_number(arena, result->rejected),
			result->rejected == 1 ? "row was" : "rows were",
			cli_number(arena, result->duplicates));
}

/* Also of a job that failed: that is where the rejects matter most. */
static int show_end(struct cli *cli, const struct cli_args *args, const char *job_id, int ended)
{
	struct promo_import_result result = { 0 };
	const struct promo_job *job;
	int code = cli_ended_job(cli, args, job_id, &job);

	if (code)
		return code;
	if (!job->result ||
		promo_decode_output(&promo_import_result_schema, job->result, cli->arena, &result))
		return ended;
	if (ended == CLI_DONE)
		say_result(cli, &result);
	if (result.rejected == 0)
		return ended;
	code = show_rejects(cli, args, job_id);
	return code ? code : ended ? ended : CLI_PARTLY;
}

static int import_file(struct cli *cli, const struct cli_args *args, const void *in, int fd)
{
	const struct promo_job *job;
	struct promo_reply reply = { 0 };
	const char *id;
	int code;

	code = send_file(cli, args, in, fd, &reply);
	if (code)
		return code;
	id = cli_clean(cli->arena, ((const struct promo_job_answer *)reply.out)->job->id);
	if (args->own[CLI_OPT_DETACH]) {
		if (cli->json)
			cli_answer(cli, &reply, NULL, NULL);
		cli_say(&cli->out, "it is being imported; follow it with: promo job wait %s", id);
		return CLI_DONE;
	}
	code = cli_wait(cli, args, id, &job);
	return code == CLI_DONE || code == CLI_FAILED ? show_end(cli, args, id, code) : code;
}

static int import_run(struct cli *cli, const struct cli_args *args)
{
	const char *path = args->word_count > 1 ? args->words[1] : NULL;
	void *in;
	int fd = -1, code;

	if (!path) {
		cli_complain(&cli->out, "FILE is missing: give it, or - to read standard input");
		return CLI_USAGE;
	}
	code = cli_open(cli, path, &fd);
	if (!code)
		code = cli_begin(cli, args, &in);
	if (!code)
		code = import_file(cli, args, in, fd);
	cli_close(fd);
	return code;
}

const struct cli_cmd cli_cmd_import = {
	.name = "import",
	.op = &promo_op_code_import,
	.prints = &promo_job_schema,
	.words = "FILE",
	.words_max = 1,
	.text = "Shows the first rows that were not taken; --rejects keeps all of them in a file "
		"that "
		"can be mended and imported again. The exit code is 3 where some rows were taken "
		"and "
		"others not, 1 where the import failed and nothing was.",
	.examples = "promo import BATCH_SUMMER codes.csv\n"
		    "promo import BATCH_SUMMER codes.csv --dry-run\n"
		    "promo import BATCH_SUMMER old-shop.csv --mode skip --any-format "
		    "--rejects rejects.csv",
	.options = { CLI_OPT_REJECTS, CLI_OPT_FORCE, CLI_OPT_DETACH, CLI_OPT_WAIT_TIMEOUT,
		CLI_OPT_IDEMPOTENCY_KEY },
	.run = import_run,
};
