/* SPDX-License-Identifier: MIT */
#include "promo-cli/open.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int cli_open(struct cli *cli, const char *path, int *ret_fd)
{
	struct stat stat;
	int fd;

	if (strcmp(path, "-") == 0) {
		*ret_fd = STDIN_FILENO;
		return CLI_DONE;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &stat) < 0 || S_ISDIR(stat.st_mode)) {
		cli_complain(&cli->out, "could not read %s: %s", cli_clean(cli->arena, path),
			fd < 0 ? strerror(errno) : "it is no file");
		cli_close(fd);
		return CLI_FAILED;
	}
	*ret_fd = fd;
	return CLI_DONE;
}

void cli_close(int fd)
{
	if (fd > STDIN_FILENO)
		(void)close(fd);
}
