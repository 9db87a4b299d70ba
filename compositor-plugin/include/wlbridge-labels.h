/* SPDX-License-Identifier: MIT */
/*
 * wlbridge-labels.h - every window says which VM it is, in wlroots' scene graph
 *
 * What a compositor gives up to this library: the nodes of whatever its clients
 * show, the keyboard's focus, selections, the cursor's image and the last word
 * before a frame is drawn. What it gets: frames that name the VM and that no
 * client can cover, leave or do without; a strip that says who has the keyboard;
 * clipboards that stay in their VM. docs/your-compositor.md goes through it step by step.
 *
 * Coordinates are the scene's (layout) unless it says otherwise. Everything
 * belongs to the compositor's one thread. Functions return 0 or -errno.
 */
#ifndef WLBRIDGE_LABELS_H
#define WLBRIDGE_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wayland-server-core.h>
#include <wlr/util/box.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wlr_compositor;
struct wlr_input_method_manager_v2;
struct wlr_input_popup_surface_v2;
struct wlr_keyboard;
struct wlr_keyboard_key_event;
struct wlr_output;
struct wlr_output_state;
struct wlr_scene_output;
struct wlr_scene_tree;
struct wlr_seat;
struct wlr_security_context_manager_v1;
struct wlr_surface;
struct wlr_swapchain;
struct wlr_text_input_manager_v3;
struct wlr_xwayland;

/* The engine under which wlbridge-agent announces VMs. */
#define WLBL_ENGINE "io.wlbridge"

/* A VM's name: a-z, 0-9 and '-', at most so many. */
#define WLBL_NAME_MAX 31

/* What of a client's title is shown, at most. */
#define WLBL_TITLE_MAX 120

/* The name of what is not a VM's; no VM may have it. */
#define WLBL_LOCAL_NAME "local"

/* The largest cursor and the largest drag icon of a client, each way. */
#define WLBL_CURSOR_MAX 64
#define WLBL_ICON_MAX 128

/* The border around a popup or an icon. */
#define WLBL_POPUP_BORDER 3

/* The height of the strip. */
#define WLBL_STRIP_HEIGHT 24

/* All of it: one for each compositor. */
struct wlbl;

/* A name and a colour that the host handed over. */
struct wlbl_label;

/**
 * struct wlbl_options - What wlbl_create() wants to know
 * @config_path: an INI file, or NULL for none; its [labels] are NAME = #RRGGBB,
 *	its [limits] what each VM may have at once (see wlbridge-compositor(1)),
 *	its [copy] the types and size of what goes from one VM to another, its
 *	[globals] which interfaces one VM has that others have not, its
 *	[input-methods] who is served by the local one. Other sections are not
 *	read.
 * @contexts: the security contexts, whose lookup is the identity of who came
 *	through one; NULL where all VMs come by wlbl_client_assign(), and no
 *	such manager exists in the compositor
 * @log: called with one line for each refusal and each fault of the file; NULL
 *	for nobody
 * @log_data: for @log
 *
 * All of it stays the caller's; @contexts and what @log needs must outlive the
 * struct wlbl.
 */
struct wlbl_options {
	const char *config_path;
	struct wlr_security_context_manager_v1 *contexts;
	void (*log)(void *data, const char *line);
	void *log_data;
};

/**
 * wlbl_create() - Read the configuration and get ready to draw
 *
 * Every name is drawn once, here: a font that cannot draw them is an error now
 * and not a window without a label later. That may start threads: signals that a
 * loop waits for must have been blocked before. @ret is the caller's, for
 * wlbl_destroy(); @display must outlive it.
 *
 * Return: 0; -EINVAL for a file that says anything not understood (the log has
 * the line); -EIO when names cannot be drawn; -ENOMEM; the file's own error.
 */
int
wlbl_create(struct wl_display *display, const struct wlbl_options *options,
	struct wlbl **ret);

/*
 * After the clients are gone; frames, strips and seats must be, too, and the scene.
 * The display and the security contexts go after it.
 */
void
wlbl_destroy(struct wlbl *labels);

/*
 * Draw for outputs of this scale, 1 or more (the largest of the outputs'). Of
 * quarters all is sharp. Return: 0, or -errno with the old one kept.
 */
int
wlbl_set_scale(struct wlbl *labels, double scale);

/*
 * Place windows at multiples of so many points from the corner of what is usable of
 * their output, from the next wlbl_frame_place() on; 1, as at the start, is anywhere.
 * With a fractional scale: 4, or 2 if all are multiples of a half.
 */
void
wlbl_set_grid(struct wlbl *labels, int points);

/**
 * wlbl_label_of() - Whose client this is
 *
 * A client that came through a security context of WLBL_ENGINE is of the VM
 * named by its application id, one given to wlbl_client_assign() of the VM said
 * there. Any other client is local. What a client says of
 * itself (titles, application ids of its windows) has no part in it.
 *
 * Return: the label, which lives as long as @labels; NULL for a VM that the
 * configuration does not name, which must not be shown.
 */
const struct wlbl_label *
wlbl_label_of(struct wlbl *labels, const struct wl_client *client);

/* The label of that name, or NULL. */
const struct wlbl_label *
wlbl_label_find(struct wlbl *labels, const char *name);

/**
 * wlbl_label_declare() - The label of a VM that the host named just now
 * @name: as the host said it, beside a connection; never a client's word
 * @colour: 0x00RRGGBB, or NULL where the host said none
 *
 * A label that the configuration does not name is made, and drawn, here. One
 * that is there is returned: with the configuration's colour if it is named
 * there, else with this one, on the windows that it has already, too.
 *
 * Return: 0; -EINVAL for what is no name or colour; -ENOENT when nobody said a
 * colour; -EDQUOT when there are too many labels; -EIO when it cannot be drawn;
 * -ENOMEM. After a failure the client it was for must not be served.
 */
int
wlbl_label_declare(struct wlbl *labels, const char *name,
	const uint32_t *colour, const struct wlbl_label **ret);

/**
 * wlbl_client_assign() - Say whose client this is
 * @client: none of its requests may have been served yet
 * @label: of a VM
 *
 * For clients that came through no security context but whose VM the compositor
 * knows for certain: a connection it took from the host itself, an Xwayland it
 * started for one VM. From here on wlbl_label_of() says @label and the client is
 * confined as if it had come through a context.
 *
 * Return: 0; -EEXIST for a client that has a label already; -EDQUOT when its VM
 * has as many as it may; -ENOMEM. After a failure the client must be destroyed.
 */
int
wlbl_client_assign(struct wlbl *labels, struct wl_client *client,
	const struct wlbl_label *label);

/* The label of local programs. */
const struct wlbl_label *
wlbl_label_local(struct wlbl *labels);

/* Its name, as long as the label lives: never a client's word. */
const char *
wlbl_label_name(const struct wlbl_label *label);

/* 0x00RRGGBB */
uint32_t
wlbl_label_colour(const struct wlbl_label *label);

/**
 * wlbl_global_filter() - Which globals a client may see
 * @labels: a struct wlbl, as libwayland hands it back
 *
 * For wl_display_set_global_filter(). Local clients see everything; whoever came
 * through a security context, of any engine, sees a list of harmless ones and
 * nothing that is not on it, but for what [globals] says of its VM.
 */
bool
wlbl_global_filter(const struct wl_client *client,
	const struct wl_global *global, void *labels);

/**
 * wlbl_limit_surfaces() - Watch what clients do with surfaces
 *
 * Enforces the limits on surfaces and what they show; a VM's client that exceeds
 * one is disconnected. It also tells the library which windows have to be looked
 * at before a frame, so it should be called: without it all are, each time. To be
 * called once, before there are clients.
 *
 * Return: 0; it cannot fail today.
 */
int
wlbl_limit_surfaces(struct wlbl *labels, struct wlr_compositor *compositor);

/* How many windows, and as many popups, a VM may show at once. */
unsigned
wlbl_limit_windows(const struct wlbl *labels);

/* ---- frames ---- */

/* Whatever a client shows has a frame, and only frames show it. */
struct wlbl_frame;

enum wlbl_frame_kind {
	WLBL_FRAME_WINDOW,	/* name, title, buttons and a border */
	WLBL_FRAME_POPUP,	/* a border; menus, tooltips */
	WLBL_FRAME_ICON,	/* a border; what is dragged */
	WLBL_FRAME_CURSOR,	/* nothing but the size limit */
};

/**
 * wlbl_frame_create() - Make the nodes of something a client shows
 * @parent: a tree of the scene that holds frames only; for a popup the
 *	wlbl_frame_popups() of the window it belongs to
 * @surface: with its subsurfaces; one frame at a time
 *
 * The frame is hidden until its first wlbl_frame_place(). It is the caller's, for
 * wlbl_frame_destroy(), also when its surface or its tree went first: then there is
 * nothing of it to be seen, and wlbl_frame_tree() of a tree that went is NULL.
 *
 * Return: 0; -EACCES for a client without a label; -EDQUOT when its VM has as
 * many windows (or popups) as it may; -ENOMEM. After a failure the surface is
 * not on the screen, and must not be.
 */
int
wlbl_frame_create(struct wlbl *labels, enum wlbl_frame_kind kind,
	struct wlr_scene_tree *parent, struct wlr_surface *surface,
	struct wlbl_frame **ret);

/*
 * Popups of a window should be destroyed before it: if not, they are not to be seen
 * any more, and are still to be destroyed. NULL is fine.
 */
void
wlbl_frame_destroy(struct wlbl_frame *frame);

/**
 * wlbl_frame_place() - Say where a frame is and what of its surface it shows
 * @x, @y: where what is shown begins: a window's content, without the border; a
 *	popup's, which is that of its window and current.geometry of all xdg popups
 *	from it to this one
 * @geometry: what is to be shown, in the surface's coordinates: the window
 *	geometry of an xdg surface, the extents of another
 * @usable: the output without its strip
 *
 * To be called after each commit of the surface, and to move it; a window's popups
 * move only if they are placed, too. The frame has the last word, and
 * wlbl_frame_get_content_box() says it: a window is never narrower than its name nor larger than
 * @usable and its name is always inside @usable; a popup or icon shows only what
 * of it, border included, is inside; a cursor or icon never exceeds its limit.
 * An empty @geometry hides the frame.
 */
void
wlbl_frame_place(struct wlbl_frame *frame, int x, int y,
	const struct wlr_box *geometry, const struct wlr_box *usable);

/* Do not show it, until the next wlbl_frame_place(). */
void
wlbl_frame_hide(struct wlbl_frame *frame);

/* The title as the client gave it, or NULL; shown cleaned, after the name. */
void
wlbl_frame_set_title(struct wlbl_frame *frame, const char *title);

/* Whether it is the one in front of the others: a lighter title bar. */
void
wlbl_frame_set_active(struct wlbl_frame *frame, bool active);

/**
 * wlbl_frame_set_full() - Show a window without its title bar, on all of @usable
 * @full: from the next wlbl_frame_place() on; wlbl_frame_get_margins() says at
 *	once what is left for the client
 *
 * For one window, which a person allowed it, and for as long as it has the
 * keyboard: then the strip says whose it is. Never because a client asks. It
 * keeps a thin border, and other windows' popups stay below it.
 */
void
wlbl_frame_set_full(struct wlbl_frame *frame, bool full);

/* The frame with its border; and the client's part of it. */
void
wlbl_frame_get_box(const struct wlbl_frame *frame, struct wlr_box *ret);

void
wlbl_frame_get_content_box(const struct wlbl_frame *frame,
	struct wlr_box *ret);

/* How much larger than its content a window is, in each direction. */
void
wlbl_frame_get_margins(const struct wlbl_frame *frame, int *ret_left,
	int *ret_top, int *ret_right, int *ret_bottom);

/* To raise it among its siblings, or put it below one. */
struct wlr_scene_tree *
wlbl_frame_tree(struct wlbl_frame *frame);

/* Where a window's popups go: above its border, below its title bar. */
struct wlr_scene_tree *
wlbl_frame_popups(struct wlbl_frame *frame);

/* Whose it is. */
const struct wlbl_label *
wlbl_frame_label(const struct wlbl_frame *frame);

/* For the compositor: what this frame is to it. */
void
wlbl_frame_set_data(struct wlbl_frame *frame, void *data);

void *
wlbl_frame_data(const struct wlbl_frame *frame);

enum wlbl_part {
	WLBL_PART_NONE,		/* no frame is there */
	WLBL_PART_CONTENT,	/* of the client, whether or not it takes input */
	WLBL_PART_TITLE,
	WLBL_PART_MAXIMIZE,	/* a button of the title bar */
	WLBL_PART_CLOSE,
	WLBL_PART_BORDER,
};

struct wlbl_hit {
	enum wlbl_part part;
	struct wlbl_frame *frame;	/* NULL for WLBL_PART_NONE */
	struct wlr_surface *surface;	/* that takes input there, or NULL */
	double sx;			/* in that surface */
	double sy;
	uint32_t edges;			/* enum wlr_edges, for the border */
};

/* What is under a point of a tree that holds frames. */
void
wlbl_at(struct wlbl *labels, struct wlr_scene_tree *tree, double x, double y,
	struct wlbl_hit *ret);

/**
 * wlbl_output_build_state() - Draw a frame of an output, for a state
 * @swapchain: for its buffer, or NULL for the output's own
 *
 * In place of wlr_scene_output_build_state(), as wlbl_output_commit() is: for a
 * change of several outputs at once.
 *
 * Return: as wlr_scene_output_build_state().
 */
bool
wlbl_output_build_state(struct wlbl *labels, struct wlr_scene_output *output,
	struct wlr_output_state *state, struct wlr_swapchain *swapchain);

/**
 * wlbl_output_commit() - Draw a frame of an output
 *
 * In place of wlr_scene_output_commit(). First it draws what of title bars is another
 * since the last, looks at each node that shows a client's pixels and takes away
 * what is outside of its frame: clipping by the scene graph is not relied on. While it
 * draws, frames that nothing changes in are not enabled: handlers of the scene's
 * sampling must not look at that.
 *
 * Return: as wlr_scene_output_commit(): false when the output took no frame.
 */
bool
wlbl_output_commit(struct wlbl *labels, struct wlr_scene_output *output);

/**
 * wlbl_hide_monitor() - Tell clients of an output its connector and its size only
 *
 * Its make, model and serial number are forgotten, and with them what wlroots says of
 * it in wl_output and xdg_output: by a serial number VMs know that they are one
 * person's. To be called when the output comes, before clients are told of it.
 */
void
wlbl_hide_monitor(struct wlr_output *output);

/* ---- the strip ---- */

struct wlbl_strip;

/**
 * wlbl_strip_create() - The part of an output that no client covers
 * @parent: the topmost tree of the scene
 *
 * It lies along the upper edge of a box, WLBL_STRIP_HEIGHT high, and says which
 * label has the keyboard, which is under the pointer when that is another, and
 * which has a window waiting that was not given the keyboard. wlbl_strip_set_box()
 * says where. It is the caller's.
 *
 * Return: 0 or -ENOMEM; an output without a strip must not show clients.
 */
int
wlbl_strip_create(struct wlbl *labels, struct wlr_scene_tree *parent,
	struct wlbl_strip **ret);

/* Before its output's part of the scene goes. NULL is fine. */
void
wlbl_strip_destroy(struct wlbl_strip *strip);

/* Where its output is, all of it: to be called whenever that changes. */
void
wlbl_strip_set_box(struct wlbl_strip *strip, const struct wlr_box *output);

enum wlbl_role {
	WLBL_ROLE_KEYBOARD,	/* kept by struct wlbl_seat */
	WLBL_ROLE_POINTER,	/* the compositor says this one */
	WLBL_ROLE_WAITING,	/* and this one */
	WLBL_ROLES
};

/* What all strips show; NULL for nobody. */
void
wlbl_show(struct wlbl *labels, enum wlbl_role role,
	const struct wlbl_label *label);

/**
 * wlbl_set_locked() - Say that the screen is locked, or no longer
 *
 * Before the keyboard goes to the lock, and before it comes back from there. Until
 * then strips say that it is locked and who has the keyboard, and name nobody
 * else; input methods serve nobody, and no popup may grab. To hide the windows and
 * to keep input from them is the compositor's part.
 */
void
wlbl_set_locked(struct wlbl *labels, bool locked);

/**
 * wlbl_notify() - Say something in all strips for some seconds
 * @format: of printf(3); the compositor's own words, never a client's
 *
 * It goes to the log, too.
 */
void
wlbl_notify(struct wlbl *labels, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- the seat ---- */

struct wlbl_seat;

/**
 * wlbl_seat_create() - Keep a seat's focus and selections apart
 *
 * Takes over request_set_selection, request_set_primary_selection and
 * request_start_drag; the compositor must not answer them. Selections are kept
 * for each label and the seat has that of the label which has the keyboard.
 * Popups of clients that grab without having keyboard or pointer, or while something
 * is dragged, are destroyed instead. @seat must outlive @ret, which is the caller's.
 *
 * Return: 0 or -ENOMEM.
 */
int
wlbl_seat_create(struct wlbl *labels, struct wlr_seat *seat,
	struct wlbl_seat **ret);

/* Before the wlr_seat goes. */
void
wlbl_seat_destroy(struct wlbl_seat *seat);

/**
 * wlbl_seat_focus() - Give the keyboard to a surface, or to nobody
 * @surface: or NULL
 *
 * In place of wlr_seat_keyboard_notify_enter(). Nobody has the keyboard while
 * the selections change, and grabs of others end. Of the keys that are held only
 * modifiers are told: the others went down for somebody else.
 */
void
wlbl_seat_focus(struct wlbl_seat *seat, struct wlr_surface *surface);

/**
 * wlbl_seat_set_keyboard() - This keyboard has a key, or modifiers, to be told of
 * @keyboard: with a keymap
 *
 * In place of wlr_seat_set_keyboard(), and for virtual ones not before there is
 * something to be told: of theirs the keymap says what they are going to type. It is
 * told to nobody but the label that has the keyboard, and local programs.
 */
void
wlbl_seat_set_keyboard(struct wlbl_seat *seat, struct wlr_keyboard *keyboard);

/**
 * wlbl_seat_point() - Give the pointer to a surface, or to nobody
 * @x, @y: in the surface
 *
 * In place of wlr_seat_pointer_notify_enter() and _motion(). While something is
 * dragged, only surfaces of the same label are told of it.
 */
void
wlbl_seat_point(struct wlbl_seat *seat, struct wlr_surface *surface,
	uint32_t time_ms, double x, double y);

/**
 * wlbl_seat_copy(), wlbl_seat_paste() - From one label's clipboard to another's
 *
 * For two key chords of the person, and nothing else may cause them. The first
 * reads the clipboard of the label that has the keyboard, as far as the [copy]
 * section allows, into memory of the compositor. The second makes that the
 * clipboard of the label that has the keyboard then, once. What came of either
 * is said in the strip. Neither waits for a client.
 */
void
wlbl_seat_copy(struct wlbl_seat *seat);

void
wlbl_seat_paste(struct wlbl_seat *seat);

/* The label that has the keyboard, or NULL. */
const struct wlbl_label *
wlbl_seat_keyboard_label(struct wlbl_seat *seat);

/**
 * wlbl_seat_touch_down() - A finger comes down on a surface, or on none
 *
 * In place of wlr_seat_touch_notify_down(), with the rule of wlbl_seat_point().
 * Lifting it is wlroots' to be told directly.
 */
void
wlbl_seat_touch_down(struct wlbl_seat *seat, struct wlr_surface *surface,
	uint32_t time_ms, int32_t id, double x, double y);

/*
 * It moves. @x and @y are those of the surface it came down on; while it drags
 * something, of @surface, which is the one below it or NULL, and not used before.
 */
void
wlbl_seat_touch_motion(struct wlbl_seat *seat, struct wlr_surface *surface,
	uint32_t time_ms, int32_t id, double x, double y);

/*
 * It was none after all, or its device is gone: what it drags is not dropped, and
 * its client takes all of its fingers back. In place of
 * wlr_seat_touch_notify_cancel().
 */
void
wlbl_seat_touch_cancel(struct wlbl_seat *seat, int32_t id);

/* ---- input methods ---- */

/* What stands between input methods and those who are typed into. */
struct wlbl_relay;

/**
 * struct wlbl_relay_options - What wlbl_relay_create() wants to know
 * @text_inputs, @input_methods: nobody else may listen to what they announce
 * @new_popup: an input method made this surface; its nodes are the compositor's
 *	to make, in a frame of WLBL_FRAME_POPUP. May be NULL: none is shown
 * @moved: what wlbl_relay_cursor() says has changed; may be NULL
 * @data: for both
 */
struct wlbl_relay_options {
	struct wlr_text_input_manager_v3 *text_inputs;
	struct wlr_input_method_manager_v2 *input_methods;
	void (*new_popup)(void *data, struct wlr_input_popup_surface_v2 *popup);
	void (*moved)(void *data);
	void *data;
};

/**
 * wlbl_relay_create() - Let input methods serve text inputs of their own label
 * @seat: whose keyboard focus says who is typed into
 *
 * One method for each label at a time; the second is told that it is unavailable.
 * That of local programs serves VMs, too, which [input-methods] of the
 * configuration names and which have no method themselves. VMs see text inputs
 * only where there is a relay, and input methods only if [globals] gives
 * them besides; so without a relay a compositor's own are for local programs.
 *
 * To be called before there are clients. @ret is the caller's.
 *
 * Return: 0 or -ENOMEM.
 */
int
wlbl_relay_create(struct wlbl *labels, struct wlr_seat *seat,
	const struct wlbl_relay_options *options, struct wlbl_relay **ret);

/* After the clients have gone and before the seat goes. NULL is fine. */
void
wlbl_relay_destroy(struct wlbl_relay *relay);

/**
 * wlbl_relay_key() - Ask whether a key is an input method's
 *
 * After the compositor's own keys and before wlr_seat_keyboard_notify_key(). A
 * method that has grabbed the keyboard gets keys while it serves the window that
 * has the focus, but none of its own virtual keyboards.
 *
 * Return: whether it was sent there, and must go nowhere else.
 */
bool
wlbl_relay_key(struct wlbl_relay *relay, struct wlr_keyboard *keyboard,
	const struct wlr_keyboard_key_event *event);

/* The modifiers changed; the window that has the focus is to be told, too. */
void
wlbl_relay_modifiers(struct wlbl_relay *relay, struct wlr_keyboard *keyboard);

/**
 * wlbl_relay_cursor() - Where text is entered, for the method's popups
 * @ret_surface: the one with the focus
 * @ret: in that surface; the client's word, any numbers
 *
 * Return: false when no input method serves anybody now.
 */
bool
wlbl_relay_cursor(struct wlbl_relay *relay, struct wlr_surface **ret_surface,
	struct wlr_box *ret);

/* ---- X11 ---- */

/* An X server for one VM. */
struct wlbl_xwayland;

/**
 * wlbl_xwayland_create() - Let a VM's X programs show windows
 * @seat: whose selections the X programs of that VM share, for its label only
 * @label: of a VM; what the X server shows has its frames
 *
 * The server starts with its first client and gets a seat for selections by
 * itself: neither wlr_xwayland_create() nor wlr_xwayland_set_seat() is the
 * compositor's to call, nor is wlr_xwayland.user_event_handler to be set. Windows
 * are the compositor's to show, in frames; wlr_xwayland.data is taken.
 *
 * To be called before there are clients. The compositor must not wait for children
 * it did not start: wlroots does for this one. It must have been linked with this
 * library before libxcb, in whose place some functions of it stand for the
 * server's window manager: so a server that keeps that waiting is cut off.
 *
 * A surface may have its pixels when its window is associated with it. wlroots does
 * not map that; the compositor has to.
 *
 * What the server may keep is limited by x11-memory of the configuration: wlroots is
 * made to start wlbridge-xwayland, by WLR_XWAYLAND in the environment, which starts
 * what that named before.
 *
 * Return: 0; -ENOSYS where wlroots is not 0.18 or has no X11; -ENOTSUP where libxcb
 * comes first; -EIO where there is no Xwayland or no free display; -ENOENT where
 * there is no wlbridge-xwayland; -ENOMEM.
 */
int
wlbl_xwayland_create(struct wlbl *labels, struct wlbl_seat *seat,
	const struct wlbl_label *label, struct wlr_compositor *compositor,
	struct wlbl_xwayland **ret);

/* Before the clients go, and before @seat. NULL is fine. */
void
wlbl_xwayland_destroy(struct wlbl_xwayland *xwayland);

/* For its windows: new_surface and display_name. */
struct wlr_xwayland *
wlbl_xwayland_wlr(struct wlbl_xwayland *xwayland);

const struct wlbl_label *
wlbl_xwayland_label(const struct wlbl_xwayland *xwayland);

#ifdef __cplusplus
}
#endif

#endif
