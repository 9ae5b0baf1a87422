/* SPDX-License-Identifier: MIT */
#include "tests/fault/clients.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "tests/fault/table.h"

enum {
	TICK_MS = 10,
	PROGRESS_US = 50 * 1000,
	AGAIN_US = 20 * 1000, /* before the next attempt, and as much again by chance */
};

struct client {
	struct connection connection;
	bool busy;       /* with an operation */
	bool sent;       /* a request that was not answered yet */
	bool unknown;    /* an attempt of the operation may have been done */
	int64_t wake_us; /* not before */
	size_t server;
	struct record record; /* of the attempt */
};

volatile sig_atomic_t load_stopping;

void load_stop(const char *what)
{
	(void)fprintf(stderr, "load: could not %s: %s\n", what, strerror(errno));
	exit(1);
}

int64_t load_now_us(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t))
		load_stop("read the clock");
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/*
 * One client.
 */

static void later(struct load *load, struct client *client)
{
	client->wake_us = load_now_us() + AGAIN_US + (int64_t)seeded_below(&load->chance, AGAIN_US);
}

static void hang_up(struct load *load, struct client *client)
{
	connection_close(&client->connection);
	client->server = (client->server + 1) % load->server_count;
}

static void attempt_over(struct load *load, struct client *client)
{
	const struct attempt attempt = record_attempt(&load->records, &client->record);

	client->sent = false;
	records_add(&load->records, &client->record);
	if (attempt_unknown(&attempt)) {
		load->unknown++;
		client->unknown = client->busy = attempt.kind == ATTEMPT_REDEEM;
		later(load, client);
		return;
	}
	if (attempt.status >= 500 || attempt.status == 429) {
		load->not_now++;
		/* Some believe that it was not done and forget it; its key is not used again. */
		client->busy = client->unknown || client->record.operation.number % 2;
		load->abandoned += !client->busy && attempt.kind == ATTEMPT_REDEEM;
		later(load, client);
		return;
	}
	load->answered++;
	load->redeemed += attempt_ok(&attempt) && !attempt.replayed;
	if (attempt_ok(&attempt) && attempt.invoke_us > load->asked_us)
		load->asked_us = attempt.invoke_us;
	client->busy = false;
}

/* The connection is gone, or nobody answers on it. */
static void lose(struct load *load, struct client *client)
{
	bool reached = client->sent && client->connection.sent > 0;

	hang_up(load, client);
	client->record.complete_us = load_now_us();
	if (reached) {
		attempt_over(load, client);
		return;
	}
	load->not_reached++;
	client->sent = false;
	later(load, client);
}

static bool reach(struct load *load, struct client *client)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET,
		.data = { .ptr = client } };

	if (client->connection.fd >= 0)
		return true;
	if (!connection_open(&client->connection, load->servers[client->server]))
		return false;
	if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, client->connection.fd, &event))
		load_stop("watch a connection");
	return true;
}

/* The request of the next attempt. */
static void make_request(struct load *load, struct client *client)
{
	const struct operation *operation = &client->record.operation;
	bool redeem = operation->kind == ATTEMPT_REDEEM;
	char request_id[96], key[96], headers[256], body[PLAN_BODY_MAX];
	size_t size = plan_body(&load->plan, operation, body);

	client->record = (struct record){
		.operation = *operation,
		.request = load->requests++,
		.word = "-",
		.redemption_id = "-",
	};
	record_request_id(&load->plan, client->record.request, request_id, sizeof(request_id));
	plan_key(&load->plan, operation->number, key, sizeof(key));
	(void)snprintf(headers, sizeof(headers), "X-Request-Id: %s\r\n%s%s%s", request_id,
		redeem ? "Idempotency-Key: " : "", redeem ? key : "", redeem ? "\r\n" : "");
	if (!connection_post(&client->connection, redeem ? "/api/v1/redemptions" : "/api/v1/verify",
		    load->config.people[operation->person].token, headers, body, size)) {
		errno = EMSGSIZE;
		load_stop("make a request");
	}
}

static void send_next(struct load *load, struct client *client)
{
	if (!reach(load, client)) {
		lose(load, client);
		return;
	}
	make_request(load, client);
	client->sent = true;
	client->record.invoke_us = load_now_us();
	if (connection_send(&client->connection) == CONNECTION_LOST)
		lose(load, client);
}

static bool may_begin(const struct load *load)
{
	int64_t due = (load_now_us() - load->started_us) * load->rate / 1000000;

	if (load_stopping || !plan_has_fresh(&load->plan))
		return false;
	return !load->rate || load->begun < (uint64_t)due;
}

/* Whatever the client can do now. */
static void go_on(struct load *load, struct client *client)
{
	while (!client->sent && client->wake_us <= load_now_us()) {
		if (!client->busy) {
			if (!may_begin(load))
				return;
			load->begun++;
			client->record.operation = plan_next(&load->plan);
			client->busy = true;
			client->unknown = false;
		}
		send_next(load, client);
	}
}

static void on_ready(struct load *load, struct client *client)
{
	enum connection_state state;
	struct connection_answer answer;

	if (client->connection.fd < 0)
		return;
	if (client->sent && connection_send(&client->connection) == CONNECTION_LOST) {
		lose(load, client);
		return;
	}
	state = connection_receive(&client->connection, &answer);
	if (state == CONNECTION_WAITS)
		return;
	if (state == CONNECTION_LOST && !client->sent) {
		hang_up(load, client);
		return;
	}
	if (state == CONNECTION_LOST) {
		lose(load, client);
		return;
	}
	client->record.complete_us = load_now_us();
	record_answer(&client->record, &load->plan, &client->connection, &answer);
	if (connection_has_field(&client->connection, "\r\nConnection: close"))
		hang_up(load, client);
	attempt_over(load, client);
	go_on(load, client);
}

/*
 * All of them.
 */

/* For scripts that wait for something: in one piece. */
static void tell_progress(struct load *load, size_t busy)
{
	char path[4096];
	FILE *file;

	if (!load->progress_path || load_now_us() < load->progress_us)
		return;
	load->progress_us = load_now_us() + PROGRESS_US;
	(void)snprintf(path, sizeof(path), "%s.new", load->progress_path);
	file = fopen(path, "w");
	if (!file)
		load_stop("write the progress");
	(void)fprintf(file,
		"attempts=%zu answered=%" PRIu64 " redeemed=%" PRIu64 " not_now=%" PRIu64
		" unknown=%" PRIu64 " busy=%zu clock_ms=%" PRId64 " asked_ms=%" PRId64 "\n",
		load->records.count, load->answered, load->redeemed, load->not_now, load->unknown,
		busy, load_now_us() / 1000, load->asked_us / 1000);
	if (fclose(file) || rename(path, load->progress_path))
		load_stop("write the progress");
}

/* Each tick: who waited long enough goes on. How many still have something to do. */
static size_t tick(struct load *load)
{
	size_t first = seeded_below(&load->chance, (uint64_t)load->connections), busy = 0;
	int64_t late_us = load_now_us() - load->timeout_ms * 1000;

	for (size_t i = 0; i < (size_t)load->connections; i++) {
		struct client *client = &load->clients[(first + i) % (size_t)load->connections];

		if (client->sent && client->record.invoke_us < late_us)
			lose(load, client);
		go_on(load, client);
		busy += client->busy;
	}
	tell_progress(load, busy);
	if (!load_stopping && load->seconds && load_now_us() >= load->end_us)
		load_stopping = 1;
	return busy;
}

static void begin(struct load *load)
{
	plan_init(&load->plan, &load->config);
	load->records.plan = &load->plan;
	load->chance.state = ~load->config.seed;
	load->clients = table_allocate((size_t)load->connections, sizeof(*load->clients));
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (load->epoll < 0)
		load_stop("make an epoll");
	for (size_t i = 0; i < (size_t)load->connections; i++) {
		load->clients[i].connection.fd = -1;
		load->clients[i].server = i % load->server_count;
	}
	load->started_us = load_now_us();
	load->end_us = load->started_us + load->seconds * 1000000;
}

/* What was not answered may have been done. How many redemptions are open. */
static size_t end(struct load *load)
{
	size_t open = 0;

	for (size_t i = 0; i < (size_t)load->connections; i++) {
		struct client *client = &load->clients[i];

		open += client->busy;
		if (client->sent)
			lose(load, client);
		connection_close(&client->connection);
	}
	free(load->clients);
	(void)close(load->epoll);
	return open;
}

size_t load_run(struct load *load)
{
	struct epoll_event events[256];
	int64_t next_tick_us = 0;
	size_t busy = 1;
	int ready;

	begin(load);
	while (busy || (!load_stopping && plan_has_fresh(&load->plan))) {
		ready = epoll_wait(load->epoll, events, 256, TICK_MS);
		if (ready < 0 && errno != EINTR)
			load_stop("wait for answers");
		for (int i = 0; i < ready; i++)
			on_ready(load, events[i].data.ptr);
		if (load_now_us() < next_tick_us)
			continue;
		next_tick_us = load_now_us() + TICK_MS * 1000;
		busy = tick(load);
		if (!load_stopping && plan_has_fresh(&load->plan))
			load->drain_us = load_now_us() + load->drain_seconds * 1000000;
		else if (load_now_us() > load->drain_us)
			break;
	}
	return end(load);
}
