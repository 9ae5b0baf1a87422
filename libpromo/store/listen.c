/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>

#include "libpromo/store/pg.h"

/* News between processes: LISTEN and NOTIFY on the one channel that there is. They are no statements
 * of sql/query because not every engine has them, and those are all described at the start. */

static int tell(struct promo_store *store, const char *command)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;

	promo_pg_forget_failure(store);
	if (!store->conn || !PQsendQuery(store->conn, command))
		return promo_pg_judge_send(store, command, PROMO_PG_READING);
	result = promo_pg_finish(store);
	return promo_pg_judge(store, result, command, PROMO_PG_READING);
}

int promo_store_listen(struct promo_store *store)
{
	return tell(store, "LISTEN promo_jobs");
}

int promo_store_notify(struct promo_store *store)
{
	return tell(store, "NOTIFY promo_jobs");
}

/* What came so far; what this connection said itself is no news. */
static bool take_news(struct promo_store *store)
{
	PGnotify *news;
	bool heard = false;

	while ((news = PQnotifies(store->conn))) {
		heard |= news->be_pid != PQbackendPID(store->conn);
		PQfreemem(news);
	}
	return heard;
}

int promo_store_await(struct promo_store *store, int wake_fd, int timeout_ms, bool *ret_heard)
{
	struct pollfd pollers[] = {
		{ .fd = wake_fd, .events = POLLIN },
		{ .fd = PQsocket(store->conn), .events = POLLIN },
	};
	int alive = 1;

	promo_pg_forget_failure(store);
	/* Also what an answer brought along is news. */
	if (!take_news(store)) {
		if (poll(pollers, PROMO_COUNT(pollers), timeout_ms) < 0 && errno != EINTR)
			return promo_fault(-errno, "could not wait for news of jobs");
		for (int reads = promo_pg_reads(store->conn); reads > 0 && alive; reads--)
			alive = PQconsumeInput(store->conn);
		if (!alive)
			return promo_pg_judge_send(store, "LISTEN promo_jobs", PROMO_PG_READING);
		*ret_heard = take_news(store);
	} else {
		*ret_heard = true;
	}
	return 0;
}
