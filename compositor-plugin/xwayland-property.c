/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A property is a type, a format (8, 16 or 32 bits for each item), a number of
 * items and their bytes; all of it is as an X program likes. wlroots looks at the
 * type where it looks at all, and reads so many atoms of 32 bits as there are
 * items: of format 8 that is four times what came. So what it is given is as long
 * as that, and the transient-for window or the five numbers of Motif's hints are
 * there in an empty one, too.
 *
 * Selections are read by their bytes, and may be large: those are left as they
 * are. Nothing that is read by items is asked for beyond 16 KiB.
 */
#include "xwayland-property.h"

#include <stdlib.h>
#include <string.h>

#define ITEMS_BYTES_MAX (16u << 10)
#define ITEM_BYTES 4u
#define SPARE_ITEMS 8u
/* As many types as a selection may have, and more than there are states. */
#define ATOMS_MAX 256u

xcb_get_property_reply_t *
wlbl_property_secure(xcb_get_property_reply_t *reply)
{
	if (reply == NULL) {
		return NULL;
	}
	if (reply->length >= WLBL_PROPERTY_UNITS_MAX
			&& reply->bytes_after > 0) {
		/* A part of it would be taken for the whole. */
		free(reply);
		return NULL;
	}
	const size_t came = (size_t)reply->length * ITEM_BYTES;
	if (reply->value_len * (uint64_t)reply->format / 8 > came) {
		/* No X server says that. */
		free(reply);
		return NULL;
	}
	if (reply->type == XCB_ATOM_ATOM && reply->value_len > ATOMS_MAX) {
		reply->value_len = ATOMS_MAX;
	}
	if (came > ITEMS_BYTES_MAX) {
		return reply;
	}
	if (reply->format == 0) {
		reply->value_len = 0;
	}
	const size_t wanted =
		(reply->value_len + SPARE_ITEMS) * (size_t)ITEM_BYTES;
	if (wanted <= came) {
		return reply;
	}
	xcb_get_property_reply_t *longer =
		realloc(reply, sizeof(*reply) + wanted);
	if (longer == NULL) {
		free(reply);
		return NULL;
	}
	memset((uint8_t *)(longer + 1) + came, 0, wanted - came);
	return longer;
}
