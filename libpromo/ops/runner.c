/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/runner.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/audit.h"

enum {
	CONFLICTS_MAX = 3, /* design section 3 */
	LOSSES_MAX = 2,
	RESOLVE_MS = 10000, /* where the configuration says nothing */
	PAUSE_MS = 100,
	HOST_NAME_SIZE = 65, /* HOST_NAME_MAX of Linux and the NUL */
};

int promo_runner_new(const struct promo_runner_config *config, struct promo_runner **ret)
{
	const struct promo_store_config store = {
		.uri = config->database,
		.no_prepare = config->no_prepare,
		.no_skip_locked = config->no_skip_locked,
	};
	struct promo_runner *runner = calloc(1, sizeof(*runner));
	int r;

	if (!runner)
		return promo_fault(-ENOMEM, "could not make a runner");
	runner->config = config;
	r = promo_settings_new(&runner->settings);
	if (!r)
		r = promo_store_open(&store, &runner->store);
	if (r) {
		promo_runner_free(runner);
		return r;
	}
	*ret = runner;
	return 0;
}

void promo_runner_free(struct promo_runner *runner)
{
	if (!runner)
		return;
	promo_store_close(runner->store);
	promo_settings_free(runner->settings);
	free(runner);
}

void promo_runner_name(const struct promo_runner_config *config, char ret[PROMO_RUNNER_NAME_SIZE])
{
	char host[HOST_NAME_SIZE] = "";

	(void)gethostname(host, sizeof(host) - 1);
	(void)snprintf(ret, PROMO_RUNNER_NAME_SIZE, "%s pid %ld, version %.20s", host,
		(long)getpid(), config->version);
}

int promo_runner_ready(struct promo_runner *runner, struct promo_arena *arena)
{
	char name[PROMO_RUNNER_NAME_SIZE];

	if (runner->writer)
		return 0;
	promo_runner_name(runner->config, name);
	return promo_audit_open(runner->store, arena, name, &runner->writer);
}

enum promo_store_failure promo_runner_failure(struct promo_runner *runner, bool committing)
{
	enum promo_store_failure failure = promo_store_failure(runner->store);

	if (promo_audit_writer_closed(runner->store))
		runner->writer = 0;
	return failure == PROMO_STORE_UNKNOWN && !committing ? PROMO_STORE_LOST : failure;
}

int64_t promo_runner_resolve_ms(const struct promo_runner_config *config)
{
	return config->resolve_ms > 0 ? config->resolve_ms : RESOLVE_MS;
}

static int reconnect(struct promo_runner *runner)
{
	runner->writer = 0;
	return promo_store_reopen(runner->store);
}

/* A moment for whatever is in the way to pass; none before the first try. */
static void pause_before_try(struct promo_attempts *attempts)
{
	if (attempts->tries++ > 0)
		(void)poll(NULL, 0, PAUSE_MS);
}

/* What was perhaps committed has to be asked for again until that is answered: a server that starts
 * again, a standby that is being promoted, a lock that the old backend still holds all pass. */
static int ask_again(struct promo_runner *runner, enum promo_store_failure failure,
	struct promo_attempts *attempts)
{
	const bool connected = failure == PROMO_STORE_RETRY || failure == PROMO_STORE_FULL;

	do {
		pause_before_try(attempts);
		if (connected || !reconnect(runner))
			return 0;
	} while (promo_monotonic_ms() < attempts->deadline_ms);
	return PROMO_E_OUTCOME_UNKNOWN;
}

static int resolve(struct promo_runner *runner, enum promo_store_failure failure, bool again,
	struct promo_attempts *attempts)
{
	if (again && failure != PROMO_STORE_FINE && failure != PROMO_STORE_FAULT &&
		promo_monotonic_ms() < attempts->deadline_ms)
		return ask_again(runner, failure, attempts);
	/* Then it has to be written down at least that nobody knows. */
	if ((failure == PROMO_STORE_LOST || failure == PROMO_STORE_UNKNOWN) && reconnect(runner))
		promo_log(PROMO_LOG_DEBUG, "an unknown outcome cannot be written down");
	return PROMO_E_OUTCOME_UNKNOWN;
}

int promo_runner_recover(struct promo_runner *runner, int r, enum promo_store_failure failure,
	bool again, struct promo_attempts *attempts)
{
	int opened;

	if (failure == PROMO_STORE_UNKNOWN) {
		promo_log(PROMO_LOG_WARNING, "the connection was lost during a commit");
		if (!attempts->deadline_ms)
			attempts->deadline_ms =
				promo_monotonic_ms() + promo_runner_resolve_ms(runner->config);
	}
	/* What was perhaps committed before stays unknown, whatever happened since. */
	if (attempts->deadline_ms)
		return resolve(runner, failure, again, attempts);
	switch (failure) {
	case PROMO_STORE_RETRY:
		return attempts->conflicts++ < CONFLICTS_MAX ? 0 : PROMO_E_UNAVAILABLE;
	case PROMO_STORE_LOST:
		opened = reconnect(runner);
		if (opened)
			return opened;
		return attempts->losses++ < LOSSES_MAX ? 0 : PROMO_E_UNAVAILABLE;
	case PROMO_STORE_FULL:
		return PROMO_E_UNAVAILABLE;
	case PROMO_STORE_UNKNOWN:
	case PROMO_STORE_FINE:
	case PROMO_STORE_FAULT:
		break;
	}
	return r;
}
