/* SPDX-License-Identifier: MIT */
#include "tests/ops/mail/office.h"
#include "tests/lib/child.h"

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
	PATH_SIZE = 128,
};

static void path_of(const struct office *office, const char *name, char ret[PATH_SIZE])
{
	assert_true(snprintf(ret, PATH_SIZE, "%s/%s", office->folder, name) < PATH_SIZE);
}

static bool read_port(struct office *office)
{
	char path[PATH_SIZE];
	FILE *file;
	bool read;

	path_of(office, "port", path);
	file = fopen(path, "r");
	if (!file)
		return false;
	read = fscanf(file, "%d", &office->port) == 1;
	(void)fclose(file);
	return read;
}

void office_open(struct office *office, bool tls, const char *auth)
{
	const int64_t deadline_ms = promo_monotonic_ms() + WAIT_MS;
	const char *script = getenv("PROMO_TEST_SMTPD");
	const char *arguments[6] = { script, office->folder };
	size_t count = 2;

	*office = (struct office){ .folder = "/tmp/promo-test-mail-XXXXXX" };
	assert_non_null(script);
	assert_non_null(mkdtemp(office->folder));
	(void)snprintf(office->ca_file, sizeof(office->ca_file), "%s/cert.pem", office->folder);
	if (tls)
		arguments[count++] = "--tls";
	if (auth) {
		arguments[count++] = "--auth";
		arguments[count++] = auth;
	}
	office->pid = promo_test_fork();
	assert_true(office->pid >= 0);
	if (office->pid == 0) {
		(void)execv(script, (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	while (!read_port(office)) {
		assert_int_equal(waitpid(office->pid, NULL, WNOHANG), 0);
		assert_true(promo_monotonic_ms() < deadline_ms);
		(void)poll(NULL, 0, LOOK_MS);
	}
}

void office_close(struct office *office)
{
	DIR *folder = opendir(office->folder);
	struct dirent *entry;

	(void)kill(office->pid, SIGKILL);
	(void)waitpid(office->pid, NULL, 0);
	while (folder && (entry = readdir(folder)) != NULL)
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		(void)closedir(folder);
	(void)rmdir(office->folder);
	free(office->text);
}

static FILE *open_mail(const struct office *office, int number)
{
	char name[32], path[PATH_SIZE];

	(void)snprintf(name, sizeof(name), "%04d.mail", number);
	path_of(office, name, path);
	return fopen(path, "r");
}

int office_count(const struct office *office)
{
	int count = 0;
	FILE *file;

	while ((file = open_mail(office, count + 1))) {
		(void)fclose(file);
		count++;
	}
	return count;
}

const char *office_mail(struct office *office, int number)
{
	FILE *file = open_mail(office, number);
	size_t size = 0;

	assert_non_null(file);
	free(office->text);
	office->text = NULL;
	assert_true(getdelim(&office->text, &size, '\0', file) > 0);
	(void)fclose(file);
	return office->text;
}

int office_count_saying(struct office *office, const char *text)
{
	int count = office_count(office), saying = 0;

	for (int i = 1; i <= count; i++)
		if (strstr(office_mail(office, i), text))
			saying++;
	return saying;
}

void office_hold(const struct office *office, bool hold)
{
	char path[PATH_SIZE];
	int fd;

	path_of(office, "hold", path);
	if (!hold) {
		(void)unlink(path);
		return;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
}
