/* SPDX-License-Identifier: MIT */
#include "ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config-value.h"
#include "config.h"
#include "errors.h"
#include "options.h"
#include "paths.h"

struct wlb_config *
wlb_ask_config(const struct options *options, bool quiet)
{
	struct wlb_errors errors = { 0 };
	struct wlb_config *config = NULL;
	const char *path = options->config_path != NULL
		? options->config_path : WLB_CONFIG_PATH;
	wlb_config_load(path, options->runtime_dir, &errors, &config);
	for (size_t i = 0; !quiet && i < wlb_errors_kept(&errors); i++) {
		fprintf(stderr, "wlbridge: %s\n", errors.lines[i]);
	}
	wlb_errors_finish(&errors);
	return config;
}

/*
 * Where the daemon serves: as the options, else the configuration, else the
 * default say. The caller's; NULL after a message.
 */
static char *
find_runtime_dir(const struct options *options)
{
	if (options->runtime_dir != NULL) {
		if (strlen(options->runtime_dir) > WLB_RUNTIME_DIR_MAX) {
			wlb_options_bad("--runtime-dir", options->runtime_dir,
				"a shorter path");
			return NULL;
		}
		return strdup(options->runtime_dir);
	}
	bool named = options->config_path != NULL;
	struct wlb_config *config = wlb_ask_config(options, !named);
	char *dir = config != NULL ? strdup(config->runtime_dir)
		: named ? NULL : strdup(WLB_RUNTIME_DIR);
	wlb_config_destroy(config);
	return dir;
}

static int
no_answer(const char *runtime_dir, int r)
{
	struct wlb_path path = wlb_path_control(runtime_dir);
	const char *reason = strerror(-r);
	if (r == -ENOENT || r == -ECONNREFUSED) {
		reason = "wlbridged does not run";
	} else if (r == -EPROTO) {
		reason = "hung up; who may ask is control-group in "
			"wlbridge.conf(5)";
	}
	fprintf(stderr, "wlbridge: %s: %s\n", path.text, reason);
	return EXIT_NO_DAEMON;
}

int
wlb_ask(const struct options *options, wlb_client_fn fn, void *data,
	json_t **ret_last)
{
	struct wlb_request request = {
		.command = options->command,
		.has_state = options->command == WLB_COMMAND_MIC
			|| options->command == WLB_COMMAND_MUTE,
		.state = options->state,
		.has_volume = options->command == WLB_COMMAND_VOLUME,
		.volume = options->volume,
	};
	if (options->vm != NULL) {
		memcpy(request.vm, options->vm, strlen(options->vm) + 1);
	}
	char *dir = find_runtime_dir(options);
	if (dir == NULL) {
		return EXIT_REFUSED;
	}
	json_t *last;
	int r = wlb_client_call(dir, &request, fn, data, &last);
	if (r < 0) {
		int status = no_answer(dir, r);
		free(dir);
		return status;
	}
	free(dir);
	if (!json_is_true(json_object_get(last, "ok"))) {
		const char *error =
			json_string_value(json_object_get(last, "error"));
		fprintf(stderr, "wlbridge: %s\n",
			error == NULL ? "refused" : error);
		json_decref(last);
		return EXIT_REFUSED;
	}
	*ret_last = last;
	return EXIT_SUCCESS;
}
