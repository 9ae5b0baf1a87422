/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "libpromo/base/error.h"
#include "promod/loop.h"

/*
 * The listening sockets. Connections are accepted here and not by the HTTP library, so that there
 * may be several sockets, and so that newcomers of a full server wait in the kernel's backlog. Runs
 * out of descriptors: pauses and says so, instead of turning in circles.
 */

enum {
	PROMOD_LISTENERS_MAX = 8
};

struct promod_acceptor;

struct promod_listener {
	struct promod_watch watch;
	struct promod_acceptor *acceptor;
};

struct promod_acceptor {
	struct promod_loop *loop;
	/* Takes over a new connection; false: that was the last one for now. */
	bool (*arrive)(void *context, int fd, const struct sockaddr_storage *address,
		socklen_t address_size);
	void *context;
	struct promod_listener listeners[PROMOD_LISTENERS_MAX];
	int count;
	bool paused;
	int64_t not_before_ms; /* after a lack of descriptors */
};

/* Accepts on a listening socket, which belongs to the acceptor from now on. */
int promod_acceptor_add(struct promod_acceptor *acceptor, int listen_fd) PROMO_CHECK;

void promod_acceptor_pause(struct promod_acceptor *acceptor);
/* Goes on, unless it is too early after a lack of descriptors. */
void promod_acceptor_resume(struct promod_acceptor *acceptor);

/* Closes the sockets for good. */
void promod_acceptor_close(struct promod_acceptor *acceptor);
