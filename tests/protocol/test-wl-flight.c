/* SPDX-License-Identifier: MIT */
/*
 * What a guest sends and closes while its peer does not read lies in the peer's
 * socket, where nobody holds it but the kernel. The guest goes on paying, for
 * the memory and for each descriptor, also after a reset.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/fd-count.h"
#include "../lib/must.h"
#include "util/fd.h"
#include "wl-fixture.h"

#define PIECE	(16u << 20)
#define PIECES	4		/* that fit into the budget */
#define FLIGHTS	8		/* descriptors that may be under way */
#define OK	VIRTIO_WL_RESP_OK
#define NEW_OK	VIRTIO_WL_RESP_VFD_NEW
#define BUDGET	VIRTIO_WL_RESP_BUDGET

#define CONNECTION	1
#define PASSED		2
#define ANOTHER		3

static int
start(void **state)
{
	(void)state;
	static const char *const limits[] = {
		"memory=67108864", "in-flight=8", NULL,
	};
	wl_process_start(&process, limits);
	return 0;
}

static uint32_t
make(uint32_t type, uint32_t id, uint32_t flags)
{
	return wl_guest_new(&guest, type, id, flags, PIECE, NULL, NULL);
}

/* A connection of the guest's. Return: its other end, which nobody reads. */
static int
begin(void)
{
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	must(make(VIRTIO_WL_CMD_VFD_NEW_CTX, CONNECTION, 0) == NEW_OK);
	return wl_process_accept(&process);
}

static uint32_t
send_one(uint32_t id)
{
	return wl_guest_send(&guest, CONNECTION, &id, 1, "x", 1);
}

/* Make memory, send it and close it. Return: what came of making it. */
static uint32_t
send_memory(void)
{
	uint32_t answer = make(VIRTIO_WL_CMD_VFD_NEW, PASSED, 0);
	if (answer == NEW_OK) {
		must(send_one(PASSED) == OK);
		must(wl_guest_close(&guest, PASSED) == OK);
	}
	return answer;
}

static unsigned
send_memory_until_refused(void)
{
	unsigned sent = 0;
	uint32_t answer;
	while ((answer = send_memory()) == NEW_OK) {
		must(++sent < 100);
	}
	assert_int_equal(answer, BUDGET);
	return sent;
}

static void
take(int peer, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		char byte;
		struct iovec iov = { &byte, 1 };
		int fd;
		size_t fd_count;
		must(fd_recvmsg(peer, &iov, 1, &fd, 1, &fd_count) == 1);
		must(fd_count == 1);
		fd_close(&fd);
	}
}

static void
memory_is_paid_for_until_the_peer_has_taken_it(void **state)
{
	(void)state;
	int peer = begin();
	assert_int_equal(send_memory_until_refused(), PIECES);
	take(peer, PIECES);
	assert_int_equal(send_memory_until_refused(), PIECES);
	/* Who closes has taken everything. */
	close(peer);
	wl_guest_check(&guest);
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW, PASSED, 0), NEW_OK);
}

static void
closing_the_connection_does_not_give_it_back(void **state)
{
	(void)state;
	int peer = begin();
	assert_int_equal(send_memory_until_refused(), PIECES);
	must(wl_guest_close(&guest, CONNECTION) == OK);
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW, PASSED, 0), BUDGET);
	/* The peer hears of the end behind what it was sent. */
	take(peer, PIECES);
	char byte;
	assert_int_equal(recv(peer, &byte, 1, MSG_DONTWAIT), 0);
	wl_guest_check(&guest);
	assert_int_equal(make(VIRTIO_WL_CMD_VFD_NEW, PASSED, 0), NEW_OK);
	close(peer);
}

static void
nor_does_a_reset(void **state)
{
	(void)state;
	int peer = begin();
	assert_int_equal(send_memory_until_refused(), PIECES);
	wl_guest_disconnect(&guest);
	int other = begin();
	assert_int_equal(send_memory_until_refused(), 0);
	int before = fd_count_of(process.pid);
	close(peer);
	wl_guest_check(&guest);
	assert_int_equal(send_memory_until_refused(), PIECES);
	assert_true(fd_count_of(process.pid) <= before);
	close(other);
}

static void
descriptors_under_way_are_counted(void **state)
{
	(void)state;
	int peer = begin();
	must(make(VIRTIO_WL_CMD_VFD_NEW_CTX, ANOTHER, 0) == NEW_OK);
	int another = wl_process_accept(&process);
	for (unsigned i = 0; i < FLIGHTS; i++) {
		assert_int_equal(send_one(ANOTHER), OK);
	}
	assert_int_equal(send_one(ANOTHER), BUDGET);
	/* What has no descriptor goes as ever, also behind them. */
	assert_int_equal(wl_guest_send(&guest, CONNECTION, NULL, 0, "y", 1),
		OK);
	take(peer, FLIGHTS);
	char byte;
	assert_int_equal(recv(peer, &byte, 1, MSG_DONTWAIT), 1);
	assert_int_equal(byte, 'y');
	for (unsigned i = 0; i < FLIGHTS; i++) {
		assert_int_equal(send_one(ANOTHER), OK);
	}
	close(another);
	close(peer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(memory_is_paid_for_until_the_peer_has_taken_it),
		TEST(closing_the_connection_does_not_give_it_back),
		TEST(nor_does_a_reset),
		TEST(descriptors_under_way_are_counted),
	};
	return cmocka_run_group_tests(tests, start, fixture_stop);
}
