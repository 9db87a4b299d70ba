/* SPDX-License-Identifier: MIT */
/* What AF_UNIX has no words for: names, peers, kinds, pools. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "conformance.h"

static void
a_name_nobody_gave_is_unknown(void **state)
{
	(void)state;
	assert_int_equal(vwl_connect(provider->device(), "nowhere", 0), -1);
	assert_int_equal(errno, ENOENT);
	char name[40];
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(vwl_connect(provider->device(), name, 0), -1);
	assert_int_equal(errno, ENAMETOOLONG);
}

static void
there_is_one_listener_for_a_peer(void **state)
{
	(void)state;
	struct vwl_device *device = provider->far_device();
	assert_int_equal(vwl_listen(device, options->accept, 0), -1);
	assert_int_equal(errno, EADDRINUSE);
}

static void
both_ends_know_their_peer(void **state)
{
	(void)state;
	struct pair first = pair_open();
	struct pair second = pair_open();
	struct vwl_peer peer;
	struct vwl_peer other;
	assert_int_equal(vwl_getpeer(first.b, &peer), 0);
	assert_string_equal(peer.name, options->accept);
	assert_int_equal(vwl_getpeer(second.b, &other), 0);
	assert_true(peer.serial != other.serial);
	assert_int_equal(vwl_getpeer(first.a, &peer), 0);
	pair_close(&first);
	pair_close(&second);
}

static void
kinds_are_told_apart(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	assert_int_equal(vwl_kind(pair.a), VWL_KIND_CONNECTION);
	assert_int_equal(vwl_kind(pair.b), VWL_KIND_CONNECTION);
	int memory = provider->memory(8192);
	assert_int_equal(vwl_kind(memory), VWL_KIND_MEMORY);
	assert_int_equal(vwl_memory_size(memory), 8192);
	end(&memory);
	memory = provider->snapshot("four", 4);
	assert_int_equal(vwl_kind(memory), VWL_KIND_SNAPSHOT);
	assert_int_equal(send_fds(pair.a, "s", &memory, 1, 0), 1);
	end(&memory);
	memory = expect_fd(pair.b, "s");
	assert_int_equal(vwl_kind(memory), VWL_KIND_MEMORY);
	assert_int_equal(vwl_memory_size(memory), 4);
	end(&memory);
	struct offer offer = provider->pipe(VWL_READ);
	assert_int_equal(vwl_kind(offer.ours), VWL_KIND_PIPE);
	end(&offer.ours);

	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(vwl_kind(ends[0]), VWL_KIND_NONE);
	assert_int_equal(vwl_memory_size(ends[0]), -1);
	assert_int_equal(vwl_kind(-1), VWL_KIND_NONE);
	close(ends[0]);
	close(ends[1]);
	pair_close(&pair);
}

static void
what_is_no_vfd_and_no_file_cannot_be_sent(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	int fd = inotify_init1(IN_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(send_fds(pair.a, "x", &fd, 1, 0), -1);
	assert_int_equal(errno, EINVAL);
	close(fd);
	send_text(pair.a, "unharmed");
	expect_text(pair.b, "unharmed");
	pair_close(&pair);
}

static void
the_other_end_of_a_pipe_goes_once(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct offer offer = provider->pipe(VWL_READ);
	assert_int_equal(send_fds(pair.a, "x", &offer.send, 1, 0), 1);
	assert_int_equal(send_fds(pair.a, "x", &offer.send, 1, 0), -1);
	assert_int_equal(errno, EINVAL);
	int theirs = expect_fd(pair.b, "x");
	end(&theirs);
	end(&offer.ours);
	pair_close(&pair);
}

static void
nonblocking_is_given_at_birth(void **state)
{
	(void)state;
	int fd = vwl_connect(provider->device(), options->connect,
		SOCK_NONBLOCK);
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	int other = provider->accept(SOCK_NONBLOCK);
	assert_true(fcntl(other, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(other, F_GETFD) & FD_CLOEXEC);
	end(&fd);
	end(&other);
}

static void
buffers_of_a_pool_are_shared(void **state)
{
	(void)state;
	struct pair pair = pair_open();
	struct vwl_pool *pool = vwl_pool_create(provider->device());
	struct vwl_buffer first;
	struct vwl_buffer second;
	assert_non_null(pool);
	assert_int_equal(vwl_pool_alloc(pool, 100000, &first), 0);
	assert_int_equal(vwl_pool_alloc(pool, 5000, &second), 0);
	assert_int_equal(first.fd, second.fd);
	memset(first.data, 1, first.size);
	memset(second.data, 2, second.size);
	assert_int_equal(send_fds(pair.a, "p", &first.fd, 1, 0), 1);
	int theirs = expect_fd(pair.b, "p");
	uint8_t *there = NULL;
	assert_int_equal(vwl_memory_size(theirs), first.piece_size);
	size_t size = first.piece_size;
	there = mmap(NULL, size, PROT_READ, MAP_SHARED, theirs, 0);
	assert_true(there != MAP_FAILED);
	assert_int_equal(there[first.offset + first.size - 1], 1);
	assert_int_equal(there[second.offset], 2);
	munmap(there, size);
	vwl_pool_free(pool, &first);
	vwl_pool_free(pool, &second);
	vwl_pool_destroy(pool);
	end(&theirs);
	pair_close(&pair);
}

static void
memory_is_given_back_by_holes(void **state)
{
	(void)state;
	int fd = provider->memory(1 << 20);
	uint8_t *bytes = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
		MAP_SHARED, fd, 0);
	assert_true(bytes != MAP_FAILED);
	memset(bytes, 9, 1 << 20);
	assert_int_equal(fallocate(fd,
		FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 65536, 131072), 0);
	assert_int_equal(bytes[65535], 9);
	assert_int_equal(bytes[65536], 0);
	assert_int_equal(bytes[65536 + 131071], 0);
	assert_int_equal(bytes[65536 + 131072], 9);
	munmap(bytes, 1 << 20);
	end(&fd);
}

const struct CMUnitTest device_cases[] = {
	CASE(a_name_nobody_gave_is_unknown),
	CASE(there_is_one_listener_for_a_peer),
	CASE(both_ends_know_their_peer),
	CASE(kinds_are_told_apart),
	CASE(what_is_no_vfd_and_no_file_cannot_be_sent),
	CASE(the_other_end_of_a_pipe_goes_once),
	CASE(nonblocking_is_given_at_birth),
	CASE(buffers_of_a_pool_are_shared),
	CASE(memory_is_given_back_by_holes),
};
const size_t device_case_count = COUNT(device_cases);
