/* SPDX-License-Identifier: MIT */
/* Each rule of settings takes what people mean and refuses what would break whoever reads it. */
#include "libpromo/rules/setting.h"

#include "tests/lib/test.h"

struct sample {
	enum promo_setting_rule rule;
	const char *text;
};

static void test_good(void **state)
{
	static const struct sample good[] = {
		{ PROMO_RULE_COLOUR, "#15a000" },
		{ PROMO_RULE_COLOUR, "#ABCDEF" },
		{ PROMO_RULE_URL, "https://twitter.com/promo?x=%20#y" },
		{ PROMO_RULE_URL, "HTTP://[::1]:8080/" },
		{ PROMO_RULE_URL, "https://social.example/@promo" },
		{ PROMO_RULE_GATEWAY, "https://sms.example/send?to={phone}&t={text}" },
		{ PROMO_RULE_SMTP_URL, "smtp://mail.example.com:587" },
		{ PROMO_RULE_SMTP_URL, "smtps://mail.example.com" },
		{ PROMO_RULE_SMTP_URL, "smtp://[::1]:2525" },
		{ PROMO_RULE_CURRENCY, "RWF" },
		{ PROMO_RULE_TIME_ZONE, "America/Port-au-Prince" },
		{ PROMO_RULE_TIME_ZONE, "Etc/GMT+3" },
		{ PROMO_RULE_CLOCK, "00:00" },
		{ PROMO_RULE_CLOCK, "23:59" },
		{ PROMO_RULE_COUNTRY_CODE, "1" },
		{ PROMO_RULE_COUNTRY_CODE, "250" },
		{ PROMO_RULE_CODE_FORMAT, "XXXX-XXYY-XXMM-XXDD" },
		{ PROMO_RULE_MEDIA_TYPE, "application/json" },
		{ PROMO_RULE_MEDIA_TYPE, "application/x-www-form-urlencoded; charset=utf-8" },
		{ PROMO_RULE_EMAIL, "a@example.com" },
		{ PROMO_RULE_PHONE, "+250788123456" },
		{ PROMO_RULE_NONE, "anything\n" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(good); i++)
		if (promo_setting_broken(good[i].rule, good[i].text))
			fail_msg("%s: %s", good[i].text,
				promo_setting_broken(good[i].rule, good[i].text));
	for (int rule = PROMO_RULE_NONE; rule <= PROMO_RULE_MEDIA_TYPE; rule++)
		assert_null(promo_setting_broken((enum promo_setting_rule)rule, ""));
}

static void test_bad(void **state)
{
	static const struct sample bad[] = {
		{ PROMO_RULE_COLOUR, "15a0000" },
		{ PROMO_RULE_COLOUR, "#15a00" },
		{ PROMO_RULE_COLOUR, "#15a00g" },
		{ PROMO_RULE_COLOUR, "green" },
		{ PROMO_RULE_URL, "twitter.com/promo" },
		{ PROMO_RULE_URL, "javascript:alert(1)" },
		{ PROMO_RULE_URL, "https://" },
		{ PROMO_RULE_URL, "https://a b" },
		{ PROMO_RULE_URL, "https://a/{phone}" },
		{ PROMO_RULE_URL, "https://shop@example.com" },
		{ PROMO_RULE_GATEWAY, "https://shop:secret@sms.example/send" },
		{ PROMO_RULE_GATEWAY, "ftp://a" },
		{ PROMO_RULE_GATEWAY, "https://{secret}.sms.example/send" },
		{ PROMO_RULE_GATEWAY, "https://sms.example:{phone}?t={text}" },
		{ PROMO_RULE_GATEWAY, "https://a\r\nX: y" },
		{ PROMO_RULE_SMTP_URL, "mail.example.com" },
		{ PROMO_RULE_SMTP_URL, "https://mail.example.com" },
		{ PROMO_RULE_SMTP_URL, "smtp://" },
		{ PROMO_RULE_SMTP_URL, "smtp://user:secret@mail.example.com" },
		{ PROMO_RULE_SMTP_URL, "smtp://mail.example.com:0" },
		{ PROMO_RULE_SMTP_URL, "smtp://mail.example.com:99999" },
		{ PROMO_RULE_SMTP_URL, "smtp://mail.example.com/path" },
		{ PROMO_RULE_CURRENCY, "rwf" },
		{ PROMO_RULE_CURRENCY, "RW" },
		{ PROMO_RULE_TIME_ZONE, "Kigali; DROP" },
		{ PROMO_RULE_CLOCK, "24:00" },
		{ PROMO_RULE_CLOCK, "8:00" },
		{ PROMO_RULE_CLOCK, "08:60" },
		{ PROMO_RULE_COUNTRY_CODE, "0" },
		{ PROMO_RULE_COUNTRY_CODE, "+25" },
		{ PROMO_RULE_COUNTRY_CODE, "2500" },
		{ PROMO_RULE_CODE_FORMAT, "XXXX" },
		{ PROMO_RULE_MEDIA_TYPE, "json" },
		{ PROMO_RULE_MEDIA_TYPE, "application/" },
		{ PROMO_RULE_MEDIA_TYPE, "text/plain\r\nX: y" },
		{ PROMO_RULE_MEDIA_TYPE, "text/plain;\r\nX: y" },
		{ PROMO_RULE_EMAIL, "a@b\r\nBcc: c@d" },
		{ PROMO_RULE_PHONE, "12" },
	};

	(void)state;
	for (size_t i = 0; i < PROMO_COUNT(bad); i++)
		if (!promo_setting_broken(bad[i].rule, bad[i].text))
			fail_msg("%s was taken", bad[i].text);
}

static void test_loopback(void **state)
{
	(void)state;
	assert_true(promo_setting_is_loopback("smtp://localhost"));
	assert_true(promo_setting_is_loopback("smtp://LOCALHOST:25"));
	assert_true(promo_setting_is_loopback("smtp://127.0.0.1:2525"));
	assert_true(promo_setting_is_loopback("smtps://[::1]:465"));
	assert_false(promo_setting_is_loopback("smtp://localhost.example.com"));
	assert_false(promo_setting_is_loopback("smtp://127.0.0.1.example.com"));
	assert_false(promo_setting_is_loopback("smtp://mail.example.com"));
	assert_false(promo_setting_is_loopback("smtp://[::2]"));
	assert_false(promo_setting_is_loopback(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
