/* SPDX-License-Identifier: MIT */
#include "uuid.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>

int
uuid_make(char ret[UUID_SIZE])
{
	uint8_t b[16];
	/* So few bytes come whole, or not at all: getrandom(2). */
	if (getrandom(b, sizeof(b), 0) < 0) {
		return -errno;
	}
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);	/* version 4: random */
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);	/* RFC 9562's variant */
	snprintf(ret, UUID_SIZE,
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
		"%02x%02x%02x%02x%02x%02x",
		b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9],
		b[10], b[11], b[12], b[13], b[14], b[15]);
	return 0;
}
