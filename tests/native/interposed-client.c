/* SPDX-License-Identifier: MIT */
/* interposed-client SOCKET VM: what an ordinary client finds at the server of
 * interposed-server.c, behind SOCKET, where it is taken for VM. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <wayland-client.h>

#include "../lib/wl-ignore.h"
#include "interposed.h"

#define SIDE 64				/* of buffers, in pixels */
#define STRIDE (SIDE * 4)
#define POOL_BYTES (4 * SIDE * STRIDE)
#define BUFFER_OFFSET (SIDE * STRIDE)

static const char *server_path;
static const char *own_name;

struct view {
	struct wl_display *display;
	struct wl_registry *registry;
	struct wl_compositor *compositor;
	struct wl_shm *shm;
	struct wl_seat *seat;
	struct wl_data_device_manager *manager;
	char said[128];			/* the server's last words */
	int keymap_fd;
	uint32_t keymap_size;
	struct wl_data_offer *offer;
	int asked_fd;			/* where a selection is wanted */
	const char *type;		/* of the one that is offered */
};

/* Wait until @condition holds; the server has to send something for it. */
#define AWAIT(view, condition)						\
	while (!(condition)) {						\
		assert_true(wl_display_dispatch((view)->display) >= 0);	\
	}

static void
handle_capabilities(void *data, struct wl_seat *seat, uint32_t capabilities)
{
	(void)data;
	(void)seat;
	(void)capabilities;
}

static void
handle_name(void *data, struct wl_seat *seat, const char *name)
{
	(void)seat;
	struct view *view = data;
	snprintf(view->said, sizeof(view->said), "%s", name);
}

static const struct wl_seat_listener seat_events = {
	.capabilities = handle_capabilities,
	.name = handle_name,
};

static void
handle_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	(void)version;
	struct view *view = data;
	if (strcmp(interface, wl_compositor_interface.name) == 0) {
		view->compositor = wl_registry_bind(registry, name,
			&wl_compositor_interface, 4);
	} else if (strcmp(interface, wl_shm_interface.name) == 0) {
		view->shm = wl_registry_bind(registry, name,
			&wl_shm_interface, 1);
	} else if (strcmp(interface, wl_seat_interface.name) == 0) {
		view->seat = wl_registry_bind(registry, name,
			&wl_seat_interface, 5);
		wl_seat_add_listener(view->seat, &seat_events, view);
	} else if (strcmp(interface,
			wl_data_device_manager_interface.name) == 0) {
		view->manager = wl_registry_bind(registry, name,
			&wl_data_device_manager_interface, 2);
	}
}

static const struct wl_registry_listener registry_events = {
	.global = handle_global,
	.global_remove = ignore_global_remove,
};

static void
come(struct view *view)
{
	*view = (struct view){ .keymap_fd = -1, .asked_fd = -1 };
	view->display = wl_display_connect(server_path);
	assert_non_null(view->display);
	view->registry = wl_display_get_registry(view->display);
	wl_registry_add_listener(view->registry, &registry_events, view);
	assert_true(wl_display_roundtrip(view->display) >= 0);
	assert_non_null(view->compositor);
	assert_non_null(view->shm);
	assert_non_null(view->seat);
	assert_non_null(view->manager);
	AWAIT(view, view->said[0] != '\0');
}

static void
go(struct view *view)
{
	wl_data_device_manager_destroy(view->manager);
	wl_seat_release(view->seat);
	wl_shm_destroy(view->shm);
	wl_compositor_destroy(view->compositor);
	wl_registry_destroy(view->registry);
	wl_display_disconnect(view->display);
}

static void
a_client_is_somebody_of_a_vm_and_no_process(void **state)
{
	(void)state;
	struct view view;
	char expected[128];
	come(&view);
	snprintf(expected, sizeof(expected), "client 0 65534 65534 %s",
		own_name);
	assert_string_equal(view.said, expected);
	go(&view);
}

/* A frame whose first and last pixel are @first and @last. */
static void
show(struct view *view, struct wl_surface *surface, struct wl_buffer *buffer,
	uint32_t *pixels, uint32_t first, uint32_t last)
{
	char expected[64];
	pixels[0] = first;
	pixels[SIDE * SIDE - 1] = last;
	snprintf(expected, sizeof(expected), "pixels %08x %08x", first, last);
	wl_surface_attach(surface, buffer, 0, 0);
	wl_surface_damage_buffer(surface, 0, 0, SIDE, SIDE);
	wl_surface_commit(surface);
	AWAIT(view, strncmp(view->said, "pixels", 6) == 0);
	assert_string_equal(view->said, expected);
	view->said[0] = '\0';
}

static void
pixels_are_seen_and_so_are_later_ones(void **state)
{
	(void)state;
	struct view view;
	come(&view);
	int fd = memfd_create("pool", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, POOL_BYTES), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW),
		0);
	char *bytes = mmap(NULL, POOL_BYTES, PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	assert_true(bytes != MAP_FAILED);
	struct wl_shm_pool *pool = wl_shm_create_pool(view.shm, fd,
		POOL_BYTES);
	close(fd);
	struct wl_buffer *buffer = wl_shm_pool_create_buffer(pool,
		BUFFER_OFFSET, SIDE, SIDE, STRIDE, WL_SHM_FORMAT_XRGB8888);
	struct wl_surface *surface =
		wl_compositor_create_surface(view.compositor);
	uint32_t *pixels = (uint32_t *)(void *)(bytes + BUFFER_OFFSET);
	show(&view, surface, buffer, pixels, 0x00ff8000, 0x00123456);
	show(&view, surface, buffer, pixels, 0x00c0ffee, 0x00654321);
	wl_surface_destroy(surface);
	wl_buffer_destroy(buffer);
	wl_shm_pool_destroy(pool);
	munmap(bytes, POOL_BYTES);
	go(&view);
}

static void
handle_keymap(void *data, struct wl_keyboard *keyboard, uint32_t format,
	int32_t fd, uint32_t size)
{
	(void)keyboard;
	(void)format;
	struct view *view = data;
	view->keymap_fd = fd;
	view->keymap_size = size;
}

static const struct wl_keyboard_listener keyboard_events = {
	.keymap = handle_keymap,
	.repeat_info = ignore_repeat_info,
};

static void
a_file_of_the_servers_can_be_mapped(void **state)
{
	(void)state;
	struct view view;
	come(&view);
	struct wl_keyboard *keyboard = wl_seat_get_keyboard(view.seat);
	wl_keyboard_add_listener(keyboard, &keyboard_events, &view);
	AWAIT(&view, view.keymap_fd >= 0);
	assert_int_equal(view.keymap_size, sizeof(KEYMAP));
	void *map = mmap(NULL, view.keymap_size, PROT_READ, MAP_PRIVATE,
		view.keymap_fd, 0);
	assert_true(map != MAP_FAILED);
	assert_memory_equal(map, KEYMAP, sizeof(KEYMAP));
	munmap(map, view.keymap_size);
	close(view.keymap_fd);
	wl_keyboard_release(keyboard);
	go(&view);
}

static void
handle_offer(void *data, struct wl_data_device *device,
	struct wl_data_offer *offer)
{
	(void)device;
	struct view *view = data;
	view->offer = offer;
}

static void
handle_selection(void *data, struct wl_data_device *device,
	struct wl_data_offer *offer)
{
	(void)data;
	(void)device;
	(void)offer;
}

static const struct wl_data_device_listener device_events = {
	.data_offer = handle_offer,
	.selection = handle_selection,
};

static void
handle_send(void *data, struct wl_data_source *source, const char *type,
	int32_t fd)
{
	(void)source;
	struct view *view = data;
	assert_string_equal(type, view->type);
	view->asked_fd = fd;
}

static const struct wl_data_source_listener source_events = {
	.send = handle_send,
};

/* From one end of a pipe to the other, by way of the server. */
static void
copy_and_paste(const char *type)
{
	struct view view;
	int ends[2];
	char text[16] = "";
	come(&view);
	view.type = type;
	struct wl_data_device *device =
		wl_data_device_manager_get_data_device(view.manager,
			view.seat);
	wl_data_device_add_listener(device, &device_events, &view);
	struct wl_data_source *source =
		wl_data_device_manager_create_data_source(view.manager);
	wl_data_source_add_listener(source, &source_events, &view);
	wl_data_source_offer(source, type);
	wl_data_device_set_selection(device, source, 0);
	AWAIT(&view, view.offer != NULL);

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	wl_data_offer_receive(view.offer, type, ends[1]);
	AWAIT(&view, view.asked_fd >= 0);
	close(ends[1]);
	assert_int_equal(write(view.asked_fd, "selected", 8), 8);
	close(view.asked_fd);
	assert_int_equal(read(ends[0], text, sizeof(text)), 8);
	assert_string_equal(text, "selected");
	assert_int_equal(read(ends[0], text, sizeof(text)), 0);
	close(ends[0]);

	wl_data_offer_destroy(view.offer);
	wl_data_source_destroy(source);
	wl_data_device_release(device);
	go(&view);
}

static void
a_pipe_is_passed_on(void **state)
{
	(void)state;
	copy_and_paste("text/plain");
}

/* It is of the server's machine; the client is not. */
static void
a_pipe_of_the_servers_carries_bytes(void **state)
{
	(void)state;
	copy_and_paste(TYPE_BY_SERVER);
}

static void
who_goes_is_missed(void **state)
{
	(void)state;
	struct view stays;
	struct view goes;
	unsigned before = 0;
	unsigned after = 0;
	come(&stays);
	come(&goes);
	go(&goes);
	/* Clients of other cases may be missed late. */
	AWAIT(&stays, sscanf(stays.said, "gone %u", &before) == 1);
	come(&goes);
	go(&goes);
	AWAIT(&stays, sscanf(stays.said, "gone %u", &after) == 1
		&& after > before);
	go(&stays);
}

static void
who_errs_is_told_so_and_left(void **state)
{
	(void)state;
	struct view view;
	come(&view);
	int fd = memfd_create("pool", MFD_CLOEXEC);
	struct wl_shm_pool *pool = wl_shm_create_pool(view.shm, fd, -1);
	close(fd);
	while (wl_display_dispatch(view.display) >= 0) {
	}
	const struct wl_interface *interface = NULL;
	uint32_t id;
	wl_display_get_protocol_error(view.display, &interface, &id);
	assert_ptr_equal(interface, &wl_shm_interface);
	wl_shm_pool_destroy(pool);
	go(&view);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_is_somebody_of_a_vm_and_no_process),
		cmocka_unit_test(pixels_are_seen_and_so_are_later_ones),
		cmocka_unit_test(a_file_of_the_servers_can_be_mapped),
		cmocka_unit_test(a_pipe_is_passed_on),
		cmocka_unit_test(a_pipe_of_the_servers_carries_bytes),
		cmocka_unit_test(who_goes_is_missed),
		cmocka_unit_test(who_errs_is_told_so_and_left),
	};
	if (argc != 3) {
		fputs("usage: interposed-client SOCKET VM\n", stderr);
		return 2;
	}
	server_path = argv[1];
	own_name = argv[2];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
