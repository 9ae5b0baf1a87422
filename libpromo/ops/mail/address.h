/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

/*
 * Which addresses we connect to when somebody tells us a URL. Whoever may name one could otherwise have
 * us ask what only this machine can reach: the database beside it, or the service that hands a cloud
 * machine its credentials. Judged are the addresses that a name was resolved to, at the moment of
 * connecting, since a name may mean something else each time. Pure. Not installed.
 */

enum promo_address_kind {
	PROMO_ADDRESS_PUBLIC = 1, /* anybody can reach it */
	PROMO_ADDRESS_PRIVATE, /* of this machine or its network (RFC 1918, RFC 4193, RFC 6598) */
	/* Nothing that a URL could mean: link-local, multicast, reserved, for documentation, and where
	 * clouds keep the credentials of their machines. */
	PROMO_ADDRESS_FORBIDDEN,
};

/* By the registries of special addresses (RFC 6890). IPv6 that stands for an IPv4 address (mapped, NAT64)
 * is what that address is. */
enum promo_address_kind promo_address_kind(const struct sockaddr *address);
