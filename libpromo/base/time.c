/* SPDX-License-Identifier: MIT */
#include "libpromo/base/time.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

#include "libpromo/base/error.h"

static int64_t clock_us(clockid_t clock)
{
	struct timespec now = { 0 };

	/* Fails only for clocks that do not exist. */
	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t promo_now_ms(void)
{
	return clock_us(CLOCK_REALTIME) / 1000;
}

int64_t promo_monotonic_ms(void)
{
	return clock_us(CLOCK_MONOTONIC) / 1000;
}

int64_t promo_monotonic_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

void promo_sleep_us(int64_t us)
{
	struct timespec left = {
		.tv_sec = us / 1000000,
		.tv_nsec = us % 1000000 * 1000,
	};

	while (nanosleep(&left, &left) && errno == EINTR)
		continue;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t promo_time_days(int64_t ms)
{
	return floor_div(ms, PROMO_MS_PER_DAY);
}

/* Years begin in March here, so that the leap day is a year's last. */
int64_t promo_days_from_civil(struct promo_civil date)
{
	int64_t year = date.month <= 2 ? (int64_t)date.year - 1 : date.year;
	int64_t era = floor_div(year, 400);
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year =
		(153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

struct promo_civil promo_civil_from_days(int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = floor_div(shifted, 146097);
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month_from_march = (5 * day_of_year + 2) / 153;
	int month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);

	return (struct promo_civil){
		.year = (int)(year_of_era + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
	};
}

bool promo_civil_valid(struct promo_civil date)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);

	return date.month >= 1 && date.month <= 12 && date.day >= 1 &&
	       date.day <= days[date.month - 1] + (leap && date.month == 2);
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

static char *put_digits(char *at, int count, int64_t value)
{
	for (int i = count - 1; i >= 0; i--) {
		at[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return at + count;
}

static char *put_date(char *at, int64_t days)
{
	struct promo_civil date = promo_civil_from_days(days);

	at = put_digits(at, 4, date.year);
	*at++ = '-';
	at = put_digits(at, 2, date.month);
	*at++ = '-';
	return put_digits(at, 2, date.day);
}

#define FIRST_DAY INT64_C(-719528) /* 0000-01-01 */
#define LAST_DAY  INT64_C(2932896) /* 9999-12-31 */

void promo_date_format(int64_t days, char ret[PROMO_DATE_SIZE])
{
	*put_date(ret, clamp(days, FIRST_DAY, LAST_DAY)) = '\0';
}

void promo_time_format(int64_t ms, char ret[PROMO_TIME_SIZE])
{
	char *at = ret;
	int64_t days, rest;

	ms = clamp(ms, FIRST_DAY * PROMO_MS_PER_DAY, (LAST_DAY + 1) * PROMO_MS_PER_DAY - 1);
	days = promo_time_days(ms);
	rest = ms - days * PROMO_MS_PER_DAY;
	at = put_date(at, days);
	*at++ = 'T';
	at = put_digits(at, 2, rest / 3600000);
	*at++ = ':';
	at = put_digits(at, 2, rest / 60000 % 60);
	*at++ = ':';
	at = put_digits(at, 2, rest / 1000 % 60);
	*at++ = '.';
	at = put_digits(at, 3, rest % 1000);
	*at++ = 'Z';
	*at = '\0';
}

/* Reads exactly `count` digits and moves on; what it looks at never lies behind the NUL. */
static bool take_digits(const char **at, int count, int *ret)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		char c = (*at)[i];

		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	*at += count;
	*ret = value;
	return true;
}

static bool take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static bool take_date(const char **at, int64_t *ret_days)
{
	struct promo_civil date;

	if (!take_digits(at, 4, &date.year) || !take_char(at, '-') ||
		!take_digits(at, 2, &date.month) || !take_char(at, '-') ||
		!take_digits(at, 2, &date.day) || !promo_civil_valid(date))
		return false;
	*ret_days = promo_days_from_civil(date);
	return true;
}

int promo_date_parse(const char *text, int64_t *ret_days)
{
	int64_t days;

	if (!take_date(&text, &days) || *text != '\0')
		return PROMO_E_INVALID_INPUT;
	*ret_days = days;
	return 0;
}

bool promo_date_valid(const char *text)
{
	int64_t days;

	return promo_date_parse(text, &days) == 0;
}

/* hh:mm:ss with up to 9 digits of a fraction. */
static bool take_clock(const char **at, int64_t *ret_ms)
{
	int hour, minute, second, ms = 0;

	if (!take_digits(at, 2, &hour) || !take_char(at, ':') || !take_digits(at, 2, &minute) ||
		!take_char(at, ':') || !take_digits(at, 2, &second) || hour > 23 || minute > 59 ||
		second > 59)
		return false;
	if (take_char(at, '.')) {
		int digit, count = 0;

		for (; take_digits(at, 1, &digit); count++)
			if (count < 3)
				ms = ms * 10 + digit;
		if (count == 0 || count > 9)
			return false;
		for (; count < 3; count++)
			ms *= 10;
	}
	*ret_ms = ((int64_t)hour * 60 + minute) * 60000 + (int64_t)second * 1000 + ms;
	return true;
}

/* Z or +hh:mm; leniently also +hh, +hhmm and nothing. */
static bool take_offset(const char **at, bool lenient, int64_t *ret_ms)
{
	int hours, minutes = 0;
	bool west;

	*ret_ms = 0;
	if (take_char(at, 'Z') || take_char(at, 'z') || (lenient && **at == '\0'))
		return true;
	west = **at == '-';
	if (!take_char(at, '+') && !take_char(at, '-'))
		return false;
	if (!take_digits(at, 2, &hours))
		return false;
	if (take_char(at, ':')) {
		if (!take_digits(at, 2, &minutes))
			return false;
	} else if (!lenient || (**at != '\0' && !take_digits(at, 2, &minutes))) {
		return false;
	}
	if (hours > 23 || minutes > 59)
		return false;
	*ret_ms = ((int64_t)hours * 60 + minutes) * (west ? -60000 : 60000);
	return true;
}

static int parse(const char *text, bool lenient, int64_t *ret)
{
	int64_t days, clock, offset;

	if (!take_date(&text, &days))
		return PROMO_E_INVALID_INPUT;
	if (!take_char(&text, 'T') && !take_char(&text, 't') && !(lenient && take_char(&text, ' ')))
		return PROMO_E_INVALID_INPUT;
	if (!take_clock(&text, &clock) || !take_offset(&text, lenient, &offset) || *text != '\0')
		return PROMO_E_INVALID_INPUT;
	*ret = days * PROMO_MS_PER_DAY + clock - offset;
	return 0;
}

int promo_time_parse(const char *text, int64_t *ret)
{
	return parse(text, /* lenient= */ false, ret);
}

int promo_time_parse_iso(const char *text, int64_t *ret)
{
	return parse(text, /* lenient= */ true, ret);
}
