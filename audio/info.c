/* SPDX-License-Identifier: MIT */
#include "info.h"

#include <endian.h>
#include <string.h>

/* Intel's "High Definition Audio", "Configuration Default": what a jack is. */
#define JACK_LINE_OUT	0x0u
#define JACK_MIC_IN	0xau
#define JACK_DEVICE(device) ((device) << 20)
/* "Pin Capabilities". */
#define JACK_CAP_OUT	(1u << 4)
#define JACK_CAP_IN	(1u << 5)

struct virtio_snd_config
vsnd_info_config(const struct vsnd_layout *layout)
{
	uint32_t streams = layout->playback_count + layout->capture_count;
	return (struct virtio_snd_config) {
		.jacks = htole32(streams),
		.streams = htole32(streams),
		.chmaps = htole32(streams * layout->offer.channels_max),
		.controls = htole32(layout->controls
			? streams * VSND_CONTROLS : 0),
	};
}

/* Which of its direction the stream @id is. */
static uint32_t
index_of(const struct vsnd_layout *layout, uint32_t id, bool *ret_capture)
{
	*ret_capture = id >= layout->playback_count;
	return *ret_capture ? id - layout->playback_count : id;
}

struct virtio_snd_jack_info
vsnd_info_jack(const struct vsnd_layout *layout, uint32_t id)
{
	bool capture;
	uint32_t node = index_of(layout, id, &capture);
	return (struct virtio_snd_jack_info) {
		.hdr.hda_fn_nid = htole32(node),
		.hda_reg_defconf = htole32(JACK_DEVICE(capture
			? JACK_MIC_IN : JACK_LINE_OUT)),
		.hda_reg_caps = htole32(capture ? JACK_CAP_IN : JACK_CAP_OUT),
		.connected = 1,
	};
}

struct virtio_snd_pcm_info
vsnd_info_pcm(const struct vsnd_layout *layout, uint32_t id)
{
	bool capture;
	uint32_t node = index_of(layout, id, &capture);
	return (struct virtio_snd_pcm_info) {
		.hdr.hda_fn_nid = htole32(node),
		.formats = htole64(layout->offer.formats),
		.rates = htole64(layout->offer.rates),
		.direction = capture ? VIRTIO_SND_D_INPUT
			: VIRTIO_SND_D_OUTPUT,
		.channels_min = 1,
		.channels_max = layout->offer.channels_max,
	};
}

struct virtio_snd_chmap_info
vsnd_info_chmap(const struct vsnd_layout *layout, uint32_t id)
{
	bool capture;
	uint32_t channels_max = layout->offer.channels_max;
	uint32_t node = index_of(layout, id / channels_max, &capture);
	/* The most channels first: programs that ask for one map get it. */
	uint8_t channels = (uint8_t)(channels_max - id % channels_max);
	struct virtio_snd_chmap_info wire = {
		.hdr.hda_fn_nid = htole32(node),
		.direction = capture ? VIRTIO_SND_D_INPUT
			: VIRTIO_SND_D_OUTPUT,
		.channels = channels,
	};
	memcpy(wire.positions, vsnd_positions(channels), channels);
	return wire;
}

struct virtio_snd_ctl_info
vsnd_info_control(const struct vsnd_layout *layout, uint32_t id)
{
	/* As mixers in a guest look for them; the index tells streams apart. */
	static const char *const names[2][VSND_CONTROLS] = {
		{ "PCM Playback Volume", "PCM Playback Switch" },
		{ "Capture Volume", "Capture Switch" },
	};
	bool capture;
	uint32_t node = index_of(layout, id / VSND_CONTROLS, &capture);
	bool volume = id % VSND_CONTROLS == VSND_CONTROL_VOLUME;
	uint32_t role = volume ? VIRTIO_SND_CTL_ROLE_VOLUME
		: VIRTIO_SND_CTL_ROLE_MUTE;
	uint32_t direction = capture ? VIRTIO_SND_D_INPUT
		: VIRTIO_SND_D_OUTPUT;
	struct virtio_snd_ctl_info wire = {
		.hdr.hda_fn_nid = htole32(node),
		.role = htole32(role << 1 | direction),
		.type = htole32(volume ? VIRTIO_SND_CTL_TYPE_INTEGER
			: VIRTIO_SND_CTL_TYPE_BOOLEAN),
		.access = htole32(1u << VIRTIO_SND_CTL_ACCESS_READ
			| 1u << VIRTIO_SND_CTL_ACCESS_WRITE),
		.count = htole32(1),
		.index = htole32(node),
		.value.integer = {
			.max = htole32(volume ? VSND_CONTROL_VOLUME_MAX : 1),
			.step = htole32(1),
		},
	};
	const char *name = names[capture][id % VSND_CONTROLS];
	memcpy(wire.name, name, strlen(name));
	return wire;
}
