/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/branding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "libpromo/base/hash.h"
#include "libpromo/ops/audit.h"
#include "libpromo/ops/run.h"
#include "libpromo/ops/spool.h"
#include "libpromo/store/store.h"

/* What was made of the body, from before() to the operation. */
struct prepared {
	struct promo_picture picture;
	const void *png;
	size_t png_size;
};

static const struct {
	const char *media_type, *kind;
	unsigned char first; /* byte of it: where nobody said what it is */
} kinds[] = {
	{ "image/png", "png", 0x89 },
	{ "image/jpeg", "jpeg", 0xff },
	{ "image/svg+xml", "svg", 0 },
};

static const char *kind_of(const struct promo_request *request)
{
	const char *type = request->content_type;

	for (size_t i = 0; i < PROMO_COUNT(kinds); i++) {
		if (type &&
			strncasecmp(type, kinds[i].media_type, strlen(kinds[i].media_type)) == 0)
			return kinds[i].kind;
		if (!type && request->input.body_size > 0 &&
			(unsigned char)request->input.body[0] == kinds[i].first)
			return kinds[i].kind;
	}
	return "svg";
}

int promo_branding_decode(struct promo_ctx *ctx)
{
	const struct promo_input *input = &ctx->request->input;
	struct prepared *prepared = promo_arena_alloc(ctx->arena, sizeof(*prepared));
	const char *why;
	int r;

	if (!prepared)
		return promo_fault(-ENOMEM, "could not take a picture");
	if (!ctx->config->image_decoder)
		return promo_ctx_refuse(ctx, PROMO_E_UNAVAILABLE,
			"this server has no program that decodes pictures");
	r = promo_picture_decode(ctx->config->image_decoder, kind_of(ctx->request),
		input->body ? input->body : "", input->body ? input->body_size : 0, ctx->arena,
		&prepared->picture, &why);
	if (r == PROMO_E_INVALID_INPUT)
		return promo_ctx_refuse_field(ctx, "", "invalid_value", "%s", why);
	if (!r)
		r = promo_picture_png(
			&prepared->picture, ctx->arena, &prepared->png, &prepared->png_size);
	if (!r)
		ctx->before = prepared;
	return r;
}

static int set(struct promo_ctx *ctx, const char *name)
{
	const struct prepared *prepared = ctx->before;
	struct promo_params params = PROMO_PARAMS(ctx->arena);

	promo_audit_entity(ctx, name, NULL);
	promo_param_text(&params, name);
	promo_param_int(&params, prepared->picture.width);
	promo_param_int(&params, prepared->picture.height);
	promo_param_bytes(&params, prepared->picture.pixels,
		(size_t)prepared->picture.width * (size_t)prepared->picture.height * 4);
	promo_param_bytes(&params, prepared->png, prepared->png_size);
	promo_param_text(&params, ctx->actor->user_id);
	return promo_store_exec(ctx->store, PROMO_Q_BRANDING_SET, &params, NULL);
}

int promo_branding_set_logo(struct promo_ctx *ctx)
{
	return set(ctx, "logo");
}

int promo_branding_set_favicon(struct promo_ctx *ctx)
{
	return set(ctx, "favicon");
}

/* Bytes in hex; the caller frees. NULL without memory or where it is none. */
static void *from_hex(const char *hex, size_t *ret_size)
{
	size_t size = strlen(hex) / 2;
	void *bytes = malloc(size + 1);

	if (bytes && promo_hex_decode(hex, bytes, size)) {
		free(bytes);
		return NULL;
	}
	*ret_size = size;
	return bytes;
}

static int take_png(void *context, int columns, const char *const *values)
{
	struct promo_spool *spool = context;
	size_t size = 0;
	void *bytes = columns == 1 && values[0] ? from_hex(values[0], &size) : NULL;
	int r;

	if (!bytes)
		return promo_fault(-EIO, "could not read a picture of the shop");
	r = promo_spool_write(spool, bytes, size);
	free(bytes);
	return r;
}

/* One transparent pixel, for who has no picture: a page that shows it shows nothing. */
static int write_nothing(struct promo_arena *arena, struct promo_spool *spool)
{
	static const uint8_t pixel[4];
	const struct promo_picture picture = { .width = 1, .height = 1, .pixels = pixel };
	const void *png;
	size_t size;
	int r;

	r = promo_picture_png(&picture, arena, &png, &size);
	return r ? r : promo_spool_write(spool, png, size);
}

static int show(struct promo_ctx *ctx, const char *name, const char *filename)
{
	struct promo_params params = PROMO_PARAMS(ctx->arena);
	struct promo_spool *spool;
	char first;
	int r;

	promo_param_text(&params, name);
	r = promo_spool_new(ctx->config->spool_dir, &spool);
	if (r)
		return r;
	r = promo_store_each(ctx->store, PROMO_Q_BRANDING_PNG, &params, take_png, spool);
	if (!r && promo_spool_read(spool, 0, &first, 1) != 1)
		r = write_nothing(ctx->arena, spool);
	promo_spool_finish(spool, r);
	if (r) {
		promo_spool_close(spool);
		return r;
	}
	ctx->spool = spool;
	ctx->filename = filename;
	return 0;
}

int promo_branding_logo(struct promo_ctx *ctx)
{
	return show(ctx, "logo", "logo.png");
}

int promo_branding_favicon(struct promo_ctx *ctx)
{
	return show(ctx, "favicon", "favicon.png");
}

static int take_pixels(void *context, int columns, const char *const *values)
{
	struct promo_picture picture = { .pixels = NULL };
	size_t size = 0;

	if (columns == 3 && values[0] && values[1] && values[2]) {
		picture.width = (int)strtol(values[0], NULL, 10);
		picture.height = (int)strtol(values[1], NULL, 10);
		picture.owned = from_hex(values[2], &size);
		picture.pixels = picture.owned;
	}
	if (!picture.pixels || size != (size_t)picture.width * (size_t)picture.height * 4) {
		promo_branding_release(&picture);
		return promo_fault(-EIO, "could not read the logo of the shop");
	}
	*(struct promo_picture *)context = picture;
	return 0;
}

int promo_branding_fetch_logo(
	struct promo_store *store, struct promo_arena *arena, struct promo_picture *ret)
{
	struct promo_params params = PROMO_PARAMS(arena);
	struct promo_picture picture = { .pixels = NULL };
	int r;

	promo_param_text(&params, "logo");
	r = promo_store_each(store, PROMO_Q_BRANDING_PIXELS, &params, take_pixels, &picture);
	if (r) {
		promo_branding_release(&picture);
		return r;
	}
	*ret = picture;
	return 0;
}

void promo_branding_release(struct promo_picture *picture)
{
	free(picture->owned);
	*picture = (struct promo_picture){ .pixels = NULL };
}
