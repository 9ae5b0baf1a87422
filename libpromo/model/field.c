/* SPDX-License-Identifier: MIT */
#include "libpromo/model/field.h"

#include <assert.h>
#include <string.h>

static size_t field_index(const struct promo_schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (strcmp(schema->fields[i].name, name) == 0)
			return i;
	return schema->count;
}

const struct promo_field *promo_schema_field(const struct promo_schema *schema, const char *name)
{
	size_t i = field_index(schema, name);

	return i < schema->count ? &schema->fields[i] : NULL;
}

static bool bit_of(uint64_t bits, const struct promo_schema *schema, const char *name)
{
	size_t i = field_index(schema, name);

	assert(schema->has_set && i < schema->count && i < PROMO_FIELDS_MAX);
	return (bits >> i) & 1;
}

bool promo_present(const struct promo_schema *schema, const void *in, const char *name)
{
	return bit_of(((const struct promo_set *)in)->present, schema, name);
}

bool promo_given_null(const struct promo_schema *schema, const void *in, const char *name)
{
	return bit_of(((const struct promo_set *)in)->null, schema, name);
}

void promo_set_nulls(const struct promo_schema *schema, void *object)
{
	memset(object, 0, schema->size);
	for (size_t i = 0; i < schema->count; i++) {
		const struct promo_field *field = &schema->fields[i];

		if (field->kind == PROMO_INT || field->kind == PROMO_MONEY)
			*(int64_t *)((char *)object + field->offset) = PROMO_NULL_INT;
	}
}

bool promo_field_is_null(const struct promo_field *field, const void *object)
{
	const void *at = (const char *)object + field->offset;

	switch (field->kind) {
	case PROMO_BOOL:
		return false;
	case PROMO_INT:
	case PROMO_MONEY:
		return *(const int64_t *)at == PROMO_NULL_INT;
	case PROMO_TIME:
		return *(const int64_t *)at == 0;
	case PROMO_ENUM:
		return *(const int *)at == 0;
	case PROMO_TEXTS:
		return ((const struct promo_texts *)at)->count == 0;
	case PROMO_OBJECTS:
		return ((const struct promo_objects *)at)->count == 0;
	case PROMO_DATE:
	case PROMO_DAY:
	case PROMO_TEXT:
	case PROMO_CODE:
	case PROMO_PHONE:
	case PROMO_EMAIL:
	case PROMO_URL:
	case PROMO_ID:
	case PROMO_SECRET:
	case PROMO_JSON:
	case PROMO_OBJECT:
		return *(const void *const *)at == NULL;
	}
	return false;
}

const char *promo_word(const struct promo_words *words, int value)
{
	return value > 0 && value < words->count ? words->words[value] : NULL;
}

int promo_word_value(const struct promo_words *words, const char *word)
{
	for (int value = 1; value < words->count; value++)
		if (strcmp(words->words[value], word) == 0)
			return value;
	return 0;
}
