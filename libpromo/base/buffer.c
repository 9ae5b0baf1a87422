/* SPDX-License-Identifier: MIT */
#include "libpromo/base/buffer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "libpromo/base/error.h"

enum {
	FIRST_CAPACITY = 256
};

/* Makes room for `size` more bytes and the NUL. */
static bool reserve(struct promo_buffer *buffer, size_t size)
{
	size_t needed, capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
	char *bytes;

	if (buffer->error)
		return false;
	if (size > buffer->limit || buffer->size > buffer->limit - size) {
		buffer->error = promo_fault(-EMSGSIZE,
			"could not append to a text of at most %zu bytes", buffer->limit);
		return false;
	}
	needed = buffer->size + size + 1;
	if (needed <= buffer->capacity)
		return true;
	while (capacity < needed)
		capacity *= 2;
	bytes = promo_arena_alloc(buffer->arena, capacity);
	if (!bytes) {
		buffer->error = promo_fault(-ENOMEM, "could not append to a text");
		return false;
	}
	if (buffer->bytes)
		memcpy(bytes, buffer->bytes, buffer->size);
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return true;
}

void promo_buffer_append(struct promo_buffer *buffer, const void *bytes, size_t size)
{
	if (!reserve(buffer, size))
		return;
	if (size > 0)
		memcpy(buffer->bytes + buffer->size, bytes, size);
	buffer->size += size;
	buffer->bytes[buffer->size] = '\0';
}

void promo_buffer_text(struct promo_buffer *buffer, const char *text)
{
	promo_buffer_append(buffer, text, strlen(text));
}

void promo_buffer_char(struct promo_buffer *buffer, char c)
{
	promo_buffer_append(buffer, &c, 1);
}

void promo_buffer_printf(struct promo_buffer *buffer, const char *format, ...)
{
	char room[128];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(room, sizeof(room), format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	if ((size_t)length < sizeof(room)) {
		promo_buffer_append(buffer, room, (size_t)length);
		return;
	}
	if (!reserve(buffer, (size_t)length))
		return;
	va_start(arguments, format);
	(void)vsnprintf(buffer->bytes + buffer->size, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->size += (size_t)length;
}

void promo_buffer_fail(struct promo_buffer *buffer, int fault)
{
	if (!buffer->error)
		buffer->error = fault;
}

void promo_buffer_clear(struct promo_buffer *buffer)
{
	buffer->size = 0;
	buffer->error = 0;
	if (buffer->bytes)
		buffer->bytes[0] = '\0';
}

int promo_buffer_end(struct promo_buffer *buffer, const char **ret)
{
	if (buffer->error)
		return buffer->error;
	*ret = buffer->bytes ? buffer->bytes : "";
	return 0;
}
