/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "offer.h"
#include "util/option.h"

enum {
	OPTION_NAME = 256,
	OPTION_COLOUR,
	OPTION_ICON,
	OPTION_SOCKET_PATH,
	OPTION_FD,
	OPTION_PLAYBACK,
	OPTION_CAPTURE,
	OPTION_FORMATS,
	OPTION_RATES,
	OPTION_CHANNELS,
	OPTION_CONTROLS,
	OPTION_MIC,
	OPTION_MIC_TARGET,
	OPTION_STATUS_FD,
	OPTION_CONTROL_FD,
	OPTION_NO_SANDBOX,
	OPTION_LOG_LEVEL,
	OPTION_PRINT_CAPABILITIES,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{ "name", required_argument, NULL, OPTION_NAME },
	{ "colour", required_argument, NULL, OPTION_COLOUR },
	{ "icon", required_argument, NULL, OPTION_ICON },
	{ "socket-path", required_argument, NULL, OPTION_SOCKET_PATH },
	{ "fd", required_argument, NULL, OPTION_FD },
	{ "playback", required_argument, NULL, OPTION_PLAYBACK },
	{ "capture", required_argument, NULL, OPTION_CAPTURE },
	{ "formats", required_argument, NULL, OPTION_FORMATS },
	{ "rates", required_argument, NULL, OPTION_RATES },
	{ "channels", required_argument, NULL, OPTION_CHANNELS },
	{ "controls", no_argument, NULL, OPTION_CONTROLS },
	{ "mic", required_argument, NULL, OPTION_MIC },
	{ "mic-target", required_argument, NULL, OPTION_MIC_TARGET },
	{ "status-fd", required_argument, NULL, OPTION_STATUS_FD },
	{ "control-fd", required_argument, NULL, OPTION_CONTROL_FD },
	{ "no-sandbox", no_argument, NULL, OPTION_NO_SANDBOX },
	{ "log-level", required_argument, NULL, OPTION_LOG_LEVEL },
	{ "print-capabilities", no_argument, NULL, OPTION_PRINT_CAPABILITIES },
	{ "help", no_argument, NULL, OPTION_HELP },
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
"  --status-fd N             a memfd of a page, for counters\n"
"  --control-fd N            a socket that orders come from\n"
"  --no-sandbox              keep every system call, for debugging\n"
"  --log-level error|warn|info|debug\n"
"  --print-capabilities      say what this device is, as JSON\n"
"  --help                    print this\n";

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
apply(struct vsnd_options *options, int option, const char *value)
{
	static const char streams_wanted[] =
		"not a number of streams from 0 to 8";
	struct vsnd_layout *layout = &options->layout;
	switch (option) {
	case OPTION_NAME:
		options->identity.vm_name = value;
		return 0;
	case OPTION_COLOUR:
		options->identity.colour = value;
		return 0;
	case OPTION_ICON:
		options->identity.icon = value;
		return 0;
	case OPTION_SOCKET_PATH:
		options->socket_path = value;
		return 0;
	case OPTION_FD:
		return option_fd(value, &options->fd);
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
	case OPTION_STATUS_FD:
		return option_fd(value, &options->status_fd);
	case OPTION_CONTROL_FD:
		return option_fd(value, &options->control_fd);
	case OPTION_NO_SANDBOX:
		options->sandbox = false;
		return 0;
	case OPTION_LOG_LEVEL:
		return option_log_level(value, &options->log_level);
	case OPTION_PRINT_CAPABILITIES:
		options->print_capabilities = true;
		return 0;
	case OPTION_HELP:
		fputs(usage, stdout);
		return 1;
	default:
		fputs(usage, stderr);
		return -EINVAL;
	}
}

static int
check(const struct vsnd_options *options)
{
	if (options->print_capabilities) {
		return 0;
	}
	if (options->identity.vm_name == NULL
			|| *options->identity.vm_name == '\0') {
		return option_complain("a name is needed", "--name");
	}
	if ((options->socket_path == NULL) == (options->fd < 0)) {
		return option_complain("one of the two is needed",
			"--socket-path, --fd");
	}
	return 0;
}

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
		.fd = -1,
		.status_fd = -1,
		.control_fd = -1,
		.sandbox = true,
		.log_level = LOG_INFO,
	};
	int option, r = 0;
	while (r == 0 && (option = getopt_long(argc, argv, "", long_options,
			NULL)) != -1) {
		r = apply(&options, option, optarg);
	}
	if (r == 0 && optind < argc) {
		r = option_complain("not an option", argv[optind]);
	}
	if (r == 0) {
		r = check(&options);
	}
	if (r == 0) {
		*ret = options;
	}
	return r;
}
