/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>

#include "offer.h"
#include "util/option.h"

enum {
	OPTION_COLOUR = VUB_OPTION_OWN,
	OPTION_ICON,
	OPTION_PLAYBACK,
	OPTION_CAPTURE,
	OPTION_FORMATS,
	OPTION_RATES,
	OPTION_CHANNELS,
	OPTION_CONTROLS,
	OPTION_MIC,
	OPTION_MIC_TARGET,
	OPTION_CONTROL_FD,
};

static const struct option long_options[] = {
	VUB_OPTIONS_OF_ALL,
	{ "colour", required_argument, NULL, OPTION_COLOUR },
	{ "icon", required_argument, NULL, OPTION_ICON },
	{ "playback", required_argument, NULL, OPTION_PLAYBACK },
	{ "capture", required_argument, NULL, OPTION_CAPTURE },
	{ "formats", required_argument, NULL, OPTION_FORMATS },
	{ "rates", required_argument, NULL, OPTION_RATES },
	{ "channels", required_argument, NULL, OPTION_CHANNELS },
	{ "controls", no_argument, NULL, OPTION_CONTROLS },
	{ "mic", required_argument, NULL, OPTION_MIC },
	{ "mic-target", required_argument, NULL, OPTION_MIC_TARGET },
	{ "control-fd", required_argument, NULL, OPTION_CONTROL_FD },
	{ 0 },
};

static const char usage[] =
"usage: wlbridge-snd --name VM (--socket-path=PATH | --fd=N) [OPTION...]\n"
"  --playback N, --capture N  streams of each direction: 0 to 8, 1 by default\n"
"  --formats LIST            of samples: S16,S32,FLOAT by default\n"
"  --rates LIST              in Hz: 44100,48000 by default\n"
"  --channels N              at most: 1 to 8, 2 by default\n"
"  --controls                the guest has a volume and a mute of its own; QEMU's\n"
"                            device must have controls=on\n"
"  --mic on|off              whether the guest hears the microphone: off\n"
"  --mic-target NODE         which one, by node.name: the user's default\n"
"  --colour #RRGGBB          of the VM, for mixers that show it\n"
"  --icon NAME               likewise, of the icon theme: computer\n"
"  --control-fd N            a socket that orders come from\n"
VUB_OPTIONS_OF_ALL_USAGE;

static int
wanted(int r, const char *what, const char *value)
{
	return r < 0 ? option_complain(what, value) : 0;
}

static int
set_mic_target(struct vsnd_identity *identity, const char *value)
{
	identity->mic_target = value;
	return wanted(*value == '\0' ? -EINVAL : 0, "not a node's name",
		value);
}

static int
set(void *data, int option, char *value)
{
	static const char streams_wanted[] =
		"not a number of streams from 0 to 8";
	struct vsnd_options *options = data;
	struct vsnd_layout *layout = &options->layout;
	switch (option) {
	case OPTION_COLOUR:
		options->identity.colour = value;
		return 0;
	case OPTION_ICON:
		options->identity.icon = value;
		return 0;
	case OPTION_PLAYBACK:
		return wanted(vsnd_offer_streams(value,
			&layout->playback_count), streams_wanted, value);
	case OPTION_CAPTURE:
		return wanted(vsnd_offer_streams(value,
			&layout->capture_count), streams_wanted, value);
	case OPTION_FORMATS:
		return wanted(vsnd_offer_formats(value,
			&layout->offer.formats), "not formats of samples",
			value);
	case OPTION_RATES:
		return wanted(vsnd_offer_rates(value,
			&layout->offer.rates), "not rates that virtio has",
			value);
	case OPTION_CHANNELS:
		return wanted(vsnd_offer_channels(value,
			&layout->offer.channels_max),
			"not a number of channels from 1 to 8", value);
	case OPTION_CONTROLS:
		layout->controls = true;
		return 0;
	case OPTION_MIC:
		return option_choice(value, "on", "off", &options->mic);
	case OPTION_MIC_TARGET:
		return set_mic_target(&options->identity, value);
	case OPTION_CONTROL_FD:
		return option_fd(value, &options->control_fd);
	default:
		return -EINVAL;
	}
}

static const struct vub_command_line command_line = {
	.usage = usage,
	.options = long_options,
	.set = set,
};

int
vsnd_options_parse(int argc, char **argv, struct vsnd_options *ret)
{
	struct vsnd_options options = {
		.identity.icon = "computer",
		.layout = {
			.playback_count = 1,
			.capture_count = 1,
			/*
			 * Few: a guest's buffer is as long as the largest of
			 * what is offered would need it, up to seconds.
			 */
			.offer.formats =
				UINT64_C(1) << VIRTIO_SND_PCM_FMT_S16
				| UINT64_C(1) << VIRTIO_SND_PCM_FMT_S32
				| UINT64_C(1) << VIRTIO_SND_PCM_FMT_FLOAT,
			.offer.rates =
				UINT64_C(1) << VIRTIO_SND_PCM_RATE_44100
				| UINT64_C(1) << VIRTIO_SND_PCM_RATE_48000,
			.offer.channels_max = 2,
		},
		.control_fd = -1,
	};
	int r = vub_program_parse(&command_line, argc, argv, &options,
		&options.program);
	if (r == 0) {
		options.identity.vm_name = options.program.vm_name;
		*ret = options;
	}
	return r;
}
