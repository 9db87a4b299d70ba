/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * An input method reads what stands around the cursor and, if it grabs the keyboard,
 * each key; it writes into the window. It is as close to a program as the person
 * before it. So it serves the text inputs of its own label and no other; that of
 * the compositor's own machine serves local programs, and a VM only where the
 * configuration names that VM ([input-methods]). One for each label is there at a
 * time; a second is told that it is unavailable.
 *
 * Nobody is served but a text input that
 *	- has the keyboard: its client has the focus, and
 *	- was told so ("enter"), which happens only if there is a method for it, and
 *	- said that text is entered there ("enable").
 * That is one, or none, and with it goes the method. Whatever ends one of the
 * three ends the service: the method is deactivated before another label hears of
 * the keyboard. What it still sends for the one before is not passed on: wlroots
 * drops what has the serial of an earlier state.
 *
 * Keys go to a grab only while its method serves somebody. A key comes up where it
 * went down, unless the service has ended in between.
 */
#include "relay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wlr/types/wlr_compositor.h>

#include "label-text.h"

#define TELLS_MAX 100	/* of each VM, in a second */

struct served {
	struct wl_list link;		/* wlbl.served */
	char label[WLBL_NAME_MAX + 1];
};

static bool
is_served(struct wlbl *labels, const char *label)
{
	const struct served *served;
	wl_list_for_each(served, &labels->served, link) {
		if (strcmp(served->label, label) == 0) {
			return true;
		}
	}
	return false;
}

bool
wlbl_served_add(struct wlbl *labels, const char *label, const char *value)
{
	if (!wlbl_text_is_name(label) || is_served(labels, label)) {
		return false;
	}
	if (strcmp(value, "own") == 0) {
		return true;
	}
	struct served *served = strcmp(value, WLBL_LOCAL_NAME) != 0 ? NULL
		: calloc(1, sizeof(*served));
	if (served == NULL) {
		return false;
	}
	strcpy(served->label, label);
	wl_list_insert(&labels->served, &served->link);
	return true;
}

void
wlbl_served_finish(struct wlbl *labels)
{
	struct served *served, *tmp;
	wl_list_for_each_safe(served, tmp, &labels->served, link) {
		wl_list_remove(&served->link);
		free(served);
	}
}

static struct relay_method *
method_for(struct wlbl_relay *relay, const struct wlbl_label *label)
{
	const struct wlbl_label *local = relay->labels->local;
	struct relay_method *method, *other = NULL;
	if (label == NULL) {
		return NULL;
	}
	wl_list_for_each(method, &relay->methods, link) {
		if (method->label == label) {
			return method;
		}
		if (method->label == local) {
			other = method;
		}
	}
	return other != NULL && is_served(relay->labels, label->name) ? other
		: NULL;
}

static void
say_moved(struct wlbl_relay *relay)
{
	if (relay->options.moved != NULL) {
		relay->options.moved(relay->options.data);
	}
}

/*
 * A method that does not read loses its connection once too much waits for it, so
 * a VM must not make another's method hear without end.
 */
static bool
may_tell(const struct relay_text *text)
{
	struct wlbl_label *account = text->account;
	struct timespec now;
	if (account == NULL) {
		return true;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec != account->tells_second) {
		account->tells_second = now.tv_sec;
		account->tells = 0;
	}
	return account->tells++ < TELLS_MAX;
}

void
relay_serve(struct relay_text *text)
{
	struct wlbl_relay *relay = text->relay;
	if (!may_tell(text)) {
		return;
	}
	const bool begins = relay->text != text;
	if (begins) {
		relay_end(relay);
		relay->text = text;
		relay->method = relay->entered;
	}
	/* Its popups appear by what it is told now, and want to know where. */
	say_moved(relay);
	relay_method_tell(relay->method, text, begins);
}

static void
end(struct wlbl_relay *relay)
{
	relay->text = NULL;
	relay->method = NULL;
	relay->keys_count = 0;
	say_moved(relay);
}

void
relay_end(struct wlbl_relay *relay)
{
	struct relay_method *method = relay->method;
	if (method != NULL) {
		end(relay);
		relay_method_leave(method);
	}
}

void
relay_forget(struct relay_method *method)
{
	struct wlbl_relay *relay = method->relay;
	if (relay->method == method) {
		end(relay);
	}
	if (relay->entered == method) {
		relay->entered = NULL;
	}
}

void
relay_update(struct wlbl_relay *relay)
{
	struct wlr_surface *surface =
		relay->seat->keyboard_state.focused_surface;
	/* What is typed into a lock is between it and the person. */
	struct wl_client *client = surface == NULL || relay->labels->locked
		? NULL : wl_resource_get_client(surface->resource);
	struct relay_method *method = client == NULL ? NULL
		: method_for(relay, wlbl_label_of(relay->labels, client));
	struct relay_text *text;
	if (method != relay->entered) {
		wl_list_for_each(text, &relay->texts, link) {
			relay_text_focus(text, NULL);
		}
		relay->entered = method;
	}
	wl_list_for_each(text, &relay->texts, link) {
		relay_text_focus(text, method != NULL
			&& wl_resource_get_client(text->wlr->resource)
				== client ? surface : NULL);
	}
}

static void
handle_focus_change(struct wl_listener *listener, void *data)
{
	struct wlbl_relay *relay =
		wl_container_of(listener, relay, focus_change);
	(void)data;
	relay_update(relay);
}

WLBL_PUBLIC bool
wlbl_relay_cursor(struct wlbl_relay *relay, struct wlr_surface **ret_surface,
	struct wlr_box *ret)
{
	if (relay->text == NULL) {
		return false;
	}
	const struct wlr_text_input_v3 *text = relay->text->wlr;
	*ret_surface = text->focused_surface;
	*ret = text->current.cursor_rectangle;
	return true;
}

WLBL_PUBLIC int
wlbl_relay_create(struct wlbl *labels, struct wlr_seat *seat,
	const struct wlbl_relay_options *options, struct wlbl_relay **ret)
{
	struct wlbl_relay *relay = calloc(1, sizeof(*relay));
	if (relay == NULL) {
		return -ENOMEM;
	}
	relay->labels = labels;
	relay->seat = seat;
	relay->options = *options;
	wl_list_init(&relay->texts);
	wl_list_init(&relay->methods);
	relay->new_text.notify = relay_handle_new_text;
	wl_signal_add(&options->text_inputs->events.text_input,
		&relay->new_text);
	relay->new_method.notify = relay_handle_new_method;
	wl_signal_add(&options->input_methods->events.input_method,
		&relay->new_method);
	relay->focus_change.notify = handle_focus_change;
	wl_signal_add(&seat->keyboard_state.events.focus_change,
		&relay->focus_change);
	labels->relays = true;
	*ret = relay;
	return 0;
}

WLBL_PUBLIC void
wlbl_relay_destroy(struct wlbl_relay *relay)
{
	if (relay == NULL) {
		return;
	}
	wl_list_remove(&relay->new_text.link);
	wl_list_remove(&relay->new_method.link);
	wl_list_remove(&relay->focus_change.link);
	free(relay);
}
