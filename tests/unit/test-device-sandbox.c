/* SPDX-License-Identifier: MIT */
/* Each test runs in a child, since there is no way back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandboxed.h"
#include "util/fd.h"
#include "virtio-wl/device/sandbox.h"

static int
claim_nothing_is_left_to_attack_with(void)
{
	const char *const argv[] = { "/bin/true", NULL };
	const bool claims[] = {
		is_refused(execve(argv[0], (char **)argv, NULL)),
		is_refused(syscall(SYS_clone, 17 /* SIGCHLD */, 0, 0, 0, 0)),
		is_refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL)),
		is_refused(socket(AF_INET, SOCK_STREAM, 0)),
		is_refused(socket(AF_VSOCK, SOCK_STREAM, 0)),
		is_refused(socket(AF_NETLINK, SOCK_RAW, 0)),
		is_refused(open("/dev/null", O_RDWR)),
		is_refused(open("/tmp", O_TMPFILE | O_WRONLY, 0600)),
		is_refused(open("/tmp/x", O_CREAT | O_RDONLY, 0600)),
		is_refused(unlink("/nonexistent")),
		is_refused(chmod("/nonexistent", 0)),
		is_refused(kill(getppid(), 0)),
		mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE
			| MAP_ANONYMOUS, -1, 0) == MAP_FAILED,
		is_refused(fcntl(0, F_SETOWN, 1)),
	};
	return FIRST_FALSE(claims);
}

static int
claim_the_work_can_be_done(void)
{
	int pair[2], ends[2];
	char byte = 'x';
	int fd = fd_memfd("sandbox", 4096, F_SEAL_SHRINK | F_SEAL_GROW);
	const bool claims[] = {
		fd >= 0,
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
			!= MAP_FAILED,
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			4096) == 0,
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0,
		pipe2(ends, O_CLOEXEC) == 0,
		fd_sendmsg(pair[0], &(struct iovec){ &byte, 1 }, 1, &fd, 1)
			== 1,
		fd_dup(pair[0]) >= 0,
		fd_connect("/nonexistent") == -ENOENT,
		open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0,
	};
	return FIRST_FALSE(claims);
}

static int
claim_no_path_leads_out(void)
{
	char cwd[64];
	const bool claims[] = {
		open("/etc/passwd", O_RDONLY) < 0 && errno == ENOENT,
		open("../etc/passwd", O_RDONLY) < 0 && errno == ENOENT,
		fd_connect("socket") >= 0,
		fd_connect("/socket") >= 0,
		is_refused(chroot("/")),
		getcwd(cwd, sizeof(cwd)) == NULL && errno == EPERM,
	};
	return FIRST_FALSE(claims);
}

static char confined_dir[] = "/tmp/sandbox-XXXXXX";

static int
enter_confined(void)
{
	return chdir(confined_dir) < 0 || vwl_sandbox_confine() < 0 ? -1
		: vwl_sandbox_enter();
}

static void
confined_no_path_leads_out_of_the_directory(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(confined_dir));
	char path[64];
	snprintf(path, sizeof(path), "%s/socket", confined_dir);
	int fd = fd_listen(path, 4);
	assert_true(fd >= 0);
	int r = run_in_sandbox(enter_confined, claim_no_path_leads_out);
	unlink(path);
	rmdir(confined_dir);
	fd_close(&fd);
	assert_int_equal(r, 0);
}

static void
inside_there_is_nothing_left_to_attack_with(void **state)
{
	(void)state;
	assert_int_equal(run_in_sandbox(vwl_sandbox_enter,
		claim_nothing_is_left_to_attack_with), 0);
}

static void
inside_the_work_can_be_done(void **state)
{
	(void)state;
	assert_int_equal(run_in_sandbox(vwl_sandbox_enter,
		claim_the_work_can_be_done), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inside_there_is_nothing_left_to_attack_with),
		cmocka_unit_test(inside_the_work_can_be_done),
		cmocka_unit_test(confined_no_path_leads_out_of_the_directory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
