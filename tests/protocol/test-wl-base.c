/* SPDX-License-Identifier: MIT */
/*
 * A driver of old against a real wlbridge-wl: it knows no windows, so the
 * device holds its answers back while a peer does not read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/must.h"
#include "wl-fixture.h"

#define OK		VIRTIO_WL_RESP_OK
#define NEW_OK		VIRTIO_WL_RESP_VFD_NEW
#define CTX		1
#define SENDS		40
#define SEND_BYTES	60000

/* The same number again and again, so that order shows. */
static uint8_t
content(size_t send)
{
	return (uint8_t)(send + 1);
}

static void
post_sends(void)
{
	static struct {
		struct virtio_wl_wire_msg wire;
		uint8_t data[SEND_BYTES];
	} command;
	command.wire.hdr.type = htole32(VIRTIO_WL_CMD_VFD_SEND);
	command.wire.vfd_id = htole32(CTX);
	for (size_t i = 0; i < SENDS; i++) {
		memset(command.data, content(i), sizeof(command.data));
		must(wl_guest_post(&guest, &command, sizeof(command)));
	}
}

/* How many of them were answered by now. */
static unsigned
answered(void)
{
	unsigned idle = 0;
	struct list *link;
	wl_guest_check(&guest);		/* whatever came before is here now */
	for (link = guest.free_slots.next; link != &guest.free_slots;
			link = link->next) {
		idle++;
	}
	return idle - (64 - SENDS);
}

/* Read until the end or @count bytes, in order. Return: how many. */
static size_t
read_contents(int sock, size_t count)
{
	size_t got = 0;
	while (got < count) {
		uint8_t bytes[16384];
		struct pollfd pollfd = { .fd = sock, .events = POLLIN };
		must(poll(&pollfd, 1, WL_GUEST_PATIENCE_MS) == 1);
		ssize_t n = recv(sock, bytes, sizeof(bytes), MSG_DONTWAIT);
		must(n >= 0);
		if (n == 0) {
			break;
		}
		for (ssize_t i = 0; i < n; i++) {
			must(bytes[i] == content((got + (size_t)i)
				/ SEND_BYTES));
		}
		got += (size_t)n;
	}
	return got;
}

static int
connect_peer(void)
{
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_BASE);
	must(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_CTX, CTX, 0, 0, NULL,
		NULL) == NEW_OK);
	return wl_process_accept(&process);
}

static void
a_peer_that_does_not_read_holds_back_answers_to_its_sender_only(void **state)
{
	(void)state;
	int peer = connect_peer();
	post_sends();
	unsigned before = answered();
	assert_true(before > 0 && before < SENDS / 2);

	/* Another connection is as good as ever. */
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_CTX,
		CTX + 1, 0, 0, NULL, NULL), NEW_OK);
	int other = wl_process_accept(&process);
	assert_int_equal(wl_guest_send(&guest, CTX + 1, NULL, 0, "\1", 1), OK);
	assert_int_equal(read_contents(other, 1), 1);

	assert_int_equal(read_contents(peer, SENDS * SEND_BYTES),
		SENDS * SEND_BYTES);
	wl_guest_settle(&guest);
	close(peer);
	close(other);
	wl_guest_disconnect(&guest);
}

static void
closing_answers_what_was_held_back_and_delivers_what_was_taken(void **state)
{
	(void)state;
	int peer = connect_peer();
	post_sends();
	unsigned taken = answered();
	assert_int_equal(wl_guest_close(&guest, CTX), OK);
	wl_guest_settle(&guest);
	size_t got = read_contents(peer, SENDS * SEND_BYTES);
	assert_true(got >= (size_t)taken * SEND_BYTES);
	assert_true(got < (size_t)SENDS * SEND_BYTES);
	assert_int_equal(got % SEND_BYTES, 0);
	close(peer);
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
}

static void
a_peer_that_goes_frees_whoever_waited_for_it(void **state)
{
	(void)state;
	int peer = connect_peer();
	post_sends();
	assert_true(answered() < SENDS);
	close(peer);
	wl_guest_settle(&guest);
	free(wl_guest_expect(&guest, VIRTIO_WL_CMD_VFD_HUP));
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
}

static void
a_driver_that_resets_owes_no_answers(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		int peer = connect_peer();
		post_sends();
		wl_guest_disconnect(&guest);
		close(peer);
	}
	int peer = connect_peer();
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
	close(peer);
}

static void
flags_and_sizes_are_what_they_were(void **state)
{
	(void)state;
	struct virtio_wl_wire_new new;
	int peer = connect_peer();
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW, 2, 0, 5000,
		NULL, &new), NEW_OK);
	assert_int_equal(new.flags, 0);
	assert_int_equal(new.size, 8192);
	assert_true(new.pfn != 0);	/* 0 is "no memory" to such a driver */
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_PIPE, 3,
		VIRTIO_WL_VFD_WRITE, 0, NULL, &new), NEW_OK);
	assert_int_equal(new.flags, VIRTIO_WL_VFD_WRITE);
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_CTX, 4, 0,
		0, NULL, &new), NEW_OK);
	assert_int_equal(new.flags, VIRTIO_WL_VFD_WRITE | VIRTIO_WL_VFD_READ);
	assert_int_equal(new.pfn, 0);
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_CTX_NAMED,
		5, 0, 0, "nobody", NULL), VIRTIO_WL_RESP_ERR);
	close(wl_process_accept(&process));
	close(peer);
	wl_guest_disconnect(&guest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
			a_peer_that_does_not_read_holds_back_answers_to_its_sender_only),
		TEST(
			closing_answers_what_was_held_back_and_delivers_what_was_taken),
		TEST(a_peer_that_goes_frees_whoever_waited_for_it),
		TEST(a_driver_that_resets_owes_no_answers),
		TEST(flags_and_sizes_are_what_they_were),
	};
	return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
