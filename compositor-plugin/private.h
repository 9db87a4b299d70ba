/* SPDX-License-Identifier: MIT */
/* What the parts of the library know of each other. */
#ifndef WLBL_PRIVATE_H
#define WLBL_PRIVATE_H

#include <time.h>
#include <wayland-server-core.h>

#include "wlbridge-labels.h"

#define WLBL_PUBLIC __attribute__((visibility("default")))

#define WLBL_COLOUR_MAX 0xffffff
#define WLBL_CLIENTS_DEFAULT 256
#define WLBL_WINDOWS_DEFAULT 200	/* and as many popups */
#define WLBL_SURFACES_DEFAULT 4000
#define WLBL_OBJECTS_DEFAULT 50000
#define WLBL_POOLS_DEFAULT 2000
#define WLBL_MEMORY_DEFAULT 4096	/* MiB */
#define WLBL_SIDE_DEFAULT 16384
#define WLBL_X11_MEMORY_DEFAULT 2048	/* MiB */
#define WLBL_LIMIT_MAX 1000000
#define WLBL_COPY_DEFAULT (64 << 10)	/* bytes from one VM to another */
#define WLBL_COPY_MAX (16 << 20)
#define WLBL_COPY_TYPES_MAX 512
#define WLBL_COPY_TYPE_MAX 128		/* one of them, with its end */

/* One for each role, and one in place of the keyboard's. */
enum {
	WLBL_CAPTION_LOCKED = WLBL_ROLES,
	WLBL_CAPTIONS
};

struct wlr_buffer;
struct wlbl_hold;
struct wlr_keyboard;
struct wlr_seat;
struct wlr_surface;

struct wlbl_label {
	struct wl_list link;		/* wlbl.labels */
	char name[WLBL_NAME_MAX + 1];
	uint32_t colour;
	struct wlr_buffer *cell;	/* the name on its colour */
	int cell_width;
	bool declared;			/* by the host, not by the file */
	unsigned frames[2];		/* windows, popups */
	bool is_full;			/* of either, and that was said */
	unsigned surfaces;
	unsigned clients;		/* that were assigned */
	unsigned texts;			/* inputs; see relay-text.c */
	unsigned titles;		/* drawn for this frame; see frame-bar.c */
	unsigned lost_drags;		/* since the last; see seat.c */
	/* What they made methods hear in this second; see relay.c. */
	time_t tells_second;
	unsigned tells;
	/* What else its clients make the compositor hold; see hold.c. */
	unsigned waiting;		/* commits, for that of a parent */
	unsigned objects;		/* at most */
	unsigned pools;
	unsigned unread;		/* descriptors sent to them, at most */
	uint64_t bytes;
};

struct wlbl {
	struct wl_display *display;
	struct wlr_security_context_manager_v1 *contexts;
	void (*log)(void *data, const char *line);
	void *log_data;

	struct wl_list labels;		/* wlbl_label.link */
	struct wlbl_label *local;	/* one of them */
	unsigned declared;		/* how many of them are */
	unsigned clients_max;
	struct wlbl_label *nameless;	/* accounts of VMs without one; not one */
	unsigned windows_max;
	unsigned surfaces_max;
	unsigned objects_max;
	unsigned pools_max;
	unsigned side_max;
	unsigned memory_max;		/* MiB */
	unsigned x11_memory_max;	/* MiB */
	uint64_t bytes_max;
	struct wlbl_hold *hold;

	double scale;
	int grid;			/* wlbl_set_grid() */
	struct wlr_buffer *buttons;
	struct wlr_buffer *captions[WLBL_CAPTIONS];
	int caption_widths[WLBL_CAPTIONS];

	struct wl_list frames;		/* wlbl_frame.link */
	struct wl_list strips;		/* wlbl_strip.link */
	const struct wlbl_label *shown[WLBL_ROLES];
	bool locked;			/* as wlbl_set_locked() said */
	void (*handle_shown)(void *data);	/* or NULL */
	void *handle_shown_data;

	/* What the strips say of what has just happened; see notice.c. */
	char notice_text[WLBL_TITLE_MAX + 1];
	struct wlr_buffer *notice;	/* NULL: nothing */
	int notice_width;
	struct wl_event_source *notice_timer;

	char copy_types[WLBL_COPY_TYPES_MAX];	/* words between spaces */
	unsigned copy_max;			/* bytes */
	struct wl_list given_sources;		/* see given-source.c */

	struct wl_list grants;		/* see globals.c */
	struct wl_list served;		/* see relay.c */
	bool relays;			/* there is a struct wlbl_relay */
	struct wl_list clients;		/* that are known; see client.c */
	struct wl_list surfaces;	/* see limit.c */
	bool sees_commits;		/* of every one of them */
	struct wl_list xwaylands;	/* wlbl_xwayland.link */
	struct wl_listener new_surface;
};

void
wlbl_log(struct wlbl *labels, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A label, empty but for its name and colour, at the end of the list. */
struct wlbl_label *
wlbl_label_add(struct wlbl *labels, const char *name, uint32_t colour);

/* Take a label out and free it, its drawing included. */
void
wlbl_label_remove(struct wlbl_label *label);

/* Limits as they are without a file. */
void
wlbl_config_defaults(struct wlbl *labels);

/* Fill labels and limits from the file. Return: 0 or -errno. */
int
wlbl_config_read(struct wlbl *labels, const char *path);

/* Whether this client came through a security context, whosesoever. */
bool
wlbl_is_confined(struct wlbl *labels, const struct wl_client *client);

/*
 * Whether a client was assigned or remembered: then as what, which is NULL for a
 * VM's without a label.
 */
bool
wlbl_client_known(const struct wl_client *client,
	const struct wlbl_label **ret);

/*
 * Keep what a client is now, if it is confined, beyond its security context.
 * Return: 0 or -ENOMEM.
 */
int
wlbl_client_remember(struct wlbl *labels, struct wl_client *client);

void
wlbl_clients_finish(struct wlbl *labels);

/* The list itself, by a global's interface: what every VM may have. */
bool
wlbl_policy_has(const char *interface);

/*
 * A line of [globals]: interfaces between spaces, '-' before one that is taken
 * away. Return: false for a fault, said in the log.
 */
bool
wlbl_globals_add(struct wlbl *labels, const char *label, const char *words);

/* Whether a confined client of this label, or of none, may have it. */
bool
wlbl_globals_allow(struct wlbl *labels, const struct wlbl_label *label,
	const char *interface);

void
wlbl_globals_finish(struct wlbl *labels);

/* A line of [input-methods]. Return: false for a fault. */
bool
wlbl_served_add(struct wlbl *labels, const char *label, const char *value);

void
wlbl_served_finish(struct wlbl *labels);

/* Globals that are there for one Xwayland, or for none of the clients. */
enum wlbl_sight {
	WLBL_SIGHT_COMMON,	/* not such a global */
	WLBL_SIGHT_OWN,		/* this client's */
	WLBL_SIGHT_NONE,
};

enum wlbl_sight
wlbl_xwayland_sight(struct wlbl *labels, const struct wl_client *client,
	const struct wl_global *global);

/* Count what the clients of VMs make the compositor hold. */
struct wlbl_hold *
wlbl_hold_create(struct wlbl *labels);

/* NULL is fine. */
void
wlbl_hold_destroy(struct wlbl_hold *hold);

/* A request is about to be carried out, which may be one about a popup. */
void
wlbl_popup_request(const struct wl_protocol_logger_message *message);

/* An xdg_popup asks for a grab: it is destroyed, if there is one, and gets none. */
void
wlbl_popup_refuse_grab(struct wl_resource *resource);

/* Make it the seat's, told to whom it may be: see seat-keyboard.c. */
void
wlbl_keyboard_set(struct wlbl *labels, struct wlr_seat *seat,
	const struct wlbl_label *focus, struct wlr_keyboard *keyboard);

/* Whether a client is one of those that a virtual keyboard is no secret from. */
bool
wlbl_keyboard_may_hear(struct wlbl *labels, const struct wlbl_label *focus,
	const struct wl_client *client);

/* If the seat's keyboard is a virtual one it has none until the next key. */
void
wlbl_keyboard_forget(struct wlr_seat *seat);

void
wlbl_limit_finish(struct wlbl *labels);

/* The strips draw again, at a new scale or something else to show. */
void
wlbl_strips_update(struct wlbl *labels);

/* Draw the notice anew, or end it if there is none. */
void
wlbl_notice_draw(struct wlbl *labels);

void
wlbl_notice_finish(struct wlbl *labels);

/* Before anything else that was put beside them. */
void
wlbl_strips_raise(struct wlbl *labels);

/* Something was committed on a surface of a frame, perhaps. */
void
wlbl_frames_touch(struct wlbl *labels, struct wlr_surface *surface);

/* Before a frame: what of frames' bars waits for it. */
void
wlbl_bars_draw(struct wlbl *labels);

/* Everything about frames that depends on the scale. */
void
wlbl_frames_update(struct wlbl *labels);

/* Show the colour and the drawing that this label has now. */
void
wlbl_frames_recolour(struct wlbl *labels, const struct wlbl_label *label);

#endif
