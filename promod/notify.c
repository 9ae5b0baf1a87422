/* SPDX-License-Identifier: MIT */
#include "promod/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "libpromo/base/error.h"

void promod_notify(const char *path, const char *state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = path ? strlen(path) : 0;
	int fd;

	if (length == 0 || length >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, path, length);
	/* An abstract socket: its name begins with a NUL. */
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
	close(fd);
}

int promod_ready_file_write(const char *path, const char *addresses, struct promo_arena *arena,
	struct promo_problem *problem)
{
	const char *temporary = promo_arena_printf(arena, "%s.new", path);
	size_t length = strlen(addresses);
	bool written;
	int fd;

	if (!temporary)
		return promo_fault(-ENOMEM, "could not write the ready file");
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	written = fd >= 0 && write(fd, addresses, length) == (ssize_t)length;
	if (fd >= 0)
		close(fd);
	if (!written || rename(temporary, path) < 0)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"could not write '%s': %s", path, strerror(errno));
	return 0;
}
