/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Control and data queues are kicked one by one and race. What a guest put into
 * a data queue before it sent a command belongs before that command, so the
 * data queues are emptied into their streams first.
 *
 * Elements of streams that play stay with us until their time is over; all
 * others go back at once. A guest can refill a queue as fast as we empty it, so
 * one turn of the loop takes a queue's length and the next turn the rest.
 *
 * A VM that is paused has its queues stopped, and goes on with the buffers it
 * had: they come again, for they were not completed. Meanwhile its streams are
 * idle (a microphone is not heard). Only a reset ends them.
 */
#include "device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vhost-user/program.h>

#include "buffer.h"
#include "request.h"
#include "util/fd.h"
#include "util/loop.h"

#define ELEMENTS_PER_TURN 256
#define CTLS (UINT64_C(1) << VIRTIO_SND_F_CTLS)

struct vsnd_pcm *
vsnd_device_pcm(struct vsnd_device *device, uint32_t id)
{
	return id < device->pcm_count ? &device->pcms[id] : NULL;
}

/* Bring the page up to date. */
static void
update_page(struct vsnd_device *device)
{
	struct vsnd_status_page *status = device->status;
	uint64_t played = 0, recorded = 0, stalls = 0;
	uint64_t missed = 0, late = 0, xruns = 0;
	uint32_t playing = 0, recording = 0;
	for (unsigned i = 0; i < device->pcm_count; i++) {
		const struct vsnd_pcm *pcm = &device->pcms[i];
		uint32_t runs = vsnd_pcm_is_running(pcm);
		stalls += pcm->counters.stalls;
		missed += pcm->counters.missed;
		late += pcm->counters.late;
		xruns += pcm->counters.xruns;
		if (pcm->capture) {
			recorded += pcm->counters.frames;
			recording += runs;
		} else {
			played += pcm->counters.frames;
			playing += runs;
		}
	}
	status->frames_played = played;
	status->frames_recorded = recorded;
	status->frames_missed = missed;
	status->stalls = stalls;
	status->frames_late = late;
	status->xruns = xruns;
	status->playing = playing;
	status->recording = recording;
}

static void
serve_transfer(struct vsnd_device *device, struct vub_queue *queue,
	struct vub_element *element, bool capture)
{
	struct vub_reader in = vub_element_reader(element);
	struct vub_writer out = vub_element_writer(element);
	struct vsnd_transfer transfer;
	int r = vsnd_transfer_decode(&in, &out, capture, &transfer);
	if (r == 0) {
		struct vsnd_pcm *pcm = vsnd_device_pcm(device,
			transfer.stream);
		r = pcm == NULL || pcm->capture != capture ? -EPROTO
			: vsnd_pcm_add(pcm, queue, element, &in, &out,
				transfer.bytes);
	}
	if (r < 0) {
		device->status->refused++;
		log_warn_limited(&device->log_limit,
			"a buffer of the guest refused: %s", strerror(-r));
		vsnd_element_complete(queue, element, out, 0,
			VIRTIO_SND_S_IO_ERR, 0);
	}
}

/* One turn's worth of a data queue. False: there may be more. */
static bool
drain_transfers(struct vsnd_device *device, unsigned index)
{
	struct vub_queue *queue = vub_session_queue(device->session, index);
	struct vub_element *element;
	for (unsigned n = 0; n < ELEMENTS_PER_TURN; n++) {
		if (vub_queue_pop(queue, &element) != 1) {
			return true;
		}
		serve_transfer(device, queue, element, index == VSND_QUEUE_RX);
	}
	return false;
}

static bool
drain_control(struct vsnd_device *device)
{
	struct vub_queue *queue = vub_session_queue(device->session,
		VSND_QUEUE_CONTROL);
	struct vub_element *element;
	for (unsigned n = 0; n < ELEMENTS_PER_TURN; n++) {
		if (!vub_queue_has_element(queue)) {
			break;
		}
		if (!drain_transfers(device, VSND_QUEUE_TX)
				|| !drain_transfers(device, VSND_QUEUE_RX)) {
			return false;
		}
		if (vub_queue_pop(queue, &element) != 1) {
			return true;
		}
		vsnd_control_serve(device, queue, element);
	}
	/* Popping nothing is what asks for the next kick. */
	if (vub_queue_pop(queue, &element) == 1) {
		vub_queue_unpop(queue, element);
		return false;
	}
	return true;
}

/* The streams whose buffers come by queue @index. */
static void
for_pcms_of(struct vsnd_device *device, unsigned index,
	void (*act)(struct vsnd_pcm *pcm))
{
	for (unsigned i = 0; i < device->pcm_count; i++) {
		struct vsnd_pcm *pcm = &device->pcms[i];
		if (index == (pcm->capture ? VSND_QUEUE_RX : VSND_QUEUE_TX)) {
			act(pcm);
		}
	}
}

static void
handle_queue_ready(void *data, unsigned index)
{
	struct vsnd_device *device = data;
	device->status->state = VSND_STATUS_RUNNING;
	bool done = true;
	for_pcms_of(device, index, vsnd_pcm_resume);
	if (index == VSND_QUEUE_CONTROL) {
		done = drain_control(device);
	} else if (index != VSND_QUEUE_EVENT) {
		done = drain_transfers(device, index);
	}
	if (!done) {
		device->more_queues |= 1u << index;
		loop_defer(device->more);
	}
	update_page(device);
}

static void
handle_more(void *data)
{
	struct vsnd_device *device = data;
	unsigned queues = device->more_queues;
	device->more_queues = 0;
	for (unsigned i = 0; i < VSND_QUEUES; i++) {
		if ((queues & 1u << i) != 0 && device->session != NULL) {
			handle_queue_ready(device, i);
		}
	}
}

static void
handle_queue_stopped(void *data, unsigned index)
{
	struct vsnd_device *device = data;
	device->more_queues &= ~(1u << index);
	for_pcms_of(device, index, vsnd_pcm_suspend);
	update_page(device);
}

static void
reset_pcms(struct vsnd_device *device)
{
	for (unsigned i = 0; i < device->pcm_count; i++) {
		vsnd_pcm_reset(&device->pcms[i]);
	}
	update_page(device);
}

static void
handle_reset(void *data)
{
	struct vsnd_device *device = data;
	reset_pcms(device);
	device->status->resets++;
	device->status->state = VSND_STATUS_CONNECTED;
}

static void
handle_features_set(void *data, uint64_t features)
{
	struct vsnd_device *device = data;
	device->has_controls = (features & CTLS) != 0;
}

static void
handle_get_config(void *data, uint32_t offset, void *dst, uint32_t len)
{
	struct vsnd_device *device = data;
	struct virtio_snd_config wire = vsnd_info_config(&device->layout);
	memcpy(dst, (const char *)&wire + offset, len);
}

static int
handle_begun(void *data, struct vub_session *session)
{
	struct vsnd_device *device = data;
	log_info("a front-end has come");
	device->session = session;
	device->status->sessions++;
	device->status->state = VSND_STATUS_CONNECTED;
	return 0;
}

static void
handle_ended(void *data, int reason)
{
	struct vsnd_device *device = data;
	vub_program_log_ended(reason);
	device->session = NULL;
	device->more_queues = 0;
	reset_pcms(device);
	device->status->state = VSND_STATUS_WAITING;
}

static const struct vub_server_ops server_ops = {
	.begun = handle_begun,
	.ended = handle_ended,
	.failed = vub_program_log_failed,
};

static void
handle_wake(void *data, uint32_t revents)
{
	struct vsnd_device *device = data;
	uint64_t count;
	(void)revents;
	ssize_t n = read(device->engine.wake_fd, &count, sizeof(count));
	(void)n;
	for (unsigned i = 0; i < device->pcm_count; i++) {
		vsnd_pcm_wake(&device->pcms[i]);
	}
	update_page(device);
}

static int
make_pcms(struct vsnd_device *device)
{
	unsigned playback = device->layout.playback_count;
	unsigned count = playback + device->layout.capture_count;
	for (unsigned i = 0; i < count; i++) {
		bool capture = i >= playback;
		int r = vsnd_pcm_init(&device->pcms[i], &device->engine,
			capture, capture ? i - playback : i);
		if (r < 0) {
			return r;
		}
		device->pcm_count++;
	}
	return 0;
}

static int
start_serving(struct vsnd_device *device, int take_fd)
{
	bool controls = device->layout.controls;
	const struct vub_device offer = {
		.features = controls ? CTLS : 0,
		.num_queues = VSND_QUEUES,
		/* The number of controls comes last, and only with them. */
		.config_size = controls ? sizeof(struct virtio_snd_config)
			: offsetof(struct virtio_snd_config, controls),
		.features_set = handle_features_set,
		.queue_ready = handle_queue_ready,
		.queue_stopped = handle_queue_stopped,
		.reset = handle_reset,
		.get_config = handle_get_config,
	};
	return vub_server_create(device->engine.loop, take_fd, &offer,
		&server_ops, device, &device->server);
}

int
vsnd_device_create(struct loop *loop, int take_fd,
	const struct vsnd_layout *layout, struct vsnd_sink *sink,
	unsigned stall_ms, struct vsnd_status_page *status,
	struct vsnd_device **ret)
{
	struct vsnd_device *device = calloc(1, sizeof(*device));
	if (device == NULL) {
		fd_close(&take_fd);
		return -ENOMEM;
	}
	device->layout = *layout;
	device->engine = (struct vsnd_engine) {
		.loop = loop,
		.sink = sink,
		.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.stall_ms = stall_ms,
	};
	device->status = status;
	int r = device->engine.wake_fd < 0 ? -errno : 0;
	if (r == 0) {
		r = loop_add_fd(loop, device->engine.wake_fd, EPOLLIN,
			handle_wake, device, &device->wake_source);
	}
	if (r == 0) {
		r = loop_add_deferred(loop, handle_more, device,
			&device->more);
	}
	if (r == 0) {
		r = make_pcms(device);
	}
	if (r == 0) {
		r = start_serving(device, fd_take(&take_fd));
	}
	if (r < 0) {
		fd_close(&take_fd);
		vsnd_device_destroy(device);
		return r;
	}
	*ret = device;
	return 0;
}

void
vsnd_device_destroy(struct vsnd_device *device)
{
	if (device == NULL) {
		return;
	}
	vub_server_destroy(device->server);
	for (unsigned i = 0; i < device->pcm_count; i++) {
		vsnd_pcm_finish(&device->pcms[i]);
	}
	loop_clear(&device->more);
	loop_clear(&device->wake_source);
	fd_close(&device->engine.wake_fd);
	free(device);
}

void
vsnd_status_init(struct vsnd_status_page *page)
{
	*page = (struct vsnd_status_page) {
		.magic = VSND_STATUS_MAGIC,
		.version = VSND_STATUS_VERSION,
		.state = VSND_STATUS_WAITING,
		.volume_permille = 1000,
		.priority = VSND_PRIORITY_NORMAL,
	};
}

void
vsnd_device_allow_mic(struct vsnd_device *device, bool allowed)
{
	for (unsigned i = 0; i < device->pcm_count; i++) {
		if (device->pcms[i].capture) {
			vsnd_pcm_allow(&device->pcms[i], allowed);
		}
	}
	if (device->status->mic != allowed) {
		device->status->mic = allowed;
		log_info("the microphone is %s", allowed ? "on" : "off");
	}
}
