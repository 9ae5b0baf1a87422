/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"

/*
 * The one way from a request to its answer: who asks and may he (auth.h), what does he say
 * (api/codec.h), one transaction with the operation, its idempotency key and its audit row, and the
 * answer as bytes. A runner belongs to one thread and has one connection of its own, which is also
 * its writer of the audit trail.
 */

PROMO_BEGIN_DECLS

struct promo_live;
struct promo_live_stream;
struct promo_runner;
struct promo_sealing;
struct promo_meter;

/* What all runners of a process share; outlives them. */
/* Where backups lie and how they are made; dir is NULL where they are not. */
struct promo_backup_config {
	const char *dir;
	const char *database;            /* URI of the role that they are made as */
	const char *postgres_bin;        /* of pg_dump and its like; NULL: the usual places */
	const unsigned char *public_key; /* 32 bytes: they are sealed to it, or NULL */
	const unsigned char *key;        /* its secret half, to verify them, or NULL */
};

struct promo_runner_config {
	const char *database; /* PostgreSQL URI of the application role */
	bool no_prepare, no_skip_locked;
	const char *version; /* of the program, for server.version */
	const char *openapi; /* promo_encode_openapi(), made once: it takes 5 ms of a core */
	const unsigned char *hash_key;            /* 32 bytes, for keyed hashes of phones */
	const unsigned char *mfa_key;             /* 32 bytes, seals the seeds of second factors */
	const unsigned char *mfa_old_key;         /* opens what was sealed before, or NULL */
	const char *smtp_password;                /* NULL: none */
	const char *sms_secret;                   /* of the gateway; NULL: none */
	struct promo_texts smtp_hosts, sms_hosts; /* where they may go (ops/mail/bound.h) */
	const char *smtp_ca_file;                 /* trusted beside no others; NULL: the system's */
	const char *spool_dir;                    /* for exports */
	int disk_least_percent; /* how much of its disk has to be free; 0: PROMO_DISK_LEAST_PERCENT */
	struct promo_backup_config backup;
	const char *image_decoder; /* the path of promo-image; NULL: pictures are not taken */
	struct promo_hash_slots *hash_slots; /* of the process (design 7: one a core) */
	/* Of the process: messages that are sent while somebody waits; NULL: without a bound. */
	struct promo_hash_slots *test_slots;
	struct promo_audit_folds
		*audit_folds;                /* of the process; NULL: every audit row is written */
	struct promo_auth_cache *auth_cache; /* filled for the lanes; NULL: there are none */
	struct promo_pace *pace;             /* how busy the lanes are; NULL: nobody asks */
	struct promo_live *live;             /* tells of events; NULL: nobody does */
	struct promo_meter *meter;           /* what the process counts; NULL: nothing */
	const struct promo_sealing *sealing; /* of the audit trail; NULL: nobody's key is trusted */
	int64_t resolve_ms; /* how long to find out about a commit that was lost; 0: 10 s */
};

int promo_runner_new(
	const struct promo_runner_config *config, struct promo_runner **ret) PROMO_CHECK;
void promo_runner_free(struct promo_runner *runner); /* NULL is fine */

struct promo_answer {
	bool again; /* it is none yet: run the same request once more, when others had their turn */
	int status;
	const char *content_type; /* NULL: no body */
	const char *body;
	size_t body_size;
	const char *etag; /* quoted; NULL: none */
	const char *location;
	const char *set_cookie; /* NULL: none */
	bool replayed;
	int64_t retry_after_s; /* 0: none */
	struct promo_rate_limit rate_limit;
	struct promo_spool *spool;      /* STREAM: the caller sends it and frees it */
	struct promo_live_stream *live; /* STREAM: the caller reads and closes it (live.h) */
	const char *content_encoding;   /* STREAM: "gzip", or NULL */
	bool manifest;       /* STREAM: promo_spool_manifest() tells of the whole at the end */
	int64_t spool_bytes; /* how long it will be; 0: nobody knows yet */
	bool takes_ranges;   /* a part of it may be asked for */
	const char *content_range; /* of 206 and 416; NULL: none */
	const char *filename;
	int error;           /* for the log: 0, or the error that the answer tells */
	const char *user_id; /* for the log */
};

/* Always answers: what goes wrong is a problem in *ret. Its texts live in `arena`. */
void promo_run(struct promo_runner *runner, const struct promo_request *request,
	struct promo_arena *arena, struct promo_answer *ret);

/* Whether the body of a request may be read, which is large: all that promo_run() looks at before the
 * operation and that does not stand in the body. Else the refusal is written down, and is in *ret. */
bool promo_run_admit(struct promo_runner *runner, const struct promo_request *request,
	struct promo_arena *arena, struct promo_answer *ret);

/* The id of the job that was queued by the request of this answer, in the answer's arena; NULL: none. */
const char *promo_run_queued_job(const struct promo_answer *answer);
/* Looks whether that job has ended: then *ret is the answer to say instead. Outside of any request:
 * who asks was let in when he queued it. */
bool promo_run_await(struct promo_runner *runner, const struct promo_answer *queued,
	struct promo_arena *arena, struct promo_answer *ret);

/* Runs an operation for the program itself, without a token and with every right, through the same
 * code and into the same audit trail (actor kind `system`): `promod admin create`. `in` and ret are
 * structs of the row; a refusal comes back with its particulars in *problem. */
int promo_run_as_system(struct promo_runner *runner, const struct promo_op *op, const void *in,
	struct promo_arena *arena, struct promo_problem *problem, void *ret) PROMO_CHECK;

/* Writes down, in the audit trail, that the front end refused a request of an operation before it
 * came to a runner: a body too large, a malformed query. */
void promo_run_note_refusal(struct promo_runner *runner, const struct promo_request *request,
	int error, struct promo_arena *arena);

/* A problem outside of any operation (no route, bad framing), as an answer. */
void promo_run_refuse(const struct promo_problem *problem, const struct promo_op *op,
	const char *request_id, struct promo_arena *arena, struct promo_answer *ret);

PROMO_END_DECLS
