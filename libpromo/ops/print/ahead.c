/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "libpromo/base/error.h"
#include "libpromo/ops/print/ahead.h"
#include "libpromo/ops/print/qr.h"

enum {
	PLACES = 32, /* 200 kB, and a tenth of a second of work */
};

struct place {
	struct promo_sheet sheet;
	bool encoded; /* under the lock */
	int result;
};

/* Three counters that only rise, each taken modulo PLACES: oldest <= next <= filled. */
struct promo_ahead {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	bool stop;       /* under the lock, like `next` and `filled` */
	unsigned filled; /* the place to be filled next */
	unsigned next;   /* the place to be encoded next */
	unsigned oldest; /* the caller's alone */
	struct place places[PLACES];
};

static struct place *place_of(struct promo_ahead *ahead, unsigned number)
{
	return &ahead->places[number % PLACES];
}

/* Encodes the next sheet, without the lock, which is held before and after. */
static void encode_next(struct promo_ahead *ahead)
{
	struct place *place = place_of(ahead, ahead->next++);
	int r;

	(void)pthread_mutex_unlock(&ahead->lock);
	r = promo_qr_encode(&place->sheet);
	(void)pthread_mutex_lock(&ahead->lock);
	place->result = r;
	place->encoded = true;
	(void)pthread_cond_signal(&ahead->done);
}

static void *work(void *argument)
{
	struct promo_ahead *ahead = argument;

	(void)pthread_mutex_lock(&ahead->lock);
	while (!ahead->stop) {
		if (ahead->next != ahead->filled)
			encode_next(ahead);
		else
			(void)pthread_cond_wait(&ahead->work, &ahead->lock);
	}
	(void)pthread_mutex_unlock(&ahead->lock);
	return NULL;
}

int promo_ahead_new(struct promo_ahead **ret)
{
	struct promo_ahead *ahead = calloc(1, sizeof(*ahead));
	sigset_t all, before;
	int error;

	if (!ahead)
		return promo_fault(-ENOMEM, "could not print");
	(void)pthread_mutex_init(&ahead->lock, NULL);
	(void)pthread_cond_init(&ahead->work, NULL);
	(void)pthread_cond_init(&ahead->done, NULL);
	/* No signal of the program is delivered to it. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&ahead->thread, NULL, work, ahead);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error) {
		free(ahead);
		return promo_fault(-error, "could not start a thread for QR codes");
	}
	*ret = ahead;
	return 0;
}

void promo_ahead_free(struct promo_ahead *ahead)
{
	if (!ahead)
		return;
	(void)pthread_mutex_lock(&ahead->lock);
	ahead->stop = true;
	(void)pthread_cond_signal(&ahead->work);
	(void)pthread_mutex_unlock(&ahead->lock);
	(void)pthread_join(ahead->thread, NULL);
	(void)pthread_cond_destroy(&ahead->work);
	(void)pthread_cond_destroy(&ahead->done);
	(void)pthread_mutex_destroy(&ahead->lock);
	free(ahead);
}

struct promo_sheet *promo_ahead_room(struct promo_ahead *ahead)
{
	/* Only the caller moves these two. */
	if (ahead->filled - ahead->oldest == PLACES)
		return NULL;
	return &place_of(ahead, ahead->filled)->sheet;
}

void promo_ahead_push(struct promo_ahead *ahead)
{
	(void)pthread_mutex_lock(&ahead->lock);
	place_of(ahead, ahead->filled)->encoded = false;
	ahead->filled++;
	(void)pthread_cond_signal(&ahead->work);
	(void)pthread_mutex_unlock(&ahead->lock);
}

int promo_ahead_oldest(struct promo_ahead *ahead, bool wait, const struct promo_sheet **ret)
{
	struct place *place = place_of(ahead, ahead->oldest);
	bool encoded;
	int r;

	if (ahead->oldest == ahead->filled) {
		*ret = NULL;
		return 0;
	}
	(void)pthread_mutex_lock(&ahead->lock);
	while (wait && !place->encoded) {
		if (ahead->next != ahead->filled)
			encode_next(ahead);
		else
			(void)pthread_cond_wait(&ahead->done, &ahead->lock);
	}
	encoded = place->encoded;
	r = encoded ? place->result : 0;
	(void)pthread_mutex_unlock(&ahead->lock);
	if (!r)
		*ret = encoded ? &place->sheet : NULL;
	return r;
}

void promo_ahead_drop(struct promo_ahead *ahead)
{
	memset(&place_of(ahead, ahead->oldest)->sheet, 0, sizeof(struct promo_sheet));
	ahead->oldest++;
}
