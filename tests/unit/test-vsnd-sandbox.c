/* SPDX-License-Identifier: MIT */
/* Each test runs in a child, since there is no way back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "audio/sandbox.h"
#include "sandboxed.h"
#include "util/fd.h"

static int
claim_nothing_is_left_to_attack_with(void)
{
	const char *const argv[] = { "/bin/true", NULL };
	const struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct sched_param priority = { 0 };
	struct rlimit limit;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const bool claims[] = {
		is_refused(execve(argv[0], (char **)argv, NULL)),
		is_refused(fork()),
		is_refused(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)),
		syscall(SYS_clone3, NULL, 0) < 0 && errno == ENOSYS,
		is_refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL)),
		is_refused(kill(getppid(), 0)),
		is_refused(socket(AF_INET, SOCK_STREAM, 0)),
		is_refused(socket(AF_VSOCK, SOCK_STREAM, 0)),
		is_refused(socket(AF_NETLINK, SOCK_RAW, 0)),
		is_refused(bind(fd, (const struct sockaddr *)&address,
			sizeof(sa_family_t))),
		is_refused(listen(fd, 1)),
		is_refused(open("/etc/passwd", O_RDONLY)),
		is_refused(open("/dev/null", O_RDWR)),
		is_refused(open("/tmp/x", O_CREAT | O_RDONLY, 0600)),
		is_refused(unlink("/nonexistent")),
		is_refused(chmod("/nonexistent", 0)),
		mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE
			| MAP_ANONYMOUS, -1, 0) == MAP_FAILED,
		is_refused(fcntl(0, F_SETOWN, 1)),
		/* Others' limits, niceness and turns are not ours to set. */
		is_refused(prlimit(getppid(), RLIMIT_RTTIME, NULL, &limit)),
		is_refused(setpriority(PRIO_PROCESS, (id_t)getppid(), 0)),
		is_refused(setpriority(PRIO_USER, 0, 0)),
		is_refused(sched_setscheduler(getppid(),
			SCHED_RR | SCHED_RESET_ON_FORK, &priority)),
		is_refused(sched_setscheduler(0, SCHED_RR, &priority)),
		is_refused(sched_setscheduler(0, SCHED_IDLE, &priority)),
		is_refused(sched_setscheduler(0, SCHED_DEADLINE, &priority)),
	};
	return FIRST_FALSE(claims);
}

static void *
be_a_thread(void *data)
{
	return data;
}

static int
claim_the_work_can_be_done(void)
{
	char byte = 'x';
	void *returned = NULL;
	pthread_t thread;
	const struct sched_param priority = { 0 };
	int fd = fd_memfd("sandbox", 4096, F_SEAL_SHRINK | F_SEAL_GROW);
	const bool claims[] = {
		fd >= 0,
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
			!= MAP_FAILED,
		pthread_create(&thread, NULL, be_a_thread, &byte) == 0,
		pthread_join(thread, &returned) == 0 && returned == &byte,
		eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) >= 0,
		timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC) >= 0,
		/* The priority goes, and may come back. */
		sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK,
			&priority) == 0,
		setpriority(PRIO_PROCESS, 0, 19) == 0,
		!is_refused(sched_setscheduler(0,
			SCHED_RR | SCHED_RESET_ON_FORK, &priority)),
		/* PipeWire may have ended, and come back. */
		fd_connect("/nonexistent") == -ENOENT,
	};
	return FIRST_FALSE(claims);
}

static void
a_guest_that_takes_over_can_open_execute_and_reach_nothing_new(void **state)
{
	(void)state;
	assert_int_equal(run_in_sandbox(vsnd_sandbox_enter,
		claim_nothing_is_left_to_attack_with), 0);
}

static void
what_serving_needs_still_works(void **state)
{
	(void)state;
	assert_int_equal(run_in_sandbox(vsnd_sandbox_enter,
		claim_the_work_can_be_done), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_guest_that_takes_over_can_open_execute_and_reach_nothing_new),
		cmocka_unit_test(what_serving_needs_still_works),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
