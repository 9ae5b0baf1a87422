/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "libpromo/base/log.h"
#include "libpromo/ops/print/voucher.h"
#include "libpromo/rules/code.h"

/*
 * usage: sheets CODES qr|plain [FILE]
 *
 * Draws that many vouchers and tells, as one line of numbers: codes, seconds that passed, seconds of CPU,
 * bytes of the document, and the highest memory of the process in KiB. bench/print runs it.
 */

static FILE *out;
static uint64_t bytes;

static void complain(enum promo_log_level level, const char *line)
{
	fprintf(stderr, "<%d>%s\n", (int)level, line);
}

static int take(void *context, const void *data, size_t size)
{
	(void)context;
	bytes += size;
	return !out || fwrite(data, 1, size, out) == size ? 0 : -1;
}

static double seconds(clockid_t clock)
{
	struct timespec now = { 0 };

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int print(int64_t codes, bool qr)
{
	const struct promo_voucher_head head = { .company = "MBELYCO",
		.batch = "BATCH_20250917",
		.made_on = "2025-09-17",
		.sheets = (codes + PROMO_SHEET_SLOTS - 1) / PROMO_SHEET_SLOTS,
		.qr = qr };
	struct promo_vouchers *vouchers;
	uint64_t state = 88172645463325252;
	int r;

	r = promo_vouchers_start(&head, take, NULL, &vouchers);
	if (r)
		return r;
	for (int64_t i = 1; !r && i <= codes; i++) {
		char code[] = "0000000000000000";
		const struct promo_voucher voucher = {
			.code = code, .amount = "500 RWF", .expires = "2026-12-31", .serial = i
		};

		for (size_t c = 0; c < 16; c++) {
			/* xorshift: the same document in every run. */
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			code[c] = PROMO_CODE_ALPHABET[state % PROMO_CODE_LETTERS];
		}
		r = promo_vouchers_add(vouchers, &voucher);
	}
	if (!r)
		r = promo_vouchers_finish(vouchers);
	promo_vouchers_free(vouchers);
	return r;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	double begun, cpu;
	int64_t codes;
	int r;

	if (argc < 3 || (strcmp(argv[2], "qr") != 0 && strcmp(argv[2], "plain") != 0)) {
		fputs("usage: sheets CODES qr|plain [FILE]\n", stderr);
		return 2;
	}
	codes = strtoll(argv[1], NULL, 10);
	if (argc > 3) {
		out = fopen(argv[3], "wb");
		if (!out) {
			perror(argv[3]);
			return 1;
		}
	}
	promo_log_set_sink(complain);
	begun = seconds(CLOCK_MONOTONIC);
	cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	r = print(codes, strcmp(argv[2], "qr") == 0);
	if (out && fclose(out) != 0)
		r = -1;
	(void)getrusage(RUSAGE_SELF, &usage);
	printf("%" PRId64 " %.3f %.3f %" PRIu64 " %ld\n", codes, seconds(CLOCK_MONOTONIC) - begun,
		seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, bytes, usage.ru_maxrss);
	return r ? 1 : 0;
}
