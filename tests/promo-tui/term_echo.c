/* SPDX-License-Identifier: MIT */
/*
 * Shows what term.c understands: a canvas with all kinds of text, and the last keys by name. For
 * term.sh, which looks at it in tmux. It ends with ctrl-c, or when it is asked to; "alt-a" aborts,
 * "alt-b" rings three times, "alt-t" changes the theme.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "promo-tui/big.h"
#include "promo-tui/term.h"

enum {
	ROWS_OF_KEYS = 6,
	ROW_BYTES = 128
};

struct scene {
	struct tui_term *term;
	struct tui_canvas *canvas;
	char rows[ROWS_OF_KEYS][ROW_BYTES];
	int count;
	enum tui_request request;
	int argument;
};

static void say(struct scene *scene, const char *what, const char *text)
{
	(void)snprintf(scene->rows[scene->count % ROWS_OF_KEYS], ROW_BYTES, "%d %s%s%s",
		scene->count, what, *text ? " " : "", text);
	scene->count++;
}

static void draw(struct scene *scene)
{
	struct tui_canvas *canvas = scene->canvas;
	const int columns = tui_canvas_columns(canvas), rows = tui_canvas_rows(canvas);
	int row = 0;

	tui_canvas_clear(canvas);
	tui_box(canvas, (struct tui_rect){ 0, 0, columns, rows }, TUI_BORDER, "echo");
	(void)tui_putf(canvas, 2, 1, columns - 4, TUI_MUTED, "size %dx%d", columns, rows);
	(void)tui_put(canvas, 2, 2, columns - 4, TUI_GOOD,
		"Zo\u00eb e\u0301|\u5ddd\u672c|\U0001F468\u200D\U0001F469\u200D\U0001F467|"
		"\u0915\u093e|\U0001F44D\U0001F3FD|\033[31m|end");
	(void)tui_put(canvas, 2, 3, 5, TUI_BAD, "cut off here");
	(void)tui_big(canvas, 2, 4, columns - 4, TUI_BIG_GOOD, "500 RWF");
	for (int i = scene->count > ROWS_OF_KEYS ? scene->count - ROWS_OF_KEYS : 0;
		i < scene->count; i++)
		(void)tui_put(canvas, 2, 10 + row++, columns - 4, TUI_TEXT,
			scene->rows[i % ROWS_OF_KEYS]);
	tui_hit(canvas, (struct tui_rect){ 2, 4, 20, 5 }, TUI_REQ_NONE, 500);
	tui_cursor(canvas, 2, 9);
	tui_term_show(scene->term, canvas);
}

static void on_click(struct scene *scene, const struct tui_key *key)
{
	enum tui_request request;
	char text[ROW_BYTES / 2];
	int argument = -1;

	if (!tui_hit_at(scene->canvas, key->x, key->y, &request, &argument))
		argument = -1;
	(void)snprintf(text, sizeof(text), "%d,%d hits %d", key->x, key->y, argument);
	say(scene, "click", text);
}

static void on_name(struct scene *scene, const char *name)
{
	say(scene, "named", name);
	if (strcmp(name, "alt-a") == 0)
		abort();
	if (strcmp(name, "alt-b") == 0)
		tui_term_bell(scene->term, 3);
	if (strcmp(name, "alt-t") == 0)
		tui_term_set_theme(scene->term, tui_theme_get(TUI_THEME_CONTRAST));
}

/* False: the program is to end. */
static bool on_key(struct scene *scene, const struct tui_key *key)
{
	int columns, rows;

	switch (key->kind) {
	case TUI_KEY_TEXT:
		say(scene, "text", key->text);
		return true;
	case TUI_KEY_NAMED:
		on_name(scene, key->name);
		return strcmp(key->name, "ctrl-c") != 0;
	case TUI_KEY_PASTE:
		say(scene, "paste", key->paste);
		return true;
	case TUI_KEY_MOUSE:
		on_click(scene, key);
		return true;
	case TUI_KEY_RESIZE:
		tui_term_size(scene->term, &columns, &rows);
		return tui_canvas_resize(scene->canvas, columns, rows) == 0;
	case TUI_KEY_END:
	case TUI_KEY_NONE:
		return false;
	}
	return false;
}

static void run(struct scene *scene)
{
	for (;;) {
		struct pollfd input = { .fd = tui_term_fd(scene->term), .events = POLLIN };
		struct tui_key key;

		draw(scene);
		(void)poll(&input, 1, -1);
		while (tui_term_read(scene->term, &key))
			if (!on_key(scene, &key))
				return;
	}
}

int main(int argc, char **argv)
{
	struct tui_term_config config = { .mouse = true, .theme = tui_theme_get(TUI_THEME_TEAL) };
	static struct scene scene;
	int columns, rows;

	for (int i = 1; i < argc; i++) {
		config.ascii = config.ascii || strcmp(argv[i], "--ascii") == 0;
		config.no_color = config.no_color || strcmp(argv[i], "--no-color") == 0;
	}
	if (tui_term_new(&config, &scene.term)) {
		(void)fprintf(stderr, "this is no terminal to draw on\n");
		return 3;
	}
	tui_term_size(scene.term, &columns, &rows);
	if (tui_canvas_new(columns, rows, &scene.canvas))
		return 4;
	tui_canvas_set_ascii(scene.canvas, tui_term_is_ascii(scene.term));
	run(&scene);
	tui_term_free(scene.term);
	tui_canvas_free(scene.canvas);
	(void)printf("given back after %d keys\n", scene.count);
	return 0;
}
