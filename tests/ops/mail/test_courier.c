/* SPDX-License-Identifier: MIT */
/* Letters reach a real mail server, each once and whole, whatever the server does and whoever is killed;
 * what it refuses for good is dead and says why, all else is tried again; neither the password nor what
 * a letter says gets to anybody else. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libpromo/base/log.h"
#include "libpromo/base/time.h"
#include "libpromo/ops/courier.h"
#include "libpromo/ops/outbox.h"
#include "libpromo/store/store.h"
#include "tests/lib/child.h"
#include "tests/lib/log.h"
#include "tests/lib/test.h"
#include "tests/ops/mail/office.h"
#include "tests/ops/till.h"

enum {
	WAIT_MS = 30000,
	LOOK_MS = 10,
	QUICK_MS = 20, /* where a person would wait */
};

static void wait_until(struct till *till, const char *sql)
{
	const int64_t deadline_ms = promo_monotonic_ms() + WAIT_MS;

	while (strcmp(promo_test_sql(till->database, "SELECT (%s)::text", sql), "true") != 0) {
		if (promo_monotonic_ms() > deadline_ms)
			fail_msg("never: %s; %s", sql,
				promo_test_sql(till->database,
					"SELECT string_agg(recipient || ' ' || status || ' ' || "
					"attempts || ' ' || coalesce(last_error, ''), '; ') "
					"FROM outbox"));
		(void)poll(NULL, 0, LOOK_MS);
	}
}

static void set(struct till *till, const char *key, const char *value)
{
	(void)promo_test_sql(till->database,
		"INSERT INTO system_settings (id, category, key, value) "
		"VALUES (gen_random_uuid(), 'notifications', '%s', to_jsonb('%s'::text)) "
		"ON CONFLICT ON CONSTRAINT system_settings_key DO UPDATE SET value = "
		"excluded.value",
		key, value);
}

/* A test begins with this: an empty outbox and its own server. */
static void set_server(struct till *till, const struct office *office, const char *security)
{
	char url[64];

	(void)promo_test_sql(till->database, "DELETE FROM outbox");
	(void)snprintf(url, sizeof(url), "smtp://127.0.0.1:%d", office->port);
	set(till, "smtp.url", url);
	set(till, "smtp.security", security);
	set(till, "smtp.username", "");
	till->config.smtp_password = NULL;
	till->config.smtp_ca_file = NULL;
	till->config.smtp_hosts = (struct promo_texts){ 0 };
}

static struct promo_courier *start(struct till *till, int64_t lease_s)
{
	const struct promo_courier_config config = {
		.runner = &till->config,
		.pause_ms = QUICK_MS,
		.poll_ms = QUICK_MS,
		.grace_ms = QUICK_MS,
		.lease_s = lease_s,
	};
	struct promo_courier *courier;

	assert_int_equal(promo_courier_start(&config, &courier), 0);
	return courier;
}

/* Writes a letter of this kind with these facts (`title` and `body`). */
static void write_letter(struct till *till, const struct promo_letter *letter)
{
	const struct promo_store_config config = { .uri = till->database->app_uri };
	struct promo_store *store;

	assert_int_equal(promo_store_open(&config, &store), 0);
	assert_int_equal(promo_outbox_add(store, till->arena, letter), 0);
	promo_store_close(store);
}

static void write_to(struct till *till, const char *recipient, const char *title, const char *body)
{
	const struct promo_fact facts[] = { { "title", title }, { "body", body } };

	write_letter(till, &(struct promo_letter){
				   .channel = PROMO_CHANNEL_EMAIL,
				   .kind = "import_completed",
				   .recipients = { (const char *const[]){ recipient }, 1 },
				   .facts = { facts, PROMO_COUNT(facts) },
			   });
}

#define LETTER "(SELECT count(*) FROM outbox WHERE "

static void assert_letter(struct till *till, const char *recipient, const char *expected)
{
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT status || ' ' || attempts || ' ' || "
				    "coalesce(response_code::text, '-') || ' ' || "
				    "coalesce(last_error, '-') FROM outbox WHERE recipient = '%s'",
				    recipient),
		expected);
}

/* Both forms of the text, a head that any reader understands, and nothing of what facts hold can add a
 * line to it or a tag to the HTML. */
static void test_whole(void **state)
{
	struct till *till = *state;
	struct promo_courier *courier;
	struct office office;
	const char *mail;
	char id[64];

	office_open(&office, /* tls= */ false, /* auth= */ NULL);
	set_server(till, &office, "none");
	set(till, "smtp.from_name", "Mbel\u00fdco \u201eKigali\u201c");
	write_to(till, "ann@example.com",
		"Import of BATCH_\u00c9T\u00c9 is done, and this is a title that is longer than a "
		"line\r\n"
		"Bcc: eve@example.com",
		"<b>1 & 2</b>\r\n.\r\nMAIL FROM:<eve@example.com> {title}");
	courier = start(till, 60);
	wait_until(till, LETTER "status = 'sent') = 1");
	promo_courier_stop(courier);
	assert_letter(till, "ann@example.com", "sent 1 250 -");
	assert_int_equal(office_count(&office), 1);
	(void)snprintf(id, sizeof(id), "Message-ID: <%s@mbelyco.com>",
		promo_test_sql(till->database, "SELECT id FROM outbox"));
	mail = office_mail(&office, 1);
	assert_non_null(strstr(mail, "envelope: contact@mbelyco.com -> ann@example.com\n"));
	assert_non_null(strstr(mail, "\nTo: ann@example.com\n"));
	assert_non_null(
		strstr(mail, "\nFrom: Mbel\u00fdco \u201eKigali\u201c <contact@mbelyco.com>\n"));
	assert_non_null(strstr(mail,
		"\nSubject: Import of BATCH_\u00c9T\u00c9 is done, and this is a title "
		"that is longer than a line  Bcc: eve@example.com\n"));
	assert_null(strstr(mail, "\nBcc:"));
	assert_non_null(strstr(mail, id));
	assert_non_null(strstr(mail, "\nAuto-Submitted: auto-generated\n"));
	assert_non_null(strstr(mail, "\nascii: yes\n"));
	assert_non_null(strstr(mail, "[multipart/alternative]\n[text/plain utf-8]\n"));
	assert_non_null(strstr(mail, "\n<b>1 & 2</b> . MAIL FROM:<eve@example.com> {title}\n"));
	assert_non_null(strstr(mail, "[text/html utf-8]\n"));
	assert_non_null(strstr(
		mail, "<p>&lt;b&gt;1 &amp; 2&lt;/b&gt;  .  MAIL FROM:&lt;eve@example.com&gt;"));
	set(till, "smtp.from_name", "");
	office_close(&office);
}

/* What a server does badly is its own affair: each ends as it should, and none keeps the others. */
static void test_bad_servers(void **state)
{
	struct till *till = *state;
	struct promo_courier *courier;
	struct office office;
	int64_t began_ms;

	office_open(&office, /* tls= */ false, /* auth= */ NULL);
	set_server(till, &office, "none");
	write_to(till, "stall@example.com", "a", "b");
	courier = start(till, 60);
	wait_until(till, LETTER "attempts = 1) = 1");
	write_to(till, "nobody@example.com", "a", "b");
	write_to(till, "personne@example.com", "a", "b");
	write_to(till, "refused@example.com", "a", "b");
	write_to(till, "greylist@example.com", "a", "b");
	write_to(till, "half@example.com", "a", "b");
	write_to(till, "lost@example.com", "a", "b");
	write_to(till, "no address", "a", "b");
	wait_until(till, LETTER "status = 'sent') = 3 AND " LETTER "status = 'dead') = 4");
	began_ms = promo_monotonic_ms();
	promo_courier_stop(courier);
	assert_true(promo_monotonic_ms() - began_ms < 10000);
	assert_letter(till, "nobody@example.com",
		"dead 1 550 the mail server said: 550 5.1.1 there is nobody of that name");
	assert_letter(till, "personne@example.com",
		"dead 1 550 the mail server said: 550 5.1.1 destinataire inconnu,");
	assert_letter(till, "refused@example.com",
		"dead 1 554 the mail server said: 554 5.7.1 we do not take such mail");
	assert_letter(till, "greylist@example.com", "sent 2 250 -");
	assert_letter(till, "half@example.com", "sent 2 250 -");
	assert_letter(till, "lost@example.com", "sent 2 250 -");
	assert_letter(till, "no address", "dead 1 - the recipient is no e-mail address");
	assert_letter(till, "stall@example.com", "waiting 1 354 the daemon was stopped meanwhile");
	/* The one whose end nobody heard came twice, and is the same mail. */
	assert_int_equal(office_count(&office), 4);
	assert_int_equal(office_count_saying(&office, "-> lost@example.com"), 2);
	assert_int_equal(office_count_saying(
				 &office, promo_test_sql(till->database,
						  "SELECT 'Message-ID: <' || id || '@' FROM outbox "
						  "WHERE recipient = 'lost@example.com'")),
		2);
	office_close(&office);
}

/* Whoever is killed between the sending and the note leaves a letter that goes out again as the same
 * mail, not before the lease has ended. */
static void test_killed(void **state)
{
	struct till *till = *state;
	struct promo_courier *courier;
	struct office office;
	pid_t child;

	office_open(&office, /* tls= */ false, /* auth= */ NULL);
	set_server(till, &office, "none");
	office_hold(&office, true);
	write_to(till, "hold@example.com", "a", "b");
	child = promo_test_fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)start(till, 2);
		for (;;)
			(void)pause();
	}
	while (office_count(&office) < 1)
		(void)poll(NULL, 0, LOOK_MS);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	office_hold(&office, false);
	courier = start(till, 2);
	wait_until(till, LETTER "status = 'sent') = 1");
	promo_courier_stop(courier);
	assert_letter(till, "hold@example.com", "sent 2 250 -");
	assert_int_equal(office_count(&office), 2);
	assert_int_equal(office_count_saying(&office,
				 promo_test_sql(till->database,
					 "SELECT 'Message-ID: <' || id || '@' FROM outbox")),
		2);
	office_close(&office);
}

/* Two daemons share an outbox: every letter goes out once. */
static void test_two(void **state)
{
	enum {
		LETTERS = 100
	};
	struct till *till = *state;
	struct promo_courier *one, *two;
	struct office office;

	office_open(&office, /* tls= */ false, /* auth= */ NULL);
	set_server(till, &office, "none");
	for (int i = 0; i < LETTERS; i++) {
		char recipient[32];

		(void)snprintf(recipient, sizeof(recipient), "person%d@example.com", i);
		write_to(till, recipient, "a", "b");
	}
	one = start(till, 60);
	two = start(till, 60);
	wait_until(till, LETTER "status = 'sent') = 100");
	promo_courier_stop(one);
	promo_courier_stop(two);
	assert_int_equal(office_count(&office), LETTERS);
	assert_string_equal(
		promo_test_sql(till->database, "SELECT max(attempts) FROM outbox"), "1");
	office_close(&office);
}

/* TLS with a certificate of one's own, and a password; nothing is said to a server that cannot prove who
 * it is, or offers no TLS. */
static void test_tls(void **state)
{
	struct till *till = *state;
	struct promo_courier *courier;
	struct office office, plain;
	const struct promo_texts here = { (const char *const[]){ "127.0.0.1" }, 1 };

	office_open(&office, /* tls= */ true, "shop:a password");
	office_open(&plain, /* tls= */ false, /* auth= */ NULL);
	set_server(till, &office, "required");
	set(till, "smtp.username", "shop");
	till->config.smtp_password = "a password";
	till->config.smtp_hosts = here;
	write_to(till, "ann@example.com", "a", "b");
	courier = start(till, 60);
	wait_until(till,
		LETTER "last_error LIKE 'the mail server could not prove who it is: %%') = 1");
	promo_courier_stop(courier);

	till->config.smtp_ca_file = office.ca_file;
	till->config.smtp_hosts = (struct promo_texts){ (const char *const[]){ "a.example" }, 1 };
	courier = start(till, 60);
	wait_until(till, LETTER "last_error LIKE 'mail goes only where promod.conf says: %%') = 1");
	promo_courier_stop(courier);

	till->config.smtp_hosts = here;
	till->config.smtp_password = "another password";
	courier = start(till, 60);
	wait_until(till, LETTER "last_error = 'the mail server did not let us sign in: 535 5.7.8 "
				"Authentication credentials invalid') = 1");
	promo_courier_stop(courier);

	till->config.smtp_password = NULL;
	courier = start(till, 60);
	wait_until(
		till, LETTER "last_error LIKE 'there is no password for the mail server: %%') = 1");
	promo_courier_stop(courier);

	till->config.smtp_password = "a password";
	courier = start(till, 60);
	wait_until(till, LETTER "status = 'sent') = 1");
	promo_courier_stop(courier);
	assert_non_null(strstr(office_mail(&office, 1), "\ntls: yes\nuser: shop\n"));

	set_server(till, &plain, "required");
	write_to(till, "bob@example.com", "a", "b");
	courier = start(till, 60);
	wait_until(till,
		LETTER "last_error = 'the mail server offers no TLS, and the settings require "
		       "it') = 1");
	set(till, "smtp.url", "smtp://mail.example.com:25");
	set(till, "smtp.security", "none");
	wait_until(till,
		LETTER "last_error LIKE 'mail without TLS goes to a server on this machine "
		       "only: %%') = 1");
	set(till, "smtp.url", "");
	wait_until(till, LETTER "last_error LIKE 'no mail server is set up: %%') = 1");
	promo_courier_stop(courier);
	assert_int_equal(office_count(&plain), 0);
	office_close(&plain);
	office_close(&office);
}

/* What opens something is nowhere to be read, not while it waits and not afterwards; and what has
 * expired is not sent any more. */
static void test_secret(void **state)
{
	static const struct promo_fact facts[] = { { "code", "482913" }, { "minutes", "10" } };
	struct till *till = *state;
	struct promo_letter letter = {
		.channel = PROMO_CHANNEL_EMAIL,
		.kind = "mfa_code",
		.recipients = { (const char *const[]){ "ann@example.com", "nobody@example.com" },
			2 },
		.facts = { facts, PROMO_COUNT(facts) },
		.seal_key = till->config.mfa_key,
	};
	struct promo_courier *courier;
	struct office office;

	office_open(&office, /* tls= */ false, /* auth= */ NULL);
	set_server(till, &office, "none");
	write_letter(till, &letter);
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT count(*) FROM outbox WHERE outbox::text LIKE "
				    "'%%482913%%' OR payload->>'sealed' IS NULL"),
		"0");
	courier = start(till, 60);
	wait_until(till, LETTER "status <> 'waiting') = 2");
	assert_non_null(
		strstr(office_mail(&office, 1), "\nSubject: Your code for MBELYCO: 482913\n"));
	assert_non_null(strstr(office_mail(&office, 1), "within 10\nminutes."));
	assert_string_equal(promo_test_sql(till->database,
				    "SELECT string_agg(DISTINCT payload::text, ',') FROM outbox"),
		"{}");
	promo_courier_stop(courier);

	(void)promo_test_sql(till->database, "DELETE FROM outbox");
	set(till, "smtp.url", "smtp://127.0.0.1:1");
	letter.recipients.count = 1;
	letter.tried_s = 1;
	write_letter(till, &letter);
	courier = start(till, 60);
	wait_until(till, LETTER "status = 'dead' AND attempts > 1) = 1");
	promo_courier_stop(courier);
	assert_string_equal(promo_test_sql(till->database, "SELECT payload FROM outbox"), "{}");

	/* The daemon was down all that time: the server would take it. */
	set_server(till, &office, "none");
	write_letter(till, &letter);
	(void)promo_test_sql(till->database, "UPDATE outbox SET expires_at = now()");
	courier = start(till, 60);
	wait_until(till, LETTER "status = 'dead') = 1");
	promo_courier_stop(courier);
	assert_letter(
		till, "ann@example.com", "dead 1 - its time was over before it could be sent");
	assert_string_equal(promo_test_sql(till->database, "SELECT payload FROM outbox"), "{}");
	assert_int_equal(office_count(&office), 1);
	office_close(&office);
}

/* A server that repeats the mail in its refusal does not make it known. */
static void test_echo(void **state)
{
	static const struct promo_fact facts[] = { { "code", "482913" }, { "minutes", "10" } };
	struct till *till = *state;
	struct promo_courier *courier;
	struct office office;

	office_open(&office, /* tls= */ false, /* auth= */ NULL);
	set_server(till, &office, "none");
	write_to(till, "echo1@example.com", "Title of it", "What only Ann may read");
	write_letter(till, &(struct promo_letter){
				   .channel = PROMO_CHANNEL_EMAIL,
				   .kind = "mfa_code",
				   .recipients = { (const char *const[]){ "echo2@example.com",
							   "nobody@example.com" },
					   2 },
				   .facts = { facts, PROMO_COUNT(facts) },
				   .seal_key = till->config.mfa_key,
			   });
	courier = start(till, 60);
	wait_until(till, LETTER "status = 'dead') = 3");
	promo_courier_stop(courier);
	assert_letter(till, "echo1@example.com", "dead 1 554 the mail server said: 554 5.7.1");
	assert_letter(till, "echo2@example.com", "dead 1 554 the mail server said: 554 5.7.1");
	assert_letter(till, "nobody@example.com", "dead 1 550 the mail server said: 550 5.1.1");
	office_close(&office);
}

/* Nobody has the daemon talk to where a cloud keeps the credentials of its machines. */
static void test_forbidden(void **state)
{
	struct till *till = *state;
	struct promo_courier *courier;

	(void)promo_test_sql(till->database, "DELETE FROM outbox");
	set(till, "smtp.security", "required");
	set(till, "smtp.url", "smtp://169.254.169.254:80");
	write_to(till, "ann@example.com", "a", "b");
	courier = start(till, 60);
	wait_until(till, LETTER "last_error LIKE 'the address of the mail server is none %%') = 1");
	promo_courier_stop(courier);
	/* Where hosts are named, nothing goes elsewhere, with a password or without. */
	till->config.smtp_hosts =
		(struct promo_texts){ (const char *const[]){ "mail.example.com" }, 1 };
	set(till, "smtp.url", "smtp://127.0.0.1:1");
	courier = start(till, 60);
	wait_until(till, LETTER "last_error LIKE 'mail goes only where promod.conf says: %%') = 1");
	promo_courier_stop(courier);
	till->config.smtp_hosts = (struct promo_texts){ 0 };
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_bad_servers),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_two),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_forbidden),
	};

	return cmocka_run_group_tests(tests, till_setup, till_teardown);
}
