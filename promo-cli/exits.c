/* SPDX-License-Identifier: MIT */
#include "promo-cli/exits.h"

const struct cli_exit_text cli_exit_texts[] = {
	{ CLI_DONE, "done", NULL },
	{ CLI_FAILED, "failed", "or nothing was changed, because it was not meant" },
	{ CLI_USAGE, "usage", "or a value that is not valid, or nobody there to be asked" },
	{ CLI_PARTLY, "partly done", "some were taken and others not" },
	{ CLI_NOT_SIGNED_IN, "not signed in", NULL },
	{ 5, "forbidden", NULL },
	{ 6, "not found", NULL },
	{ 7, "conflict", "already redeemed, not redeemable" },
	{ 8, "throttled", NULL },
	{ CLI_UNREACHABLE, "server or network", NULL },
	{ CLI_STILL_RUNNING, "still running", "waited too long" },
	{ CLI_OUTCOME_UNKNOWN, "outcome unknown", "run the same command again" },
	{ CLI_INTERRUPTED, "interrupted", NULL },
	{ 0, NULL, NULL },
};

int cli_exit_of_many(const struct promo_schema *noun, const void *answer)
{
	const struct promo_field *skipped =
		noun && answer ? promo_schema_field(noun, "skipped") : NULL;
	const struct promo_objects *list;

	if (!skipped || skipped->kind != PROMO_OBJECTS)
		return CLI_DONE;
	list = (const void *)((const char *)answer + skipped->offset);
	return list->count > 0 ? CLI_PARTLY : CLI_DONE;
}
