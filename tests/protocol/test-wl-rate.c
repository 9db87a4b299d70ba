/* SPDX-License-Identifier: MIT */
/*
 * How many VFDs may be made in a second, by the guest and by a peer: the one is
 * told, the other waits, and neither loses anything. The device may make 100 a
 * second, so the guest's and the peer's own parts are 50.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/must.h"
#include "util/fd.h"
#include "util/now.h"
#include "wl-fixture.h"

#define LIMIT	100
#define PART	(LIMIT / 2)
#define OK	VIRTIO_WL_RESP_OK
#define NEW_OK	VIRTIO_WL_RESP_VFD_NEW

static int
start(void **state)
{
	(void)state;
	static const char *const limits[] = { "vfds-per-second=100", NULL };
	wl_process_start(&process, limits);
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	wl_guest_disconnect(&guest);
	wl_process_stop(&process);
	return 0;
}

static uint32_t
make(void)
{
	uint32_t answer = wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_PIPE, 1,
		VIRTIO_WL_VFD_READ, 0, NULL, NULL);
	if (answer == NEW_OK) {
		must(wl_guest_close(&guest, 1) == OK);
	}
	return answer;
}

static void
a_guest_that_makes_and_closes_too_fast_is_told_and_may_go_on_later(
	void **state)
{
	(void)state;
	double begin = now_s();
	unsigned made = 0;
	while (make() == NEW_OK) {
		made++;
	}
	double took = now_s() - begin;
	assert_true(made >= LIMIT);
	assert_true(made <= LIMIT + LIMIT * took + 1);
	assert_int_equal(make(), VIRTIO_WL_RESP_BUDGET);
	while (make() != NEW_OK) {
	}
}

static void
connections_that_come_too_fast_wait(void **state)
{
	(void)state;
	enum { COUNT = PART + 10 };
	int socks[COUNT];
	double begin = now_s();
	must(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_LISTENER, 1, 0, 0,
		NULL, NULL) == NEW_OK);
	for (uint32_t told = 0, made = 0; told < COUNT;) {
		/* No more at once than the backlog holds. */
		for (; made < COUNT && made < told + 8; made++) {
			socks[made] = wl_process_connect_as_work(&process);
		}
		struct wl_message *message = wl_guest_receive(&guest);
		if (message->type == VIRTIO_WL_CMD_VFD_RECV) {
			must(wl_guest_credit(&guest, 1, VIRTIO_WL_VFD_COST
				+ sizeof(struct virtio_wl_wire_peer)) == OK);
			told++;
		}
		free(message);
	}
	/* Ten more than there is room for. */
	assert_true(now_s() - begin > 9.0 / PART);
	fd_close_all(socks, COUNT);
}

static void
messages_that_bring_vfds_too_fast_wait_and_arrive_whole(void **state)
{
	(void)state;
	enum { MESSAGES = 4, TOTAL = MESSAGES * VIRTIO_WL_VFDS_MAX };
	must(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_LISTENER, 1, 0, 0,
		NULL, NULL) == NEW_OK);
	int sock = wl_process_connect_as_work(&process);
	int fds[VIRTIO_WL_VFDS_MAX];
	for (size_t i = 0; i < VIRTIO_WL_VFDS_MAX; i++) {
		int ends[2];
		must(pipe(ends) == 0);
		close(ends[0]);
		fds[i] = ends[1];
	}
	struct iovec iov = { .iov_base = (char[]){ 'x' }, .iov_len = 1 };
	double begin = now_s();
	for (int i = 0; i < MESSAGES; i++) {
		must(fd_sendmsg(sock, &iov, 1, fds, VIRTIO_WL_VFDS_MAX) == 1);
	}
	fd_close_all(fds, VIRTIO_WL_VFDS_MAX);
	/* The connection itself, and what comes over it. */
	for (uint32_t seen = 0; seen < 1 + TOTAL;) {
		struct wl_message *message = wl_guest_receive(&guest);
		if (message->type == VIRTIO_WL_CMD_VFD_RECV) {
			uint32_t count = wl_message_vfd_count(message);
			must(count == 1 || count == VIRTIO_WL_VFDS_MAX);
			seen += count;
		}
		must(message->type != VIRTIO_WL_CMD_VFD_HUP
			|| wl_message_id(message) != VIRTIO_WL_HOST_ID_MIN);
		free(message);
	}
	/* The last message is read as soon as one VFD more may be made. */
	double before_last = 1 + TOTAL - VIRTIO_WL_VFDS_MAX;
	assert_true(now_s() - begin > (before_last - PART) / PART);
	close(sock);
}

#define TEST_FRESH(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_FRESH(a_guest_that_makes_and_closes_too_fast_is_told_and_may_go_on_later),
		TEST_FRESH(connections_that_come_too_fast_wait),
		TEST_FRESH(messages_that_bring_vfds_too_fast_wait_and_arrive_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
