/* SPDX-License-Identifier: MIT */
/*
 * wlbridge-snd - the sound device of one VM
 *
 * Reads its command line, takes what it inherits, and serves front-ends one
 * after the other until it is told to go.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

#include "device.h"
#include "options.h"
#include "orders.h"
#include "priority.h"
#include "sandbox.h"
#include "util/fd.h"
#include "util/loop.h"

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

static void
obey(struct program *program, const struct vsnd_order *order)
{
	struct vsnd_sink *sink = program->sink;
	if (order->code == VSND_ORDER_MIC && order->value <= 1) {
		vsnd_device_allow_mic(program->device, order->value == 1);
	} else if (order->code == VSND_ORDER_MUTE && order->value <= 1) {
		sink->ops->set_mute(sink, order->value == 1);
		log_info("%s", order->value == 1 ? "muted" : "no longer muted");
	} else if (order->code == VSND_ORDER_VOLUME
			&& order->value <= VSND_VOLUME_MAX) {
		sink->ops->set_volume(sink, (float)order->value / 1000.0f);
		log_info("volume %u.%03u", order->value / 1000,
			order->value % 1000);
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

static int
enter_sandbox(const struct vsnd_options *options)
{
#ifdef VSND_HAVE_SANDBOX
	if (options->program.sandbox) {
		int r = vsnd_sandbox_enter();
		return r < 0 ? log_failure("the sandbox", r) : 0;
	}
#endif
	vub_program_log_no_sandbox(&options->program);
	return 0;
}

static int
serve(struct program *program, const struct vsnd_options *options)
{
	void *page = &program->own_status;
	int r = vub_program_map_status(&options->program, VSND_STATUS_SIZE,
		&page);
	if (r < 0) {
		return r;
	}
	program->status = page;
	int fd = vub_program_listen(&options->program);
	if (fd < 0) {
		return log_failure("the vhost-user socket", fd);
	}
	vsnd_status_init(program->status);
	r = vsnd_priority_create(program->loop, program->status,
		&program->priority);
	if (r < 0) {
		fd_close(&fd);
		return log_failure("the priority", r);
	}
	r = vsnd_pipewire_create(program->loop, &options->identity,
		program->status, &program->sink);
	if (r < 0) {
		fd_close(&fd);
		return log_failure("PipeWire", r);
	}
	r = vsnd_device_create(program->loop, fd, &options->layout,
		program->sink, VSND_STALL_MS, program->status,
		&program->device);
	if (r < 0) {
		return log_failure("the vhost-user socket", r);
	}
	vsnd_device_allow_mic(program->device, options->mic);
	r = watch_control(program, options->control_fd);
	if (r < 0) {
		return log_failure("--control-fd", r);
	}
	r = vsnd_priority_take(program->priority);
	if (r < 0) {
		return log_failure("a budget for the priority", r);
	}
	r = enter_sandbox(options);
	return r < 0 ? r : loop_run(program->loop);
}

static int
run(void *data, struct loop *loop)
{
	struct program program = { .loop = loop };
	int r = serve(&program, data);
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
	if (options.program.print_capabilities) {
		print_capabilities();
		return 0;
	}
	return vub_program_run("wlbridge-snd", &options.program, run,
		&options);
}
