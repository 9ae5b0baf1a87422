/* SPDX-License-Identifier: MIT */
/* systemd hears that the daemon is ready, on either kind of socket, and the ready file appears in one
 * piece. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "libpromo/base/arena.h"
#include "libpromo/base/error.h"
#include "promod/notify.h"
#include "tests/lib/scratch.h"
#include "tests/lib/test.h"

static void assert_heard(const char *path, const char *text)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(path);
	char heard[64] = "";
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	memcpy(address.sun_path, path, length);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)),
		0);
	promod_notify(path, text);
	assert_int_equal(recv(fd, heard, sizeof(heard) - 1, MSG_DONTWAIT), strlen(text));
	assert_string_equal(heard, text);
	close(fd);
}

static void test_notify(void **state)
{
	char abstract[64];

	(void)snprintf(abstract, sizeof(abstract), "@promo-test-notify-%d", (int)getpid());
	assert_heard(scratch_path(*state, "notify"), "READY=1");
	assert_heard(abstract, "STOPPING=1");
}

/* Nobody asked, or nobody is there: nothing happens. */
static void test_nobody_listens(void **state)
{
	static char path[200];

	promod_notify(NULL, "READY=1");
	promod_notify("", "READY=1");
	promod_notify(scratch_path(*state, "nobody"), "READY=1");
	memset(path, 'a', sizeof(path) - 1);
	promod_notify(path, "READY=1");
}

static void test_ready_file(void **state)
{
	PROMO_CLEANUP(promo_arena_freep) struct promo_arena *arena = promo_arena_new(1 << 16);
	struct promo_problem problem = { 0 };
	const char *path = scratch_path(*state, "ready");
	char text[64] = "", other[160];
	FILE *file;

	assert_int_equal(promod_ready_file_write(path, "http://a\n", arena, &problem), 0);
	assert_int_equal(promod_ready_file_write(path, "http://b\n", arena, &problem), 0);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof(text), file), 9);
	assert_string_equal(text, "http://b\n");
	assert_int_equal(fclose(file), 0);
	(void)snprintf(other, sizeof(other), "%s/in/no/folder", path);
	assert_int_equal(
		promod_ready_file_write(other, "x", arena, &problem), PROMO_E_INVALID_INPUT);
	assert_non_null(strstr(problem.detail, other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_notify, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(
			test_nobody_listens, scratch_setup, scratch_teardown),
		cmocka_unit_test_setup_teardown(test_ready_file, scratch_setup, scratch_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
