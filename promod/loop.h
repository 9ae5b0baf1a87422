/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "libpromo/base/error.h"

/*
 * The event loop: descriptors that are watched, and a mailbox through which other threads hand
 * things to the loop's own thread. It belongs to one thread; only promod_loop_post() may be called
 * from others. What is delivered runs to its end before the next thing: nobody may block here.
 */

struct promod_loop;

/* A descriptor and who is told about it; lives as long as it is watched. */
struct promod_watch {
	void (*ready)(void *context, uint32_t events); /* EPOLLIN, EPOLLHUP, ... */
	void *context;
	int fd;
};

/* Something on its way to the loop; part of a larger object. */
struct promod_mail {
	struct promod_mail *next;
	void (*deliver)(struct promod_mail *mail);
};

int promod_loop_new(struct promod_loop **ret) PROMO_CHECK;
/* Mail that was not delivered is forgotten. NULL is fine. */
void promod_loop_free(struct promod_loop *loop);

/* Watches level-triggered. */
int promod_loop_watch(
	struct promod_loop *loop, struct promod_watch *watch, uint32_t events) PROMO_CHECK;
/* Watches for other events from now on. */
int promod_loop_change(
	struct promod_loop *loop, struct promod_watch *watch, uint32_t events) PROMO_CHECK;
void promod_loop_unwatch(struct promod_loop *loop, struct promod_watch *watch);

/* Delivers `mail` on the loop's thread, in the order of posting. Not again before it is delivered. */
void promod_loop_post(struct promod_loop *loop, struct promod_mail *mail);
/* Takes back what was posted and not yet delivered; on the loop's thread. */
void promod_loop_recall(struct promod_loop *loop, struct promod_mail *mail);

/* Waits at most timeout_ms (-1: for ever) and tells whom it concerns. The number of descriptors
 * that were ready; 0 when the time ran out. */
int promod_loop_wait(struct promod_loop *loop, int timeout_ms, int *ret_ready) PROMO_CHECK;
