/* SPDX-License-Identifier: MIT */
/* wlbridge-compositor: one struct of everything there is one of. */
#ifndef WLBC_SERVER_H
#define WLBC_SERVER_H

#include <sys/types.h>
#include <wayland-server-core.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_xdg_shell.h>
#include <wlr/util/box.h>
#include <wlr/util/edges.h>

#include "config.h"
#include "util/log.h"
#include "wlbridge-labels.h"

/*
 * From the bottom up: a client's pixels are only ever in the three above the
 * background or, while the screen is locked, in that of the lock.
 */
enum layer {
	LAYER_BACKGROUND,
	LAYER_WINDOWS,
	LAYER_ICON,
	LAYER_CURSOR,
	LAYER_LOCK,
	LAYER_STRIP,
	LAYERS
};

struct output;
struct output_manager;
struct window;
struct xkb_keymap;

/* What the pointer's motion does. */
enum pointer_mode {
	POINTER_FREE,		/* it is over something */
	POINTER_MOVE,		/* it drags a window */
	POINTER_RESIZE,		/* it drags an edge of one */
};

struct pointer {
	struct wlr_cursor *cursor;
	struct wlr_xcursor_manager *theme;

	enum pointer_mode mode;
	struct window *window;		/* being moved or resized */
	double grab_x;
	double grab_y;
	struct wlr_box grab_box;	/* its content, then */
	uint32_t edges;

	/* The surface a button went down on, and its place on the screen. */
	struct wlr_surface *held;
	double held_x;
	double held_y;
	struct wl_listener held_destroy;	/* while there is one */

	/* The image that the client under the pointer wants. */
	struct wlbl_frame *image;
	struct wlr_surface *image_surface;
	bool image_shown;		/* and not the theme's arrow */
	int hotspot_x;
	int hotspot_y;
	struct wl_listener image_commit;
	struct wl_listener image_destroy;

	/* What is dragged. */
	struct wlbl_frame *icon;
	struct wlr_surface *icon_surface;
	int icon_x;
	int icon_y;
	struct wl_listener icon_commit;
	struct wl_listener icon_destroy;

	struct wl_listener motion;
	struct wl_listener motion_absolute;
	struct wl_listener button;
	struct wl_listener axis;
	struct wl_listener frame;
	struct wl_listener focus_change;
	struct wl_listener request_cursor;
	struct wl_listener request_shape;
	struct wl_listener start_drag;
};

/* More than a hand has. */
#define FINGERS_MAX 16

struct finger {
	struct server *server;
	int32_t id;
	enum wlbl_part part;	/* it came down on; NONE: it is not there */
	struct wl_listener device_destroy;	/* while it is */
	double origin_x;	/* of the surface, then */
	double origin_y;
};

struct touch {
	struct finger fingers[FINGERS_MAX];
	struct wl_listener down;
	struct wl_listener motion;
	struct wl_listener up;
	struct wl_listener cancel;
	struct wl_listener frame;
};

struct lock {
	bool on;	/* from a lock's request on, until it is unlocked */
	struct wlr_session_lock_v1 *wlr;	/* whose client is there; or NULL */
	struct wl_list surfaces;		/* lock_surface.link */
	struct wl_list unshown;			/* unshown.link */
	struct wl_listener new_lock;
	struct wl_listener layout_change;
	/* While there is one. */
	struct wl_listener new_surface;
	struct wl_listener unlock;
	struct wl_listener destroy;
};

#define ACTIVITIES 10

struct idle {
	struct wlr_idle_notifier_v1 *notifier;
	int inhibitors;
	struct wl_listener new_inhibitor;
	struct activity {
		struct server *server;
		struct wl_listener listener;
	} activities[ACTIVITIES];
	struct wl_listener layout_change;
};

struct server {
	struct config config;
	pid_t command;			/* started by us; 0: none */
	struct wl_display *display;
	struct wlr_backend *backend;	/* NULL once it is gone */
	struct wl_listener backend_destroy;
	struct wlr_session *session;
	struct wlr_renderer *renderer;
	struct wlr_allocator *allocator;

	struct wlr_scene *scene;
	struct wlr_scene_tree *layers[LAYERS];
	struct wlr_output_layout *layout;
	struct wlr_scene_output_layout *scene_layout;
	struct wl_list outputs;		/* output.link */
	struct output_manager *output_manager;
	struct wl_event_source *outputs_settle;	/* soon; or NULL */
	bool outputs_busy;		/* several change at once */
	struct wl_listener new_output;
	struct wl_listener layout_change;

	struct wlbl *labels;
	struct wlbl_seat *label_seat;

	struct wlr_xdg_shell *shell;
	struct wl_list windows;		/* window.link, last used first */
	struct window *cycle;		/* where Alt-Tab is, or NULL */
	struct window *full;		/* fills the screen; or NULL */
	struct window *waiting;		/* that the strip says waits; or NULL */
	struct wl_listener keyboard_focus_change;
	struct log_limit window_log;
	struct wl_listener new_toplevel;
	struct wl_listener new_popup;
	struct wl_listener new_decoration;
	struct wl_list x11_servers;	/* x11_server.link */
	struct wlbl_relay *relay;	/* input methods; see input-popup.c */
	struct wl_list input_popups;	/* input_popup.link */

	struct wlr_seat *seat;
	struct pointer pointer;
	struct touch touch;
	struct xkb_keymap *keymap;	/* of those that bring none */
	struct wl_list keyboards;	/* keyboard.link */
	struct wl_listener new_input;
	struct wl_listener new_virtual_keyboard;
	struct wl_listener new_virtual_pointer;
	struct lock lock;
	struct idle idle;
};

/* What a window is to its client. None of it waits for the client. */
struct window_ops {
	/* What of its surface is the window, in the surface's coordinates. */
	void (*get_geometry)(struct window *window, struct wlr_box *ret);
	/* Ask for a content size; 0: as it likes. */
	void (*set_size)(struct window *window, int width, int height);
	/* Tell it. Without the second it never fills the screen. */
	void (*set_maximized)(struct window *window, bool maximized);
	void (*set_fullscreen)(struct window *window, bool fullscreen);
	void (*set_activated)(struct window *window, bool activated);
	/* It is where window_place() put it: what depends on that may follow. */
	void (*placed)(struct window *window);
	void (*close)(struct window *window);
};

struct window {
	struct wl_list link;		/* server.windows */
	struct server *server;
	const struct window_ops *ops;
	struct wlr_surface *surface;	/* as long as it is mapped */
	struct wlbl_frame *frame;	/* NULL: not mapped, or not shown */
	int x;				/* of its content */
	int y;
	bool maximized;
	struct wlr_box restored;	/* before it was; empty: not known */
	uint32_t anchored;		/* edges that stay when it resizes */
	int anchor_x;
	int anchor_y;
};

/* output.c; return: 0 or -ENOMEM */
int
outputs_init(struct server *server);

void
outputs_finish(struct server *server);

/* The output around a point, without its strip; empty if there is none. */
void
output_usable(struct server *server, double x, double y, struct wlr_box *ret);

/* window.c */

/* In the list of all windows, from now to window_finish(). */
void
window_init(struct window *window, struct server *server,
	const struct window_ops *ops);

void
window_finish(struct window *window);

/* Its surface has something to show: in a frame, or it is closed. */
void
window_map(struct window *window, const char *title);

void
window_unmap(struct window *window);

void
window_set_title(struct window *window, const char *title);

/* How large its content may be. */
void
window_content_max(struct window *window, int *ret_width, int *ret_height);

/* Put it where it wants to be, as far as the frame allows. */
void
window_place(struct window *window);

void
window_move(struct window *window, int x, int y);

/* Ask the client for a new content size that leaves other edges in place. */
void
window_resize(struct window *window, const struct wlr_box *box, uint32_t edges);

void
window_set_maximized(struct window *window, bool maximized);

void
window_close(struct window *window);

/* Ask for the size that it has to have now that outputs have changed. */
void
window_adapt(struct window *window);

/* Its output was moved: it goes along, with all that it remembers. */
void
window_carry(struct window *window, int dx, int dy);

/* xdg-window.c */
void
xdg_windows_init(struct server *server);

void
xdg_windows_finish(struct server *server);

/* x11.c */

/*
 * The X servers of the configuration, to be found by the name of the Wayland
 * socket. Return: 0 or -errno, said in the log.
 */
int
x11_init(struct server *server, struct wlr_compositor *compositor,
	const char *wayland);

void
x11_finish(struct server *server);

/* focus.c */

/* The one that has the keyboard, or NULL. */
struct window *
focused_window(struct server *server);

/* In front of all, with the keyboard. */
void
window_focus(struct window *window);

/* Give a window that has just appeared its place in the order. */
void
window_appear(struct window *window);

/* It would like to be in front: it may, if its VM is. */
void
window_ask(struct window *window);

/* It is no longer shown: the next one takes over if it had the keyboard. */
void
window_vanish(struct window *window);

/* The keyboard to the one used last, if there is any. */
void
focus_last(struct server *server);

/* The next of the others, in turn; cycle_end() makes it the last used. */
void
cycle_step(struct server *server, bool backwards);

void
cycle_end(struct server *server);

/* fullscreen.c */
void
fullscreen_init(struct server *server);

void
fullscreen_finish(struct server *server);

/* The person's word: let the window that has the keyboard, or no longer. */
void
fullscreen_toggle(struct server *server);

/* Whether it fills the screen. */
bool
window_is_full(const struct window *window);

/* As it was before, if it does. */
void
window_end_full(struct window *window);

/* The same for one that is going and is told nothing any more. */
void
fullscreen_forget(struct window *window);

/* place.c */

/*
 * Clients' numbers are any int. What is further away than a layout is large is
 * just that, and can be added to without another thought.
 */
int
far_at_most(int value);

/* What of a surface is the window, each number so. */
void
geometry_of(struct wlr_xdg_surface *surface, struct wlr_box *ret);

/* Where the frame of a new window goes, of this size. */
void
window_find_place(struct window *window, int width, int height,
	const struct wlr_box *usable, int *ret_x, int *ret_y);

/* popup.c */
void
popups_init(struct server *server);

void
popups_finish(struct server *server);

/* After its window has moved. */
void
popups_place(struct wlr_xdg_surface *parent);

/*
 * The shown window that a surface is, or is a popup of, and where the surface
 * begins on the screen. NULL: there is none.
 */
struct window *
surface_origin(struct wlr_surface *surface, int *ret_x, int *ret_y);

/* input-popup.c */

/* Input methods, once there is a seat. Return: 0 or -errno. */
int
input_methods_init(struct server *server);

/* After a window has moved. */
void
input_popups_update(struct server *server);

/* Before a window goes. */
void
input_popups_forget(struct window *window);

/* pointer.c */
int
pointer_init(struct server *server);

void
pointer_finish(struct server *server);

void
pointer_begin(struct server *server, enum pointer_mode mode,
	struct window *window, uint32_t edges);

/* Forget a window that is going. */
void
pointer_forget(struct server *server, struct window *window);

/* What it held is not held any more: a button is up, or another thing began. */
void
pointer_let_go(struct pointer *pointer);

/* Look again at what is under it. */
void
pointer_update(struct server *server);

/*
 * A button has gone down where the pointer is. Return: whether that was ours and
 * not a client's.
 */
bool
pointer_press(struct server *server, uint32_t button);

/* It is elsewhere now. */
void
pointer_moved(struct server *server, uint32_t time_ms);

/* pointer-device.c */

/* How a new mouse or touchpad behaves; nothing for one that is not libinput's. */
void
pointer_device_configure(struct wlr_input_device *device,
	const struct config *config);

/* touch.c, once there is a pointer */
void
touch_init(struct server *server);

/* Each finger that is down was none after all. */
void
touch_let_go(struct server *server);

void
touch_finish(struct server *server);

/* pointer-image.c */
void
pointer_image_init(struct server *server);

void
pointer_image_finish(struct server *server);

/* The pointer may have moved, or what is below it. */
void
pointer_image_place(struct server *server);

/* An image of the theme, and not the client's. */
void
pointer_image_default(struct server *server, const char *name);

/* lock.c, once there is a pointer. Return: 0 or -errno. */
int
lock_init(struct server *server);

void
lock_finish(struct server *server);

/* What is under a point: of a window or, while the screen is locked, of the lock. */
void
look_at(struct server *server, double x, double y, struct wlbl_hit *ret);

/* idle.c, once there is a pointer. Return: 0 or -errno. */
int
idle_init(struct server *server);

void
idle_finish(struct server *server);

/* The person has done something. */
void
idle_activity(struct server *server);

/* What is to be seen has changed, perhaps: look who wants the screen to stay on. */
void
idle_update(struct server *server);

/* keyboard.c */

/* For keyboards that bring none; NULL if xkb does not know it, said in the log. */
struct xkb_keymap *
keymap_create(const struct config *config);

void
keyboards_init(struct server *server);

void
keyboards_finish(struct server *server);

#endif
