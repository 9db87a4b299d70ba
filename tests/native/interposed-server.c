/* SPDX-License-Identifier: MIT */
/*
 * interposed-server DEVICE: a Wayland server as anybody would write one
 *
 * It asks libvirtio_wl for a listening descriptor and gives it to libwayland,
 * which is the only one to touch it, or what it accepts, from then on. To be
 * run with the interposer in LD_PRELOAD.
 *
 * What the server sees of its clients it tells them, in names of its seat, so
 * that one program can judge it from whichever side of a VM:
 *
 *   client PID UID GID VM		once the seat is bound
 *   pixels FIRST LAST			of what was committed
 *   gone COUNT				clients, until now; to those that stay
 *
 * Its keyboards have a keymap that is none. Its clipboard gives each selection
 * back to the client that made it, or, of TYPE_BY_SERVER, what it read of it. A newline on descriptor 3 says it listens.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <virtio_wl.h>
#include <wayland-server.h>

#include "../lib/must.h"
#include "interposed.h"

struct server {
	struct wl_display *display;
	struct wl_list seats;		/* wl_resource_get_link() */
	struct wl_listener created;	/* of clients */
	unsigned gone;
};

struct client {
	struct server *server;
	struct wl_listener destroyed;
};

struct surface {
	struct server *server;
	struct wl_resource *buffer;
};

static void
handle_destroy(struct wl_client *client, struct wl_resource *resource)
{
	(void)client;
	wl_resource_destroy(resource);
}

static struct wl_resource *
make(struct wl_client *client, const struct wl_interface *interface,
	uint32_t version, uint32_t id, const void *requests, void *data)
{
	struct wl_resource *resource = wl_resource_create(client, interface,
		(int)version, id);
	must(resource != NULL);
	wl_resource_set_implementation(resource, requests, data, NULL);
	return resource;
}

/*
 * Surfaces
 */

static void
tell_all(struct server *server, const char *what)
{
	struct wl_resource *seat;
	wl_resource_for_each(seat, &server->seats) {
		wl_seat_send_name(seat, what);
	}
}

static void
handle_attach(struct wl_client *client, struct wl_resource *resource,
	struct wl_resource *buffer, int32_t x, int32_t y)
{
	(void)client;
	(void)x;
	(void)y;
	struct surface *surface = wl_resource_get_user_data(resource);
	surface->buffer = buffer;
}

static void
handle_damage(struct wl_client *client, struct wl_resource *resource,
	int32_t x, int32_t y, int32_t width, int32_t height)
{
	(void)client;
	(void)resource;
	(void)x;
	(void)y;
	(void)width;
	(void)height;
}

static void
handle_commit(struct wl_client *client, struct wl_resource *resource)
{
	(void)client;
	struct surface *surface = wl_resource_get_user_data(resource);
	if (surface->buffer == NULL) {
		return;
	}
	struct wl_shm_buffer *buffer = wl_shm_buffer_get(surface->buffer);
	must(buffer != NULL);
	int32_t height = wl_shm_buffer_get_height(buffer);
	int32_t stride = wl_shm_buffer_get_stride(buffer);
	wl_shm_buffer_begin_access(buffer);
	const char *data = wl_shm_buffer_get_data(buffer);
	uint32_t first;
	uint32_t last;
	memcpy(&first, data, sizeof(first));
	memcpy(&last, data + height * stride - (int32_t)sizeof(last),
		sizeof(last));
	wl_shm_buffer_end_access(buffer);
	wl_buffer_send_release(surface->buffer);
	surface->buffer = NULL;

	char what[64];
	snprintf(what, sizeof(what), "pixels %08" PRIx32 " %08" PRIx32, first,
		last);
	tell_all(surface->server, what);
}

static const struct wl_surface_interface surface_requests = {
	.destroy = handle_destroy,
	.attach = handle_attach,
	.damage = handle_damage,
	.commit = handle_commit,
	.damage_buffer = handle_damage,
};

static void
handle_surface_gone(struct wl_resource *resource)
{
	free(wl_resource_get_user_data(resource));
}

static void
handle_create_surface(struct wl_client *client, struct wl_resource *resource,
	uint32_t id)
{
	struct surface *surface = calloc(1, sizeof(*surface));
	must(surface != NULL);
	surface->server = wl_resource_get_user_data(resource);
	struct wl_resource *made = make(client, &wl_surface_interface,
		(uint32_t)wl_resource_get_version(resource), id,
		&surface_requests, surface);
	wl_resource_set_destructor(made, handle_surface_gone);
}

static const struct wl_compositor_interface compositor_requests = {
	.create_surface = handle_create_surface,
};

static void
bind_compositor(struct wl_client *client, void *data, uint32_t version,
	uint32_t id)
{
	make(client, &wl_compositor_interface, version, id,
		&compositor_requests, data);
}

/*
 * Seats and keyboards: what the server sends a file with
 */

static const struct wl_keyboard_interface keyboard_requests = {
	.release = handle_destroy,
};

static void
handle_get_keyboard(struct wl_client *client, struct wl_resource *resource,
	uint32_t id)
{
	struct wl_resource *keyboard = make(client, &wl_keyboard_interface,
		(uint32_t)wl_resource_get_version(resource), id,
		&keyboard_requests, NULL);
	int fd = memfd_create("keymap", MFD_CLOEXEC);
	must(fd >= 0);
	must(write(fd, KEYMAP, sizeof(KEYMAP)) == sizeof(KEYMAP));
	wl_keyboard_send_keymap(keyboard, WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1, fd,
		sizeof(KEYMAP));
	close(fd);
}

static const struct wl_seat_interface seat_requests = {
	.get_keyboard = handle_get_keyboard,
	.release = handle_destroy,
};

static void
handle_seat_gone(struct wl_resource *resource)
{
	wl_list_remove(wl_resource_get_link(resource));
}

static void
bind_seat(struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
	struct server *server = data;
	struct wl_resource *seat = make(client, &wl_seat_interface, version,
		id, &seat_requests, server);
	wl_list_insert(&server->seats, wl_resource_get_link(seat));
	wl_resource_set_destructor(seat, handle_seat_gone);
	wl_seat_send_capabilities(seat, WL_SEAT_CAPABILITY_KEYBOARD);

	pid_t pid;
	uid_t uid;
	gid_t gid;
	wl_client_get_credentials(client, &pid, &uid, &gid);
	struct vwl_peer peer;
	must(vwl_getpeer(wl_client_get_fd(client), &peer) == 0);
	char who[128];
	snprintf(who, sizeof(who), "client %d %u %u %s", (int)pid, uid, gid,
		peer.name);
	wl_seat_send_name(seat, who);
}

/*
 * Clipboards: what the server passes a pipe on with
 */

/* On its way from one pipe to another. */
struct paste {
	int from;
	int to;
	struct wl_event_source *source;
};

static int
handle_paste(int fd, uint32_t mask, void *data)
{
	struct paste *paste = data;
	char text[64];
	(void)mask;
	ssize_t n = read(fd, text, sizeof(text));
	must(n >= 0);
	if (n > 0) {
		must(write(paste->to, text, (size_t)n) == n);
		return 0;
	}
	wl_event_source_remove(paste->source);
	close(paste->from);
	close(paste->to);
	free(paste);
	return 0;
}

/* The server reads the selection itself, by a pipe of its own. */
static void
paste_start(struct wl_client *client, struct wl_resource *source,
	const char *type, int take_fd)
{
	struct paste *paste = calloc(1, sizeof(*paste));
	int ends[2];
	must(paste != NULL && pipe2(ends, O_CLOEXEC) == 0);
	paste->from = ends[0];
	paste->to = take_fd;
	paste->source = wl_event_loop_add_fd(wl_display_get_event_loop(
		wl_client_get_display(client)), paste->from, WL_EVENT_READABLE,
		handle_paste, paste);
	must(paste->source != NULL);
	wl_data_source_send_send(source, type, ends[1]);
	close(ends[1]);
}

static void
handle_receive(struct wl_client *client, struct wl_resource *resource,
	const char *type, int32_t fd)
{
	struct wl_resource *source = wl_resource_get_user_data(resource);
	if (strcmp(type, TYPE_BY_SERVER) == 0) {
		paste_start(client, source, type, fd);
		return;
	}
	wl_data_source_send_send(source, type, fd);
	close(fd);
}

static const struct wl_data_offer_interface offer_requests = {
	.receive = handle_receive,
	.destroy = handle_destroy,
};

static void
handle_set_selection(struct wl_client *client, struct wl_resource *resource,
	struct wl_resource *source, uint32_t serial)
{
	(void)serial;
	struct wl_resource *offer = make(client, &wl_data_offer_interface,
		(uint32_t)wl_resource_get_version(resource), 0,
		&offer_requests, source);
	wl_data_device_send_data_offer(resource, offer);
	wl_data_device_send_selection(resource, offer);
}

static const struct wl_data_device_interface data_device_requests = {
	.set_selection = handle_set_selection,
	.release = handle_destroy,
};

static void
handle_source_offer(struct wl_client *client, struct wl_resource *resource,
	const char *type)
{
	(void)client;
	(void)resource;
	(void)type;
}

static const struct wl_data_source_interface source_requests = {
	.offer = handle_source_offer,
	.destroy = handle_destroy,
};

static void
handle_create_source(struct wl_client *client, struct wl_resource *resource,
	uint32_t id)
{
	make(client, &wl_data_source_interface,
		(uint32_t)wl_resource_get_version(resource), id,
		&source_requests, NULL);
}

static void
handle_get_data_device(struct wl_client *client, struct wl_resource *resource,
	uint32_t id, struct wl_resource *seat)
{
	(void)seat;
	make(client, &wl_data_device_interface,
		(uint32_t)wl_resource_get_version(resource), id,
		&data_device_requests, NULL);
}

static const struct wl_data_device_manager_interface manager_requests = {
	.create_data_source = handle_create_source,
	.get_data_device = handle_get_data_device,
};

static void
bind_manager(struct wl_client *client, void *data, uint32_t version,
	uint32_t id)
{
	make(client, &wl_data_device_manager_interface, version, id,
		&manager_requests, data);
}

/*
 * Clients that come and go
 */

static void
handle_client_gone(struct wl_listener *listener, void *data)
{
	(void)data;
	struct client *client = wl_container_of(listener, client, destroyed);
	char what[64];
	snprintf(what, sizeof(what), "gone %u", ++client->server->gone);
	tell_all(client->server, what);
	free(client);
}

static void
handle_client_created(struct wl_listener *listener, void *data)
{
	struct server *server = wl_container_of(listener, server, created);
	struct client *client = calloc(1, sizeof(*client));
	must(client != NULL);
	client->server = server;
	client->destroyed.notify = handle_client_gone;
	wl_client_add_destroy_listener(data, &client->destroyed);
}

static int
handle_signal(int number, void *data)
{
	(void)number;
	wl_display_terminate(data);
	return 0;
}

static void
make_globals(struct server *server)
{
	struct wl_display *display = server->display;
	must(wl_display_init_shm(display) == 0);
	must(wl_global_create(display, &wl_compositor_interface, 4, server,
		bind_compositor) != NULL);
	must(wl_global_create(display, &wl_seat_interface, 5, server,
		bind_seat) != NULL);
	must(wl_global_create(display, &wl_data_device_manager_interface, 2,
		server, bind_manager) != NULL);
}

int
main(int argc, char *argv[])
{
	must(argc == 2);
	struct vwl_device *device = vwl_device_open(argv[1]);
	must(device != NULL);
	int listener = vwl_listen(device, NULL, 0);
	must(listener >= 0);

	struct server server = { .display = wl_display_create() };
	must(server.display != NULL);
	wl_list_init(&server.seats);
	server.created.notify = handle_client_created;
	wl_display_add_client_created_listener(server.display,
		&server.created);
	make_globals(&server);
	struct wl_event_source *signals = wl_event_loop_add_signal(
		wl_display_get_event_loop(server.display), SIGTERM,
		handle_signal, server.display);
	must(signals != NULL);
	must(wl_display_add_socket_fd(server.display, listener) == 0);
	must(write(3, "\n", 1) == 1);
	wl_display_run(server.display);
	wl_display_destroy_clients(server.display);
	wl_event_source_remove(signals);
	wl_display_destroy(server.display);
	vwl_device_close(device);
	return EXIT_SUCCESS;
}
