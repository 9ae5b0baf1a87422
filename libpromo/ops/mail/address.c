/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "libpromo/base/macros.h"

struct range4 {
	uint32_t first;
	int bits;
	enum promo_address_kind kind;
};

#define IP4(a, b, c, d)                                                                            \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

/* The first that fits; what stands in none is public. */
static const struct range4 ranges4[] = {
	{ IP4(100, 100, 100, 200), 32, PROMO_ADDRESS_FORBIDDEN }, /* metadata of a cloud */
	{ IP4(168, 63, 129, 16), 32, PROMO_ADDRESS_FORBIDDEN },   /* the same, of another */
	{ IP4(0, 0, 0, 0), 8, PROMO_ADDRESS_FORBIDDEN },
	{ IP4(10, 0, 0, 0), 8, PROMO_ADDRESS_PRIVATE },
	{ IP4(100, 64, 0, 0), 10, PROMO_ADDRESS_PRIVATE },
	{ IP4(127, 0, 0, 0), 8, PROMO_ADDRESS_PRIVATE },
	{ IP4(169, 254, 0, 0), 16,
		PROMO_ADDRESS_FORBIDDEN }, /* link-local, and metadata of clouds */
	{ IP4(172, 16, 0, 0), 12, PROMO_ADDRESS_PRIVATE },
	{ IP4(192, 0, 0, 0), 24, PROMO_ADDRESS_FORBIDDEN },
	{ IP4(192, 0, 2, 0), 24, PROMO_ADDRESS_FORBIDDEN },
	{ IP4(192, 88, 99, 0), 24, PROMO_ADDRESS_FORBIDDEN },
	{ IP4(192, 168, 0, 0), 16, PROMO_ADDRESS_PRIVATE },
	{ IP4(198, 18, 0, 0), 15, PROMO_ADDRESS_FORBIDDEN },
	{ IP4(198, 51, 100, 0), 24, PROMO_ADDRESS_FORBIDDEN },
	{ IP4(203, 0, 113, 0), 24, PROMO_ADDRESS_FORBIDDEN },
	{ IP4(224, 0, 0, 0), 3, PROMO_ADDRESS_FORBIDDEN }, /* multicast and reserved */
};

static enum promo_address_kind kind4(uint32_t address)
{
	for (size_t i = 0; i < PROMO_COUNT(ranges4); i++) {
		const uint32_t mask = UINT32_MAX << (32 - ranges4[i].bits);

		if ((address & mask) == ranges4[i].first)
			return ranges4[i].kind;
	}
	return PROMO_ADDRESS_PUBLIC;
}

struct range6 {
	unsigned char first[16];
	int bits;
	enum promo_address_kind kind;
	bool holds4; /* the IPv4 address that it stands for are its last four bytes */
};

/* The first that fits; beyond them only 2000::/3 is in use. */
static const struct range6 ranges6[] = {
	{ { [10] = 0xff, 0xff }, 96, PROMO_ADDRESS_FORBIDDEN, true },       /* mapped */
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, PROMO_ADDRESS_FORBIDDEN, true },  /* NAT64 */
	{ { [15] = 1 }, 128, PROMO_ADDRESS_PRIVATE, false },                /* ::1 */
	{ { 0xfd, 0x00, 0x0e, 0xc2 }, 32, PROMO_ADDRESS_FORBIDDEN, false }, /* metadata */
	{ { 0xfd, 0x20, 0x00, 0xce }, 32, PROMO_ADDRESS_FORBIDDEN, false }, /* metadata */
	{ { 0xfc }, 7, PROMO_ADDRESS_PRIVATE, false },                      /* RFC 4193 */
	{ { 0x20, 0x01 }, 23, PROMO_ADDRESS_FORBIDDEN, false },             /* Teredo ... */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, PROMO_ADDRESS_FORBIDDEN, false }, /* examples */
	{ { 0x20, 0x02 }, 16, PROMO_ADDRESS_FORBIDDEN, false },             /* 6to4 */
	{ { 0x3f, 0xff }, 20, PROMO_ADDRESS_FORBIDDEN, false },             /* examples */
	{ { 0x20 }, 3, PROMO_ADDRESS_PUBLIC, false },
};

static bool in_range6(const unsigned char address[16], const struct range6 *range)
{
	const size_t whole = (size_t)range->bits / 8;
	const unsigned char mask = (unsigned char)(0xff00 >> (range->bits % 8));

	return memcmp(address, range->first, whole) == 0 &&
	       (range->bits % 8 == 0 || (address[whole] & mask) == range->first[whole]);
}

static enum promo_address_kind kind6(const unsigned char address[16])
{
	for (size_t i = 0; i < PROMO_COUNT(ranges6); i++) {
		if (!in_range6(address, &ranges6[i]))
			continue;
		return ranges6[i].holds4
			       ? kind4(IP4(address[12], address[13], address[14], address[15]))
			       : ranges6[i].kind;
	}
	return PROMO_ADDRESS_FORBIDDEN;
}

enum promo_address_kind promo_address_kind(const struct sockaddr *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (address->sa_family == AF_INET) {
		memcpy(&in, address, sizeof(in));
		return kind4(ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&in6, address, sizeof(in6));
		return kind6(in6.sin6_addr.s6_addr);
	}
	return PROMO_ADDRESS_FORBIDDEN;
}
