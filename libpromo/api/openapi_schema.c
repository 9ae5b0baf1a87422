/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/openapi.h"
#include "libpromo/rules/money.h"

/* Nouns and inputs as JSON Schema 2020-12, which is what OpenAPI 3.1 takes. */

void openapi_put(struct openapi *api, json_t *into, const char *name, json_t *value)
{
	if (json_object_set_new(into, name, value))
		api->failed = true;
}

void openapi_append(struct openapi *api, json_t *into, json_t *value)
{
	if (json_array_append_new(into, value))
		api->failed = true;
}

json_t *openapi_ref(const char *where, const char *name)
{
	return json_pack("{s:s+++}", "$ref", "#/components/", where, "/", name);
}

static json_t *words_array(const struct promo_words *words)
{
	json_t *array = json_array();

	for (int i = 1; i < words->count; i++)
		if (json_array_append_new(array, json_string(words->words[i]))) {
			json_decref(array);
			return NULL;
		}
	return array;
}

/* What a kind is, without limits and without null. */
static json_t *kind_schema(struct openapi *api, const struct promo_field *field)
{
	switch (field->kind) {
	case PROMO_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case PROMO_INT:
		return json_pack("{s:s, s:s}", "type", "integer", "format", "int64");
	case PROMO_MONEY:
		return json_pack("{s:s, s:s, s:[s]}", "type", "string", "pattern",
			"^-?[0-9]+\\.[0-9]{2}$", "examples", "500.00");
	case PROMO_TIME:
		return json_pack("{s:s, s:s, s:[s]}", "type", "string", "format", "date-time",
			"examples", "2026-11-22T11:58:16.123Z");
	case PROMO_DATE:
	case PROMO_DAY:
		return json_pack("{s:s, s:s, s:[s]}", "type", "string", "format", "date",
			"examples", "2027-06-30");
	case PROMO_TEXT:
		return json_pack("{s:s}", "type", "string");
	case PROMO_CODE:
		return json_pack(
			"{s:s, s:[s]}", "type", "string", "examples", "A1U2-C325-5X09-6E21");
	case PROMO_PHONE:
		return json_pack("{s:s, s:s, s:[s]}", "type", "string", "pattern",
			"^\\+[0-9]{8,15}$", "examples", "+250788123456");
	case PROMO_EMAIL:
		return json_pack("{s:s, s:s}", "type", "string", "format", "email");
	case PROMO_URL:
		return json_pack("{s:s, s:s}", "type", "string", "format", "uri");
	case PROMO_ID:
		return json_pack("{s:s, s:s}", "type", "string", "format", "uuid");
	case PROMO_SECRET:
		return json_pack("{s:s, s:s}", "type", "string", "format", "password");
	case PROMO_JSON:
		return json_object();
	case PROMO_ENUM:
		return json_pack("{s:s, s:o}", "type", "string", "enum", words_array(field->words));
	case PROMO_OBJECT:
		return field->schema->has_set ? openapi_body(api, field->schema)
					      : openapi_output(api, field->schema);
	case PROMO_OBJECTS:
		return json_pack(
			"{s:s, s:o}", "type", "array", "items", openapi_output(api, field->schema));
	case PROMO_TEXTS:
		if (!field->words)
			return json_pack(
				"{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
		return json_pack("{s:s, s:{s:s, s:o}}", "type", "array", "items", "type", "string",
			"enum", words_array(field->words));
	}
	return NULL;
}

/* The same schema, that also takes null. */
static json_t *or_null(struct openapi *api, json_t *schema)
{
	json_t *type = json_object_get(schema, "type");
	json_t *words = json_object_get(schema, "enum");

	if (json_object_get(schema, "$ref"))
		return json_pack("{s:[o, {s:s}]}", "anyOf", schema, "type", "null");
	if (type)
		openapi_put(api, schema, "type", json_pack("[O, s]", type, "null"));
	if (words)
		openapi_append(api, words, json_null());
	return schema;
}

static void put_number_limits(struct openapi *api, const struct promo_field *field, json_t *schema)
{
	char min[PROMO_MONEY_SIZE], max[PROMO_MONEY_SIZE];

	if (field->min == 0 && field->max == 0)
		return;
	if (field->kind == PROMO_INT) {
		openapi_put(api, schema, "minimum", json_integer(field->min));
		openapi_put(api, schema, "maximum", json_integer(field->max));
		return;
	}
	promo_money_format(field->min, min);
	promo_money_format(field->max, max);
	openapi_put(api, schema, "description",
		json_sprintf("%s; from %s to %s", field->help, min, max));
}

/* What is taken where more than the normal form is: people type it. */
static void widen(struct openapi *api, const struct promo_field *field, json_t *schema)
{
	switch ((int)field->kind) {
	case PROMO_MONEY:
		openapi_put(api, schema, "type", json_pack("[s, s]", "string", "integer"));
		openapi_put(api, schema, "pattern", json_string("^[0-9]+(\\.[0-9]{1,2})?$"));
		break;
	case PROMO_DAY:
		(void)json_object_del(schema, "format");
		openapi_put(api, schema, "anyOf",
			json_pack("[{s:s}, {s:s}]", "format", "date", "format", "date-time"));
		break;
	case PROMO_PHONE:
		(void)json_object_del(schema, "pattern");
		openapi_put(api, schema, "examples",
			json_pack("[s, s]", "0788123456", "+250788123456"));
		break;
	default:
		break;
	}
}

static void put_text_limits(struct openapi *api, const struct promo_field *field, json_t *schema)
{
	const bool is_list = field->kind == PROMO_TEXTS || field->kind == PROMO_OBJECTS;
	int64_t min = field->min, max = field->max;

	switch ((int)field->kind) {
	case PROMO_TEXT:
	case PROMO_SECRET:
		min = min == 0 && (field->flags & PROMO_REQUIRED) ? 1 : min;
		max = max ? max : PROMO_TEXT_MAX;
		break;
	case PROMO_TEXTS:
	case PROMO_OBJECTS:
		max = max ? max : PROMO_ITEMS_MAX;
		break;
	case PROMO_EMAIL:
		break;
	default:
		return;
	}
	if (min)
		openapi_put(api, schema, is_list ? "minItems" : "minLength", json_integer(min));
	if (max)
		openapi_put(api, schema, is_list ? "maxItems" : "maxLength", json_integer(max));
}

json_t *openapi_input_field(struct openapi *api, const struct promo_field *field)
{
	json_t *schema = kind_schema(api, field);

	openapi_put(api, schema, "description", json_string(field->help));
	widen(api, field, schema);
	if (field->kind == PROMO_INT || field->kind == PROMO_MONEY)
		put_number_limits(api, field, schema);
	else
		put_text_limits(api, field, schema);
	return field->flags & PROMO_NULLABLE ? or_null(api, schema) : schema;
}

json_t *openapi_output_field(struct openapi *api, const struct promo_field *field)
{
	json_t *schema = kind_schema(api, field);

	if (field->flags & PROMO_NULLABLE)
		schema = or_null(api, schema);
	openapi_put(api, schema, "description", json_string(field->help));
	return schema;
}

/* A component by this name that is an empty object schema, or NULL if there is one already (or no
 * memory for it, which sticks). */
static json_t *new_component(struct openapi *api, const char *name)
{
	if (json_object_get(api->schemas, name))
		return NULL;
	openapi_put(api, api->schemas, name,
		json_pack("{s:s, s:{}, s:[]}", "type", "object", "properties", "required"));
	return json_object_get(api->schemas, name);
}

static void put_property(struct openapi *api, json_t *component, const struct promo_field *field,
	json_t *schema, bool required)
{
	openapi_put(api, json_object_get(component, "properties"), field->name, schema);
	if (required)
		openapi_append(
			api, json_object_get(component, "required"), json_string(field->name));
}

json_t *openapi_output(struct openapi *api, const struct promo_schema *schema)
{
	json_t *component = new_component(api, schema->name);

	for (size_t i = 0; component && i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];

		if (!(field->flags & PROMO_INTERNAL))
			put_property(api, component, field, openapi_output_field(api, field),
				!(field->flags & PROMO_OMIT_NULL));
	}
	return openapi_ref("schemas", schema->name);
}

json_t *openapi_body(struct openapi *api, const struct promo_schema *schema)
{
	json_t *component = new_component(api, schema->name);

	for (size_t i = 0; component && i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];

		if (!(field->flags & (PROMO_IN_PATH | PROMO_IN_QUERY)))
			put_property(api, component, field, openapi_input_field(api, field),
				field->flags & PROMO_REQUIRED);
	}
	if (component)
		openapi_put(api, component, "additionalProperties", json_false());
	return openapi_ref("schemas", schema->name);
}

json_t *openapi_list(struct openapi *api, const struct promo_op *op)
{
	char name[100];
	json_t *component, *properties, *required;

	(void)snprintf(name, sizeof(name), "%s_list%s%s", op->out->name, op->totals ? "_with_" : "",
		op->totals ? op->totals->name : "");
	component = new_component(api, name);
	if (!component)
		return openapi_ref("schemas", name);
	properties = json_object_get(component, "properties");
	required = json_pack("[s, s]", "items", "next_cursor");
	openapi_put(api, component, "required", required);
	openapi_put(api, properties, "items",
		json_pack("{s:s, s:o}", "type", "array", "items", openapi_output(api, op->out)));
	openapi_put(api, properties, "next_cursor",
		json_pack("{s:[s, s], s:s}", "type", "string", "null", "description",
			"for the next page; null at the end"));
	openapi_put(api, properties, "total",
		json_pack("{s:[s, s], s:s, s:i, s:s}", "type", "integer", "null", "format", "int64",
			"minimum", 0, "description",
			"only with ?count=true; null where it takes longer than a second to "
			"count"));
	if (op->totals) {
		openapi_append(api, required, json_string("totals"));
		openapi_put(api, properties, "totals", openapi_output(api, op->totals));
	}
	return openapi_ref("schemas", name);
}
