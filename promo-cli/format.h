/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/fields.h"
#include "libpromo/api/op.h"
#include "promo-cli/table.h"

/*
 * The form in which answers are printed: objects, lists and jobs of every command go through here,
 * by the fields of their nouns. What was asked for is checked before anything is sent, so that a
 * field misspelt never costs a redemption.
 *
 * If you add a form: an option, a row of forms[], a case in cli_format_object() and in list.c.
 */

struct cli;
struct cli_args;

enum cli_form {
	CLI_FORM_TEXT = 0, /* a table or a text for people, tab-separated values elsewhere */
	CLI_FORM_JSON,
	CLI_FORM_NDJSON,
	CLI_FORM_CSV,
	CLI_FORM_TEMPLATE,
	CLI_FORM_QUIET,
};

enum {
	CLI_TEMPLATE_PARTS_MAX = 64
};

/* A piece of a template: a text, or the name of a field. */
struct cli_template_part {
	const char *text, *field;
};

struct cli_format {
	enum cli_form form;
	const char *fields; /* "id,batch.batch_name"; NULL: those that there are */
	struct cli_template_part parts[CLI_TEMPLATE_PARTS_MAX];
	size_t part_count;
	bool reads;  /* the command only shows: with -q it prints ids */
	bool broken; /* something could not be encoded, and was said */
};

/* Reads the options of the form. CLI_USAGE where two of them contradict each other, or where none of
 * the nouns that the command prints has a field that is named. */
int cli_format_take(struct cli *cli, const struct cli_args *args);

/* Prints one object; json is how it came, or NULL. In the form of texts commands print their own. */
void cli_format_object(
	struct cli *cli, const struct promo_schema *noun, const void *object, const char *json);

/* The fields that were chosen, as this noun has them; none where nothing was chosen. */
void cli_format_chosen(struct cli *cli, const struct promo_schema *noun, struct promo_chosen *ret);

/* Prints an object by the template, or its id. */
void cli_format_template(struct cli *cli, const struct promo_schema *noun, const void *object,
	struct promo_arena *arena);
void cli_format_id(struct cli *cli, const struct promo_schema *noun, const void *object,
	struct promo_arena *arena);
