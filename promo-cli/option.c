/* SPDX-License-Identifier: MIT */
#include "promo-cli/option.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "libpromo/api/op_batch.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_user.h"
#include "promo-cli/cmd.h"
#include "promo-cli/dry.h"
#include "promo-cli/harm.h"

static const struct cli_option own_options[CLI_OPT_COUNT] = {
	[CLI_OPT_HELP] = { "help", .letter = 'h', .help = "show how to use this command" },
	[CLI_OPT_VERSION] = { "version", .help = "show the version of the program" },
	[CLI_OPT_SERVER] = { "server", .arg = "URL",
		.help = "http(s)://host[:port] or unix:/path; else PROMO_SERVER, else that of the "
			"profile" },
	[CLI_OPT_PROFILE] = { "profile", .arg = "NAME",
		.help = "which sign-in to use; else PROMO_PROFILE, else default" },
	[CLI_OPT_CA_FILE] = { "ca-file", .arg = "FILE",
		.help = "further certificate authorities to trust; else PROMO_CA_FILE" },
	[CLI_OPT_API_KEY_FILE] = { "api-key-file", .arg = "FILE",
		.help = "an API key in the place of a session, in a file that only you can read; - "
			"is standard input; else PROMO_API_KEY_FILE" },
	[CLI_OPT_JSON] = { "json", .arg = "FIELD[,...]", .bare = true,
		.help = "print the JSON of the server, or these fields of it, such as "
			"id,batch.batch_name" },
	[CLI_OPT_NDJSON] = { "ndjson", .arg = "FIELD[,...]", .bare = true,
		.help = "print JSON, one object a line; a list with --all while its pages come" },
	[CLI_OPT_CSV] = { "csv", .arg = "FIELD[,...]", .bare = true,
		.help = "print CSV (RFC 4180) in which nothing is a formula" },
	[CLI_OPT_TEMPLATE] = { "template", .arg = "TEXT",
		.help = "print this for every object, with its values for {FIELD}; \\n, \\t, \\{ "
			"and \\} are what they look like" },
	[CLI_OPT_NO_HEADERS] = { "no-headers", .help = "no line with the names of the columns" },
	[CLI_OPT_QUIET] = { "quiet", .letter = 'q',
		.help = "print only the ids of what is shown, and nothing of what is done" },
	[CLI_OPT_TIMES] = { "times", .arg = "relative|local|utc",
		.help = "how a terminal shows times; else relative in tables, local elsewhere" },
	[CLI_OPT_NO_PAGER] = { "no-pager", .help = "no pager for lists longer than the screen" },
	[CLI_OPT_VERBOSE] = { "verbose", .letter = 'v',
		.help = "also say on stderr what is sent and which request it was" },
	[CLI_OPT_NO_COLOR] = { "no-color", .help = "no colours; NO_COLOR does the same" },
	[CLI_OPT_ALL] = { "all", .help = "every page, not only the first" },
	[CLI_OPT_COLUMNS] = { "columns", .arg = "NAME[,...]",
		.help = "print these fields of the items, in this order" },
	[CLI_OPT_OUTPUT] = { "output", .letter = 'o', .arg = "FILE",
		.help = "where to write; - is standard output" },
	[CLI_OPT_FORCE] = { "force", .letter = 'f', .help = "replace a file that exists" },
	[CLI_OPT_FORMAT] = { "format", .arg = "csv|pdf", .help = "format of the file; else csv" },
	[CLI_OPT_REJECTS] = { "rejects", .arg = "FILE",
		.help = "write the rows that were not taken here" },
	[CLI_OPT_DETACH] = { "detach", .help = "do not wait for the job" },
	[CLI_OPT_WAIT_TIMEOUT] = { "wait-timeout", .arg = "SECONDS",
		.help = "wait no longer than this; exit code 10 then" },
	[CLI_OPT_IDEMPOTENCY_KEY] = { "idempotency-key", .arg = "KEY",
		.help = "send this key; a request with the same key is done once" },
	[CLI_OPT_IF_VERSION] = { "if-version", .arg = "N",
		.help = "only if it still has this version; else the one it has now" },
	[CLI_OPT_MFA_METHOD] = { "mfa-method", .arg = "METHOD",
		.help = "which second factor: authenticator_app, email, sms, recovery_code" },
	[CLI_OPT_LOCAL] = { "local", .help = "forget the session here without telling the server" },
	[CLI_OPT_DEFAULT] = { "default", .help = "put it back to its default" },
	[CLI_OPT_YES] = { "yes", .help = "it is meant; do not ask" },
	[CLI_OPT_DRY_RUN] = { "dry-run", .letter = 'n',
		.help = "only show what would be done; nothing is changed" },
	[CLI_OPT_FILE] = { "file", .arg = "FILE",
		.help = "check this export instead of asking the server; - is standard input" },
	[CLI_OPT_PUBLIC_KEY] = { "public-key", .arg = "FILE",
		.help = "the keys whose seals are trusted, in hex, one a line" },
	[CLI_OPT_SEALS_LOG] = { "seals-log", .arg = "FILE",
		.help = "compare the seals with this copy of a daemon's seals.log" },
};

/* Friendlier spellings of input fields. The field's own name stays good. */
static const struct alias {
	const char *op; /* NULL: of any */
	const char *field, *name;
} aliases[] = {
	{ "auth.login", "identifier", "user" },
	{ "batch.create", "total_codes", "codes" },
	{ "batch.create", "amount_per_code", "amount" },
	{ "batch.create", "expiration_date", "expires" },
	{ "batch.create", "assigned_user_id", "assign-to" },
	{ "batch.update", "amount_per_code", "amount" },
	{ "batch.update", "expiration_date", "expires" },
	{ "batch.assign", "user_id", "user" },
	{ "user.create", "roles", "role" },
	{ "fraud-report.update", "assignee_id", "assignee" },
	{ NULL, "batch_id", "batch" },
	{ NULL, "phone_number", "phone" },
};

static const struct cli_reference references[] = {
	{ "batch", "id", "BATCH", &promo_op_batch_list, { "batch_name" } },
	{ "code.print", "id", "BATCH", &promo_op_batch_list, { "batch_name" } },
	{ "code.import", "id", "BATCH", &promo_op_batch_list, { "batch_name" } },
	{ "code.download", "id", "BATCH", &promo_op_batch_list, { "batch_name" } },
	{ NULL, "batch_id", "BATCH", &promo_op_batch_list, { "batch_name" } },
	{ "user", "id", "USER", &promo_op_user_list, { "email", "phone_number" } },
	{ NULL, "user_id", "USER", &promo_op_user_list, { "email", "phone_number" } },
	{ NULL, "actor_id", "USER", &promo_op_user_list, { "email", "phone_number" } },
	{ NULL, "assigned_user_id", "USER", &promo_op_user_list, { "email", "phone_number" } },
	{ NULL, "assignee_id", "USER", &promo_op_user_list, { "email", "phone_number" } },
	{ "fraud-report", "id", "REPORT", &promo_op_fraud_report_list, { "number" } },
};

const struct cli_reference *cli_reference_of(
	const struct promo_op *op, const struct promo_field *field)
{
	for (size_t i = 0; i < PROMO_COUNT(references); i++) {
		const struct cli_reference *reference = &references[i];
		size_t length = reference->op ? strlen(reference->op) : 0;

		if (strcmp(reference->field, field->name) == 0 &&
			(!reference->op || (strncmp(op->name, reference->op, length) == 0 &&
						   strchr(".", op->name[length]))))
			return reference;
	}
	return NULL;
}

static const char *alias_of(const struct promo_op *op, const struct promo_field *field)
{
	for (size_t i = 0; i < PROMO_COUNT(aliases); i++)
		if (strcmp(aliases[i].field, field->name) == 0 &&
			(!aliases[i].op || strcmp(aliases[i].op, op->name) == 0))
			return aliases[i].name;
	return NULL;
}

static const char *dashed(struct promo_arena *arena, const char *name, const char *suffix)
{
	char *text = promo_arena_printf(arena, "%s%s", name, suffix);

	for (char *at = text; at && *at; at++)
		if (*at == '_')
			*at = '-';
	return text ? text : name;
}

static const char *upper(struct promo_arena *arena, const char *name)
{
	char *text = promo_arena_strdup(arena, name);

	for (char *at = text; at && *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return text ? text : name;
}

static const char *value_name(const struct promo_op *op, const struct promo_field *field)
{
	const struct cli_reference *reference = cli_reference_of(op, field);

	if (reference)
		return reference->shown;
	switch (field->kind) {
	case PROMO_INT:
		return "N";
	case PROMO_MONEY:
		return "AMOUNT";
	case PROMO_TIME:
		return "TIME";
	case PROMO_DATE:
	case PROMO_DAY:
		return "DATE";
	case PROMO_CODE:
		return "CODE";
	case PROMO_PHONE:
		return "PHONE";
	case PROMO_EMAIL:
		return "E-MAIL";
	case PROMO_URL:
		return "URL";
	case PROMO_ID:
		return "ID";
	case PROMO_JSON:
	case PROMO_OBJECT:
	case PROMO_OBJECTS:
		return "JSON";
	case PROMO_ENUM:
		return "WORD";
	case PROMO_TEXTS:
		return "WORD[,...]";
	case PROMO_BOOL:
	case PROMO_SECRET:
		return NULL;
	case PROMO_TEXT:
		break;
	}
	return "TEXT";
}

static void add(struct cli_options *options, const struct cli_option *option)
{
	assert(options->count < CLI_OPTIONS_MAX);
	options->items[options->count++] = *option;
}

static void add_field(struct cli_options *options, const struct promo_op *op,
	const struct promo_field *field, struct promo_arena *arena)
{
	struct cli_option option = {
		.name = alias_of(op, field),
		.arg = value_name(op, field),
		.help = field->help,
		.field = field,
		.required = field->flags & PROMO_REQUIRED,
		.letter = strcmp(field->name, "dry_run") == 0 ? 'n' : '\0',
	};
	const struct cli_reference *reference = cli_reference_of(op, field);

	if (field->flags & PROMO_POSITIONAL) {
		assert(options->word_count < CLI_WORDS_MAX);
		options->word_names[options->word_count] =
			reference ? reference->shown : upper(arena, field->name);
		options->words[options->word_count++] = field;
		return;
	}
	if (option.name)
		option.other = dashed(arena, field->name, "");
	else
		option.name =
			dashed(arena, field->name, field->kind == PROMO_SECRET ? "-stdin" : "");
	add(options, &option);
}

static void add_own(struct cli_options *options, enum cli_opt own)
{
	struct cli_option option = own_options[own];

	option.own = own;
	add(options, &option);
}

void cli_options_of(const struct cli_cmd *cmd, struct promo_arena *arena, struct cli_options *ret)
{
	const struct promo_op *op = cmd ? cmd->op : NULL;

	*ret = (struct cli_options){ 0 };
	for (size_t i = 0; op && op->in && !cmd->own_input && i < op->in->count; i++)
		if (!(op->in->fields[i].flags & PROMO_ONLY_API))
			add_field(ret, op, &op->in->fields[i], arena);
	for (size_t i = 0; cmd && i < CLI_CMD_OPTIONS_MAX && cmd->options[i]; i++)
		add_own(ret, cmd->options[i]);
	if (op && cli_is_harmful(op))
		add_own(ret, CLI_OPT_YES);
	if (op && cli_dry_offered(op) && !cmd->own_input)
		add_own(ret, CLI_OPT_DRY_RUN);
	for (enum cli_opt own = CLI_OPT_NONE + 1; own < CLI_OPT_GLOBAL_END; own++)
		add_own(ret, own);
}

static bool is_name(const char *name, const char *text, size_t length)
{
	return name && strlen(name) == length && strncmp(name, text, length) == 0;
}

const struct cli_option *cli_option_named(
	const struct cli_options *options, const char *name, size_t length)
{
	for (size_t i = 0; i < options->count; i++)
		if (is_name(options->items[i].name, name, length) ||
			is_name(options->items[i].other, name, length))
			return &options->items[i];
	return NULL;
}

const struct cli_option *cli_option_letter(const struct cli_options *options, char letter)
{
	for (size_t i = 0; i < options->count; i++)
		if (letter && options->items[i].letter == letter)
			return &options->items[i];
	return NULL;
}

const struct cli_option *cli_option_of_field(
	const struct cli_options *options, const struct promo_field *field)
{
	for (size_t i = 0; i < options->count; i++)
		if (options->items[i].field == field)
			return &options->items[i];
	return NULL;
}
