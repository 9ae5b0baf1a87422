/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/ops/till.h"

/* Batches and codes for the tests of operations, made by SQL: known, and at once. */

struct stock_id {
	char text[37];
};

/* An active batch of `count` codes of 500.00 RWF that ends in a month. `letter` of the alphabet
 * begins its codes and its name, so that each batch of a database needs another. Gives its id. */
struct stock_id stock_batch(struct till *till, char letter, int count);

/* The code of a serial, in canonical form. */
struct stock_code {
	char text[17];
};
struct stock_code stock_code(char letter, int serial);
/* Its id. */
struct stock_id stock_code_id(struct till *till, char letter, int serial);

/* The body of a request about a code: {"code": ..., "phone_number": "+25078800NNNN", ...}. `more`
 * are further members, each with a comma in front, or "". Good until the thread's next call. */
const char *stock_body(const char *code, int phone, const char *more);

/* Redeems a code for a phone, with a key of its own; fails the test if it cannot. */
void stock_redeem(
	struct till *till, const struct person *clerk, char letter, int serial, int phone);

/* Whether the totals of every batch are what counting codes and redemptions gives. */
void stock_assert_totals(struct till *till);

/* The same, and also of codes that were blocked and deleted: where nobody wrote by SQL past them. */
void stock_assert_all_totals(struct till *till);
