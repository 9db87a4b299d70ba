/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A finger is looked up like the pointer and belongs, until it is lifted, to the
 * surface that it came down on. On a frame's own part it is the left button there.
 * The pointer goes where the finger is that came down alone, or drags something:
 * so what is moved or dragged follows it and the strip says whose that is.
 *
 * A screen that is unplugged does not say that its fingers are gone.
 */
#include <linux/input-event-codes.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_touch.h>

#include "server.h"

static struct finger *
find_finger(struct touch *touch, int32_t id)
{
	for (int i = 0; i < FINGERS_MAX; i++) {
		if (touch->fingers[i].part != WLBL_PART_NONE
				&& touch->fingers[i].id == id) {
			return &touch->fingers[i];
		}
	}
	return NULL;
}

/* One that is not on anything, or NULL when there are too many. */
static struct finger *
new_finger(struct touch *touch, int32_t id)
{
	if (find_finger(touch, id) != NULL) {
		return NULL;
	}
	for (int i = 0; i < FINGERS_MAX; i++) {
		if (touch->fingers[i].part == WLBL_PART_NONE) {
			touch->fingers[i].id = id;
			return &touch->fingers[i];
		}
	}
	return NULL;
}

static bool
is_alone(const struct touch *touch)
{
	for (int i = 0; i < FINGERS_MAX; i++) {
		if (touch->fingers[i].part != WLBL_PART_NONE) {
			return false;
		}
	}
	return true;
}

static bool
drags(struct server *server, int32_t id)
{
	const struct wlr_drag *drag = server->seat->drag;
	return drag != NULL && drag->touch_id == id
		&& drag->grab_type == WLR_DRAG_GRAB_KEYBOARD_TOUCH;
}

static void
to_layout(struct server *server, struct wlr_touch *touch, double x, double y,
	double *ret_x, double *ret_y)
{
	wlr_cursor_absolute_to_layout_coords(server->pointer.cursor,
		&touch->base, x, y, ret_x, ret_y);
}

static void
take_pointer_along(struct server *server, double x, double y,
	const struct wlbl_hit *hit)
{
	wlr_cursor_warp_closest(server->pointer.cursor, NULL, x, y);
	/* An arrow below a finger would be over what is dragged. */
	wlr_seat_pointer_notify_clear_focus(server->seat);
	wlr_cursor_unset_image(server->pointer.cursor);
	wlbl_show(server->labels, WLBL_ROLE_POINTER,
		hit->frame == NULL ? NULL : wlbl_frame_label(hit->frame));
}

static void
lift(struct server *server, struct finger *finger)
{
	if (finger->part != WLBL_PART_CONTENT) {
		server->pointer.mode = POINTER_FREE;
		server->pointer.window = NULL;
	}
	finger->part = WLBL_PART_NONE;
	wl_list_remove(&finger->device_destroy.link);
}

static void
take_back(struct server *server, struct finger *finger)
{
	if (finger->part == WLBL_PART_CONTENT) {
		wlbl_seat_touch_cancel(server->label_seat, finger->id);
	}
	lift(server, finger);
}

static void
handle_device_destroy(struct wl_listener *listener, void *data)
{
	struct finger *finger =
		wl_container_of(listener, finger, device_destroy);
	(void)data;
	take_back(finger->server, finger);
}

static void
handle_down(struct wl_listener *listener, void *data)
{
	struct server *server = wl_container_of(listener, server, touch.down);
	const struct wlr_touch_down_event *event = data;
	struct touch *touch = &server->touch;
	const bool alone = is_alone(touch)
		&& server->pointer.mode == POINTER_FREE;
	struct finger *finger = new_finger(touch, event->touch_id);
	double x, y;
	struct wlbl_hit hit;
	to_layout(server, event->touch, event->x, event->y, &x, &y);
	look_at(server, x, y, &hit);
	if (finger == NULL || hit.part == WLBL_PART_NONE
			|| (!alone && hit.part != WLBL_PART_CONTENT)) {
		return;
	}
	finger->part = hit.part;
	finger->device_destroy.notify = handle_device_destroy;
	wl_signal_add(&event->touch->base.events.destroy,
		&finger->device_destroy);
	finger->origin_x = x - hit.sx;
	finger->origin_y = y - hit.sy;
	if (alone) {
		take_pointer_along(server, x, y, &hit);
		bool ours = pointer_press(server, BTN_LEFT);
		pointer_let_go(&server->pointer);
		if (ours) {
			/* Popups close on a press that is not theirs. */
			wlr_seat_touch_end_grab(server->seat);
			finger->part = WLBL_PART_BORDER;
			return;
		}
	}
	wlbl_seat_touch_down(server->label_seat, hit.surface, event->time_msec,
		event->touch_id, hit.sx, hit.sy);
}

static void
handle_motion(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, touch.motion);
	const struct wlr_touch_motion_event *event = data;
	const struct finger *finger =
		find_finger(&server->touch, event->touch_id);
	if (finger == NULL) {
		return;
	}
	double x, y;
	to_layout(server, event->touch, event->x, event->y, &x, &y);
	if (finger->part != WLBL_PART_CONTENT) {
		wlr_cursor_warp_closest(server->pointer.cursor, NULL, x, y);
		pointer_moved(server, event->time_msec);
		return;
	}
	struct wlbl_hit hit = {
		.sx = x - finger->origin_x,
		.sy = y - finger->origin_y,
	};
	if (drags(server, event->touch_id)) {
		look_at(server, x, y, &hit);
		take_pointer_along(server, x, y, &hit);
		pointer_image_place(server);
	}
	wlbl_seat_touch_motion(server->label_seat, hit.surface,
		event->time_msec, event->touch_id, hit.sx, hit.sy);
}

static void
handle_up(struct wl_listener *listener, void *data)
{
	struct server *server = wl_container_of(listener, server, touch.up);
	const struct wlr_touch_up_event *event = data;
	struct finger *finger = find_finger(&server->touch, event->touch_id);
	if (finger == NULL) {
		return;
	}
	if (finger->part == WLBL_PART_CONTENT) {
		wlr_seat_touch_notify_up(server->seat, event->time_msec,
			event->touch_id);
	}
	lift(server, finger);
}

static void
handle_cancel(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, touch.cancel);
	const struct wlr_touch_cancel_event *event = data;
	struct finger *finger = find_finger(&server->touch, event->touch_id);
	if (finger != NULL) {
		take_back(server, finger);
	}
}

static void
handle_frame(struct wl_listener *listener, void *data)
{
	struct server *server = wl_container_of(listener, server, touch.frame);
	(void)data;
	wlr_seat_touch_notify_frame(server->seat);
}

void
touch_init(struct server *server)
{
	struct touch *touch = &server->touch;
	struct wlr_cursor *cursor = server->pointer.cursor;
	for (int i = 0; i < FINGERS_MAX; i++) {
		touch->fingers[i].server = server;
	}
	touch->down.notify = handle_down;
	wl_signal_add(&cursor->events.touch_down, &touch->down);
	touch->motion.notify = handle_motion;
	wl_signal_add(&cursor->events.touch_motion, &touch->motion);
	touch->up.notify = handle_up;
	wl_signal_add(&cursor->events.touch_up, &touch->up);
	touch->cancel.notify = handle_cancel;
	wl_signal_add(&cursor->events.touch_cancel, &touch->cancel);
	touch->frame.notify = handle_frame;
	wl_signal_add(&cursor->events.touch_frame, &touch->frame);
}

void
touch_let_go(struct server *server)
{
	struct touch *touch = &server->touch;
	for (int i = 0; i < FINGERS_MAX; i++) {
		if (touch->fingers[i].part != WLBL_PART_NONE) {
			take_back(server, &touch->fingers[i]);
		}
	}
}

void
touch_finish(struct server *server)
{
	struct touch *touch = &server->touch;
	for (int i = 0; i < FINGERS_MAX; i++) {
		if (touch->fingers[i].part != WLBL_PART_NONE) {
			lift(server, &touch->fingers[i]);
		}
	}
	wl_list_remove(&touch->down.link);
	wl_list_remove(&touch->motion.link);
	wl_list_remove(&touch->up.link);
	wl_list_remove(&touch->cancel.link);
	wl_list_remove(&touch->frame.link);
}
