/* SPDX-License-Identifier: MIT */
/* AF_UNIX itself: what everybody else is measured against. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conformance.h"
#include "util/fd.h"

static struct vwl_device *
no_device(void)
{
	return NULL;
}

static void
start(const struct options *unused)
{
	(void)unused;
}

static void
stop(void)
{
}

static void
connect_pair(struct pair *ret)
{
	int ends[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
		ends), 0);
	*ret = (struct pair){ ends[0], ends[1] };
}

static struct offer
make_pipe(enum vwl_direction direction)
{
	int ends[2];
	if (direction == VWL_READ_WRITE) {
		struct pair pair;
		connect_pair(&pair);
		return (struct offer){ pair.a, pair.b };
	}
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	return direction == VWL_READ ? (struct offer){ ends[0], ends[1] }
		: (struct offer){ ends[1], ends[0] };
}

static int
make_memory(size_t size)
{
	return fd_memfd("memory", size, F_SEAL_SHRINK | F_SEAL_GROW);
}

static int
make_snapshot(const void *data, size_t size)
{
	int fd = fd_memfd("snapshot", size, 0);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, data, size, 0), (ssize_t)size);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW
		| F_SEAL_WRITE), 0);
	return fd;
}

const struct provider provider_unix = {
	.device = no_device,
	.far_device = no_device,
	.start = start,
	.stop = stop,
	.connect = connect_pair,
	.pipe = make_pipe,
	.memory = make_memory,
	.snapshot = make_snapshot,
};
