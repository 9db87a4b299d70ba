/* SPDX-License-Identifier: MIT */
/* The walker with a client and a server made of words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wayland-client-protocol.h>

#include "../lib/fake-walk.h"
#include "util/fd.h"
#include "wire.h"

/* The client's ids in every test that gets that far. */
enum {
	DISPLAY = 1,
	REGISTRY,
	COMPOSITOR,
	SHM,
	SURFACE,
	POOL,
	BUFFER,
	BUFFER_2,
	NEXT,
};

#define DISPLAY_GET_REGISTRY 1
#define EVENT_DELETE_ID 1
#define EVENT_ERROR 0
#define EVENT_RELEASE 0
#define WIDTH 40
#define HEIGHT 30
#define STRIDE (WIDTH * 4)
#define BUFFER_BYTES (STRIDE * HEIGHT)

static struct fake_walk fake;
static struct fake_message out;

static int
say_bytes(enum wlb_side from, uint32_t object, uint16_t opcode,
	const void *body, size_t len, const int *fds, size_t fd_count)
{
	uint8_t bytes[1024];
	uint32_t size = (uint32_t)(WLB_WIRE_HEADER + len);
	wlb_wire_put(bytes, object);
	wlb_wire_put(bytes + 4, size << 16 | opcode);
	if (len > 0) {
		memcpy(bytes + WLB_WIRE_HEADER, body, len);
	}
	return wlb_walk_feed(fake.walk, from, bytes, size, fds, fd_count);
}

#define say(from, object, opcode, ...) __extension__ ({			\
	const uint32_t words_[] = { __VA_ARGS__ };			\
	say_bytes(from, object, opcode, words_, sizeof(words_), NULL, 0); })

#define request(...) assert_int_equal(say(WLB_CLIENT, __VA_ARGS__), 0)
#define event(...) assert_int_equal(say(WLB_SERVER, __VA_ARGS__), 0)

/* A string argument of @text in @words; returns how many words it takes. */
static size_t
put_string(uint32_t *words, const char *text)
{
	words[0] = (uint32_t)strlen(text) + 1;
	memset(words + 1, 0, (words[0] + 3) & ~3u);
	memcpy(words + 1, text, words[0]);
	return 1 + (words[0] + 3) / 4;
}

static void
offer(uint32_t name, const char *interface, uint32_t version)
{
	uint32_t words[32] = { name };
	size_t count = 1 + put_string(words + 1, interface);
	words[count++] = version;
	assert_int_equal(say_bytes(WLB_SERVER, REGISTRY, 0, words, count * 4,
		NULL, 0), 0);
}

static int
bind_global(uint32_t name, const char *interface, uint32_t version, uint32_t id)
{
	uint32_t words[32] = { name };
	size_t count = 1 + put_string(words + 1, interface);
	words[count++] = version;
	words[count++] = id;
	return say_bytes(WLB_CLIENT, REGISTRY, WL_REGISTRY_BIND, words,
		count * 4, NULL, 0);
}

static void
drain(enum wlb_side to)
{
	while (fake_walk_next(&fake, to, &out)) {
	}
	while (fake_walk_next_fd(&fake, to) >= 0) {
	}
}

/* The next message for @to is @opcode of @object; its words are returned. */
static uint32_t
expect_word(enum wlb_side to, uint32_t object, uint16_t opcode, size_t word)
{
	assert_true(fake_walk_next(&fake, to, &out));
	assert_int_equal(out.object, object);
	assert_int_equal(out.opcode, opcode);
	size_t offset = WLB_WIRE_HEADER + word * 4;
	return offset < out.size ? wlb_wire_get(out.bytes + offset) : 0;
}

static void
expect_nothing(enum wlb_side to)
{
	assert_false(fake_walk_next(&fake, to, &out));
}

static int
setup_registry(void **state)
{
	(void)state;
	fake_walk_init(&fake);
	request(DISPLAY, DISPLAY_GET_REGISTRY, REGISTRY);
	drain(WLB_SERVER);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_walk_finish(&fake);
	return 0;
}

/* A client with a surface. */
static int
setup_surface(void **state)
{
	setup_registry(state);
	offer(10, "wl_compositor", 5);
	offer(11, "wl_shm", 1);
	drain(WLB_CLIENT);
	assert_int_equal(bind_global(10, "wl_compositor", 5, COMPOSITOR), 0);
	assert_int_equal(bind_global(11, "wl_shm", 1, SHM), 0);
	request(COMPOSITOR, WL_COMPOSITOR_CREATE_SURFACE, SURFACE);
	drain(WLB_SERVER);
	return 0;
}

static uint8_t *pixels;

static int
create_pool(int fd, uint32_t size)
{
	const uint32_t words[] = { POOL, size };
	return say_bytes(WLB_CLIENT, SHM, WL_SHM_CREATE_POOL, words,
		sizeof(words), &fd, 1);
}

static void
create_buffer(uint32_t id, uint32_t offset)
{
	request(POOL, WL_SHM_POOL_CREATE_BUFFER, id, offset, WIDTH, HEIGHT,
		STRIDE, WL_SHM_FORMAT_ARGB8888);
}

/* And with a pool of two buffers; @seals decide how it is read. */
static int
setup_buffers(void **state, unsigned seals)
{
	setup_surface(state);
	int fd = fd_memfd("pixels", 2 * BUFFER_BYTES, seals);
	pixels = mmap(NULL, 2 * BUFFER_BYTES, PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	assert_ptr_not_equal(pixels, MAP_FAILED);
	assert_int_equal(create_pool(fd, 2 * BUFFER_BYTES), 0);
	create_buffer(BUFFER, 0);
	create_buffer(BUFFER_2, BUFFER_BYTES);
	expect_nothing(WLB_SERVER);
	return 0;
}

static int
setup_sealed(void **state)
{
	return setup_buffers(state, F_SEAL_SHRINK);
}

static int
setup_unsealed(void **state)
{
	return setup_buffers(state, 0);
}

static int
teardown_buffers(void **state)
{
	munmap(pixels, 2 * BUFFER_BYTES);
	return teardown(state);
}

static void
show(uint32_t buffer, uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
	request(SURFACE, WL_SURFACE_ATTACH, buffer, 0, 0);
	request(SURFACE, WL_SURFACE_DAMAGE_BUFFER, x, y, width, height);
	request(SURFACE, WL_SURFACE_COMMIT);
}

static void
only_what_is_known_is_offered_and_no_newer_than_known(void **state)
{
	(void)state;
	offer(1, "wl_compositor", 1000);
	offer(2, "zwp_linux_dmabuf_v1", 4);
	offer(3, "nobody_knows_this", 1);
	offer(4, "wl_seat", 2);
	assert_int_equal(expect_word(WLB_CLIENT, REGISTRY, 0, 0), 1);
	assert_in_range(wlb_wire_get(out.bytes + out.size - 4), 4, 100);
	assert_int_equal(expect_word(WLB_CLIENT, REGISTRY, 0, 0), 4);
	assert_int_equal(wlb_wire_get(out.bytes + out.size - 4), 2);
	expect_nothing(WLB_CLIENT);

	/* What was not offered is not taken back either. */
	event(REGISTRY, 1, 3);
	expect_nothing(WLB_CLIENT);
	event(REGISTRY, 1, 4);
	assert_int_equal(expect_word(WLB_CLIENT, REGISTRY, 1, 0), 4);
}

static void
binding_what_was_not_offered_is_an_error(void **state)
{
	(void)state;
	offer(1, "wl_compositor", 4);
	drain(WLB_CLIENT);
	assert_int_equal(bind_global(1, "wl_compositor", 5, COMPOSITOR), -EPROTO);
	assert_int_equal(expect_word(WLB_CLIENT, DISPLAY, EVENT_ERROR, 0),
		REGISTRY);
	expect_nothing(WLB_SERVER);
}

static void
binding_under_another_interface_is_an_error(void **state)
{
	(void)state;
	offer(1, "wl_compositor", 4);
	assert_int_equal(bind_global(1, "wl_shm", 1, COMPOSITOR), -EPROTO);
}

static void
ids_come_back_when_the_server_deletes_them(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		request(DISPLAY, 0, 3);	/* wl_display.sync */
		uint32_t id = expect_word(WLB_SERVER, DISPLAY, 0, 0);
		event(id, 0, 7);	/* wl_callback.done */
		assert_int_equal(expect_word(WLB_CLIENT, 3, 0, 0), 7);
		event(DISPLAY, EVENT_DELETE_ID, id);
		assert_int_equal(expect_word(WLB_CLIENT, DISPLAY,
			EVENT_DELETE_ID, 0), 3);
		assert_int_equal(id, 3);
	}
}

static void
an_id_in_use_or_beyond_the_next_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(say(WLB_CLIENT, DISPLAY, 0, REGISTRY), -EPROTO);
	assert_int_equal(say(WLB_CLIENT, DISPLAY, 0, 40), -EPROTO);
	assert_int_equal(say(WLB_CLIENT, DISPLAY, 0, 0xff000000), -EPROTO);
	assert_int_equal(say(WLB_CLIENT, DISPLAY, 0, 0), -EPROTO);
}

static void
messages_may_be_cut_anywhere(void **state)
{
	(void)state;
	const uint8_t sync[] = { 1, 0, 0, 0, 0, 0, 12, 0, 3, 0, 0, 0 };
	for (size_t i = 0; i < sizeof(sync); i++) {
		expect_nothing(WLB_SERVER);
		assert_int_equal(wlb_walk_feed(fake.walk, WLB_CLIENT,
			&sync[i], 1, NULL, 0), 0);
	}
	assert_int_equal(expect_word(WLB_SERVER, DISPLAY, 0, 0), 3);
}

static void
an_unknown_opcode_is_an_error_that_names_the_object(void **state)
{
	(void)state;
	assert_int_equal(say(WLB_CLIENT, REGISTRY, 1, 0), -EPROTO);
	expect_word(WLB_CLIENT, DISPLAY, EVENT_ERROR, 0);
	assert_non_null(strstr((char *)out.bytes + 20, "wl_registry#2"));
}

static void
a_request_newer_than_the_bound_version_is_an_error(void **state)
{
	(void)state;
	offer(1, "wl_compositor", 3);
	assert_int_equal(bind_global(1, "wl_compositor", 3, COMPOSITOR), 0);
	request(COMPOSITOR, WL_COMPOSITOR_CREATE_SURFACE, 4);
	/* damage_buffer came with version 4. */
	assert_int_equal(say(WLB_CLIENT, 4, WL_SURFACE_DAMAGE_BUFFER,
		0, 0, 1, 1), -EPROTO);
}

static void
a_message_of_wrong_length_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(say(WLB_CLIENT, DISPLAY, 0, 3, 4), -EPROTO);
	assert_int_equal(say_bytes(WLB_CLIENT, DISPLAY, 0, NULL, 0, NULL, 0),
		-EPROTO);
}

static void
a_descriptor_that_never_came_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(say(WLB_CLIENT, SHM, WL_SHM_CREATE_POOL, POOL, 4096),
		-EPROTO);
}

static void
descriptors_nobody_asked_for_are_limited(void **state)
{
	(void)state;
	int r = 0, sent;
	for (sent = 0; r == 0 && sent < 1000; sent++) {
		int fd = dup(STDERR_FILENO);
		r = wlb_walk_feed(fake.walk, WLB_CLIENT, NULL, 0, &fd, 1);
	}
	assert_int_equal(r, -EPROTO);
	assert_in_range(sent, 100, 999);
}

static void
a_pool_lives_here_and_ends_here(void **state)
{
	(void)state;
	request(POOL, WL_SHM_POOL_DESTROY);
	expect_nothing(WLB_SERVER);
	assert_int_equal(expect_word(WLB_CLIENT, DISPLAY, EVENT_DELETE_ID, 0),
		POOL);
	/* Its buffers do not need it. */
	memset(pixels, 0x11, BUFFER_BYTES);
	show(BUFFER, 0, 0, WIDTH, HEIGHT);
	assert_memory_equal(fake.last.data, pixels, BUFFER_BYTES);
}

static void
the_server_gets_one_pool_for_the_piece_and_ids_without_gaps(void **state)
{
	(void)state;
	show(BUFFER, 0, 0, WIDTH, HEIGHT);
	/* registry 2, compositor 3, our own shm 4, the client's 5, surface 6 */
	assert_int_equal(expect_word(WLB_SERVER, 4, WL_SHM_CREATE_POOL, 0), 7);
	assert_int_equal(wlb_wire_get(out.bytes + 12), 1 << 30);
	assert_int_equal(fake_walk_next_fd(&fake, WLB_SERVER), fake.piece_fd);
	assert_int_equal(expect_word(WLB_SERVER, 7,
		WL_SHM_POOL_CREATE_BUFFER, 0), 8);
	assert_int_equal(expect_word(WLB_SERVER, 6, WL_SURFACE_ATTACH, 0), 8);
	drain(WLB_SERVER);

	show(BUFFER_2, 0, 0, WIDTH, HEIGHT);
	assert_int_equal(expect_word(WLB_SERVER, 7,
		WL_SHM_POOL_CREATE_BUFFER, 0), 9);
	assert_int_equal(wlb_wire_get(out.bytes + 12), 4096);
	assert_int_equal(fake_walk_next_fd(&fake, WLB_SERVER), -1);
}

static void
a_buffer_never_shown_never_reaches_the_server(void **state)
{
	(void)state;
	request(BUFFER, WL_BUFFER_DESTROY);
	expect_nothing(WLB_SERVER);
	assert_int_equal(expect_word(WLB_CLIENT, DISPLAY, EVENT_DELETE_ID, 0),
		BUFFER);
	assert_int_equal(fake.allocated, 0);
}

static void
a_buffer_destroyed_while_shown_ends_at_its_release(void **state)
{
	(void)state;
	show(BUFFER, 0, 0, WIDTH, HEIGHT);
	drain(WLB_SERVER);
	request(BUFFER, WL_BUFFER_DESTROY);
	assert_int_equal(expect_word(WLB_CLIENT, DISPLAY, EVENT_DELETE_ID, 0),
		BUFFER);
	expect_nothing(WLB_SERVER);
	assert_int_equal(fake.allocated, 1);

	event(8, EVENT_RELEASE);
	expect_nothing(WLB_CLIENT);
	expect_word(WLB_SERVER, 8, WL_BUFFER_DESTROY, 0);
	event(DISPLAY, EVENT_DELETE_ID, 8);
	expect_nothing(WLB_CLIENT);
	assert_int_equal(fake.allocated, 0);
}

static void
a_buffer_destroyed_after_its_release_ends_with_the_server(void **state)
{
	(void)state;
	show(BUFFER, 0, 0, WIDTH, HEIGHT);
	drain(WLB_SERVER);
	event(8, EVENT_RELEASE);
	expect_word(WLB_CLIENT, BUFFER, EVENT_RELEASE, 0);
	request(BUFFER, WL_BUFFER_DESTROY);
	expect_word(WLB_SERVER, 8, WL_BUFFER_DESTROY, 0);
	assert_int_equal(fake.allocated, 1);
	event(DISPLAY, EVENT_DELETE_ID, 8);
	assert_int_equal(expect_word(WLB_CLIENT, DISPLAY, EVENT_DELETE_ID, 0),
		BUFFER);
	assert_int_equal(fake.allocated, 0);
	/* The surface still remembers it; nothing may be copied. */
	request(SURFACE, WL_SURFACE_DAMAGE, 0, 0, 1, 1);
	request(SURFACE, WL_SURFACE_COMMIT);
}

static void
the_server_cannot_take_back_what_the_agent_holds(void **state)
{
	(void)state;
	show(BUFFER, 0, 0, WIDTH, HEIGHT);
	drain(WLB_SERVER);
	/* The agent's own wl_shm, and its pool. */
	assert_int_equal(say(WLB_SERVER, DISPLAY, EVENT_DELETE_ID, 4), -EPROTO);
	assert_int_equal(say(WLB_SERVER, DISPLAY, EVENT_DELETE_ID, 7), -EPROTO);
	show(BUFFER_2, 0, 0, WIDTH, HEIGHT);
}

static void
only_damage_is_copied_and_the_other_buffer_catches_up(void **state)
{
	(void)state;
	show(BUFFER, 0, 0, 1, 1);
	assert_int_equal(fake.stats.copied_bytes, BUFFER_BYTES);
	show(BUFFER_2, 0, 0, 1, 1);
	assert_int_equal(fake.stats.copied_bytes, 2 * BUFFER_BYTES);
	show(BUFFER, 4, 5, 6, 7);
	/* Its own damage, and the pixel of the one before it. */
	assert_int_equal(fake.stats.copied_bytes,
		2 * BUFFER_BYTES + 4 * (6 * 7 + 1));
	show(BUFFER, 4, 5, 6, 7);
	assert_int_equal(fake.stats.copied_bytes,
		2 * BUFFER_BYTES + 4 * (2 * 6 * 7 + 1));
}

static void
surface_damage_counts_in_scaled_pixels(void **state)
{
	(void)state;
	request(SURFACE, WL_SURFACE_SET_BUFFER_SCALE, 2);
	show(BUFFER, 0, 0, 0, 0);
	request(SURFACE, WL_SURFACE_ATTACH, BUFFER, 0, 0);
	request(SURFACE, WL_SURFACE_DAMAGE, 1, 1, 2, 3);
	request(SURFACE, WL_SURFACE_COMMIT);
	assert_int_equal(fake.stats.copied_bytes, BUFFER_BYTES + 4 * 4 * 6);
}

static void
a_transform_makes_surface_damage_mean_everything(void **state)
{
	(void)state;
	request(SURFACE, WL_SURFACE_SET_BUFFER_TRANSFORM, 1);
	show(BUFFER, 0, 0, 0, 0);
	request(SURFACE, WL_SURFACE_DAMAGE, 1, 1, 1, 1);
	request(SURFACE, WL_SURFACE_COMMIT);
	assert_int_equal(fake.stats.copied_bytes, 2 * BUFFER_BYTES);
}

static void
damage_outside_of_everything_is_harmless(void **state)
{
	(void)state;
	show(BUFFER, 0, 0, WIDTH, HEIGHT);
	uint64_t before = fake.stats.copied_bytes;
	show(BUFFER, 0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff);
	show(BUFFER, 0x80000000, 0x80000000, 0x80000000, 0x80000000);
	show(BUFFER, (uint32_t)-5, (uint32_t)-5, 5, 5);
	show(BUFFER, WIDTH, HEIGHT, 5, 5);
	assert_int_equal(fake.stats.copied_bytes, before);
	show(BUFFER, 0, 0, 0x7fffffff, 0x7fffffff);
	assert_int_equal(fake.stats.copied_bytes, before + BUFFER_BYTES);
}

/*
 * A client that draws as clients do: into the next buffer, all that changed
 * since that buffer was last drawn, telling only what is new on the surface.
 */
static void
draw_at_random_and_compare(void)
{
	static uint8_t want[BUFFER_BYTES];
	void *shadow[2] = { NULL, NULL };
	srand(1);
	for (int frame = 0; frame < 400; frame++) {
		int which = rand() % 2;
		for (int rects = rand() % 20; rects > 0; rects--) {
			int x = rand() % WIDTH, y = rand() % HEIGHT;
			int w = 1 + rand() % (WIDTH - x);
			int h = 1 + rand() % (HEIGHT - y);
			for (int row = y; row < y + h; row++) {
				memset(want + row * STRIDE + x * 4, rand(),
					(size_t)w * 4);
			}
			request(SURFACE, WL_SURFACE_DAMAGE_BUFFER,
				(uint32_t)x, (uint32_t)y, (uint32_t)w,
				(uint32_t)h);
		}
		memcpy(pixels + which * BUFFER_BYTES, want, BUFFER_BYTES);
		request(SURFACE, WL_SURFACE_ATTACH,
			which == 0 ? BUFFER : BUFFER_2, 0, 0);
		request(SURFACE, WL_SURFACE_COMMIT);
		if (shadow[which] == NULL) {
			shadow[which] = fake.last.data;
		}
		assert_memory_equal(shadow[which], want, BUFFER_BYTES);
		drain(WLB_SERVER);
	}
}

static void
shadows_follow_a_mapped_pool(void **state)
{
	(void)state;
	draw_at_random_and_compare();
}

static void
shadows_follow_a_pool_that_is_read(void **state)
{
	(void)state;
	draw_at_random_and_compare();
}

static void
a_pool_that_shrank_is_an_error_and_no_signal(void **state)
{
	(void)state;
	/* The walker owns the descriptor; the inode is the same. */
	show(BUFFER_2, 0, 0, WIDTH, HEIGHT);
	char path[64];
	for (int fd = 3; fd < 64; fd++) {
		char target[64] = "";
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (readlink(path, target, sizeof(target) - 1) > 0
				&& strstr(target, "memfd:pixels") != NULL) {
			assert_int_equal(ftruncate(fd, BUFFER_BYTES), 0);
		}
	}
	drain(WLB_CLIENT);
	request(SURFACE, WL_SURFACE_ATTACH, BUFFER_2, 0, 0);
	request(SURFACE, WL_SURFACE_DAMAGE, 0, 0, WIDTH, HEIGHT);
	assert_int_equal(say(WLB_CLIENT, SURFACE, WL_SURFACE_COMMIT), -EPROTO);
	assert_int_equal(expect_word(WLB_CLIENT, DISPLAY, EVENT_ERROR, 0),
		BUFFER_2);
}

static void
a_pool_must_be_a_file(void **state)
{
	(void)state;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	close(fds[1]);
	assert_int_equal(create_pool(fds[0], 4096), -EPROTO);
	assert_int_equal(expect_word(WLB_CLIENT, DISPLAY, EVENT_ERROR, 0),
		SHM);
}

static void
a_pool_must_not_make_its_reader_wait(void **state)
{
	(void)state;
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(create_pool(fd, 4096), -EPROTO);
}

static void
refused_buffer(uint32_t offset, uint32_t width, uint32_t height,
	uint32_t stride, uint32_t format)
{
	assert_int_equal(say(WLB_CLIENT, POOL, WL_SHM_POOL_CREATE_BUFFER, NEXT,
		offset, width, height, stride, format), -EPROTO);
}

static void
a_buffer_must_lie_in_its_pool(void **state)
{
	(void)state;
	refused_buffer(0, WIDTH, HEIGHT, STRIDE, 0x12345678);
	refused_buffer(0, WIDTH + 1, HEIGHT, STRIDE, 0);
	refused_buffer(0, 0, HEIGHT, STRIDE, 0);
	refused_buffer(0, WIDTH, 0, STRIDE, 0);
	refused_buffer(0xffffffff, WIDTH, HEIGHT, STRIDE, 0);
	refused_buffer(BUFFER_BYTES + 1, WIDTH, HEIGHT, STRIDE, 0);
	refused_buffer(0, WIDTH, 2 * HEIGHT + 1, STRIDE, 0);
	refused_buffer(0, 0x7fffffff, HEIGHT, 0x7fffffff, 0);
	refused_buffer(0, 1, 0x7fffffff, 0x7fffffff, 0);
}

static void
a_pool_grows_and_never_shrinks(void **state)
{
	(void)state;
	request(POOL, WL_SHM_POOL_RESIZE, 4 * BUFFER_BYTES);
	create_buffer(NEXT, 3 * BUFFER_BYTES);
	/* Said to be longer than its file: it is read, not mapped. */
	show(BUFFER, 0, 0, WIDTH, HEIGHT);
	assert_int_equal(say(WLB_CLIENT, POOL, WL_SHM_POOL_RESIZE,
		BUFFER_BYTES), -EPROTO);
}

static void
memory_spent_ends_the_client_alone(void **state)
{
	(void)state;
	fake.limit_bytes = BUFFER_BYTES;
	show(BUFFER, 0, 0, WIDTH, HEIGHT);
	assert_int_equal(say(WLB_CLIENT, SURFACE, WL_SURFACE_ATTACH, BUFFER_2,
		0, 0), -ENOMEM);
}

static void
a_surface_forgets_its_buffers(void **state)
{
	(void)state;
	show(BUFFER, 0, 0, WIDTH, HEIGHT);
	drain(WLB_SERVER);
	request(SURFACE, WL_SURFACE_DESTROY);
	event(DISPLAY, EVENT_DELETE_ID, 6);
	assert_int_equal(expect_word(WLB_CLIENT, DISPLAY, EVENT_DELETE_ID, 0),
		SURFACE);
	request(COMPOSITOR, WL_COMPOSITOR_CREATE_SURFACE, SURFACE);
	show(BUFFER, 0, 0, 1, 1);
	/* Another surface: damage of the old one says nothing. */
	assert_int_equal(fake.stats.copied_bytes, 2 * BUFFER_BYTES);
}

static void
presentation_times_are_told_by_the_clients_clock(void **state)
{
	(void)state;
	offer(12, "wp_presentation", 1);
	drain(WLB_CLIENT);
	assert_int_equal(bind_global(12, "wp_presentation", 1, NEXT - 3), 0);
	uint32_t id = wlb_wire_get(fake.queues[WLB_SERVER].bytes
		+ fake.queues[WLB_SERVER].head
		+ fake.queues[WLB_SERVER].len - 4);
	event(id, 0, 7);	/* clock_id: some clock of theirs */
	assert_int_equal(expect_word(WLB_CLIENT, NEXT - 3, 0, 0), 1);

	/* They count from 5000 s earlier; 2 ms and 1 ms on the way. */
	static const int64_t now_ns[] = { 100002000000, 101001000000 };
	for (uint32_t i = 0; i < 2; i++) {
		drain(WLB_SERVER);
		request(NEXT - 3, 1, SURFACE, NEXT - 2);	/* feedback */
		expect_word(WLB_SERVER, id, 1, 0);
		uint32_t feedback = wlb_wire_get(out.bytes + 12);
		fake.now_ns = now_ns[i];
		event(feedback, 1, 0, 5100 + i, 0, 16666666, 0, 0, 0);
		expect_word(WLB_CLIENT, NEXT - 2, 1, 0);
		assert_int_equal(wlb_wire_get(out.bytes + 12), 100 + i);
		assert_int_equal(wlb_wire_get(out.bytes + 16),
			i == 0 ? 2000000 : 1000000);
		event(DISPLAY, EVENT_DELETE_ID, feedback);
		drain(WLB_CLIENT);
	}
}

#define T(name, setup, teardown) \
	cmocka_unit_test_setup_teardown(name, setup, teardown)
#define REGISTRY_TEST(name) T(name, setup_registry, teardown)
#define SEALED_TEST(name) T(name, setup_sealed, teardown_buffers)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		REGISTRY_TEST(
			only_what_is_known_is_offered_and_no_newer_than_known),
		REGISTRY_TEST(binding_what_was_not_offered_is_an_error),
		REGISTRY_TEST(binding_under_another_interface_is_an_error),
		REGISTRY_TEST(ids_come_back_when_the_server_deletes_them),
		REGISTRY_TEST(an_id_in_use_or_beyond_the_next_is_an_error),
		REGISTRY_TEST(messages_may_be_cut_anywhere),
		REGISTRY_TEST(
			an_unknown_opcode_is_an_error_that_names_the_object),
		REGISTRY_TEST(
			a_request_newer_than_the_bound_version_is_an_error),
		REGISTRY_TEST(a_message_of_wrong_length_is_an_error),
		T(a_descriptor_that_never_came_is_an_error, setup_surface,
			teardown),
		REGISTRY_TEST(descriptors_nobody_asked_for_are_limited),
		T(a_pool_must_be_a_file, setup_surface, teardown),
		T(a_pool_must_not_make_its_reader_wait, setup_surface,
			teardown),
		SEALED_TEST(a_pool_lives_here_and_ends_here),
		SEALED_TEST(
		the_server_gets_one_pool_for_the_piece_and_ids_without_gaps),
		SEALED_TEST(a_buffer_never_shown_never_reaches_the_server),
		SEALED_TEST(a_buffer_destroyed_while_shown_ends_at_its_release),
		SEALED_TEST(
		a_buffer_destroyed_after_its_release_ends_with_the_server),
		SEALED_TEST(the_server_cannot_take_back_what_the_agent_holds),
		SEALED_TEST(
			only_damage_is_copied_and_the_other_buffer_catches_up),
		SEALED_TEST(surface_damage_counts_in_scaled_pixels),
		SEALED_TEST(a_transform_makes_surface_damage_mean_everything),
		SEALED_TEST(damage_outside_of_everything_is_harmless),
		SEALED_TEST(shadows_follow_a_mapped_pool),
		T(shadows_follow_a_pool_that_is_read, setup_unsealed,
			teardown_buffers),
		T(a_pool_that_shrank_is_an_error_and_no_signal, setup_unsealed,
			teardown_buffers),
		SEALED_TEST(a_buffer_must_lie_in_its_pool),
		SEALED_TEST(a_pool_grows_and_never_shrinks),
		SEALED_TEST(memory_spent_ends_the_client_alone),
		SEALED_TEST(a_surface_forgets_its_buffers),
		T(presentation_times_are_told_by_the_clients_clock,
			setup_surface, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
