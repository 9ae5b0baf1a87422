/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "libpromo/base/error.h"
#include "libpromo/base/uuid.h"
#include "libpromo/rules/batch_name.h"
#include "promo-cli/args.h"
#include "promo-cli/call.h"
#include "promo-cli/cli.h"
#include "promo-cli/fail.h"

/* Names instead of ids: BATCH_SUMMER, aline@example.com. The server is asked for what contains the
 * text, and only what equals it is meant. */

enum {
	CANDIDATES = 1000,
	PHONE_DIGITS_LEAST = 6,
	COUNTRY_DIGITS_MOST = 3, /* ITU-T E.164 */
};

static const char *text_of(const struct promo_schema *schema, const char *name, const void *object)
{
	const struct promo_field *field = promo_schema_field(schema, name);

	return *(const char *const *)(const void *)((const char *)object + field->offset);
}

/* The text as the server writes it. */
static const char *written(struct cli *cli, const struct cli_reference *reference, const char *text)
{
	const char *why;
	char *name = promo_arena_alloc(cli->arena, PROMO_BATCH_NAME_SIZE);

	if (!name || strcmp(reference->match[0], "batch_name") != 0 ||
		promo_batch_name_normalize(text, name, &why))
		return text;
	return name;
}

/* The digits of a phone number, without the zero that stands for the country in national form.
 * NULL if the text is none. */
static const char *phone_digits(struct cli *cli, const char *text)
{
	char *digits = promo_arena_strdup(cli->arena, text);
	size_t count = 0;

	if (!digits || text[strspn(text, "+0123456789 -./()")] != '\0')
		return NULL;
	for (const char *at = text; *at; at++)
		if (*at >= '0' && *at <= '9' && (count > 0 || *at != '0'))
			digits[count++] = *at;
	digits[count] = '\0';
	return count >= PHONE_DIGITS_LEAST ? digits : NULL;
}

/* Whether the number is these digits, behind "+" and perhaps the code of a country. */
static bool is_number(const char *number, const char *digits)
{
	size_t length = strlen(number), end = strlen(digits);

	return length > end && length - end <= 1 + COUNTRY_DIGITS_MOST &&
	       strcmp(number + length - end, digits) == 0;
}

/* The one with this phone number; NULL if there is none, or more than one. */
static const char *find_phone(
	const struct promo_op *op, const struct promo_list *list, const char *digits)
{
	const char *found = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const void *item = (const char *)list->items + i * op->out->size;
		const char *number = text_of(op->out, "phone_number", item);

		if (!number || !is_number(number, digits))
			continue;
		if (found)
			return NULL;
		found = text_of(op->out, "id", item);
	}
	return found;
}

static const char *find_equal(
	const struct cli_reference *reference, const struct promo_list *list, const char *text)
{
	const struct promo_schema *schema = reference->list->out;

	for (size_t i = 0; i < list->count; i++) {
		const void *item = (const char *)list->items + i * schema->size;

		for (size_t j = 0; j < PROMO_COUNT(reference->match) && reference->match[j]; j++) {
			const char *name = text_of(schema, reference->match[j], item);

			if (name && strcasecmp(name, text) == 0)
				return text_of(schema, "id", item);
		}
	}
	return NULL;
}

static int find_id(struct cli *cli, const struct cli_args *args,
	const struct cli_reference *reference, const char *typed, const char **ret)
{
	const struct promo_op *list = reference->list;
	void *in = promo_arena_alloc(cli->arena, list->in->size);
	const char *digits = reference->match[1] ? phone_digits(cli, typed) : NULL;
	const char *text = digits ? digits : written(cli, reference, typed);
	struct promo_reply reply = { 0 };
	int r;

	if (!in)
		return cli_fail_here(cli, args, promo_fault(-ENOMEM, "could not look up a name"),
			&reply.problem);
	cli_put_text(list->in, in, "q", text);
	cli_put_int(list->in, in, "limit", CANDIDATES);
	r = promo_client_call(cli->client, list, in, NULL, cli->arena, &reply);
	if (r)
		return cli_fail(cli, NULL, list, r, &reply);
	*ret = digits ? find_phone(list, reply.out, digits)
		      : find_equal(reference, reply.out, text);
	if (*ret)
		return CLI_DONE;
	cli_complain(&cli->out, "there is no %s '%s'",
		strcmp(reference->shown, "BATCH") == 0    ? "batch"
		: strcmp(reference->shown, "REPORT") == 0 ? "fraud report"
							  : "user",
		cli_clean(cli->arena, digits ? typed : text));
	return cli_exit_code(PROMO_E_NOT_FOUND);
}

int cli_resolve(struct cli *cli, const struct cli_args *args, void *in)
{
	const struct promo_op *op = args->cmd.op;

	for (size_t i = 0; op && op->in && i < op->in->count; i++) {
		const struct promo_field *field = &op->in->fields[i];
		const struct cli_reference *reference = cli_reference_of(op, field);
		const char *typed, *id;
		int code;

		if (!reference || promo_field_is_null(field, in))
			continue;
		typed = text_of(op->in, field->name, in);
		if (promo_uuid_valid(typed))
			continue;
		code = find_id(cli, args, reference, typed, &id);
		if (code)
			return code;
		cli_put_text(op->in, in, field->name, id);
	}
	return CLI_DONE;
}
