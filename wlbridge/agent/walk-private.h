/* SPDX-License-Identifier: MIT */
/* Shared by the walker's rooms; nobody else includes this. */
#ifndef WLB_AGENT_WALK_PRIVATE_H
#define WLB_AGENT_WALK_PRIVATE_H

#include <stdbool.h>

#include "buffer.h"
#include "clock.h"
#include "inbox.h"
#include "objects.h"
#include "protocols.h"
#include "registry.h"
#include "walk.h"
#include "wire.h"

struct wlb_piece;

struct wlb_walk {
	const struct wlb_walk_env *env;
	struct wlb_queue *to_client;
	struct wlb_queue *to_server;
	struct wlb_inbox inboxes[2];	/* enum wlb_side */
	struct wlb_objects objects;
	struct wlb_globals globals;
	struct wlb_object *shm;		/* the agent's own wl_shm, or NULL */
	struct wlb_piece *pieces;
	size_t piece_count;
	struct wlb_clock clock;
	char reason[160];
};

/* What a handler of one message wants done with it. */
enum wlb_verdict {
	WLB_FORWARD,
	WLB_SWALLOW,	/* it was for the agent, or is answered already */
};

/* One message on its way. */
struct wlb_transit {
	struct wlb_object *sender;
	struct wlb_message *message;
	const struct wl_message *spec;
	int fds[WLB_WIRE_ARGS_MAX];	/* taken ones are -1 */
};

/*
 * Give up: tell the client (an error on its object @id), and remember why.
 * Return: @error, for the caller to return.
 */
int
wlb_walk_fail(struct wlb_walk *walk, int error, uint32_t id, uint32_t code,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Give up for want of memory of any kind. Return: -ENOMEM. */
int
wlb_walk_fail_memory(struct wlb_walk *walk);

/* Tell the client that one of its ids is free again. 0 or -errno, failed. */
int
wlb_walk_delete_id(struct wlb_walk *walk, uint32_t id);

/*
 * Handlers for interfaces with a meaning of their own: an enum wlb_verdict or
 * -errno, then with wlb_walk_fail() called.
 */
int
wlb_walk_request(struct wlb_walk *walk, struct wlb_transit *transit);

int
wlb_walk_event(struct wlb_walk *walk, struct wlb_transit *transit);

/* walk-registry.c */
int
wlb_walk_registry_bind(struct wlb_walk *walk, struct wlb_transit *transit);

int
wlb_walk_registry_event(struct wlb_walk *walk, struct wlb_transit *transit);

/* walk-shm.c */
int
wlb_walk_shm_bound(struct wlb_walk *walk, struct wlb_object *registry,
	uint32_t name);

int
wlb_walk_shm_request(struct wlb_walk *walk, struct wlb_transit *transit);

int
wlb_walk_pool_request(struct wlb_walk *walk, struct wlb_transit *transit);

int
wlb_walk_buffer_request(struct wlb_walk *walk, struct wlb_transit *transit);

int
wlb_walk_shm_event(struct wlb_walk *walk, struct wlb_transit *transit);

int
wlb_walk_buffer_event(struct wlb_walk *walk, struct wlb_transit *transit);

/* shadow.c: make sure that the server knows a buffer. 0 or -errno, failed. */
int
wlb_walk_realise(struct wlb_walk *walk, struct wlb_buffer *buffer);

/* Bring its shadow up to date. 0 or -errno, failed. */
int
wlb_walk_update(struct wlb_walk *walk, struct wlb_buffer *buffer);

/* The server has no use for it any more, or there is none. */
void
wlb_walk_release_shadow(struct wlb_buffer *buffer);

void
wlb_walk_finish_pieces(struct wlb_walk *walk);

/* walk-surface.c */
int
wlb_walk_surface_request(struct wlb_walk *walk, struct wlb_transit *transit);

int
wlb_walk_viewporter_request(struct wlb_walk *walk,
	struct wlb_transit *transit);

/* walk-presentation.c */
int
wlb_walk_presentation_event(struct wlb_walk *walk,
	struct wlb_transit *transit);

int
wlb_walk_feedback_event(struct wlb_walk *walk, struct wlb_transit *transit);

/* The buffer behind @object where that is one of a client's memory, or NULL. */
static inline struct wlb_buffer *
wlb_walk_buffer(const struct wlb_object *object)
{
	return object != NULL && object->interface == &wl_buffer_interface
		? object->data : NULL;
}

#endif
