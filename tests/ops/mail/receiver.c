/* SPDX-License-Identifier: MIT */
#include "tests/ops/mail/receiver.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/base/time.h"
#include "tests/lib/test.h"

enum {
	WAIT_MS = 30000,
	LOOK_MS = 10,
	QUICK_MS = 20, /* where a person would wait */
	PATH_SIZE = 128,
};

static FILE *open_file(const struct receiver *receiver, const char *name, const char *mode)
{
	char path[PATH_SIZE];

	assert_true(snprintf(path, sizeof(path), "%s/%s", receiver->folder, name) < PATH_SIZE);
	return fopen(path, mode);
}

static bool read_port(struct receiver *receiver)
{
	FILE *file = open_file(receiver, "port", "r");
	bool read;

	if (!file)
		return false;
	read = fscanf(file, "%d", &receiver->port) == 1;
	(void)fclose(file);
	return read;
}

void receiver_open(struct receiver *receiver)
{
	const int64_t deadline_ms = promo_monotonic_ms() + WAIT_MS;
	const char *script = getenv("PROMO_TEST_HTTPD");
	const char *const arguments[] = { script, receiver->folder, NULL };

	*receiver = (struct receiver){ .folder = "/tmp/promo-test-http-XXXXXX" };
	assert_non_null(script);
	assert_non_null(mkdtemp(receiver->folder));
	receiver->pid = fork();
	assert_true(receiver->pid >= 0);
	if (receiver->pid == 0) {
		(void)execv(script, (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	while (!read_port(receiver)) {
		assert_int_equal(waitpid(receiver->pid, NULL, WNOHANG), 0);
		assert_true(promo_monotonic_ms() < deadline_ms);
		(void)poll(NULL, 0, LOOK_MS);
	}
}

void receiver_close(struct receiver *receiver)
{
	DIR *folder = opendir(receiver->folder);
	struct dirent *entry;

	(void)kill(receiver->pid, SIGKILL);
	(void)waitpid(receiver->pid, NULL, 0);
	while (folder && (entry = readdir(folder)) != NULL)
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		(void)closedir(folder);
	(void)rmdir(receiver->folder);
	free(receiver->text);
}

void receiver_know(const struct receiver *receiver, const char *secret)
{
	FILE *file = open_file(receiver, "secret", "w");

	assert_non_null(file);
	assert_true(fputs(secret, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static FILE *open_request(const struct receiver *receiver, int number)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "%04d.request", number);
	return open_file(receiver, name, "r");
}

int receiver_count(const struct receiver *receiver)
{
	int count = 0;
	FILE *file;

	while ((file = open_request(receiver, count + 1))) {
		(void)fclose(file);
		count++;
	}
	return count;
}

const char *receiver_request(struct receiver *receiver, int number)
{
	FILE *file = open_request(receiver, number);
	size_t size = 0;

	assert_non_null(file);
	free(receiver->text);
	receiver->text = NULL;
	assert_true(getdelim(&receiver->text, &size, '\0', file) > 0);
	(void)fclose(file);
	return receiver->text;
}

struct promo_courier *receiver_courier(struct till *till)
{
	const struct promo_courier_config config = {
		.runner = &till->config,
		.pause_ms = QUICK_MS,
		.poll_ms = QUICK_MS,
		.grace_ms = QUICK_MS,
	};
	struct promo_courier *courier;

	assert_int_equal(promo_courier_start(&config, &courier), 0);
	return courier;
}

void receiver_set(struct till *till, const char *key, const char *value)
{
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) "
		"VALUES (gen_random_uuid(), 'notifications', '%s', '%s') "
		"ON CONFLICT ON CONSTRAINT system_settings_key DO UPDATE SET value = "
		"excluded.value; UPDATE auth_state SET settings_version = settings_version + 1",
		key, value);
}

void receiver_wait(struct till *till, const char *condition)
{
	const int64_t deadline_ms = promo_monotonic_ms() + WAIT_MS;

	while (strcmp(promo_test_sql(till->database, "SELECT (%s)::text", condition), "true") !=
		0) {
		if (promo_monotonic_ms() > deadline_ms)
			fail_msg("never: %s; %s", condition,
				promo_test_sql(till->database,
					"SELECT string_agg(status || ' ' || attempts || ' ' || "
					"coalesce(last_error, ''), '; ') FROM "
					"(SELECT status, attempts, last_error FROM outbox UNION "
					"ALL "
					"SELECT status, attempts, last_error "
					"FROM webhook_deliveries) t"));
		(void)poll(NULL, 0, LOOK_MS);
	}
}

int receiver_setup(void **state)
{
	static struct receiver_stage stage;
	void *till;

	if (till_setup(&till))
		return -1;
	stage.till = till;
	stage.boss = till_person(till, "super-admin");
	receiver_open(&stage.receiver);
	*state = &stage;
	return 0;
}

int receiver_teardown(void **state)
{
	struct receiver_stage *stage = *state;
	void *till = stage->till;

	receiver_close(&stage->receiver);
	return till_teardown(&till);
}
