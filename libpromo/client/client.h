/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/api/op.h"
#include "libpromo/base/arena.h"
#include "libpromo/base/problem.h"

/*
 * Calls operations of a server. One client belongs to one thread at a time and keeps its connections
 * open; several calls may be under way, and nothing of them moves but while somebody waits for them. What goes wrong is a number of errors.def with its particulars in the reply's problem:
 * what the server refused, PROMO_E_UNAVAILABLE where it could not be reached or did not answer, and
 * PROMO_E_OUTCOME_UNKNOWN where a request that writes was sent and no answer came in time.
 * Only what is safe is sent again by itself: GET, and POST with an idempotency key. What certainly did
 * nothing is tried a few times. What perhaps did something, because no answer came or the server
 * said that it does not know, is asked for again with its key until its time is over, and no
 * refusal of such a later try is told as the outcome unless it is one.
 */

PROMO_BEGIN_DECLS

struct promo_client;

struct promo_client_config {
	const char *server;  /* "https://host[:port]", "http://host[:port]" or "unix:/path" */
	const char *token;   /* bearer token, or NULL */
	const char *ca_file; /* further certificate authorities, or NULL */
	const char *user_agent;
	int64_t connect_timeout_ms; /* 0: 3,000 */
	int64_t timeout_ms;         /* of one call with its retries; 0: 30,000 */
	/* Whoever can wait and show so himself is handed 429 and 503 with their Retry-After at
	 * once, where nothing was done that is not known. */
	bool impatient;
};

/* PROMO_E_INVALID_INPUT if the server's address cannot be understood. */
int promo_client_new(
	const struct promo_client_config *config, struct promo_client **ret) PROMO_CHECK;
void promo_client_free(struct promo_client *client); /* when no call is left; NULL is fine */
/* Of the calls that begin from now on; NULL: nobody is signed in. */
int promo_client_set_token(struct promo_client *client, const char *token) PROMO_CHECK;

/* Whether everybody on the way can read what is sent: http, and not to this machine itself. */
bool promo_client_is_clear(const struct promo_client *client);
/* The same of an address, before anything goes there; false for what is none. */
bool promo_client_address_is_clear(const char *server);

struct promo_call {
	const char *idempotency_key;
	const char *if_match; /* the quoted version */
	int64_t prefer_wait_s;
};

struct promo_reply {
	int http_status; /* 0: no answer came */
	void *out;       /* struct of op->out, struct promo_list of it, or NULL */
	void *other;     /* struct of op->other_out, where that was the answer */
	/* of the object that came, in `out` or `other`; NULL for a list and without an answer */
	const struct promo_schema *noun;
	const char *json; /* the body as it came (NULL without one) */
	const char *request_id, *location, *etag;
	bool replayed; /* the answer is that of an earlier call with the same key */
	struct promo_problem problem;
};

/* Sends `in` (a struct of op->in; NULL: nothing is given; see promo_encode_input() for which fields
 * are sent) and decodes the answer into the arena. *ret is always written; after a refusal its
 * problem says more. 429 and 503 with Retry-After are waited for and tried again, if that is safe
 * and there is time; a signal ends such a wait. A try of a write with a key takes a third of the
 * time at most, so that others can follow it. */
int promo_client_call(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_call *call, struct promo_arena *arena,
	struct promo_reply *ret) PROMO_CHECK;

/* Whether the result of a call is the last word on its key, whatever became of earlier tries with it:
 * only then may the key be forgotten. */
bool promo_client_settles(int r, const struct promo_reply *reply);

/* The same in pieces, for those who have other things to do meanwhile. What begins is sent while
 * promo_client_wait() waits; `in` and the texts of `call` need not last, the arena has to until the
 * end. A failure of the beginning is a fault; all else is what promo_client_end() returns. */
struct promo_client_call;
int promo_client_begin(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_call *call, struct promo_arena *arena,
	struct promo_client_call **ret) PROMO_CHECK;
bool promo_client_is_over(const struct promo_client_call *call);
/* The result of promo_client_call() of one that is over, which is freed by that. */
int promo_client_end(struct promo_client_call *call, struct promo_reply *ret) PROMO_CHECK;
/* Whether tries of a call under way came to nothing, so that its end may be long in coming: to be said
 * meanwhile. A single try that failed and is followed at once is no news. */
bool promo_client_is_struggling(const struct promo_client *client);
/* Forgets one wherever it stands. If it writes, it may have been done. */
void promo_client_cancel(struct promo_client_call *call);

enum {
	PROMO_CLIENT_FDS_MAX = 16
};

/* Waits until a call is over, one of the caller's descriptors can be read (or has ended), or the
 * time is over (-1: none is set). It returns sooner whenever a call moves or a signal comes: look,
 * and wait again. ret_readable: one for each descriptor. Only a fault leaves the calls unable to
 * go on. */
int promo_client_wait(struct promo_client *client, const int *fds, size_t count, int timeout_ms,
	bool *ret_readable) PROMO_CHECK;

/* For operations whose body is a file. It may take as long as it wants while bytes move (timeout_ms
 * counts the time without any). All of the file that can be sought is sent, from its beginning; of
 * anything else, such as a pipe, what comes until its end, once. */
struct promo_client_file {
	int fd;
	const char *content_type;
	/* Told after pieces of it were handed on, from within promo_client_upload(): may be NULL.
	 * `total` is -1 where nobody knows. */
	void (*progress)(void *context, int64_t sent, int64_t total);
	void *context;
};
int promo_client_upload(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_call *call, const struct promo_client_file *file,
	struct promo_arena *arena, struct promo_reply *ret) PROMO_CHECK;

/* For operations that answer with a stream, which may take as long as it wants while bytes come
 * (timeout_ms counts the time without any): hands the bytes to `write` (a result other than 0 ends
 * it and is returned). ret->filename is what the server calls the file. The bytes are complete when
 * 0 is returned; a connection that breaks in between is PROMO_E_UNAVAILABLE. */
typedef int promo_write_fn(void *context, const void *bytes, size_t size);
/* Goes on with one that broke off, where the server can and has the same file still: else all of it comes,
 * and restart() is told so before the first byte. */
struct promo_resume {
	const char *etag; /* of promo_reply, when it broke off */
	int64_t from;     /* bytes that came, above 0 */
	int (*restart)(void *context);
};
struct promo_download {
	const char *filename;
	int64_t bytes;
	/* What the server said of the file at its end: NULL where it was not asked, or did not say. */
	const char *rows, *size, *sha256;
};
int promo_client_download(struct promo_client *client, const struct promo_op *op, const void *in,
	promo_write_fn *write, void *context, struct promo_arena *arena,
	struct promo_reply *ret_reply, struct promo_download *ret) PROMO_CHECK;
/* PROMO_E_RANGE_NOT_SATISFIABLE: there is nothing behind what came. */
int promo_client_resume(struct promo_client *client, const struct promo_op *op, const void *in,
	const struct promo_resume *resume, promo_write_fn *write, void *context,
	struct promo_arena *arena, struct promo_reply *ret_reply,
	struct promo_download *ret) PROMO_CHECK;

PROMO_END_DECLS
