/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/route.h"
#include "promod/browser.h"
#include "promod/dispatch.h"

/*
 * One request between HTTP, the lanes and the workers. dispatch.c finds its row and its answer,
 * receive.c takes a body that is a file, prefer.c puts an answer off, probe.c answers who watches; for these
 * alone. All but what a worker does belongs to the loop's thread.
 */

struct promo_upload;

/* A request on its way; lives in the arena of its exchange. */
struct promod_call {
	struct promod_task task;
	struct promo_lane_request lane;
	struct promod_dispatch *dispatch;
	struct promod_exchange *exchange;
	const char *request_id, *method;
	struct promo_route route;
	struct promo_request request;
	/* The worker's or the lanes', while they work: the loop may have to answer in their place
	 * meanwhile, and an arena belongs to one thread at a time. */
	struct promo_arena *arena;
	struct promo_answer answer;
	struct promod_job_wait job_wait;
	/* What is asked of the head when it may be gone: the connection can end before the answer. */
	bool is_http_1_0;
	struct promod_browser browser;
	bool preflight;     /* a browser asks what a page elsewhere may do */
	int prefers_wait_s; /* for a job to end; 0: not at all */
	int refused;        /* by us, and to be written down */
	bool working, ended;
	struct promo_upload *upload; /* NULL: its body is no file, or may not come yet */
	/* What the log tells. */
	int error;
	const char *user_id;
	struct promo_spool *spool;
	struct promo_live_stream *live;
	struct promod_mail more; /* the spool, or the stream of events, has more to read */
};

extern const char promod_call_too_many[];

/* What the client calls the request, where that is sane; else a new id. NULL without memory. */
const char *promod_call_request_id(const struct promod_exchange *exchange);
/* Whether it would change something by a cookie that a page of another origin may have made the browser
 * send: to be refused before anybody looks at it. */
bool promod_call_is_of_another_page(const struct promod_call *call);
/* Whether a browser asks what a page of an allowed origin may do with this path. */
bool promod_call_is_preflight(const struct promod_call *call);

/* The request by its head and what was read of its body; all but the query, which may be malformed. */
struct promo_request promod_call_request(const struct promod_call *call);

/* Has a worker do `work`, and then `done` on the loop's thread, which ends with promod_call_end_work().
 * False without memory, where too many wait already, and where nobody works any more. */
bool promod_call_hand_over(struct promod_call *call,
	void (*work)(struct promod_task *task, void *own), void (*done)(struct promod_task *task));
/* The same in its parts: from the first on somebody else works on it (false without memory), until the
 * work has ended, or was not begun. */
bool promod_call_begin_work(struct promod_call *call);
void promod_call_end_work(struct promod_call *call);
void promod_call_give_back(struct promod_call *call);
/* Tells what a worker answered, or waits for its job, and ends the work. */
void promod_call_done(struct promod_call *call);

/* Tells the answer, unless one was given before: then it came too late. */
void promod_call_tell(struct promod_call *call, const struct promo_answer *answer);
/* How many seconds the head prefers to wait for a job to end; 0: it does not. */
int promod_call_prefers_wait(const struct promod_call *call);
/* Where the answer is a job and the client prefers to wait: tells the answer later. */
bool promod_call_wait_for_job(struct promod_call *call);
/* Answers a probe of the process itself, which waits for no worker. */
void promod_call_answer_health(struct promod_call *call);
/* Tells the meter where the queues stand, for whoever is about to read it. */
void promod_call_measure(const struct promod_call *call);
bool promod_call_may_read_metrics(const struct promod_call *call);
/* Tells a refusal of our own, which a worker writes down. `why` may be NULL. */
void promod_call_refuse(struct promod_call *call, int error, const char *why);
