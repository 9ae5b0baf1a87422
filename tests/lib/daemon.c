/* SPDX-License-Identifier: MIT */
#include "tests/lib/daemon.h"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/base/time.h"
#include "tests/lib/account.h"
#include "tests/lib/test.h"

enum {
	ARGUMENTS_MAX = 48,
	START_MS = 60 * 1000, /* initdb on a busy machine */
	END_MS = 60 * 1000,
};

static const char *program(void)
{
	const char *path = getenv("PROMO_TEST_PROMOD");

	if (!path)
		fail_msg("%s", "PROMO_TEST_PROMOD does not say where promod is");
	return path;
}

static const char *account(void)
{
	return getpwnam("postgres") ? "postgres" : "nobody";
}

struct arguments {
	const char *items[ARGUMENTS_MAX + 1];
	int count;
};

static void add(struct arguments *arguments, const char *item)
{
	assert_true(arguments->count < ARGUMENTS_MAX);
	arguments->items[arguments->count++] = item;
}

/* Does not return. The environment of the test is not that of the program, but for what it is to be
 * loaded with. */
static void become(const struct arguments *arguments)
{
	static char preload[512], failing[512];
	const char *library = getenv("PROMO_TEST_PRELOAD"), *control = getenv("FAILING_MALLOC");
	const char *environment[] = { "PATH=/usr/bin:/bin", "HOME=/", NULL, NULL, NULL };

	if (library && control) {
		(void)snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", library);
		(void)snprintf(failing, sizeof(failing), "FAILING_MALLOC=%s", control);
		environment[2] = preload;
		environment[3] = failing;
	}

	(void)execve(arguments->items[0], (char *const *)(uintptr_t)arguments->items,
		(char *const *)(uintptr_t)environment);
	perror(arguments->items[0]);
	_exit(127);
}

static void show_log(const struct promo_test_daemon *daemon)
{
	char line[1024];
	FILE *log = fopen(daemon->log_file, "r");

	while (log && fgets(line, sizeof(line), log))
		print_error("%s", line);
	if (log)
		(void)fclose(log);
}

/* The port from the first line of the file; 0: it is not there yet. */
static unsigned read_port(const char *path)
{
	char line[256] = "";
	FILE *file = fopen(path, "r");
	const char *colon;

	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	(void)fclose(file);
	colon = strrchr(line, ':');
	return colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
}

static void wait_until_ready(struct promo_test_daemon *daemon, const char *ready_file)
{
	int64_t until_ms = promo_monotonic_ms() + START_MS;
	int status;

	while (!(daemon->port = read_port(ready_file))) {
		if (waitpid(daemon->pid, &status, WNOHANG) == daemon->pid) {
			daemon->pid = 0;
			show_log(daemon);
			fail_msg("promod ended with status %d", status);
		}
		if (promo_monotonic_ms() > until_ms) {
			show_log(daemon);
			fail_msg("%s", "promod does not serve");
		}
		(void)poll(NULL, 0, 10);
	}
}

void promo_test_daemon_start_again(struct promo_test_daemon *daemon,
	const struct promo_test_database *database, const char *const *options)
{
	const char *pooler = getenv("PROMO_TEST_POOLER");
	struct arguments arguments = { 0 };
	char listen[128], ready_file[128], pooled[512];

	(void)snprintf(listen, sizeof(listen), "127.0.0.1:0,unix:%s", daemon->socket_path);
	(void)snprintf(ready_file, sizeof(ready_file), "%s/ready", daemon->state_dir);
	add(&arguments, program());
	add(&arguments, "--run-as");
	add(&arguments, account());
	add(&arguments, "--state-dir");
	add(&arguments, daemon->state_dir);
	add(&arguments, "--listen");
	add(&arguments, listen);
	add(&arguments, "--ready-file");
	add(&arguments, ready_file);
	if (database && pooler) {
		(void)snprintf(pooled, sizeof(pooled), "postgresql:///%s?user=promo_app&%s",
			database->name, pooler);
		add(&arguments, "--prepare=no");
	}
	if (database) {
		add(&arguments, "--database");
		add(&arguments, pooler ? pooled : database->app_uri);
		add(&arguments, "--owner-database");
		add(&arguments, database->owner_uri);
	}
	for (; options && *options; options++)
		add(&arguments, *options);
	(void)unlink(ready_file);
	daemon->pid = fork();
	assert_true(daemon->pid >= 0);
	if (daemon->pid == 0) {
		int log = open(daemon->log_file, O_WRONLY | O_CREAT | O_APPEND, 0600);

		(void)dup2(log, STDOUT_FILENO);
		(void)dup2(log, STDERR_FILENO);
		become(&arguments);
	}
	wait_until_ready(daemon, ready_file);
}

void promo_test_daemon_start(struct promo_test_daemon *daemon,
	const struct promo_test_database *database, const char *const *options)
{
	*daemon = (struct promo_test_daemon){ 0 };
	assert_true(promo_test_folder_at(daemon->folder));
	/* Another account has to get through. */
	assert_int_equal(chmod(daemon->folder, 0755), 0);
	(void)snprintf(daemon->state_dir, sizeof(daemon->state_dir), "%s/state", daemon->folder);
	(void)snprintf(daemon->log_file, sizeof(daemon->log_file), "%s/log", daemon->folder);
	(void)snprintf(
		daemon->socket_path, sizeof(daemon->socket_path), "%s/http", daemon->state_dir);
	promo_test_daemon_start_again(daemon, database, options);
}

static int wait_for_end(pid_t pid)
{
	int64_t until_ms = promo_monotonic_ms() + END_MS;
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (promo_monotonic_ms() > until_ms) {
			(void)kill(pid, SIGKILL);
			fail_msg("%s", "promod does not end");
		}
		(void)poll(NULL, 0, 5);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int promo_test_daemon_end(struct promo_test_daemon *daemon, int signal)
{
	pid_t pid = daemon->pid;
	int status;

	assert_true(pid > 0);
	daemon->pid = 0;
	assert_int_equal(kill(pid, signal), 0);
	status = wait_for_end(pid);
	if (status != 0 && signal == SIGTERM)
		show_log(daemon); /* what a sanitizer found stands there and nowhere else */
	return status;
}

void promo_test_daemon_free(struct promo_test_daemon *daemon)
{
	if (daemon->pid > 0)
		(void)promo_test_daemon_end(daemon, SIGTERM);
	if (daemon->folder[0])
		promo_test_folder_remove(strdup(daemon->folder));
	daemon->folder[0] = '\0';
}

bool promo_test_daemon_said(const struct promo_test_daemon *daemon, const char *text)
{
	FILE *log = fopen(daemon->log_file, "r");
	char *all = NULL;
	size_t size = 0;
	bool found;

	assert_non_null(log);
	/* No line holds a NUL: this reads to the end. */
	found = getdelim(&all, &size, '\0', log) > 0 && strstr(all, text);
	(void)fclose(log);
	free(all);
	return found;
}

int promo_test_promod(const char *const *options, const char *input, char *ret_said, size_t size)
{
	struct arguments arguments = { 0 };
	int in[2], out[2];
	size_t used = 0;
	ssize_t got;
	pid_t pid;

	add(&arguments, program());
	for (; *options; options++)
		add(&arguments, *options);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)setsid(); /* no terminal to ask */
		(void)dup2(in[0], STDIN_FILENO);
		(void)dup2(out[1], STDOUT_FILENO);
		(void)dup2(out[1], STDERR_FILENO);
		become(&arguments);
	}
	(void)close(in[0]);
	(void)close(out[1]);
	if (input)
		(void)!write(in[1], input, strlen(input));
	(void)close(in[1]);
	while (used < size - 1 && (got = read(out[0], ret_said + used, size - 1 - used)) > 0)
		used += (size_t)got;
	ret_said[used] = '\0';
	(void)close(out[0]);
	return wait_for_end(pid);
}
