/* SPDX-License-Identifier: MIT */
/*
 * wlbridge-snd - the sound device of one VM
 *
 * Reads its command line, takes what it inherits, and serves front-ends one
 * after the other until it is told to go.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device.h"
#include "options.h"
#include "orders.h"
#include "priority.h"
#include "sandbox.h"
#include "util/fd.h"
#include "util/loop.h"

#define BACKLOG 1	/* front-ends that wait for the one being served */

struct program {
	struct loop *loop;
	struct vsnd_sink *sink;
	struct vsnd_device *device;
	struct vsnd_priority *priority;
	struct vsnd_status_page *status;
	struct vsnd_status_page own_status;
	int control_fd;
	struct loop_source *control;
};

static void
print_capabilities(void)
{
	printf("{\n  \"type\": \"snd\",\n  \"formats\": [");
	for (unsigned i = 0; vsnd_format_at(i) != NULL; i++) {
		printf("%s\"%s\"", i > 0 ? ", " : "", vsnd_format_at(i)->name);
	}
	printf("],\n  \"rates\": [");
	for (unsigned i = 0; vsnd_rate_at(i) != NULL; i++) {
		printf("%s%u", i > 0 ? ", " : "",
			(unsigned)vsnd_rate_at(i)->hz);
	}
	printf("],\n  \"channels\": %d\n}\n", VSND_CHANNELS_MAX);
}

static int
complain(const char *what, int r)
{
	log_error("%s: %s", what, strerror(-r));
	return r;
}

static int
map_status(struct program *program, int take_fd)
{
	void *page = mmap(NULL, VSND_STATUS_SIZE, PROT_READ | PROT_WRITE,
		MAP_SHARED, take_fd, 0);
	int r = page == MAP_FAILED ? -errno : 0;
	fd_close(&take_fd);
	if (r == 0) {
		program->status = page;
	}
	return r;
}

/* The socket that front-ends connect to, or -errno. */
static int
listening_socket(const struct vsnd_options *options)
{
	if (options->fd < 0) {
		return fd_listen(options->socket_path, BACKLOG);
	}
	if (fcntl(options->fd, F_SETFD, FD_CLOEXEC) < 0) {
		return -errno;
	}
	int r = fd_set_nonblock(options->fd);
	return r < 0 ? r : options->fd;
}

static void
obey(struct program *program, const struct vsnd_order *order)
{
	struct vsnd_sink *sink = program->sink;
	if (order->code == VSND_ORDER_MIC && order->value <= 1) {
		vsnd_device_allow_mic(program->device, order->value == 1);
	} else if (order->code == VSND_ORDER_MUTE && order->value <= 1) {
		log_info("%s", order->value == 1 ? "muted" : "no longer muted");
		sink->ops->set_mute(sink, order->value == 1);
	} else if (order->code == VSND_ORDER_VOLUME
			&& order->value <= VSND_VOLUME_MAX) {
		log_info("volume %u.%03u", order->value / 1000,
			order->value % 1000);
		sink->ops->set_volume(sink, (float)order->value / 1000.0f);
	} else {
		log_warn("order %u %u: not known", order->code, order->value);
	}
}

static void
handle_control(void *data, uint32_t revents)
{
	struct program *program = data;
	struct vsnd_order order;
	(void)revents;
	ssize_t n = recv(program->control_fd, &order, sizeof(order),
		MSG_DONTWAIT);
	if (n == (ssize_t)sizeof(order)) {
		obey(program, &order);
	} else if (n == 0) {
		/* Nobody can give orders any more; what was ordered holds. */
		loop_clear(&program->control);
	}
}

static int
watch_control(struct program *program, int fd)
{
	if (fd < 0) {
		return 0;
	}
	program->control_fd = fd;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
		return -errno;
	}
	return loop_add_fd(program->loop, fd, EPOLLIN, handle_control, program,
		&program->control);
}

static void
handle_term(void *data)
{
	loop_quit(data, 0);
}

static int
enter_sandbox(const struct vsnd_options *options)
{
#ifdef VSND_HAVE_SANDBOX
	if (options->sandbox) {
		int r = vsnd_sandbox_enter();
		return r < 0 ? complain("the sandbox", r) : 0;
	}
#endif
	if (options->sandbox) {
		log_warn("built without a sandbox: a guest that broke this "
			"device could do what our user may");
	} else {
		log_info("told to run without a sandbox");
	}
	return 0;
}

static int
serve(struct program *program, const struct vsnd_options *options)
{
	int r;
	program->status = &program->own_status;
	if (options->status_fd >= 0) {
		r = map_status(program, options->status_fd);
		if (r < 0) {
			return complain("--status-fd", r);
		}
	}
	int fd = listening_socket(options);
	if (fd < 0) {
		return complain("the vhost-user socket", fd);
	}
	vsnd_status_init(program->status);
	r = vsnd_priority_create(program->loop, program->status,
		&program->priority);
	if (r < 0) {
		fd_close(&fd);
		return complain("the priority", r);
	}
	r = vsnd_pipewire_create(program->loop, &options->identity,
		program->status, &program->sink);
	if (r < 0) {
		fd_close(&fd);
		return complain("PipeWire", r);
	}
	r = vsnd_device_create(program->loop, fd, &options->layout,
		program->sink, VSND_STALL_MS, program->status,
		&program->device);
	if (r < 0) {
		return complain("the vhost-user socket", r);
	}
	vsnd_device_allow_mic(program->device, options->mic);
	r = watch_control(program, options->control_fd);
	if (r < 0) {
		return complain("--control-fd", r);
	}
	r = vsnd_priority_take(program->priority);
	if (r < 0) {
		return complain("a budget for the priority", r);
	}
	r = enter_sandbox(options);
	return r < 0 ? r : loop_run(program->loop);
}

static int
run(struct loop *loop, const struct vsnd_options *options)
{
	struct loop_source *term, *interrupt;
	struct program program = { .loop = loop };
	int r = loop_add_signal(loop, SIGTERM, handle_term, loop, &term);
	if (r == 0) {
		r = loop_add_signal(loop, SIGINT, handle_term, loop,
			&interrupt);
	}
	if (r == 0) {
		r = serve(&program, options);
	}
	loop_clear(&program.control);
	vsnd_device_destroy(program.device);
	if (program.sink != NULL) {
		program.sink->ops->destroy(program.sink);
	}
	vsnd_priority_destroy(program.priority);
	return r;
}

int
main(int argc, char **argv)
{
	struct vsnd_options options;
	int r = vsnd_options_parse(argc, argv, &options);
	if (r != 0) {
		return r < 0 ? 2 : 0;
	}
	if (options.print_capabilities) {
		print_capabilities();
		return 0;
	}
	char name[80];
	snprintf(name, sizeof(name), "wlbridge-snd %s",
		options.identity.vm_name);
	log_init(name, options.log_level);

	struct loop *loop;
	r = loop_create(&loop);
	if (r == 0) {
		r = run(loop, &options);
		loop_destroy(loop);
	}
	return r < 0 ? 1 : 0;
}
