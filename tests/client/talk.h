/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libpromo/api/op_auth.h"
#include "libpromo/api/op_code.h"
#include "libpromo/api/op_system.h"
#include "libpromo/client/client.h"
#include "tests/client/server.h"

/* A client that talks to a scripted server, and what it asks for. */

#define ID       "0190a1b2-c3d4-7abc-8def-0123456789ab"
#define VERSION  "{\"name\":\"promod\",\"version\":\"1\",\"api\":\"v1\"}"
#define OK_START "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: r1\r\n"

#define OK_VERSION .bytes = OK_START, .body = VERSION

/* A client, its server and its memory. */
struct talk {
	struct server *server;
	struct promo_client *client;
	struct promo_arena *arena;
	struct promo_reply reply;
};

static inline struct talk talk_to(struct server *server, int64_t timeout_ms)
{
	const struct promo_client_config config = {
		.server = server->address,
		.token = "pmo_s_test",
		.timeout_ms = timeout_ms,
	};
	struct talk talk = { .server = server, .arena = promo_arena_new(64 * 1024 * 1024) };

	assert_non_null(talk.arena);
	assert_int_equal(promo_client_new(&config, &talk.client), 0);
	return talk;
}

static inline struct talk talk(const struct step *steps, size_t count, int64_t timeout_ms)
{
	return talk_to(server_start(steps, count), timeout_ms);
}

/* After this the server's notes may be read. */
static inline void hang_up(struct talk *talk)
{
	promo_client_free(talk->client);
	server_stop(talk->server);
}

static inline void end(struct talk *talk)
{
	server_free(talk->server);
	promo_arena_free(talk->arena);
}

static inline int ask_version(struct talk *talk)
{
	return promo_client_call(
		talk->client, &promo_op_server_version, NULL, NULL, talk->arena, &talk->reply);
}

static inline int end_session(struct talk *talk)
{
	const struct promo_id_in in = { .id = ID };

	return promo_client_call(
		talk->client, &promo_op_session_end, &in, NULL, talk->arena, &talk->reply);
}

static inline int redeem(struct talk *talk)
{
	const struct promo_redemption_create_in in = { .code = "A1U2C3255X096E21",
		.phone_number = "+250788123456" };
	const struct promo_call call = { .idempotency_key = "key-1" };

	return promo_client_call(
		talk->client, &promo_op_redemption_create, &in, &call, talk->arena, &talk->reply);
}
