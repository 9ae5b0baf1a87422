/* SPDX-License-Identifier: MIT */
#include "tests/promo-tui/script.h"

#include <ftw.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/utf8.h"
#include "promo-tui/app_run.h"
#include "promo-tui/outbox.h"
#include "promo-tui/screens.h"
#include "tests/promo-tui/canned.h"

enum {
	TYPING_MS = 200, /* between keys of a person */
	SCANNER_MS = 5,  /* and of a scanner */
	STEP_MS = 20,    /* how often the program wakes while time goes by */
	INCLUDES_MAX = 4
};

/* 2026-11-22 12:03:00 in UTC. */
#define START_WALL_MS INT64_C(1795348980000)

#define FOLDER "/tmp/promo-test-screens.XXXXXX"

struct run {
	struct promo_arena *arena;
	const char *path;
	const int *size;
	struct canned *canned;
	struct canned_profiles *profiles;
	struct tui_app_config config;
	struct tui_app *app; /* NULL until the first line that needs it */
	struct tui_canvas *canvas;
	int64_t now_ms;
	bool ascii;
	const char *output;
	char folder[sizeof(FOLDER)]; /* of the outbox */
};

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void out(struct run *run, const char *text)
{
	run->output = promo_arena_printf(run->arena, "%s%s", run->output ? run->output : "", text);
}

static void tick(struct run *run, int64_t ms)
{
	run->now_ms += ms;
	tui_app_set_time(run->app, run->now_ms, START_WALL_MS + run->now_ms - 1000000);
	tui_app_tick(run->app);
}

static bool start(struct run *run)
{
	if (run->app)
		return true;
	run->config.screens = tui_screens;
	run->config.remote = canned_remote(run->canned);
	run->config.profiles = canned_profiles_of(run->profiles);
	if (tui_outbox_new(&(struct promo_profile){ .name = "shop", .folder = run->folder },
		    &run->config.outbox))
		return false;
	if (tui_canvas_new(run->size[0], run->size[1], &run->canvas) ||
		tui_app_new(&run->config, &run->app))
		return false;
	tui_canvas_set_ascii(run->canvas, run->ascii);
	tui_app_set_time(run->app, run->now_ms, START_WALL_MS);
	return tui_app_start(run->app) == 0;
}

static void press(struct run *run, struct tui_key *key, int64_t after_ms)
{
	tick(run, after_ms);
	key->at_ms = run->now_ms;
	tui_app_key(run->app, run->canvas, key);
	tick(run, 0);
}

static void press_named(struct run *run, const char *name, int64_t after_ms)
{
	struct tui_key key = { .kind = TUI_KEY_NAMED, .name = name };

	press(run, &key, after_ms);
}

static void type(struct run *run, const char *text, int64_t after_ms)
{
	int32_t character;
	size_t size;

	while ((size = promo_utf8_next(text, &character)) > 0) {
		struct tui_key key = { .kind = TUI_KEY_TEXT };

		memcpy(key.text, text, size);
		text += size;
		press(run, &key, after_ms);
	}
}

static bool do_key(struct run *run, const char *rest)
{
	if (strlen(rest) == 1)
		type(run, rest, TYPING_MS);
	else
		press_named(run, promo_arena_strdup(run->arena, rest), TYPING_MS);
	return true;
}

static bool do_type(struct run *run, const char *rest)
{
	type(run, rest, TYPING_MS);
	return true;
}

static bool do_paste(struct run *run, const char *rest)
{
	struct tui_key key = { .kind = TUI_KEY_PASTE, .paste = rest };

	press(run, &key, TYPING_MS);
	return true;
}

static bool do_scan(struct run *run, const char *rest)
{
	tick(run, TYPING_MS);
	type(run, rest, SCANNER_MS);
	press_named(run, "enter", SCANNER_MS);
	return true;
}

/* A click is on what stands there now. */
static bool do_click(struct run *run, const char *rest)
{
	struct tui_key key = { .kind = TUI_KEY_MOUSE };

	if (sscanf(rest, "%d %d", &key.x, &key.y) != 2)
		return false;
	tui_app_draw(run->app, run->canvas);
	press(run, &key, TYPING_MS);
	return true;
}

static bool do_wait(struct run *run, const char *rest)
{
	long ms = strtol(rest, NULL, 10);

	for (long done = 0; done < ms; done += STEP_MS)
		tick(run, ms - done < STEP_MS ? ms - done : STEP_MS);
	return ms > 0;
}

static bool do_answer(struct run *run, const char *rest)
{
	char op[64];
	int status, retry_after_s = 0, used = 0;

	if (sscanf(rest, "%63s %d%n", op, &status, &used) != 2 || !used)
		return false;
	rest += used;
	if (sscanf(rest, "/%d%n", &retry_after_s, &used) == 1)
		rest += used;
	rest += *rest == ' ';
	if (!canned_answer(run->canned, op, status, retry_after_s, rest)) {
		(void)printf("waiting:%s\n", canned_waiting(run->canned));
		return false;
	}
	tick(run, 0);
	return true;
}

/* "network down": tries fail from now on, and nobody says yet that it is over; "network up". */
static bool do_network(struct run *run, const char *rest)
{
	canned_struggle(run->canned, strcmp(rest, "down") == 0);
	tick(run, 0);
	return strcmp(rest, "down") == 0 || strcmp(rest, "up") == 0;
}

static bool do_resize(struct run *run, const char *rest)
{
	int columns = run->size[0], rows = run->size[1];

	return (*rest == '\0' || sscanf(rest, "%dx%d", &columns, &rows) == 2) &&
	       tui_canvas_resize(run->canvas, columns, rows) == 0;
}

static void picture(struct run *run, const char *label, bool styles)
{
	tui_app_draw(run->app, run->canvas);
	out(run, canned_sent(run->canned));
	out(run,
		promo_arena_printf(run->arena, "=== %dx%d%s%s\n%s", tui_canvas_columns(run->canvas),
			tui_canvas_rows(run->canvas), *label ? " " : "", label,
			tui_canvas_print(run->canvas, styles, run->arena)));
}

static bool do_show(struct run *run, const char *rest)
{
	picture(run, rest, false);
	return true;
}

static bool do_styles(struct run *run, const char *rest)
{
	picture(run, rest, true);
	return true;
}

static bool set_up(struct run *run, const char *word, const char *rest)
{
	char part[4][128];

	if (strcmp(word, "sizes") == 0)
		return true;
	if (strcmp(word, "ascii") == 0) {
		run->ascii = true;
		return true;
	}
	if (strcmp(word, "idle") == 0) {
		run->config.idle_lock_ms = strtol(rest, NULL, 10) * 60000;
		return true;
	}
	return strcmp(word, "profile") == 0 &&
	       sscanf(rest, "%127s %127s %127s %127s", part[0], part[1], part[2], part[3]) == 4 &&
	       canned_profiles_add(run->profiles, part[0], part[1], part[2], part[3]);
}

static const struct {
	const char *word;
	bool (*run)(struct run *run, const char *rest);
} verbs[] = {
	{ "key", do_key },
	{ "type", do_type },
	{ "paste", do_paste },
	{ "scan", do_scan },
	{ "click", do_click },
	{ "wait", do_wait },
	{ "answer", do_answer },
	{ "resize", do_resize },
	{ "network", do_network },
	{ "show", do_show },
	{ "styles", do_styles },
};

static bool run_script(struct run *run, const char *path, const char *script, int depth);

static bool include(struct run *run, const char *path, const char *name, int depth)
{
	char *folder = promo_arena_strdup(run->arena, path);
	const char *whole = promo_arena_printf(run->arena, "%s/%s", dirname(folder), name);
	FILE *file = depth < INCLUDES_MAX ? fopen(whole, "re") : NULL;
	char text[16384];
	size_t size;

	if (!file)
		return false;
	size = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file);
	text[size] = '\0';
	return run_script(run, whole, promo_arena_strdup(run->arena, text), depth + 1);
}

static bool do_line(struct run *run, const char *path, char *line, int depth)
{
	char *rest = line + strcspn(line, " ");

	if (*rest)
		*rest++ = '\0';
	if (*line == '\0' || *line == '#')
		return true;
	if (strcmp(line, "include") == 0)
		return include(run, path, rest, depth);
	for (size_t i = 0; i < PROMO_COUNT(verbs); i++)
		if (strcmp(verbs[i].word, line) == 0)
			return start(run) && verbs[i].run(run, rest);
	return !run->app && set_up(run, line, rest);
}

static bool run_script(struct run *run, const char *path, const char *script, int depth)
{
	int number = 0;

	while (*script) {
		size_t length = strcspn(script, "\n");
		char *line = promo_arena_strndup(run->arena, script, length);

		number++;
		script += length + (script[length] == '\n');
		while (*script == '\t') {
			length = strcspn(script, "\n");
			line = promo_arena_printf(
				run->arena, "%s%.*s", line, (int)length - 1, script + 1);
			script += length + (script[length] == '\n');
		}
		if (!do_line(run, path, line, depth)) {
			(void)printf("%s: command %d could not be done: %s\n", path, number, line);
			return false;
		}
	}
	return true;
}

const char *script_run(
	const char *path, const char *script, const int size[2], struct promo_arena *arena)
{
	struct run run = {
		.arena = arena, .path = path, .size = size, .now_ms = 1000000, .folder = FOLDER
	};
	bool done = false;

	if (setenv("TZ", "CAT-2", 1) == 0 && mkdtemp(run.folder) && canned_new(&run.canned) == 0 &&
		canned_profiles_new(&run.profiles) == 0)
		done = run_script(&run, path, script, 0);
	if (done)
		out(&run, canned_sent(run.canned));
	tui_app_free(run.app);
	tui_outbox_free(run.config.outbox);
	(void)nftw(run.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	tui_canvas_free(run.canvas);
	canned_free(run.canned);
	canned_profiles_free(run.profiles);
	return done ? run.output : NULL;
}
