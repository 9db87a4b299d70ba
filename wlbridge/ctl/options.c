/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config-value.h"
#include "config.h"

#define MEMORY_DEFAULT (UINT64_C(2) << 30)
#define MEMORY_UNIT (UINT64_C(1) << 20)

static const char usage[] =
	"Usage: wlbridge [-c FILE | -r DIR] COMMAND\n"
	"\n"
	"  status [VM] [--json]   what runs, and what it uses\n"
	"  vmm-args VM [--vmm qemu|crosvm] [--memory SIZE] [--slot N] "
		"[--shell]\n"
	"                         the arguments that give VM its device\n"
	"  labels [VM|host] --for labwc|sway|wlbridge-compositor\n"
	"                         what tells that compositor the VMs' names\n"
	"  reload                 read the configuration again\n"
	"  restart VM             end VM's session and start its device anew\n"
	"  detach VM              end it and start nothing\n"
	"  attach VM              start its device again\n"
	"  mic VM [on|off|status] whether VM hears the microphone\n"
	"  mute VM [on|off]       whether VM is heard\n"
	"  volume VM VOLUME       how loud, 0 to 1.5, as mixers show it; 1 is full\n"
	"\n"
	"  -c, --config FILE      instead of " WLB_CONFIG_PATH "\n"
	"  -r, --runtime-dir DIR  where wlbridged serves\n"
	"  -h, --help             print this\n"
	"  -V, --version          print the version\n";

int
wlb_options_bad(const char *option, const char *value, const char *expected)
{
	fprintf(stderr, "wlbridge: %s %s: expected %s\n", option, value,
		expected);
	return EXIT_USAGE;
}

static int
set_vmm(struct options *options, const char *value)
{
	if (strcmp(value, "qemu") == 0) {
		options->vmm.vmm = WLB_VMM_QEMU;
	} else if (strcmp(value, "crosvm") == 0) {
		options->vmm.vmm = WLB_VMM_CROSVM;
	} else {
		return wlb_options_bad("--vmm", value, "qemu or crosvm");
	}
	return -1;
}

static int
set_slot(struct options *options, const char *value)
{
	uint64_t slot;
	if (!wlb_value_count(value, &slot) || slot > 255) {
		return wlb_options_bad("--slot", value, "a number from 0 to 255");
	}
	options->vmm.slot = (unsigned)slot;
	return -1;
}

static int
set_memory(struct options *options, const char *value)
{
	if (!wlb_value_size(value, &options->vmm.memory)
			|| options->vmm.memory % MEMORY_UNIT != 0
			|| options->vmm.memory == 0) {
		return wlb_options_bad("--memory", value,
			"a size such as 2G, in whole MiB");
	}
	return -1;
}

static int
set_labels_for(struct options *options, const char *value)
{
	int kind = wlb_labels_by_name(value);
	if (kind < 0) {
		return wlb_options_bad("--for", value,
			"labwc, sway or wlbridge-compositor");
	}
	options->has_labels_for = true;
	options->labels_for = (enum wlb_labels_for)kind;
	return -1;
}

enum {
	OPTION_JSON = 256,
	OPTION_FOR,
	OPTION_SHELL,
	OPTION_VMM,
	OPTION_MEMORY,
	OPTION_SLOT,
};

/* Return: -1 to go on, or the exit status. */
static int
take_option(int c, struct options *options)
{
	switch (c) {
	case 'c':
		options->config_path = optarg;
		return -1;
	case 'r':
		options->runtime_dir = optarg;
		return -1;
	case OPTION_JSON:
		options->json = true;
		return -1;
	case OPTION_FOR:
		return set_labels_for(options, optarg);
	case OPTION_SHELL:
		options->shell = true;
		return -1;
	case OPTION_VMM:
		return set_vmm(options, optarg);
	case OPTION_MEMORY:
		return set_memory(options, optarg);
	case OPTION_SLOT:
		return set_slot(options, optarg);
	case 'h':
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	case 'V':
		puts("wlbridge " WLB_VERSION);
		return EXIT_SUCCESS;
	default:
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
}

/* Whether @text is on or off; *@ret is which. */
static bool
is_state(const char *text, bool *ret)
{
	*ret = strcmp(text, "on") == 0;
	return *ret || strcmp(text, "off") == 0;
}

/* What follows the VM of a command about sound; NULL: nothing does. */
static int
take_value(const char *text, struct options *options)
{
	char *end;
	switch (options->command) {
	case WLB_COMMAND_MIC:
		options->mic_status = text == NULL
			|| strcmp(text, "status") == 0;
		if (!options->mic_status && !is_state(text, &options->state)) {
			return wlb_options_bad("mic", text, "on, off or status");
		}
		return -1;
	case WLB_COMMAND_MUTE:
		options->state = true;
		if (text != NULL && !is_state(text, &options->state)) {
			return wlb_options_bad("mute", text, "on or off");
		}
		return -1;
	default:
		if (text == NULL) {
			fputs("wlbridge: volume: expected a volume\n", stderr);
			return EXIT_USAGE;
		}
		options->volume = strtod(text, &end);
		if (end == text || *end != '\0' || !(options->volume >= 0
				&& options->volume <= WLB_VOLUME_MAX)) {
			return wlb_options_bad("volume", text,
				"a number from 0 to 1.5");
		}
		return -1;
	}
}

static bool
takes_value(int command)
{
	return command == WLB_COMMAND_MIC || command == WLB_COMMAND_MUTE
		|| command == WLB_COMMAND_VOLUME;
}

/* Where the VMs are displayed whose labels are wanted, or nothing. */
static int
take_display(int count, char **words, struct options *options)
{
	options->labels = true;
	if (!options->has_labels_for) {
		fputs("wlbridge: labels: expected --for labwc, sway or "
			"wlbridge-compositor\n", stderr);
		return EXIT_USAGE;
	}
	if (count > 1) {
		fputs("wlbridge: labels: expected fewer arguments\n", stderr);
		return EXIT_USAGE;
	}
	if (count == 1) {
		if (!wlb_value_is_name(words[0])) {
			return wlb_options_bad("labels", words[0],
				"the name of a VM, or host");
		}
		options->vm = words[0];
	}
	return -1;
}

/* The command and the VM it is for. Return: as wlb_options_parse(). */
static int
take_words(int count, char **words, struct options *options)
{
	if (count == 0) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (strcmp(words[0], "labels") == 0) {
		return take_display(count - 1, words + 1, options);
	}
	int command = wlb_command_by_name(words[0]);
	if (command < 0) {
		fprintf(stderr, "wlbridge: unknown command '%s'\n", words[0]);
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	options->command = (enum wlb_command)command;
	int most = command == WLB_COMMAND_RELOAD ? 0 : 1;
	int least = command == WLB_COMMAND_STATUS ? 0 : most;
	most += takes_value(command);
	if (count - 1 < least || count - 1 > most) {
		fprintf(stderr, "wlbridge: %s: expected %s\n", words[0],
			count - 1 < least ? "a VM" : "fewer arguments");
		return EXIT_USAGE;
	}
	if (count >= 2) {
		if (!wlb_value_is_name(words[1])) {
			return wlb_options_bad(words[0], words[1],
				"the name of a VM");
		}
		options->vm = words[1];
	}
	return takes_value(command)
		? take_value(count == 3 ? words[2] : NULL, options) : -1;
}

int
wlb_options_parse(int argc, char **argv, struct options *ret)
{
	static const struct option long_options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "runtime-dir", required_argument, NULL, 'r' },
		{ "for", required_argument, NULL, OPTION_FOR },
		{ "json", no_argument, NULL, OPTION_JSON },
		{ "shell", no_argument, NULL, OPTION_SHELL },
		{ "vmm", required_argument, NULL, OPTION_VMM },
		{ "memory", required_argument, NULL, OPTION_MEMORY },
		{ "slot", required_argument, NULL, OPTION_SLOT },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct options options = {
		.vmm = { .memory = MEMORY_DEFAULT, .slot = 1 },
	};
	int c;
	while ((c = getopt_long(argc, argv, "c:r:hV", long_options, NULL))
			>= 0) {
		int status = take_option(c, &options);
		if (status >= 0) {
			return status;
		}
	}
	int status = take_words(argc - optind, argv + optind, &options);
	if (status < 0) {
		*ret = options;
	}
	return status;
}
