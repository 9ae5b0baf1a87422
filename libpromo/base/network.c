/* SPDX-License-Identifier: MIT */
#include "libpromo/base/network.h"

#include <arpa/inet.h>
#include <string.h>

enum {
	MAPPED_BITS = 96, /* ::ffff:0:0/96 */
	ADDRESS_BITS = 128,
};

static bool parse_address(const char *text, unsigned char ret[16], int *ret_from)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct in6_addr in6;
	struct in_addr in;

	if (inet_pton(AF_INET, text, &in) == 1) {
		memcpy(ret, mapped, sizeof(mapped));
		memcpy(ret + sizeof(mapped), &in, sizeof(in));
		*ret_from = MAPPED_BITS;
		return true;
	}
	if (inet_pton(AF_INET6, text, &in6) != 1)
		return false;
	memcpy(ret, &in6, sizeof(in6));
	*ret_from = 0;
	return true;
}

/* Digits alone, at most three. */
static bool parse_bits(const char *text, int *ret)
{
	int value = 0;

	if (strlen(text) == 0 || strlen(text) > 3 || text[strspn(text, "0123456789")])
		return false;
	for (; *text; text++)
		value = 10 * value + (*text - '0');
	*ret = value;
	return true;
}

bool promo_network_parse(const char *text, struct promo_network *ret)
{
	const char *slash = strchr(text, '/');
	size_t size = slash ? (size_t)(slash - text) : strlen(text);
	char address[INET6_ADDRSTRLEN] = "";
	struct promo_network network;
	int from, bits;

	if (size >= sizeof(address))
		return false;
	memcpy(address, text, size);
	if (!parse_address(address, network.bytes, &from))
		return false;
	bits = ADDRESS_BITS - from;
	if (slash && (!parse_bits(slash + 1, &bits) || bits > ADDRESS_BITS - from))
		return false;
	network.bits = from + bits;
	*ret = network;
	return true;
}

bool promo_network_holds(const struct promo_network *network, const char *address)
{
	const size_t whole = (size_t)network->bits / 8;
	const unsigned char mask = (unsigned char)(0xff00 >> (network->bits % 8));
	unsigned char bytes[16];
	int from;

	if (!parse_address(address, bytes, &from) || memcmp(bytes, network->bytes, whole) != 0)
		return false;
	return network->bits % 8 == 0 || ((bytes[whole] ^ network->bytes[whole]) & mask) == 0;
}
