/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/codec.h"
#include "libpromo/api/op.h"
#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"
#include "libpromo/model/permission.h"
#include "libpromo/model/words.h"

/*
 * What an operation gets to see. A front end (promod, or a test) fills a struct promo_request; the
 * runner (run.h) authenticates, decodes, opens the transaction, calls the operation with a struct
 * promo_ctx, writes the audit row, commits, and encodes the answer.
 */

PROMO_BEGIN_DECLS

struct promo_live_stream;
struct promo_runner_config;
struct promo_settings;
struct promo_spool;
struct promo_store;
struct promo_upload;

/* One request as it arrived. All texts are borrowed and NULL where there is nothing. */
struct promo_request {
	const struct promo_op *op;
	const char *request_id, *ip, *user_agent;
	const char *token;            /* of Authorization: Bearer, or of a cookie */
	const char *idempotency_key;  /* unchecked */
	const char *if_match;         /* unchecked */
	const char *range, *if_range; /* unchecked; of GET only */
	const char *content_type;
	const char *last_event_id; /* unchecked */
	/* Of browsers: it came with a cookie, by plain HTTP to this machine itself, of a page of an
	 * origin that is neither our own nor allowed. */
	bool by_cookie, is_plain, foreign_origin;
	bool takes_gzip;             /* the client takes packed answers */
	struct promo_input input;    /* path, query and body */
	struct promo_upload *upload; /* the body of PROMO_BODY_UPLOAD, complete */
	/* An earlier attempt at this very request may have been committed: until then (monotonic) find
	 * out, and never refuse what perhaps happened. 0: there was none. */
	int64_t resolve_until_ms;
	/* Nobody hears an answer that comes later (monotonic); 0: there is no such time. */
	int64_t answer_until_ms;
	/* How long a before() that can go on later may take at once; 0: it does all. */
	int64_t turn_ms;
};

/* Who asks. */
struct promo_actor {
	int kind;            /* enum promo_actor_kind */
	const char *user_id; /* NULL: anonymous */
	const char *name;
	const char *session_id; /* NULL where he comes with a key */
	const char *api_key_id;
	int64_t rank; /* the highest of his roles */
	bool super_admin;
	bool must_enrol; /* a second factor, before anything else */
	promo_permissions permissions;
};

/* What the operation adds to its audit row. */
struct promo_audit_note {
	const char *entity_kind, *entity_id;
	struct promo_objects changes; /* of struct promo_audit_changed: use promo_audit_change() */
	const char *phone;            /* E.164; stored only as a keyed hash */
	const struct promo_actor *actor; /* sign-in: who it turned out to be; else NULL */
};

/* What the headers RateLimit-Policy and RateLimit tell: of misses (throttle.h), of sign-ins that failed
 * (signin.h), or of wrong codes of a second factor (rules/mfa.h). */
struct promo_rate_limit {
	const char *name;        /* NULL: nothing is told */
	int64_t quota, window_s; /* the policy; window_s 0: what was counted stays */
	int64_t left, reset_s;   /* and where its user stands */
};

struct promo_ctx {
	const struct promo_runner_config *config;
	struct promo_store *store;
	struct promo_arena *arena;
	const struct promo_op *op;
	const struct promo_actor *actor;
	const struct promo_settings *settings;
	const struct promo_request *request;
	int64_t now_ms;              /* the database's clock when the transaction began */
	int64_t lane;                /* which row of totals this connection raises */
	const char *key;             /* the checked Idempotency-Key, NULL without one */
	const char *in_hash;         /* hex, of the operation and its decoded, normalised input */
	int64_t if_match;            /* the version of If-Match, where the row asks for one */
	struct promo_upload *upload; /* the file that was sent, PROMO_BODY_UPLOAD only */
	bool own_only; /* sees_all of the row is missing: only what is the actor's own */
	/* What the operation may set. */
	struct promo_problem problem; /* particulars of a refusal */
	struct promo_audit_note audit;
	struct promo_rate_limit rate_limit; /* of a refusal */
	bool commit_refusal;    /* commit although a refusal is returned: it was written down */
	bool replayed;          /* the answer is that of an earlier request */
	bool overtaken;         /* with -EAGAIN: another request was faster, begin again */
	bool wake_jobs;         /* call promo_jobs_wake() once this is committed */
	const void *other;      /* answer with op->other_status and this struct of op->other_out */
	const char *location;   /* header Location */
	const char *set_cookie; /* header Set-Cookie */
	struct promo_spool *spool;      /* STREAM: what to send, as a file */
	const char *body;               /* STREAM: or as text in the arena */
	struct promo_live_stream *live; /* STREAM: or what happens from now on (live.h) */
	/* What the key is bound to in the place of the answer, which shows a secret: it is shown once. */
	const char *kept_body;
	const char *filename;         /* STREAM: for Content-Disposition */
	const char *media_type;       /* STREAM: in the place of the row's; NULL: that */
	const char *content_encoding; /* STREAM: "gzip", or NULL */
	bool manifest;                /* STREAM: ends with what the whole is compared with */
	int64_t stream_bytes;         /* STREAM: how much is sent; 0: nobody knows yet */
	const char *etag;             /* STREAM: quoted; NULL: none */
	const char *content_range;    /* STREAM: then it is a part, 206; or of a refusal, 416 */
	void *before;                 /* what the operation's before() prepared */
	bool again;                   /* before(): there is more to do, call once more */
	bool pass_fence; /* before(): pass the fence (fence.h) ahead of the transaction */
};

/* Refuses with particulars: `return promo_ctx_refuse(ctx, PROMO_E_CODE_EXPIRED, "on %s", day)`. */
#define promo_ctx_refuse(ctx, error, ...)                                                          \
	promo_refuse(&(ctx)->problem, (ctx)->arena, (error), __VA_ARGS__)
/* Names a bad field; returns PROMO_E_INVALID_INPUT. */
#define promo_ctx_refuse_field(ctx, pointer, code, ...)                                            \
	promo_refuse_field(&(ctx)->problem, (ctx)->arena, (pointer), (code), __VA_ARGS__)

PROMO_END_DECLS
