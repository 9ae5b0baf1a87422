/* SPDX-License-Identifier: MIT */
#pragma once

#include "bench/connection.h"
#include "tests/fault/plan.h"

/*
 * The attempts of a load, kept in memory and written as a history (history.h) in the end.
 */

enum {
	RECORD_WORD_SIZE = 28,
	RECORD_ID_SIZE = 37,
};

struct record {
	struct operation operation;
	uint64_t request; /* names its request id */
	int64_t invoke_us, complete_us;
	uint64_t body; /* hash */
	unsigned status;
	bool replayed;
	char word[RECORD_WORD_SIZE]; /* "-": none was understood */
	char redemption_id[RECORD_ID_SIZE];
};

struct records {
	const struct plan *plan;
	struct record *items;
	size_t count;
};

/* As the client sends it: as the key, with an r. */
void record_request_id(const struct plan *plan, uint64_t request, char *ret, size_t size);

/* What a whole answer says; status, words and times go into *record. */
void record_answer(struct record *record, const struct plan *plan,
	const struct connection *connection, const struct connection_answer *answer);
/* The record as an attempt of a history; its texts live until the next call. */
struct attempt record_attempt(const struct records *records, const struct record *record);

void records_add(struct records *records, const struct record *record);
/* False: errno says why. */
bool records_write(const struct records *records, const char *path);
