/* SPDX-License-Identifier: MIT */
/* A secret goes to the hosts that were named, however a URL spells another one, and in the clear only where
 * that was said. */
#include "libpromo/ops/mail/bound.h"

#include "tests/lib/test.h"

struct sample {
	const char *host, *url;
};

static bool bound(const struct sample *sample)
{
	return promo_bound_to(&(const struct promo_texts){ &sample->host, 1 }, sample->url);
}

static void test_there(void **state)
{
	static const struct sample there[] = {
		{ "mail.example.com", "smtp://mail.example.com" },
		{ "mail.example.com", "smtp://MAIL.example.com:587" },
		{ "Mail.Example.com:465", "smtps://mail.example.com" },
		{ "10.0.0.5:25", "smtp://10.0.0.5" },
		{ "[::1]:2525", "smtp://[::1]:2525" },
		{ "sms.example", "https://sms.example/send?to=1" },
		{ "sms.example:443", "https://sms.example" },
		{ "127.0.0.1", "http://127.0.0.1:13013/" },
		{ "localhost", "http://localhost/" },
		{ "http://10.0.0.5:13013", "http://10.0.0.5:13013/cgi-bin/sendsms" },
		{ "http://10.0.0.5", "https://10.0.0.5" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(there); i++)
		if (!bound(&there[i]))
			fail_msg("%s is not at %s", there[i].url, there[i].host);
}

static void test_elsewhere(void **state)
{
	static const struct sample elsewhere[] = {
		{ "mail.example.com", "smtp://mail.example.com.evil.example" },
		{ "mail.example.com", "smtp://evil.example/mail.example.com" },
		{ "mail.example.com", "smtp://mail.example.com@evil.example" },
		{ "mail.example.com", "smtp://mail.example.co" },
		{ "mail.example.com", "smtp://xmail.example.com" },
		{ "mail.example.com:587", "smtp://mail.example.com:5870" },
		{ "mail.example.com:587", "smtp://mail.example.com" },
		{ "sms.example", "http://sms.example/" },
		{ "sms.example", "https://sms.example\\@evil.example/" },
		{ "sms.example", "https://evil.example#@sms.example" },
		{ "http://127.0.0.1", "http://127.0.0.1.evil.example" },
		{ "127.evil.example", "http://127.evil.example/" },
		{ "", "smtp://mail.example.com" },
		{ "", "" },
		{ "mail.example.com", "" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(elsewhere); i++)
		if (bound(&elsewhere[i]))
			fail_msg("%s is at %s", elsewhere[i].url, elsewhere[i].host);
	assert_false(promo_bound_to(&(const struct promo_texts){ 0 }, "smtp://mail.example.com"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there),
		cmocka_unit_test(test_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
