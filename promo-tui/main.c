/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libpromo/base/error.h"
#include "libpromo/base/log.h"
#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "promo-tui/app_run.h"
#include "promo-tui/options.h"
#include "promo-tui/outbox.h"
#include "promo-tui/plain.h"
#include "promo-tui/profiles_disk.h"
#include "promo-tui/screens.h"
#include "promo-tui/term.h"

/*
 * What the program takes from its process: arguments, environment, terminal, clock; and the loop. One
 * thread waits for the terminal and for answers, and does everything else.
 */

enum {
	RUN_BYTES_MAX = 64 * 1024 * 1024,
	FAILED = 1,
	USAGE = 2,
	FAULT_SIZE = 512,
	MS_PER_MINUTE = 60000
};

/* The last fault of the library: told when the terminal is given back, not across the screen. */
static char last_fault[FAULT_SIZE];

static void keep_fault(enum promo_log_level level, const char *line)
{
	if (level <= PROMO_LOG_ERROR)
		(void)snprintf(last_fault, sizeof(last_fault), "%s", line);
}

static int complain(int r, const struct promo_problem *problem)
{
	(void)fprintf(stderr, "promo-tui: %s\n",
		problem && problem->detail ? problem->detail : promo_error_info(r)->text);
	return r < 0 ? FAILED : USAGE;
}

struct program {
	struct tui_options options;
	struct promo_arena *arena;
	struct tui_profiles *profiles;
	struct tui_remote *remote;
	struct tui_outbox *outbox;
	struct tui_term *term;
	struct tui_canvas *canvas;
	struct tui_app *app;
	int theme; /* that the terminal has; setting it draws everything anew */
};

static void set_time(struct program *program)
{
	tui_app_set_time(program->app, promo_monotonic_ms(), promo_now_ms());
}

static void take_keys(struct program *program)
{
	struct tui_key key;

	while (!tui_app_is_over(program->app) && tui_term_read(program->term, &key)) {
		set_time(program);
		tui_app_key(program->app, program->canvas, &key);
	}
}

static int show(struct program *program)
{
	int columns, rows, r;

	tui_term_size(program->term, &columns, &rows);
	if (columns != tui_canvas_columns(program->canvas) ||
		rows != tui_canvas_rows(program->canvas)) {
		r = tui_canvas_resize(program->canvas, columns, rows);
		if (r)
			return r;
	}
	tui_app_draw(program->app, program->canvas);
	tui_term_show(program->term, program->canvas);
	return 0;
}

static void fulfil(struct program *program)
{
	struct tui_wishes wishes = tui_app_take_wishes(program->app);

	if (wishes.bells)
		tui_term_bell(program->term, wishes.bells);
	if (wishes.redraw || program->theme != tui_app_theme(program->app)) {
		program->theme = tui_app_theme(program->app);
		tui_term_set_theme(program->term, tui_theme_get(program->theme));
	}
	if (wishes.suspend)
		(void)raise(SIGTSTP);
}

static int loop(struct program *program)
{
	bool readable;
	int r = 0;

	while (!r && !tui_app_is_over(program->app)) {
		int64_t left;

		set_time(program);
		take_keys(program);
		tui_app_tick(program->app);
		fulfil(program);
		r = show(program);
		left = tui_app_deadline_ms(program->app) - promo_monotonic_ms();
		if (!r && !tui_app_is_over(program->app))
			r = program->remote->wait(program->remote, tui_term_fd(program->term),
				left > 0 ? (int)left : 0, &readable);
	}
	return r;
}

static int make_app(struct program *program)
{
	const struct tui_options *options = &program->options;
	const struct tui_theme *theme = NULL;
	struct tui_app_config config = {
		.screens = tui_screens,
		.remote = program->remote,
		.profiles = program->profiles,
		.outbox = program->outbox,
		.scanner_prefix = options->scanner_prefix,
		.scanner_suffix = options->scanner_suffix,
		.idle_lock_ms = options->idle_lock_minutes * MS_PER_MINUTE,
		.muted = options->mute,
	};
	int r;

	for (int i = 0; options->theme && (theme = tui_theme_get(i)); i++)
		if (strcmp(theme->name, options->theme) == 0)
			config.theme = i;
	r = tui_app_new(&config, &program->app);
	if (r)
		return r;
	set_time(program);
	return tui_app_start(program->app);
}

static int run_screen(struct program *program)
{
	const struct tui_term_config config = {
		.ascii = program->options.ascii,
		.no_color = program->options.no_color,
		.mouse = true,
		.theme = tui_theme_get(TUI_THEME_TEAL),
	};
	int r = tui_term_new(&config, &program->term);

	if (r > 0) {
		(void)fprintf(stderr,
			"promo-tui: this is no terminal that a screen can be drawn on; "
			"promo-tui --plain works line by line\n");
		return USAGE;
	}
	if (!r)
		r = tui_canvas_new(1, 1, &program->canvas);
	if (!r) {
		tui_canvas_set_ascii(program->canvas, tui_term_is_ascii(program->term));
		r = make_app(program);
	}
	if (!r)
		r = loop(program);
	tui_app_free(program->app);
	tui_canvas_free(program->canvas);
	tui_term_free(program->term);
	return r ? FAILED : 0;
}

static int run_plain(const struct program *program)
{
	const struct tui_plain_config config = {
		.remote = program->remote,
		.profiles = program->profiles,
		.outbox = program->outbox,
		.idle_lock_ms = program->options.idle_lock_minutes * MS_PER_MINUTE,
		.in = STDIN_FILENO,
		.out = stdout,
		.bell = !program->options.mute && isatty(STDOUT_FILENO),
	};

	return tui_plain_run(&config);
}

static int prepare(struct program *program, const struct tui_environment *environment,
	struct promo_problem *problem)
{
	int r = tui_profiles_new(
		&program->options, &environment->home, program->arena, problem, &program->profiles);

	if (!r)
		r = tui_remote_new(program->options.ca_file, &program->remote);
	if (!r)
		r = tui_outbox_new(tui_profiles_file(program->profiles, 0), &program->outbox);
	return r;
}

static int run(struct program *program, int argc, char **argv)
{
	const struct tui_environment environment = {
		.server = getenv("PROMO_SERVER"),
		.profile = getenv("PROMO_PROFILE"),
		.ca_file = getenv("PROMO_CA_FILE"),
		.no_color = getenv("NO_COLOR"),
		.config_home = getenv("XDG_CONFIG_HOME"),
		.home = { .state_home = getenv("XDG_STATE_HOME"), .home = getenv("HOME") },
	};
	struct promo_problem problem = { 0 };
	int r = tui_options_read(
		argc, argv, &environment, program->arena, &problem, &program->options);

	if (r)
		return complain(r, &problem);
	if (program->options.help) {
		const char *help = tui_options_help(program->arena);

		return !help || fputs(help, stdout) < 0 ? FAILED : 0;
	}
	if (program->options.version)
		return puts("promo-tui " PROMO_VERSION) < 0 ? FAILED : 0;
	r = prepare(program, &environment, &problem);
	if (r)
		return complain(r, &problem);
	return program->options.plain ? run_plain(program) : run_screen(program);
}

int main(int argc, char **argv)
{
	struct program program = { 0 };
	int code;

	(void)setlocale(LC_CTYPE, "");
	(void)signal(SIGPIPE, SIG_IGN);
	promo_log_set_sink(keep_fault);
	program.arena = promo_arena_new_secret(RUN_BYTES_MAX);
	if (!program.arena || promo_base_init()) {
		(void)fprintf(stderr,
			"promo-tui: there is no memory, or no random numbers, to begin "
			"with\n");
		return FAILED;
	}
	code = run(&program, argc, argv);
	tui_outbox_free(program.outbox);
	if (program.remote)
		program.remote->free(program.remote);
	promo_arena_free(program.arena);
	if (*last_fault)
		(void)fprintf(stderr, "promo-tui: %s\n", last_fault);
	return code;
}
