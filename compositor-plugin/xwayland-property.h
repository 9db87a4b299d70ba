/* SPDX-License-Identifier: MIT */
/* What may be read of an X property; see xwayland-property.c. */
#ifndef WLBL_XWAYLAND_PROPERTY_H
#define WLBL_XWAYLAND_PROPERTY_H

#include <xcb/xcb.h>

#define WLBL_PROPERTY_UNITS_MAX (4u << 20)	/* of four bytes: 16 MiB */

/**
 * wlbl_property_secure() - Make a property safe for who reads it by its items
 * @reply: an X server's answer as libxcb gave it, or NULL; consumed
 *
 * Whoever reads as many numbers of 32 bits as the property has items, of whatever
 * size it says those are, reads memory that is there, and zeros after its end. A
 * list of atoms has no more of them than anybody needs.
 *
 * Return: the reply, to be freed, or NULL where there is no memory or the
 * property is larger than WLBL_PROPERTY_UNITS_MAX.
 */
xcb_get_property_reply_t *
wlbl_property_secure(xcb_get_property_reply_t *reply);

#endif
