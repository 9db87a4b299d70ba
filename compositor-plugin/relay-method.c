/* SPDX-License-Identifier: MIT */
/*
 * The input methods of a relay: what goes to one and what comes from it. All numbers
 * and strings of either side are brought to what the protocols know before they
 * reach the other, since the two may be of different VMs.
 */
#include <stdlib.h>

#include "relay.h"
#include "relayed-text.h"

/* text-input-v3's content_hint, content_purpose and change_cause. */
#define HINTS_KNOWN 0x3ffu
#define PURPOSE_NORMAL 0u
#define PURPOSE_LAST 13u
#define CAUSE_METHOD 0u
#define CAUSE_OTHER 1u

void
relay_method_tell(struct relay_method *method, struct relay_text *text,
	bool begins)
{
	const struct wlr_text_input_v3 *wlr = text->wlr;
	const struct wlr_text_input_v3_state *state = &wlr->current;
	if (begins) {
		wlr_input_method_v2_send_activate(method->wlr);
	}
	const char *around = state->surrounding.text;
	if ((wlr->active_features & WLR_TEXT_INPUT_V3_FEATURE_SURROUNDING_TEXT)
			&& around != NULL && wlbl_relayed_is_text(around)) {
		wlr_input_method_v2_send_surrounding_text(method->wlr, around,
			(uint32_t)wlbl_relayed_offset(around,
				state->surrounding.cursor),
			(uint32_t)wlbl_relayed_offset(around,
				state->surrounding.anchor));
	}
	wlr_input_method_v2_send_text_change_cause(method->wlr,
		state->text_change_cause == CAUSE_METHOD ? CAUSE_METHOD
			: CAUSE_OTHER);
	if (wlr->active_features & WLR_TEXT_INPUT_V3_FEATURE_CONTENT_TYPE) {
		wlr_input_method_v2_send_content_type(method->wlr,
			state->content_type.hint & HINTS_KNOWN,
			state->content_type.purpose > PURPOSE_LAST
				? PURPOSE_NORMAL : state->content_type.purpose);
	}
	wlr_input_method_v2_send_done(method->wlr);
	if (begins) {
		relay_grab_attach(method);
	}
}

void
relay_method_leave(struct relay_method *method)
{
	relay_grab_detach(method);
	wlr_input_method_v2_send_deactivate(method->wlr);
	wlr_input_method_v2_send_done(method->wlr);
}

static void
handle_commit(struct wl_listener *listener, void *data)
{
	struct relay_method *method =
		wl_container_of(listener, method, commit);
	const struct wlr_input_method_v2_state *state = &method->wlr->current;
	(void)data;
	if (method->relay->method != method) {
		return;
	}
	struct wlr_text_input_v3 *text = method->relay->text->wlr;
	const char *preedit = state->preedit.text;
	if (preedit != NULL && wlbl_relayed_is_text(preedit)) {
		const bool hidden = state->preedit.cursor_begin == -1
			&& state->preedit.cursor_end == -1;
		wlr_text_input_v3_send_preedit_string(text, preedit,
			hidden ? -1 : wlbl_relayed_offset(preedit,
				state->preedit.cursor_begin),
			hidden ? -1 : wlbl_relayed_offset(preedit,
				state->preedit.cursor_end));
	}
	if (state->commit_text != NULL
			&& wlbl_relayed_is_text(state->commit_text)) {
		wlr_text_input_v3_send_commit_string(text, state->commit_text);
	}
	const uint32_t before = state->delete.before_length;
	const uint32_t after = state->delete.after_length;
	if ((before != 0 || after != 0) && before <= WLBL_RELAYED_MAX
			&& after <= WLBL_RELAYED_MAX) {
		wlr_text_input_v3_send_delete_surrounding_text(text, before,
			after);
	}
	wlr_text_input_v3_send_done(text);
}

static void
handle_grab_keyboard(struct wl_listener *listener, void *data)
{
	struct relay_method *method =
		wl_container_of(listener, method, grab_keyboard);
	(void)data;
	if (method->relay->method == method) {
		relay_grab_attach(method);
	}
}

static void
handle_new_popup(struct wl_listener *listener, void *data)
{
	struct relay_method *method =
		wl_container_of(listener, method, new_popup);
	const struct wlbl_relay_options *options = &method->relay->options;
	if (options->new_popup != NULL) {
		options->new_popup(options->data, data);
	}
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct relay_method *method =
		wl_container_of(listener, method, destroy);
	struct wlbl_relay *relay = method->relay;
	(void)data;
	relay_forget(method);
	wl_list_remove(&method->commit.link);
	wl_list_remove(&method->grab_keyboard.link);
	wl_list_remove(&method->new_popup.link);
	wl_list_remove(&method->destroy.link);
	wl_list_remove(&method->link);
	free(method);
	relay_update(relay);
}

static bool
has_method(struct wlbl_relay *relay, const struct wlbl_label *label)
{
	struct relay_method *method;
	wl_list_for_each(method, &relay->methods, link) {
		if (method->label == label) {
			return true;
		}
	}
	return false;
}

void
relay_handle_new_method(struct wl_listener *listener, void *data)
{
	struct wlbl_relay *relay =
		wl_container_of(listener, relay, new_method);
	struct wlr_input_method_v2 *wlr = data;
	struct wl_client *client = wl_resource_get_client(wlr->resource);
	const struct wlbl_label *label = wlbl_label_of(relay->labels, client);
	struct relay_method *method = label == NULL || has_method(relay, label)
		? NULL : calloc(1, sizeof(*method));
	if (method == NULL) {
		wlr_input_method_v2_send_unavailable(wlr);
		return;
	}
	method->relay = relay;
	method->wlr = wlr;
	method->label = label;
	method->commit.notify = handle_commit;
	wl_signal_add(&wlr->events.commit, &method->commit);
	method->grab_keyboard.notify = handle_grab_keyboard;
	wl_signal_add(&wlr->events.grab_keyboard, &method->grab_keyboard);
	method->new_popup.notify = handle_new_popup;
	wl_signal_add(&wlr->events.new_popup_surface, &method->new_popup);
	method->destroy.notify = handle_destroy;
	wl_signal_add(&wlr->events.destroy, &method->destroy);
	wl_list_insert(&relay->methods, &method->link);
	relay_update(relay);
}
