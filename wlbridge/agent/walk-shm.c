/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The server never sees a client's pools. They live and end here, and the
 * agent gives their ids back itself. A wl_buffer is made at the server (see
 * shadow.c) when it is first used, because themes make hundreds and use few.
 *
 * A client may destroy a buffer that the server still shows, and expects its
 * pixels to stay on the screen. The shadow must not be given to anybody else
 * then, so the server's wl_buffer outlives the client's: the client gets its
 * id back at once, and the server hears of it after its release.
 */
#include <errno.h>
#include <wayland-client-protocol.h>

#include "format.h"
#include "walk-private.h"

static void
pool_data_destroy(void *data)
{
	wlb_source_unref(data);
}

static void
buffer_data_destroy(void *data)
{
	struct wlb_buffer *buffer = data;
	wlb_walk_release_shadow(buffer);
	buffer->object = NULL;
	buffer->destroyed = true;
	wlb_buffer_unref(buffer);
}

/* End an object for the client; the server does not hear of it, or not yet. */
static int
end_virtual(struct wlb_walk *walk, struct wlb_object *object)
{
	int r = wlb_walk_delete_id(walk, object->client_id);
	if (r < 0) {
		return r;
	}
	wlb_objects_forget_client(&walk->objects, object);
	return WLB_SWALLOW;
}

static int
add_virtual(struct wlb_walk *walk, uint32_t id,
	const struct wl_interface *interface, uint32_t version,
	struct wlb_object **ret)
{
	int r = wlb_objects_add(&walk->objects, id, interface, version, ret);
	if (r == -EPROTO) {
		return wlb_walk_fail(walk, r, 1,
			WL_DISPLAY_ERROR_INVALID_OBJECT,
			"invalid new id %u", id);
	}
	return r < 0 ? wlb_walk_fail_memory(walk) : 0;
}

int
wlb_walk_shm_request(struct wlb_walk *walk, struct wlb_transit *transit)
{
	if (transit->message->opcode != WL_SHM_CREATE_POOL) {
		return WLB_FORWARD;
	}
	const int32_t size = (int32_t)transit->message->args[2].value;
	const uint32_t shm_id = transit->sender->client_id;
	if (size <= 0) {
		return wlb_walk_fail(walk, -EPROTO, shm_id,
			WL_SHM_ERROR_INVALID_STRIDE, "invalid size (%d)", size);
	}
	struct wlb_object *object;
	int r = add_virtual(walk, transit->message->args[0].value,
		&wl_shm_pool_interface, transit->sender->version, &object);
	if (r < 0) {
		return r;
	}
	struct wlb_source *source;
	int fd = transit->fds[0];
	transit->fds[0] = -1;
	r = wlb_source_create(fd, (size_t)size, &source);
	if (r < 0) {
		return wlb_walk_fail(walk, r == -ENOMEM ? r : -EPROTO, shm_id,
			WL_SHM_ERROR_INVALID_FD,
			"no file that pixels can be read from");
	}
	object->data = source;
	object->destroy_data = pool_data_destroy;
	return WLB_SWALLOW;
}

static int
create_buffer(struct wlb_walk *walk, struct wlb_transit *transit)
{
	const struct wlb_arg *args = transit->message->args;
	const int32_t geometry[4] = {
		(int32_t)args[1].value, (int32_t)args[2].value,
		(int32_t)args[3].value, (int32_t)args[4].value,
	};
	const uint32_t format = args[5].value;
	const uint32_t pool_id = transit->sender->client_id;
	if (wlb_format_bytes(format) == 0) {
		return wlb_walk_fail(walk, -EPROTO, pool_id,
			WL_SHM_ERROR_INVALID_FORMAT, "invalid format 0x%x",
			format);
	}
	struct wlb_buffer *buffer;
	int r = wlb_buffer_create(transit->sender->data, geometry, format,
		&buffer);
	if (r < 0) {
		return wlb_walk_fail(walk, r == -ENOMEM ? r : -EPROTO, pool_id,
			WL_SHM_ERROR_INVALID_STRIDE,
			"invalid offset, width, height or stride "
			"(%d, %dx%d, %d)", geometry[0], geometry[1],
			geometry[2], geometry[3]);
	}
	struct wlb_object *object;
	r = add_virtual(walk, args[0].value, &wl_buffer_interface, 1, &object);
	if (r < 0) {
		wlb_buffer_unref(buffer);
		return r;
	}
	buffer->object = object;
	object->data = buffer;
	object->destroy_data = buffer_data_destroy;
	return WLB_SWALLOW;
}

int
wlb_walk_pool_request(struct wlb_walk *walk, struct wlb_transit *transit)
{
	struct wlb_message *message = transit->message;
	switch (message->opcode) {
	case WL_SHM_POOL_CREATE_BUFFER:
		return create_buffer(walk, transit);
	case WL_SHM_POOL_DESTROY:
		return end_virtual(walk, transit->sender);
	case WL_SHM_POOL_RESIZE: {
		const int32_t size = (int32_t)message->args[0].value;
		if (size <= 0 || wlb_source_resize(transit->sender->data,
				(size_t)size) < 0) {
			return wlb_walk_fail(walk, -EPROTO,
				transit->sender->client_id,
				WL_SHM_ERROR_INVALID_FD,
				"shrinking pool invalid");
		}
		return WLB_SWALLOW;
	}
	default:
		return WLB_SWALLOW;
	}
}

int
wlb_walk_buffer_request(struct wlb_walk *walk, struct wlb_transit *transit)
{
	struct wlb_object *object = transit->sender;
	struct wlb_buffer *buffer = object->data;
	if (buffer == NULL || transit->message->opcode != WL_BUFFER_DESTROY) {
		return WLB_FORWARD;
	}
	buffer->destroyed = true;
	if (object->server_id == 0 || buffer->busy) {
		return end_virtual(walk, object);
	}
	buffer->closing = true;
	return WLB_FORWARD;
}

int
wlb_walk_buffer_event(struct wlb_walk *walk, struct wlb_transit *transit)
{
	struct wlb_object *object = transit->sender;
	struct wlb_buffer *buffer = object->data;
	if (buffer == NULL) {
		return WLB_FORWARD;
	}
	buffer->busy = false;
	if (object->client_id != 0) {
		return WLB_FORWARD;
	}
	if (!buffer->closing) {
		buffer->closing = true;
		int r = wlb_wire_send(walk->to_server, object->server_id,
			WL_BUFFER_DESTROY, NULL, 0);
		if (r < 0) {
			return wlb_walk_fail_memory(walk);
		}
	}
	return WLB_SWALLOW;
}

int
wlb_walk_shm_event(struct wlb_walk *walk, struct wlb_transit *transit)
{
	(void)walk;
	/* wl_shm has one event: a format. */
	return wlb_format_bytes(transit->message->args[0].value) == 0
		? WLB_SWALLOW : WLB_FORWARD;
}
