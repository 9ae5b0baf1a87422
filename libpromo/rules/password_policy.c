/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/password_policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/utf8.h"

const struct promo_password_policy promo_password_policy_default = { .min_length = 12 };

enum {
	OWN_WORD_MIN = 4,  /* a shorter name is part of many words */
	PHONE_DIGITS = 8,  /* the end of a number that its owner knows by heart */
	DIFFERENT_MIN = 5, /* characters, else it is a pattern like "abababababab" */
};

static const char *const common[] = {
#include "libpromo/rules/common_passwords.def"
};

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_common(const char *word)
{
	return bsearch(&word, common, PROMO_COUNT(common), sizeof(common[0]), compare_words) !=
	       NULL;
}

static bool is_letter(char c)
{
	/* Bytes of other alphabets belong to words as well. */
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* "p@ssw0rd" is "password" to everybody who tries. */
static char plain_letter(char c)
{
	static const char signs[] = "013457@$!";
	static const char letters[] = "oleastasi";
	const char *sign = strchr(signs, c);

	return sign ? letters[sign - signs] : c;
}

/* Whether a folded password is a common word, as it is or with digits and signs around it and
 * for its letters. */
static bool looks_common(struct promo_arena *arena, const char *folded, bool *ret)
{
	size_t begin = 0, end = strlen(folded);
	char *word;

	*ret = is_common(folded);
	while (begin < end && !is_letter(folded[begin]))
		begin++;
	while (end > begin && !is_letter(folded[end - 1]))
		end--;
	word = promo_arena_strndup(arena, folded + begin, end - begin);
	if (!word)
		return false;
	for (char *c = word; *c; c++)
		*c = plain_letter(*c);
	*ret = *ret || is_common(word);
	return true;
}

/* "123456789012", "abcdefghijkl", "aaaaaaaaaaaa", "121212121212" */
static bool is_pattern(const char *folded)
{
	bool seen[256] = { false };
	bool rising = true, falling = true;
	int different = 0;

	for (const char *c = folded; *c; c++) {
		if (!seen[(unsigned char)*c])
			different++;
		seen[(unsigned char)*c] = true;
		if (c == folded)
			continue;
		rising = rising && (c[0] == c[-1] + 1 || (c[0] == '0' && c[-1] == '9'));
		falling = falling && (c[0] == c[-1] - 1 || (c[0] == '9' && c[-1] == '0'));
	}
	return different < DIFFERENT_MIN || rising || falling;
}

/* Whether `own`, its first `length` bytes, stands in the folded password. */
static int contains_own(
	struct promo_arena *arena, const char *folded, const char *own, size_t length, bool *ret)
{
	const char *word;
	int r;

	*ret = false;
	own = promo_arena_strndup(arena, own, length);
	if (!own)
		return promo_fault(-ENOMEM, "could not check a password");
	r = promo_utf8_casefold(arena, own, &word);
	if (r)
		return r;
	*ret = promo_utf8_count(word) >= OWN_WORD_MIN && strstr(folded, word) != NULL;
	return 0;
}

static int is_own(struct promo_arena *arena, const struct promo_password_owner *owner,
	const char *folded, bool *ret)
{
	const char *words[] = { owner->first_name, owner->last_name, owner->email,
		owner->phone_number };

	*ret = false;
	for (size_t i = 0; i < PROMO_COUNT(words) && !*ret; i++) {
		const char *word = words[i];
		size_t length;
		int r;

		if (!word)
			continue;
		length = strlen(word);
		if (word == owner->email)
			length = strcspn(word, "@");
		if (word == owner->phone_number && length > PHONE_DIGITS) {
			word += length - PHONE_DIGITS;
			length = PHONE_DIGITS;
		}
		r = contains_own(arena, folded, word, length, ret);
		if (r)
			return r;
	}
	return 0;
}

/* What stands above every till is guessed before anything else. */
static int is_company(struct promo_arena *arena, const char *company, const char *folded, bool *ret)
{
	size_t length = 0;
	char *word;
	int r;

	*ret = false;
	if (!company)
		return 0;
	r = contains_own(arena, folded, company, strlen(company), ret);
	if (r || *ret)
		return r;
	word = promo_arena_strdup(arena, company);
	if (!word)
		return promo_fault(-ENOMEM, "could not check a password");
	for (const char *c = company; *c; c++)
		if (*c != ' ')
			word[length++] = *c;
	return contains_own(arena, folded, word, length, ret);
}

static int refuse(const char *code, const char *message, struct promo_password_refusal *reterr)
{
	reterr->code = code;
	reterr->message = message;
	return PROMO_E_INVALID_INPUT;
}

static bool has_one_of(const char *password, char first, char last)
{
	for (; *password; password++)
		if (*password >= first && *password <= last)
			return true;
	return false;
}

static bool has_special(const char *password)
{
	for (; *password; password++)
		if (strchr(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", *password))
			return true;
	return false;
}

static int check_switches(const struct promo_password_policy *policy, const char *password,
	struct promo_password_refusal *reterr)
{
	if (policy->require_uppercase && !has_one_of(password, 'A', 'Z'))
		return refuse("password_no_uppercase", "the password needs a letter A-Z", reterr);
	if (policy->require_lowercase && !has_one_of(password, 'a', 'z'))
		return refuse("password_no_lowercase", "the password needs a letter a-z", reterr);
	if (policy->require_numbers && !has_one_of(password, '0', '9'))
		return refuse("password_no_number", "the password needs a digit", reterr);
	if (policy->require_special_chars && !has_special(password))
		return refuse("password_no_special_char",
			"the password needs a character that is neither letter nor digit", reterr);
	return 0;
}

int promo_password_check(const struct promo_password_policy *policy,
	const struct promo_password_owner *owner, const char *password, struct promo_arena *arena,
	struct promo_password_refusal *reterr)
{
	const char *folded, *message;
	bool bad;
	int r;

	if ((int64_t)promo_utf8_count(password) < policy->min_length) {
		message = promo_arena_printf(arena, "the password needs at least %lld characters",
			(long long)policy->min_length);
		if (!message)
			return promo_fault(-ENOMEM, "could not check a password");
		return refuse("password_too_short", message, reterr);
	}
	r = check_switches(policy, password, reterr);
	if (r)
		return r;
	r = promo_utf8_casefold(arena, password, &folded);
	if (r > 0)
		return refuse("password_invalid", "the password is not UTF-8 text", reterr);
	if (r < 0)
		return r;
	if (!looks_common(arena, folded, &bad))
		return promo_fault(-ENOMEM, "could not check a password");
	if (bad || is_pattern(folded))
		return refuse("password_common",
			"the password is one of those that are tried first, take a sentence of "
			"your own",
			reterr);
	r = is_own(arena, owner, folded, &bad);
	if (r)
		return r;
	if (bad)
		return refuse("password_own_name",
			"the password must not contain your name, e-mail address or phone number",
			reterr);
	r = is_company(arena, policy->company_name, folded, &bad);
	if (r)
		return r;
	if (bad)
		return refuse("password_company_name",
			"the password must not contain the company's name", reterr);
	return 0;
}
