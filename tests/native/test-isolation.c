/* SPDX-License-Identifier: MIT */
/*
 * What one VM does is no other VM's business. Three client VMs show on one
 * compositor VM, each with its own wlbridge-wl; programs of ours play all four.
 * The test itself is the client in VM "web", whose messages must all come back,
 * and about as fast as when it was alone. A device that waited for a stuck peer
 * would not answer at all, and that is what the limit on time is there for;
 * what the times really were is printed.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <virtio_wl.h>

#include <cmocka.h>

#include "../lib/device-run.h"
#include "../lib/must.h"
#include "../lib/proc.h"
#include "gui-program.h"
#include "util/now.h"

#define ROUNDS		1000
#define FLOOD_TURNS	20	/* that a measurement has to see */
#define FLOOD_WIDTH	24	/* connections, and pieces, of one turn */
#define FLOOD_PIECE	((size_t)1 << 20)

/* A stuck client may have so much queued on its way, not more: the windows and
 * socket buffers of both ends, with room to spare. */
#define STUCK_BYTES_MAX	(8u << 20)

#define SLACK_NS	5000000u

enum { WEB, OTHER, FLOOD, CLIENTS };

static const char *const names[CLIENTS] = { "web", "other", "flood" };

struct world {
	struct device_run gui;
	struct device_run clients[CLIENTS];
	struct gui_shared *shared;
	pid_t gui_program;
	pid_t programs[CLIENTS];
	struct vwl_device *device;	/* of "web" */
	int fd;				/* its connection */
	uint64_t sequence;
};

/*
 * The other VMs' programs
 */

static struct vwl_device *
open_device(const struct device_run *run)
{
	struct vwl_device *device = vwl_device_open(run->address);
	must(device != NULL);
	return device;
}

static int
connect_as(struct vwl_device *device, char behaviour, int flags)
{
	int fd = vwl_connect(device, "", flags);
	if (fd >= 0 && vwl_write(fd, &behaviour, 1) != 1) {
		vwl_close(fd);
		return -1;
	}
	return fd;
}

static void
tell_ready(int fd)
{
	must(write(fd, "", 1) == 1);
}

static void
idle_program(struct world *world, int ready_fd)
{
	struct vwl_device *device = open_device(&world->clients[OTHER]);
	int fd = connect_as(device, GUI_ECHO, 0);
	char byte = 0;
	must(fd >= 0 && vwl_write(fd, &byte, 1) == 1);
	must(vwl_read(fd, &byte, 1) == 1);
	tell_ready(ready_fd);
	pause();
}

/* Asks for much, reads nothing, and sends what nobody reads. */
static void
stuck_program(struct world *world, int ready_fd)
{
	static const char bytes[4096];
	struct vwl_device *device = open_device(&world->clients[OTHER]);
	int fd = connect_as(device, GUI_FILL, SOCK_NONBLOCK);
	must(fd >= 0);
	struct pollfd polls[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = vwl_device_get_fd(device), .events = POLLIN },
	};
	while ((polls[0].revents & POLLIN) == 0) {
		must(poll(polls, 2, -1) > 0);
		must(vwl_device_dispatch(device) == 0);
	}
	while (vwl_write(fd, bytes, sizeof(bytes)) > 0) {
	}
	must(errno == EAGAIN);
	tell_ready(ready_fd);
	pause();
}

static void
flood_turn(struct vwl_device *device)
{
	static const char bytes[4096];
	int fds[2 * FLOOD_WIDTH];
	for (int i = 0; i < FLOOD_WIDTH; i++) {
		/* Refused is fine: asking is what costs. */
		fds[i] = connect_as(device, GUI_DRAIN, SOCK_NONBLOCK);
		if (fds[i] >= 0) {
			ssize_t n = vwl_write(fds[i], bytes, sizeof(bytes));
			(void)n;
		}
		fds[FLOOD_WIDTH + i] = vwl_memory(device, FLOOD_PIECE);
	}
	for (int i = 0; i < 2 * FLOOD_WIDTH; i++) {
		if (fds[i] >= 0) {
			vwl_close(fds[i]);
		}
	}
	must(vwl_device_dispatch(device) == 0);
}

static void
flood_program(struct world *world, int ready_fd)
{
	struct vwl_device *device = open_device(&world->clients[FLOOD]);
	flood_turn(device);
	tell_ready(ready_fd);
	for (;;) {
		flood_turn(device);
		atomic_fetch_add(&world->shared->flood_turns, 1);
	}
}

static void
run_gui(struct world *world, int ready_fd)
{
	gui_program(world->gui.address, world->shared, ready_fd);
}

/* Run @program in a process of its own and wait until it says it is ready. */
static pid_t
start(struct world *world, void (*program)(struct world *, int))
{
	int ready[2];
	must(pipe(ready) == 0);
	pid_t pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		close(ready[0]);
		program(world, ready[1]);
		_exit(EXIT_SUCCESS);
	}
	close(ready[1]);
	char byte;
	must(read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	return pid;
}

static void
stop(pid_t *pid)
{
	if (*pid != 0) {
		kill(*pid, SIGKILL);
		must(waitpid(*pid, NULL, 0) == *pid);
		*pid = 0;
	}
}

/*
 * Before and after each test
 */

static void
start_devices(struct world *world)
{
	char options[CLIENTS][128];
	const char *accepts[2 * CLIENTS + 1] = { NULL };
	device_run_init(&world->gui);
	for (int i = 0; i < CLIENTS; i++) {
		snprintf(options[i], sizeof(options[i]), "%s=%s/%s.sock",
			names[i], world->gui.dir, names[i]);
		accepts[2 * i] = "--accept";
		accepts[2 * i + 1] = options[i];
	}
	device_run_start(&world->gui, WLBRIDGE_WL, "gui", accepts);
	for (int i = 0; i < CLIENTS; i++) {
		char connect[128];
		const char *args[] = { "--connect", connect, NULL };
		snprintf(connect, sizeof(connect), "=%s/%s.sock",
			world->gui.dir, names[i]);
		device_run_init(&world->clients[i]);
		device_run_start(&world->clients[i], WLBRIDGE_WL, names[i],
			args);
	}
}

static int
setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	assert_non_null(world);
	world->shared = mmap(NULL, sizeof(*world->shared),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(world->shared != MAP_FAILED);
	start_devices(world);
	world->gui_program = start(world, run_gui);
	*state = world;
	return 0;
}

static int
teardown(void **state)
{
	struct world *world = *state;
	if (world->device != NULL) {
		vwl_close(world->fd);
		vwl_device_close(world->device);
	}
	for (int i = 0; i < CLIENTS; i++) {
		stop(&world->programs[i]);
		device_run_stop(&world->clients[i]);
	}
	stop(&world->gui_program);
	device_run_stop(&world->gui);
	munmap(world->shared, sizeof(*world->shared));
	free(world);
	return 0;
}

/*
 * The client in VM "web"
 */

static void
begin_echo(struct world *world)
{
	world->device = open_device(&world->clients[WEB]);
	world->fd = connect_as(world->device, GUI_ECHO, 0);
	assert_true(world->fd >= 0);
}

/* There and back again, the very message. */
static void
echo(struct world *world)
{
	uint64_t message[8] = { 0 };
	uint64_t answer[8];
	message[0] = ++world->sequence;
	assert_int_equal(vwl_write(world->fd, message, sizeof(message)),
		sizeof(message));
	for (size_t done = 0; done < sizeof(answer);) {
		ssize_t n = vwl_read(world->fd, (char *)answer + done,
			sizeof(answer) - done);
		assert_true(n > 0);
		done += (size_t)n;
	}
	assert_memory_equal(message, answer, sizeof(message));
}

static int
compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;
	return left < right ? -1 : left > right;
}

/* The median time of an echo, in nanoseconds. */
static uint64_t
measure(struct world *world, const char *name)
{
	static uint64_t times[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t begin = (uint64_t)now_ns();
		echo(world);
		times[i] = (uint64_t)now_ns() - begin;
	}
	qsort(times, ROUNDS, sizeof(times[0]), compare);
	printf("# echo, %-24s p50 %6.1f us, p99 %8.1f us\n", name,
		(double)times[ROUNDS / 2] / 1e3,
		(double)times[ROUNDS / 100 * 99] / 1e3);
	return times[ROUNDS / 2];
}

static void
check_not_slower(uint64_t before, uint64_t now)
{
	assert_in_range(now, 0, 5 * before + SLACK_NS);
}

/*
 * Tests
 */

static void
test_an_idle_device_sleeps_while_others_work(void **state)
{
	struct world *world = *state;
	world->programs[OTHER] = start(world, idle_program);
	begin_echo(world);
	pid_t idle = world->clients[OTHER].pid;
	do {
		echo(world);
	} while (!proc_sleeps(idle));

	long before = proc_switches(idle);
	measure(world, "beside an idle VM");
	assert_int_equal(proc_switches(idle), before);
}

static void
test_a_client_that_does_not_read_slows_no_other_vm(void **state)
{
	struct world *world = *state;
	begin_echo(world);
	uint64_t before = measure(world, "alone");
	world->programs[OTHER] = start(world, stuck_program);
	uint64_t beside;
	do {
		beside = measure(world, "beside a stuck client");
	} while (atomic_load(&world->shared->filled_bytes) == 0);

	check_not_slower(before, beside);
	assert_in_range(atomic_load(&world->shared->filled_bytes), 1,
		STUCK_BYTES_MAX);
}

static void
test_a_stuck_client_costs_its_device_no_time(void **state)
{
	struct world *world = *state;
	begin_echo(world);
	world->programs[OTHER] = start(world, stuck_program);
	pid_t stuck = world->clients[OTHER].pid;
	/*
	 * Both queues fill up, and then there is nothing left to do. That it does
	 * nothing is not enough: it may be waiting for a processor.
	 */
	long before;
	do {
		before = proc_switches(stuck);
		measure(world, "while the windows fill");
	} while (atomic_load(&world->shared->filled_bytes) == 0
		|| !proc_sleeps(stuck) || proc_switches(stuck) != before);
}

static void
test_a_flood_of_connections_and_memory_loses_no_message(void **state)
{
	struct world *world = *state;
	begin_echo(world);
	uint64_t before = measure(world, "alone");
	world->programs[OTHER] = start(world, stuck_program);
	world->programs[FLOOD] = start(world, flood_program);

	unsigned turns = atomic_load(&world->shared->flood_turns);
	uint64_t beside = 0;
	do {
		uint64_t now = measure(world, "beside stuck and flood");
		beside = now > beside ? now : beside;
	} while (atomic_load(&world->shared->flood_turns) - turns
		< FLOOD_TURNS);
	check_not_slower(before, beside);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_an_idle_device_sleeps_while_others_work,
			setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_client_that_does_not_read_slows_no_other_vm,
			setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_stuck_client_costs_its_device_no_time,
			setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_flood_of_connections_and_memory_loses_no_message,
			setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
