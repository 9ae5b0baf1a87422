/* SPDX-License-Identifier: MIT */
#include "libpromo/base/box.h"

#include <sodium.h>

#include "libpromo/base/error.h"
#include "libpromo/base/hash.h"

enum {
	STREAM_KEY = crypto_secretstream_xchacha20poly1305_KEYBYTES,
	SEALED_KEY = STREAM_KEY + crypto_box_SEALBYTES,
};

_Static_assert(
	sizeof(struct promo_box) >= sizeof(crypto_secretstream_xchacha20poly1305_state), "state");
_Static_assert(PROMO_BOX_KEY_BYTES == crypto_box_PUBLICKEYBYTES, "public key");
_Static_assert(PROMO_BOX_KEY_BYTES == crypto_box_SECRETKEYBYTES, "secret key");
_Static_assert(
	PROMO_BOX_HEAD_BYTES == SEALED_KEY + crypto_secretstream_xchacha20poly1305_HEADERBYTES,
	"head");
_Static_assert(PROMO_BOX_EXTRA_BYTES == crypto_secretstream_xchacha20poly1305_ABYTES, "tag");

static crypto_secretstream_xchacha20poly1305_state *state_of(struct promo_box *box)
{
	return (void *)box->state;
}

void promo_box_public(
	const unsigned char secret[PROMO_BOX_KEY_BYTES], unsigned char ret[PROMO_BOX_KEY_BYTES])
{
	(void)crypto_scalarmult_base(ret, secret);
}

int promo_box_begin(const unsigned char public_key[PROMO_BOX_KEY_BYTES],
	unsigned char ret_head[PROMO_BOX_HEAD_BYTES], struct promo_box *ret)
{
	unsigned char key[STREAM_KEY];
	int r;

	crypto_secretstream_xchacha20poly1305_keygen(key);
	r = crypto_box_seal(ret_head, key, sizeof(key), public_key);
	if (r == 0)
		r = crypto_secretstream_xchacha20poly1305_init_push(
			state_of(ret), ret_head + SEALED_KEY, key);
	promo_secret_wipe(key, sizeof(key));
	return r == 0 ? 0 : PROMO_E_INVALID_INPUT;
}

void promo_box_seal(
	struct promo_box *box, const void *bytes, size_t size, bool last, unsigned char *ret)
{
	(void)crypto_secretstream_xchacha20poly1305_push(state_of(box), ret, NULL, bytes, size,
		NULL, 0,
		last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
		     : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
}

int promo_box_open(const unsigned char secret[PROMO_BOX_KEY_BYTES],
	const unsigned char head[PROMO_BOX_HEAD_BYTES], struct promo_box *ret)
{
	unsigned char public_key[PROMO_BOX_KEY_BYTES], key[STREAM_KEY];
	int r;

	promo_box_public(secret, public_key);
	r = crypto_box_seal_open(key, head, SEALED_KEY, public_key, secret);
	if (r == 0)
		r = crypto_secretstream_xchacha20poly1305_init_pull(
			state_of(ret), head + SEALED_KEY, key);
	promo_secret_wipe(key, sizeof(key));
	return r == 0 ? 0 : PROMO_E_INVALID_INPUT;
}

int promo_box_unseal(
	struct promo_box *box, const unsigned char *sealed, size_t size, void *ret, bool *ret_last)
{
	unsigned char tag;

	if (size < PROMO_BOX_EXTRA_BYTES ||
		crypto_secretstream_xchacha20poly1305_pull(
			state_of(box), ret, NULL, &tag, sealed, size, NULL, 0) != 0)
		return PROMO_E_INVALID_INPUT;
	*ret_last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
	return 0;
}
