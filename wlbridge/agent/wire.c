/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * This is the one door for bytes of a Wayland peer. A message is complete in
 * our own memory when it gets here, so nobody changes it behind a check. The
 * signature leads; every step first asks whether enough is left.
 */
#include "wire.h"

#include <errno.h>
#include <string.h>

#define DISPLAY_ID 1
#define DISPLAY_ERROR 0

int
wlb_wire_size(const uint8_t *bytes, size_t len)
{
	if (len < WLB_WIRE_HEADER) {
		return 0;
	}
	uint32_t size = wlb_wire_get(bytes + 4) >> 16;
	if (size < WLB_WIRE_HEADER || size % 4 != 0) {
		return -EPROTO;
	}
	return (int)size;
}

uint32_t
wlb_wire_since(const struct wl_message *spec)
{
	uint32_t since = 0;
	for (const char *s = spec->signature; *s >= '0' && *s <= '9'; s++) {
		since = since * 10 + (uint32_t)(*s - '0');
	}
	return since == 0 ? 1 : since;
}

/* A length word and its padded bytes at @offset of @message. */
static int
decode_bytes(const struct wlb_message *message, struct wlb_arg *arg,
	size_t *offset)
{
	size_t left = message->size - *offset;
	if (arg->value > left) {
		return -EPROTO;
	}
	size_t padded = ((size_t)arg->value + 3) & ~(size_t)3;
	if (padded > left) {
		return -EPROTO;
	}
	if (arg->type == 's') {
		const char *text = (const char *)message->bytes + *offset;
		if (arg->value == 0) {
			if (!arg->nullable) {
				return -EPROTO;
			}
		} else if (memchr(text, '\0', arg->value)
				!= text + arg->value - 1) {
			return -EPROTO;
		} else {
			arg->string = text;
		}
	}
	*offset += padded;
	return 0;
}

static int
decode_arg(struct wlb_message *message, struct wlb_arg *arg, size_t *offset)
{
	if (arg->type == 'h') {
		message->fd_count++;
		return 0;
	}
	if (message->size - *offset < 4) {
		return -EPROTO;
	}
	arg->offset = *offset;
	arg->value = wlb_wire_get(message->bytes + *offset);
	*offset += 4;
	switch (arg->type) {
	case 's':
	case 'a':
		return decode_bytes(message, arg, offset);
	case 'n':
	case 'o':
		return arg->value == 0 && !arg->nullable ? -EPROTO : 0;
	default:
		return 0;
	}
}

int
wlb_wire_decode(const struct wl_message *spec, uint8_t *bytes, size_t size,
	struct wlb_message *ret)
{
	struct wlb_message message = {
		.bytes = bytes,
		.size = size,
		.sender = wlb_wire_get(bytes),
		.opcode = (uint16_t)(wlb_wire_get(bytes + 4) & 0xffff),
	};
	size_t offset = WLB_WIRE_HEADER;
	bool nullable = false;

	for (const char *s = spec->signature; *s != '\0'; s++) {
		if (*s >= '0' && *s <= '9') {
			continue;
		}
		if (*s == '?') {
			nullable = true;
			continue;
		}
		if (message.arg_count == WLB_WIRE_ARGS_MAX) {
			return -EPROTO;
		}
		struct wlb_arg *arg = &message.args[message.arg_count];
		arg->type = *s;
		arg->nullable = nullable;
		arg->interface = spec->types[message.arg_count];
		message.arg_count++;
		nullable = false;
		int r = decode_arg(&message, arg, &offset);
		if (r < 0) {
			return r;
		}
	}
	if (offset != size) {
		return -EPROTO;
	}
	*ret = message;
	return 0;
}

int
wlb_wire_send(struct wlb_queue *queue, uint32_t sender, uint16_t opcode,
	const uint32_t *words, size_t count)
{
	uint8_t bytes[WLB_WIRE_HEADER + 4 * WLB_WIRE_ARGS_MAX];
	size_t size = WLB_WIRE_HEADER + 4 * count;
	wlb_wire_put(bytes, sender);
	wlb_wire_put(bytes + 4, (uint32_t)size << 16 | opcode);
	for (size_t i = 0; i < count; i++) {
		wlb_wire_put(bytes + WLB_WIRE_HEADER + 4 * i, words[i]);
	}
	return wlb_queue_append(queue, bytes, size);
}

int
wlb_wire_send_error(struct wlb_queue *queue, uint32_t object, uint32_t code,
	const char *text)
{
	uint8_t bytes[512] = { 0 };
	const size_t fixed = WLB_WIRE_HEADER + 12;
	size_t len = strnlen(text, sizeof(bytes) - fixed - 1);
	size_t size = fixed + ((len + 1 + 3) & ~(size_t)3);
	wlb_wire_put(bytes, DISPLAY_ID);
	wlb_wire_put(bytes + 4, (uint32_t)size << 16 | DISPLAY_ERROR);
	wlb_wire_put(bytes + 8, object);
	wlb_wire_put(bytes + 12, code);
	wlb_wire_put(bytes + 16, (uint32_t)len + 1);
	memcpy(bytes + fixed, text, len);
	return wlb_queue_append(queue, bytes, size);
}
