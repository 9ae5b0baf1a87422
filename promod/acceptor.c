/* SPDX-License-Identifier: MIT */
#include "promod/acceptor.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"

enum {
	ACCEPTS_PER_EVENT = 64,
	PAUSE_MS = 1000,
};

static void on_listener(void *context, uint32_t events)
{
	struct promod_listener *listener = context;
	struct promod_acceptor *acceptor = listener->acceptor;

	(void)events;
	for (int i = 0; i < ACCEPTS_PER_EVENT; i++) {
		struct sockaddr_storage address = { 0 };
		socklen_t size = sizeof(address);
		int fd = accept4(listener->watch.fd, (struct sockaddr *)&address, &size,
			SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
				      errno == ENOBUFS)) {
			promo_log(PROMO_LOG_WARNING, "could not accept a connection: %s; pausing",
				strerror(errno));
			promod_acceptor_pause(acceptor);
			acceptor->not_before_ms = promo_monotonic_ms() + PAUSE_MS;
		}
		if (fd < 0)
			return;
		if (!acceptor->arrive(acceptor->context, fd, &address, size)) {
			promod_acceptor_pause(acceptor);
			return;
		}
	}
}

int promod_acceptor_add(struct promod_acceptor *acceptor, int listen_fd)
{
	struct promod_listener *listener;
	int r;

	if (acceptor->count == PROMOD_LISTENERS_MAX) {
		close(listen_fd);
		return promo_fault(
			-E2BIG, "could not listen on more than %d addresses", PROMOD_LISTENERS_MAX);
	}
	listener = &acceptor->listeners[acceptor->count];
	listener->acceptor = acceptor;
	listener->watch =
		(struct promod_watch){ .ready = on_listener, .context = listener, .fd = listen_fd };
	r = promod_loop_watch(acceptor->loop, &listener->watch, EPOLLIN);
	if (r) {
		close(listen_fd);
		return r;
	}
	acceptor->count++;
	return 0;
}

void promod_acceptor_pause(struct promod_acceptor *acceptor)
{
	if (acceptor->paused)
		return;
	acceptor->paused = true;
	for (int i = 0; i < acceptor->count; i++)
		promod_loop_unwatch(acceptor->loop, &acceptor->listeners[i].watch);
}

void promod_acceptor_resume(struct promod_acceptor *acceptor)
{
	if (!acceptor->paused || promo_monotonic_ms() < acceptor->not_before_ms)
		return;
	acceptor->paused = false;
	for (int i = 0; i < acceptor->count; i++)
		if (promod_loop_watch(acceptor->loop, &acceptor->listeners[i].watch, EPOLLIN))
			promo_log(PROMO_LOG_ERROR, "a listening socket was lost");
}

void promod_acceptor_close(struct promod_acceptor *acceptor)
{
	promod_acceptor_pause(acceptor);
	for (int i = 0; i < acceptor->count; i++)
		close(acceptor->listeners[i].watch.fd);
	acceptor->count = 0;
}
