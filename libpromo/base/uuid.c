/* SPDX-License-Identifier: MIT */
#include "libpromo/base/uuid.h"

#include <pthread.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/base/time.h"

/*
 * Layout (RFC 9562, 5.7 and 6.2 method 1): 48 bits of milliseconds, then a counter of 26 bits over
 * rand_a and the first 14 bits of rand_b, then 48 random bits. The counter begins each millisecond
 * at a random number below its half, so that it neither runs over nor tells how many were made.
 */
enum {
	COUNTER_BITS = 26
};
static const uint32_t COUNTER_END = UINT32_C(1) << COUNTER_BITS;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t last_ms;
static uint32_t counter;

/* The kernel is asked for the random bits of many ids at once: ids are no secrets, and a redemption
 * takes four. */
static struct noise {
	uint32_t start;
	unsigned char tail[6];
} noise[128];
static size_t noise_left;
static bool fork_watched;

/* Or else both processes would make the same ids from here on. */
static void drop_noise(void)
{
	noise_left = 0;
}

static const struct noise *next_noise(void)
{
	if (noise_left == 0) {
		if (!fork_watched)
			fork_watched = pthread_atfork(NULL, NULL, drop_noise) == 0;
		randombytes_buf(noise, sizeof(noise));
		noise_left = PROMO_COUNT(noise);
	}
	return &noise[--noise_left];
}

void promo_uuid_new_bytes(unsigned char ret[PROMO_UUID_BYTES])
{
	uint64_t now = (uint64_t)promo_now_ms();
	struct noise random;
	uint64_t ms;
	uint32_t count;

	pthread_mutex_lock(&lock);
	random = *next_noise();
	if (now > last_ms || counter + 1 == COUNTER_END) {
		/* Where the counter is used up before its time, the ids run ahead of the clock. */
		last_ms = now > last_ms ? now : last_ms + 1;
		counter = random.start % (COUNTER_END / 2);
	} else {
		counter++;
	}
	ms = last_ms;
	count = counter;
	pthread_mutex_unlock(&lock);

	for (int i = 0; i < 6; i++)
		ret[i] = (unsigned char)(ms >> (40 - 8 * i));
	ret[6] = (unsigned char)(0x70 | count >> 22);
	ret[7] = (unsigned char)(count >> 14);
	ret[8] = (unsigned char)(0x80 | (count >> 8 & 0x3f));
	ret[9] = (unsigned char)count;
	memcpy(ret + 10, random.tail, sizeof(random.tail));
}

void promo_uuid_new(char ret[PROMO_UUID_SIZE])
{
	unsigned char bytes[PROMO_UUID_BYTES];

	promo_uuid_new_bytes(bytes);
	promo_uuid_format(bytes, ret);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool is_dash(int i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

int promo_uuid_parse(const char *text, unsigned char ret[PROMO_UUID_BYTES])
{
	unsigned char bytes[PROMO_UUID_BYTES] = { 0 };
	int digits = 0;

	for (int i = 0; i < PROMO_UUID_SIZE - 1; i++) {
		int value;

		if (is_dash(i)) {
			if (text[i] != '-')
				return PROMO_E_INVALID_INPUT;
			continue;
		}
		value = hex_value(text[i]);
		if (value < 0)
			return PROMO_E_INVALID_INPUT;
		bytes[digits / 2] = (unsigned char)(bytes[digits / 2] << 4 | value);
		digits++;
	}
	if (text[PROMO_UUID_SIZE - 1] != '\0')
		return PROMO_E_INVALID_INPUT;
	memcpy(ret, bytes, sizeof(bytes));
	return 0;
}

bool promo_uuid_valid(const char *text)
{
	unsigned char bytes[PROMO_UUID_BYTES];

	return promo_uuid_parse(text, bytes) == 0;
}

void promo_uuid_format(const unsigned char bytes[PROMO_UUID_BYTES], char ret[PROMO_UUID_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	int digits = 0;

	for (int i = 0; i < PROMO_UUID_SIZE - 1; i++) {
		if (is_dash(i)) {
			ret[i] = '-';
			continue;
		}
		ret[i] = hex[digits % 2 == 0 ? bytes[digits / 2] >> 4 : bytes[digits / 2] & 15];
		digits++;
	}
	ret[PROMO_UUID_SIZE - 1] = '\0';
}

int64_t promo_uuid_time_ms(const char *text)
{
	unsigned char bytes[PROMO_UUID_BYTES];
	int64_t ms = 0;

	if (promo_uuid_parse(text, bytes))
		return 0;
	for (int i = 0; i < 6; i++)
		ms = ms << 8 | bytes[i];
	return ms;
}

void promo_uuid_at(int64_t ms, char ret[PROMO_UUID_SIZE])
{
	unsigned char bytes[PROMO_UUID_BYTES] = { 0 };

	for (int i = 5; i >= 0 && ms > 0; i--, ms >>= 8)
		bytes[i] = (unsigned char)(ms & 0xff);
	bytes[6] = 0x70;
	bytes[8] = 0x80;
	promo_uuid_format(bytes, ret);
}
