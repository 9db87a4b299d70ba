/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The library says what is under the pointer; frames' own parts are handled here
 * and a client hears only of its own surfaces. While a button is held the surface
 * it went down on keeps the pointer, wherever that goes.
 */
#include <errno.h>
#include <linux/input-event-codes.h>
#include <stdlib.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_pointer.h>
#include <wlr/types/wlr_virtual_pointer_v1.h>
#include <wlr/types/wlr_xcursor_manager.h>

#include "server.h"

#define SIZE_MIN 32
#define CURSOR_SIZE 24
#define CURSOR_SIZE_MAX 256

void
pointer_let_go(struct pointer *pointer)
{
	if (pointer->held != NULL) {
		wl_list_remove(&pointer->held_destroy.link);
		pointer->held = NULL;
	}
}

static void
handle_held_destroy(struct wl_listener *listener, void *data)
{
	struct pointer *pointer =
		wl_container_of(listener, pointer, held_destroy);
	(void)data;
	pointer_let_go(pointer);
}

static void
hold(struct pointer *pointer, const struct wlbl_hit *hit)
{
	pointer_let_go(pointer);
	if (hit->surface == NULL) {
		return;
	}
	pointer->held = hit->surface;
	pointer->held_x = pointer->cursor->x - hit->sx;
	pointer->held_y = pointer->cursor->y - hit->sy;
	pointer->held_destroy.notify = handle_held_destroy;
	wl_signal_add(&hit->surface->events.destroy, &pointer->held_destroy);
}

void
pointer_begin(struct server *server, enum pointer_mode mode,
	struct window *window, uint32_t edges)
{
	struct pointer *pointer = &server->pointer;
	if ((mode == POINTER_RESIZE && edges == 0) || window_is_full(window)) {
		return;
	}
	wlr_seat_pointer_notify_clear_focus(server->seat);
	pointer->mode = mode;
	pointer->window = window;
	pointer->edges = edges;
	pointer->grab_x = pointer->cursor->x;
	pointer->grab_y = pointer->cursor->y;
	pointer_let_go(pointer);
	wlbl_frame_get_content_box(window->frame, &pointer->grab_box);
}

void
pointer_forget(struct server *server, struct window *window)
{
	if (server->pointer.window == window) {
		server->pointer.window = NULL;
		server->pointer.mode = POINTER_FREE;
	}
}

/* A press alone does not change it. */
static void
free_maximized(struct window *window)
{
	if (window->maximized) {
		/* As it is, but free: it can be dragged from there. */
		wlbl_frame_get_content_box(window->frame, &window->restored);
		window_set_maximized(window, false);
	}
}

static void
resize(struct pointer *pointer, int dx, int dy)
{
	struct wlr_box box = pointer->grab_box;
	if (pointer->edges & WLR_EDGE_LEFT) {
		dx = dx < box.width - SIZE_MIN ? dx : box.width - SIZE_MIN;
		box.x += dx;
		box.width -= dx;
	} else if (pointer->edges & WLR_EDGE_RIGHT) {
		box.width += dx;
	}
	if (pointer->edges & WLR_EDGE_TOP) {
		dy = dy < box.height - SIZE_MIN ? dy : box.height - SIZE_MIN;
		box.y += dy;
		box.height -= dy;
	} else if (pointer->edges & WLR_EDGE_BOTTOM) {
		box.height += dy;
	}
	box.width = box.width < SIZE_MIN ? SIZE_MIN : box.width;
	box.height = box.height < SIZE_MIN ? SIZE_MIN : box.height;
	window_resize(pointer->window, &box, pointer->edges);
}

static const char *
part_cursor(const struct wlbl_hit *hit)
{
	if (hit->part != WLBL_PART_BORDER) {
		return "default";
	}
	switch (hit->edges) {
	case WLR_EDGE_TOP:
	case WLR_EDGE_BOTTOM:
		return "ns-resize";
	case WLR_EDGE_LEFT:
	case WLR_EDGE_RIGHT:
		return "ew-resize";
	case WLR_EDGE_TOP | WLR_EDGE_LEFT:
	case WLR_EDGE_BOTTOM | WLR_EDGE_RIGHT:
		return "nwse-resize";
	case WLR_EDGE_TOP | WLR_EDGE_RIGHT:
	case WLR_EDGE_BOTTOM | WLR_EDGE_LEFT:
		return "nesw-resize";
	default:
		return "default";
	}
}

static void
point(struct server *server, uint32_t time_ms)
{
	struct pointer *pointer = &server->pointer;
	struct wlr_seat *seat = server->seat;
	const double x = pointer->cursor->x, y = pointer->cursor->y;

	if (pointer->held != NULL && seat->drag == NULL
			&& seat->pointer_state.focused_surface
				== pointer->held) {
		wlr_seat_pointer_notify_motion(seat, time_ms,
			x - pointer->held_x, y - pointer->held_y);
		return;
	}
	/* Once it has lost the pointer that is another's. */
	pointer_let_go(pointer);
	struct wlbl_hit hit;
	look_at(server, x, y, &hit);
	wlbl_show(server->labels, WLBL_ROLE_POINTER,
		hit.frame == NULL ? NULL : wlbl_frame_label(hit.frame));
	wlbl_seat_point(server->label_seat, hit.surface, time_ms, hit.sx,
		hit.sy);
	if (hit.surface == NULL) {
		pointer_image_default(server, part_cursor(&hit));
	}
}

void
pointer_moved(struct server *server, uint32_t time_ms)
{
	struct pointer *pointer = &server->pointer;
	const int dx = (int)(pointer->cursor->x - pointer->grab_x);
	const int dy = (int)(pointer->cursor->y - pointer->grab_y);
	if (pointer->mode != POINTER_FREE && (dx != 0 || dy != 0)) {
		free_maximized(pointer->window);
	}
	switch (pointer->mode) {
	case POINTER_MOVE:
		window_move(pointer->window, pointer->grab_box.x + dx,
			pointer->grab_box.y + dy);
		break;
	case POINTER_RESIZE:
		resize(pointer, dx, dy);
		break;
	case POINTER_FREE:
		point(server, time_ms);
		break;
	}
	pointer_image_place(server);
}

void
pointer_update(struct server *server)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (server->pointer.mode == POINTER_FREE) {
		point(server, (uint32_t)(now.tv_sec * 1000
			+ now.tv_nsec / 1000000));
	}
}

static void
handle_motion(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.motion);
	const struct wlr_pointer_motion_event *event = data;
	wlr_cursor_move(server->pointer.cursor, &event->pointer->base,
		event->delta_x, event->delta_y);
	pointer_moved(server, event->time_msec);
}

static void
handle_motion_absolute(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.motion_absolute);
	const struct wlr_pointer_motion_absolute_event *event = data;
	wlr_cursor_warp_absolute(server->pointer.cursor, &event->pointer->base,
		event->x, event->y);
	pointer_moved(server, event->time_msec);
}

static bool
holds_logo(struct server *server)
{
	struct wlr_keyboard *keyboard = wlr_seat_get_keyboard(server->seat);
	return keyboard != NULL
		&& (wlr_keyboard_get_modifiers(keyboard) & WLR_MODIFIER_LOGO);
}

/* The edges nearest to a point of a window, for Super and the right button. */
static uint32_t
edges_near(struct wlbl_frame *frame, double x, double y)
{
	struct wlr_box box;
	wlbl_frame_get_box(frame, &box);
	return (x < box.x + box.width / 2 ? WLR_EDGE_LEFT : WLR_EDGE_RIGHT)
		| (y < box.y + box.height / 2 ? WLR_EDGE_TOP
			: WLR_EDGE_BOTTOM);
}

bool
pointer_press(struct server *server, uint32_t button)
{
	struct pointer *pointer = &server->pointer;
	const double x = pointer->cursor->x, y = pointer->cursor->y;
	struct wlbl_hit hit;
	wlbl_at(server->labels, server->layers[LAYER_WINDOWS], x, y, &hit);
	if (hit.frame == NULL) {
		return false;
	}
	struct window *window = wlbl_frame_data(hit.frame);
	if (hit.frame == window->frame) {
		window_focus(window);
	}
	if (holds_logo(server) && button == BTN_LEFT) {
		pointer_begin(server, POINTER_MOVE, window, 0);
		return true;
	}
	if (holds_logo(server) && button == BTN_RIGHT) {
		pointer_begin(server, POINTER_RESIZE, window,
			edges_near(window->frame, x, y));
		return true;
	}
	if (hit.part != WLBL_PART_CONTENT && button != BTN_LEFT) {
		return false;
	}
	switch (hit.part) {
	case WLBL_PART_CLOSE:
		window_close(window);
		return true;
	case WLBL_PART_MAXIMIZE:
		window_set_maximized(window, !window->maximized);
		return true;
	case WLBL_PART_TITLE:
		pointer_begin(server, POINTER_MOVE, window, 0);
		return true;
	case WLBL_PART_BORDER:
		if (hit.frame == window->frame) {
			pointer_begin(server, POINTER_RESIZE, window,
				hit.edges);
		}
		return true;
	case WLBL_PART_CONTENT:
		hold(pointer, &hit);
		return false;
	case WLBL_PART_NONE:
		break;
	}
	return false;
}

static void
handle_button(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.button);
	const struct wlr_pointer_button_event *event = data;
	struct pointer *pointer = &server->pointer;
	const bool pressed = event->state == WL_POINTER_BUTTON_STATE_PRESSED;
	if (pressed && pointer->mode == POINTER_FREE
			&& server->seat->pointer_state.button_count == 0) {
		point(server, event->time_msec);
		if (pointer_press(server, event->button)) {
			/* Popups close on a press that is not theirs. */
			wlr_seat_pointer_notify_clear_focus(server->seat);
		}
	}
	wlr_seat_pointer_notify_button(server->seat, event->time_msec,
		event->button, event->state);
	if (!pressed && server->seat->pointer_state.button_count == 0) {
		pointer->mode = POINTER_FREE;
		pointer->window = NULL;
		pointer_let_go(pointer);
		point(server, event->time_msec);
	}
}

static void
handle_axis(struct wl_listener *listener, void *data)
{
	struct server *server = wl_container_of(listener, server, pointer.axis);
	const struct wlr_pointer_axis_event *event = data;
	wlr_seat_pointer_notify_axis(server->seat, event->time_msec,
		event->orientation, event->delta, event->delta_discrete,
		event->source, event->relative_direction);
}

static void
handle_frame(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, pointer.frame);
	(void)data;
	wlr_seat_pointer_notify_frame(server->seat);
}

/* As everybody else looks for it; wlroots looks for the path only. */
static struct wlr_xcursor_manager *
theme_create(void)
{
	const char *size = getenv("XCURSOR_SIZE");
	const int wanted = size == NULL ? 0 : atoi(size);
	return wlr_xcursor_manager_create(getenv("XCURSOR_THEME"),
		wanted > 0 && wanted <= CURSOR_SIZE_MAX ? (uint32_t)wanted
			: CURSOR_SIZE);
}

int
pointer_init(struct server *server)
{
	struct pointer *pointer = &server->pointer;
	pointer->cursor = wlr_cursor_create();
	pointer->theme = theme_create();
	if (pointer->cursor == NULL || pointer->theme == NULL) {
		return -ENOMEM;
	}
	wlr_cursor_attach_output_layout(pointer->cursor, server->layout);
	pointer->motion.notify = handle_motion;
	wl_signal_add(&pointer->cursor->events.motion, &pointer->motion);
	pointer->motion_absolute.notify = handle_motion_absolute;
	wl_signal_add(&pointer->cursor->events.motion_absolute,
		&pointer->motion_absolute);
	pointer->button.notify = handle_button;
	wl_signal_add(&pointer->cursor->events.button, &pointer->button);
	pointer->axis.notify = handle_axis;
	wl_signal_add(&pointer->cursor->events.axis, &pointer->axis);
	pointer->frame.notify = handle_frame;
	wl_signal_add(&pointer->cursor->events.frame, &pointer->frame);
	pointer_image_init(server);
	return 0;
}

void
pointer_finish(struct server *server)
{
	struct pointer *pointer = &server->pointer;
	pointer_image_finish(server);
	pointer_let_go(pointer);
	wl_list_remove(&pointer->motion.link);
	wl_list_remove(&pointer->motion_absolute.link);
	wl_list_remove(&pointer->button.link);
	wl_list_remove(&pointer->axis.link);
	wl_list_remove(&pointer->frame.link);
	wlr_xcursor_manager_destroy(pointer->theme);
	wlr_cursor_destroy(pointer->cursor);
}
