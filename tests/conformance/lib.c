/* SPDX-License-Identifier: MIT */
#include "conformance.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fd-count.h"
#include "util/fd.h"

static int fds_before;

struct pair
pair_open(void)
{
	struct pair pair = { -1, -1 };
	provider->connect(&pair);
	assert_true(pair.a >= 0);
	assert_true(pair.b >= 0);
	return pair;
}

void
end(int *fd)
{
	if (*fd >= 0) {
		assert_int_equal(vwl_close(*fd), 0);
		*fd = -1;
	}
}

void
pair_close(struct pair *pair)
{
	end(&pair->a);
	end(&pair->b);
}

void
offer_sent(struct offer *offer)
{
	if (offer->send != offer->ours) {
		end(&offer->send);
	}
	offer->send = -1;
}

static void
dispatch(void)
{
	struct vwl_device *devices[] = {
		provider->device(),
		provider->far_device(),
	};
	for (size_t i = 0; i < COUNT(devices); i++) {
		if (devices[i] != NULL) {
			assert_int_equal(vwl_device_dispatch(devices[i]), 0);
		}
	}
}

/* What was closed before is gone when a later question is answered. */
static void
barrier(struct vwl_device *device)
{
	if (device != NULL) {
		assert_int_equal(vwl_connect(device, "nowhere", 0), -1);
	}
}

int
case_begin(void **state)
{
	(void)state;
	fds_before = fd_count_self();
	return 0;
}

int
case_end(void **state)
{
	(void)state;
	barrier(provider->device());
	barrier(provider->far_device());
	dispatch();
	int fds_after = fd_count_self();
	if (fds_after != fds_before) {
		print_error("%d descriptors before, %d after\n", fds_before,
			fds_after);
		return -1;
	}
	return 0;
}

short
now(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	dispatch();
	assert_true(poll(&pfd, 1, 0) >= 0);
	return pfd.revents;
}

static int
fd_of(struct vwl_device *device)
{
	return device == NULL ? -1 : vwl_device_get_fd(device);
}

short
await(int fd, short events)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = events },
		{ .fd = fd_of(provider->device()), .events = POLLIN },
		{ .fd = fd_of(provider->far_device()), .events = POLLIN },
	};
	do {
		dispatch();
		int n = poll(fds, COUNT(fds), -1);
		assert_true(n > 0 || errno == EINTR);
	} while (fds[0].revents == 0);
	return fds[0].revents;
}

void
send_text(int fd, const char *text)
{
	assert_int_equal(vwl_write(fd, text, strlen(text)),
		(ssize_t)strlen(text));
}

ssize_t
send_fds(int fd, const char *text, const int *fds, size_t count, int flags)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * 300)];
	} control;
	struct iovec iov = {
		.iov_base = (void *)text,
		.iov_len = strlen(text),
	};
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	memset(&control, 0, sizeof(control));
	fd_put_rights(&msg, control.bytes, fds, count);
	return vwl_sendmsg(fd, &msg, flags);
}

ssize_t
recv_fds(int fd, char *buf, size_t size, int *fds, size_t *count, int *flags)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * VWL_FDS_MAX)];
	} control;
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = *count > 0 ? control.bytes : NULL,
		/* To the byte, so that not one more fits. */
		.msg_controllen = *count > 0
			? CMSG_LEN(sizeof(int) * *count) : 0,
	};
	ssize_t n = vwl_recvmsg(fd, &msg, *flags);
	*count = 0;
	if (n < 0) {
		return n;
	}
	*flags = msg.msg_flags;
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	if (cmsg != NULL) {
		assert_int_equal(cmsg->cmsg_level, SOL_SOCKET);
		assert_int_equal(cmsg->cmsg_type, SCM_RIGHTS);
		*count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(cmsg), *count * sizeof(int));
	}
	return n;
}

void
recv_all(int fd, void *buf, size_t size)
{
	size_t done = 0;
	while (done < size) {
		ssize_t n = vwl_read(fd, (char *)buf + done, size - done);
		assert_true(n > 0);
		done += (size_t)n;
	}
}

void
expect_text(int fd, const char *text)
{
	char buf[4096];
	size_t len = strlen(text);
	assert_true(len <= sizeof(buf));
	recv_all(fd, buf, len);
	assert_memory_equal(buf, text, len);
}

void
expect_eof(int fd)
{
	char byte;
	assert_int_equal(vwl_read(fd, &byte, 1), 0);
	assert_int_equal(vwl_read(fd, &byte, 1), 0);
}

int
expect_fd(int fd, const char *text)
{
	char buf[256];
	int got = -1;
	size_t count = 1;
	int flags = MSG_CMSG_CLOEXEC;
	ssize_t n = recv_fds(fd, buf, sizeof(buf), &got, &count, &flags);
	assert_int_equal(n, (ssize_t)strlen(text));
	assert_memory_equal(buf, text, strlen(text));
	assert_int_equal(count, 1);
	assert_int_equal(flags & MSG_CTRUNC, 0);
	return got;
}

uint8_t
pattern(size_t i)
{
	return (uint8_t)(i * 31 + (i >> 8) * 7 + (i >> 16));
}
