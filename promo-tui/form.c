/* SPDX-License-Identifier: MIT */
#include "promo-tui/form.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/api/codec.h"
#include "libpromo/base/error.h"
#include "libpromo/rules/code.h"

static struct tui_form_field *named(struct tui_form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (form->fields[i].row->name && strcmp(form->fields[i].row->name, name) == 0)
			return &form->fields[i];
	return NULL;
}

int tui_form_init(struct tui_form *form, const struct promo_op *op, const struct tui_form_row *rows,
	size_t count)
{
	*form = (struct tui_form){ .op = op };
	for (size_t i = 0; i < count && i < TUI_FORM_FIELDS_MAX; i++) {
		struct tui_form_field *field = &form->fields[i];
		const char *name = rows[i].name ? rows[i].name : rows[i].same_as;
		int r;

		field->row = &rows[i];
		field->field = promo_schema_field(op->in, name);
		if (!field->field)
			return promo_fault(-EINVAL, "%s has no field %s", op->name, name);
		r = tui_field_init(&field->edit,
			field->field->max ? (size_t)field->field->max : PROMO_TEXT_MAX,
			field->field->kind == PROMO_SECRET);
		if (r)
			return r;
		form->count++;
	}
	return 0;
}

void tui_form_release(struct tui_form *form)
{
	for (size_t i = 0; i < form->count; i++)
		tui_field_release(&form->fields[i].edit);
	form->count = 0;
}

void tui_form_clear(struct tui_form *form)
{
	for (size_t i = 0; i < form->count; i++) {
		tui_field_clear(&form->fields[i].edit);
		form->fields[i].error[0] = '\0';
	}
	form->focus = 0;
}

struct tui_field *tui_form_field(struct tui_form *form, const char *name)
{
	return &named(form, name)->edit;
}

void tui_form_focus(struct tui_form *form, const char *name)
{
	form->focus = (size_t)(named(form, name) - form->fields);
}

enum tui_handled tui_form_key(struct tui_form *form, const struct tui_key *key)
{
	if (key->kind != TUI_KEY_NAMED ||
		!tui_field_key(&form->fields[form->focus].edit, key->name))
		return TUI_UNHANDLED;
	return TUI_HANDLED;
}

enum tui_handled tui_form_request(struct tui_form *form, enum tui_request request, int argument)
{
	switch ((int)request) {
	case TUI_REQ_NEXT_FIELD:
	case TUI_REQ_DOWN:
		form->focus = (form->focus + 1) % form->count;
		return TUI_HANDLED;
	case TUI_REQ_PREVIOUS_FIELD:
	case TUI_REQ_UP:
		form->focus = (form->focus + form->count - 1) % form->count;
		return TUI_HANDLED;
	case TUI_REQ_SELECT:
		if (argument < 0 || (size_t)argument >= form->count)
			return TUI_UNHANDLED;
		form->focus = (size_t)argument;
		return TUI_HANDLED;
	default:
		return TUI_UNHANDLED;
	}
}

void tui_form_text(struct tui_form *form, const char *text)
{
	struct tui_form_field *field = &form->fields[form->focus];

	(void)tui_field_insert(&field->edit, text);
	field->error[0] = '\0';
}

bool tui_form_is_empty(const struct tui_form *form)
{
	return tui_field_text(&form->fields[form->focus].edit)[0] == '\0';
}

struct tui_field *tui_form_focused(struct tui_form *form)
{
	return &form->fields[form->focus].edit;
}

bool tui_form_next(struct tui_form *form)
{
	if (form->focus + 1 >= form->count)
		return false;
	form->focus++;
	return true;
}

static void put_text(
	struct tui_form *form, const struct promo_field *field, const char *text, void *in)
{
	struct promo_set *set = in;

	*(const char **)(void *)((char *)in + field->offset) = text;
	set->present |= UINT64_C(1) << (field - form->op->in->fields);
}

/* What only the server can normalise goes as it was typed (docs/decisions/0007). */
static int read_value(struct tui_form *form, const struct promo_field *field, const char *text,
	struct promo_arena *arena, struct promo_problem *problem, void *in)
{
	static const struct promo_decode_env env = { .country_code = "250" };
	char *code;

	if (field->kind == PROMO_PHONE) {
		if (!strpbrk(text, "0123456789"))
			return promo_refuse_field(problem, arena, "", "invalid_phone_number",
				"is no phone number, such as 0788123456");
		put_text(form, field, text, in);
		return 0;
	}
	if (field->kind == PROMO_CODE) {
		code = promo_arena_alloc(arena, PROMO_CODE_SIZE);
		if (!code)
			return promo_fault(-ENOMEM, "could not hold a code");
		if (promo_code_canonical(text, code))
			return promo_refuse_field(problem, arena, "", "code_malformed",
				"Invalid code format. Please check and try again.");
		put_text(form, field, code, in);
		return 0;
	}
	return promo_decode_text(form->op->in, field, text, "", &env, arena, problem, in);
}

/* > 0: the field has its reason now. */
static int read_field(
	struct tui_form *form, struct tui_form_field *field, struct promo_arena *arena, void *in)
{
	struct promo_problem problem = { 0 };
	const char *text = promo_arena_strdup(arena, tui_field_text(&field->edit));
	const char *error = "";
	int r = 0;

	if (!text)
		return promo_fault(-ENOMEM, "could not hold what was typed");
	if (field->row->same_as) {
		struct tui_form_field *other = named(form, field->row->same_as);

		if (strcmp(text, tui_field_text(&other->edit)) != 0)
			error = "is not the same as above";
	} else if (*text == '\0') {
		if (field->field->flags & PROMO_REQUIRED)
			error = "is missing";
	} else {
		r = read_value(form, field->field, text, arena, &problem, in);
		if (r > 0)
			error = problem.field_count && problem.fields[0].message
					? problem.fields[0].message
					: promo_error_info(r)->text;
	}
	(void)snprintf(field->error, sizeof(field->error), "%s", error);
	return r < 0 || !*error ? r : PROMO_E_INVALID_INPUT;
}

int tui_form_read(struct tui_form *form, struct promo_arena *arena, void **ret)
{
	void *in = promo_arena_alloc(arena, form->op->in->size);
	size_t first_bad = form->count;

	if (!in)
		return promo_fault(-ENOMEM, "could not hold the input");
	for (size_t i = 0; i < form->op->in->count; i++) {
		const struct promo_field *field = &form->op->in->fields[i];

		if (field->kind == PROMO_INT || field->kind == PROMO_MONEY)
			*(int64_t *)(void *)((char *)in + field->offset) = PROMO_NULL_INT;
	}
	for (size_t i = 0; i < form->count; i++) {
		int r = read_field(form, &form->fields[i], arena, in);

		if (r < 0)
			return r;
		if (r > 0 && first_bad == form->count)
			first_bad = i;
	}
	if (first_bad < form->count) {
		form->focus = first_bad;
		return PROMO_E_INVALID_INPUT;
	}
	*ret = in;
	return 0;
}

void tui_form_put_error(struct tui_form *form, const char *name, const char *error)
{
	struct tui_form_field *field = named(form, name);

	(void)snprintf(field->error, sizeof(field->error), "%s", error);
	form->focus = (size_t)(field - form->fields);
}

bool tui_form_refuse(struct tui_form *form, const struct promo_problem *problem)
{
	bool found = false;

	for (size_t i = 0; i < problem->field_count; i++) {
		const struct promo_field_error *bad = &problem->fields[i];
		struct tui_form_field *field =
			bad->pointer && *bad->pointer ? named(form, bad->pointer + 1) : NULL;

		if (!field)
			continue;
		(void)snprintf(field->error, sizeof(field->error), "%s",
			bad->message ? bad->message : bad->code);
		if (!found || form->focus > (size_t)(field - form->fields))
			form->focus = (size_t)(field - form->fields);
		found = true;
	}
	return found;
}

int tui_form_draw(
	const struct tui_form *form, struct tui_canvas *canvas, struct tui_rect area, bool focused)
{
	int label = 0, step = area.height >= (int)form->count * 3 ? 3 : 2;

	for (size_t i = 0; i < form->count; i++) {
		int width = tui_text_columns(form->fields[i].row->label);

		label = width > label ? width : label;
	}
	for (size_t i = 0; i < form->count; i++) {
		const struct tui_form_field *field = &form->fields[i];
		int y = area.y + (int)i * step, x = area.x + label + 2;
		int width = area.width - label - 2 < 40 ? area.width - label - 2 : 40;

		if (y - area.y >= area.height)
			break;
		(void)tui_put(canvas, area.x, y, label,
			focused && i == form->focus ? TUI_TITLE : TUI_LABEL, field->row->label);
		tui_field_draw(&field->edit, canvas, x, y, width, focused && i == form->focus);
		tui_hit(canvas, (struct tui_rect){ area.x, y, label + 2 + width, 1 },
			TUI_REQ_SELECT, (int)i);
		if (field->error[0])
			(void)tui_putf(canvas, x, y + 1, area.width - label - 2, TUI_BAD, "%s %s",
				tui_canvas_ascii(canvas) ? "!" : "▲", field->error);
	}
	return (int)form->count * step;
}
