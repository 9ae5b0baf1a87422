/* SPDX-License-Identifier: MIT */
#include "promo-tui/term.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"
#include "promo-tui/decode.h"
#include "promo-tui/term_cell.h"
#include "promo-tui/term_signal.h"
#include "promo-tui/term_wait.h"

enum {
	CTRL_Z = 26,
	ESC_DELAY_MS = 25,
	ESC_DELAY_SSH_MS = 100,
	BELL_GAP_MS = 180,    /* two bells closer than this are heard as one */
	PASTE_WAIT_MS = 1000, /* for the end of a paste */
	/* Codes of our own, beyond those that curses gives by itself. */
	CODE_PASTE_BEGIN = 2000,
	CODE_PASTE_END,
	CODE_CTRL_LEFT,
	CODE_CTRL_RIGHT,
};

/* xterm's control sequences; terminals without the feature ignore them. */
static const char PASTE_ON[] = "\033[?2004h", PASTE_OFF[] = "\033[?2004l";

struct tui_term {
	SCREEN *screen;
	bool ascii, mouse, pastes;
	struct tui_wait wait;
	int colours;   /* 0: attributes only */
	bool coloured; /* the theme has colours, too */
	attr_t attributes[TUI_STYLE_COUNT];
	struct tui_decoder decoder;
	mbstate_t partial; /* of a character */
	int64_t paste_until_ms;
	int bells;
	bool repaint, size_changed, ended;
};

static const struct {
	int code;
	const char *name;
} codes[] = {
#define TUI_CODE(code_, name_) { (code_), (name_) },
#include "promo-tui/term_keys.def"
};

static const struct {
	const char *bytes;
	int code;
} sequences[] = {
#define TUI_SEQUENCE(bytes_, code_) { (bytes_), (code_) },
#include "promo-tui/term_keys.def"
};

static void send(const char *bytes, size_t size)
{
	ssize_t written;

	do
		written = write(STDOUT_FILENO, bytes, size);
	while (written < 0 && errno == EINTR);
}

/* The terminal's sequence for something, NULL if it has none. */
static const char *capability(const char *name)
{
	const char *text = tigetstr(name);

	return text && text != (char *)(intptr_t)-1 ? text : NULL;
}

static void keep(struct tui_signal_restore *restore, const char *text)
{
	/* Without the waits that old terminals needed, "$<5>". */
	while (text && *text && restore->size < sizeof(restore->bytes)) {
		const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;

		if (end)
			text = end + 1;
		else
			restore->bytes[restore->size++] = *text++;
	}
}

/* What ends our use of the terminal, for a handler that cannot ask curses. */
static void compose_restore(const struct tui_term *term, struct tui_signal_restore *restore)
{
	static const char *const names[] = { "sgr0", "op", "cnorm", "rmkx" };
	const char *leave = capability("rmcup"), *move = capability("cup");

	if (term->pastes)
		keep(restore, PASTE_OFF);
	if (term->mouse)
		keep(restore, "\033[?1000l\033[?1006l");
	for (size_t i = 0; i < PROMO_COUNT(names); i++)
		keep(restore, capability(names[i]));
	if (leave) {
		keep(restore, leave);
	} else if (move) {
		keep(restore, tparm(move, (long)(LINES - 1), 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
		keep(restore, "\r\n");
	}
}

static const char *name_of(int code)
{
	for (size_t i = 0; i < PROMO_COUNT(codes); i++)
		if (codes[i].code == code)
			return codes[i].name;
	return NULL;
}

static void teach_keys(void)
{
	for (size_t i = 0; i < PROMO_COUNT(sequences); i++) {
		const int known = key_defined(sequences[i].bytes);

		/* Not where it begins a longer one (-1), or is a key that we have a name for. */
		if (known == 0 || (known > 0 && !name_of(known)))
			(void)define_key(sequences[i].bytes, sequences[i].code);
	}
}

static int usable_colours(const struct tui_term_config *config)
{
	if (config->no_color || !has_colors() || start_color() == ERR)
		return 0;
	return COLORS >= 8 && COLOR_PAIRS > TUI_STYLE_COUNT ? COLORS : 0;
}

static attr_t attributes_of(const struct tui_term *term, const struct tui_look *look)
{
	attr_t attributes = A_NORMAL;

	if (look->attributes & TUI_BOLD)
		attributes |= A_BOLD;
	if (look->attributes & TUI_UNDERLINE)
		attributes |= A_UNDERLINE;
	if (look->attributes & TUI_REVERSE)
		attributes |= A_REVERSE;
	/* With 8 colours bold means bright: wanted for bright ones, and grey instead of black. */
	if (term->colours > 0 && term->colours < 16) {
		if (look->text16 >= 8)
			attributes |= A_BOLD;
		else if (look->text16 == 0)
			attributes &= ~A_BOLD;
	}
	return attributes;
}

/* Plain text has the pair that stands for the terminal's own colours, and these become the theme's:
 * erased lines then have the right ones, which saves a third of a screen on a slow line. */
static void set_colours(const struct tui_term *term, const struct tui_look *looks)
{
	for (int i = 0; i < TUI_STYLE_COUNT; i++) {
		const int text = tui_colour(term->colours, looks[i].text, looks[i].text16);
		const int ground = tui_colour(term->colours, looks[i].ground, looks[i].ground16);

		if (i == TUI_TEXT)
			(void)assume_default_colors(text, ground);
		else
			(void)init_extended_pair(i, text, ground);
	}
}

void tui_term_set_theme(struct tui_term *term, const struct tui_theme *theme)
{
	if (term->colours == 0)
		theme = tui_theme_get(TUI_THEME_MONO);
	if (theme->has_colours)
		set_colours(term, theme->looks);
	else if (term->colours > 0)
		(void)use_default_colors();
	for (int i = 0; i < TUI_STYLE_COUNT; i++)
		term->attributes[i] = attributes_of(term, &theme->looks[i]);
	term->coloured = theme->has_colours;
	term->repaint = true;
}

static int watch(struct tui_term *term)
{
	struct tui_signal_restore restore = { .fd = STDOUT_FILENO };
	int signal_fd = -1, r;

	compose_restore(term, &restore);
	/* curses has it in its own mode by now. */
	(void)reset_shell_mode();
	(void)tcgetattr(STDOUT_FILENO, &restore.modes);
	(void)reset_prog_mode();
	r = tui_signal_watch(&restore, &signal_fd);
	if (r)
		return r;
	return tui_wait_open(&term->wait, STDIN_FILENO, signal_fd);
}

static void set_modes(struct tui_term *term)
{
	(void)raw();
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)meta(stdscr, TRUE);
	(void)scrollok(stdscr, FALSE);
	if (term->mouse) {
		(void)mouseinterval(0);
		(void)mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	}
	teach_keys();
	if (!getenv("ESCDELAY"))
		(void)set_escdelay(getenv("SSH_CONNECTION") ? ESC_DELAY_SSH_MS : ESC_DELAY_MS);
}

int tui_term_new(const struct tui_term_config *config, struct tui_term **ret)
{
	struct tui_term *term;
	int r;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return PROMO_E_INVALID_INPUT;
	term = calloc(1, sizeof(*term));
	if (!term)
		return promo_fault(-ENOMEM, "no memory for the terminal");
	term->wait = (struct tui_wait){ -1, -1 };
	(void)setlocale(LC_CTYPE, "");
	/* The size comes from the terminal, whatever LINES and COLUMNS say. */
	use_tioctl(TRUE);
	term->screen = newterm(NULL, stdout, stdin);
	if (!term->screen || !capability("cup")) {
		tui_term_free(term);
		return PROMO_E_INVALID_INPUT;
	}
	term->ascii = config->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	term->mouse = config->mouse && capability("kmous");
	term->pastes = capability("BE") || tigetflag("XT") > 0;
	term->colours = usable_colours(config);
	set_modes(term);
	r = watch(term);
	if (r) {
		tui_term_free(term);
		return r;
	}
	tui_term_set_theme(term, config->theme);
	if (term->pastes)
		send(PASTE_ON, sizeof(PASTE_ON) - 1);
	*ret = term;
	return 0;
}

static void leave(const struct tui_term *term)
{
	if (term->pastes)
		send(PASTE_OFF, sizeof(PASTE_OFF) - 1);
	(void)endwin();
}

void tui_term_free(struct tui_term *term)
{
	if (!term)
		return;
	if (term->screen) {
		leave(term);
		tui_signal_unwatch();
		delscreen(term->screen);
	}
	tui_wait_close(&term->wait);
	free(term);
}

/* Takes the terminal again, in whatever state it was left. */
static void enter(struct tui_term *term)
{
	(void)reset_prog_mode();
	if (term->pastes)
		send(PASTE_ON, sizeof(PASTE_ON) - 1);
	/* Nobody told us of a new size while others had the terminal. */
	(void)raise(SIGWINCH);
	term->repaint = true;
	term->size_changed = true;
}

static void stop(struct tui_term *term, bool group)
{
	leave(term);
	tui_signal_stop_here(group);
	(void)tui_signal_take(TUI_SIGNAL_GO_ON);
	enter(term);
}

int tui_term_fd(const struct tui_term *term)
{
	return term->wait.fd;
}

void tui_term_size(const struct tui_term *term, int *ret_columns, int *ret_rows)
{
	(void)term;
	getmaxyx(stdscr, *ret_rows, *ret_columns);
}

bool tui_term_is_ascii(const struct tui_term *term)
{
	return term->ascii;
}

void tui_term_bell(struct tui_term *term, int times)
{
	term->bells = 0;
	if (times <= 0)
		return;
	(void)beep();
	term->bells = times - 1;
	if (term->bells > 0)
		tui_wait_set_timer(&term->wait, BELL_GAP_MS);
}

static bool mouse_unit(struct tui_unit *ret)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return false;
	if (event.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		*ret = (struct tui_unit){ .kind = TUI_UNIT_NAME,
			.name = event.bstate & BUTTON4_PRESSED ? "up" : "down" };
		return true;
	}
	*ret = (struct tui_unit){ .kind = TUI_UNIT_MOUSE, .x = event.x, .y = event.y };
	return (event.bstate & BUTTON1_PRESSED) != 0;
}

/* True: the code is a unit for the decoder. */
static bool code_unit(struct tui_term *term, int code, struct tui_unit *ret)
{
	memset(&term->partial, 0, sizeof(term->partial));
	if (code == KEY_MOUSE)
		return mouse_unit(ret);
	if (code == KEY_RESIZE) {
		term->size_changed = true;
		term->repaint = true;
		return false;
	}
	if (code == CODE_PASTE_BEGIN || code == CODE_PASTE_END) {
		*ret = (struct tui_unit){ .kind = code == CODE_PASTE_BEGIN ? TUI_UNIT_PASTE_BEGIN
									   : TUI_UNIT_PASTE_END };
		return true;
	}
	*ret = (struct tui_unit){ .kind = TUI_UNIT_NAME, .name = name_of(code) };
	return ret->name != NULL;
}

/* Bytes become characters here rather than in get_wch(), which loses the beginning of a character
 * whose end has not arrived yet: every other one on a slow line. */
static bool byte_unit(struct tui_term *term, int byte, struct tui_unit *ret)
{
	const char bytes[1] = { (char)byte };
	wchar_t character;
	size_t size = mbrtowc(&character, bytes, 1, &term->partial);

	if (size == (size_t)-2)
		return false;
	if (size == (size_t)-1) {
		memset(&term->partial, 0, sizeof(term->partial));
		return false;
	}
	*ret = (struct tui_unit){ .kind = TUI_UNIT_CHARACTER, .character = (int32_t)character };
	return true;
}

static bool next_unit(void *context, struct tui_unit *ret)
{
	struct tui_term *term = context;
	int code;

	while ((code = wgetch(stdscr)) != ERR) {
		if (code == CTRL_Z && !term->decoder.pasting)
			stop(term, true);
		else if (code > UCHAR_MAX ? code_unit(term, code, ret) : byte_unit(term, code, ret))
			return true;
		if (term->size_changed)
			return false;
	}
	return false;
}

static bool is_gone(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL));
}

static bool read_key(struct tui_term *term, int64_t now_ms, struct tui_key *ret)
{
	const size_t pasted = term->decoder.paste_size;
	const bool was_pasting = term->decoder.pasting;

	if (tui_decode(&term->decoder, next_unit, term, ret))
		return true;
	if (!term->decoder.pasting)
		return false;
	if (!was_pasting || term->decoder.paste_size != pasted) {
		term->paste_until_ms = now_ms + PASTE_WAIT_MS;
		tui_wait_set_timer(&term->wait, PASTE_WAIT_MS);
		return false;
	}
	return now_ms >= term->paste_until_ms && tui_decode_end_paste(&term->decoder, ret);
}

static void on_signals(struct tui_term *term)
{
	tui_signal_drain();
	if (tui_signal_take(TUI_SIGNAL_STOP))
		stop(term, false);
	if (tui_signal_take(TUI_SIGNAL_GO_ON))
		enter(term);
	(void)tui_signal_take(TUI_SIGNAL_RESIZE); /* it comes as KEY_RESIZE */
}

bool tui_term_read(struct tui_term *term, struct tui_key *ret)
{
	const int64_t now_ms = promo_monotonic_ms();
	struct tui_key key = { .kind = TUI_KEY_NONE };

	on_signals(term);
	if (tui_wait_timer_went_off(&term->wait))
		tui_term_bell(term, term->bells);
	if (!term->ended && (tui_signal_take(TUI_SIGNAL_END) || is_gone())) {
		term->ended = true;
		key.kind = TUI_KEY_END;
	} else if (!term->ended && !term->size_changed) {
		(void)read_key(term, now_ms, &key);
	}
	if (key.kind == TUI_KEY_NONE && term->size_changed) {
		term->size_changed = false;
		key.kind = TUI_KEY_RESIZE;
	}
	key.at_ms = now_ms;
	if (key.kind == TUI_KEY_NONE)
		return false;
	*ret = key;
	return true;
}

static void put_cell(const struct tui_term *term, const struct tui_cell *cell)
{
	struct tui_piece pieces[2];
	const size_t count = tui_cell_pieces(cell, pieces);
	const int pair = term->coloured ? cell->style : 0;

	for (size_t i = 0; i < count; i++) {
		cchar_t put;

		if (setcchar(&put, pieces[i].text, term->attributes[cell->style], (short)pair,
			    NULL) == OK)
			(void)add_wch(&put);
	}
}

void tui_term_show(struct tui_term *term, const struct tui_canvas *canvas)
{
	int columns, rows, x = 0, y = 0;

	tui_term_size(term, &columns, &rows);
	if (term->repaint)
		(void)clearok(stdscr, TRUE);
	term->repaint = false;
	for (int row = 0; row < rows; row++) {
		(void)move(row, 0);
		for (int i = 0; i < columns; i++) {
			const struct tui_cell *cell = tui_canvas_cell(canvas, i, row);

			if (cell && cell->columns > 0 && i + cell->columns <= columns)
				put_cell(term, cell);
		}
	}
	if (tui_cursor_at(canvas, &x, &y) && x < columns && y < rows) {
		(void)move(y, x);
		(void)curs_set(1);
	} else {
		(void)move(rows - 1, 0);
		(void)curs_set(0);
	}
	(void)refresh();
}
