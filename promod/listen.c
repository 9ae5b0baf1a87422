/* SPDX-License-Identifier: MIT */
#include "promod/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "libpromo/base/error.h"

#define UNIX_PREFIX "unix:"

enum {
	BACKLOG = 1024
};

struct place {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_un file;
	} address;
	socklen_t size;
};

static bool parse_port(const char *text, in_port_t *ret)
{
	unsigned port = 0;

	if (text[0] == '\0' || strlen(text) > 5)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		port = port * 10 + (unsigned)(*text - '0');
	}
	*ret = htons((in_port_t)port);
	return port <= 65535;
}

static int parse_unix(const char *path, struct promo_arena *arena, struct promo_problem *problem,
	struct place *ret)
{
	struct sockaddr_un *file = &ret->address.file;
	size_t length = strlen(path);

	if (path[0] != '/')
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"the path of a unix socket has to begin with /");
	if (length >= sizeof(file->sun_path))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"the path of a unix socket may have %zu bytes at most, '%s' has %zu",
			sizeof(file->sun_path) - 1, path, length);
	file->sun_family = AF_UNIX;
	memcpy(file->sun_path, path, length + 1);
	ret->size = sizeof(*file);
	return 0;
}

static bool parse_ip(const char *host, in_port_t port, struct place *ret)
{
	if (strcmp(host, "localhost") == 0)
		host = "127.0.0.1";
	if (inet_pton(AF_INET, host, &ret->address.v4.sin_addr) == 1) {
		ret->address.v4.sin_family = AF_INET;
		ret->address.v4.sin_port = port;
		ret->size = sizeof(ret->address.v4);
		return true;
	}
	if (inet_pton(AF_INET6, host, &ret->address.v6.sin6_addr) == 1) {
		ret->address.v6.sin6_family = AF_INET6;
		ret->address.v6.sin6_port = port;
		ret->size = sizeof(ret->address.v6);
		return true;
	}
	return false;
}

static bool is_loopback(const struct place *place)
{
	if (place->address.any.sa_family == AF_INET)
		return ntohl(place->address.v4.sin_addr.s_addr) >> 24 == 127;
	if (place->address.any.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&place->address.v6.sin6_addr);
	return true;
}

static int parse(const char *text, const struct promod_listen_rules *rules,
	struct promo_arena *arena, struct promo_problem *problem, struct place *ret)
{
	struct place place = { 0 };
	const char *colon = strrchr(text, ':');
	const char *host = text;
	size_t host_size;
	in_port_t port;

	if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0) {
		int r = parse_unix(text + strlen(UNIX_PREFIX), arena, problem, &place);

		if (r == 0)
			*ret = place;
		return r;
	}
	host_size = colon ? (size_t)(colon - text) : 0;
	if (host_size > 2 && text[0] == '[' && text[host_size - 1] == ']') {
		host = text + 1;
		host_size -= 2;
	} else if (memchr(text, ':', host_size)) {
		colon = NULL;
	}
	host = promo_arena_strndup(arena, host, host_size);
	if (!host)
		return promo_fault(-ENOMEM, "could not read an address");
	if (!colon || !parse_port(colon + 1, &port) || !parse_ip(host, port, &place))
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"cannot listen on '%s': write it as 127.0.0.1:8080, [::1]:8080 or "
			"unix:/path",
			text);
	if (!is_loopback(&place) && !rules->allow_cleartext)
		return promo_refuse(problem, arena, PROMO_E_INVALID_INPUT,
			"cannot listen on '%s': passwords and codes would cross the network in "
			"clear text; put a TLS proxy in front of a loopback address or a unix "
			"socket, or set allow_cleartext = yes",
			text);
	*ret = place;
	return 0;
}

int promod_listen_check(const char *address, const struct promod_listen_rules *rules,
	struct promo_arena *arena, struct promo_problem *problem)
{
	struct place place;

	return parse(address, rules, arena, problem, &place);
}

/* A file left behind by a daemon that was killed is in the way and means nothing. */
static bool remove_stale(const struct place *place)
{
	const char *path = place->address.file.sun_path;
	struct stat status;
	bool answered;
	int fd;

	if (lstat(path, &status) < 0 || !S_ISSOCK(status.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	answered = connect(fd, &place->address.any, place->size) == 0 || errno != ECONNREFUSED;
	close(fd);
	return !answered && unlink(path) == 0;
}

static bool bind_to(int fd, const struct place *place, const struct promod_listen_rules *rules)
{
	const bool is_file = place->address.any.sa_family == AF_UNIX;
	const int on = 1;
	mode_t mask;
	bool bound;

	if (!is_file) {
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		return bind(fd, &place->address.any, place->size) == 0;
	}
	/* Nobody else may connect in the moment before the mode is set. */
	mask = umask(0177);
	bound = bind(fd, &place->address.any, place->size) == 0;
	if (!bound && errno == EADDRINUSE) {
		bound = remove_stale(place) && bind(fd, &place->address.any, place->size) == 0;
		if (!bound)
			errno = EADDRINUSE;
	}
	(void)umask(mask);
	return bound && chmod(place->address.file.sun_path, rules->unix_mode) == 0;
}

static const char *describe(int fd, const char *wanted, struct promo_arena *arena)
{
	struct place place = { .size = sizeof(place.address) };
	char text[INET6_ADDRSTRLEN];

	if (getsockname(fd, &place.address.any, &place.size) < 0)
		return NULL;
	if (place.address.any.sa_family == AF_INET)
		return promo_arena_printf(arena, "%s:%u",
			inet_ntop(AF_INET, &place.address.v4.sin_addr, text, sizeof(text)),
			ntohs(place.address.v4.sin_port));
	if (place.address.any.sa_family == AF_INET6)
		return promo_arena_printf(arena, "[%s]:%u",
			inet_ntop(AF_INET6, &place.address.v6.sin6_addr, text, sizeof(text)),
			ntohs(place.address.v6.sin6_port));
	return promo_arena_strdup(arena, wanted);
}

int promod_listen(const char *address, const struct promod_listen_rules *rules,
	struct promo_arena *arena, struct promo_problem *problem, int *ret_fd,
	const char **ret_address)
{
	struct place place;
	const char *actual = NULL;
	int fd;
	int r = parse(address, rules, arena, problem, &place);

	if (r)
		return r;
	fd = socket(place.address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && bind_to(fd, &place, rules) && listen(fd, BACKLOG) == 0)
		actual = describe(fd, address, arena);
	if (!actual) {
		r = promo_refuse(problem, arena, PROMO_E_UNAVAILABLE,
			"could not listen on '%s': %s", address, strerror(errno));
		if (fd >= 0)
			close(fd);
		return r;
	}
	*ret_fd = fd;
	*ret_address = actual;
	return 0;
}
