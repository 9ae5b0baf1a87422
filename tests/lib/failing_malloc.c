/* SPDX-License-Identifier: MIT */
#include "tests/lib/failing_malloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The sanitizer allocates before it is there itself. */
#define EARLY __attribute__((no_sanitize("address", "undefined")))

#ifdef __SANITIZE_ADDRESS__
#define NEXT(name) __interceptor_##name
#else
#define NEXT(name) __libc_##name
#endif

void *NEXT(malloc)(size_t size);
void *NEXT(calloc)(size_t count, size_t size);
void *NEXT(realloc)(void *memory, size_t size);

static struct failing_malloc own;
static struct failing_malloc *control = &own;

struct failing_malloc *failing_malloc(void)
{
	return control;
}

/* Where another process says what is to fail. */
__attribute__((constructor)) static void map_control(void)
{
	const char *path = getenv("FAILING_MALLOC");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *shared;

	if (fd < 0)
		return;
	shared = mmap(NULL, sizeof(own), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (shared != MAP_FAILED)
		control = shared;
	(void)close(fd);
}

/* A place for a debugger to stop at. */
EARLY __attribute__((noinline)) static void fail(void)
{
	control->failed++;
	errno = ENOMEM;
}

EARLY static bool fails(void)
{
	long n;

	if (!control->on)
		return false;
	n = ++control->count;
	if (!control->nth || n < control->nth || (n > control->nth && !control->for_ever))
		return false;
	fail();
	return true;
}

/* What everything in the process is bound to. */
#pragma GCC visibility push(default)

EARLY void *malloc(size_t size)
{
	return fails() ? NULL : NEXT(malloc)(size);
}

EARLY void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : NEXT(calloc)(count, size);
}

EARLY void *realloc(void *memory, size_t size)
{
	return fails() ? NULL : NEXT(realloc)(memory, size);
}

/* A sanitizer's own would not come by here. */
EARLY static char *copy(const char *text, size_t size)
{
	char *ret = malloc(size + 1);

	if (!ret)
		return NULL;
	memcpy(ret, text, size);
	ret[size] = '\0';
	return ret;
}

EARLY char *strndup(const char *text, size_t most)
{
	return copy(text, strnlen(text, most));
}

EARLY char *strdup(const char *text)
{
	return copy(text, strlen(text));
}

#pragma GCC visibility pop
