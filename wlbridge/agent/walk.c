/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Each side's bytes gather in its inbox until a message is whole. The sender's
 * id names an object, the object's interface and the opcode name a signature,
 * the signature takes the message apart. A handler for that interface (the
 * wl_shm family, surfaces, the registry; see the walk-*.c) looks at it and may
 * keep it for itself. What goes on is translated in place: the sender, every
 * object, every new id. Descriptors leave the inbox with the message they
 * belong to, however early they came.
 *
 * A client that breaks the protocol is told so as a server would, with
 * wl_display.error, and is then disconnected. A server that does is a broken
 * connection.
 */
#include "walk.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wayland-client-protocol.h>

#include "surface.h"
#include "walk-private.h"

int
wlb_walk_create(const struct wlb_walk_env *env,
	struct wlb_queue *queues[2], struct wlb_walk **ret)
{
	struct wlb_walk *walk = calloc(1, sizeof(*walk));
	if (walk == NULL) {
		return -ENOMEM;
	}
	walk->env = env;
	walk->to_client = queues[WLB_CLIENT];
	walk->to_server = queues[WLB_SERVER];
	int r = wlb_objects_init(&walk->objects, &wl_display_interface);
	if (r < 0) {
		free(walk);
		return r;
	}
	*ret = walk;
	return 0;
}

void
wlb_walk_destroy(struct wlb_walk *walk)
{
	if (walk == NULL) {
		return;
	}
	wlb_inbox_finish(&walk->inboxes[WLB_CLIENT], walk->env->close_fd);
	wlb_inbox_finish(&walk->inboxes[WLB_SERVER], walk->env->close_fd);
	wlb_objects_finish(&walk->objects);
	wlb_globals_finish(&walk->globals);
	wlb_walk_finish_pieces(walk);
	free(walk);
}

const char *
wlb_walk_reason(const struct wlb_walk *walk)
{
	return walk->reason;
}

int
wlb_walk_fail(struct wlb_walk *walk, int error, uint32_t id, uint32_t code,
	const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(walk->reason, sizeof(walk->reason), format, args);
	va_end(args);
	/* Without memory for it the client only misses the explanation. */
	(void)wlb_wire_send_error(walk->to_client, id, code, walk->reason);
	return error;
}

int
wlb_walk_fail_memory(struct wlb_walk *walk)
{
	return wlb_walk_fail(walk, -ENOMEM, 1, WL_DISPLAY_ERROR_NO_MEMORY,
		"out of memory");
}

/* The server's fault: nothing the client could learn from. */
static int
fail_server(struct wlb_walk *walk, const char *what, uint32_t id)
{
	return wlb_walk_fail(walk, -EPROTO, 1,
		WL_DISPLAY_ERROR_IMPLEMENTATION,
		"the compositor sent %s (object %u)", what, id);
}

int
wlb_walk_delete_id(struct wlb_walk *walk, uint32_t id)
{
	const uint16_t delete_id = 1;
	int r = wlb_wire_send(walk->to_client, 1, delete_id, &id, 1);
	return r < 0 ? wlb_walk_fail_memory(walk) : 0;
}

/*
 * The interface and version of a new object: the signature's and its maker's,
 * or those that the client names itself (wl_registry.bind, checked before).
 */
static bool
new_object_type(const struct wlb_transit *transit, unsigned i,
	const struct wl_interface **ret_interface, uint32_t *ret_version)
{
	const struct wlb_arg *arg = &transit->message->args[i];
	if (arg->interface != NULL) {
		*ret_interface = arg->interface;
		*ret_version = transit->sender->version;
		return true;
	}
	if (transit->sender->interface != &wl_registry_interface || i != 3) {
		return false;
	}
	*ret_interface = wlb_protocols_find(transit->message->args[1].string);
	*ret_version = transit->message->args[2].value;
	return *ret_interface != NULL;
}

static void
surface_data_destroy(void *data)
{
	wlb_surface_destroy(data);
}

static int
translate_new_id(struct wlb_walk *walk, struct wlb_transit *transit,
	unsigned i)
{
	struct wlb_arg *arg = &transit->message->args[i];
	const struct wl_interface *interface;
	uint32_t version;
	if (!new_object_type(transit, i, &interface, &version)) {
		return wlb_walk_fail(walk, -EPROTO, transit->sender->client_id,
			WL_DISPLAY_ERROR_INVALID_METHOD,
			"a new object of unknown type");
	}
	struct wlb_object *object;
	int r = wlb_objects_add(&walk->objects, arg->value, interface, version,
		&object);
	if (r == -EPROTO) {
		return wlb_walk_fail(walk, r, 1,
			WL_DISPLAY_ERROR_INVALID_OBJECT,
			"invalid new id %u", arg->value);
	}
	if (r == 0) {
		r = wlb_objects_publish(&walk->objects, object);
	}
	if (r == 0 && interface == &wl_surface_interface) {
		object->data = wlb_surface_create();
		object->destroy_data = surface_data_destroy;
		r = object->data == NULL ? -ENOMEM : 0;
	}
	if (r < 0) {
		return wlb_walk_fail_memory(walk);
	}
	wlb_wire_put(transit->message->bytes + arg->offset, object->server_id);
	return 0;
}

static int
translate_object(struct wlb_walk *walk, struct wlb_transit *transit,
	unsigned i)
{
	struct wlb_arg *arg = &transit->message->args[i];
	struct wlb_object *object = wlb_objects_by_client(&walk->objects,
		arg->value);
	struct wlb_buffer *buffer = wlb_walk_buffer(object);
	if (buffer != NULL) {
		int r = wlb_walk_realise(walk, buffer);
		/* Only a surface shows pixels later than it gets them. */
		if (r == 0 && transit->sender->interface
				!= &wl_surface_interface) {
			wlb_buffer_add_all_stale(buffer);
			r = wlb_walk_update(walk, buffer);
		}
		if (r < 0) {
			return r;
		}
	}
	if (object == NULL || object->server_id == 0
			|| (arg->interface != NULL
				&& object->interface != arg->interface)) {
		return wlb_walk_fail(walk, -EPROTO, 1,
			WL_DISPLAY_ERROR_INVALID_OBJECT,
			"invalid object %u in %s.%s", arg->value,
			transit->sender->interface->name, transit->spec->name);
	}
	wlb_wire_put(transit->message->bytes + arg->offset, object->server_id);
	return 0;
}

static int
pass_fds(struct wlb_walk *walk, struct wlb_transit *transit,
	struct wlb_queue *queue,
	int (*convert)(void *data, int take_fd))
{
	for (unsigned i = 0; i < transit->message->fd_count; i++) {
		int fd = transit->fds[i];
		transit->fds[i] = -1;
		fd = convert(walk->env->data, fd);
		if (fd < 0) {
			return wlb_walk_fail(walk, -EPROTO, 1,
				WL_DISPLAY_ERROR_IMPLEMENTATION,
				"a descriptor of %s.%s cannot cross: %s",
				transit->sender->interface->name,
				transit->spec->name, strerror(errno));
		}
		if (wlb_queue_append_fd(queue, fd) < 0) {
			return wlb_walk_fail_memory(walk);
		}
	}
	return 0;
}

static int
forward_request(struct wlb_walk *walk, struct wlb_transit *transit)
{
	struct wlb_message *message = transit->message;
	/*
	 * Objects first: a buffer may be made at the server for this message,
	 * and takes its id before the new ones of the message itself.
	 */
	for (unsigned i = 0; i < message->arg_count; i++) {
		if (message->args[i].type == 'o'
				&& message->args[i].value != 0) {
			int r = translate_object(walk, transit, i);
			if (r < 0) {
				return r;
			}
		}
	}
	for (unsigned i = 0; i < message->arg_count; i++) {
		if (message->args[i].type == 'n') {
			int r = translate_new_id(walk, transit, i);
			if (r < 0) {
				return r;
			}
		}
	}
	wlb_wire_put(message->bytes, transit->sender->server_id);
	int r = pass_fds(walk, transit, walk->to_server, walk->env->import_fd);
	if (r < 0) {
		return r;
	}
	r = wlb_queue_append(walk->to_server, message->bytes, message->size);
	return r < 0 ? wlb_walk_fail_memory(walk) : 0;
}

/* Return: 0, or 1 for an event that the client could not understand. */
static int
translate_event(struct wlb_walk *walk, struct wlb_transit *transit)
{
	struct wlb_message *message = transit->message;
	int verdict = transit->sender->client_id == 0;
	for (unsigned i = 0; i < message->arg_count; i++) {
		struct wlb_arg *arg = &message->args[i];
		if (arg->type == 'n') {
			/* It would replace the sender, or be nothing known. */
			if (arg->interface == NULL
					|| arg->value == transit->sender->server_id) {
				return fail_server(walk, "an invalid object",
					arg->value);
			}
			int r = wlb_objects_add_foreign(&walk->objects,
				arg->value, arg->interface,
				transit->sender->version);
			if (r < 0) {
				return fail_server(walk, "an invalid new id",
					arg->value);
			}
		} else if (arg->type == 'o' && arg->value != 0) {
			struct wlb_object *object = wlb_objects_by_server(
				&walk->objects, arg->value);
			if (object == NULL) {
				return fail_server(walk, "an unknown object",
					arg->value);
			}
			if (object->client_id == 0 && !arg->nullable) {
				verdict = 1;
			}
			wlb_wire_put(message->bytes + arg->offset,
				object->client_id);
		}
	}
	return verdict;
}

static int
forward_event(struct wlb_walk *walk, struct wlb_transit *transit)
{
	struct wlb_message *message = transit->message;
	int r = translate_event(walk, transit);
	if (r != 0) {
		return r < 0 ? r : 0;
	}
	wlb_wire_put(message->bytes, transit->sender->client_id);
	r = pass_fds(walk, transit, walk->to_client, walk->env->export_fd);
	if (r < 0) {
		return r;
	}
	r = wlb_queue_append(walk->to_client, message->bytes, message->size);
	return r < 0 ? wlb_walk_fail_memory(walk) : 0;
}

/* Move the message's descriptors out of the inbox. */
static bool
take_fds(struct wlb_inbox *inbox, struct wlb_transit *transit)
{
	for (unsigned i = 0; i < transit->message->fd_count; i++) {
		transit->fds[i] = wlb_inbox_next_fd(inbox);
		if (transit->fds[i] < 0) {
			return false;
		}
	}
	return true;
}

static void
close_fds(struct wlb_walk *walk, struct wlb_transit *transit)
{
	for (unsigned i = 0; i < transit->message->fd_count; i++) {
		if (transit->fds[i] >= 0) {
			walk->env->close_fd(transit->fds[i]);
		}
	}
}

static int
decode(struct wlb_walk *walk, enum wlb_side from, struct wlb_transit *transit,
	uint8_t *bytes, size_t size)
{
	const uint32_t id = wlb_wire_get(bytes);
	const uint32_t opcode = wlb_wire_get(bytes + 4) & 0xffff;
	struct wlb_object *sender = from == WLB_CLIENT
		? wlb_objects_by_client(&walk->objects, id)
		: wlb_objects_by_server(&walk->objects, id);
	if (sender == NULL) {
		return from == WLB_SERVER
			? fail_server(walk, "an event of no object", id)
			: wlb_walk_fail(walk, -EPROTO, 1,
				WL_DISPLAY_ERROR_INVALID_OBJECT,
				"invalid object %u", id);
	}
	const struct wl_interface *interface = sender->interface;
	const int count = from == WLB_CLIENT
		? interface->method_count : interface->event_count;
	const struct wl_message *specs = from == WLB_CLIENT
		? interface->methods : interface->events;
	if (opcode >= (uint32_t)count
			|| wlb_wire_since(&specs[opcode]) > sender->version) {
		return from == WLB_SERVER
			? fail_server(walk, "an unknown event", id)
			: wlb_walk_fail(walk, -EPROTO, 1,
				WL_DISPLAY_ERROR_INVALID_METHOD,
				"invalid method %u, object %s#%u", opcode,
				interface->name, id);
	}
	transit->sender = sender;
	transit->spec = &specs[opcode];
	if (wlb_wire_decode(transit->spec, bytes, size, transit->message) < 0
			|| !take_fds(&walk->inboxes[from], transit)) {
		return from == WLB_SERVER
			? fail_server(walk, "a malformed event", id)
			: wlb_walk_fail(walk, -EPROTO, 1,
				WL_DISPLAY_ERROR_INVALID_METHOD,
				"invalid arguments for %s#%u.%s",
				interface->name, id, transit->spec->name);
	}
	return 0;
}

static int
walk_message(struct wlb_walk *walk, enum wlb_side from, uint8_t *bytes,
	size_t size)
{
	struct wlb_message message = { 0 };
	struct wlb_transit transit = { .message = &message };
	for (size_t i = 0; i < WLB_WIRE_ARGS_MAX; i++) {
		transit.fds[i] = -1;
	}
	int r = decode(walk, from, &transit, bytes, size);
	if (r == 0) {
		r = from == WLB_CLIENT ? wlb_walk_request(walk, &transit)
			: wlb_walk_event(walk, &transit);
	}
	if (r == WLB_FORWARD) {
		r = from == WLB_CLIENT ? forward_request(walk, &transit)
			: forward_event(walk, &transit);
	}
	close_fds(walk, &transit);
	return r < 0 ? r : 0;
}

int
wlb_walk_feed(struct wlb_walk *walk, enum wlb_side from, const void *bytes,
	size_t len, const int *take_fds, size_t fd_count)
{
	struct wlb_inbox *inbox = &walk->inboxes[from];
	int r = wlb_inbox_add(inbox, bytes, len, take_fds, fd_count);
	if (r < 0) {
		for (size_t i = 0; i < fd_count; i++) {
			walk->env->close_fd(take_fds[i]);
		}
		return r == -ENOMEM ? wlb_walk_fail_memory(walk)
			: wlb_walk_fail(walk, r, 1,
				WL_DISPLAY_ERROR_INVALID_METHOD,
				"too many descriptors without a message");
	}
	for (;;) {
		uint8_t *message;
		r = wlb_inbox_next(inbox, &message);
		if (r < 0) {
			return wlb_walk_fail(walk, r, 1,
				WL_DISPLAY_ERROR_INVALID_METHOD,
				"invalid message size");
		}
		if (r == 0) {
			return 0;
		}
		r = walk_message(walk, from, message, (size_t)r);
		if (r < 0) {
			return r;
		}
	}
}
