/* SPDX-License-Identifier: MIT */
#include "echo-device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "../lib/must.h"
#include "util/fd.h"

/* A control element whose map is under way. */
struct pending {
	struct echo_device *device;
	struct vub_element *element;
	unsigned stops;		/* of the device, when it was asked */
};

static void
echo(struct echo_device *device, struct vub_element *element)
{
	struct vub_reader reader = vub_element_reader(element);
	struct vub_writer writer = vub_element_writer(element);
	char bytes[4096];
	while (reader.left > 0 && writer.left > 0) {
		size_t len = reader.left < writer.left
			? reader.left : writer.left;
		len = len < sizeof(bytes) ? len : sizeof(bytes);
		must(vub_reader_copy(&reader, bytes, len) == 0);
		must(vub_writer_copy(&writer, bytes, len) == 0);
	}
	vub_queue_push(vub_session_queue(device->session, ECHO_QUEUE), element,
		(uint32_t)writer.written);
	atomic_fetch_add(&device->echoed, 1);
}

static void
answer(struct echo_device *device, struct vub_element *element, int result)
{
	struct vub_writer writer = vub_element_writer(element);
	int32_t wire = result;
	vub_writer_copy(&writer, &wire, sizeof(wire));
	vub_queue_push(vub_session_queue(device->session, ECHO_CONTROL),
		element, (uint32_t)writer.written);
}

static void
handle_shmem(void *data, int r)
{
	struct pending *pending = data;
	if (r < 0) {
		atomic_fetch_add(&pending->device->failed, 1);
	}
	/* Else its queue has stopped meanwhile: the element is void. */
	if (pending->stops == atomic_load(&pending->device->stops)) {
		answer(pending->device, pending->element, r);
	}
	free(pending);
}

static int
map(struct echo_device *device, const struct echo_control *control,
	struct pending *pending)
{
	int fd = fd_memfd("echo", control->len, 0);
	if (fd < 0) {
		return fd;
	}
	must(pwrite(fd, "mapped", 6, 0) == 6);
	int r = vub_session_shmem_map(device->session, ECHO_REGION,
		control->shm_offset, fd, 0, control->len, handle_shmem,
		pending);
	fd_close(&fd);
	return r;
}

static void
control(struct echo_device *device, struct vub_element *element)
{
	struct vub_reader reader = vub_element_reader(element);
	struct echo_control control;
	if (vub_reader_copy(&reader, &control, sizeof(control)) < 0) {
		answer(device, element, -EPROTO);
		return;
	}
	if (control.op == ECHO_HOLD) {
		return;
	}
	struct pending *pending = malloc(sizeof(*pending));
	*pending = (struct pending){ device, element,
		atomic_load(&device->stops) };
	int r = control.op == ECHO_MAP ? map(device, &control, pending)
		: vub_session_shmem_unmap(device->session, ECHO_REGION,
			control.shm_offset, control.len, handle_shmem, pending);
	if (r < 0) {
		free(pending);
		answer(device, element, r);
	}
}

static void
handle_queue_ready(void *data, unsigned index)
{
	struct echo_device *device = data;
	struct vub_queue *queue = vub_session_queue(device->session, index);
	struct vub_element *element;
	while (vub_queue_pop(queue, &element) == 1) {
		if (index == ECHO_QUEUE) {
			echo(device, element);
		} else {
			control(device, element);
		}
	}
}

static void
handle_features(void *data, uint64_t features)
{
	(void)data;
	/* Of the device type's own bits. */
	must((features & 0xffffff & ~ECHO_FEATURE) == 0);
}

static void
handle_queue_stopped(void *data, unsigned index)
{
	struct echo_device *device = data;
	must(index < ECHO_QUEUES);
	device->control_stops += index == ECHO_CONTROL;
	atomic_fetch_add(&device->stops, 1);
}

static void
handle_reset(void *data)
{
	struct echo_device *device = data;
	atomic_fetch_add(&device->resets, 1);
}

static void
handle_get_config(void *data, uint32_t offset, void *dst, uint32_t len)
{
	(void)data;
	uint32_t config = ECHO_CONFIG;
	must(offset <= sizeof(config) && len <= sizeof(config) - offset);
	memcpy(dst, (const char *)&config + offset, len);
}

static void
handle_closed(void *data, int reason)
{
	struct echo_device *device = data;
	device->reason = reason;
	loop_quit(device->loop, 0);
}

static void
handle_quit(void *data, uint32_t revents)
{
	struct echo_device *device = data;
	(void)revents;
	loop_quit(device->loop, 0);
}

static void *
run(void *data)
{
	struct echo_device *device = data;
	must(loop_run(device->loop) == 0);
	vub_session_destroy(device->session);
	loop_destroy(device->loop);
	fd_close(&device->quit_fd);
	return NULL;
}

void
echo_device_start(struct echo_device *device, int take_sock)
{
	memset(device, 0, sizeof(*device));
	device->offer = (struct vub_device){
		.features = ECHO_FEATURE,
		.num_queues = ECHO_QUEUES,
		.config_size = sizeof(uint32_t),
		.shmem_sizes[ECHO_REGION] = ECHO_REGION_BYTES,
		.features_set = handle_features,
		.queue_ready = handle_queue_ready,
		.queue_stopped = handle_queue_stopped,
		.reset = handle_reset,
		.get_config = handle_get_config,
		.closed = handle_closed,
	};
	device->quit_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	must(device->quit_fd >= 0);
	must(loop_create(&device->loop) == 0);
	must(loop_add_fd(device->loop, device->quit_fd, EPOLLIN, handle_quit,
		device, &device->quit_source) == 0);
	must(vub_session_create(device->loop, take_sock, &device->offer, device,
		&device->session) == 0);
	must(pthread_create(&device->thread, NULL, run, device) == 0);
}

int
echo_device_join(struct echo_device *device)
{
	must(pthread_join(device->thread, NULL) == 0);
	return device->reason;
}

void
echo_device_stop(struct echo_device *device)
{
	uint64_t one = 1;
	must(write(device->quit_fd, &one, sizeof(one)) == sizeof(one));
	echo_device_join(device);
}
