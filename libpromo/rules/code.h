/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * Promo codes as text (design: codes and batches). The 30 characters of the alphabet leave out B,
 * D, I, O, Q and V, which people misread; read back, each of the six stands for what it was taken
 * for. Inside, a code is in canonical form: upper case, no blanks or dashes.
 * The literal form (promo_code_canonical) matters only while codes of other alphabets exist.
 */

PROMO_BEGIN_DECLS

struct promo_random;

#define PROMO_CODE_ALPHABET "0123456789ACEFGHJKLMNPRSTUWXYZ"
#define PROMO_CODE_FORMAT   "XXXX-XXYY-XXMM-XXDD" /* the PRD's, and the default */

enum {
	PROMO_CODE_LETTERS = 30,
	PROMO_CODE_MIN = 4, /* characters of a canonical code */
	PROMO_CODE_MAX = 32,
	PROMO_CODE_SIZE = PROMO_CODE_MAX + 1,       /* with the NUL */
	PROMO_CODE_SHOWN_SIZE = PROMO_CODE_MAX + 1, /* 4-4-4-4 is shorter */
	PROMO_CODE_BITS_MIN = 40,                   /* with less, codes could be guessed */
	PROMO_CODE_FORMAT_MAX = 64,
};

/* Upper case, without blanks (space, tab, no-break space) and dashes (- and the typographic ones).
 * PROMO_E_INVALID_INPUT (field code "code_malformed") if anything but ASCII letters and digits
 * remains, or not 4 to 32 of them. */
int promo_code_canonical(const char *text, char ret[PROMO_CODE_SIZE]) PROMO_CHECK;

/* The same, and O, D, Q read as 0, I as 1, B as 8, V as U: what a person meant. */
int promo_code_read(const char *text, char ret[PROMO_CODE_SIZE]) PROMO_CHECK;

/* A canonical code for people: 16 characters in groups of four, others as they are. */
void promo_code_show(const char *code, char ret[PROMO_CODE_SHOWN_SIZE]);

/* Whether a code as read could have been issued: one of the standard shape (16 characters) carries
 * the day of its making in characters 7-8, 11-12, 15-16; a day that no calendar has or that lies
 * more than one day after today (YYYY-MM-DD, valid) was never printed. Others are always
 * plausible. Not to be asked while a batch of another format with 16 characters exists. */
bool promo_code_plausible(const char *code, const char *today);

/* A format, understood: one letter for each character of the canonical code. */
struct promo_code_pattern {
	char cells[PROMO_CODE_SIZE]; /* X random; Y y, M m, D d: tens and ones of the date */
	int length;
	int letters; /* how many X */
};

/* X a letter of the alphabet; YY, MM, DD the date, each at most once; single dashes between
 * characters. PROMO_E_INVALID_INPUT with a sentence in *reterr_why (static) for anything else, and
 * for formats of less than PROMO_CODE_BITS_MIN. */
int promo_code_pattern_parse(
	const char *format, struct promo_code_pattern *ret, const char **reterr_why) PROMO_CHECK;

/* Hundredths of a bit that a code of this pattern holds on one day, rounded down. */
int promo_code_pattern_centibits(const struct promo_code_pattern *pattern);

/* The same in two pieces, for many codes that are to be sorted before they are spelled: what chance
 * gave the first letters of a code, at most PROMO_CODE_DRAWN of them, as a number. Of two codes of one
 * pattern and date the one with the smaller number comes first. */
enum {
	PROMO_CODE_DRAWN = 13 /* as many as 64 bits can hold */
};
uint64_t promo_code_draw(
	const struct promo_code_pattern *pattern, const struct promo_random *random);
/* The code of such a number; letters that it does not hold are drawn here. */
int promo_code_spell(const struct promo_code_pattern *pattern, const char *date, uint64_t drawn,
	const struct promo_random *random, char ret[PROMO_CODE_SIZE]) PROMO_CHECK;

/* One code in canonical form. date: the day of generation, YYYY-MM-DD; PROMO_E_INVALID_INPUT if it
 * is none. Every letter is equally likely if the source's bytes are. Uniqueness is the caller's. */
int promo_code_generate(const struct promo_code_pattern *pattern, const char *date,
	const struct promo_random *random, char ret[PROMO_CODE_SIZE]) PROMO_CHECK;

PROMO_END_DECLS
