/* SPDX-License-Identifier: MIT */
/* COPY takes a hundred thousand codes in one go and all of them arrive; one that is there already
 * ends it as "somebody was faster"; bytes that are no rows, a COPY left in the middle and a server
 * that dies leave nothing behind and a store that works. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libpromo/store/store.h"
#include "tests/lib/database.h"
#include "tests/lib/log.h"

enum {
	CODES = 100000,
	ROW_BYTES = 128
};

static const char batch_id[] = "00000000-0000-7000-8000-0000000000b1";

struct fixture {
	struct promo_test_database *database;
	struct promo_store *store;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct promo_store_config config = { .uri = NULL };

	fixture->database = promo_test_database_new();
	if (!fixture->database)
		return -1;
	promo_test_sql(fixture->database,
		"INSERT INTO batches (id, batch_name, total_codes, amount_per_code, currency,"
		" expires_on, expiration_date, code_format, status) VALUES ('%s', 'BATCH_A', %d, 5,"
		" 'RWF', '2030-01-01', '2030-01-02', 'XXXX', 'generating')",
		batch_id, CODES);
	config.uri = fixture->database->app_uri;
	promo_test_log_keep();
	*state = fixture;
	return promo_store_open(&config, &fixture->store);
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	promo_store_close(fixture->store);
	promo_test_database_free(fixture->database);
	free(fixture);
	return 0;
}

/* The binary format of COPY ("COPY", File Formats, in the manual of PostgreSQL). */
static unsigned char *put(unsigned char *to, const void *bytes, size_t size)
{
	uint32_t length = htonl((uint32_t)size);

	memcpy(to, &length, sizeof(length));
	memcpy(to + sizeof(length), bytes, size);
	return to + sizeof(length) + size;
}

/* A row of promo_codes: id, code, batch, serial, amount 5.00. */
static size_t make_row(uint32_t serial, unsigned char row[ROW_BYTES])
{
	static const unsigned char batch[16] = { 0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0,
		0xb1 };
	const uint16_t fields = htons(5);
	const uint16_t five[] = { htons(1), 0, 0, htons(2), htons(5) };
	const uint32_t number = htonl(serial);
	const uint32_t id[4] = { 0, htonl(0x7000), htonl(0x80000000), number };
	unsigned char *to = row;
	char code[32];

	memcpy(to, &fields, sizeof(fields));
	to = put(to + sizeof(fields), id, sizeof(id));
	(void)snprintf(code, sizeof(code), "TEST%012u", serial);
	to = put(to, code, strlen(code));
	to = put(to, batch, sizeof(batch));
	to = put(to, &number, sizeof(number));
	to = put(to, five, sizeof(five));
	return (size_t)(to - row);
}

static int begin_copy(struct promo_store *store)
{
	static const unsigned char head[19] = "PGCOPY\n\377\r\n";
	int r = promo_store_begin(store);

	if (!r)
		r = promo_store_copy_in(store, PROMO_Q_CODE_COPY);
	return r ? r : promo_store_copy_write(store, head, sizeof(head));
}

static int copy_codes(struct promo_store *store, uint32_t from, uint32_t to)
{
	unsigned char *bytes = malloc((size_t)(to - from + 1) * ROW_BYTES);
	size_t size = 0;
	int r;

	for (uint32_t serial = from; serial <= to; serial++)
		size += make_row(serial, bytes + size);
	r = promo_store_copy_write(store, bytes, size);
	free(bytes);
	return r;
}

static int end_copy(struct promo_store *store, int64_t *rows)
{
	static const unsigned char tail[2] = { 0xff, 0xff };
	int r = promo_store_copy_write(store, tail, sizeof(tail));

	return r ? r : promo_store_copy_finish(store, rows);
}

static void assert_count(const struct fixture *fixture, long count)
{
	assert_int_equal(
		strtol(promo_test_sql(fixture->database, "SELECT count(*) FROM promo_codes"), NULL,
			10),
		count);
}

static void test_many(void **state)
{
	const struct fixture *fixture = *state;
	int64_t rows = -1;

	assert_int_equal(begin_copy(fixture->store), 0);
	assert_int_equal(copy_codes(fixture->store, 1, CODES), 0);
	assert_int_equal(end_copy(fixture->store, &rows), 0);
	assert_int_equal(rows, CODES);
	assert_count(fixture, 0);
	assert_int_equal(promo_store_commit(fixture->store), 0);
	assert_count(fixture, CODES);
	assert_string_equal(promo_test_sql(fixture->database,
				    "SELECT sum(amount) || ' ' || max(serial) || ' ' ||"
				    " max(code) FROM promo_codes"),
		"500000.00 100000 TEST000000100000");
}

static void test_collision(void **state)
{
	const struct fixture *fixture = *state;
	int64_t rows = -1;

	promo_test_sql(fixture->database,
		"INSERT INTO promo_codes (id, code, batch_id, serial, amount)"
		" VALUES (gen_random_uuid(), 'TEST000000000500', '%s', 100000, 5)",
		batch_id);
	assert_int_equal(begin_copy(fixture->store), 0);
	assert_int_equal(copy_codes(fixture->store, 1, 1000), 0);
	assert_true(end_copy(fixture->store, &rows) < 0);
	assert_int_equal(promo_store_failure(fixture->store), PROMO_STORE_RETRY);
	assert_string_equal(promo_store_constraint(fixture->store), "promo_codes_code_key");
	promo_store_rollback(fixture->store);
	assert_int_equal(promo_store_ping(fixture->store), 0);
	assert_count(fixture, 1);
}

static void test_no_rows(void **state)
{
	const struct fixture *fixture = *state;
	int64_t rows = -1;

	assert_int_equal(begin_copy(fixture->store), 0);
	assert_int_equal(promo_store_copy_write(fixture->store, "nonsense", 8), 0);
	assert_true(promo_store_copy_finish(fixture->store, &rows) < 0);
	assert_int_equal(promo_store_failure(fixture->store), PROMO_STORE_FAULT);
	promo_store_rollback(fixture->store);
	assert_true(promo_store_copy_write(fixture->store, "x", 1) < 0);
	assert_true(promo_store_copy_in(fixture->store, PROMO_Q_MIGRATION_LIST) < 0);
	promo_store_rollback(fixture->store);
	assert_int_equal(promo_store_ping(fixture->store), 0);
}

static void test_left_in_the_middle(void **state)
{
	const struct fixture *fixture = *state;
	int64_t rows = -1;

	assert_int_equal(begin_copy(fixture->store), 0);
	assert_int_equal(copy_codes(fixture->store, 1, 1000), 0);
	promo_store_rollback(fixture->store);
	assert_int_equal(promo_store_ping(fixture->store), 0);
	assert_count(fixture, 0);

	assert_int_equal(begin_copy(fixture->store), 0);
	assert_int_equal(end_copy(fixture->store, &rows), 0);
	assert_int_equal(rows, 0);
	assert_int_equal(promo_store_commit(fixture->store), 0);
}

/* Ended, and nobody asks how: a rollback all the same. */
static void test_left_at_the_end(void **state)
{
	static const unsigned char tail[2] = { 0xff, 0xff };
	const struct fixture *fixture = *state;
	int64_t rows = -1;

	assert_int_equal(begin_copy(fixture->store), 0);
	assert_int_equal(copy_codes(fixture->store, 1, 1000), 0);
	assert_int_equal(promo_store_copy_write(fixture->store, tail, sizeof(tail)), 0);
	assert_int_equal(promo_store_copy_end(fixture->store), 0);
	promo_store_rollback(fixture->store);
	assert_count(fixture, 0);

	assert_int_equal(begin_copy(fixture->store), 0);
	assert_int_equal(copy_codes(fixture->store, 1, 1000), 0);
	assert_int_equal(promo_store_copy_write(fixture->store, tail, sizeof(tail)), 0);
	assert_int_equal(promo_store_copy_end(fixture->store), 0);
	assert_int_equal(promo_store_copy_finish(fixture->store, &rows), 0);
	assert_int_equal(rows, 1000);
	assert_int_equal(promo_store_commit(fixture->store), 0);
	assert_count(fixture, 1000);
}

static void test_server_dies(void **state)
{
	const struct fixture *fixture = *state;
	int64_t rows = -1;
	int r;

	assert_int_equal(begin_copy(fixture->store), 0);
	assert_int_equal(copy_codes(fixture->store, 1, 1000), 0);
	promo_test_sql(fixture->database,
		"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
		" WHERE datname = current_database()"
		" AND pid <> pg_backend_pid()");
	r = copy_codes(fixture->store, 1001, 2000);
	if (!r)
		r = end_copy(fixture->store, &rows);
	assert_true(r < 0);
	assert_int_equal(promo_store_failure(fixture->store), PROMO_STORE_LOST);
	promo_store_rollback(fixture->store);
	assert_int_equal(promo_store_reopen(fixture->store), 0);
	assert_count(fixture, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_many),
		TEST(test_collision),
		TEST(test_no_rows),
		TEST(test_left_in_the_middle),
		TEST(test_left_at_the_end),
		TEST(test_server_dies),
	};

	return cmocka_run_group_tests_name("store/copy", tests, NULL, NULL);
}
