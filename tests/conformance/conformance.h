/* SPDX-License-Identifier: MIT */
/*
 * conformance.h - the same questions to AF_UNIX and to every carrier
 *
 * A case gets connected descriptors and uses libvirtio_wl's calls on them, which
 * on real sockets are the real calls. It knows nothing of carriers; where two
 * carriers must be asked in different words (a pipe has two descriptors here
 * and one there) the provider has the words.
 */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>
#include <virtio_wl.h>

#ifdef CONFORMANCE_INTERPOSED
/* The same cases once more, in the words of a program that knows no VFDs. */
#define vwl_sendmsg sendmsg
#define vwl_recvmsg recvmsg
#define vwl_shutdown shutdown
#define vwl_close close
#endif

/* Connected to each other. */
struct pair {
	int a;
	int b;
};

/* A pipe: our end, and what to send so that somebody gets the other one. */
struct offer {
	int ours;
	int send;	/* may be @ours */
};

struct options {
	const char *carrier;	/* "unix", "vhost-user", "kernel" */
	bool two;		/* devices, back to back */
	const char *address;	/* of a device that runs; NULL: start one */
	const char *program;	/* wlbridge-wl, to be started */
	const char *connect;	/* names that lead to each other */
	const char *accept;
};

struct provider {
	/* What connects, and what accepts; NULL where there is none. */
	struct vwl_device *(*device)(void);
	struct vwl_device *(*far_device)(void);
	void (*start)(const struct options *options);
	void (*stop)(void);
	void (*connect)(struct pair *ret);
	/* The next connection; only where there is a device. */
	int (*accept)(int flags);
	/* Made by what connects: to be sent over the end "a" of a pair. */
	struct offer (*pipe)(enum vwl_direction direction);
	int (*memory)(size_t size);
	int (*snapshot)(const void *data, size_t size);
};

extern const struct provider provider_unix;
extern const struct provider provider_device;

/* The one under test. */
extern const struct provider *provider;
extern const struct options *options;

/* lib.c: for cases. All of them fail the test when something is wrong. */
struct pair
pair_open(void);

void
pair_close(struct pair *pair);

/* Close *@fd and make it -1. */
void
end(int *fd);

/* Done with what was offered, once it was sent. */
void
offer_sent(struct offer *offer);

/* Wait for any of @events (or HUP, ERR); what poll(2) said. */
short
await(int fd, short events);

/* What poll(2) says now, after everything that waits was worked on. */
short
now(int fd, short events);

void
send_text(int fd, const char *text);

ssize_t
send_fds(int fd, const char *text, const int *fds, size_t count, int flags);

/* Bytes; *@count: room, then what came. */
ssize_t
recv_fds(int fd, char *buf, size_t size, int *fds, size_t *count, int *flags);

/* Read exactly as much as @text has, and compare. */
void
expect_text(int fd, const char *text);

/* Read exactly @size bytes. */
void
recv_all(int fd, void *buf, size_t size);

void
expect_eof(int fd);

/* One descriptor, which came with @text. */
int
expect_fd(int fd, const char *text);

/* Byte @i of everything large here. */
uint8_t
pattern(size_t i);

extern const struct CMUnitTest stream_cases[];
extern const size_t stream_case_count;
extern const struct CMUnitTest wait_cases[];
extern const size_t wait_case_count;
extern const struct CMUnitTest fd_cases[];
extern const size_t fd_case_count;
extern const struct CMUnitTest end_cases[];
extern const size_t end_case_count;
extern const struct CMUnitTest pipe_cases[];
extern const size_t pipe_case_count;
extern const struct CMUnitTest memory_cases[];
extern const size_t memory_case_count;
extern const struct CMUnitTest own_cases[];
extern const size_t own_case_count;
extern const struct CMUnitTest device_cases[];
extern const size_t device_case_count;
extern const struct CMUnitTest relay_cases[];
extern const size_t relay_case_count;

/* Around each case: descriptors are counted. */
int
case_begin(void **state);

int
case_end(void **state);

#define CASE(name) cmocka_unit_test_setup_teardown(name, case_begin, case_end)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
