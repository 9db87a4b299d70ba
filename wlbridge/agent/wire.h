/* SPDX-License-Identifier: MIT */
/* Wayland's wire format: one message's bytes, checked against its signature. */
#ifndef WLB_AGENT_WIRE_H
#define WLB_AGENT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wayland-util.h>

#include "queue.h"

#define WLB_WIRE_HEADER 8	/* object, then size << 16 | opcode */
#define WLB_WIRE_SIZE_MAX 65532
#define WLB_WIRE_ARGS_MAX 20	/* libwayland's own limit */

struct wlb_arg {
	char type;		/* i u f s o n a h, as in a signature */
	bool nullable;
	/* The number or id; of a string or array the length; 0 for 'h'. */
	uint32_t value;
	size_t offset;		/* of that word in the message's bytes */
	const char *string;	/* NULL where none; ends inside the message */
	const struct wl_interface *interface;	/* of 'o' and 'n', or NULL */
};

struct wlb_message {
	uint8_t *bytes;
	size_t size;
	uint32_t sender;
	uint16_t opcode;
	unsigned arg_count;
	unsigned fd_count;
	struct wlb_arg args[WLB_WIRE_ARGS_MAX];
};

static inline uint32_t
wlb_wire_get(const uint8_t *bytes)
{
	uint32_t value;
	__builtin_memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline void
wlb_wire_put(uint8_t *bytes, uint32_t value)
{
	__builtin_memcpy(bytes, &value, sizeof(value));
}

/**
 * wlb_wire_size() - How long the message is that begins at @bytes
 * @len: bytes that are there
 *
 * Return: its size; 0 when the header is not complete; -EPROTO when the size
 * cannot be that of any message.
 */
int
wlb_wire_size(const uint8_t *bytes, size_t len);

/**
 * wlb_wire_decode() - Take a message's arguments apart
 * @spec: the request or event that it claims to be
 * @bytes: the message; the arguments point into it
 * @size: from wlb_wire_size()
 *
 * Afterwards every argument lies inside the message, strings end with a NUL,
 * nothing is left over, and what may not be null is not.
 * Return: 0 or -EPROTO; @ret is only written on success.
 */
int
wlb_wire_decode(const struct wl_message *spec, uint8_t *bytes, size_t size,
	struct wlb_message *ret);

/* The first version of the interface that has this message. */
uint32_t
wlb_wire_since(const struct wl_message *spec);

/* Queue a message of @count plain words. Return: 0 or -ENOMEM. */
int
wlb_wire_send(struct wlb_queue *queue, uint32_t sender, uint16_t opcode,
	const uint32_t *words, size_t count);

/* Queue wl_display.error. Return: 0 or -ENOMEM. */
int
wlb_wire_send_error(struct wlb_queue *queue, uint32_t object, uint32_t code,
	const char *text);

#endif
