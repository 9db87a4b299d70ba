/* SPDX-License-Identifier: MIT */
/*
 * wlbridge: what a person says to wlbridged, the arguments for a VMM and the labels
 * for a compositor.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "config.h"
#include "options.h"
#include "paths.h"
#include "status-print.h"

static void
handle_status(void *data, json_t *reply)
{
	json_t *vms = data;
	json_array_append(vms, json_object_get(reply, "vm"));
}

static int
run_status(const struct options *options)
{
	json_t *last;
	json_t *vms = json_array();
	int status = wlb_ask(options, handle_status, vms, &last);
	if (status != EXIT_SUCCESS) {
		json_decref(vms);
		return status;
	}
	json_decref(last);
	if (options->json) {
		json_dumpf(vms, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		size_t index;
		json_t *vm;
		json_array_foreach(vms, index, vm) {
			wlb_status_print(vm, isatty(STDOUT_FILENO), stdout);
		}
	}
	json_decref(vms);
	return EXIT_SUCCESS;
}

static void
handle_reload_line(void *data, json_t *reply)
{
	const char *line = json_string_value(json_object_get(reply, "line"));
	(void)data;
	if (line != NULL) {
		fprintf(stderr, "wlbridge: %s\n", line);
	}
}

static int
run_reload(const struct options *options)
{
	json_t *last;
	int status = wlb_ask(options, handle_reload_line, NULL, &last);
	if (status != EXIT_SUCCESS) {
		return status;
	}
	static const char *const counts[] = {
		"added", "removed", "restarted", "stale", "failed",
	};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		json_int_t n = json_integer_value(
			json_object_get(last, counts[i]));
		if (n > 0) {
			printf("%" JSON_INTEGER_FORMAT " %s\n", n, counts[i]);
		}
	}
	bool failed = json_integer_value(json_object_get(last, "failed")) > 0;
	json_decref(last);
	return failed ? EXIT_REFUSED : EXIT_SUCCESS;
}

static int
run_mic_status(const struct options *options)
{
	struct options ask = *options;
	ask.command = WLB_COMMAND_STATUS;
	json_t *last;
	json_t *vms = json_array();
	int status = wlb_ask(&ask, handle_status, vms, &last);
	if (status == EXIT_SUCCESS) {
		json_t *sound = json_object_get(json_array_get(vms, 0),
			"sound");
		puts(json_is_true(json_object_get(sound, "microphone"))
			? "on" : "off");
		json_decref(last);
	}
	json_decref(vms);
	return status;
}

static int
run_plain(const struct options *options)
{
	json_t *last;
	int status = wlb_ask(options, NULL, NULL, &last);
	if (status == EXIT_SUCCESS) {
		json_decref(last);
	}
	return status;
}

/* Without a daemon too: the configuration says all that is needed. */
static int
find_device(const struct options *options, struct wlb_path *ret_socket,
	struct wlb_path *ret_sound, struct wlb_vmm_params *params)
{
	struct wlb_config *config = wlb_ask_config(options, false);
	if (config == NULL) {
		return EXIT_REFUSED;
	}
	const struct wlb_vm_config *vm = wlb_config_find(config, options->vm);
	if (vm == NULL) {
		fprintf(stderr, "wlbridge: no VM '%s' is configured\n",
			options->vm);
		wlb_config_destroy(config);
		return EXIT_REFUSED;
	}
	*ret_socket = wlb_path_vhost_user(config->runtime_dir, vm->name);
	*ret_sound = wlb_path_sound(config->runtime_dir, vm->name);
	params->socket = ret_socket->text;
	params->sound_socket = vm->audio != WLB_AUDIO_NONE
		? ret_sound->text : NULL;
	params->sound_controls = vm->sound_controls;
	params->region_size = vm->region_size;
	wlb_config_destroy(config);
	return EXIT_SUCCESS;
}

static int
run_vmm_args(const struct options *options)
{
	struct wlb_vmm_params params = options->vmm;
	struct wlb_path socket, sound;
	int status = find_device(options, &socket, &sound, &params);
	if (status != EXIT_SUCCESS) {
		return status;
	}

	struct wlb_vmm_args args;
	int r = wlb_vmm_args_make(&params, &args);
	if (r < 0) {
		fprintf(stderr, "wlbridge: %s\n", strerror(-r));
	} else if (options->shell) {
		wlb_vmm_args_print_shell(&args, stdout);
	} else {
		if (params.vmm == WLB_VMM_CROSVM) {
			puts("# untested");
		}
		wlb_vmm_args_print(&args, stdout);
	}
	wlb_vmm_args_finish(&args);
	return r < 0 ? EXIT_REFUSED : EXIT_SUCCESS;
}

/* Without a daemon, too. */
static int
run_labels(const struct options *options)
{
	const char *bad;
	struct wlb_config *config = wlb_ask_config(options, false);
	if (config == NULL) {
		return EXIT_REFUSED;
	}
	int r = wlb_labels_print(config, options->labels_for, options->vm,
		stdout, &bad);
	if (r == -EINVAL) {
		fprintf(stderr, "wlbridge: VM '%s' cannot have a label: that is "
			"what windows of no VM are called\n", bad);
	} else if (r < 0) {
		fprintf(stderr, "wlbridge: no VM is displayed %s%s\n",
			options->vm == NULL ? "anywhere" : "by ",
			options->vm == NULL ? "" : options->vm);
	}
	wlb_config_destroy(config);
	return r < 0 ? EXIT_REFUSED : EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	struct options options;
	int status = wlb_options_parse(argc, argv, &options);
	if (status >= 0) {
		return status;
	}
	if (options.labels) {
		return run_labels(&options);
	}
	switch (options.command) {
	case WLB_COMMAND_STATUS:
		return run_status(&options);
	case WLB_COMMAND_VMM_ARGS:
		return run_vmm_args(&options);
	case WLB_COMMAND_RELOAD:
		return run_reload(&options);
	case WLB_COMMAND_RESTART:
	case WLB_COMMAND_DETACH:
	case WLB_COMMAND_ATTACH:
	case WLB_COMMAND_MUTE:
	case WLB_COMMAND_VOLUME:
		return run_plain(&options);
	case WLB_COMMAND_MIC:
		return options.mic_status ? run_mic_status(&options)
			: run_plain(&options);
	}
	return EXIT_USAGE;
}
