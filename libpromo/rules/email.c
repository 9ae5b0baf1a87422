/* SPDX-License-Identifier: MIT */
#include "libpromo/rules/email.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "libpromo/base/error.h"

enum {
	LOCAL_MAX = 64 /* RFC 5321 4.5.3.1.1 */,
	LABEL_MAX = 63 /* RFC 1034 3.1 */
};

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_local(char c)
{
	return is_alphanumeric(c) || (c != '\0' && strchr(".!#$%&'*+/=?^_`{|}~-", c) != NULL);
}

/* Labels of letters, digits and inner dashes, with single dots between them. */
static bool is_domain(const char *domain)
{
	size_t length = 0;

	for (;; domain++) {
		if (*domain == '.' || *domain == '\0') {
			if (length == 0 || length > LABEL_MAX || domain[-1] == '-')
				return false;
			if (*domain == '\0')
				return true;
			length = 0;
		} else if (is_alphanumeric(*domain) || (*domain == '-' && length > 0)) {
			length++;
		} else {
			return false;
		}
	}
}

int promo_email_normalize(const char *text, char ret[PROMO_EMAIL_SIZE])
{
	char email[PROMO_EMAIL_SIZE] = { 0 };
	size_t length = strlen(text), local = 0;

	if (length >= sizeof(email))
		return PROMO_E_INVALID_INPUT;
	for (size_t i = 0; i < length; i++)
		email[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
	while (is_local(email[local]))
		local++;
	if (local == 0 || local > LOCAL_MAX || email[local] != '@' || !is_domain(email + local + 1))
		return PROMO_E_INVALID_INPUT;
	memcpy(ret, email, sizeof(email));
	return 0;
}
