/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/buffer.h"
#include "libpromo/base/error.h"
#include "promo-cli/call.h"
#include "promo-cli/fail.h"
#include "promo-cli/settings.h"

/* edit: a category as JSON in the editor of the one who types, until it is taken or left as it was. */

enum {
	EDITED_BYTES_MAX = 1024 * 1024
};

struct editing {
	struct cli *cli;
	const struct cli_args *args;
	enum promo_setting_category category;
	struct cli_settings settings;
	char *path;
	const char *text; /* as it was given to the editor */
};

static int fail_with(struct editing *editing, const char *what)
{
	cli_complain(&editing->cli->out, "could not %s %s: %s", what,
		cli_clean(editing->cli->arena, editing->path), strerror(errno));
	return CLI_FAILED;
}

static int write_text(struct editing *editing, int fd)
{
	const char *at = editing->text;
	size_t left = strlen(at);
	ssize_t count = 0;

	while (left > 0 && (count >= 0 || errno == EINTR)) {
		count = write(fd, at, left);
		if (count > 0) {
			at += count;
			left -= (size_t)count;
		}
	}
	if (close(fd) < 0 || left > 0)
		return fail_with(editing, "write");
	return CLI_DONE;
}

/* mkstemp() makes it for nobody else to read (0600). */
static int make_file(struct editing *editing)
{
	struct cli *cli = editing->cli;
	const char *folder = cli->env.tmpdir && *cli->env.tmpdir ? cli->env.tmpdir : "/tmp";
	int fd;

	editing->path = promo_arena_printf(cli->arena, "%s/promo-%s.XXXXXX", folder,
		promo_setting_category_name(editing->category));
	if (!editing->path)
		return CLI_FAILED;
	fd = mkostemp(editing->path, O_CLOEXEC);
	if (fd < 0) {
		cli_complain(&cli->out, "could not make a file in %s: %s",
			cli_clean(cli->arena, folder), strerror(errno));
		return CLI_FAILED;
	}
	return write_text(editing, fd);
}

static int read_text(struct editing *editing, const char **ret)
{
	struct promo_buffer text = PROMO_BUFFER(editing->cli->arena, EDITED_BYTES_MAX);
	char bytes[4096];
	ssize_t count;
	const int fd = open(editing->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail_with(editing, "read");
	do {
		count = read(fd, bytes, sizeof(bytes));
		if (count > 0)
			promo_buffer_append(&text, bytes, (size_t)count);
	} while ((count > 0 && !text.error) || (count < 0 && errno == EINTR));
	(void)close(fd);
	if (count < 0)
		return fail_with(editing, "read");
	errno = EFBIG;
	return promo_buffer_end(&text, ret) ? fail_with(editing, "read") : CLI_DONE;
}

/* The editor may be a command with arguments, so a shell takes it apart. *ret_given_up: it was ended by a
 * key that interrupts. */
static int run_editor(struct editing *editing, bool *ret_given_up)
{
	const struct cli_env *env = &editing->cli->env;
	const char *editor = env->visual && *env->visual   ? env->visual
			     : env->editor && *env->editor ? env->editor
							   : "vi";
	char *command = promo_arena_printf(editing->cli->arena, "%s \"$1\"", editor);
	char shell[] = "sh", option[] = "-c";
	char *argv[] = { shell, option, command, shell, editing->path, NULL };
	posix_spawnattr_t attributes;
	sigset_t defaults;
	pid_t child;
	int r, status = -1;

	if (!command || posix_spawnattr_init(&attributes))
		return CLI_FAILED;
	(void)sigemptyset(&defaults);
	(void)sigaddset(&defaults, SIGINT);
	(void)sigaddset(&defaults, SIGQUIT);
	(void)sigaddset(&defaults, SIGPIPE);
	(void)posix_spawnattr_setsigdefault(&attributes, &defaults);
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	r = posix_spawn(&child, "/bin/sh", NULL, &attributes, argv, environ);
	while (!r && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	(void)posix_spawnattr_destroy(&attributes);
	if (r == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return CLI_DONE;
	/* A shell that ran it says so by its status. */
	*ret_given_up =
		r == 0 && ((WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) ||
				  (WIFEXITED(status) && WEXITSTATUS(status) == CLI_INTERRUPTED));
	if (*ret_given_up)
		return CLI_INTERRUPTED;
	cli_complain(&editing->cli->out,
		"the editor '%s' failed; nothing was changed. VISUAL or EDITOR names another",
		cli_clean(editing->cli->arena, editor));
	return CLI_FAILED;
}

/* Lines that begin with # are ours: no line of JSON does. */
static const char *without_remarks(struct editing *editing, const char *text)
{
	struct promo_buffer json = PROMO_BUFFER(editing->cli->arena, EDITED_BYTES_MAX);
	const char *ret;

	while (*text) {
		const size_t length = strcspn(text, "\n");
		const size_t whole = length + (text[length] != '\0');

		if (*text != '#')
			promo_buffer_append(&json, text, whole);
		text += whole;
	}
	return promo_buffer_end(&json, &ret) ? "" : ret;
}

/* What the editor is given: remarks, what was refused, the JSON. */
static int compose(struct editing *editing, const struct promo_problem *problem, const char *json)
{
	struct promo_buffer text = PROMO_BUFFER(editing->cli->arena, EDITED_BYTES_MAX);

	promo_buffer_printf(&text,
		"# Settings of %s. What is taken out stays as it is; null is the default.\n"
		"# Nothing is changed if the file is left as it is.\n",
		promo_setting_category_name(editing->category));
	if (problem) {
		promo_buffer_printf(&text, "#\n# Refused: %s\n",
			cli_clean(editing->cli->arena,
				problem->detail ? problem->detail
						: promo_error_info(problem->error)->text));
		for (size_t i = 0; i < problem->field_count; i++)
			promo_buffer_printf(&text, "#   %s: %s\n",
				cli_clean(editing->cli->arena, problem->fields[i].pointer),
				cli_clean(editing->cli->arena, problem->fields[i].message
								       ? problem->fields[i].message
								       : problem->fields[i].code));
	}
	promo_buffer_text(&text, json);
	if (text.size == 0 || json[strlen(json) - 1] != '\n')
		promo_buffer_char(&text, '\n');
	return promo_buffer_end(&text, &editing->text);
}

static bool is_refused(int r)
{
	return r == PROMO_E_INVALID_INPUT || r == PROMO_E_MALFORMED_REQUEST;
}

/* Sends what was edited; *ret_r is what became of it, with the reply's problem. */
static int send_edited(
	struct editing *editing, const char *json, struct promo_reply *ret, int *ret_r)
{
	const struct promo_schema *schema = &promo_settings_schemas[editing->category];
	struct cli *cli = editing->cli;
	void *in = promo_arena_alloc(cli->arena, schema->size);

	*ret = (struct promo_reply){ 0 };
	*ret_r = in ? promo_decode_object(schema, json, "", &editing->settings.env, cli->arena,
			      &ret->problem, in)
		    : promo_fault(-ENOMEM, "could not hold settings");
	if (*ret_r) {
		cli_settings_name_fields(
			&ret->problem, promo_setting_category_name(editing->category), cli->arena);
		return CLI_DONE;
	}
	return cli_settings_change(
		cli, editing->args, editing->category, &editing->settings, in, ret, ret_r);
}

static int say_done(struct editing *editing, const struct promo_reply *reply)
{
	const struct promo_settings_category *after = reply->out;
	struct cli *cli = editing->cli;

	if (cli->json)
		cli_answer(cli, reply, NULL, NULL);
	else if (after->version == editing->settings.shown[editing->category]->version)
		cli_say(&cli->out, "nothing was changed");
	else
		cli_say(&cli->out, "%s changed", cli_symbol(&cli->out, CLI_GOOD));
	return CLI_DONE;
}

/* The work of the one who edited is not thrown away with what failed. */
static int keep(struct editing *editing, const char *text)
{
	int code;

	editing->text = text;
	code = make_file(editing);
	if (!code)
		cli_say(&editing->cli->out, "what you wrote is in %s",
			cli_clean(editing->cli->arena, editing->path));
	return code;
}

static int fail_kept(
	struct editing *editing, int r, const struct promo_reply *reply, const char *text)
{
	struct cli *cli = editing->cli;
	int code = r > 0 && reply->http_status
			   ? cli_fail(cli, editing->args,
				     &promo_op_settings_update[editing->category], r, reply)
			   : cli_fail_here(cli, editing->args, r, &reply->problem);

	(void)keep(editing, text);
	return code;
}

/* The file is there while the editor is: keys that interrupt are the editor's until it is gone again, and
 * nothing is left behind by whoever gives up. */
static int edit(struct editing *editing, const char **ret)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction interrupt, quit;
	const char *text = editing->text;
	bool given_up = false;
	int code, failed;

	(void)sigaction(SIGINT, &ignore, &interrupt);
	(void)sigaction(SIGQUIT, &ignore, &quit);
	code = make_file(editing);
	if (!code) {
		failed = run_editor(editing, &given_up);
		code = read_text(editing, &text);
		(void)unlink(editing->path);
		if (failed && !code && !given_up && strcmp(text, editing->text) != 0)
			(void)keep(editing, text);
		code = failed ? failed : code;
	}
	(void)sigaction(SIGINT, &interrupt, NULL);
	(void)sigaction(SIGQUIT, &quit, NULL);
	if (!code)
		*ret = text;
	return code;
}

/* One turn in the editor. *ret_again: what was written was refused and is given back. */
static int turn(struct editing *editing, struct promo_reply *reply, int *r, bool *ret_again)
{
	const bool refused_before = *r != 0;
	struct cli *cli = editing->cli;
	const char *text, *json;
	int code = edit(editing, &text);

	*ret_again = false;
	if (code)
		return code;
	if (strcmp(text, editing->text) == 0) {
		if (refused_before)
			return fail_kept(editing, *r, reply, text);
		cli_say(&cli->out, "nothing was changed");
		return CLI_DONE;
	}
	json = without_remarks(editing, text);
	code = send_edited(editing, json, reply, r);
	if (code)
		return code;
	if (*r == 0)
		return say_done(editing, reply);
	if (!is_refused(*r))
		return fail_kept(editing, *r, reply, text);
	*ret_again = true;
	reply->problem.error = *r;
	return compose(editing, &reply->problem, json) ? CLI_FAILED : CLI_DONE;
}

/* What nobody can set is not there to be edited. */
static int write_values(struct editing *editing, const char **ret)
{
	const struct promo_schema *schema = &promo_settings_schemas[editing->category];
	const char *values = editing->settings.shown[editing->category]->values;
	struct promo_settings_of_backup backup;
	int r = 0;

	if (editing->category == PROMO_SETTINGS_backup) {
		backup = *(const struct promo_settings_of_backup *)
				  editing->settings.values[editing->category];
		backup.manual_backups = NULL;
		backup.set.present &=
			~(UINT64_C(1)
				<< (promo_schema_field(schema, "manual_backups") - schema->fields));
		r = promo_encode(schema, &backup, editing->cli->arena, &values);
	}
	return r ? r : promo_encode_indented(values, editing->cli->arena, ret);
}

static int edit_run(struct cli *cli, const struct cli_args *args)
{
	struct editing editing = { .cli = cli, .args = args };
	struct promo_reply reply = { 0 };
	const char *json;
	bool again = true;
	int r, code;

	if (args->word_count == 0) {
		cli_complain(&cli->out, "which category? promo settings edit CATEGORY");
		return CLI_USAGE;
	}
	code = cli_setting_find_category(cli, args->words[0], &editing.category);
	if (!code)
		code = cli_settings_read(cli, args, &editing.settings);
	if (code)
		return code;
	if (!editing.settings.shown[editing.category]) {
		cli_complain(&cli->out, "the server does not know this category");
		return cli_exit_code(PROMO_E_NOT_FOUND);
	}
	r = write_values(&editing, &json);
	if (!r)
		r = compose(&editing, NULL, json);
	if (r)
		return cli_fail_here(cli, args, r, &reply.problem);
	while (!code && again)
		code = turn(&editing, &reply, &r, &again);
	return code;
}

const struct cli_cmd cli_cmd_settings_edit = {
	.name = "settings edit",
	.summary = "Edit the settings of a category as JSON",
	.text = "The editor is that of VISUAL or EDITOR, else vi. What the server refuses comes "
		"back "
		"with its errors on top, until it is mended or left as it is. If somebody else "
		"changed the category meanwhile nothing is changed and the file is kept. It needs "
		"the permissions of promo settings set.",
	.examples = "promo settings edit notifications\n"
		    "EDITOR=nano promo settings edit branding",
	.words = "CATEGORY",
	.words_max = 1,
	.options = { CLI_OPT_IF_VERSION, CLI_OPT_DRY_RUN },
	.complete = cli_settings_complete_categories,
	.run = edit_run,
};
