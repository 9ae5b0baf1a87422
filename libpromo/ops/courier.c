/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/courier.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/base/random.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/jobs_hub.h"
#include "libpromo/ops/mail/carrier.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/settings.h"
#include "libpromo/store/store.h"

enum {
	THREADS_MAX = 32,
	CHANNELS_MAX = 8,
	ARENA_LIMIT = 1024 * 1024,
	PARCEL_LIMIT = 4 * 1024 * 1024,
};

/* A letter in hand. It lives in its arena, which is wiped at its end: there may be passwords in it. */
struct parcel {
	struct parcel *next;
	struct promo_arena *arena;
	size_t carrier; /* of promo_carriers */
	struct promo_parcel_row row;
	const void *packed;
	struct promo_postmark mark;
};

struct promo_courier {
	struct promo_courier_config config;
	struct promo_random random;
	atomic_bool hurry;
	int fd; /* an eventfd: there are news */
	pthread_t clerk, senders[THREADS_MAX];
	int sender_count;
	bool has_clerk;
	/* Of the clerk alone. */
	struct promo_store *store;
	struct promo_arena *arena;
	struct promo_settings *settings;
	int in_hand[CHANNELS_MAX]; /* by carrier: claimed and not yet noted */
	/* Under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct parcel *to_send, *sent;
	int under_way; /* to be sent, and being sent */
	bool stopping;
};

static void enter(struct promo_courier *courier)
{
	(void)pthread_mutex_lock(&courier->lock);
}

static void leave(struct promo_courier *courier)
{
	(void)pthread_mutex_unlock(&courier->lock);
}

static void ring(struct promo_courier *courier)
{
	const uint64_t one = 1;

	if (write(courier->fd, &one, sizeof(one)) < 0)
		promo_log(PROMO_LOG_DEBUG, "what became of a letter is noted a little later");
}

/*
 * The senders.
 */

static struct parcel *take_to_send(struct promo_courier *courier)
{
	struct parcel *parcel;

	enter(courier);
	while (!courier->to_send && !courier->stopping)
		(void)pthread_cond_wait(&courier->changed, &courier->lock);
	parcel = courier->to_send;
	if (parcel)
		courier->to_send = parcel->next;
	leave(courier);
	return parcel;
}

static void give_sent(struct promo_courier *courier, struct parcel *parcel)
{
	enter(courier);
	parcel->next = courier->sent;
	courier->sent = parcel;
	courier->under_way--;
	(void)pthread_cond_broadcast(&courier->changed);
	leave(courier);
	ring(courier);
}

static void *send_them(void *argument)
{
	struct promo_courier *courier = argument;
	struct parcel *parcel;

	while ((parcel = take_to_send(courier))) {
		promo_carriers[parcel->carrier]->send(parcel->packed, &parcel->mark);
		give_sent(courier, parcel);
	}
	return NULL;
}

/*
 * The clerk.
 */

static void parcel_free(struct parcel *parcel)
{
	promo_arena_free(parcel->arena);
}

/* Longer each time, and never the same for two letters that failed together. */
static int64_t pause_ms(const struct promo_courier *courier, const struct parcel *parcel)
{
	int64_t pause = courier->config.pause_ms, asked = parcel->mark.retry_after_s * 1000;

	for (int64_t i = 1; i < parcel->row.attempts && pause < PROMO_COURIER_PAUSE_MAX_MS; i++)
		pause *= 2;
	if (pause > PROMO_COURIER_PAUSE_MAX_MS)
		pause = PROMO_COURIER_PAUSE_MAX_MS;
	pause = pause / 2 + promo_random_below(&courier->random, (uint32_t)pause);
	if (asked > 24 * PROMO_COURIER_PAUSE_MAX_MS)
		asked = 24 * PROMO_COURIER_PAUSE_MAX_MS;
	return asked > pause ? asked : pause;
}

static const char *status_of(enum promo_fate fate)
{
	return promo_word(&promo_outbox_status_words, fate == PROMO_FATE_SENT ? PROMO_OUTBOX_SENT
						      : fate == PROMO_FATE_NEVER
							      ? PROMO_OUTBOX_DEAD
							      : PROMO_OUTBOX_WAITING);
}

static int record(struct promo_courier *courier, const struct parcel *parcel)
{
	const struct promo_carrier *carrier = promo_carriers[parcel->carrier];
	const struct promo_postmark *mark = &parcel->mark;
	const int64_t pause = mark->fate == PROMO_FATE_LATER ? pause_ms(courier, parcel) : 0;
	struct promo_params params = PROMO_PARAMS(courier->arena);

	promo_param_text(&params, parcel->row.id);
	promo_param_int(&params, parcel->row.attempts);
	promo_param_text(&params, status_of(mark->fate));
	promo_param_int(&params, pause);
	promo_param_int(&params, mark->code ? mark->code : PROMO_NULL_INT);
	promo_param_text(&params, mark->error[0] ? mark->error : NULL);
	if (mark->fate != PROMO_FATE_SENT)
		promo_log(PROMO_LOG_WARNING, "%s %s was not sent (try %lld): %s",
			promo_word(&promo_channel_words, (int)carrier->channel), parcel->row.id,
			(long long)parcel->row.attempts, mark->error);
	return promo_store_exec(courier->store, carrier->record, &params, NULL);
}

/* Notes what was sent; what cannot be noted stays for the next time. */
static int record_sent(struct promo_courier *courier, bool *ret_any)
{
	for (;;) {
		struct parcel *parcel;
		int r;

		enter(courier);
		parcel = courier->sent;
		leave(courier);
		if (!parcel)
			return 0;
		r = record(courier, parcel);
		if (r)
			return r;
		*ret_any = true;
		enter(courier);
		/* Others were put in front of it meanwhile, perhaps. */
		for (struct parcel **at = &courier->sent; *at; at = &(*at)->next)
			if (*at == parcel) {
				*at = parcel->next;
				break;
			}
		leave(courier);
		courier->in_hand[parcel->carrier]--;
		parcel_free(parcel);
	}
}

static int pack(struct promo_courier *courier, struct parcel *parcel)
{
	const struct promo_desk desk = {
		.config = courier->config.runner,
		.settings = courier->settings,
		.store = courier->store,
		.arena = parcel->arena,
		.timeout_s = PROMO_CARRIER_TIMEOUT_S,
		.hurry = &courier->hurry,
	};
	int r;

	/* The daemon was down, or had much to do: a code that is no good would only mislead. */
	if (parcel->row.expired) {
		promo_postmark_set(&parcel->mark, PROMO_FATE_NEVER, 0,
			"its time was over before it could be sent");
		return 0;
	}
	/* Read anew for each letter: no request brings the version of the settings here. */
	r = promo_settings_load(
		courier->settings, courier->store, promo_settings_version(courier->settings) + 1);
	if (!r)
		r = promo_carriers[parcel->carrier]->pack(
			&desk, &parcel->row, &parcel->mark, &parcel->packed);
	if (r) {
		parcel->packed = NULL;
		promo_postmark_set(&parcel->mark, PROMO_FATE_LATER, 0,
			"there was an internal error; the log of the daemon says which");
	}
	return r;
}

static void hand_over(struct promo_courier *courier, struct parcel *parcel)
{
	courier->in_hand[parcel->carrier]++;
	enter(courier);
	/* The senders may have gone home since the clerk looked whether it is time to. */
	if (parcel->packed && courier->stopping) {
		parcel->packed = NULL;
		promo_postmark_set(&parcel->mark, PROMO_FATE_LATER, 0,
			"the daemon was stopped before it was sent");
	}
	if (parcel->packed) {
		parcel->next = courier->to_send;
		courier->to_send = parcel;
		courier->under_way++;
		(void)pthread_cond_broadcast(&courier->changed);
	} else {
		parcel->next = courier->sent;
		courier->sent = parcel;
	}
	leave(courier);
}

/* Takes one letter, if one is due. */
static int claim(struct promo_courier *courier, size_t carrier, bool *ret_any)
{
	struct promo_arena *arena = promo_arena_new_secret(PARCEL_LIMIT);
	struct parcel *parcel = arena ? promo_arena_alloc(arena, sizeof(*parcel)) : NULL;
	struct promo_params params = PROMO_PARAMS(courier->arena);
	bool found;
	int r;

	if (!parcel) {
		promo_arena_free(arena);
		return promo_fault(-ENOMEM, "could not take a letter from the outbox");
	}
	parcel->arena = arena;
	parcel->carrier = carrier;
	promo_param_text(
		&params, promo_word(&promo_channel_words, (int)promo_carriers[carrier]->channel));
	promo_param_int(&params, courier->config.lease_s);
	r = promo_store_find(courier->store, arena, promo_carriers[carrier]->claim, &params,
		&parcel->row, &found);
	if (r || !found) {
		parcel_free(parcel);
		return r;
	}
	*ret_any = true;
	/* It is in hand from here on, so that what became of it is noted in any case. */
	r = pack(courier, parcel);
	hand_over(courier, parcel);
	return r;
}

static int connect_clerk(struct promo_courier *courier)
{
	const struct promo_runner_config *runner = courier->config.runner;
	const struct promo_store_config config = {
		.uri = runner->database,
		.no_prepare = runner->no_prepare,
		.no_skip_locked = runner->no_skip_locked,
	};

	return promo_store_open(&config, &courier->store);
}

/* One look around; *ret_any: there was something, so look again. */
static int look(struct promo_courier *courier, bool stopping, bool *ret_any)
{
	int r;

	*ret_any = false;
	promo_arena_clear(courier->arena);
	r = courier->store ? 0 : connect_clerk(courier);
	if (!r)
		r = record_sent(courier, ret_any);
	for (size_t i = 0; !r && !stopping && i < promo_carrier_count; i++)
		if (courier->in_hand[i] < promo_carriers[i]->at_once)
			r = claim(courier, i, ret_any);
	return r;
}

static void await_news(struct promo_courier *courier, int timeout_ms)
{
	struct pollfd news = { .fd = courier->fd, .events = POLLIN };
	uint64_t rung;

	if (poll(&news, 1, timeout_ms) > 0 && read(courier->fd, &rung, sizeof(rung)) < 0)
		promo_log(PROMO_LOG_DEBUG, "there were no news for the courier");
}

/* Whether the end has come, and whether all that was under way has come back. */
static bool is_stopping(struct promo_courier *courier, bool *ret_over)
{
	bool stopping;

	enter(courier);
	stopping = courier->stopping;
	*ret_over = stopping && courier->under_way == 0;
	leave(courier);
	return stopping;
}

static void *keep_books(void *argument)
{
	struct promo_courier *courier = argument;
	bool over = false, any = false;

	while (!over) {
		bool stopping = is_stopping(courier, &over);

		if (look(courier, stopping, &any)) {
			promo_store_close(courier->store);
			courier->store = NULL;
			any = false;
		}
		if (!over && !any)
			await_news(courier, (int)courier->config.poll_ms);
	}
	return NULL;
}

/*
 * Start and end.
 */

static void free_all(struct promo_courier *courier)
{
	/* What could not be noted is sent once more when its lease has ended. */
	while (courier->sent) {
		struct parcel *parcel = courier->sent;

		courier->sent = parcel->next;
		parcel_free(parcel);
	}
	promo_store_close(courier->store);
	promo_arena_free(courier->arena);
	promo_settings_free(courier->settings);
	if (courier->fd >= 0) {
		promo_hub_remove_bell(courier->fd);
		(void)close(courier->fd);
	}
	(void)pthread_cond_destroy(&courier->changed);
	(void)pthread_mutex_destroy(&courier->lock);
	free(courier);
}

static int prepare(struct promo_courier *courier)
{
	courier->arena = promo_arena_new(ARENA_LIMIT);
	courier->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!courier->arena)
		return promo_fault(-ENOMEM, "could not start the courier");
	if (courier->fd < 0)
		return promo_fault(-errno, "could not start the courier");
	if (!promo_hub_add_bell(courier->fd))
		promo_log(PROMO_LOG_DEBUG, "letters go out when they are looked for");
	return promo_settings_new(&courier->settings);
}

static int start_threads(struct promo_courier *courier)
{
	sigset_t all, before;
	int wanted = 0, error;

	for (size_t i = 0; i < promo_carrier_count; i++)
		wanted += promo_carriers[i]->at_once;
	/* Signals are for the program's own threads. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&courier->clerk, NULL, keep_books, courier);
	courier->has_clerk = !error;
	while (!error && courier->sender_count < wanted && courier->sender_count < THREADS_MAX) {
		error = pthread_create(
			&courier->senders[courier->sender_count], NULL, send_them, courier);
		if (!error)
			courier->sender_count++;
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error ? promo_fault(-error, "could not start the courier") : 0;
}

int promo_courier_start(const struct promo_courier_config *config, struct promo_courier **ret)
{
	struct promo_courier *courier = calloc(1, sizeof(*courier));
	pthread_condattr_t attributes;
	int r;

	if (!courier)
		return promo_fault(-ENOMEM, "could not start the courier");
	courier->config = *config;
	if (courier->config.pause_ms == 0)
		courier->config.pause_ms = PROMO_COURIER_PAUSE_MS;
	if (courier->config.lease_s == 0)
		courier->config.lease_s = PROMO_COURIER_LEASE_S;
	if (courier->config.poll_ms == 0)
		courier->config.poll_ms = PROMO_COURIER_POLL_MS;
	if (courier->config.grace_ms == 0)
		courier->config.grace_ms = PROMO_COURIER_GRACE_MS;
	courier->random = config->random ? *config->random : promo_random_system();
	(void)pthread_mutex_init(&courier->lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&courier->changed, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	r = prepare(courier);
	if (!r)
		r = start_threads(courier);
	if (r) {
		promo_courier_stop(courier);
		return r;
	}
	*ret = courier;
	return 0;
}

/* What is being sent may end by itself; the rest is broken off. */
static void wait_a_little(struct promo_courier *courier)
{
	const int64_t until_ms = promo_monotonic_ms() + courier->config.grace_ms;
	const struct timespec until = { .tv_sec = until_ms / 1000,
		.tv_nsec = until_ms % 1000 * 1000000 };

	enter(courier);
	courier->stopping = true;
	(void)pthread_cond_broadcast(&courier->changed);
	while (courier->under_way > 0 &&
		pthread_cond_timedwait(&courier->changed, &courier->lock, &until) == 0)
		;
	leave(courier);
	atomic_store(&courier->hurry, true);
}

void promo_courier_stop(struct promo_courier *courier)
{
	if (!courier)
		return;
	wait_a_little(courier);
	for (int i = 0; i < courier->sender_count; i++)
		(void)pthread_join(courier->senders[i], NULL);
	ring(courier);
	if (courier->has_clerk)
		(void)pthread_join(courier->clerk, NULL);
	free_all(courier);
}
