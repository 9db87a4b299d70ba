/* SPDX-License-Identifier: MIT */
/*
 * The text inputs of a relay: places where a client's text is entered. How many
 * a VM has is limited, since each of them is looked at whenever the keyboard
 * goes from one window to another.
 */
#include <stdlib.h>
#include <wlr/types/wlr_compositor.h>

#include "hold.h"
#include "relay.h"

#define TEXTS_MAX 1000	/* of each VM */

void
relay_text_focus(struct relay_text *text, struct wlr_surface *surface)
{
	if (text->wlr->focused_surface == surface) {
		return;
	}
	if (text->relay->text == text) {
		relay_end(text->relay);
	}
	if (text->wlr->focused_surface != NULL) {
		wlr_text_input_v3_send_leave(text->wlr);
	}
	if (surface != NULL) {
		wlr_text_input_v3_send_enter(text->wlr, surface);
	}
}

/*
 * wlroots calls it a commit and not an enabling when a client enables what it
 * never disabled; so whichever it is, what counts is how it is now.
 */
static void
handle_state(struct relay_text *text)
{
	if (text->wlr->current_enabled && text->wlr->focused_surface != NULL) {
		relay_serve(text);
	}
}

static void
handle_enable(struct wl_listener *listener, void *data)
{
	struct relay_text *text = wl_container_of(listener, text, enable);
	(void)data;
	handle_state(text);
}

static void
handle_commit(struct wl_listener *listener, void *data)
{
	struct relay_text *text = wl_container_of(listener, text, commit);
	(void)data;
	handle_state(text);
}

static void
handle_disable(struct wl_listener *listener, void *data)
{
	struct relay_text *text = wl_container_of(listener, text, disable);
	(void)data;
	if (text->relay->text == text) {
		relay_end(text->relay);
	}
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct relay_text *text = wl_container_of(listener, text, destroy);
	(void)data;
	if (text->relay->text == text) {
		relay_end(text->relay);
	}
	if (text->account != NULL) {
		text->account->texts--;
	}
	wl_list_remove(&text->enable.link);
	wl_list_remove(&text->commit.link);
	wl_list_remove(&text->disable.link);
	wl_list_remove(&text->destroy.link);
	wl_list_remove(&text->link);
	free(text);
}

void
relay_handle_new_text(struct wl_listener *listener, void *data)
{
	struct wlbl_relay *relay = wl_container_of(listener, relay, new_text);
	struct wlr_text_input_v3 *wlr = data;
	struct wl_client *client = wl_resource_get_client(wlr->resource);
	struct wlbl_label *account = wlbl_account_of(relay->labels, client);
	if (account != NULL && account->texts >= TEXTS_MAX) {
		wlbl_refuse(relay->labels, account, client, "text inputs");
		return;
	}
	struct relay_text *text = calloc(1, sizeof(*text));
	if (text == NULL) {
		wl_client_post_no_memory(client);
		return;
	}
	text->relay = relay;
	text->wlr = wlr;
	text->account = account;
	if (account != NULL) {
		account->texts++;
	}
	text->enable.notify = handle_enable;
	wl_signal_add(&wlr->events.enable, &text->enable);
	text->commit.notify = handle_commit;
	wl_signal_add(&wlr->events.commit, &text->commit);
	text->disable.notify = handle_disable;
	wl_signal_add(&wlr->events.disable, &text->disable);
	text->destroy.notify = handle_destroy;
	wl_signal_add(&wlr->events.destroy, &text->destroy);
	wl_list_insert(&relay->texts, &text->link);
	relay_update(relay);
}
