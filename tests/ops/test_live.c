/* SPDX-License-Identifier: MIT */
/* Streams of live events without HTTP: their bounds, their beat, who is too slow, and that each thing is told once
 * where much happens at once. What they tell of is tested by tests/promod/test_events.c. */
#include "libpromo/ops/live.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "libpromo/api/op_alert.h"
#include "libpromo/base/time.h"
#include "tests/lib/test.h"
#include "tests/ops/till.h"

enum {
	WAIT_MS = 20 * 1000,
	CROWD = 250,  /* more than are read at once */
	FLOOD = 8000, /* more bytes than wait for anybody */
	FLOOD_PIECE = 1000,
	COMINGS = 6,
	LITTLE_FLOOD = 1500, /* more than is read at once */
};

struct hearer {
	struct promo_live_stream *stream;
	int bell;
	char text[64 * 1024];
	size_t size;
	char event[64], id[8192], data[16 * 1024];
	int beats;
};

static struct promo_live *live;

static int begin(void **state)
{
	struct till *till = *state;
	const struct promo_live_config config = {
		.runner = &till->config, .streams_max = 3, .every_ms = 20, .beat_ms = 50
	};

	assert_int_equal(promo_live_start(&config, &live), 0);
	till->config.live = live;
	return 0;
}

static int end(void **state)
{
	struct till *till = *state;

	promo_live_stop(live);
	till->config.live = NULL;
	return 0;
}
#define LIVE_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

static void ring(void *context)
{
	const uint64_t one = 1;

	assert_int_equal(write(*(int *)context, &one, sizeof(one)), sizeof(one));
}

static int open_stream(struct till *till, struct hearer *h, const struct person *who,
	const char *topics, const char *last_id)
{
	int status = ASK(till, .op = &promo_op_event_stream, .token = who->token,
		.query = { { "topics", topics }, { last_id ? "last_event_id" : NULL, last_id } });

	if (status != 200)
		return status;
	*h = (struct hearer){ .stream = till->answer.live, .bell = eventfd(0, EFD_CLOEXEC) };
	assert_non_null(h->stream);
	promo_live_set_wake(h->stream, ring, &h->bell);
	return status;
}

static void listen_to(struct till *till, struct hearer *h, const struct person *who,
	const char *topics, const char *last_id)
{
	assert_int_equal(open_stream(till, h, who, topics, last_id), 200);
}

static void leave(struct hearer *h)
{
	promo_live_close(h->stream);
	(void)close(h->bell);
}

/* More bytes; what promo_live_read() says. */
static ptrdiff_t receive(struct hearer *h)
{
	for (;;) {
		struct pollfd bell = { .fd = h->bell, .events = POLLIN };
		ptrdiff_t count = promo_live_read(
			h->stream, h->text + h->size, sizeof(h->text) - 1 - h->size);
		uint64_t rung;

		if (count > 0)
			h->size += (size_t)count;
		if (count != PROMO_LIVE_WAIT)
			return count;
		if (poll(&bell, 1, WAIT_MS) != 1)
			fail_msg("nothing came");
		assert_int_equal(read(h->bell, &rung, sizeof(rung)), sizeof(rung));
	}
}

/* The next block of lines: its event ("" for a beat and the beginning), data and id stand in *h. */
static void take_block(struct hearer *h)
{
	char *stop;

	h->event[0] = h->data[0] = '\0';
	for (;;) {
		h->text[h->size] = '\0';
		stop = strstr(h->text, "\n\n");
		if (stop)
			break;
		assert_true(receive(h) > 0);
	}
	stop[1] = '\0';
	for (char *line = h->text, *next; *line; line = next) {
		next = line + strcspn(line, "\n");
		*next++ = '\0';
		h->beats += line[0] == ':';
		if (strncmp(line, "event: ", 7) == 0)
			(void)snprintf(h->event, sizeof(h->event), "%s", line + 7);
		else if (strncmp(line, "data: ", 6) == 0)
			(void)snprintf(h->data, sizeof(h->data), "%s", line + 6);
		else if (strncmp(line, "id: ", 4) == 0)
			(void)snprintf(h->id, sizeof(h->id), "%s", line + 4);
	}
	h->size -= (size_t)(stop + 2 - h->text);
	memmove(h->text, stop + 2, h->size);
}

static void expect(struct hearer *h, const char *event)
{
	do
		take_block(h);
	while (h->event[0] == '\0');
	assert_string_equal(h->event, event);
}

/* Rows of the trail that tell of settings, of a category each: "first", then "first + 1" and so on. */
static void happen(struct till *till, int first, int count)
{
	(void)promo_test_sql(till->database,
		"WITH w AS (INSERT INTO audit_writers (process, seq) VALUES ('test', %d) RETURNING "
		"id) INSERT INTO audit_log (writer_id, seq, id, actor_kind, action, outcome, "
		"entity_id) SELECT id, n, gen_random_uuid(), 'system', 'branding.set-logo', "
		"'allowed', ('00000000-0000-7000-8000-' || lpad((%d + n - 1)::text, 12, "
		"'0'))::uuid "
		"FROM w, generate_series(1, %d) n",
		count, first, count);
}

/* Each a millisecond later than the one with the number before. */
static void notify(struct till *till, const struct person *who, int first, int count)
{
	static int64_t began_ms;

	if (began_ms == 0)
		began_ms = promo_now_ms();
	(void)promo_test_sql(till->database,
		"INSERT INTO notifications (id, user_id, kind, title, body) SELECT (lpad(to_hex("
		"%lld + n), 12, '0') || '70008' || right(md5(random()::text), 15))::uuid, '%s', "
		"'batch_assigned', 'n' || n, '' FROM generate_series(%d, %d) n",
		(long long)began_ms, who->id, first, first + count - 1);
}

static void expect_notified(struct hearer *h, int number)
{
	char title[64];

	expect(h, "notification.created");
	(void)snprintf(title, sizeof(title), "\"title\":\"n%d\"", number);
	if (!strstr(h->data, title))
		fail_msg("not n%d but %s", number, h->data);
}

static void test_beat(void **state)
{
	struct person who = till_person(*state, "support");
	struct hearer h;

	listen_to(*state, &h, &who, "batch", NULL);
	while (h.beats < 3) {
		take_block(&h);
		assert_string_equal(h.event, "");
		assert_string_not_equal(h.id, "");
	}
	leave(&h);
}

static void test_no_room(void **state)
{
	struct till *till = *state;
	struct person who = till_person(till, "support");
	struct hearer hearers[3], more;

	for (size_t i = 0; i < PROMO_COUNT(hearers); i++)
		listen_to(till, &hearers[i], &who, "batch", NULL);
	assert_int_equal(promo_live_count(live), 3);
	assert_int_equal(open_stream(till, &more, &who, "batch", NULL), 503);
	assert_got(till, "code", "unavailable");
	assert_true(till->answer.retry_after_s > 0);
	leave(&hearers[1]);
	listen_to(till, &more, &who, "batch", NULL);
	leave(&more);
	leave(&hearers[0]);
	leave(&hearers[2]);
	assert_int_equal(promo_live_count(live), 0);
}

/* Who does not read is cut off, holds nobody up, and comes back for what he missed. */
static void test_slow(void **state)
{
	struct till *till = *state;
	struct person who = till_person(till, "");
	struct hearer fast, slow;
	char last[8192];

	till_grant(till, &who, "system.settings.read");
	listen_to(till, &slow, &who, "settings", NULL);
	take_block(&slow);
	(void)snprintf(last, sizeof(last), "%s", slow.id);
	listen_to(till, &fast, &who, "settings", NULL);
	take_block(&fast);
	/* In pieces that fit: who reads is not too slow for being kept from the processor for a moment. */
	for (int i = 0; i < FLOOD; i += FLOOD_PIECE) {
		happen(till, i, FLOOD_PIECE);
		for (int j = 0; j < FLOOD_PIECE; j++)
			expect(&fast, "settings.changed");
	}
	assert_int_equal(receive(&slow), PROMO_LIVE_CUT);
	leave(&slow);
	listen_to(till, &slow, &who, "settings", last);
	for (int i = 0; i < FLOOD; i++)
		expect(&slow, "settings.changed");
	leave(&fast);
	leave(&slow);
}

/* Whoever comes while things happen hears of what happens from then on, each once. */
static void test_coming(void **state)
{
	struct till *till = *state;
	struct person who = till_person(till, "");
	struct hearer before, h;

	till_grant(till, &who, "system.settings.read");
	listen_to(till, &before, &who, "settings", NULL);
	take_block(&before);
	for (int i = 0; i < COMINGS; i++) {
		happen(till, 2 * i, 1);
		listen_to(till, &h, &who, "settings", NULL);
		happen(till, 2 * i + 1, 1);
		expect(&h, "settings.changed");
		take_block(&h);
		assert_string_equal(h.event, "");
		leave(&h);
	}
	for (int i = 0; i < 2 * COMINGS; i++)
		expect(&before, "settings.changed");
	leave(&before);
}

/* A row of a connection that is registered with the first of them, long ago, and ends with the last. */
static void happen_in_the_end(struct till *till, int seq)
{
	static const char *const writer[] = {
		"INSERT INTO audit_writers (process, seq, created_at) VALUES ('gone', 1, "
		"now() - interval '1 hour')",
		"UPDATE audit_writers SET seq = 2, closed_at = now() WHERE process = 'gone'",
	};

	(void)promo_test_sql(till->database,
		"WITH w AS (%s RETURNING id) INSERT INTO audit_log (writer_id, seq, id, "
		"actor_kind, "
		"action, outcome, entity_id) SELECT id, %d, gen_random_uuid(), 'system', "
		"'branding.set-logo', 'allowed', '00000000-0000-7000-8000-000000000000' FROM w",
		writer[seq - 1], seq);
}

/* What the last of a daemon that has ended wrote is not skipped, though the others forgot that there was one. */
static void test_coming_back_after_an_end(void **state)
{
	struct till *till = *state;
	struct person who = till_person(till, "");
	struct hearer before, h;
	char half[sizeof(before.id)], whole[sizeof(before.id)];

	till_grant(till, &who, "system.settings.read");
	listen_to(till, &before, &who, "settings", NULL);
	/* What its coming has left in the trail lies before. */
	while (before.beats < 4)
		take_block(&before);
	happen_in_the_end(till, 1);
	expect(&before, "settings.changed");
	(void)snprintf(half, sizeof(half), "%s", before.id);
	happen_in_the_end(till, 2);
	expect(&before, "settings.changed");
	(void)snprintf(whole, sizeof(whole), "%s", before.id);
	while (strcmp(before.id, whole) == 0)
		take_block(&before);
	listen_to(till, &h, &who, "settings", half);
	while (h.beats < 3 && h.event[0] == '\0')
		take_block(&h);
	assert_string_equal(h.event, "settings.changed");
	leave(&h);
	leave(&before);
}

/* Of what happened before he came nobody hears, though the others are not through with it. */
static void test_ahead(void **state)
{
	struct till *till = *state;
	struct person who = till_person(till, "");
	struct hearer before, after;

	till_grant(till, &who, "system.settings.read batches.read");
	listen_to(till, &before, &who, "settings", NULL);
	take_block(&before);
	happen(till, 0, LITTLE_FLOOD);
	listen_to(till, &after, &who, "settings,alert", NULL);
	for (int i = 0; i < LITTLE_FLOOD; i++)
		expect(&before, "settings.changed");
	happen(till, LITTLE_FLOOD, 1);
	expect(&before, "settings.changed");
	expect(&after, "settings.changed");
	leave(&before);
	leave(&after);
}

/* What others are told in the same minute does not hide one's own; a great deal comes once, too. */
static void test_many_notifications(void **state)
{
	struct till *till = *state;
	struct person who = till_person(till, "support"), other = till_person(till, "support");
	struct hearer h;
	char last[8192];
	int number = 0;

	listen_to(till, &h, &who, "notification", NULL);
	take_block(&h);
	notify(till, &other, 0, CROWD);
	notify(till, &who, number, 1);
	expect_notified(&h, number++);
	notify(till, &who, number, CROWD);
	for (int i = 0; i < CROWD; i++)
		expect_notified(&h, number++);
	notify(till, &who, number, 1);
	expect_notified(&h, number++);
	(void)snprintf(last, sizeof(last), "%s", h.id);
	leave(&h);
	notify(till, &who, number, CROWD);
	listen_to(till, &h, &who, "notification", last);
	/* Cut off in between, he comes back for the rest. */
	for (int i = 0; i < CROWD / 2; i++)
		expect_notified(&h, number++);
	(void)snprintf(last, sizeof(last), "%s", h.id);
	leave(&h);
	listen_to(till, &h, &who, "notification", last);
	for (int i = CROWD / 2; i < CROWD; i++)
		expect_notified(&h, number++);
	notify(till, &who, number, 1);
	expect_notified(&h, number++);
	leave(&h);
}

/* A second factor that is asked for from now on ends the streams of whom it concerns, also where somebody comes
 * in the same moment. */
static void test_settings_of_all(void **state)
{
	struct till *till = *state;
	struct person who = till_person(till, "support"), next = till_person(till, "");
	struct hearer h, other;
	ptrdiff_t count;

	listen_to(till, &h, &who, "batch", NULL);
	take_block(&h);
	(void)promo_test_sql(till->database,
		"WITH s AS (INSERT INTO system_settings (id, category, key, value) VALUES "
		"(gen_random_uuid(), 'security', 'two_factor_authentication.required_roles', "
		"'[\"support\"]') ON CONFLICT (category, key) DO UPDATE SET value = "
		"excluded.value) "
		"UPDATE auth_state SET settings_version = settings_version + 1");
	listen_to(till, &other, &next, "batch", NULL);
	do {
		h.size = 0;
		count = receive(&h);
	} while (count > 0 && other.beats + h.beats++ < 200);
	assert_int_equal(count, PROMO_LIVE_END);
	leave(&h);
	leave(&other);
}

/* Alerts that were acknowledged together are told of one by one, to whom may see each. */
static void test_alerts_together(void **state)
{
	static const char *const kinds[] = { "job_failed", "guessing", "job_failed" };
	struct till *till = *state;
	struct person boss = till_person(till, ""), blind = till_person(till, "");
	struct hearer all, some;

	till_grant(till, &boss, "alerts.read alerts.manage fraud.alerts.view");
	till_grant(till, &blind, "alerts.read");
	for (size_t i = 0; i < PROMO_COUNT(kinds); i++)
		(void)promo_test_sql(till->database,
			"INSERT INTO alerts (id, kind, severity, title, dedupe_key) VALUES "
			"(gen_random_uuid(), '%s', 'warning', 'heard', '%zu')",
			kinds[i], i);
	listen_to(till, &all, &boss, "alert", NULL);
	listen_to(till, &some, &blind, "alert", NULL);
	take_block(&all);
	take_block(&some);
	assert_int_equal(
		ASK(till, .op = &promo_op_alert_acknowledge_all, .token = boss.token, .body = "{}"),
		200);
	assert_got(till, "changed", "3");
	for (size_t i = 0; i < PROMO_COUNT(kinds); i++) {
		expect(&all, "alert.updated");
		assert_non_null(strstr(all.data, "\"status\":\"acknowledged\""));
	}
	for (int i = 0; i < 2; i++) {
		expect(&some, "alert.updated");
		assert_non_null(strstr(some.data, "\"kind\":\"job_failed\""));
	}
	leave(&all);
	leave(&some);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE_TEST(test_beat),
		LIVE_TEST(test_no_room),
		LIVE_TEST(test_slow),
		LIVE_TEST(test_coming),
		LIVE_TEST(test_coming_back_after_an_end),
		LIVE_TEST(test_ahead),
		LIVE_TEST(test_many_notifications),
		LIVE_TEST(test_settings_of_all),
		LIVE_TEST(test_alerts_together),
	};

	return cmocka_run_group_tests_name("ops/live", tests, till_setup, till_teardown);
}
