/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The keyboard belongs to one client at a time, and with it go the selections of
 * its label. Between two labels nobody has the keyboard: the one that had it must
 * not be offered the other's selection, nor the other way round.
 *
 * Whose selection a request sets: wlroots checks that the client was given the
 * serial some time, but does not say which client it was. It need not be the one
 * with the keyboard. libwayland tells a protocol logger about each request before
 * it is carried out, and that is who it was.
 *
 * wlroots starts a popup's grab without looking at its serial, so any client can
 * take the pointer's clicks whenever it likes, close the popups of others who have
 * grabbed, and keep a drag from ever being told that it is over. Here a client may
 * grab if it is of the label that has the keyboard or the pointer and nothing is
 * dragged. That is judged before the request is carried out, by the logger, too.
 *
 * A drag is kept in its label by telling no other surface of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_keyboard.h>
#include <wlr/types/wlr_primary_selection.h>
#include <wlr/types/wlr_seat.h>
#include <xkbcommon/xkbcommon.h>

#include "hold.h"
#include "selection.h"
#include "transfer.h"

#define LOST_DRAGS_MAX 100	/* of each VM */

struct wlbl_seat {
	struct wlbl *labels;
	struct wlr_seat *seat;
	struct wl_protocol_logger *logger;
	struct wl_client *requester;	/* of the request under way */

	struct wlbl_selection clipboard;
	struct wlbl_selection primary;
	struct wlbl_transfer *transfer;

	struct wl_listener focus_change;
	struct wl_listener set_selection;
	struct wl_listener set_primary;
	struct wl_listener start_drag;
};

static const struct wlbl_label *
label_of_surface(struct wlbl_seat *seat, struct wlr_surface *surface)
{
	return surface == NULL ? NULL : wlbl_label_of(seat->labels,
		wl_resource_get_client(surface->resource));
}

WLBL_PUBLIC const struct wlbl_label *
wlbl_seat_keyboard_label(struct wlbl_seat *seat)
{
	return label_of_surface(seat,
		seat->seat->keyboard_state.focused_surface);
}

static void
handle_focus_change(struct wl_listener *listener, void *data)
{
	struct wlbl_seat *seat =
		wl_container_of(listener, seat, focus_change);
	(void)data;
	wlbl_show(seat->labels, WLBL_ROLE_KEYBOARD,
		wlbl_seat_keyboard_label(seat));
}

static void
end_grabs(struct wlr_seat *seat)
{
	wlr_seat_pointer_end_grab(seat);
	wlr_seat_keyboard_end_grab(seat);
	wlr_seat_touch_end_grab(seat);
}

static bool
may_grab(struct wlbl_seat *seat, struct wl_client *client)
{
	const struct wlbl_label *label = wlbl_label_of(seat->labels, client);
	return seat->seat->drag == NULL && label != NULL
		&& !seat->labels->locked
		&& (label == wlbl_seat_keyboard_label(seat)
			|| label == label_of_surface(seat,
				seat->seat->pointer_state.focused_surface));
}

/*
 * wlroots forgets a drag that is asked for while there is one, and keeps its memory
 * for as long as its source is there, or for ever. A few may happen to anybody.
 */
static void
count_drag(struct wlbl_seat *seat)
{
	struct wlbl_label *account =
		wlbl_account_of(seat->labels, seat->requester);
	if (account != NULL && seat->seat->drag != NULL
			&& ++account->lost_drags > LOST_DRAGS_MAX) {
		wlbl_refuse(seat->labels, account, seat->requester,
			"drags at once");
	}
}

static void
handle_message(void *data, enum wl_protocol_logger_type type,
	const struct wl_protocol_logger_message *message)
{
	struct wlbl_seat *seat = data;
	struct wl_resource *resource = message->resource;
	if (type != WL_PROTOCOL_LOGGER_REQUEST) {
		return;
	}
	const char *class = wl_resource_get_class(resource);
	const char *name = message->message->name;
	seat->requester = wl_resource_get_client(resource);
	if (strcmp(class, "wl_data_device") == 0
			&& strcmp(name, "start_drag") == 0) {
		count_drag(seat);
	} else if (strcmp(class, "xdg_popup") == 0 && strcmp(name, "grab") == 0
			&& !may_grab(seat, seat->requester)) {
		wlbl_log(seat->labels, "a popup that grabs the pointer "
			"without having had it is closed");
		wlbl_popup_refuse_grab(resource);
	} else if (strcmp(class, "wl_seat") == 0
			&& strcmp(name, "get_keyboard") == 0
			&& !wlbl_keyboard_may_hear(seat->labels,
				wlbl_seat_keyboard_label(seat),
				seat->requester)) {
		wlbl_keyboard_forget(seat->seat);
	} else if (strcmp(class, "zwp_virtual_keyboard_v1") == 0
			&& strcmp(name, "keymap") == 0) {
		wlbl_keyboard_forget(seat->seat);
	}
}

static void
handle_set_selection(struct wl_listener *listener, void *data)
{
	struct wlbl_seat *seat =
		wl_container_of(listener, seat, set_selection);
	struct wlr_seat_request_set_selection_event *event = data;
	const struct wlbl_label *label =
		wlbl_label_of(seat->labels, seat->requester);
	if (label == NULL) {
		wlr_data_source_destroy(event->source);
		return;
	}
	wlbl_selection_keep(&seat->clipboard, label, event->source);
}

static void
handle_set_primary(struct wl_listener *listener, void *data)
{
	struct wlbl_seat *seat = wl_container_of(listener, seat, set_primary);
	struct wlr_seat_request_set_primary_selection_event *event = data;
	const struct wlbl_label *label =
		wlbl_label_of(seat->labels, seat->requester);
	if (label == NULL) {
		wlr_primary_selection_source_destroy(event->source);
		return;
	}
	wlbl_selection_keep(&seat->primary, label, event->source);
}

/* As if it had never been asked for. */
static void
refuse_drag(struct wlr_drag *drag)
{
	if (drag->source != NULL) {
		wlr_data_source_destroy(drag->source);
		return;
	}
	/*
	 * A drag ends with its source; without one nothing would ever free it,
	 * and a client may ask without end. Its grab's cancelling does, although
	 * that has not begun.
	 */
	drag->pointer_grab.interface->cancel(&drag->pointer_grab);
}

static void
handle_start_drag(struct wl_listener *listener, void *data)
{
	struct wlbl_seat *seat = wl_container_of(listener, seat, start_drag);
	struct wlr_seat_request_start_drag_event *event = data;
	struct wlr_seat_client *client = event->drag->seat_client;
	struct wlbl_label *account =
		wlbl_account_of(seat->labels, client->client);
	if (account != NULL) {
		account->lost_drags = 0;
	}
	if (event->drag->source != NULL
			&& event->drag->source == seat->seat->drag_source) {
		/* As the last one's it would end with this one's beginning. */
		refuse_drag(event->drag);
		return;
	}
	if (wlr_seat_validate_pointer_grab_serial(seat->seat, event->origin,
			event->serial)) {
		wlr_seat_start_pointer_drag(seat->seat, event->drag,
			event->serial);
		return;
	}
	struct wlr_touch_point *point;
	if (wlr_seat_validate_touch_grab_serial(seat->seat, event->origin,
			event->serial, &point)) {
		wlr_seat_start_touch_drag(seat->seat, event->drag,
			event->serial, point);
		return;
	}
	refuse_drag(event->drag);
}

WLBL_PUBLIC int
wlbl_seat_create(struct wlbl *labels, struct wlr_seat *wlr_seat,
	struct wlbl_seat **ret)
{
	struct wlbl_seat *seat = calloc(1, sizeof(*seat));
	if (seat == NULL) {
		return -ENOMEM;
	}
	seat->labels = labels;
	seat->seat = wlr_seat;
	seat->logger = wl_display_add_protocol_logger(labels->display,
		handle_message, seat);
	seat->transfer = wlbl_transfer_create(labels);
	if (seat->logger == NULL || seat->transfer == NULL) {
		wlbl_transfer_destroy(seat->transfer);
		if (seat->logger != NULL) {
			wl_protocol_logger_destroy(seat->logger);
		}
		free(seat);
		return -ENOMEM;
	}
	wlbl_selection_init(&seat->clipboard, &wlbl_clipboard_kind, wlr_seat);
	wlbl_selection_init(&seat->primary, &wlbl_primary_kind, wlr_seat);

	seat->focus_change.notify = handle_focus_change;
	wl_signal_add(&wlr_seat->keyboard_state.events.focus_change,
		&seat->focus_change);
	seat->set_selection.notify = handle_set_selection;
	wl_signal_add(&wlr_seat->events.request_set_selection,
		&seat->set_selection);
	seat->set_primary.notify = handle_set_primary;
	wl_signal_add(&wlr_seat->events.request_set_primary_selection,
		&seat->set_primary);
	seat->start_drag.notify = handle_start_drag;
	wl_signal_add(&wlr_seat->events.request_start_drag, &seat->start_drag);
	*ret = seat;
	return 0;
}

void
wlbl_seat_mirror(struct wlbl_seat *seat, const struct wlbl_label *label,
	struct wlr_seat *other, struct selection_mirror *clipboard,
	struct selection_mirror *primary)
{
	wlbl_selection_mirror(&seat->clipboard, label, other, clipboard);
	wlbl_selection_mirror(&seat->primary, label, other, primary);
}

WLBL_PUBLIC void
wlbl_seat_destroy(struct wlbl_seat *seat)
{
	if (seat == NULL) {
		return;
	}
	wl_list_remove(&seat->focus_change.link);
	wl_list_remove(&seat->set_selection.link);
	wl_list_remove(&seat->set_primary.link);
	wl_list_remove(&seat->start_drag.link);
	wlbl_transfer_destroy(seat->transfer);
	wlbl_given_sources_destroy(seat->labels);
	wlbl_selection_finish(&seat->clipboard);
	wlbl_selection_finish(&seat->primary);
	wl_protocol_logger_destroy(seat->logger);
	free(seat);
}

static bool
is_modifier(xkb_keysym_t key)
{
	return (key >= XKB_KEY_Shift_L && key <= XKB_KEY_Hyper_R)
		|| (key >= XKB_KEY_ISO_Lock && key <= XKB_KEY_ISO_Level5_Lock)
		|| key == XKB_KEY_Mode_switch || key == XKB_KEY_Num_Lock;
}

/*
 * Which keys that are held its next owner is told of. What else goes down did so
 * for another window, or for the compositor, which keeps the release, too: whoever
 * was told of Alt-Tab's Tab would never see it go up.
 */
static size_t
held_modifiers(const struct wlr_keyboard *keyboard,
	uint32_t ret[static WLR_KEYBOARD_KEYS_CAP])
{
	size_t count = 0;
	for (size_t i = 0; i < keyboard->num_keycodes
			&& keyboard->xkb_state != NULL; i++) {
		const uint32_t code = keyboard->keycodes[i];
		/* evdev's codes are 8 below xkb's. */
		if (is_modifier(xkb_state_key_get_one_sym(keyboard->xkb_state,
				code + 8))) {
			ret[count++] = code;
		}
	}
	return count;
}

WLBL_PUBLIC void
wlbl_seat_focus(struct wlbl_seat *seat, struct wlr_surface *surface)
{
	struct wlr_seat *wlr_seat = seat->seat;
	if (surface != NULL
			&& surface == wlr_seat->keyboard_state.focused_surface) {
		return;
	}
	/* A popup's grab would keep the focus where it is. */
	end_grabs(wlr_seat);

	const struct wlbl_label *label = label_of_surface(seat, surface);
	struct wlr_keyboard *keyboard = wlr_seat_get_keyboard(wlr_seat);
	if (label != wlbl_seat_keyboard_label(seat) || label == NULL) {
		wlbl_keyboard_forget(wlr_seat);
		wlr_seat_keyboard_clear_focus(wlr_seat);
		wlbl_selection_show(&seat->clipboard, label);
		wlbl_selection_show(&seat->primary, label);
	}
	if (label == NULL) {
		return;
	}
	if (keyboard != NULL) {
		uint32_t held[WLR_KEYBOARD_KEYS_CAP];
		const size_t count = held_modifiers(keyboard, held);
		wlr_seat_keyboard_enter(wlr_seat, surface, held, count,
			&keyboard->modifiers);
	} else {
		wlr_seat_keyboard_enter(wlr_seat, surface, NULL, 0, NULL);
	}
}

WLBL_PUBLIC void
wlbl_seat_set_keyboard(struct wlbl_seat *seat, struct wlr_keyboard *keyboard)
{
	if (wlr_seat_get_keyboard(seat->seat) != keyboard) {
		wlbl_keyboard_set(seat->labels, seat->seat,
			wlbl_seat_keyboard_label(seat), keyboard);
	}
}

WLBL_PUBLIC void
wlbl_seat_copy(struct wlbl_seat *seat)
{
	const struct wlbl_label *label = wlbl_seat_keyboard_label(seat);
	if (label != NULL) {
		wlbl_transfer_take(seat->transfer, label,
			wlbl_selection_source(&seat->clipboard, label));
	}
}

WLBL_PUBLIC void
wlbl_seat_paste(struct wlbl_seat *seat)
{
	const struct wlbl_label *label = wlbl_seat_keyboard_label(seat);
	struct wlr_data_source *source = label == NULL ? NULL
		: wlbl_transfer_give(seat->transfer, label);
	if (source != NULL) {
		wlbl_selection_keep(&seat->clipboard, label, source);
	}
}

/* Whether a surface may hear of what is going on with the pointer. */
static bool
may_point(struct wlbl_seat *seat, struct wlr_surface *surface)
{
	const struct wlr_drag *drag = seat->seat->drag;
	return drag == NULL || (drag->seat_client != NULL
		&& wlbl_label_of(seat->labels, drag->seat_client->client)
			== label_of_surface(seat, surface));
}

WLBL_PUBLIC void
wlbl_seat_point(struct wlbl_seat *seat, struct wlr_surface *surface,
	uint32_t time_ms, double x, double y)
{
	if (surface == NULL || !may_point(seat, surface)) {
		wlr_seat_pointer_notify_clear_focus(seat->seat);
		return;
	}
	wlr_seat_pointer_notify_enter(seat->seat, surface, x, y);
	wlr_seat_pointer_notify_motion(seat->seat, time_ms, x, y);
}

WLBL_PUBLIC void
wlbl_seat_touch_down(struct wlbl_seat *seat, struct wlr_surface *surface,
	uint32_t time_ms, int32_t id, double x, double y)
{
	if (surface != NULL && may_point(seat, surface)) {
		wlr_seat_touch_notify_down(seat->seat, surface, time_ms, id, x,
			y);
	}
}

static bool
drags(struct wlbl_seat *seat, int32_t id)
{
	const struct wlr_drag *drag = seat->seat->drag;
	return drag != NULL && drag->touch_id == id
		&& drag->grab_type == WLR_DRAG_GRAB_KEYBOARD_TOUCH;
}

WLBL_PUBLIC void
wlbl_seat_touch_motion(struct wlbl_seat *seat, struct wlr_surface *surface,
	uint32_t time_ms, int32_t id, double x, double y)
{
	if (wlr_seat_touch_get_point(seat->seat, id) == NULL) {
		return;
	}
	if (drags(seat, id)) {
		if (surface == NULL || !may_point(seat, surface)) {
			wlr_seat_touch_point_clear_focus(seat->seat, time_ms,
				id);
		} else {
			wlr_seat_touch_point_focus(seat->seat, surface,
				time_ms, id, x, y);
		}
	}
	wlr_seat_touch_notify_motion(seat->seat, time_ms, id, x, y);
}

WLBL_PUBLIC void
wlbl_seat_touch_cancel(struct wlbl_seat *seat, int32_t id)
{
	if (drags(seat, id)) {
		struct wlr_data_source *source = seat->seat->drag->source;
		if (source != NULL) {
			/* It is told, and the drag ends with it. */
			wlr_data_source_destroy(source);
		} else {
			wlr_seat_touch_end_grab(seat->seat);
		}
	}
	const struct wlr_touch_point *point =
		wlr_seat_touch_get_point(seat->seat, id);
	if (point != NULL) {
		wlr_seat_touch_notify_cancel(seat->seat, point->client);
	}
}
