/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/lib/daemon.h"
#include "tests/lib/wire.h"

/*
 * The API as clients meet it: the real daemon on a database of its own, with a first administrator
 * made by `promod admin create`, and requests over HTTP.
 */

struct api {
	struct promo_test_database *database;
	struct promo_test_daemon daemon;
	char token[80]; /* the administrator's */
};

/* A group's setup and teardown: *state is a struct api. */
int api_setup(void **state);
int api_teardown(void **state);

/* Signs in, and enrols an authenticator app where the user's role asks for one: so a user whose role does
 * can do this once. The token is copied. */
void api_sign_in(struct api *api, const char *identifier, const char *password, char ret_token[80]);
/* A user with these roles (a JSON array's members: "\"user\", \"support\"", "" for none) who signs in
 * at once. */
void api_user(struct api *api, const char *email, const char *roles, char ret_token[80]);

struct api_request {
	const char *method, *path;
	const char *token;   /* NULL: none */
	const char *headers; /* further lines, each with its CR LF; NULL: none */
	const char *body;    /* JSON; NULL: none */
};

struct api_answer {
	int status;
	struct wire_answer wire; /* its head; the body is below */
	char body[400 * 1024];
};

/* On a connection of its own. Returns the status. */
int api_ask(struct api *api, const struct api_request *request, struct api_answer *ret);
/* On an open connection, for tests of several at once. */
void api_send(struct wire *wire, const struct api_request *request);
void api_receive(struct wire *wire, const struct api_request *request, struct api_answer *ret);
#define API(api, answer, ...) api_ask((api), &(struct api_request){ __VA_ARGS__ }, (answer))

/* A value of the answer's JSON by its path ("batch.id", "errors.0.pointer"), as text; "" where there
 * is none. Good until the next call. */
const char *api_get(const struct api_answer *answer, const char *path);

/* A new batch, whose job has ended: its id. */
void api_batch(struct api *api, const char *name, int codes, char ret_id[40]);
/* The code of the batch with this serial, counted from 0 in the order of the list. */
void api_code(struct api *api, const char *batch_id, int index, char ret_code[40]);

/* The value of a line without labels of what GET /metrics answers. */
double api_metric(const char *text, const char *name);
