/* SPDX-License-Identifier: MIT */
/* The daemon from outside: it brings its own PostgreSQL, serves, drains when it is asked to stop,
 * goes on after a kill, gives up root, and says in one line what keeps it from starting. */
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
#include "tests/lib/daemon.h"
#include "tests/lib/test.h"
#include "tests/lib/wire.h"

enum {
	SAID_BYTES = 8192
};

static struct promo_test_daemon daemon_;
static char said[SAID_BYTES];

static int teardown(void **state)
{
	(void)state;
	promo_test_daemon_free(&daemon_);
	return 0;
}

static int with_database(void **state)
{
	return promo_test_database_setup(state);
}

static int without_database(void **state)
{
	promo_test_daemon_free(&daemon_);
	return promo_test_database_teardown(state);
}

static int get(const char *path, struct wire_answer *answer, struct wire *wire)
{
	wire_open(wire, daemon_.port);
	return wire_get(wire, path, answer);
}

static void assert_status(const char *path, int status)
{
	struct wire wire;
	struct wire_answer answer;

	assert_int_equal(get(path, &answer, &wire), status);
	wire_close(&wire);
}

/* Sends one JSON request on a new connection; the answer's body is copied. */
static int post(const char *path, const char *token, const char *body, char *ret_body, size_t size)
{
	struct wire wire;
	struct wire_answer answer;
	char head[1024];

	wire_open(&wire, daemon_.port);
	(void)snprintf(head, sizeof(head),
		"POST %s HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
		"%s%s%sContent-Length: %zu\r\n\r\n",
		path, token ? "Authorization: Bearer " : "", token ? token : "",
		token ? "\r\n" : "", strlen(body));
	wire_text(&wire, head);
	wire_text(&wire, body);
	wire_answer(&wire, true, &answer);
	(void)snprintf(
		ret_body, size, "%.*s", (int)answer.body_size, answer.body ? answer.body : "");
	wire_close(&wire);
	return answer.status;
}

static void assert_not_root(void)
{
	char path[64];
	struct stat process;

	(void)snprintf(path, sizeof(path), "/proc/%d", (int)daemon_.pid);
	assert_int_equal(stat(path, &process), 0);
	assert_int_not_equal(process.st_uid, 0);
	assert_int_not_equal(process.st_gid, 0);
	assert_int_equal(stat(daemon_.state_dir, &process), 0);
	assert_int_equal(process.st_mode & 0777, 0700);
	assert_int_not_equal(process.st_uid, 0);
}

/* What dies leaves no memory behind. */
static void assert_no_core(void)
{
	char path[64], line[256];
	bool found = false;
	FILE *limits;

	(void)snprintf(path, sizeof(path), "/proc/%d/limits", (int)daemon_.pid);
	limits = fopen(path, "r");
	assert_non_null(limits);
	while (!found && fgets(line, sizeof(line), limits))
		found = strncmp(line, "Max core file size ", 19) == 0;
	(void)fclose(limits);
	assert_true(found);
	assert_non_null(strstr(line, " 0                    0 "));
}

static void test_own_server(void **state)
{
	const char *create[] = { "admin", "create", "--email", "boss@promo.example",
		"--password-stdin", "--run-as", getpwnam("postgres") ? "postgres" : "nobody",
		"--state-dir", daemon_.state_dir, NULL };
	char body[4096], token[128];
	const char *at;
	struct wire wire;
	struct wire_answer answer;

	(void)state;
	promo_test_daemon_start(&daemon_, NULL, NULL);
	assert_not_root();
	assert_no_core();
	assert_int_equal(get("/healthz", &answer, &wire), 200);
	assert_memory_equal(answer.body, "{\"status\":\"ok\"}", answer.body_size);
	assert_int_equal(wire_get(&wire, "/readyz", &answer), 200);
	assert_int_equal(wire_get(&wire, "/api/v1/version", &answer), 200);
	assert_int_equal(wire_get(&wire, "/api/v1/openapi.json", &answer), 200);
	assert_int_equal(wire_get(&wire, "/api/v1/batches", &answer), 401);
	wire_close(&wire);
	wire_open_unix(&wire, daemon_.socket_path);
	assert_int_equal(wire_get(&wire, "/readyz", &answer), 200);
	wire_close(&wire);

	/* Beside the running daemon, as a guest of its server. */
	assert_int_equal(
		promo_test_promod(create, "correct horse battery\n", said, sizeof(said)), 0);
	assert_non_null(strstr(said, "created the super-admin boss@promo.example"));
	assert_int_equal(post("/api/v1/auth/login", NULL,
				 "{\"identifier\":\"boss@promo.example\","
				 "\"password\":\"correct horse battery\"}",
				 body, sizeof(body)),
		200);
	at = strstr(body, "pmo_s_");
	assert_non_null(at);
	(void)snprintf(token, sizeof(token), "%.*s", (int)strcspn(at, "\""), at);
	assert_int_equal(post("/api/v1/auth/logout", token, "", body, sizeof(body)), 204);
	assert_int_equal(post("/api/v1/auth/logout", token, "", body, sizeof(body)), 401);

	/* Neither of the secrets that passed is in the log. */
	assert_false(promo_test_daemon_said(&daemon_, "correct horse"));
	assert_false(promo_test_daemon_said(&daemon_, token));
	assert_int_equal(promo_test_daemon_end(&daemon_, SIGTERM), 0);
	assert_true(promo_test_daemon_said(&daemon_, "msg=stopped"));
	assert_int_equal(access(daemon_.socket_path, F_OK), -1);

	/* What was written is there again. */
	promo_test_daemon_start_again(&daemon_, NULL, NULL);
	assert_int_equal(post("/api/v1/auth/login", NULL,
				 "{\"identifier\":\"boss@promo.example\","
				 "\"password\":\"correct horse battery\"}",
				 body, sizeof(body)),
		200);
	/* Killed: its server stays, the next one goes on with it. */
	assert_int_equal(promo_test_daemon_end(&daemon_, SIGKILL), 128 + SIGKILL);
	promo_test_daemon_start_again(&daemon_, NULL, NULL);
	assert_status("/readyz", 200);
	assert_int_equal(promo_test_daemon_end(&daemon_, SIGINT), 0);
}

static void test_log(void **state)
{
	struct promo_test_database *database = *state;
	struct wire wire;
	struct wire_answer answer;
	char id[128];

	promo_test_daemon_start(&daemon_, database, NULL);
	wire_open(&wire, daemon_.port);
	wire_text(&wire, "GET /api/v1/codes?q=SECRETPART HTTP/1.1\r\nHost: a\r\n"
			 "X-Request-Id: my-id.1\r\nAuthorization: Bearer pmo_s_hidden\r\n\r\n");
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 401);
	wire_field(&answer, "X-Request-Id", id, sizeof(id));
	assert_string_equal(id, "my-id.1");
	wire_field(&answer, "WWW-Authenticate", id, sizeof(id));
	assert_string_equal(id, "Bearer");
	wire_field(&answer, "Cache-Control", id, sizeof(id));
	assert_string_equal(id, "no-store");
	/* One that is not sane is replaced. */
	wire_text(&wire, "GET /api/v1/batches/SECRETPART HTTP/1.1\r\nHost: a\r\n"
			 "X-Request-Id: a b\"c\r\n\r\n");
	wire_answer(&wire, true, &answer);
	wire_field(&answer, "X-Request-Id", id, sizeof(id));
	assert_int_equal(strlen(id), 36);
	assert_int_equal(wire_get(&wire, "/SECRETPART", &answer), 404);
	wire_text(&wire, "PATCH /api/v1/verify HTTP/1.1\r\nHost: a\r\n\r\n");
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 405);
	wire_field(&answer, "Allow", id, sizeof(id));
	assert_string_equal(id, "POST");
	wire_close(&wire);
	assert_int_equal(promo_test_daemon_end(&daemon_, SIGTERM), 0);
	assert_true(promo_test_daemon_said(&daemon_, "msg=request request_id=my-id.1 method=GET "
						     "route=/api/v1/codes operation=code.list "
						     "status=401 error=unauthenticated"));
	assert_true(promo_test_daemon_said(&daemon_, "route=/api/v1/batches/{id}"));
	assert_false(promo_test_daemon_said(&daemon_, "SECRETPART"));
	assert_false(promo_test_daemon_said(&daemon_, "hidden"));
}

/* A request on its way when the daemon is asked to stop is answered. */
static void test_drain(void **state)
{
	struct promo_test_database *database = *state;
	struct wire wire;
	struct wire_answer answer;

	promo_test_daemon_start(&daemon_, database, NULL);
	wire_open(&wire, daemon_.port);
	wire_text(&wire, "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 52\r\n\r\n"
			 "{\"identifier\":\"a@promo.example\",");
	/* The head is there; the body is finished only after the signal. */
	assert_status("/healthz", 200);
	assert_int_equal(kill(daemon_.pid, SIGTERM), 0);
	while (!promo_test_daemon_said(&daemon_, "stopping"))
		(void)poll(NULL, 0, 5);
	wire_text(&wire, "\"password\":\"secret\"}");
	wire_answer(&wire, true, &answer);
	assert_int_equal(answer.status, 503);
	assert_true(wire_is_closed(&wire));
	wire_close(&wire);
	assert_int_equal(promo_test_daemon_end(&daemon_, 0), 0);
}

/* The first line of the file, "" if there is none. */
static const char *read_pid(const char *path)
{
	static char line[32];
	FILE *file = fopen(path, "r");

	line[0] = '\0';
	if (file && !fgets(line, sizeof(line), file))
		line[0] = '\0';
	if (file)
		(void)fclose(file);
	return line;
}

/* Our own server dies: the probe says so while it lasts, and the daemon starts it again. */
static void test_own_server_killed(void **state)
{
	int64_t until_ms;
	struct wire wire;
	struct wire_answer answer;
	char path[128], line[32];

	(void)state;
	promo_test_daemon_start(&daemon_, NULL, NULL);
	(void)snprintf(path, sizeof(path), "%s/postgres/postmaster.pid", daemon_.state_dir);
	(void)snprintf(line, sizeof(line), "%s", read_pid(path));
	assert_true(strtol(line, NULL, 10) > 1);
	wire_open(&wire, daemon_.port);
	assert_int_equal(wire_get(&wire, "/readyz", &answer), 200);
	assert_int_equal(kill((pid_t)strtol(line, NULL, 10), SIGKILL), 0);
	until_ms = promo_monotonic_ms() + WIRE_TIMEOUT_S * 1000;
	do {
		assert_true(promo_monotonic_ms() < until_ms);
		(void)poll(NULL, 0, 20);
		if (wire_get(&wire, "/readyz", &answer) != 200)
			assert_int_equal(answer.status, 503);
		assert_int_equal(wire_get(&wire, "/healthz", &answer), 200);
	} while (strcmp(line, read_pid(path)) == 0 || wire_get(&wire, "/readyz", &answer) != 200);
	wire_close(&wire);
	assert_int_equal(promo_test_daemon_end(&daemon_, SIGTERM), 0);
}

/* More than can wait is told to come back, at once. */
static void test_full_queue(void **state)
{
	enum {
		CLIENTS = 40
	};
	static const char body[] = "{\"identifier\":\"a@promo.example\",\"password\":\"x\"}";
	struct promo_test_database *database = *state;
	struct wire wires[CLIENTS];
	struct wire_answer answer;
	char request[512], retry[16];
	int busy = 0, served = 0;

	promo_test_daemon_start(
		&daemon_, database, (const char *[]){ "--workers=1", "--queue=2", NULL });
	(void)snprintf(request, sizeof(request),
		"POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		strlen(body), body);
	for (int i = 0; i < CLIENTS; i++)
		wire_open(&wires[i], daemon_.port);
	for (int i = 0; i < CLIENTS; i++)
		wire_text(&wires[i], request);
	for (int i = 0; i < CLIENTS; i++) {
		wire_answer(&wires[i], true, &answer);
		if (answer.status == 503) {
			wire_field(&answer, "Retry-After", retry, sizeof(retry));
			assert_true(retry[0] >= '1' && retry[0] <= '9');
			busy++;
		} else {
			assert_true(answer.status == 401 || answer.status == 429);
			served++;
		}
		wire_close(&wires[i]);
	}
	assert_true(busy > 0);
	assert_true(served >= 3);
	assert_int_equal(promo_test_daemon_end(&daemon_, SIGTERM), 0);
}

/* A request whose end does not come. */
static void begin_request(struct wire *wire)
{
	wire_open(wire, daemon_.port);
	wire_text(
		wire, "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 52\r\n\r\n{");
	assert_status("/healthz", 200);
}

static void test_drain_has_an_end(void **state)
{
	struct promo_test_database *database = *state;
	struct wire wire;

	promo_test_daemon_start(&daemon_, database, (const char *[]){ "--drain-timeout=1", NULL });
	begin_request(&wire);
	assert_int_equal(promo_test_daemon_end(&daemon_, SIGTERM), 0);
	assert_true(promo_test_daemon_said(&daemon_, "1 requests were cut off"));
	assert_true(wire_is_closed(&wire));
	wire_close(&wire);
}

/* Who asks again and again does not want to wait. */
static void test_stop_at_once(void **state)
{
	struct promo_test_database *database = *state;
	struct wire wire;
	int status;

	promo_test_daemon_start(&daemon_, database, (const char *[]){ "--drain-timeout=60", NULL });
	begin_request(&wire);
	do {
		assert_int_equal(kill(daemon_.pid, SIGTERM), 0);
		(void)poll(NULL, 0, 50);
	} while (waitpid(daemon_.pid, &status, WNOHANG) == 0);
	daemon_.pid = 0;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 128 + SIGTERM);
	wire_close(&wire);
}

static void assert_refused(const char *const *arguments, int status, const char *text)
{
	int ended = promo_test_promod(arguments, NULL, said, sizeof(said));

	if (ended != status || !strstr(said, text))
		print_error("%s\n", said);
	assert_int_equal(ended, status);
	assert_non_null(strstr(said, text));
}

#define ARGUMENTS(...)                                                                             \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

/* A second daemon in the place of the first does not start, and takes nothing from it. */
static void test_second_daemon(void **state)
{
	char ready_file[96], address[128];

	(void)state;
	promo_test_daemon_start(&daemon_, NULL, NULL);
	(void)snprintf(ready_file, sizeof(ready_file), "%s/ready", daemon_.state_dir);
	(void)snprintf(address, sizeof(address), "unix:%s", daemon_.socket_path);
	assert_refused(
		ARGUMENTS("--state-dir", daemon_.state_dir, "--ready-file", ready_file, "--listen",
			address, "--run-as", getpwnam("postgres") ? "postgres" : "nobody"),
		1, "could not listen on");
	assert_int_equal(access(ready_file, F_OK), 0);
	assert_int_equal(access(daemon_.socket_path, F_OK), 0);
	assert_status("/readyz", 200);
	assert_int_equal(promo_test_daemon_end(&daemon_, SIGTERM), 0);
	assert_int_equal(access(ready_file, F_OK), -1);
}

/* A directory of root's with something in it is not taken over, whatever it was named for. */
static void test_directory_of_root(void **state)
{
	char folder[] = "/tmp/promo-test-XXXXXX", file[64];
	struct stat status;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0755), 0);
	(void)snprintf(file, sizeof(file), "%s/of-somebody", folder);
	assert_int_equal(mkdir(file, 0700), 0);
	assert_refused(ARGUMENTS("--state-dir", folder, "--run-as",
			       getpwnam("postgres") ? "postgres" : "nobody"),
		2, "has to belong to the account that promod runs as");
	assert_int_equal(stat(folder, &status), 0);
	assert_int_equal(status.st_uid, 0);
	assert_int_equal(status.st_mode & 07777, 0755);
	assert_int_equal(rmdir(file), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void test_refusals(void **state)
{
	(void)state;
	assert_refused(
		ARGUMENTS("--lisen", "x"), 2, "there is no key 'lisen'; did you mean 'listen'?");
	assert_refused(ARGUMENTS("--listen", "0.0.0.0:80"), 2, "clear text");
	assert_refused(ARGUMENTS("--workers", "0"), 2, "a number from 1 to 256");
	assert_refused(ARGUMENTS("--workers"), 2, "a value is missing behind '--workers'");
	assert_refused(ARGUMENTS("serve"), 2, "there is no command or option 'serve'");
	assert_refused(ARGUMENTS("--status"), 2, "this command has no option '--status'");
	assert_refused(ARGUMENTS("--config", "/nonexistent"), 2, "there is no such file");
	assert_refused(ARGUMENTS("--database", "postgresql://me:secret@host/db"), 2, "password");
	assert_null(strstr(said, "secret"));
	assert_refused(ARGUMENTS("admin", "create"), 2, "--email or --phone");
	assert_refused(ARGUMENTS("--version"), 0, "promod ");
	assert_refused(ARGUMENTS("--help"), 0, "--listen ADDRESS");
	assert_refused(ARGUMENTS("--check-config"), 0, "listen = 127.0.0.1:8080\n");
	if (geteuid() != 0)
		return;
	assert_refused(ARGUMENTS("--run-as", "root"), 2, "cannot be 'root'");
	assert_refused(ARGUMENTS("--run-as", "no-such-account"), 2, "there is no account");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_own_server, teardown),
		cmocka_unit_test_teardown(test_own_server_killed, teardown),
		cmocka_unit_test_setup_teardown(test_log, with_database, without_database),
		cmocka_unit_test_setup_teardown(test_drain, with_database, without_database),
		cmocka_unit_test_setup_teardown(
			test_drain_has_an_end, with_database, without_database),
		cmocka_unit_test_setup_teardown(test_stop_at_once, with_database, without_database),
		cmocka_unit_test_setup_teardown(test_full_queue, with_database, without_database),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test_teardown(test_second_daemon, teardown),
		cmocka_unit_test(test_directory_of_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
