/* SPDX-License-Identifier: MIT */
#include "tests/api/schema_check.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/time.h"
#include "libpromo/base/utf8.h"
#include "libpromo/base/uuid.h"

struct check {
	json_t *root;
	char *why;
	size_t size;
};

static bool check_value(struct check *check, json_t *schema, json_t *value, const char *at);

static bool no(struct check *check, const char *at, const char *what, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	(void)snprintf(check->why, check->size, "%s: %s: %.200s", at, what, text);
	free(text);
	return false;
}

static bool is_type(const char *type, json_t *value)
{
	return (strcmp(type, "string") == 0 && json_is_string(value)) ||
	       (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
	       (strcmp(type, "boolean") == 0 && json_is_boolean(value)) ||
	       (strcmp(type, "object") == 0 && json_is_object(value)) ||
	       (strcmp(type, "array") == 0 && json_is_array(value)) ||
	       (strcmp(type, "null") == 0 && json_is_null(value));
}

static bool check_type(json_t *word, json_t *value)
{
	json_t *one;
	size_t i;

	if (json_is_string(word))
		return is_type(json_string_value(word), value);
	json_array_foreach(word, i, one) if (is_type(json_string_value(one), value)) return true;
	return false;
}

static bool check_enum(json_t *word, json_t *value)
{
	json_t *one;
	size_t i;

	json_array_foreach(word, i, one) if (json_equal(one, value)) return true;
	return false;
}

static bool check_pattern(const char *pattern, json_t *value)
{
	regex_t regex;
	bool fits;

	if (!json_is_string(value))
		return true;
	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		return false;
	fits = regexec(&regex, json_string_value(value), 0, NULL, 0) == 0;
	regfree(&regex);
	return fits;
}

static bool check_format(const char *format, json_t *value)
{
	const char *text = json_string_value(value);
	int64_t ms;

	if (!text)
		return true;
	if (strcmp(format, "uuid") == 0)
		return promo_uuid_valid(text);
	if (strcmp(format, "date") == 0)
		return promo_date_valid(text);
	if (strcmp(format, "date-time") == 0)
		return promo_time_parse(text, &ms) == 0;
	if (strcmp(format, "email") == 0)
		return strchr(text, '@') != NULL;
	if (strcmp(format, "uri") == 0)
		return strchr(text, ':') != NULL;
	return strcmp(format, "password") == 0 || strcmp(format, "int64") == 0;
}

static bool check_limit(const char *name, json_int_t limit, json_t *value)
{
	const json_int_t number = json_integer_value(value);
	const json_int_t length =
		json_is_string(value) ? (json_int_t)promo_utf8_count(json_string_value(value)) : 0;
	const json_int_t items = (json_int_t)json_array_size(value);

	if (strcmp(name, "minimum") == 0)
		return !json_is_integer(value) || number >= limit;
	if (strcmp(name, "maximum") == 0)
		return !json_is_integer(value) || number <= limit;
	if (strcmp(name, "minLength") == 0)
		return !json_is_string(value) || length >= limit;
	if (strcmp(name, "maxLength") == 0)
		return !json_is_string(value) || length <= limit;
	if (strcmp(name, "minItems") == 0)
		return !json_is_array(value) || items >= limit;
	return strcmp(name, "maxItems") == 0 && (!json_is_array(value) || items <= limit);
}

/* How many of the schemas fit. */
static size_t count_fits(struct check *check, json_t *schemas, json_t *value, const char *at)
{
	json_t *schema;
	size_t i, count = 0;

	json_array_foreach(schemas, i, schema) count += check_value(check, schema, value, at);
	return count;
}

static bool check_properties(struct check *check, json_t *schema, json_t *value, const char *at)
{
	json_t *properties = json_object_get(schema, "properties");
	const char *name;
	json_t *member, *required;
	size_t i;

	json_array_foreach(json_object_get(schema, "required"), i,
		required) if (json_is_object(value) &&
			      !json_object_get(value, json_string_value(required))) return no(check,
		at, json_string_value(required), value);
	json_object_foreach(value, name, member)
	{
		json_t *property = json_object_get(properties, name);
		char below[300];

		(void)snprintf(below, sizeof(below), "%s/%s", at, name);
		if (!property && json_is_false(json_object_get(schema, "additionalProperties")))
			return no(check, below, "is not described", member);
		if (property && !check_value(check, property, member, below))
			return false;
	}
	return true;
}

static bool check_items(struct check *check, json_t *items, json_t *value, const char *at)
{
	json_t *item;
	size_t i;

	json_array_foreach(value, i, item)
	{
		char below[300];

		(void)snprintf(below, sizeof(below), "%s/%zu", at, i);
		if (!check_value(check, items, item, below))
			return false;
	}
	return true;
}

static json_t *follow(json_t *root, const char *reference)
{
	char name[300];

	for (reference += 2; *reference; reference += *reference == '/') {
		const size_t length = strcspn(reference, "/");

		(void)snprintf(name, sizeof(name), "%.*s", (int)length, reference);
		root = json_object_get(root, name);
		reference += length;
	}
	return root;
}

static bool check_word(struct check *check, json_t *schema, const char *name, json_t *word,
	json_t *value, const char *at)
{
	if (strcmp(name, "description") == 0 || strcmp(name, "examples") == 0 ||
		strcmp(name, "default") == 0 || strcmp(name, "required") == 0 ||
		strcmp(name, "additionalProperties") == 0)
		return true;
	if (strcmp(name, "$ref") == 0)
		return check_value(check, follow(check->root, json_string_value(word)), value, at);
	if (strcmp(name, "type") == 0)
		return check_type(word, value) || no(check, at, "has another type", value);
	if (strcmp(name, "enum") == 0)
		return check_enum(word, value) || no(check, at, "is no word of the enum", value);
	if (strcmp(name, "const") == 0)
		return json_equal(word, value) || no(check, at, "is another constant", value);
	if (strcmp(name, "pattern") == 0)
		return check_pattern(json_string_value(word), value) ||
		       no(check, at, "does not fit the pattern", value);
	if (strcmp(name, "format") == 0)
		return check_format(json_string_value(word), value) ||
		       no(check, at, json_string_value(word), value);
	if (strcmp(name, "properties") == 0)
		return check_properties(check, schema, value, at);
	if (strcmp(name, "items") == 0)
		return check_items(check, word, value, at);
	if (strcmp(name, "allOf") == 0)
		return count_fits(check, word, value, at) == json_array_size(word);
	if (strcmp(name, "anyOf") == 0)
		return count_fits(check, word, value, at) > 0;
	if (strcmp(name, "oneOf") == 0)
		return count_fits(check, word, value, at) == 1 ||
		       no(check, at, "does not fit exactly one", value);
	if (json_is_integer(word))
		return check_limit(name, json_integer_value(word), value) ||
		       no(check, at, name, value);
	return no(check, at, "has a word that is not known", word);
}

static bool check_value(struct check *check, json_t *schema, json_t *value, const char *at)
{
	const char *name;
	json_t *word;

	if (!json_is_object(schema))
		return no(check, at, "has no schema", value);
	json_object_foreach(schema, name,
		word) if (!check_word(check, schema, name, word, value, at)) return false;
	return true;
}

bool schema_check(json_t *root, json_t *schema, json_t *value, char *why, size_t size)
{
	struct check check = { root, why, size };

	return check_value(&check, schema, value, "");
}
