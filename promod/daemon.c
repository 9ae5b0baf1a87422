/* SPDX-License-Identifier: MIT */
#include "promod/daemon.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/base/secret.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/alert_watch.h"
#include "libpromo/ops/audit_folds.h"
#include "libpromo/ops/auth_cache.h"
#include "libpromo/ops/courier.h"
#include "libpromo/ops/hash_slots.h"
#include "libpromo/ops/jobs.h"
#include "libpromo/ops/live.h"
#include "libpromo/ops/notice_test.h"
#include "libpromo/ops/pace.h"
#include "libpromo/ops/stream.h"
#include "promod/backup.h"
#include "promod/browser.h"
#include "promod/database.h"
#include "promod/dispatch.h"
#include "promod/hashing.h"
#include "promod/image.h"
#include "promod/lane_watch.h"
#include "promod/listen.h"
#include "promod/log.h"
#include "promod/notify.h"
#include "promod/sealing.h"
#include "promod/stop.h"
#include "promod/upkeep.h"

enum {
	KEY_BYTES = 32,
	HEAD_MAX_BYTES = 16 * 1024,
	DRAIN_MAX_BYTES = 16 * 1024 * 1024,
	BODY_MEMORY_MAX_BYTES = 256 * 1024 * 1024,
	ACTORS_MAX = 10000,         /* sessions that the lanes know */
	LANE_QUEUE_MAX = 16 * 1024, /* requests: a second's work, of some KiB each */
};

struct daemon {
	const struct promod_daemon_config *config;
	struct promo_arena *arena;
	struct promo_problem *problem;
	struct promod_database *database;
	struct promo_runner_config runner;
	struct promod_loop *loop;
	struct promod_pool *workers;
	struct promo_lanes *lanes;
	struct promod_lane_watches lane_watches;
	struct promo_jobs *jobs;
	struct promo_courier *courier;
	struct promo_sealer *sealer;
	struct promod_upkeep *upkeep;
	struct promo_alert_watch *alert_watch;
	struct promod_dispatch dispatch;
	struct promod_http *http;
	struct promod_job_waits *job_waits;
	struct promod_watch stop;
	const char *addresses; /* one a line */
	const char *unix_paths[PROMOD_LIST_MAX];
	struct promo_network metrics_allow[PROMOD_LIST_MAX];
	size_t unix_path_count;
	bool said_ready;        /* the ready file is ours */
	int64_t drain_until_ms; /* 0: nobody asked to stop */
};

/* The one key of that path, which is made where it is still missing. */
static int take_key(const char *path, bool make, struct promo_arena *arena,
	struct promo_problem *problem, const unsigned char **ret)
{
	unsigned char *key = promo_arena_alloc(arena, KEY_BYTES);
	int r;

	if (!key)
		return promo_fault(-ENOMEM, "could not prepare the workers");
	r = promo_secret_file_read(path, key, KEY_BYTES, arena, problem);
	if (r == PROMO_E_NOT_FOUND && make)
		r = promo_secret_file_create(path, key, KEY_BYTES, arena, problem);
	if (!r)
		*ret = key;
	return r;
}

static int take_keys(const struct promod_config *config, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_runner_config *ret)
{
	int r;

	r = take_key(config->hash_key_file, true, arena, problem, &ret->hash_key);
	if (!r)
		r = take_key(config->mfa_key_file, true, arena, problem, &ret->mfa_key);
	if (!r && config->mfa_old_key_file[0])
		r = take_key(config->mfa_old_key_file, false, arena, problem, &ret->mfa_old_key);
	if (!r)
		r = promod_sealing_make(config, arena, problem, &ret->sealing);
	if (!r && config->smtp_password_file[0])
		r = promo_secret_text_read(
			config->smtp_password_file, arena, problem, &ret->smtp_password);
	if (!r && config->sms_secret_file[0])
		r = promo_secret_text_read(
			config->sms_secret_file, arena, problem, &ret->sms_secret);
	return r;
}

/* Nothing is sent then, and whoever waits for mail should not have to find out why. */
static void tell_of_unbound(
	const char *secret_file, const struct promod_list *hosts, const char *key)
{
	if (secret_file[0] && hosts->count == 0)
		promo_log(PROMO_LOG_WARNING,
			"%s goes nowhere: name the server that it is for as %s in promod.conf",
			secret_file, key);
}

int promod_runner_config_make(const struct promod_config *config, const char *version,
	const struct promod_database *database, struct promo_arena *arena,
	struct promo_problem *problem, struct promo_runner_config *ret)
{
	struct promo_runner_config keys = { 0 };
	struct promo_hash_slots *hash_slots, *test_slots;
	struct promo_audit_folds *audit_folds;
	int r;

	r = take_keys(config, arena, problem, &keys);
	if (!r)
		r = promod_backup_prepare(config, database, arena, problem, &keys.backup);
	if (r)
		return r;
	tell_of_unbound(
		config->smtp_password_file, &config->smtp_password_host, "smtp_password_host");
	tell_of_unbound(config->sms_secret_file, &config->sms_secret_host, "sms_secret_host");
	r = promod_hash_slots_make(config, &hash_slots);
	if (r)
		return r;
	r = promo_hash_slots_new(PROMO_TESTS_AT_ONCE, /* queue= */ 0, &test_slots);
	if (r) {
		promo_hash_slots_free(hash_slots);
		return r;
	}
	r = promo_audit_folds_new(/* slots= */ 0, &audit_folds);
	if (r) {
		promo_hash_slots_free(test_slots);
		promo_hash_slots_free(hash_slots);
		return r;
	}
	*ret = (struct promo_runner_config){
		.database = promod_database_uri(database),
		.no_prepare = !config->prepare,
		.no_skip_locked = !config->skip_locked,
		.version = version,
		.hash_key = keys.hash_key,
		.mfa_key = keys.mfa_key,
		.mfa_old_key = keys.mfa_old_key,
		.sealing = keys.sealing,
		.smtp_password = keys.smtp_password,
		.sms_secret = keys.sms_secret,
		.smtp_hosts = { config->smtp_password_host.items,
			config->smtp_password_host.count },
		.sms_hosts = { config->sms_secret_host.items, config->sms_secret_host.count },
		.smtp_ca_file = config->smtp_ca_file[0] ? config->smtp_ca_file : NULL,
		.spool_dir = config->spool_dir,
		.backup = keys.backup,
		.image_decoder = promod_image_decoder(arena),
		.hash_slots = hash_slots,
		.test_slots = test_slots,
		.audit_folds = audit_folds,
	};
	return 0;
}

/*
 * Start.
 */

static int open_runner(void *context, void **ret)
{
	struct promo_runner *runner;
	int r;

	r = promo_runner_new(context, &runner);
	if (!r)
		*ret = runner;
	return r;
}

static void close_runner(void *own)
{
	promo_runner_free(own);
}

static int prepare_database(struct daemon *daemon)
{
	int r;

	r = promod_database_open(daemon->config->config, &daemon->database);
	if (!r && promod_database_can_migrate(daemon->database))
		r = promod_database_migrate(daemon->database, daemon->arena, daemon->problem, NULL);
	if (!r)
		r = promod_database_check(daemon->database);
	return r ? r : promod_database_watch(daemon->database);
}

static int start_lanes(struct daemon *daemon)
{
	const struct promod_config *config = daemon->config->config;
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct promo_lanes_config lanes = {
		.runner = &daemon->runner,
		.count = (int)config->lanes,
		.queue_max = LANE_QUEUE_MAX,
	};
	int r;

	if (lanes.count == 0)
		lanes.count = cores < 1                 ? 1
			      : cores > PROMO_LANES_MAX ? PROMO_LANES_MAX
							: (int)cores;
	r = promo_lanes_new(&lanes, &daemon->lanes);
	if (!r)
		promod_lane_watches_init(
			&daemon->lane_watches, daemon->loop, daemon->lanes, lanes.count);
	return r;
}

static int start_threads(struct daemon *daemon)
{
	const struct promod_config *config = daemon->config->config;
	const struct promod_pool_config workers = {
		.name = "promod-worker",
		.threads = (int)config->workers,
		.queue_max = (int)config->queue,
		.open = open_runner,
		.close = close_runner,
		.context = &daemon->runner,
		.loop = daemon->loop,
	};
	const struct promo_jobs_config jobs = {
		.runner = &daemon->runner,
		.threads = config->job_threads > 0 ? (int)config->job_threads : -1,
		.loader = promod_database_loader(daemon->database),
		.listen = config->listen_database[0] ? config->listen_database : NULL,
	};
	const struct promo_courier_config courier = { .runner = &daemon->runner };
	const struct promo_live_config live = { .runner = &daemon->runner,
		.streams_max = (size_t)promod_config_streams(config) };
	int r;

	r = promod_runner_config_make(config, daemon->config->version, daemon->database,
		daemon->arena, daemon->problem, &daemon->runner);
	if (!r)
		r = promo_encode_openapi(
			daemon->config->version, daemon->arena, &daemon->runner.openapi);
	if (!r)
		r = promo_auth_cache_new(ACTORS_MAX, &daemon->runner.auth_cache);
	if (!r)
		r = promo_meter_new(&daemon->runner.meter);
	if (!r)
		r = promo_pace_new(&daemon->runner.pace);
	if (!r)
		r = promo_live_start(&live, &daemon->runner.live);
	if (!r)
		r = promod_pool_start(&workers, &daemon->workers);
	if (!r)
		r = start_lanes(daemon);
	if (!r)
		r = promo_jobs_start(&jobs, &daemon->jobs);
	if (!r)
		r = promo_courier_start(&courier, &daemon->courier);
	if (!r)
		promod_sealing_tell(daemon->runner.sealing);
	if (!r)
		r = promo_sealer_start(&daemon->runner, /* every_ms= */ 0, &daemon->sealer);
	if (!r)
		r = promo_alert_watch_start(
			&daemon->runner, /* every_ms= */ 0, &daemon->alert_watch);
	if (!r)
		r = promod_upkeep_start(&daemon->runner, daemon->database, &daemon->upkeep);
	return r;
}

static int listen_on(struct daemon *daemon, const char *wanted)
{
	const struct promod_config *config = daemon->config->config;
	const struct promod_listen_rules rules = {
		.allow_cleartext = config->allow_cleartext,
		.unix_mode = (mode_t)config->unix_mode,
	};
	const char *address;
	bool is_file;
	int fd;
	int r;

	r = promod_listen(wanted, &rules, daemon->arena, daemon->problem, &fd, &address);
	if (!r)
		r = promod_http_accept(daemon->http, fd);
	if (r)
		return r;
	is_file = address[0] == 'u';
	if (is_file)
		daemon->unix_paths[daemon->unix_path_count++] = strchr(address, ':') + 1;
	address = promo_arena_printf(daemon->arena, "%s%s", is_file ? "" : "http://", address);
	daemon->addresses = promo_arena_printf(daemon->arena, "%s%s\n",
		daemon->addresses ? daemon->addresses : "", address ? address : "");
	if (!address || !daemon->addresses)
		return promo_fault(-ENOMEM, "could not listen");
	promo_log(PROMO_LOG_INFO, "listening on %s", address);
	return 0;
}

static int start_http(struct daemon *daemon)
{
	const struct promod_config *config = daemon->config->config;
	const struct promod_dispatch_config dispatch = {
		.loop = daemon->loop,
		.workers = daemon->workers,
		.lanes = daemon->lanes,
		.job_waits = daemon->job_waits,
		.live = daemon->runner.live,
		.meter = daemon->runner.meter,
		.metrics_allow = daemon->metrics_allow,
		.metrics_allow_count = config->metrics_allow.count,
		.allowed_origins = config->allowed_origins.items,
		.allowed_origin_count = config->allowed_origins.count,
		.spool_dir = config->spool_dir,
	};
	const struct promod_http_config http = {
		.connections_max = (unsigned)config->connections,
		.head_max_bytes = HEAD_MAX_BYTES,
		.drain_max_bytes = DRAIN_MAX_BYTES,
		.body_memory_max_bytes = BODY_MEMORY_MAX_BYTES,
		.request_timeout_ms = (int)config->request_timeout_s * 1000,
		.idle_timeout_ms = (int)config->idle_timeout_s * 1000,
		.answer_timeout_ms = (int)config->answer_timeout_s * 1000,
	};
	int r;

	r = promod_metrics_allow_read(
		&config->metrics_allow, daemon->arena, daemon->problem, daemon->metrics_allow);
	if (!r)
		r = promod_origins_check(config->allowed_origins.items,
			config->allowed_origins.count, daemon->arena, daemon->problem);
	if (r)
		return r;
	promod_dispatch_init(&daemon->dispatch, &dispatch);
	r = promod_http_new(&http, &daemon->dispatch.handler, daemon->loop, &daemon->http);
	for (size_t i = 0; !r && i < config->listen.count; i++)
		r = listen_on(daemon, config->listen.items[i]);
	return r;
}

/*
 * The loop.
 */

static void on_stop(void *context, uint32_t events)
{
	struct daemon *daemon = context;

	(void)events;
	promo_log(PROMO_LOG_INFO, "stopping: %zu requests are under way",
		promod_http_busy(daemon->http));
	promod_notify(daemon->config->notify_socket, "STOPPING=1");
	promod_loop_unwatch(daemon->loop, &daemon->stop);
	promod_job_waits_end(daemon->job_waits);
	promo_live_end(daemon->runner.live);
	promod_http_drain(daemon->http);
	daemon->drain_until_ms =
		promo_monotonic_ms() + daemon->config->config->drain_timeout_s * 1000;
}

static bool is_over(const struct daemon *daemon)
{
	return daemon->drain_until_ms && (promod_http_busy(daemon->http) == 0 ||
						 promo_monotonic_ms() >= daemon->drain_until_ms);
}

static int serve(struct daemon *daemon)
{
	int r = 0;

	while (!r && !is_over(daemon)) {
		int timeout_ms = promod_lane_watches_timeout_ms(
			&daemon->lane_watches, promod_http_timeout_ms(daemon->http));
		int ready;

		r = promod_loop_wait(daemon->loop, timeout_ms, &ready);
		if (r)
			break;
		promod_http_turn(daemon->http, ready == 0);
		r = promod_lane_watches_turn(&daemon->lane_watches);
		promod_log_flush();
	}
	if (promod_http_busy(daemon->http) > 0)
		promo_log(PROMO_LOG_WARNING, "%zu requests were cut off",
			promod_http_busy(daemon->http));
	return r;
}

/*
 * End.
 */

static void stop_all(struct daemon *daemon)
{
	int ready;

	promo_jobs_stop(daemon->jobs);
	promo_courier_stop(daemon->courier);
	/* What they have not answered goes to the workers. */
	promod_lane_watches_end(&daemon->lane_watches);
	promo_lanes_free(daemon->lanes);
	daemon->dispatch.config.lanes = NULL;
	promod_pool_stop(daemon->workers);
	daemon->dispatch.config.workers = NULL;
	/* What the workers finished last is still told, where somebody listens. */
	if (daemon->http && promod_loop_wait(daemon->loop, 0, &ready) == 0)
		promod_http_turn(daemon->http, true);
	promod_http_free(daemon->http);
	promo_live_stop(daemon->runner.live);
	promod_log_flush();
	promo_streams_wait();
	for (size_t i = 0; i < daemon->unix_path_count; i++)
		(void)unlink(daemon->unix_paths[i]);
	if (daemon->said_ready)
		(void)unlink(daemon->config->ready_file);
	promod_job_waits_free(daemon->job_waits);
	promod_loop_free(daemon->loop);
	promo_alert_watch_stop(daemon->alert_watch);
	promod_upkeep_stop(daemon->upkeep);
	/* The last one: it seals what the others wrote. */
	promo_sealer_stop(daemon->sealer);
	/* Now nobody uses what threads share. */
	promo_auth_cache_free(daemon->runner.auth_cache);
	promo_meter_free(daemon->runner.meter);
	promo_pace_free(daemon->runner.pace);
	promo_hash_slots_free(daemon->runner.hash_slots);
	promo_hash_slots_free(daemon->runner.test_slots);
	promo_audit_folds_free(daemon->runner.audit_folds);
	promod_database_close(daemon->database);
}

static int start(struct daemon *daemon)
{
	int r;

	r = promod_stop_open(&daemon->stop.fd);
	if (!r)
		r = promod_loop_new(&daemon->loop);
	if (!r)
		r = promod_loop_watch(daemon->loop, &daemon->stop, EPOLLIN);
	if (!r)
		r = promod_job_waits_new(daemon->loop, &daemon->job_waits);
	if (!r)
		r = prepare_database(daemon);
	if (!r)
		r = start_threads(daemon);
	if (!r)
		r = start_http(daemon);
	if (r || !daemon->config->ready_file)
		return r;
	r = promod_ready_file_write(
		daemon->config->ready_file, daemon->addresses, daemon->arena, daemon->problem);
	daemon->said_ready = r == 0;
	return r;
}

int promod_daemon_run(const struct promod_daemon_config *config, struct promo_arena *arena,
	struct promo_problem *problem)
{
	struct daemon daemon = { .config = config, .arena = arena, .problem = problem };
	int r;

	daemon.stop = (struct promod_watch){ .ready = on_stop, .context = &daemon, .fd = -1 };
	r = start(&daemon);
	if (!r) {
		promod_notify(config->notify_socket, "READY=1");
		r = serve(&daemon);
	}
	stop_all(&daemon);
	if (!r)
		promo_log(PROMO_LOG_INFO, "stopped");
	return r;
}
