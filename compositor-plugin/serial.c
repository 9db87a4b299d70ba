/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Each event of input has a number, by which its client proves later that it was
 * told of it. wlroots takes them from one row, the display's, and so does whatever a
 * client can have sent as often as it likes: the configure events of a window, the
 * answer to wl_display.sync. Whoever counts what is left out knows each key and each
 * click of all others, to a fraction of a millisecond; and what is typed can be
 * guessed from when.
 *
 * So here a client has a row of its own for its input, from one, which nobody else
 * is ever shown; and what is no input has no row at all, but a number by chance. Of
 * that nothing is asked but that it is what was sent. One thing compares what is not
 * of one row: a selection that is set must not be older than the last. All that
 * seats have is of number 0 here, and so older than any number below 2^31.
 *
 * These functions are wlroots' and libwayland's, in whose place they stand as some of
 * libxcb's do (xwayland-wait.c), if this library comes first where symbols are looked
 * for. If it does not, theirs are right too, and tell what they tell.
 */
#include <sys/random.h>
#include <wlr/types/wlr_seat.h>

#include "private.h"

WLBL_PUBLIC uint32_t
wlr_seat_client_next_serial(struct wlr_seat_client *client)
{
	struct wlr_serial_range *row = &client->serials.data[0];
	if (client->serials.count == 0) {
		client->serials.count = 1;
		row->min_incl = 1;
		row->max_incl = 0;
	}
	return ++row->max_incl;
}

WLBL_PUBLIC bool
wlr_seat_client_validate_event_serial(struct wlr_seat_client *client,
	uint32_t serial)
{
	return client->serials.count > 0 && serial > 0
		&& serial <= client->serials.data[0].max_incl;
}

WLBL_PUBLIC uint32_t
wl_display_next_serial(struct wl_display *display)
{
	uint32_t number = 0;
	(void)display;
	/* So few bytes come whole, and from the kernel's memory. */
	while (getrandom(&number, sizeof(number), 0) < 0) {
		continue;
	}
	number &= INT32_MAX;
	return number > 0 ? number : 1;
}

/* What an answer to wl_display.sync has in it, for nobody to use. */
WLBL_PUBLIC uint32_t
wl_display_get_serial(struct wl_display *display)
{
	(void)display;
	return 0;
}
