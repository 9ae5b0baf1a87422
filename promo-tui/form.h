/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "promo-tui/field.h"
#include "promo-tui/screen.h"

/*
 * A form is the input of an operation, field by field: labels, limits and checks come from the
 * operation's own table, so that a form refuses what the server would refuse, all bad fields at once
 * and each where it stands. What only the server knows (the country of a phone number, the alphabet
 * of a code) goes as it was typed, and its refusals are put to the fields too.
 */

enum {
	TUI_FORM_FIELDS_MAX = 8,
	TUI_FORM_ERROR_SIZE = 160
};

/* Which fields are asked for, in their order. */
struct tui_form_row {
	const char *name;    /* of the operation's input field; NULL with same_as */
	const char *label;   /* "E-mail or phone" */
	const char *same_as; /* typed once more: has to be equal to the field of this name */
};

struct tui_form_field {
	const struct tui_form_row *row;
	const struct promo_field *field;
	struct tui_field edit;
	char error[TUI_FORM_ERROR_SIZE]; /* "": none */
};

struct tui_form {
	const struct promo_op *op;
	struct tui_form_field fields[TUI_FORM_FIELDS_MAX];
	size_t count, focus;
};

/* rows has to outlive the form. */
int tui_form_init(struct tui_form *form, const struct promo_op *op, const struct tui_form_row *rows,
	size_t count) PROMO_CHECK;
void tui_form_release(struct tui_form *form); /* wipes what was typed */
void tui_form_clear(struct tui_form *form);

/* The field of this name; there has to be one. */
struct tui_field *tui_form_field(struct tui_form *form, const char *name);
void tui_form_focus(struct tui_form *form, const char *name);

/* Editing keys; moving about (next, previous, up, down, a click on a field: SELECT). */
enum tui_handled tui_form_key(struct tui_form *form, const struct tui_key *key);
enum tui_handled tui_form_request(struct tui_form *form, enum tui_request request, int argument);
void tui_form_text(struct tui_form *form, const char *text);
/* Whether the field that has the focus is empty. */
bool tui_form_is_empty(const struct tui_form *form);
/* Moves to the next field; false at the last one. */
bool tui_form_next(struct tui_form *form);

/* The field that has the focus. */
struct tui_field *tui_form_focused(struct tui_form *form);

/* The operation's input, made of what was typed (fields that were left empty and may be are not
 * given). PROMO_E_INVALID_INPUT with the reasons at the fields and the focus on the first bad one. */
int tui_form_read(struct tui_form *form, struct promo_arena *arena, void **ret) PROMO_CHECK;
/* Puts a reason to one field, and the focus there. */
void tui_form_put_error(struct tui_form *form, const char *name, const char *error);
/* Puts the bad fields of a refusal to theirs; false if it names none of the form. */
bool tui_form_refuse(struct tui_form *form, const struct promo_problem *problem);

/* Two rows a field, the second for its error; three where there is room. focused: whether the form
 * has the keys. Returns the rows used. */
int tui_form_draw(
	const struct tui_form *form, struct tui_canvas *canvas, struct tui_rect area, bool focused);

/* The rows that a form needs in a screen's keys. */
/* clang-format off */
#define TUI_FORM_KEYS                                                                              \
	{ "tab", TUI_REQ_NEXT_FIELD },                                                             \
	{ "backtab", TUI_REQ_PREVIOUS_FIELD },                                                     \
	{ "down", TUI_REQ_NEXT_FIELD },                                                            \
	{ "up", TUI_REQ_PREVIOUS_FIELD }
/* clang-format on */
