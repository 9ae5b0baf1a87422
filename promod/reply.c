/* SPDX-License-Identifier: MIT */
#include "promod/reply.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "libpromo/ops/spool.h"

static void add(struct promod_reply *reply, const char *name, const char *value)
{
	if (!value)
		return;
	assert(reply->field_count < PROMOD_FIELDS_MAX);
	reply->fields[reply->field_count++] = (struct promod_field){ name, value };
}

/* RFC 6266: names of batches are plain ASCII, so the simple form does; what would end the quoted
 * text early cannot stand in them, and is dropped if it does. */
static const char *disposition(const char *filename, struct promo_arena *arena)
{
	char *name = promo_arena_strdup(arena, filename);
	char *to = name;

	if (!name)
		return NULL;
	for (const char *at = filename; *at; at++)
		if ((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7f && *at != '"' &&
			*at != '\\' && *at != '/')
			*to++ = *at;
	*to = '\0';
	return promo_arena_printf(arena, "attachment; filename=\"%s\"", name);
}

/* draft-ietf-httpapi-ratelimit-headers-09, the structured fields of sections 3 and 4: how many are
 * allowed (w is optional), how many of them are left, and in how many seconds there are more again. */
static void add_rate_limit(
	struct promod_reply *reply, const struct promo_rate_limit *limit, struct promo_arena *arena)
{
	if (!limit->name)
		return;
	add(reply, "RateLimit-Policy",
		limit->window_s ? promo_arena_printf(arena, "\"%s\";q=%" PRId64 ";w=%" PRId64,
					  limit->name, limit->quota, limit->window_s)
				: promo_arena_printf(
					  arena, "\"%s\";q=%" PRId64, limit->name, limit->quota));
	add(reply, "RateLimit",
		promo_arena_printf(arena, "\"%s\";r=%" PRId64 ";t=%" PRId64, limit->name,
			limit->left, limit->reset_s));
}

/* The Fetch standard, 3.3: what a page elsewhere may do and see. */
static void add_cors(struct promod_reply *reply, const struct promod_reply_extra *extra)
{
	if (extra->varies)
		add(reply, "Vary", "Origin");
	if (!extra->origin)
		return;
	add(reply, "Access-Control-Allow-Origin", extra->origin);
	add(reply, "Access-Control-Allow-Credentials", "true");
	if (!extra->preflight) {
		add(reply, "Access-Control-Expose-Headers",
			"Content-Disposition, Content-Range, ETag, Export-Bytes, Export-Rows, "
			"Export-SHA256, Idempotent-Replayed, Location, RateLimit, "
			"RateLimit-Policy, "
			"Retry-After, X-Request-Id");
		return;
	}
	add(reply, "Access-Control-Allow-Methods", extra->preflight);
	add(reply, "Access-Control-Allow-Headers",
		"Authorization, Content-Type, Idempotency-Key, If-Match, If-Range, Last-Event-ID, "
		"Prefer, Range, X-Request-Id");
	add(reply, "Access-Control-Max-Age", "600");
}

void promod_reply_make(const struct promo_answer *answer, const struct promod_reply_extra *extra,
	struct promo_arena *arena, struct promod_reply *ret)
{
	struct promod_reply reply = {
		.status = answer->status,
		.body = answer->body,
		.body_size = answer->body ? answer->body_size : 0,
	};

	add(&reply, "X-Request-Id", extra->request_id);
	/* Answers are of one user and one moment. */
	add(&reply, "Cache-Control", "no-store");
	add(&reply, "X-Content-Type-Options", "nosniff");
	add(&reply, "Content-Type", answer->content_type);
	add(&reply, "ETag", answer->etag);
	if (answer->takes_ranges)
		add(&reply, "Accept-Ranges", "bytes");
	add(&reply, "Content-Range", answer->content_range);
	add(&reply, "Location", answer->location);
	add(&reply, "Allow", extra->allow);
	add(&reply, "Set-Cookie", answer->set_cookie);
	add_cors(&reply, extra);
	if (answer->status == 401)
		add(&reply, "WWW-Authenticate", "Bearer");
	if (answer->replayed)
		add(&reply, "Idempotent-Replayed", "true");
	if (answer->retry_after_s > 0)
		add(&reply, "Retry-After",
			promo_arena_printf(arena, "%" PRId64, answer->retry_after_s));
	add_rate_limit(&reply, &answer->rate_limit, arena);
	add(&reply, "Content-Encoding", answer->content_encoding);
	if (answer->content_encoding)
		add(&reply, "Vary", "Accept-Encoding");
	if (answer->manifest)
		add(&reply, "Trailer", "Export-Rows, Export-Bytes, Export-SHA256");
	if (answer->filename)
		add(&reply, "Content-Disposition", disposition(answer->filename, arena));
	*ret = reply;
}

bool promod_reply_may_look_whole(const struct promo_answer *answer, bool is_http_1_0)
{
	return answer->spool && answer->spool_bytes == 0 && is_http_1_0;
}

size_t promod_reply_manifest(
	struct promo_spool *spool, struct promo_arena *arena, struct promod_field *fields)
{
	struct promo_spool_manifest manifest;

	if (!promo_spool_manifest(spool, &manifest))
		return 0;
	fields[0] = (struct promod_field){ "Export-Rows",
		promo_arena_printf(arena, "%" PRId64, manifest.rows) };
	fields[1] = (struct promod_field){ "Export-Bytes",
		promo_arena_printf(arena, "%" PRId64, manifest.bytes) };
	fields[2] = (struct promod_field){ "Export-SHA256",
		promo_arena_strdup(arena, manifest.sha256) };
	return fields[0].value && fields[1].value && fields[2].value ? 3 : 0;
}
