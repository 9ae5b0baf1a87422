/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "libpromo/base/macros.h"

/*
 * Times are milliseconds since 1970-01-01T00:00Z in an int64_t, days are counted from the same
 * day; leap seconds do not exist, as in POSIX. No function here knows a time zone but UTC: the
 * shop's zone is applied by the database. The calendar is the proleptic Gregorian one, computed
 * (days_from_civil of H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"), never asked of
 * the C library, whose answers depend on locale and environment.
 */

PROMO_BEGIN_DECLS

enum {
	PROMO_TIME_SIZE = 25, /* "2026-11-22T11:58:16.123Z" and the NUL */
	PROMO_DATE_SIZE = 11, /* "2026-11-22" and the NUL */
};
#define PROMO_MS_PER_DAY INT64_C(86400000)

struct promo_civil {
	int year, month, day; /* 1..12, 1..31 */
};

int64_t promo_now_ms(void);       /* the wall clock */
int64_t promo_monotonic_ms(void); /* never goes back; for deadlines and durations only */
int64_t promo_monotonic_us(void); /* the same clock, in microseconds */
void promo_sleep_us(int64_t us);  /* at least so long; of this thread */

/* RFC 3339 in UTC with milliseconds. Years 0000 to 9999, which is all that RFC 3339 can say; what
 * lies outside is shown as the nearer end. */
void promo_time_format(int64_t ms, char ret[PROMO_TIME_SIZE]);

/* RFC 3339, strictly: a date, "T", a time with seconds, optionally up to 9 digits of a fraction
 * (cut to milliseconds), and "Z" or an offset +hh:mm. PROMO_E_INVALID_INPUT for everything else,
 * for days that no calendar has and for leap seconds. */
int promo_time_parse(const char *text, int64_t *ret) PROMO_CHECK;

/* The same, but also with a blank for the "T", offsets like +02 and +0200, and no offset at all for
 * UTC: ISO 8601 as PostgreSQL and people write it. */
int promo_time_parse_iso(const char *text, int64_t *ret) PROMO_CHECK;

/* Whether text is exactly YYYY-MM-DD and a day of the calendar. */
bool promo_date_valid(const char *text);
/* PROMO_E_INVALID_INPUT unless promo_date_valid(). */
int promo_date_parse(const char *text, int64_t *ret_days) PROMO_CHECK;
/* Years 0000 to 9999; what lies outside is shown as the nearer end. */
void promo_date_format(int64_t days, char ret[PROMO_DATE_SIZE]);

/* The day on which a time falls in UTC, also before 1970. */
int64_t promo_time_days(int64_t ms);

int64_t promo_days_from_civil(struct promo_civil date);
struct promo_civil promo_civil_from_days(int64_t days);
/* Whether the calendar has this day. */
bool promo_civil_valid(struct promo_civil date);

PROMO_END_DECLS
