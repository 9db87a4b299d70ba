/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The agent makes objects at the server that the client knows nothing of (one
 * wl_shm_pool for each piece of shared memory), and keeps from the server some
 * that the client made (its own pools). Both libraries insist on ids without
 * gaps, so one numbering cannot hold both sets: each side has its own, and
 * every id in every message is looked up here on its way.
 *
 * An id is in use until its owner, the server, says delete_id; until then
 * messages for it may still be on their way. Ids from WLB_FOREIGN_ID on are
 * made by the server and are the same on both sides. Nothing on the wire says
 * when one of those ends, so an entry stays until the server uses its id again.
 */
#include "objects.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

static int
map_set(struct wlb_id_map *map, size_t index, struct wlb_object *object)
{
	if (index >= map->capacity) {
		size_t capacity = map->capacity == 0 ? 64 : map->capacity;
		while (capacity <= index) {
			capacity *= 2;
		}
		struct wlb_object **grown = reallocarray(map->objects, capacity,
			sizeof(grown[0]));
		if (grown == NULL) {
			return -ENOMEM;
		}
		map->objects = grown;
		map->capacity = capacity;
	}
	while (map->len <= index) {
		map->objects[map->len++] = NULL;
	}
	map->objects[index] = object;
	return 0;
}

static struct wlb_object *
map_get(const struct wlb_id_map *map, size_t index)
{
	return index < map->len ? map->objects[index] : NULL;
}

static void
object_destroy(struct wlb_object *object)
{
	if (object->destroy_data != NULL) {
		object->destroy_data(object->data);
	}
	free(object);
}

int
wlb_objects_init(struct wlb_objects *objects,
	const struct wl_interface *display)
{
	*objects = (struct wlb_objects){ 0 };
	/* Id 0 is null: never anybody's. */
	int r = map_set(&objects->by_client, 0, NULL);
	if (r == 0) {
		r = map_set(&objects->by_server, 0, NULL);
	}
	struct wlb_object *object;
	if (r == 0) {
		r = wlb_objects_add(objects, 1, display, 1, &object);
	}
	if (r == 0) {
		r = wlb_objects_publish(objects, object);
	}
	if (r < 0) {
		wlb_objects_finish(objects);
	}
	return r;
}

void
wlb_objects_finish(struct wlb_objects *objects)
{
	for (size_t i = 0; i < objects->by_client.len; i++) {
		struct wlb_object *object = objects->by_client.objects[i];
		if (object != NULL) {
			wlb_objects_forget_client(objects, object);
		}
	}
	for (size_t i = 0; i < objects->by_server.len; i++) {
		struct wlb_object *object = objects->by_server.objects[i];
		if (object != NULL) {
			object_destroy(object);
		}
	}
	for (size_t i = 0; i < objects->foreign.len; i++) {
		struct wlb_object *object = objects->foreign.objects[i];
		if (object != NULL) {
			object_destroy(object);
		}
	}
	free(objects->by_client.objects);
	free(objects->by_server.objects);
	free(objects->foreign.objects);
	free(objects->free_ids);
	*objects = (struct wlb_objects){ 0 };
}

static struct wlb_object *
lookup(const struct wlb_objects *objects, const struct wlb_id_map *map,
	uint32_t id)
{
	return id >= WLB_FOREIGN_ID
		? map_get(&objects->foreign, id - WLB_FOREIGN_ID)
		: map_get(map, id);
}

struct wlb_object *
wlb_objects_by_client(struct wlb_objects *objects, uint32_t id)
{
	return lookup(objects, &objects->by_client, id);
}

struct wlb_object *
wlb_objects_by_server(struct wlb_objects *objects, uint32_t id)
{
	return lookup(objects, &objects->by_server, id);
}

static struct wlb_object *
object_create(const struct wl_interface *interface, uint32_t version)
{
	struct wlb_object *object = calloc(1, sizeof(*object));
	if (object != NULL) {
		object->interface = interface;
		object->version = version;
	}
	return object;
}

int
wlb_objects_add(struct wlb_objects *objects, uint32_t client_id,
	const struct wl_interface *interface, uint32_t version,
	struct wlb_object **ret)
{
	struct wlb_id_map *map = &objects->by_client;
	/* The next id, or one that was given back: no gaps. */
	if (client_id > map->len || client_id >= WLB_OBJECTS_MAX
			|| (client_id != 0 && map_get(map, client_id) != NULL)) {
		return -EPROTO;
	}
	struct wlb_object *object = object_create(interface, version);
	if (object == NULL) {
		return -ENOMEM;
	}
	if (client_id != 0) {
		int r = map_set(map, client_id, object);
		if (r < 0) {
			free(object);
			return r;
		}
	}
	object->client_id = client_id;
	*ret = object;
	return 0;
}

int
wlb_objects_publish(struct wlb_objects *objects, struct wlb_object *object)
{
	assert(object->server_id == 0);
	struct wlb_id_map *map = &objects->by_server;
	size_t id = objects->free_count > 0
		? objects->free_ids[objects->free_count - 1] : map->len;
	if (id >= WLB_OBJECTS_MAX) {
		return -ENOMEM;
	}
	int r = map_set(map, id, object);
	if (r < 0) {
		return r;
	}
	if (objects->free_count > 0) {
		objects->free_count--;
	}
	/* Room to give the id back later, so that this cannot fail then. */
	if (objects->free_capacity < map->len) {
		uint32_t *grown = reallocarray(objects->free_ids,
			map->capacity, sizeof(grown[0]));
		if (grown == NULL) {
			map->objects[id] = NULL;
			return -ENOMEM;
		}
		objects->free_ids = grown;
		objects->free_capacity = map->capacity;
	}
	object->server_id = (uint32_t)id;
	return 0;
}

int
wlb_objects_add_foreign(struct wlb_objects *objects, uint32_t id,
	const struct wl_interface *interface, uint32_t version)
{
	struct wlb_id_map *map = &objects->foreign;
	if (id < WLB_FOREIGN_ID || id - WLB_FOREIGN_ID > map->len
			|| id - WLB_FOREIGN_ID >= WLB_OBJECTS_MAX) {
		return -EPROTO;
	}
	struct wlb_object *object = object_create(interface, version);
	if (object == NULL) {
		return -ENOMEM;
	}
	object->client_id = object->server_id = id;
	struct wlb_object *old = map_get(map, id - WLB_FOREIGN_ID);
	int r = map_set(map, id - WLB_FOREIGN_ID, object);
	if (r < 0) {
		free(object);
		return r;
	}
	if (old != NULL) {
		object_destroy(old);
	}
	return 0;
}

void
wlb_objects_forget_client(struct wlb_objects *objects,
	struct wlb_object *object)
{
	assert(object->client_id != 0 && object->client_id < WLB_FOREIGN_ID);
	objects->by_client.objects[object->client_id] = NULL;
	object->client_id = 0;
	if (object->server_id == 0) {
		object_destroy(object);
	}
}

void
wlb_objects_forget_server(struct wlb_objects *objects,
	struct wlb_object *object)
{
	assert(object->server_id != 0 && object->server_id < WLB_FOREIGN_ID);
	objects->by_server.objects[object->server_id] = NULL;
	objects->free_ids[objects->free_count++] = object->server_id;
	object->server_id = 0;
	if (object->client_id == 0) {
		object_destroy(object);
	}
}
