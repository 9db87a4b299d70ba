/* SPDX-License-Identifier: MIT */
/* The objects of one connection, under the client's ids and the server's. */
#ifndef WLB_AGENT_OBJECTS_H
#define WLB_AGENT_OBJECTS_H

#include <stddef.h>
#include <stdint.h>
#include <wayland-util.h>

/* Ids from here on are the server's to give, and the same on both sides. */
#define WLB_FOREIGN_ID 0xff000000u

/* For each side of one connection; far above what any program has. */
#define WLB_OBJECTS_MAX (1u << 18)

struct wlb_object {
	uint32_t client_id;	/* 0: the agent's own, the client knows nothing */
	uint32_t server_id;	/* 0: the server does not know it (yet) */
	const struct wl_interface *interface;
	uint32_t version;
	void *data;		/* of the walker; freed by destroy_data */
	void (*destroy_data)(void *data);
};

struct wlb_id_map {
	struct wlb_object **objects;	/* NULL: the id is free */
	size_t len;
	size_t capacity;
};

struct wlb_objects {
	struct wlb_id_map by_client;	/* index: the client's id */
	struct wlb_id_map by_server;	/* index: the server's id */
	struct wlb_id_map foreign;	/* index: id - WLB_FOREIGN_ID */
	uint32_t *free_ids;		/* of the server's side, to be reused */
	size_t free_count;
	size_t free_capacity;
};

/* Both maps begin with wl_display under id 1. Return: 0 or -ENOMEM. */
int
wlb_objects_init(struct wlb_objects *objects,
	const struct wl_interface *display);

void
wlb_objects_finish(struct wlb_objects *objects);

/* Return: the object under that id, or NULL; foreign ids work in both. */
struct wlb_object *
wlb_objects_by_client(struct wlb_objects *objects, uint32_t id);

struct wlb_object *
wlb_objects_by_server(struct wlb_objects *objects, uint32_t id);

/**
 * wlb_objects_add() - An object that the client made, or the agent itself
 * @client_id: the client's choice, checked as libwayland would; 0: the agent's
 *
 * It has no id at the server until wlb_objects_publish().
 * Return: 0, -EPROTO when that id cannot be, or -ENOMEM.
 */
int
wlb_objects_add(struct wlb_objects *objects, uint32_t client_id,
	const struct wl_interface *interface, uint32_t version,
	struct wlb_object **ret);

/**
 * wlb_objects_publish() - Give @object an id at the server
 *
 * The server wants its ids in the order in which it first sees them: the next
 * thing queued for it must be the message that makes this object.
 * Return: 0 or -ENOMEM.
 */
int
wlb_objects_publish(struct wlb_objects *objects, struct wlb_object *object);

/* An object that the server made; replaces what had the id. As _add(). */
int
wlb_objects_add_foreign(struct wlb_objects *objects, uint32_t id,
	const struct wl_interface *interface, uint32_t version);

/*
 * One side has let go of its id. The object ends, and its data with it, when
 * neither side has one.
 */
void
wlb_objects_forget_client(struct wlb_objects *objects,
	struct wlb_object *object);

void
wlb_objects_forget_server(struct wlb_objects *objects,
	struct wlb_object *object);

#endif
