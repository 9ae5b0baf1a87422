/* SPDX-License-Identifier: MIT */
#include "libpromo/base/multipart.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "libpromo/base/error.h"

enum {
	BOUNDARY_MAX = 70, /* RFC 2046 5.1.1 */
	DELIMITER_SIZE = BOUNDARY_MAX + 5,
	HEAD_MAX = 4096, /* of a part */
};

enum state {
	PREAMBLE,
	DELIMITED, /* behind a delimiter: what follows tells which */
	HEAD,
	DATA,
	EPILOGUE,
};

/* A delimiter is CR LF, two dashes and the boundary, in which no CR can stand: so where a byte does not
 * go on with one that was begun, only that byte can begin another. */
struct promo_multipart {
	char delimiter[DELIMITER_SIZE];
	size_t length, matched;
	enum state state;
	char head[HEAD_MAX + 1]; /* of the part; in DELIMITED what stands behind the delimiter */
	size_t head_size;
	bool has_file;
};

/* The value of a parameter, in quotes or not; its length, 0 where there is none. */
static size_t parameter(const char *text, const char *name, const char **ret)
{
	const size_t length = strlen(name);

	for (const char *at = strchr(text, ';'); at; at = strchr(at, ';')) {
		at++;
		at += strspn(at, " \t");
		if (strncasecmp(at, name, length) != 0 || at[length] != '=')
			continue;
		at += length + 1;
		*ret = *at == '"' ? at + 1 : at;
		return *at == '"' ? strcspn(at + 1, "\"\r\n") : strcspn(at, "; \t\r\n");
	}
	return 0;
}

int promo_multipart_new(const char *content_type, struct promo_multipart **ret)
{
	struct promo_multipart *multipart;
	const char *boundary = NULL;
	size_t length = parameter(content_type, "boundary", &boundary);

	if (length == 0 || length > BOUNDARY_MAX)
		return PROMO_E_MALFORMED_REQUEST;
	multipart = calloc(1, sizeof(*multipart));
	if (!multipart)
		return promo_fault(-ENOMEM, "could not read a form");
	memcpy(multipart->delimiter, "\r\n--", 4);
	memcpy(multipart->delimiter + 4, boundary, length);
	multipart->length = length + 4;
	/* The first one may stand at the very beginning. */
	multipart->matched = 2;
	*ret = multipart;
	return 0;
}

void promo_multipart_free(struct promo_multipart *multipart)
{
	free(multipart);
}

static bool is_file(const char *head)
{
	static const char field[] = "content-disposition:";
	const char *name = NULL;

	for (const char *line = head; line; line = strstr(line, "\r\n")) {
		line += line == head ? 0 : 2;
		if (strncasecmp(line, field, sizeof(field) - 1) == 0)
			return parameter(line, "name", &name) == 4 && memcmp(name, "file", 4) == 0;
	}
	return false;
}

/* "--" ends the body, a line end begins a part. Blanks may stand before it. */
static int take_delimited(struct promo_multipart *multipart, char c)
{
	multipart->head[multipart->head_size++] = c;
	multipart->head[multipart->head_size] = '\0';
	if (strcmp(multipart->head, "--") == 0)
		multipart->state = EPILOGUE;
	else if (strcmp(multipart->head, "\r\n") == 0)
		multipart->state = HEAD;
	else if (multipart->head_size == 1 && (c == ' ' || c == '\t'))
		multipart->head_size = 0;
	else if (multipart->head_size > 1 || (c != '-' && c != '\r'))
		return PROMO_E_MALFORMED_REQUEST;
	if (multipart->state != DELIMITED)
		multipart->head_size = 0;
	return 0;
}

static int take_head(struct promo_multipart *multipart, char c)
{
	if (multipart->head_size == HEAD_MAX || c == '\0')
		return PROMO_E_MALFORMED_REQUEST;
	multipart->head[multipart->head_size++] = c;
	multipart->head[multipart->head_size] = '\0';
	if (multipart->head_size < 4 ||
		memcmp(multipart->head + multipart->head_size - 4, "\r\n\r\n", 4) != 0)
		return 0;
	if (multipart->has_file || !is_file(multipart->head))
		return PROMO_E_MALFORMED_REQUEST;
	multipart->has_file = true;
	multipart->head_size = 0;
	multipart->state = DATA;
	return 0;
}

/* What is perhaps a delimiter is held back until it is known. *ret is how much was taken. */
static int take_data(struct promo_multipart *multipart, const char *bytes, size_t size,
	promo_multipart_sink_fn *sink, void *context, size_t *ret)
{
	const bool wanted = multipart->state == DATA;
	const char *end;
	size_t held = multipart->matched;
	int r = 0;

	if (held > 0 && bytes[0] == multipart->delimiter[held]) {
		*ret = 1;
		if (++multipart->matched < multipart->length)
			return 0;
		multipart->matched = multipart->head_size = 0;
		multipart->state = DELIMITED;
		return 0;
	}
	/* What was held back was none; the two bytes before the first byte were never there. */
	multipart->matched = 0;
	if (held > 0 && wanted)
		r = sink(context, multipart->delimiter, held);
	end = memchr(bytes, '\r', size);
	*ret = end ? (size_t)(end - bytes) : size;
	if (!r && wanted && *ret > 0)
		r = sink(context, bytes, *ret);
	if (end) {
		multipart->matched = 1;
		++*ret;
	}
	return r;
}

int promo_multipart_feed(struct promo_multipart *multipart, const void *bytes, size_t size,
	promo_multipart_sink_fn *sink, void *context)
{
	const char *at = bytes;
	int r = 0;

	while (!r && size > 0 && multipart->state != EPILOGUE) {
		size_t taken = 1;

		if (multipart->state == DELIMITED)
			r = take_delimited(multipart, *at);
		else if (multipart->state == HEAD)
			r = take_head(multipart, *at);
		else
			r = take_data(multipart, at, size, sink, context, &taken);
		at += taken;
		size -= taken;
	}
	return r;
}

int promo_multipart_end(const struct promo_multipart *multipart)
{
	return multipart->state == EPILOGUE && multipart->has_file ? 0 : PROMO_E_MALFORMED_REQUEST;
}
