/* SPDX-License-Identifier: MIT */
/* What the parts of the library know of each other. */
#ifndef WLBL_PRIVATE_H
#define WLBL_PRIVATE_H

#include <wayland-server-core.h>

#include "wlbridge-labels.h"

#define WLBL_PUBLIC __attribute__((visibility("default")))

#define WLBL_WINDOWS_DEFAULT 200	/* and as many popups */
#define WLBL_SURFACES_DEFAULT 4000
#define WLBL_LIMIT_MAX 1000000

struct wlr_buffer;

struct wlbl_label {
	struct wl_list link;		/* wlbl.labels */
	char name[WLBL_NAME_MAX + 1];
	uint32_t colour;
	struct wlr_buffer *cell;	/* the name on its colour */
	int cell_width;
	unsigned frames[2];		/* windows, popups */
	unsigned surfaces;
};

struct wlbl {
	struct wl_display *display;
	struct wlr_security_context_manager_v1 *contexts;
	void (*log)(void *data, const char *line);
	void *log_data;

	struct wl_list labels;		/* wlbl_label.link */
	struct wlbl_label *local;	/* one of them */
	unsigned windows_max;
	unsigned surfaces_max;

	int scale;
	struct wlr_buffer *buttons;
	struct wlr_buffer *captions[WLBL_ROLES];
	int caption_widths[WLBL_ROLES];

	struct wl_list frames;		/* wlbl_frame.link */
	struct wl_list strips;		/* wlbl_strip.link */
	const struct wlbl_label *shown[WLBL_ROLES];

	struct wl_list clients;		/* that were assigned; see client.c */
	struct wl_list surfaces;	/* of VMs; see limit.c */
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

/* Fill labels and limits from the file. Return: 0 or -errno. */
int
wlbl_config_read(struct wlbl *labels, const char *path);

/* Whether this client came through a security context, whosesoever. */
bool
wlbl_is_confined(struct wlbl *labels, const struct wl_client *client);

/* The label that wlbl_client_assign() gave, or NULL. */
struct wlbl_label *
wlbl_client_label(struct wlbl *labels, const struct wl_client *client);

void
wlbl_clients_finish(struct wlbl *labels);

/* The list itself, by a global's interface. */
bool
wlbl_policy_has(const char *interface);

/* Globals that are there for one Xwayland, or for none of the clients. */
enum wlbl_sight {
	WLBL_SIGHT_COMMON,	/* not such a global */
	WLBL_SIGHT_OWN,		/* this client's */
	WLBL_SIGHT_NONE,
};

enum wlbl_sight
wlbl_xwayland_sight(struct wlbl *labels, const struct wl_client *client,
	const struct wl_global *global);

void
wlbl_limit_finish(struct wlbl *labels);

/* The strips draw again, at a new scale or something else to show. */
void
wlbl_strips_update(struct wlbl *labels);

/* Before anything else that was put beside them. */
void
wlbl_strips_raise(struct wlbl *labels);

/* Everything about frames that depends on the scale. */
void
wlbl_frames_update(struct wlbl *labels);

#endif
