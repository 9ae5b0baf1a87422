/* SPDX-License-Identifier: MIT */
#pragma once

#include "libpromo/ops/ctx.h"

/*
 * Binds every operation row to the typed function that does its work. The macros below make, for
 * each, a static adapter from the generic pointers of the runner to the structs of the operation:
 * with other structs than those it names the function does not compile, and a test compares the
 * sizes with the schemas of the row.
 *
 * By the shape of the answer, an operation is
 *   ONE     int f(struct promo_ctx *, const struct In *, struct Out *ret)
 *   LIST    int f(struct promo_ctx *, const struct In *, struct promo_list *ret)
 *   NONE    int f(struct promo_ctx *, const struct In *)
 *   STREAM  int f(struct promo_ctx *, const struct In *)  sets ctx->spool or ctx->body
 * and without the input where the row has none. *ret is zeroed before, its texts live in ctx->arena.
 * It runs inside a transaction, may be run again from the start (40001), and may refuse.
 *
 * before(), where there is one, runs without a transaction: hashing, images, network, files. It may
 * read by ctx->store, and leaves what it made in ctx->before. It runs once, unless it sets ctx->again
 * since its turn (ctx->request->turn_ms) is over, or the connection is lost; what it writes is nothing by
 * itself, and may be written twice.
 *
 * check(), where there is one, is asked only where the form of an input is bad already: it names
 * what is wrong with the fields that could be read, so that every bad field is named at once. Those
 * that could not hold their kind's null. It may read by ctx->store. Where the body is an upload it is
 * asked before the body is read as well, with what stands in path and query.
 */

PROMO_BEGIN_DECLS

typedef int promo_run_fn(struct promo_ctx *ctx, const void *in, void *ret);
typedef int promo_before_fn(struct promo_ctx *ctx, const void *in);

enum promo_bind_flag {
	PROMO_BIND_NO_STORE = 1 << 0,  /* needs no transaction, no actor and no audit row: probes */
	PROMO_BIND_KEEPS_KEY = 1 << 1, /* keeps its Idempotency-Key itself, in a row of its own */
	/* What it writes rests on the state of a batch that it read; see fence.h. */
	PROMO_BIND_FENCED = 1 << 2,
	/* It changes such a state: answered when nothing that rests on the old one can come any more. */
	PROMO_BIND_FENCES = 1 << 3,
	/* With NO_STORE: it is called once more, with ctx->store NULL, where the database is away. */
	PROMO_BIND_BLIND = 1 << 4,
	/* With NO_STORE: ctx->settings are those of this moment, or with BLIND those that were read last. */
	PROMO_BIND_SETTINGS = 1 << 5,
};

/* A typed function behind generic pointers, with the sizes of the structs it names (0: none). */
struct promo_adapter {
	promo_run_fn *run;
	size_t in_size, out_size;
};

struct promo_binding {
	const struct promo_op *op;
	const struct promo_adapter *adapter;
	promo_before_fn *before; /* or NULL */
	promo_before_fn *check;  /* or NULL */
	unsigned flags;
};

/* The binding of every row of promo_ops, in any order; the list ends with a NULL op. */
extern const struct promo_binding promo_bindings[];

/* NULL if there is none, which the tests rule out. */
const struct promo_binding *promo_binding_find(const struct promo_op *op);

#define PROMO_ADAPTER_(fn, in, out)                                                                \
	static const struct promo_adapter adapter_##fn = { run_##fn, (in), (out) };
#define PROMO_RUN_ONE(fn, In, Out)                                                                 \
	static int run_##fn(struct promo_ctx *ctx, const void *in, void *ret)                      \
	{                                                                                          \
		const struct In *typed_in = in;                                                    \
		struct Out *typed_ret = ret;                                                       \
                                                                                                   \
		return fn(ctx, typed_in, typed_ret);                                               \
	}                                                                                          \
	PROMO_ADAPTER_(fn, sizeof(struct In), sizeof(struct Out))
#define PROMO_RUN_ONE_BARE(fn, Out)                                                                \
	static int run_##fn(struct promo_ctx *ctx, const void *in, void *ret)                      \
	{                                                                                          \
		struct Out *typed_ret = ret;                                                       \
                                                                                                   \
		(void)in;                                                                          \
		return fn(ctx, typed_ret);                                                         \
	}                                                                                          \
	PROMO_ADAPTER_(fn, 0, sizeof(struct Out))
#define PROMO_RUN_LIST(fn, In) PROMO_RUN_ONE(fn, In, promo_list)
#define PROMO_RUN_NONE(fn, In)                                                                     \
	static int run_##fn(struct promo_ctx *ctx, const void *in, void *ret)                      \
	{                                                                                          \
		const struct In *typed_in = in;                                                    \
                                                                                                   \
		(void)ret;                                                                         \
		return fn(ctx, typed_in);                                                          \
	}                                                                                          \
	PROMO_ADAPTER_(fn, sizeof(struct In), 0)
#define PROMO_RUN_NONE_BARE(fn)                                                                    \
	static int run_##fn(struct promo_ctx *ctx, const void *in, void *ret)                      \
	{                                                                                          \
		(void)in;                                                                          \
		(void)ret;                                                                         \
		return fn(ctx);                                                                    \
	}                                                                                          \
	PROMO_ADAPTER_(fn, 0, 0)
#define PROMO_BEFORE(fn, In)                                                                       \
	static int before_##fn(struct promo_ctx *ctx, const void *in)                              \
	{                                                                                          \
		const struct In *typed_in = in;                                                    \
                                                                                                   \
		return fn(ctx, typed_in);                                                          \
	}

#define PROMO_BEFORE_BARE(fn)                                                                      \
	static int before_##fn(struct promo_ctx *ctx, const void *in)                              \
	{                                                                                          \
		(void)in;                                                                          \
		return fn(ctx);                                                                    \
	}

PROMO_END_DECLS
