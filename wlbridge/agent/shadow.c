/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Shared memory comes in few large pieces, and every shadow is a range of one.
 * The server gets a wl_shm_pool for each piece, once for each connection: one
 * descriptor and one mapping however many buffers there are. Those pools and
 * the wl_shm they are made of are the agent's own objects, which the client
 * has no id for. Pieces live as long as the agent, so the pools are never
 * destroyed; they end with the connection.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wayland-client-protocol.h>

#include "walk-private.h"

struct wlb_piece {
	int fd;
	size_t size;
	struct wlb_object *pool;	/* of the server, ours alone */
};

/* Make an object of our own that the next message queued will create. */
static int
add_own(struct wlb_walk *walk, const struct wl_interface *interface,
	struct wlb_object **ret)
{
	struct wlb_object *object;
	int r = wlb_objects_add(&walk->objects, 0, interface, 1, &object);
	if (r < 0) {
		return r;
	}
	r = wlb_objects_publish(&walk->objects, object);
	if (r < 0) {
		free(object);
		return r;
	}
	*ret = object;
	return 0;
}

int
wlb_walk_shm_bound(struct wlb_walk *walk, struct wlb_object *registry,
	uint32_t name)
{
	if (walk->shm != NULL) {
		return 0;
	}
	int r = add_own(walk, &wl_shm_interface, &walk->shm);
	if (r < 0) {
		return wlb_walk_fail_memory(walk);
	}
	/* bind(name, "wl_shm", 1, id): a string is its length and its bytes. */
	uint32_t words[6] = { name, sizeof("wl_shm") };
	memcpy(&words[2], "wl_shm", sizeof("wl_shm"));
	words[4] = 1;
	words[5] = walk->shm->server_id;
	r = wlb_wire_send(walk->to_server, registry->server_id,
		WL_REGISTRY_BIND, words, 6);
	return r < 0 ? wlb_walk_fail_memory(walk) : 0;
}

static int
piece_find(struct wlb_walk *walk, const struct vwl_buffer *shadow,
	struct wlb_object **ret_pool)
{
	for (size_t i = 0; i < walk->piece_count; i++) {
		if (walk->pieces[i].fd == shadow->fd) {
			*ret_pool = walk->pieces[i].pool;
			return 0;
		}
	}
	if (shadow->piece_size > INT32_MAX) {
		return -EOVERFLOW;
	}
	struct wlb_piece *grown = reallocarray(walk->pieces,
		walk->piece_count + 1, sizeof(grown[0]));
	if (grown == NULL) {
		return -ENOMEM;
	}
	walk->pieces = grown;
	struct wlb_object *pool;
	int r = add_own(walk, &wl_shm_pool_interface, &pool);
	if (r < 0) {
		return r;
	}
	walk->pieces[walk->piece_count++] = (struct wlb_piece){
		.fd = shadow->fd,
		.size = shadow->piece_size,
		.pool = pool,
	};
	const uint32_t words[] = {
		pool->server_id, (uint32_t)shadow->piece_size,
	};
	r = wlb_queue_append_borrowed_fd(walk->to_server, shadow->fd);
	if (r == 0) {
		r = wlb_wire_send(walk->to_server, walk->shm->server_id,
			WL_SHM_CREATE_POOL, words, 2);
	}
	*ret_pool = pool;
	return r;
}

int
wlb_walk_realise(struct wlb_walk *walk, struct wlb_buffer *buffer)
{
	if (buffer->has_shadow || buffer->destroyed) {
		return 0;
	}
	if (walk->env->alloc(walk->env->data, wlb_buffer_size(buffer),
			&buffer->shadow) < 0) {
		return wlb_walk_fail_memory(walk);
	}
	buffer->env = walk->env;
	buffer->has_shadow = true;
	walk->env->stats->buffers++;

	struct wlb_object *pool;
	int r = piece_find(walk, &buffer->shadow, &pool);
	if (r == 0) {
		r = wlb_objects_publish(&walk->objects, buffer->object);
	}
	if (r < 0) {
		return wlb_walk_fail_memory(walk);
	}
	const uint32_t words[] = {
		buffer->object->server_id,
		(uint32_t)buffer->shadow.offset,
		buffer->width, buffer->height, buffer->stride, buffer->format,
	};
	r = wlb_wire_send(walk->to_server, pool->server_id,
		WL_SHM_POOL_CREATE_BUFFER, words, 6);
	return r < 0 ? wlb_walk_fail_memory(walk) : 0;
}

int
wlb_walk_update(struct wlb_walk *walk, struct wlb_buffer *buffer)
{
	if (!buffer->has_shadow) {
		return 0;
	}
	uint64_t copied;
	int r = wlb_buffer_update(buffer, &copied);
	if (r < 0) {
		return wlb_walk_fail(walk, -EPROTO, buffer->object->client_id,
			WL_SHM_ERROR_INVALID_FD,
			"the pool's file is shorter than the pool");
	}
	walk->env->stats->frames += copied > 0;
	walk->env->stats->copied_bytes += copied;
	return 0;
}

void
wlb_walk_release_shadow(struct wlb_buffer *buffer)
{
	if (buffer->has_shadow) {
		buffer->has_shadow = false;
		buffer->env->free(buffer->env->data, &buffer->shadow);
	}
}

void
wlb_walk_finish_pieces(struct wlb_walk *walk)
{
	free(walk->pieces);
	walk->pieces = NULL;
	walk->piece_count = 0;
}
