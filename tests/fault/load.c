/* SPDX-License-Identifier: MIT */
/*
 * load: clients (clients.h) of one or more daemons, over a list of codes. It runs until SIGTERM, for
 * --seconds, or until the codes are used up; then what is open is brought to an end, the history
 * (history.h) is written, and a line of name=value says what happened. Ends with 0 if nothing was left
 * open.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/random.h"
#include "tests/fault/clients.h"
#include "tests/fault/table.h"

static void on_signal(int number)
{
	(void)number;
	load_stopping = 1;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void report(const struct load *load, size_t open)
{
	int64_t *times = table_allocate(load->records.count, sizeof(*times));
	int64_t took_us = load_now_us() - load->started_us;
	size_t n = 0;

	for (size_t i = 0; i < load->records.count; i++)
		if (load->records.items[i].status && load->records.items[i].status < 500)
			times[n++] = load->records.items[i].complete_us -
				     load->records.items[i].invoke_us;
	qsort(times, n, sizeof(*times), by_value);
	printf("seed=%" PRIu64 " operations=%" PRIu64
	       " codes_used=%zu attempts=%zu answered=%" PRIu64 " redeemed=%" PRIu64
	       " unknown=%" PRIu64 " abandoned=%" PRIu64 " not_reached=%" PRIu64
	       " open=%zu rate=%" PRId64 " p50_us=%" PRId64 " p99_us=%" PRId64 " max_us=%" PRId64
	       "\n",
		load->config.seed, load->begun, load->plan.fresh, load->records.count,
		load->answered, load->redeemed, load->unknown, load->abandoned, load->not_reached,
		open, (int64_t)load->answered * 1000000 / took_us, n ? times[n / 2] : 0,
		n ? times[n * 99 / 100] : 0, n ? times[n - 1] : 0);
	free(times);
}

/*
 * Options.
 */

static char *read_list(const char *path)
{
	char *text = file_text(path);

	if (!text)
		load_stop(path);
	return text;
}

static void read_codes(struct load *load, const char *path)
{
	const char **codes = NULL, *code;
	size_t count = 0;
	char *text = read_list(path);

	while (file_fields(&text, &code, 1) == 1) {
		codes = table_room(codes, count, sizeof(*codes));
		codes[count++] = code;
	}
	load->config.codes = codes;
	load->config.code_count = count;
}

static void read_people(struct load *load, const char *path)
{
	struct person *people = NULL;
	const char *fields[2];
	size_t count = 0;
	char *text = read_list(path);

	while (file_fields(&text, fields, 2) == 2) {
		people = table_room(people, count, sizeof(*people));
		people[count++] = (struct person){ fields[0], fields[1] };
	}
	load->config.people = people;
	load->config.person_count = count;
}

struct number {
	const char *name;
	long least, most, fallback;
};

enum {
	CONNECTIONS,
	SECONDS,
	RATE,
	VERIFY,
	HOT,
	AGAIN,
	CROWD,
	TIMEOUT,
	DRAIN,
	SEED,
	NUMBERS,
};

static const struct number numbers[NUMBERS] = {
	[CONNECTIONS] = { "connections", 1, CLIENTS_MAX, 64 },
	[SECONDS] = { "seconds", 0, 86400, 0 },
	[RATE] = { "rate", 0, 1000000, 0 },
	[VERIFY] = { "verify", 0, 100, 30 },
	[HOT] = { "hot", 0, 100, 20 },
	[AGAIN] = { "again", 0, 100, 5 },
	[CROWD] = { "crowd", 1, 1000000, 1 },
	[TIMEOUT] = { "timeout-ms", 1, 600000, 20000 },
	[DRAIN] = { "drain-seconds", 0, 3600, 60 },
	[SEED] = { "seed", 0, LONG_MAX, 0 },
};

static int usage(void)
{
	(void)fprintf(stderr,
		"usage: load --server unix:PATH|PORT... --people FILE --codes FILE --history FILE\n"
		"            [--progress FILE]\n"
		"people: lines of user id, tab, token; codes: one a line. And these numbers:\n");
	for (size_t i = 0; i < NUMBERS; i++)
		(void)fprintf(stderr, "  --%-14s %ld to %ld (%ld)\n", numbers[i].name,
			numbers[i].least, numbers[i].most, numbers[i].fallback);
	return 2;
}

static bool take_number(const struct number *number, const char *text, long *ret)
{
	int64_t value;

	if (!file_number(text, &value) || value < number->least || value > number->most)
		return false;
	*ret = (long)value;
	return true;
}

static bool take_option(struct load *load, int option, long values[NUMBERS])
{
	if (option < NUMBERS)
		return take_number(&numbers[option], optarg, &values[option]);
	switch (option) {
	case 's':
		if (load->server_count == SERVERS_MAX)
			return false;
		load->servers[load->server_count++] = optarg;
		return true;
	case 'u':
		read_people(load, optarg);
		return true;
	case 'c':
		read_codes(load, optarg);
		return true;
	case 'h':
		load->history_path = optarg;
		return true;
	case 'p':
		load->progress_path = optarg;
		return true;
	default:
		return false;
	}
}

static bool take_options(struct load *load, int argc, char **argv)
{
	struct option options[NUMBERS + 6] = {
		{ "server", required_argument, NULL, 's' },
		{ "people", required_argument, NULL, 'u' },
		{ "codes", required_argument, NULL, 'c' },
		{ "history", required_argument, NULL, 'h' },
		{ "progress", required_argument, NULL, 'p' },
	};
	long values[NUMBERS];
	int option;

	for (int i = 0; i < NUMBERS; i++) {
		options[5 + i] = (struct option){ numbers[i].name, required_argument, NULL, i };
		values[i] = numbers[i].fallback;
	}
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!take_option(load, option, values))
			return false;
	load->connections = values[CONNECTIONS];
	load->seconds = values[SECONDS];
	load->rate = values[RATE];
	load->timeout_ms = values[TIMEOUT];
	load->drain_seconds = values[DRAIN];
	load->config.verify_percent = (unsigned)values[VERIFY];
	load->config.hot_percent = (unsigned)values[HOT];
	load->config.again_percent = (unsigned)values[AGAIN];
	load->config.crowd = (unsigned)values[CROWD];
	load->config.seed = (uint64_t)values[SEED];
	return optind == argc && load->server_count && load->config.person_count &&
	       load->config.code_count && load->history_path;
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	static struct load load;
	size_t open;

	if (promo_base_init() || sigaction(SIGTERM, &action, NULL) ||
		sigaction(SIGINT, &action, NULL))
		load_stop("begin");
	if (!take_options(&load, argc, argv))
		return usage();
	/* Keys of two loads on one database have to differ. */
	if (!load.config.seed)
		load.config.seed = (uint64_t)load_now_us();
	open = load_run(&load);
	report(&load, open);
	if (!records_write(&load.records, load.history_path))
		load_stop("write the history");
	return open ? 1 : 0;
}
