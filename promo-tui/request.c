/* SPDX-License-Identifier: MIT */
#include "promo-tui/request.h"

#include <string.h>

static const struct tui_request_info infos[TUI_REQ_COUNT] = {
	[TUI_REQ_NONE] = { NULL, "" },
#define TUI_REQ(name, command, help) [TUI_REQ_##name] = { command, help },
#include "promo-tui/request.def"
#undef TUI_REQ
};

const struct tui_request_info *tui_request_info(enum tui_request request)
{
	return &infos[(unsigned)request < TUI_REQ_COUNT ? request : TUI_REQ_NONE];
}

enum tui_request tui_request_find(const char *command)
{
	for (enum tui_request i = TUI_REQ_NONE + 1; i < TUI_REQ_COUNT; i++)
		if (infos[i].command && strcmp(infos[i].command, command) == 0)
			return i;
	return TUI_REQ_NONE;
}

size_t tui_request_match(const char *beginning, enum tui_request *ret)
{
	size_t count = 0;

	for (enum tui_request i = TUI_REQ_NONE + 1; i < TUI_REQ_COUNT; i++)
		if (infos[i].command &&
			strncmp(infos[i].command, beginning, strlen(beginning)) == 0)
			ret[count++] = i;
	return count;
}
