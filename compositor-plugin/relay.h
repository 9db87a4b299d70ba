/* SPDX-License-Identifier: MIT */
/* The parts of a relay: relay.c, relay-text.c, relay-method.c, relay-keys.c. */
#ifndef WLBL_RELAY_H
#define WLBL_RELAY_H

#include <wlr/types/wlr_input_method_v2.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_text_input_v3.h>

#include "private.h"

/* Keys that are down for an input method at once. */
#define RELAY_KEYS_MAX 32

struct relay_text {
	struct wl_list link;		/* wlbl_relay.texts */
	struct wlbl_relay *relay;
	struct wlr_text_input_v3 *wlr;
	struct wlbl_label *account;	/* NULL: it is local */
	struct wl_listener enable;
	struct wl_listener commit;
	struct wl_listener disable;
	struct wl_listener destroy;
};

struct relay_method {
	struct wl_list link;		/* wlbl_relay.methods */
	struct wlbl_relay *relay;
	struct wlr_input_method_v2 *wlr;
	const struct wlbl_label *label;
	struct wl_listener commit;
	struct wl_listener grab_keyboard;
	struct wl_listener new_popup;
	struct wl_listener destroy;
};

struct wlbl_relay {
	struct wlbl *labels;
	struct wlr_seat *seat;
	struct wlbl_relay_options options;
	struct wl_list texts;		/* relay_text.link */
	struct wl_list methods;		/* relay_method.link */
	/* Both or neither: who is typed into, and who helps. */
	struct relay_text *text;
	struct relay_method *method;
	struct relay_method *entered;	/* for whom text inputs were told */
	/* That went down for its grab and did not come up yet. */
	uint32_t keys[RELAY_KEYS_MAX];
	unsigned keys_count;

	struct wl_listener new_text;
	struct wl_listener new_method;
	struct wl_listener focus_change;
};

/* A text input has a new state: tell its method, which serves it from now on. */
void
relay_serve(struct relay_text *text);

/* Whoever is served is no longer. */
void
relay_end(struct wlbl_relay *relay);

/* The same for a method that is going and is told nothing any more. */
void
relay_forget(struct relay_method *method);

/* The keyboard, or a method, has come to somebody or gone from him. */
void
relay_update(struct wlbl_relay *relay);

/* relay-text.c */
void
relay_handle_new_text(struct wl_listener *listener, void *data);

/* Tell it that it is the surface's turn, or nobody's. */
void
relay_text_focus(struct relay_text *text, struct wlr_surface *surface);

/* relay-method.c */
void
relay_handle_new_method(struct wl_listener *listener, void *data);

/* Tell it what the text input says of itself; with @begins for the first time. */
void
relay_method_tell(struct relay_method *method, struct relay_text *text,
	bool begins);

void
relay_method_leave(struct relay_method *method);

/* relay-keys.c: its grab, if there is one, gets keys from now on, or no longer. */
void
relay_grab_attach(struct relay_method *method);

void
relay_grab_detach(struct relay_method *method);

#endif
