/* SPDX-License-Identifier: MIT */
#include "snd-guest.h"

#include <endian.h>
#include <poll.h>
#include <string.h>

#include "must.h"
#include "util/now.h"

#define QUEUE_SIZE 64	/* as QEMU's vhost-user-snd-pci has */

/*
 * Memory: one slot for requests, then those of buffers. Each holds the header,
 * the sound, and the status; a request's answer lies where a status would.
 */
#define SLOT_BYTES (4 + SND_GUEST_SOUND_MAX + 4096)
#define SLOT_STATUS (4 + SND_GUEST_SOUND_MAX)
#define CONTROL_SLOT SND_GUEST_SLOTS
#define COOKIE_OF(slot) ((void *)((uintptr_t)(slot) + 1))
#define SLOT_OF(cookie) ((unsigned)((uintptr_t)(cookie) - 1))

void
snd_guest_connect_with(struct snd_guest *guest, const char *path,
	uint64_t features)
{
	const struct vub_frontend_options options = {
		.features = features,
		.num_queues = SND_GUEST_QUEUES,
		.queue_size = QUEUE_SIZE,
		.memory_size = (SND_GUEST_SLOTS + 1) * (size_t)SLOT_BYTES,
		.timeout_ms = SND_GUEST_PATIENCE_MS,
	};
	memset(guest, 0, sizeof(*guest));
	must(vub_frontend_connect(path, &options, &guest->frontend) == 0);
}

void
snd_guest_connect(struct snd_guest *guest, const char *path)
{
	snd_guest_connect_with(guest, path, 0);
}

void
snd_guest_disconnect(struct snd_guest *guest)
{
	vub_frontend_destroy(guest->frontend);
	guest->frontend = NULL;
}

static uint8_t *
slot_at(struct snd_guest *guest, unsigned slot)
{
	return (uint8_t *)vub_frontend_memory(guest->frontend)
		+ (size_t)slot * SLOT_BYTES;
}

/* False when nothing happened by then. */
static bool
await_device(struct snd_guest *guest, int64_t until_ms)
{
	int64_t left = until_ms - now_ms();
	struct pollfd pollfd = {
		.fd = vub_frontend_get_fd(guest->frontend),
		.events = POLLIN,
	};
	if (poll(&pollfd, 1, left > 0 ? (int)left : 0) != 1) {
		return false;
	}
	must(vub_frontend_dispatch(guest->frontend) == 0);
	return true;
}

uint32_t
snd_guest_request(struct snd_guest *guest, const void *request, size_t size,
	void *answer, size_t answer_size)
{
	struct vub_driver_queue *queue = vub_frontend_queue(guest->frontend,
		SND_GUEST_CONTROL);
	size_t base = CONTROL_SLOT * (size_t)SLOT_BYTES;
	uint8_t *slot = slot_at(guest, CONTROL_SLOT);
	memcpy(slot, request, size);
	memset(slot + SLOT_STATUS, 0xee, 4 + answer_size);
	const struct vub_span out = { base, (uint32_t)size };
	const struct vub_span in[] = {
		{ base + SLOT_STATUS, 4 },
		{ base + SLOT_STATUS + 4, (uint32_t)answer_size },
	};
	must(4 + answer_size <= SLOT_BYTES - SLOT_STATUS);
	must(vub_driver_add(queue, &out, 1, in, answer_size > 0 ? 2 : 1,
		COOKIE_OF(CONTROL_SLOT)) == 0);
	vub_driver_kick(queue);

	int64_t until = now_ms() + SND_GUEST_PATIENCE_MS;
	void *cookie;
	uint32_t written, status;
	while (vub_driver_take(queue, &cookie, &written) == 0) {
		must(await_device(guest, until));
	}
	must(cookie == COOKIE_OF(CONTROL_SLOT) && written >= 4);
	memcpy(&status, slot + SLOT_STATUS, 4);
	if (le32toh(status) == VIRTIO_SND_S_OK && answer_size > 0) {
		must(written == 4 + answer_size);
		memcpy(answer, slot + SLOT_STATUS + 4, answer_size);
	}
	return le32toh(status);
}

uint32_t
snd_guest_query(struct snd_guest *guest, uint32_t code, uint32_t start,
	uint32_t count, uint32_t item_bytes, void *items)
{
	const struct virtio_snd_query_info wire = {
		.hdr.code = htole32(code),
		.start_id = htole32(start),
		.count = htole32(count),
		.size = htole32(item_bytes),
	};
	return snd_guest_request(guest, &wire, sizeof(wire), items,
		(size_t)count * item_bytes);
}

uint32_t
snd_guest_set_params(struct snd_guest *guest, uint32_t stream, uint8_t format,
	uint8_t rate, uint8_t channels, uint32_t period_bytes,
	uint32_t buffer_bytes)
{
	const struct virtio_snd_pcm_set_params wire = {
		.hdr.hdr.code = htole32(VIRTIO_SND_R_PCM_SET_PARAMS),
		.hdr.stream_id = htole32(stream),
		.buffer_bytes = htole32(buffer_bytes),
		.period_bytes = htole32(period_bytes),
		.channels = channels,
		.format = format,
		.rate = rate,
	};
	return snd_guest_request(guest, &wire, sizeof(wire), NULL, 0);
}

uint32_t
snd_guest_command(struct snd_guest *guest, uint32_t code, uint32_t stream)
{
	const struct virtio_snd_pcm_hdr wire = {
		.hdr.code = htole32(code),
		.stream_id = htole32(stream),
	};
	return snd_guest_request(guest, &wire, sizeof(wire), NULL, 0);
}

uint32_t
snd_guest_get_control(struct snd_guest *guest, uint32_t id, uint32_t *ret)
{
	const struct virtio_snd_ctl_hdr wire = {
		.hdr.code = htole32(VIRTIO_SND_R_CTL_READ),
		.control_id = htole32(id),
	};
	struct virtio_snd_ctl_value value = { 0 };
	uint32_t status = snd_guest_request(guest, &wire, sizeof(wire), &value,
		sizeof(value));
	*ret = le32toh(value.value.integer[0]);
	return status;
}

uint32_t
snd_guest_set_control(struct snd_guest *guest, uint32_t id, uint32_t value)
{
	const struct {
		struct virtio_snd_ctl_hdr hdr;
		struct virtio_snd_ctl_value value;
	} wire = {
		.hdr.hdr.code = htole32(VIRTIO_SND_R_CTL_WRITE),
		.hdr.control_id = htole32(id),
		.value.value.integer[0] = htole32(value),
	};
	return snd_guest_request(guest, &wire, sizeof(wire), NULL, 0);
}

static unsigned
take_slot(struct snd_guest *guest, uint32_t stream, uint32_t bytes)
{
	unsigned slot = 0;
	while (guest->slots[slot].used) {
		slot++;
		must(slot < SND_GUEST_SLOTS);
	}
	must(bytes <= SND_GUEST_SOUND_MAX);
	guest->slots[slot].used = true;
	guest->slots[slot].number = guest->added++;
	guest->slots[slot].bytes = bytes;
	uint32_t wire = htole32(stream);
	memcpy(slot_at(guest, slot), &wire, 4);
	memset(slot_at(guest, slot) + SLOT_STATUS, 0xee, 8);
	return slot;
}

/* Up to three spans over the sound of a slot. Return: how many. */
static size_t
cut(size_t offset, uint32_t bytes, struct vub_span *spans)
{
	if (bytes < 16) {
		spans[0] = (struct vub_span){ offset, bytes };
		return 1;
	}
	uint32_t first = bytes / 3 | 1, second = bytes / 4 | 1;
	spans[0] = (struct vub_span){ offset, first };
	spans[1] = (struct vub_span){ offset + first, second };
	spans[2] = (struct vub_span){ offset + first + second,
		bytes - first - second };
	return 3;
}

unsigned
snd_guest_play(struct snd_guest *guest, uint32_t stream, const void *sound,
	uint32_t bytes)
{
	struct vub_driver_queue *queue = vub_frontend_queue(guest->frontend,
		SND_GUEST_TX);
	unsigned slot = take_slot(guest, stream, bytes);
	size_t base = slot * (size_t)SLOT_BYTES;
	memcpy(slot_at(guest, slot) + 4, sound, bytes);
	struct vub_span out[4] = { { base, 4 } };
	const struct vub_span in = { base + SLOT_STATUS, 8 };
	size_t count = 1 + (bytes > 0 ? cut(base + 4, bytes, out + 1) : 0);
	must(vub_driver_add(queue, out, count, &in, 1, COOKIE_OF(slot)) == 0);
	vub_driver_kick(queue);
	return guest->slots[slot].number;
}

unsigned
snd_guest_record(struct snd_guest *guest, uint32_t stream, uint32_t bytes)
{
	struct vub_driver_queue *queue = vub_frontend_queue(guest->frontend,
		SND_GUEST_RX);
	unsigned slot = take_slot(guest, stream, bytes);
	size_t base = slot * (size_t)SLOT_BYTES;
	memset(slot_at(guest, slot) + 4, 0xee, bytes);
	const struct vub_span out = { base, 4 };
	struct vub_span in[4];
	size_t count = bytes > 0 ? cut(base + 4, bytes, in) : 0;
	in[count++] = (struct vub_span){ base + SLOT_STATUS, 8 };
	must(vub_driver_add(queue, &out, 1, in, count, COOKIE_OF(slot)) == 0);
	vub_driver_kick(queue);
	return guest->slots[slot].number;
}

static void
fill_done(struct snd_guest *guest, unsigned slot, uint32_t written,
	struct snd_done *ret)
{
	struct virtio_snd_pcm_status wire;
	memcpy(&wire, slot_at(guest, slot) + SLOT_STATUS, sizeof(wire));
	must(written >= sizeof(wire));
	*ret = (struct snd_done) {
		.number = guest->slots[slot].number,
		.status = le32toh(wire.status),
		.latency_bytes = le32toh(wire.latency_bytes),
		.recorded = written - (uint32_t)sizeof(wire),
		.sound = slot_at(guest, slot) + 4,
	};
	guest->slots[slot].used = false;
}

bool
snd_guest_take(struct snd_guest *guest, int timeout_ms, struct snd_done *ret)
{
	int64_t until = now_ms() + timeout_ms;
	void *cookie;
	uint32_t written;
	do {
		for (unsigned i = SND_GUEST_TX; i <= SND_GUEST_RX; i++) {
			int r = vub_driver_take(vub_frontend_queue(
				guest->frontend, i), &cookie, &written);
			must(r >= 0);
			if (r == 1) {
				fill_done(guest, SLOT_OF(cookie), written,
					ret);
				return true;
			}
		}
	} while (await_device(guest, until));
	return false;
}

struct snd_done
snd_guest_await(struct snd_guest *guest)
{
	struct snd_done done;
	must(snd_guest_take(guest, SND_GUEST_PATIENCE_MS, &done));
	return done;
}
