/* SPDX-License-Identifier: MIT */
/*
 * snd-liar - a guest that means harm to the others' sound
 *
 *   snd-liar requests SOCKET   requests that are refused, without a pause
 *   snd-liar streams SOCKET    streams that start and end, each in another format
 *   snd-liar buffers SOCKET    buffers for no stream, and of a single frame
 *   snd-liar broken SOCKET     sessions that end with a broken ring
 *
 * Says "lies" when it has begun, and goes on until it is told to end.
 */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "../lib/lying-frontend.h"
#include "../lib/must.h"
#include "../lib/snd-guest.h"

#define FRAME 4u
#define PERIOD (480u * FRAME)

static void
begun(void)
{
	puts("lies");
	fflush(stdout);
}

static void
send_bad_requests(const char *path)
{
	struct snd_guest guest;
	snd_guest_connect(&guest, path);
	begun();
	for (uint32_t i = 0;; i++) {
		must(snd_guest_command(&guest, i % 0x200, UINT32_MAX - i)
			!= VIRTIO_SND_S_OK);
	}
}

static void
set_and_prepare(struct snd_guest *guest, uint8_t rate, uint8_t channels)
{
	uint32_t bytes = 480u * 2 * channels;
	must(snd_guest_set_params(guest, 0, VIRTIO_SND_PCM_FMT_S16, rate,
		channels, bytes, 4 * bytes) == VIRTIO_SND_S_OK);
	must(snd_guest_command(guest, VIRTIO_SND_R_PCM_PREPARE, 0)
		== VIRTIO_SND_S_OK);
}

static void
make_streams(const char *path)
{
	struct snd_guest guest;
	snd_guest_connect(&guest, path);
	begun();
	for (unsigned i = 0;; i++) {
		set_and_prepare(&guest, i % 4 < 2 ? VIRTIO_SND_PCM_RATE_44100
			: VIRTIO_SND_PCM_RATE_48000, (uint8_t)(1 + i % 2));
		must(snd_guest_command(&guest, VIRTIO_SND_R_PCM_START, 0)
			== VIRTIO_SND_S_OK);
		must(snd_guest_command(&guest, VIRTIO_SND_R_PCM_STOP, 0)
			== VIRTIO_SND_S_OK);
		must(snd_guest_command(&guest, VIRTIO_SND_R_PCM_RELEASE, 0)
			== VIRTIO_SND_S_OK);
	}
}

static void
send_buffers(const char *path)
{
	struct snd_guest guest;
	static const uint8_t sound[PERIOD];
	unsigned waiting = 0;
	snd_guest_connect(&guest, path);
	set_and_prepare(&guest, VIRTIO_SND_PCM_RATE_48000, 2);
	must(snd_guest_command(&guest, VIRTIO_SND_R_PCM_START, 0)
		== VIRTIO_SND_S_OK);
	begun();
	for (;;) {
		/* As many as the ring takes, half of them for nobody. */
		for (; waiting < SND_GUEST_SLOTS; waiting++) {
			snd_guest_play(&guest, waiting % 2 == 0 ? 0 : 77,
				sound, FRAME);
		}
		snd_guest_await(&guest);
		waiting--;
	}
}

static void
break_rings(const char *path)
{
	for (unsigned i = 0;; i++) {
		int sock = fd_connect(path);
		must(sock >= 0);
		struct liar *liar = liar_create(sock);
		unsigned queue = i % 2 == 0 ? SND_GUEST_CONTROL : SND_GUEST_TX;
		liar->queues = SND_GUEST_QUEUES;
		liar->protocol_features = VUB_BIT(VUB_PROTOCOL_F_MQ)
			| VUB_BIT(VUB_PROTOCOL_F_REPLY_ACK);
		liar_start(liar, LIAR_ALL_STEPS);
		liar_put_desc(liar_desc(liar, queue, 0), liar_gpa(LIAR_BUFFERS),
			UINT32_MAX, VUB_DESC_F_NEXT, 0);
		liar_offer(liar, queue, 0);
		liar_kick(liar, queue);
		liar_await_end(liar);
		liar_destroy(liar);
		if (i == 0) {
			begun();
		}
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*lie)(const char *path);
	} modes[] = {
		{ "requests", send_bad_requests },
		{ "streams", make_streams },
		{ "buffers", send_buffers },
		{ "broken", break_rings },
	};
	must(argc == 3);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(argv[1], modes[i].name) == 0) {
			modes[i].lie(argv[2]);
		}
	}
	return 2;
}
