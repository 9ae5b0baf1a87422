/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lib/failing_malloc.h"

void failing_malloc_arm(struct failing_malloc *control, long nth, bool for_ever)
{
	control->nth = nth;
	control->for_ever = for_ever;
	control->count = control->failed = 0;
	control->on = true;
}

bool failing_malloc_disarm(struct failing_malloc *control)
{
	control->on = false;
	return control->failed > 0;
}

struct failing_malloc *failing_malloc_share(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	void *shared = MAP_FAILED;

	/* The program may run as another account. */
	if (fd >= 0 && fchmod(fd, 0666) == 0 &&
		ftruncate(fd, (off_t)sizeof(struct failing_malloc)) == 0)
		shared = mmap(NULL, sizeof(struct failing_malloc), PROT_READ | PROT_WRITE,
			MAP_SHARED, fd, 0);
	if (fd >= 0)
		(void)close(fd);
	return shared == MAP_FAILED ? NULL : shared;
}
