/* SPDX-License-Identifier: MIT */
#include "promo-tui/keymap.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* No letter stands here: letters may be text on the screen in front, and a slip of the finger should
 * never do anything that cannot be taken back. */
const struct tui_binding tui_global_keys[] = {
	{ "esc", TUI_REQ_BACK, NULL, "back" },
	{ "f1", TUI_REQ_HELP, NULL, "help" },
	{ "?", TUI_REQ_HELP },
	{ "f9", TUI_REQ_PALETTE, NULL, "actions" },
	{ ":", TUI_REQ_PALETTE },
	{ "f10", TUI_REQ_MENU, NULL, "menu" },
	{ "f12", TUI_REQ_LOCK, NULL, "lock" },
	{ "ctrl-l", TUI_REQ_REDRAW },
	{ "ctrl-z", TUI_REQ_SUSPEND },
	{ "ctrl-c", TUI_REQ_QUIT },
	{ 0 },
};

enum tui_request tui_keymap_find(const struct tui_binding *rows, const char *key)
{
	for (; rows && rows->key; rows++)
		if (strcmp(rows->key, key) == 0)
			return rows->request;
	return TUI_REQ_NONE;
}

const char *tui_keymap_key(const struct tui_binding *rows, enum tui_request request)
{
	for (; rows && rows->key; rows++)
		if (rows->request == request)
			return rows->key;
	return NULL;
}

const char *tui_binding_help(const struct tui_binding *binding)
{
	return binding->help ? binding->help : tui_request_info(binding->request)->help;
}

void tui_key_format(const char *key, char ret[TUI_KEY_NAME_SIZE])
{
	static const struct {
		const char *key, *name;
	} names[] = {
		{ "pgup", "PgUp" },
		{ "pgdn", "PgDn" },
		{ "backtab", "Shift-Tab" },
		{ " ", "Space" },
	};
	bool up = strlen(key) > 1;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].key, key) == 0) {
			(void)snprintf(ret, TUI_KEY_NAME_SIZE, "%s", names[i].name);
			return;
		}
	(void)snprintf(ret, TUI_KEY_NAME_SIZE, "%s", key);
	for (char *at = ret; up && *at; at++) {
		if (*at >= 'a' && *at <= 'z' && (at == ret || at[-1] == '-'))
			*at = (char)(*at - 'a' + 'A');
	}
}
