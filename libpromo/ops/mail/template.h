/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"
#include "libpromo/model/field.h"

/*
 * What a letter says, from the facts that it holds and the template of its kind (templates.def): a
 * subject in one line, and paragraphs as plain text and as simple HTML. What comes from facts is text
 * and nothing else, wherever it stands: line ends and other control characters become blanks, and HTML
 * is escaped. Pure but for its memory. Not installed.
 */

enum {
	PROMO_LETTER_TEXT_MAX = 256 * 1024
};

/* How the shop shows itself. Texts are borrowed. */
struct promo_brand {
	const char *company, *tagline;
	const char *colour; /* #rrggbb */
};

struct promo_letter_text {
	const char *subject;
	const char *text; /* paragraphs with empty lines between, lines ended by CR LF */
	const char *html;
	const char *line; /* the paragraphs in one line, for short messages */
};

/* `facts` are struct promo_fact. */
int promo_template_fill(const char *kind, const struct promo_objects *facts,
	const struct promo_brand *brand, struct promo_arena *arena,
	struct promo_letter_text *ret) PROMO_CHECK;
