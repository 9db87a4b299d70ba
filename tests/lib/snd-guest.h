/* SPDX-License-Identifier: MIT */
/*
 * snd-guest.h - a driver for virtio-snd, as far as a test wants one
 *
 * Over the vhost-user front-end. Buffers are cut at odd places, as Linux' are.
 * Everything waits at most SND_GUEST_PATIENCE_MS, and asserts on failure.
 */
#ifndef TESTS_SND_GUEST_H
#define TESTS_SND_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/virtio_snd.h>
#include <vhost-user/frontend.h>

#define SND_GUEST_PATIENCE_MS	10000
#define SND_GUEST_SLOTS		64
#define SND_GUEST_SOUND_MAX	(32 * 1024)	/* bytes of one buffer */

enum {
	SND_GUEST_CONTROL,
	SND_GUEST_EVENT,
	SND_GUEST_TX,
	SND_GUEST_RX,
	SND_GUEST_QUEUES,
};

/* A buffer that came back. */
struct snd_done {
	unsigned number;	/* as snd_guest_play() and _record() counted */
	uint32_t status;	/* VIRTIO_SND_S_* */
	uint32_t latency_bytes;
	uint32_t recorded;	/* by the used ring, without the status */
	const uint8_t *sound;	/* until the next one is added */
};

struct snd_guest {
	struct vub_frontend *frontend;
	struct {
		bool used;
		unsigned number;
		uint32_t bytes;
	} slots[SND_GUEST_SLOTS];
	unsigned added;
};

/* @features: what to take of the device's own, by bit, such as CTLS. */
void
snd_guest_connect_with(struct snd_guest *guest, const char *path,
	uint64_t features);

void
snd_guest_connect(struct snd_guest *guest, const char *path);

/* Twice is fine. */
void
snd_guest_disconnect(struct snd_guest *guest);

/*
 * Send @size bytes as a control request and wait for the answer. Return: the
 * VIRTIO_SND_S_* of the answer; what follows it is put into @answer, exactly
 * @answer_size bytes where that is S_OK.
 */
uint32_t
snd_guest_request(struct snd_guest *guest, const void *request, size_t size,
	void *answer, size_t answer_size);

/* JACK_INFO, PCM_INFO, CHMAP_INFO or CTL_INFO. */
uint32_t
snd_guest_query(struct snd_guest *guest, uint32_t code, uint32_t start,
	uint32_t count, uint32_t item_bytes, void *items);

uint32_t
snd_guest_set_params(struct snd_guest *guest, uint32_t stream, uint8_t format,
	uint8_t rate, uint8_t channels, uint32_t period_bytes,
	uint32_t buffer_bytes);

/* PREPARE, START, STOP, RELEASE. */
uint32_t
snd_guest_command(struct snd_guest *guest, uint32_t code, uint32_t stream);

/* CTL_READ and CTL_WRITE, of one value. */
uint32_t
snd_guest_get_control(struct snd_guest *guest, uint32_t id, uint32_t *ret);

uint32_t
snd_guest_set_control(struct snd_guest *guest, uint32_t id, uint32_t value);

/* Add a buffer to tx, or an empty one to rx. Return: its number. */
unsigned
snd_guest_play(struct snd_guest *guest, uint32_t stream, const void *sound,
	uint32_t bytes);

unsigned
snd_guest_record(struct snd_guest *guest, uint32_t stream, uint32_t bytes);

/* The next buffer that comes back within @timeout_ms. */
bool
snd_guest_take(struct snd_guest *guest, int timeout_ms, struct snd_done *ret);

/* The same, and it must come. */
struct snd_done
snd_guest_await(struct snd_guest *guest);

#endif
