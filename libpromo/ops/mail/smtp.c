/* SPDX-License-Identifier: MIT */
#include "libpromo/ops/mail/smtp.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/ops/mail/curl.h"
#include "libpromo/ops/mail/echo.h"

enum {
	CONNECT_TIMEOUT_S = 10,
	LINE_SIZE = 256, /* of what the server says, as far as people are told */
};

/* How far the conversation came: what was said last decides what a refusal means. */
enum stage {
	STAGE_HELLO,
	STAGE_SIGN_IN,
	STAGE_SENDER,
	STAGE_RECIPIENT,
	STAGE_MAIL,
};

struct talk {
	enum stage stage;
	bool over; /* QUIT was said: nobody waits for the answer */
	const atomic_bool *hurry;
	struct promo_curl_guard guard;
	char answer[LINE_SIZE]; /* the last line of the server */
};

static bool begins(const char *text, size_t size, const char *word)
{
	return size >= strlen(word) && strncasecmp(text, word, strlen(word)) == 0;
}

static int listen_in(CURL *curl, curl_infotype type, char *data, size_t size, void *context)
{
	struct talk *talk = context;

	(void)curl;
	if (type == CURLINFO_HEADER_OUT) {
		if (begins(data, size, "AUTH"))
			talk->stage = STAGE_SIGN_IN;
		else if (begins(data, size, "MAIL FROM"))
			talk->stage = STAGE_SENDER;
		else if (begins(data, size, "RCPT TO"))
			talk->stage = STAGE_RECIPIENT;
		else if (begins(data, size, "DATA"))
			talk->stage = STAGE_MAIL;
		else if (begins(data, size, "QUIT"))
			talk->over = true;
	}
	/* What TLS and sign-in say of themselves has no number in front. */
	if (type == CURLINFO_HEADER_IN && size > 3 && isdigit((unsigned char)data[0]))
		(void)snprintf(talk->answer, sizeof(talk->answer), "%.*s", (int)size, data);
	return 0;
}

static int break_off(
	void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up)
{
	const struct talk *talk = context;

	(void)down_total;
	(void)down;
	(void)up_total;
	(void)up;
	return talk->over || (talk->hurry && atomic_load(talk->hurry));
}

static void mime_freep(curl_mime **mime)
{
	curl_mime_free(*mime);
}

/*
 * The mail.
 */

static bool append(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer)
		*list = longer;
	return longer;
}

static bool add_form(curl_mime *forms, const char *text, const char *type)
{
	curl_mimepart *part = curl_mime_addpart(forms);

	return part && !curl_mime_data(part, text, CURL_ZERO_TERMINATED) &&
	       !curl_mime_type(part, type) && !curl_mime_encoder(part, "quoted-printable");
}

static bool set_server(CURL *curl, const struct promo_smtp *smtp)
{
	if (curl_easy_setopt(curl, CURLOPT_URL, smtp->url) ||
		curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") ||
		curl_easy_setopt(curl, CURLOPT_USE_SSL,
			(long)(smtp->tls ? CURLUSESSL_ALL : CURLUSESSL_NONE)) ||
		curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) ||
		curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_TIMEOUT_S) ||
		curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)smtp->timeout_s))
		return false;
	if (smtp->ca_file && curl_easy_setopt(curl, CURLOPT_CAINFO, smtp->ca_file))
		return false;
	return !smtp->username || (!curl_easy_setopt(curl, CURLOPT_USERNAME, smtp->username) &&
					  !curl_easy_setopt(curl, CURLOPT_PASSWORD,
						  smtp->password ? smtp->password : ""));
}

/*
 * What became of it.
 */

/* The numbers of an answer (RFC 5321 4.2, RFC 3463) are nobody's text, its words may be. */
static void drop_echo(
	const struct promo_smtp *smtp, const struct promo_mail *mail, struct talk *talk)
{
	size_t numbers = strspn(talk->answer, "0123456789.- ");

	if (!mail->secret && !promo_echo_repeats(talk->answer, mail->line) &&
		!promo_echo_repeats(talk->answer, smtp->password))
		return;
	while (numbers > 0 && talk->answer[numbers - 1] == ' ')
		numbers--;
	talk->answer[numbers] = '\0';
}

/* A refusal for good of this one mail: of its recipient or its text. The sender and all that comes
 * before are the same for every mail: that is for people to mend. */
static bool is_final(const struct talk *talk, long code)
{
	return code >= 500 && code < 600 && talk->stage >= STAGE_RECIPIENT && code != 530;
}

static void judge(CURLcode result, long code, const struct talk *talk, const char *error,
	struct promo_postmark *ret)
{
	const enum promo_fate fate = is_final(talk, code) ? PROMO_FATE_NEVER : PROMO_FATE_LATER;
	const bool refused = code >= 400 && talk->answer[0];

	if (result == CURLE_OK)
		promo_postmark_set(ret, PROMO_FATE_SENT, code, "%s", "");
	else if (result == CURLE_LOGIN_DENIED)
		promo_postmark_set(ret, PROMO_FATE_LATER, code,
			"the mail server did not let us sign in: %s",
			refused ? talk->answer : error);
	else if (result == CURLE_USE_SSL_FAILED)
		promo_postmark_set(ret, PROMO_FATE_LATER, code,
			"the mail server offers no TLS, and the settings require it");
	else if (result == CURLE_PEER_FAILED_VERIFICATION)
		promo_postmark_set(ret, PROMO_FATE_LATER, code,
			"the mail server could not prove who it is: %s", error);
	else if (refused)
		promo_postmark_set(ret, fate, code, "the mail server said: %s", talk->answer);
	else if (talk->guard.refused)
		promo_postmark_set(ret, PROMO_FATE_LATER, code,
			"the address of the mail server is none that mail may be sent to");
	else if (result == CURLE_OPERATION_TIMEDOUT)
		promo_postmark_set(ret, fate, code, "the mail server did not answer in time");
	else if (result == CURLE_ABORTED_BY_CALLBACK)
		promo_postmark_set(ret, fate, code, "the daemon was stopped meanwhile");
	else
		promo_postmark_set(ret, fate, code, "could not reach the mail server: %s",
			error[0] ? error : curl_easy_strerror(result));
}

/* Who listens to the conversation, and breaks it off. The connection ends with the mail, while all this
 * still holds: what libcurl keeps for another time it ends without any limit of ours. */
static bool set_talk(CURL *curl, struct talk *talk, char *error)
{
	return !curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L) &&
	       promo_curl_set_guard(curl, &talk->guard) &&
	       !curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error) &&
	       !curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) &&
	       !curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, break_off) &&
	       !curl_easy_setopt(curl, CURLOPT_XFERINFODATA, talk) &&
	       !curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, listen_in) &&
	       !curl_easy_setopt(curl, CURLOPT_DEBUGDATA, talk) &&
	       !curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
}

static bool set_mail(CURL *curl, const struct promo_mail *mail, curl_mime *mime,
	struct curl_slist **headers, struct curl_slist **to)
{
	for (size_t i = 0; i < mail->headers.count; i++)
		if (!append(headers, mail->headers.items[i]))
			return false;
	/* Both forms of the text, the better one last. */
	return append(headers, "Content-Type: multipart/alternative") && append(to, mail->to) &&
	       add_form(mime, mail->text, "text/plain; charset=utf-8") &&
	       add_form(mime, mail->html, "text/html; charset=utf-8") &&
	       !curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from) &&
	       !curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, *to) &&
	       !curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *headers) &&
	       !curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime);
}

static bool send_it(CURL *curl, const struct promo_smtp *smtp, const struct promo_mail *mail,
	struct promo_postmark *ret)
{
	PROMO_CLEANUP(promo_curl_list_freep) struct curl_slist *headers = NULL;
	PROMO_CLEANUP(promo_curl_list_freep) struct curl_slist *to = NULL;
	PROMO_CLEANUP(mime_freep) curl_mime *mime = curl_mime_init(curl);
	char error[CURL_ERROR_SIZE] = "";
	struct talk talk = {
		.stage = STAGE_HELLO,
		.hurry = smtp->hurry,
		/* Mail servers live in the own network, and on this very machine. */
		.guard = { .private_addresses = true },
	};
	CURLcode result;
	long code = 0;

	if (!mime || !set_server(curl, smtp) || !set_talk(curl, &talk, error) ||
		!set_mail(curl, mail, mime, &headers, &to))
		return false;
	result = curl_easy_perform(curl);
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
	drop_echo(smtp, mail, &talk);
	judge(result, code, &talk, error, ret);
	/* What it points to ends here. */
	curl_easy_reset(curl);
	return true;
}

void promo_smtp_send(
	const struct promo_smtp *smtp, const struct promo_mail *mail, struct promo_postmark *ret)
{
	PROMO_CLEANUP(promo_curl_freep) CURL *curl = NULL;

	if (promo_curl_new(&curl) || !send_it(curl, smtp, mail, ret))
		promo_postmark_set(
			ret, PROMO_FATE_LATER, 0, "there was not enough memory to send it");
}
