/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Two things that clients may ask of popups are carried out by wlroots 0.18 as they
 * are asked, and end everybody's compositor:
 *
 *	- A parent that has no role object: the popup itself, or one that was a
 *	  popup and becomes one again, of its own child. Popups in a circle have no
 *	  window at their root, and whoever looks for it does so for ever.
 *	- A second grab. The popup is in the list of those that grab already; put
 *	  there once more it stays there when it is freed.
 *
 * libwayland tells of a request before it is carried out, but it is: so the first is
 * an error, after which its client does nothing any more, and the popup of the
 * second is destroyed, which wlroots then finds.
 */
#include <string.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "private.h"
#include "xdg-shell-protocol.h"

void
wlbl_popup_refuse_grab(struct wl_resource *resource)
{
	wlr_xdg_popup_destroy(wlr_xdg_popup_from_resource(resource));
}

static void
handle_get_popup(struct wl_resource *resource, struct wl_object *parent)
{
	if (parent == NULL || wlr_xdg_surface_from_resource(
			(struct wl_resource *)parent)->role_resource != NULL) {
		return;
	}
	const struct wlr_xdg_surface *surface =
		wlr_xdg_surface_from_resource(resource);
	wl_resource_post_error(surface->client->resource,
		XDG_WM_BASE_ERROR_INVALID_POPUP_PARENT,
		"the parent of a popup has no role object");
}

void
wlbl_popup_request(const struct wl_protocol_logger_message *message)
{
	struct wl_resource *resource = message->resource;
	const char *class = wl_resource_get_class(resource);
	const char *name = message->message->name;
	if (strcmp(class, "xdg_surface") == 0
			&& strcmp(name, "get_popup") == 0) {
		/* id, parent, positioner */
		handle_get_popup(resource, message->arguments[1].o);
	} else if (strcmp(class, "xdg_popup") == 0
			&& strcmp(name, "grab") == 0) {
		const struct wlr_xdg_popup *popup =
			wlr_xdg_popup_from_resource(resource);
		if (popup != NULL && popup->seat != NULL) {
			wlbl_popup_refuse_grab(resource);
		}
	}
}
