/* SPDX-License-Identifier: MIT */
#include "promod/loop.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
	EVENTS_PER_WAIT = 64
};

struct promod_loop {
	int epoll_fd;
	struct promod_watch mailbox; /* an eventfd: there is mail */
	pthread_mutex_t lock;        /* of the list of mail, the only thing that threads share */
	struct promod_mail *first, **last;
	size_t mails;
	/* What one wait found; an entry is cleared when its watch is taken away meanwhile. */
	struct epoll_event events[EVENTS_PER_WAIT];
	int event_count;
};

static struct promod_mail *take_mail(struct promod_loop *loop)
{
	struct promod_mail *mail;

	pthread_mutex_lock(&loop->lock);
	mail = loop->first;
	if (mail) {
		loop->first = mail->next;
		if (!loop->first)
			loop->last = &loop->first;
		loop->mails--;
	}
	pthread_mutex_unlock(&loop->lock);
	return mail;
}

/* Only as many as there were: who answers mail with mail does not keep the descriptors waiting. */
static void on_mail(void *context, uint32_t events)
{
	struct promod_loop *loop = context;
	uint64_t count;
	size_t mails;

	(void)events;
	(void)!read(loop->mailbox.fd, &count, sizeof(count));
	pthread_mutex_lock(&loop->lock);
	mails = loop->mails;
	pthread_mutex_unlock(&loop->lock);
	for (; mails > 0; mails--) {
		struct promod_mail *mail = take_mail(loop);

		if (!mail)
			return;
		mail->deliver(mail);
	}
}

int promod_loop_new(struct promod_loop **ret)
{
	struct promod_loop *loop = calloc(1, sizeof(*loop));
	int r;

	if (!loop)
		return promo_fault(-ENOMEM, "could not make the event loop");
	loop->last = &loop->first;
	pthread_mutex_init(&loop->lock, NULL);
	loop->mailbox = (struct promod_watch){ .ready = on_mail, .context = loop, .fd = -1 };
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd >= 0)
		loop->mailbox.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->mailbox.fd < 0) {
		r = promo_fault(-errno, "could not make the event loop");
		promod_loop_free(loop);
		return r;
	}
	r = promod_loop_watch(loop, &loop->mailbox, EPOLLIN);
	if (r) {
		promod_loop_free(loop);
		return r;
	}
	*ret = loop;
	return 0;
}

void promod_loop_free(struct promod_loop *loop)
{
	if (!loop)
		return;
	if (loop->mailbox.fd >= 0)
		close(loop->mailbox.fd);
	if (loop->epoll_fd >= 0)
		close(loop->epoll_fd);
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}

int promod_loop_watch(struct promod_loop *loop, struct promod_watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, watch->fd, &event) < 0)
		return promo_fault(-errno, "could not watch a descriptor");
	return 0;
}

int promod_loop_change(struct promod_loop *loop, struct promod_watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };

	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, watch->fd, &event) < 0)
		return promo_fault(-errno, "could not go on watching a descriptor");
	return 0;
}

void promod_loop_unwatch(struct promod_loop *loop, struct promod_watch *watch)
{
	(void)epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
	for (int i = 0; i < loop->event_count; i++)
		if (loop->events[i].data.ptr == watch)
			loop->events[i].data.ptr = NULL;
}

void promod_loop_post(struct promod_loop *loop, struct promod_mail *mail)
{
	const uint64_t one = 1;

	mail->next = NULL;
	pthread_mutex_lock(&loop->lock);
	*loop->last = mail;
	loop->last = &mail->next;
	loop->mails++;
	pthread_mutex_unlock(&loop->lock);
	/* It cannot fail but for a counter at its end, which wakes the loop as well. */
	(void)!write(loop->mailbox.fd, &one, sizeof(one));
}

void promod_loop_recall(struct promod_loop *loop, struct promod_mail *mail)
{
	pthread_mutex_lock(&loop->lock);
	for (struct promod_mail **at = &loop->first; *at; at = &(*at)->next) {
		if (*at != mail)
			continue;
		*at = mail->next;
		if (!*at)
			loop->last = at;
		loop->mails--;
		break;
	}
	pthread_mutex_unlock(&loop->lock);
}

int promod_loop_wait(struct promod_loop *loop, int timeout_ms, int *ret_ready)
{
	int count = epoll_wait(loop->epoll_fd, loop->events, EVENTS_PER_WAIT, timeout_ms);

	if (count < 0 && errno != EINTR)
		return promo_fault(-errno, "could not wait for events");
	loop->event_count = count < 0 ? 0 : count;
	for (int i = 0; i < loop->event_count; i++) {
		struct promod_watch *watch = loop->events[i].data.ptr;

		if (watch)
			watch->ready(watch->context, loop->events[i].events);
	}
	*ret_ready = loop->event_count;
	loop->event_count = 0;
	return 0;
}
