/* SPDX-License-Identifier: MIT */
/*
 * An X server's answer about a property: the header as it comes, then the value.
 * Whoever reads as many numbers as it has items, or its bytes, reads what is there.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "xwayland-property.h"
#include "../lib/must.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	xcb_get_property_reply_t wire;
	if (size < sizeof(wire)) {
		return 0;
	}
	/* libxcb allocates what the length says, to the byte. */
	memcpy(&wire, data, sizeof(wire));
	wire.length = (uint32_t)(size - sizeof(wire)) / 4;
	const size_t value = (size_t)wire.length * 4;
	xcb_get_property_reply_t *reply = malloc(sizeof(wire) + value);
	must(reply != NULL);
	*reply = wire;
	memcpy(reply + 1, data + sizeof(wire), value);

	reply = wlbl_property_secure(reply);
	if (reply == NULL) {
		return 0;
	}
	const uint32_t *numbers = (const void *)(reply + 1);
	const uint8_t *bytes = (const void *)(reply + 1);
	uint32_t all = numbers[0] | numbers[2];
	const uint64_t length = (uint64_t)reply->value_len * reply->format / 8;
	for (uint64_t i = 0; i < length; i++) {
		all |= bytes[i];
	}
	for (uint32_t i = 0; value <= 16384 && i < reply->value_len; i++) {
		all |= numbers[i];
	}
	__asm__ volatile("" : : "r"(all));
	free(reply);
	return 0;
}
