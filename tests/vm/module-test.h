/* SPDX-License-Identifier: MIT */
/*
 * What module-test and module-old are written with: TAP, VFDs by ioctl, faults
 * and signals; and what both of them try.
 */
#ifndef MODULE_TEST_H
#define MODULE_TEST_H

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "virtio-wl.h"
#include "virtwl.h"

static_assert(VIRTWL_IOCTL_NEW == 0xc0307700, "historic ABI");
static_assert(VIRTWL_IOCTL_SEND == 0x80747701, "historic ABI");
static_assert(VIRTWL_IOCTL_RECV == 0x40747702, "historic ABI");
static_assert(VIRTWL_IOCTL_DMABUF_SYNC == 0x80047703, "historic ABI");

#define PAGE	4096
#define DRIVER	"/sys/bus/virtio/drivers/virtio_wl/"

static int test_count;
static int failures;
static int node = -1;
static int listener = -1;

static inline bool
check(bool good, const char *name)
{
	int err = errno;

	printf("%s %d - %s\n", good ? "ok" : "not ok", ++test_count, name);
	if (!good) {
		printf("# errno %d (%s)\n", err, strerror(err));
		failures++;
	}
	fflush(stdout);
	errno = 0;
	return good;
}

static inline void
must(bool good, const char *name)
{
	if (!good) {
		check(false, name);
		printf("Bail out! %s\n", name);
		exit(1);
	}
}

/*
 * What the library will do with the ioctls
 */

static inline int
vfd_new(uint32_t type, const char *name, uint32_t size)
{
	struct virtwl_ioctl_new new = { .type = type, .fd = -1 };

	if (name != NULL) {
		snprintf(new.name, sizeof(new.name), "%s", name);
	} else {
		new.size = size;
	}
	return ioctl(node, VIRTWL_IOCTL_NEW, &new) < 0 ? -1 : new.fd;
}

static inline ssize_t
vfd_send(int vfd, const void *data, size_t len, int *fds, uint32_t fd_count,
	uint32_t flags)
{
	struct iovec iov = { (void *)data, len };
	struct virtwl_ioctl_msg msg = {
		.iov = (uintptr_t)&iov,
		.iov_count = 1,
		.fds = (uintptr_t)fds,
		.fd_count = fd_count,
		.flags = flags,
	};

	return ioctl(vfd, VIRTWL_IOCTL_SENDMSG, &msg);
}

static inline ssize_t
vfd_recv(int vfd, void *data, size_t len, int *fds, uint32_t *fd_count,
	uint32_t *flags)
{
	struct iovec iov = { data, len };
	struct virtwl_ioctl_msg msg = {
		.iov = (uintptr_t)&iov,
		.iov_count = 1,
		.fds = (uintptr_t)fds,
		.fd_count = fd_count != NULL ? *fd_count : 0,
		.flags = flags != NULL ? *flags : 0,
	};
	ssize_t ret = ioctl(vfd, VIRTWL_IOCTL_RECVMSG, &msg);

	if (fd_count != NULL) {
		*fd_count = ret < 0 ? 0 : msg.fd_count;
	}
	if (flags != NULL) {
		*flags = ret < 0 ? 0 : msg.flags;
	}
	return ret;
}

static inline uint32_t
vfd_flags(int vfd)
{
	struct virtwl_ioctl_info info;

	return ioctl(vfd, VIRTWL_IOCTL_INFO, &info) < 0 ? 0 : info.vfd_flags;
}

static inline int
vfd_shutdown(int vfd, uint32_t how)
{
	struct virtwl_ioctl_shutdown shut = { .how = how };

	return ioctl(vfd, VIRTWL_IOCTL_SHUTDOWN, &shut);
}

static inline short
poll_now(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return poll(&pfd, 1, 0) < 0 ? 0 : pfd.revents;
}

/* Wait for one of @events; 0 if nothing comes for very long. */
static inline short
poll_for(int fd, short events)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return poll(&pfd, 1, 20000) < 0 ? 0 : pfd.revents;
}

/* Two ends of one connection, by way of the host. */
static inline void
make_pair(int ends[2])
{
	uint32_t count = 1;
	char peer[128];

	ends[0] = vfd_new(VIRTWL_IOCTL_NEW_CTX, NULL, 0);
	must(ends[0] >= 0, "a connection is made");
	must(vfd_recv(listener, peer, sizeof(peer), &ends[1], &count, NULL)
			== sizeof(peer) && count == 1,
		"a connection is accepted");
}

static inline void
close_pair(int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

/* Pass @fd over a connection and take what arrives. */
static inline int
pass(const int ends[2], int fd)
{
	uint32_t count = 1;
	int got = -1;
	char byte;

	if (vfd_send(ends[0], "x", 1, &fd, 1, 0) != 1
			|| vfd_recv(ends[1], &byte, 1, &got, &count, NULL) != 1
			|| count != 1) {
		return -1;
	}
	return got;
}

static inline void *
map(int fd, size_t size, int prot, int flags, off_t offset)
{
	return mmap(NULL, size, prot, flags, fd, offset);
}

/*
 * Faults and signals
 */

static sigjmp_buf fault_jump;
static volatile sig_atomic_t signals;

static inline void
handle_fault(int sig)
{
	siglongjmp(fault_jump, sig);
}

static inline void
handle_signal(int sig)
{
	(void)sig;
	signals = signals + 1;
}

/* Whether touching a byte is SIGBUS. */
static inline bool
is_fault(volatile char *at)
{
	struct sigaction action = { .sa_handler = handle_fault }, old;
	volatile bool fault = true;

	sigaction(SIGBUS, &action, &old);
	if (sigsetjmp(fault_jump, 1) == 0) {
		(void)*at;
		fault = false;
	}
	sigaction(SIGBUS, &old, NULL);
	return fault;
}

/* Signals that interrupt, and do not restart, what the process waits for. */
static inline void
catch_signal(int sig)
{
	struct sigaction action = { .sa_handler = handle_signal };

	sigaction(sig, &action, NULL);
}

/*
 * The driver
 */

static inline bool
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text))
		== (ssize_t)strlen(text);

	close(fd);
	return good;
}

/* The device's name on the virtio bus. */
static inline void
find_device(char *ret_name, size_t size)
{
	DIR *dir = opendir(DRIVER);
	struct dirent *entry;

	ret_name[0] = '\0';
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, "virtio", 6) == 0) {
			snprintf(ret_name, size, "%.*s", (int)size - 1,
				entry->d_name);
		}
	}
	if (dir != NULL) {
		closedir(dir);
	}
}

static inline void
open_node(void)
{
	node = open("/dev/wl0", O_RDWR | O_CLOEXEC);
	must(node >= 0, "the node opens");
}

/*
 * Children
 */

/* A child that ends with 0 if @run is true. */
static inline pid_t
spawn(bool (*run)(int fd), int fd)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0, "a child");
	if (pid == 0) {
		alarm(60);
		_exit(run(fd) ? 0 : 1);
	}
	return pid;
}

static inline bool
is_success(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status)
		&& WEXITSTATUS(status) == 0;
}

static inline bool
is_killed(pid_t pid, int sig)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status)
		&& WTERMSIG(status) == sig;
}

/*
 * For devices of every kind
 */

#define BULK_SIZE (4 << 20)

static inline uint32_t
bulk_next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state;
}

static inline bool
bulk_send(int fd)
{
	static uint32_t words[10000];
	uint32_t state = 1;

	for (size_t left = BULK_SIZE; left > 0;) {
		size_t len = left < sizeof(words) ? left : sizeof(words);
		for (size_t i = 0; i < len / 4; i++) {
			words[i] = bulk_next(&state);
		}
		if (write(fd, words, len) != (ssize_t)len) {
			return false;
		}
		left -= len;
	}
	return true;
}

static inline bool
bulk_recv(int fd)
{
	static char buf[50000];
	uint32_t state = 1, word = 0;
	size_t total = 0;
	ssize_t n;

	while (total < BULK_SIZE && (n = read(fd, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++, total++) {
			if (total % 4 == 0) {
				word = bulk_next(&state);
			}
			if ((char)(word >> total % 4 * 8) != buf[i]) {
				return false;
			}
		}
	}
	return total == BULK_SIZE;
}

static inline void
test_ids(void)
{
	bool good = true;

	for (int i = 0; i < VIRTIO_WL_GUEST_ID_MAX + 100 && good; i++) {
		int fd = vfd_new(VIRTWL_IOCTL_NEW_PIPE_READ, NULL, 0);
		good = fd >= 0;
		close(fd);
	}
	check(good, "ids can be used again after closing");
}

#endif
