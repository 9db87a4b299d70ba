/* SPDX-License-Identifier: MIT */
/*
 * What a connection may carry and how much of it, against a real wlbridge-wl:
 * windows on both sides, strange descriptors, ends, floods, and the order in
 * which things are closed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/fd-count.h"
#include "../lib/must.h"
#include "util/fd.h"
#include "wl-fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OK		VIRTIO_WL_RESP_OK
#define NEW_OK		VIRTIO_WL_RESP_VFD_NEW
#define ERR		VIRTIO_WL_RESP_ERR
#define AGAIN		VIRTIO_WL_RESP_AGAIN
#define CTX		1
#define PATIENCE_MS	WL_GUEST_PATIENCE_MS

static uint8_t
pattern(size_t i)
{
	return (uint8_t)(i * 7 + (i >> 8));
}

/* A guest with connection @id; the return value is the peer's end. */
static int
connect_peer(uint32_t id)
{
	must(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_CTX, id, 0, 0, NULL,
		NULL) == NEW_OK);
	return wl_process_accept(&process);
}

/* Read exactly @count bytes, which must follow the pattern from @from on. */
static void
read_pattern(int sock, size_t from, size_t count)
{
	while (count > 0) {
		uint8_t bytes[65536];
		size_t want = count < sizeof(bytes) ? count : sizeof(bytes);
		ssize_t n = recv(sock, bytes, want, MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN) {
			struct pollfd pollfd = { .fd = sock, .events = POLLIN };
			must(poll(&pollfd, 1, PATIENCE_MS) == 1);
			continue;
		}
		must(n > 0);
		for (ssize_t i = 0; i < n; i++) {
			must(bytes[i] == pattern(from + (size_t)i));
		}
		from += (size_t)n;
		count -= (size_t)n;
	}
}

/* Write the pattern until the socket is full or @count are written. */
static size_t
write_pattern(int sock, size_t from, size_t count)
{
	size_t done = 0;
	while (done < count) {
		uint8_t bytes[4096];
		size_t want = count - done < sizeof(bytes)
			? count - done : sizeof(bytes);
		for (size_t i = 0; i < want; i++) {
			bytes[i] = pattern(from + done + i);
		}
		ssize_t n = send(sock, bytes, want, MSG_DONTWAIT
			| MSG_NOSIGNAL);
		if (n < 0) {
			must(errno == EAGAIN);
			break;
		}
		done += (size_t)n;
	}
	return done;
}

static void
a_send_beyond_the_credit_is_again_and_takes_nothing(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	int peer = connect_peer(CTX);
	uint64_t sent = 0, credit = VIRTIO_WL_WINDOW;

	/* The peer does not read: down to the last byte of the credit. */
	static uint8_t bytes[VIRTIO_WL_SEND_MAX];
	for (size_t size = sizeof(bytes); size > 0;) {
		for (size_t i = 0; i < size; i++) {
			bytes[i] = pattern(sent + i);
		}
		uint32_t type = wl_guest_send(&guest, CTX, NULL, 0, bytes,
			size);
		if (type == OK) {
			sent += size;
			credit -= size;
		} else {
			assert_int_equal(type, AGAIN);
			size /= 2;
		}
		struct wl_message *message;
		while ((message = wl_guest_poll(&guest)) != NULL) {
			assert_int_equal(message->type,
				VIRTIO_WL_CMD_VFD_CREDIT);
			uint32_t back;
			memcpy(&back, message->bytes + 12, 4);
			credit += back;
			assert_true(credit <= VIRTIO_WL_WINDOW);
			free(message);
		}
	}
	assert_true(sent >= VIRTIO_WL_WINDOW);
	assert_int_equal(credit, 0);

	/* All that was taken arrives, and pays back all of the window. */
	read_pattern(peer, 0, sent);
	while (credit < VIRTIO_WL_WINDOW) {
		struct wl_message *message = wl_guest_expect(&guest,
			VIRTIO_WL_CMD_VFD_CREDIT);
		uint32_t back;
		memcpy(&back, message->bytes + 12, 4);
		credit += back;
		free(message);
	}
	assert_int_equal(credit, VIRTIO_WL_WINDOW);
	close(peer);
	wl_guest_disconnect(&guest);
}

static void
credit_that_was_never_owed_is_an_error(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	int peer = connect_peer(CTX);
	static const uint32_t lies[] = {
		0, 1, VIRTIO_WL_WINDOW, VIRTIO_WL_WINDOW + 1, 0x80000000u,
		UINT32_MAX,
	};
	for (size_t i = 0; i < COUNT(lies); i++) {
		assert_int_equal(wl_guest_credit(&guest, CTX, lies[i]), ERR);
	}
	assert_int_equal(write(peer, "1234", 4), 4);
	struct wl_message *message = wl_guest_expect(&guest,
		VIRTIO_WL_CMD_VFD_RECV);
	free(message);
	assert_int_equal(wl_guest_credit(&guest, CTX, 5), ERR);
	assert_int_equal(wl_guest_credit(&guest, CTX, 4), OK);
	assert_int_equal(wl_guest_credit(&guest, CTX, 1), ERR);

	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW, 2, 0,
		4096, NULL, NULL), NEW_OK);
	assert_true(wl_guest_credit(&guest, 2, 1) >= ERR);
	close(peer);
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
}

/* Take messages until connection @id has delivered @total bytes more. */
static void
receive_pattern(uint32_t id, size_t from, size_t total)
{
	while (total > 0) {
		struct wl_message *message = wl_guest_expect(&guest,
			VIRTIO_WL_CMD_VFD_RECV);
		must(wl_message_id(message) == id);
		size_t len;
		const uint8_t *data = wl_message_data(message, &len);
		must(len > 0 && len <= total);
		for (size_t i = 0; i < len; i++) {
			must(data[i] == pattern(from + i));
		}
		from += len;
		total -= len;
		free(message);
	}
}

/* Data of connection @id that came while the other one was served @turns times:
 * by then the device has sent what it may. */
static size_t
receive_beside(uint32_t id, size_t from, int busy, uint32_t busy_id,
	unsigned turns)
{
	size_t received = 0;
	while (turns > 0) {
		must(write(busy, "b", 1) == 1);
		for (bool served = false; !served;) {
			struct wl_message *message = wl_guest_expect(&guest,
				VIRTIO_WL_CMD_VFD_RECV);
			size_t len;
			const uint8_t *data = wl_message_data(message, &len);
			served = wl_message_id(message) == busy_id;
			for (size_t i = 0; !served && i < len; i++) {
				must(wl_message_id(message) == id);
				must(data[i] == pattern(from + received + i));
			}
			received += served ? 0 : len;
			free(message);
		}
		must(wl_guest_credit(&guest, busy_id, 1) == OK);
		turns--;
	}
	return received;
}

static void
the_device_never_sends_beyond_the_window(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	int idle = connect_peer(CTX);
	int busy = connect_peer(CTX + 1);
	size_t written = 0, received = 0;
	for (unsigned i = 0; i < 10; i++) {
		written += write_pattern(idle, written, 1 << 20);
		received += receive_beside(CTX, received, busy, CTX + 1, 30);
	}
	assert_int_equal(received, VIRTIO_WL_WINDOW);
	assert_true(written > VIRTIO_WL_WINDOW);

	/* Credit brings exactly as much as it says. */
	static const uint32_t credits[] = { 1, 100, 5000, 65536 };
	for (size_t i = 0; i < COUNT(credits); i++) {
		assert_int_equal(wl_guest_credit(&guest, CTX, credits[i]), OK);
		assert_int_equal(receive_beside(CTX, received, busy, CTX + 1,
			30), credits[i]);
		received += credits[i];
	}
	close(idle);
	close(busy);
	wl_guest_disconnect(&guest);
}

static void
without_windows_bytes_still_arrive_in_order(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_BASE);
	int peer = connect_peer(CTX);
	size_t received = 0, written = 0;
	while (received < 1 << 20) {
		written += write_pattern(peer, written, (1 << 20) - written);
		struct wl_message *message = wl_guest_expect(&guest,
			VIRTIO_WL_CMD_VFD_RECV);
		size_t len;
		const uint8_t *data = wl_message_data(message, &len);
		for (size_t i = 0; i < len; i++) {
			must(data[i] == pattern(received + i));
		}
		received += len;
		free(message);
	}
	close(peer);
	struct wl_message *message = wl_guest_expect(&guest,
		VIRTIO_WL_CMD_VFD_HUP);
	assert_int_equal(wl_message_id(message), CTX);
	free(message);
	wl_guest_disconnect(&guest);
}

static void
a_guest_that_keeps_its_buffers_holds_up_only_itself(void **state)
{
	(void)state;
	static const uint64_t sets[] = { WL_FEATURES_BASE, WL_FEATURES_FULL };
	for (size_t s = 0; s < COUNT(sets); s++) {
		wl_guest_connect(&guest, process.device_path, sets[s]);
		guest.keeps_buffers = true;
		int peers[4];
		for (size_t i = 0; i < COUNT(peers); i++) {
			peers[i] = connect_peer((uint32_t)(CTX + i));
			write_pattern(peers[i], 0, 1 << 20);
		}
		for (size_t i = 0; i < WL_GUEST_IN_BUFFERS; i++) {
			free(wl_guest_receive(&guest));
		}
		for (unsigned i = 0; i < 100; i++) {
			wl_guest_check(&guest);
		}
		for (size_t i = 0; i < COUNT(peers); i++) {
			assert_int_equal(wl_guest_close(&guest,
				(uint32_t)(CTX + i)), OK);
			close(peers[i]);
		}
		wl_guest_check(&guest);
		wl_guest_disconnect(&guest);
	}
}

/* Take announcements until a VFD_RECV comes; count them. */
static struct wl_message *
expect_announced(struct virtio_wl_wire_new *announced,
	size_t max, size_t *ret_count)
{
	size_t count = 0;
	for (;;) {
		struct wl_message *message = wl_guest_receive(&guest);
		if (message->type == VIRTIO_WL_CMD_VFD_RECV) {
			*ret_count = count;
			return message;
		}
		if (message->type != VIRTIO_WL_CMD_VFD_NEW) {
			fprintf(stderr, "%#x among announcements\n",
				message->type);
			abort();
		}
		must(message->len >= VIRTIO_WL_NEW_SIZE_MIN && count < max);
		memcpy(&announced[count++], message->bytes,
			sizeof(announced[0]));
		free(message);
	}
}

static void
descriptors_of_every_kind_arrive_as_what_they_are(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	int peer = connect_peer(CTX);
	unsigned sealed = F_SEAL_SHRINK | F_SEAL_GROW;
	int pipe_fds[2], stream[2], datagram[2];
	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, stream), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, datagram), 0);
	enum { R = VIRTIO_WL_VFD_READ, W = VIRTIO_WL_VFD_WRITE };
	uint32_t map = VIRTIO_WL_VFD_MAP;
	uint32_t copy = map | VIRTIO_WL_VFD_COPY;
	struct {
		int fd;
		uint32_t flags;
	} kinds[] = {
		{ fd_memfd("whole", 0x3000, sealed), map },
		{ fd_memfd("open", 0x3000, 0), copy },
		{ fd_memfd("odd", 1001, sealed), copy },
		{ fd_memfd("fixed", 0x2000, sealed | F_SEAL_WRITE), copy },
		{ fd_memfd("large", 8 << 20, 0), VIRTIO_WL_VFD_VOID },
		{ pipe_fds[0], R },
		{ pipe_fds[1], W },
		{ stream[0], VIRTIO_WL_VFD_SOCKET | R | W },
		{ datagram[0], VIRTIO_WL_VFD_VOID },
		{ eventfd(0, EFD_CLOEXEC), VIRTIO_WL_VFD_VOID },
		{ epoll_create1(EPOLL_CLOEXEC), VIRTIO_WL_VFD_VOID },
		{ open("/", O_RDONLY | O_CLOEXEC), VIRTIO_WL_VFD_VOID },
		{ open("/tmp", O_PATH | O_CLOEXEC), VIRTIO_WL_VFD_VOID },
		{ open("/dev/null", O_RDWR | O_CLOEXEC), VIRTIO_WL_VFD_VOID },
		{ fd_dup(process.peer_listener), VIRTIO_WL_VFD_VOID },
	};
	for (unsigned round = 0; round < 3; round++) {
		int fds[COUNT(kinds)];
		for (size_t i = 0; i < COUNT(kinds); i++) {
			fds[i] = kinds[i].fd;
		}
		struct iovec iov = { (char[]){ "x" }, 1 };
		assert_int_equal(fd_sendmsg(peer, &iov, 1, fds, COUNT(fds)),
			1);
		struct virtio_wl_wire_new announced[COUNT(kinds)];
		size_t count;
		struct wl_message *message = expect_announced(announced,
			COUNT(announced), &count);
		assert_int_equal(count, COUNT(kinds));
		assert_int_equal(wl_message_vfd_count(message), COUNT(kinds));
		uint32_t mask = R | W | map | copy | VIRTIO_WL_VFD_SOCKET
			| VIRTIO_WL_VFD_VOID;
		for (size_t i = 0; i < COUNT(kinds); i++) {
			uint32_t flags = announced[i].flags & mask;
			if ((kinds[i].flags & map) != 0) {
				flags &= ~(uint32_t)(R | W);
			}
			assert_int_equal(flags, kinds[i].flags);
			assert_int_equal(wl_message_vfd(message, (unsigned)i),
				announced[i].vfd_id);
			assert_true(announced[i].vfd_id
				>= VIRTIO_WL_HOST_ID_MIN);
		}
		assert_int_equal(announced[0].size, 0x3000);
		assert_int_equal(announced[2].size, 1001);
		free(message);
		/* A void can be closed and nothing else. */
		assert_true(wl_guest_send(&guest, announced[9].vfd_id, NULL, 0,
			"x", 1) >= ERR);
		for (size_t i = 0; i < COUNT(kinds); i++) {
			assert_int_equal(wl_guest_close(&guest,
				announced[i].vfd_id), OK);
		}
		assert_int_equal(wl_guest_credit(&guest, CTX, 1
			+ COUNT(kinds) * VIRTIO_WL_VFD_COST), OK);
	}
	for (size_t i = 0; i < COUNT(kinds); i++) {
		close(kinds[i].fd);
	}
	close(stream[1]);
	close(datagram[1]);
	close(peer);
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
}

static void
the_same_memory_twice_has_the_same_place(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	int peer = connect_peer(CTX);
	int memory = fd_memfd("shared", 0x4000, F_SEAL_SHRINK | F_SEAL_GROW);
	int fds[2] = { memory, memory };
	struct iovec iov = { (char[]){ "x" }, 1 };
	assert_int_equal(fd_sendmsg(peer, &iov, 1, fds, 2), 1);
	struct virtio_wl_wire_new announced[2];
	size_t count;
	free(expect_announced(announced, 2, &count));
	assert_int_equal(count, 2);
	assert_int_equal(announced[0].pfn, announced[1].pfn);
	assert_int_not_equal(announced[0].vfd_id, announced[1].vfd_id);

	/* It stays while one of them does. */
	assert_int_equal(wl_guest_close(&guest, announced[0].vfd_id), OK);
	struct virtio_wl_wire_new again[1];
	assert_int_equal(fd_sendmsg(peer, &iov, 1, fds, 1), 1);
	free(expect_announced(again, 1, &count));
	assert_int_equal(again[0].pfn, announced[1].pfn);
	assert_int_equal(guest.maps, 1);
	close(memory);
	close(peer);
	wl_guest_disconnect(&guest);
}

/* @bytes bytes with @count descriptors of a kind that becomes VOID. */
static void
send_with_fds(int peer, size_t bytes, size_t count)
{
	static uint8_t data[8192];
	int fds[FD_PASS_MAX];
	int kind = eventfd(0, EFD_CLOEXEC);
	for (size_t i = 0; i < count; i++) {
		fds[i] = kind;
	}
	struct iovec iov = { data, bytes };
	must(fd_sendmsg(peer, &iov, 1, fds, count) == (ssize_t)bytes);
	close(kind);
}

/*
 * Take what a peer sent as one message of @fds descriptors and @bytes bytes, in
 * however many pieces. As a driver does, give credit back once half a window is
 * owed; @owed is what is owed already. Return: what is owed then.
 */
static size_t
receive_with_fds(size_t fds, size_t bytes, size_t owed)
{
	size_t named = 0, len = 0;
	while (named < fds || len < bytes) {
		struct virtio_wl_wire_new announced[VIRTIO_WL_VFDS_MAX];
		size_t count, part;
		struct wl_message *message = expect_announced(announced,
			COUNT(announced), &count);
		must(wl_message_id(message) == CTX);
		wl_message_data(message, &part);
		/* No byte overtakes a descriptor sent beside it. */
		uint32_t vfds = wl_message_vfd_count(message);
		named += vfds;
		must(part == 0 || named == fds);
		len += part;
		for (unsigned i = 0; i < vfds; i++) {
			must(wl_guest_close(&guest, wl_message_vfd(message, i))
				== OK);
		}
		owed += part + vfds * VIRTIO_WL_VFD_COST;
		if (owed >= VIRTIO_WL_WINDOW / 2) {
			must(wl_guest_credit(&guest, CTX, (uint32_t)owed)
				== OK);
			owed = 0;
		}
		free(message);
	}
	must(named == fds && len == bytes);
	return owed;
}

static void
as_many_descriptors_as_a_message_holds_arrive(void **state)
{
	(void)state;
	static const size_t counts[] = { 1, 2, 27, 28 };
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	int peer = connect_peer(CTX);
	size_t owed = 0;
	for (unsigned round = 0; round < 100; round++) {
		size_t count = counts[round % COUNT(counts)];
		size_t bytes = 1 + round * 79 % 8000;
		send_with_fds(peer, bytes, count);
		owed = receive_with_fds(count, bytes, owed);
	}
	close(peer);
	wl_guest_disconnect(&guest);
}

/* A driver need not give credit back before half a window is owed. */
static void
descriptors_arrive_while_almost_half_a_window_is_owed(void **state)
{
	(void)state;
	static const uint32_t sizes[] = { 4096, 16384, 65536, 131072 };
	for (size_t i = 0; i < COUNT(sizes); i++) {
		wl_guest_connect_sized(&guest, process.device_path,
			WL_FEATURES_FULL, sizes[i]);
		int peer = connect_peer(CTX);
		size_t owed = VIRTIO_WL_WINDOW / 2 - 1;
		assert_int_equal(write_pattern(peer, 0, owed), owed);
		receive_pattern(CTX, 0, owed);
		/* Bytes behind it may come with its own. */
		send_with_fds(peer, 8000, 28);
		size_t more = write_pattern(peer, 0, 60000);
		receive_with_fds(28, 8000 + more, owed);
		close(peer);
		wl_guest_disconnect(&guest);
	}
}

/* Libwayland sends 28 at most; who sends more ends its own connection. */
static void
more_descriptors_than_a_message_holds_cost_that_connection(void **state)
{
	(void)state;
	static const size_t counts[] = { 29, 60, 253 };
	for (size_t i = 0; i < COUNT(counts); i++) {
		wl_guest_connect(&guest, process.device_path,
			WL_FEATURES_FULL);
		int peer = connect_peer(CTX);
		int other = connect_peer(CTX + 1);
		int before = fd_count_of(process.pid);
		send_with_fds(peer, 4, counts[i]);
		struct wl_message *message = wl_guest_expect(&guest,
			VIRTIO_WL_CMD_VFD_HUP);
		assert_int_equal(wl_message_id(message), CTX);
		free(message);
		assert_int_equal(write(other, "x", 1), 1);
		message = wl_guest_expect(&guest, VIRTIO_WL_CMD_VFD_RECV);
		assert_int_equal(wl_message_id(message), CTX + 1);
		free(message);
		assert_true(fd_count_of(process.pid) <= before);
		close(peer);
		close(other);
		wl_guest_disconnect(&guest);
	}
}

static void
an_end_comes_after_the_last_byte(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	int peer = connect_peer(CTX);
	size_t written = write_pattern(peer, 0, 100000);
	shutdown(peer, SHUT_WR);
	receive_pattern(CTX, 0, written);
	struct wl_message *message = wl_guest_expect(&guest,
		VIRTIO_WL_CMD_VFD_SHUTDOWN);
	assert_int_equal(message->bytes[12], VIRTIO_WL_SHUT_RECV);
	free(message);

	/* The other direction is as good as before. */
	assert_int_equal(wl_guest_send(&guest, CTX, NULL, 0, "still", 5), OK);
	assert_int_equal(wl_guest_shutdown(&guest, CTX, VIRTIO_WL_SHUT_SEND),
		OK);
	assert_int_equal(wl_guest_send(&guest, CTX, NULL, 0, "late", 4),
		VIRTIO_WL_RESP_BROKEN_PIPE);
	char got[16];
	struct pollfd pollfd = { .fd = peer, .events = POLLIN };
	assert_int_equal(poll(&pollfd, 1, PATIENCE_MS), 1);
	assert_int_equal(recv(peer, got, sizeof(got), 0), 5);
	assert_int_equal(poll(&pollfd, 1, PATIENCE_MS), 1);
	assert_int_equal(recv(peer, got, sizeof(got), 0), 0);
	static const uint32_t hows[] = { 0, 4, 0x80000000u, UINT32_MAX };
	for (size_t i = 0; i < COUNT(hows); i++) {
		assert_true(wl_guest_shutdown(&guest, CTX, hows[i]) >= ERR);
	}
	close(peer);
	wl_guest_check(&guest);
	wl_guest_disconnect(&guest);
}

static void
a_peer_that_is_gone_is_a_broken_pipe(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	int peer = connect_peer(CTX);
	close(peer);
	struct wl_message *message;
	bool over = false;
	while (!over) {
		message = wl_guest_receive(&guest);
		over = message->type == VIRTIO_WL_CMD_VFD_HUP;
		assert_true(over
			|| message->type == VIRTIO_WL_CMD_VFD_SHUTDOWN);
		free(message);
	}
	assert_int_equal(wl_guest_send(&guest, CTX, NULL, 0, "x", 1),
		VIRTIO_WL_RESP_BROKEN_PIPE);
	assert_int_equal(wl_guest_close(&guest, CTX), OK);
	assert_int_equal(wl_guest_close(&guest, CTX),
		VIRTIO_WL_RESP_INVALID_ID);
	wl_guest_disconnect(&guest);
}

static void
a_listener_gets_connections_with_their_identity(void **state)
{
	(void)state;
	wl_guest_connect(&guest, process.device_path, WL_FEATURES_FULL);
	/* One waits already. */
	int early = wl_process_connect_as_work(&process);
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_LISTENER,
		9, 0, 0, "work", NULL), NEW_OK);
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_LISTENER,
		10, 0, 0, "work", NULL), VIRTIO_WL_RESP_IN_USE);
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_LISTENER,
		10, 0, 0, NULL, NULL), VIRTIO_WL_RESP_IN_USE);
	uint64_t last_serial = 0;
	for (unsigned i = 0; i < 20; i++) {
		int sock = i == 0 ? early
			: wl_process_connect_as_work(&process);
		struct virtio_wl_wire_new announced[1];
		size_t count, len;
		struct wl_message *message = expect_announced(announced,
			1, &count);
		assert_int_equal(count, 1);
		assert_int_equal(wl_message_id(message), 9);
		assert_int_equal(wl_message_vfd(message, 0),
			announced[0].vfd_id);
		const uint8_t *data = wl_message_data(message, &len);
		struct virtio_wl_wire_peer peer;
		assert_int_equal(len, sizeof(peer));
		memcpy(&peer, data, sizeof(peer));
		assert_string_equal((char *)peer.name, "work");
		assert_true(peer.serial > last_serial);
		last_serial = peer.serial;
		assert_int_equal(wl_guest_send(&guest, announced[0].vfd_id,
			NULL, 0, "hello", 5), OK);
		struct pollfd pollfd = { .fd = sock, .events = POLLIN };
		assert_int_equal(poll(&pollfd, 1, PATIENCE_MS), 1);
		free(message);
		close(sock);
		assert_int_equal(wl_guest_close(&guest, announced[0].vfd_id),
			OK);
		assert_int_equal(wl_guest_credit(&guest, 9, sizeof(peer)
			+ VIRTIO_WL_VFD_COST), OK);
		/* The end of what was just closed may be on its way. */
		while ((message = wl_guest_poll(&guest)) != NULL) {
			free(message);
		}
	}
	assert_int_equal(wl_guest_close(&guest, 9), OK);
	assert_int_equal(wl_guest_new(&guest, VIRTIO_WL_CMD_VFD_NEW_LISTENER,
		10, 0, 0, "work", NULL), NEW_OK);
	wl_guest_disconnect(&guest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(
			a_send_beyond_the_credit_is_again_and_takes_nothing),
		TEST(credit_that_was_never_owed_is_an_error),
		TEST(the_device_never_sends_beyond_the_window),
		TEST(without_windows_bytes_still_arrive_in_order),
		TEST(
			a_guest_that_keeps_its_buffers_holds_up_only_itself),
		TEST(
			descriptors_of_every_kind_arrive_as_what_they_are),
		TEST(the_same_memory_twice_has_the_same_place),
		TEST(as_many_descriptors_as_a_message_holds_arrive),
		TEST(descriptors_arrive_while_almost_half_a_window_is_owed),
		TEST(
			more_descriptors_than_a_message_holds_cost_that_connection),
		TEST(an_end_comes_after_the_last_byte),
		TEST(a_peer_that_is_gone_is_a_broken_pipe),
		TEST(
			a_listener_gets_connections_with_their_identity),
	};
	return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
