/* SPDX-License-Identifier: MIT */
#include "libpromo/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/log.h"

static const struct promo_error_info infos[PROMO_E_COUNT] = {
	[PROMO_OK] = { 200, 0, "ok", "done" },
#define PROMO_ERR(name, http, exit_code, wire, text)                                               \
	[PROMO_E_##name] = { http, exit_code, wire, text },
#include "libpromo/base/errors.def"
#undef PROMO_ERR
};

const struct promo_error_info *promo_error_info(int error)
{
	if (error < 0 || error >= PROMO_E_COUNT)
		return &infos[PROMO_E_INTERNAL];
	return &infos[error];
}

int promo_error_from_wire(const char *wire)
{
	for (int error = 1; error < PROMO_E_COUNT; error++)
		if (strcmp(infos[error].wire, wire) == 0)
			return error;
	return 0;
}

int promo_fault_at(int error, const char *file, int line, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	promo_log(PROMO_LOG_ERROR, "fault: %s: %s (%s:%d)", text, strerror(-error), file, line);
	return error < 0 ? error : -error;
}
