/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <sys/stat.h>

#include "tests/lib/test.h"
#include "tests/promod/errors.h"
#include "tests/promod/order.h"

#define MADE "0190a1b2-c3d4-7abc-8def-00000000ba01"
#define BUSY "0190a1b2-c3d4-7abc-8def-00000000ba02"

/* Rows as jobs leave them, of a job that nobody takes up. */
static void put_rows(struct api *api)
{
	(void)promo_test_sql(api->database,
		"INSERT INTO backups (id, kind, status, path, size_bytes, sha256) VALUES "
		"('" MADE "', 'manual', 'succeeded', 'promo-x.backup', 5, 'aa'), "
		"('" BUSY "', 'manual', 'running', NULL, NULL, NULL); "
		"INSERT INTO jobs (id, kind, params, run_after) VALUES ('" BUSY "', 'backup', "
		"'{\"backup_id\":\"" BUSY "\"}', 'infinity')");
}

static void put_file(struct api *api)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/backups/promo-x.backup", api->daemon.state_dir);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs("hello", file) >= 0);
	/* Whoever the daemon is has to be able to read it. */
	assert_int_equal(fchmod(fileno(file), 0644), 0);
	assert_int_equal(fclose(file), 0);
}

void errors_backups(struct api *api, const char *token)
{
	struct order verify = {
		.op = &promo_op_backup_verify, .token = token, .key = "backup-1", .id = MADE
	};
	struct api_answer answer;

	put_rows(api);
	(void)ORDER(api, &answer, &promo_op_backup_create, token);
	assert_refused(&answer, PROMO_E_JOB_RUNNING);
	(void)ORDER(api, &answer, &promo_op_backup_verify, token, .id = BUSY);
	assert_refused(&answer, PROMO_E_JOB_RUNNING);
	(void)ORDER(api, &answer, &promo_op_backup_delete, token, .id = BUSY);
	assert_refused(&answer, PROMO_E_JOB_RUNNING);
	(void)ORDER(api, &answer, &promo_op_backup_download, token, .id = BUSY);
	assert_refused(&answer, PROMO_E_NOT_FOUND);
	/* Its file is not there, then it is. */
	(void)ORDER(api, &answer, &promo_op_backup_download, token, .id = MADE);
	assert_refused(&answer, PROMO_E_NOT_FOUND);
	put_file(api);
	(void)ORDER(api, &answer, &promo_op_backup_download, token, .id = MADE,
		.headers = "Range: bytes=5-\r\n");
	assert_refused(&answer, PROMO_E_RANGE_NOT_SATISFIABLE);
	assert_int_equal(ORDER(api, &answer, &promo_op_backup_download, token, .id = MADE), 200);
	assert_string_equal(answer.body, "hello");

	(void)promo_test_sql(api->database,
		"UPDATE jobs SET status = 'cancelled' WHERE id = '" BUSY "'; "
		"UPDATE backups SET status = 'failed' WHERE id = '" BUSY "'");
	(void)ORDER(api, &answer, &promo_op_backup_verify, token, .id = BUSY);
	assert_refused(&answer, PROMO_E_INVALID_TRANSITION);
	assert_int_equal(order_ask(api, &verify, &answer), 202);
	verify.id = BUSY;
	(void)order_ask(api, &verify, &answer);
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
	(void)ORDER(api, &answer, &promo_op_backup_create, token, .key = "backup-1");
	assert_refused(&answer, PROMO_E_IDEMPOTENCY_KEY_REUSED);
}
