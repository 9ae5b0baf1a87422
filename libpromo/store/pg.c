/* SPDX-License-Identifier: MIT */
#include "libpromo/store/pg.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "libpromo/base/log.h"

/* What a URI may say otherwise. Keepalives and tcp_user_timeout end a connection whose other side
 * vanished; over a unix socket they mean nothing. */
static const char *const defaults[][2] = {
	{ "connect_timeout", "3" },
	{ "keepalives_idle", "10" },
	{ "keepalives_interval", "3" },
	{ "keepalives_count", "3" },
	{ "tcp_user_timeout", "15000" },
	{ "client_encoding", "UTF8" },
	{ "fallback_application_name", "promod" },
};

/* Sent as `options`, in front of those of the URI. The server's keepalives end the backend of a client
 * that vanished in the middle of a COPY, where no other timeout holds, and with it the lock on its job.
 * Compiling our statements costs more than they do (docs/decisions/0044). A pooler refuses options: there
 * the role has to be given them (ALTER ROLE ... SET). */
#define SESSION_OPTIONS                                                                            \
	"-c TimeZone=UTC -c DateStyle=ISO -c idle_in_transaction_session_timeout=10s "             \
	"-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3 -c "     \
	"jit=off"
#define HASTY_OPTIONS   " -c statement_timeout=5s -c lock_timeout=2s"
#define PATIENT_OPTIONS " -c statement_timeout=0 -c lock_timeout=10s"

enum {
	KEYWORDS_MAX = 64
};

struct keywords {
	const char *names[KEYWORDS_MAX + 1];
	const char *values[KEYWORDS_MAX + 1];
	int count;
};

static void set_keyword(struct keywords *keywords, const char *name, const char *value)
{
	for (int i = 0; i < keywords->count; i++)
		if (strcmp(keywords->names[i], name) == 0) {
			keywords->values[i] = value;
			return;
		}
	if (keywords->count == KEYWORDS_MAX)
		return;
	keywords->names[keywords->count] = name;
	keywords->values[keywords->count++] = value;
}

void promo_pg_clear(PGresult **result)
{
	PQclear(*result);
	*result = NULL;
}

static void free_options(PQconninfoOption **options)
{
	PQconninfoFree(*options);
}

static void free_arena(struct promo_arena **arena)
{
	promo_arena_free(*arena);
}

/* A warning of this kind beside a success means that the commit is here but not on the standby. */
static void receive_notice(void *argument, const PGresult *result)
{
	struct promo_store *store = argument;
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (!message)
		return;
	if (strstr(message, "synchronous replication"))
		store->replica_missed = true;
	promo_log(
		severity && strcmp(severity, "WARNING") == 0 ? PROMO_LOG_WARNING : PROMO_LOG_DEBUG,
		"the database says: %s", message);
}

/* As promo_store_allow_ms() may have left it in the transaction before. */
static void reset_patience(struct promo_store *store)
{
	store->silence_ms = store->patient ? PROMO_PG_SILENCE_PATIENT_MS : PROMO_PG_SILENCE_MS;
}

/* A list with its first items behind the others. */
static const char *turned(struct promo_arena *arena, const char *list, unsigned turns)
{
	const char *at = list;
	unsigned items = 1;

	for (const char *c = list; *c; c++)
		items += *c == ',';
	for (turns %= items; turns > 0; turns--)
		at = strchr(at, ',') + 1;
	if (at == list)
		return list;
	return promo_arena_printf(arena, "%s,%.*s", at, (int)(at - list - 1), list);
}

static const char *value_of(const struct promo_store *store, const PQconninfoOption *option,
	const char *session, struct promo_arena *arena)
{
	static const char *const lists[] = { "host", "hostaddr", "port" };

	for (size_t i = 0; i < PROMO_COUNT(lists); i++)
		if (strcmp(option->keyword, lists[i]) == 0)
			return turned(arena, option->val, store->turns);
	if (strcmp(option->keyword, "options") == 0 && !store->no_prepare)
		return promo_arena_printf(arena, "%s %s", session, option->val);
	return option->val;
}

int promo_pg_connect(struct promo_store *store, promo_pg_connect_fn *how)
{
	PROMO_CLEANUP(free_options) PQconninfoOption *options = NULL;
	PROMO_CLEANUP(free_arena) struct promo_arena *arena = promo_arena_new(65536);
	struct keywords keywords = { .count = 0 };
	const char *session = NULL;

	options = PQconninfoParse(store->uri, NULL);
	if (!options)
		return promo_fault(-EINVAL, "the URI of the database could not be understood");
	if (arena)
		session = promo_arena_printf(arena, SESSION_OPTIONS "%s%s",
			store->patient ? PATIENT_OPTIONS : HASTY_OPTIONS,
			store->options ? store->options : "");
	if (!session)
		return promo_fault(-ENOMEM, "no memory to connect to the database");
	for (size_t i = 0; i < PROMO_COUNT(defaults); i++)
		set_keyword(&keywords, defaults[i][0], defaults[i][1]);
	if (!store->no_prepare)
		set_keyword(&keywords, "options", session);
	for (const PQconninfoOption *option = options; option->keyword; option++) {
		const char *value;

		if (!option->val || !*option->val)
			continue;
		value = value_of(store, option, session, arena);
		if (!value)
			return promo_fault(-ENOMEM, "no memory to connect to the database");
		set_keyword(&keywords, option->keyword, value);
	}
	store->conn = how(keywords.names, keywords.values, 0);
	if (!store->conn)
		return promo_fault(-ENOMEM, "no memory to connect to the database");
	PQsetNoticeReceiver(store->conn, receive_notice, store);
	reset_patience(store);
	return 0;
}

static int connect_to(struct promo_store *store)
{
	int r = promo_pg_connect(store, PQconnectdbParams);

	if (r)
		return r;
	if (PQstatus(store->conn) != CONNECTION_OK) {
		promo_log(PROMO_LOG_ERROR, "could not connect to the database: %s",
			PQerrorMessage(store->conn));
		PQfinish(store->conn);
		store->conn = NULL;
		store->failure = PROMO_STORE_LOST;
		return PROMO_E_UNAVAILABLE;
	}
	return 0;
}

int promo_store_open(const struct promo_store_config *config, struct promo_store **ret)
{
	struct promo_store *store = calloc(1, sizeof(*store));
	int r;

	if (!store)
		return promo_fault(-ENOMEM, "no memory for a connection to the database");
	store->uri = strdup(config->uri);
	if (!store->uri) {
		promo_store_close(store);
		return promo_fault(-ENOMEM, "no memory for a connection to the database");
	}
	store->no_prepare = config->no_prepare;
	store->no_skip_locked = config->no_skip_locked;
	store->patient = config->patient;
	r = connect_to(store);
	if (r) {
		promo_store_close(store);
		return r;
	}
	*ret = store;
	return 0;
}

void promo_store_close(struct promo_store *store)
{
	if (!store)
		return;
	promo_pg_forget_prepared(store);
	PQfinish(store->conn);
	free(store->uri);
	free(store);
}

int promo_store_reopen(struct promo_store *store)
{
	PQfinish(store->conn);
	store->conn = NULL;
	store->in_transaction = false;
	store->copying = false;
	store->copied = false;
	promo_pg_forget_prepared(store);
	promo_pg_forget_failure(store);
	return connect_to(store);
}

/* Waits for input; false once the server has been silent for too long. */
static bool wait_for_input(struct promo_store *store)
{
	struct pollfd poller = { .fd = PQsocket(store->conn), .events = POLLIN };
	int n;

	do
		n = poll(&poller, 1, store->silence_ms);
	while (n < 0 && errno == EINTR);
	return n > 0;
}

/* A record of TLS has up to 16 kB, of which one read may take but the first 8: the rest waits inside
 * the library for TLS, where no poll() sees it. */
int promo_pg_reads(PGconn *connection)
{
	return PQsslInUse(connection) ? 3 : 1;
}

bool promo_pg_receive(struct promo_store *store)
{
	int alive = 1;

	if (!wait_for_input(store))
		(void)shutdown(PQsocket(store->conn), SHUT_RDWR);
	for (int reads = promo_pg_reads(store->conn); reads > 0 && alive; reads--)
		alive = PQconsumeInput(store->conn);
	return alive;
}

PGresult *promo_pg_next(struct promo_store *store)
{
	bool alive = true;

	while (alive && PQisBusy(store->conn))
		alive = promo_pg_receive(store);
	return PQgetResult(store->conn);
}

PGresult *promo_pg_finish(struct promo_store *store)
{
	PGresult *kept = NULL, *next;

	while ((next = promo_pg_next(store))) {
		ExecStatusType status = PQresultStatus(next);

		if (kept && PQresultStatus(kept) == PGRES_FATAL_ERROR) {
			PQclear(next);
			continue;
		}
		PQclear(kept);
		kept = next;
		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT ||
			status == PGRES_COPY_BOTH)
			break;
	}
	return kept;
}

int promo_pg_command(struct promo_store *store, const char *name, enum promo_pg_stage stage)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;
	int r;

	reset_patience(store);
	if (!store->conn || !PQsendQuery(store->conn, name))
		return promo_pg_judge_send(store, name, stage);
	result = promo_pg_finish(store);
	r = promo_pg_judge(store, result, name, stage);
	if (r)
		return r;
	/* COMMIT of a transaction in which a statement failed rolls back, and says so. */
	if (stage == PROMO_PG_COMMITTING && strcmp(PQcmdStatus(result), "COMMIT") != 0) {
		store->failure = PROMO_STORE_FAULT;
		return promo_fault(
			-EIO, "a transaction in which something failed was to be committed");
	}
	return 0;
}

static int begin(struct promo_store *store, const char *how)
{
	int r;

	promo_pg_forget_failure(store);
	r = promo_pg_command(store, how, PROMO_PG_READING);
	store->in_transaction = r == 0;
	return r;
}

int promo_store_begin(struct promo_store *store)
{
	return begin(store, "BEGIN");
}

int promo_store_begin_snapshot(struct promo_store *store)
{
	int r;

	r = begin(store, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	return r ? r : promo_store_exec(store, PROMO_Q_SNAPSHOT_ALLOW, NULL, NULL);
}

int promo_store_commit(struct promo_store *store)
{
	int r;

	promo_pg_forget_failure(store);
	r = promo_pg_command(store, "COMMIT", PROMO_PG_COMMITTING);
	store->in_transaction = false;
	return r;
}

void promo_store_rollback(struct promo_store *store)
{
	PROMO_CLEANUP(promo_pg_clear) PGresult *result = NULL;

	store->in_transaction = false;
	if (!store->conn || PQstatus(store->conn) != CONNECTION_OK)
		return;
	if (PQtransactionStatus(store->conn) == PQTRANS_IDLE)
		return;
	if (store->copying || store->copied)
		promo_pg_abandon_copy(store);
	if (PQsendQuery(store->conn, "ROLLBACK"))
		result = promo_pg_finish(store);
	if (PQresultStatus(result) != PGRES_COMMAND_OK) {
		PQfinish(store->conn);
		store->conn = NULL;
	}
}

int promo_store_ping(struct promo_store *store)
{
	promo_pg_forget_failure(store);
	return promo_pg_command(store, "", PROMO_PG_READING);
}
