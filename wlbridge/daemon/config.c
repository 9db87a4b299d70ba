/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config-file.h"
#include "config-value.h"
#include "errors.h"

const char *
wlb_role_name(enum wlb_role role)
{
	return role == WLB_ROLE_COMPOSITOR ? "compositor" : "application";
}

const char *
wlb_audio_name(enum wlb_audio audio)
{
	static const char *const names[] = {
		[WLB_AUDIO_NONE] = "none",
		[WLB_AUDIO_PLAYBACK] = "playback",
		[WLB_AUDIO_DUPLEX] = "duplex",
	};
	return names[audio];
}

struct wlb_vm_config *
wlb_config_find(const struct wlb_config *config, const char *name)
{
	for (size_t i = 0; i < config->vm_count; i++) {
		if (strcmp(config->vms[i].name, name) == 0) {
			return &config->vms[i];
		}
	}
	return NULL;
}

static bool
same_limits(const struct wlb_limit_values *a, const struct wlb_limit_values *b)
{
	for (int i = 0; i < WLB_LIMITS; i++) {
		if (a->given[i] != b->given[i] || a->value[i] != b->value[i]) {
			return false;
		}
	}
	return true;
}

static bool
same_streams(const struct wlb_streams *a, const struct wlb_streams *b)
{
	return a->playback == b->playback
		&& a->capture == b->capture
		&& a->channels == b->channels
		&& strcmp(a->formats, b->formats) == 0
		&& strcmp(a->rates, b->rates) == 0
		&& strcmp(a->mic_target, b->mic_target) == 0;
}

bool
wlb_vm_config_same(const struct wlb_vm_config *a,
	const struct wlb_vm_config *b)
{
	return a->role == b->role
		&& strcmp(a->display, b->display) == 0
		&& a->region_size == b->region_size
		&& a->audio == b->audio
		&& a->sound_controls == b->sound_controls
		&& same_streams(&a->streams, &b->streams)
		&& a->has_vmm_uid == b->has_vmm_uid
		&& a->vmm_uid == b->vmm_uid
		&& same_limits(&a->limits, &b->limits)
		&& same_limits(&a->peer_limits, &b->peer_limits);
}

void
wlb_config_destroy(struct wlb_config *config)
{
	if (config == NULL) {
		return;
	}
	free(config->runtime_dir);
	free(config->host_display);
	free(config->device_program);
	free(config->agent_program);
	free(config->sound_program);
	free(config->pipewire_dir);
	free(config->user);
	free(config->vms);
	free(config);
}

static struct wlb_config *
config_create(void)
{
	struct wlb_config *config = calloc(1, sizeof(*config));
	if (config == NULL) {
		return NULL;
	}
	memcpy(config->log_level, "info", sizeof("info"));
	config->runtime_dir = strdup(WLB_RUNTIME_DIR);
	config->device_program = strdup(WLB_DEVICE_PROGRAM);
	config->agent_program = strdup(WLB_AGENT_PROGRAM);
	config->sound_program = strdup(WLB_SOUND_PROGRAM);
	config->vms = calloc(WLB_VMS_MAX, sizeof(*config->vms));
	if (config->runtime_dir == NULL || config->device_program == NULL
			|| config->agent_program == NULL
			|| config->sound_program == NULL
			|| config->vms == NULL) {
		wlb_config_destroy(config);
		return NULL;
	}
	return config;
}

static int
set_runtime_dir(struct wlb_config *config, const char *dir,
	struct wlb_errors *errors)
{
	if (!wlb_value_is_path(dir) || strlen(dir) > WLB_RUNTIME_DIR_MAX) {
		wlb_errors_add(errors, "run-time directory '%s': expected an "
			"absolute path of at most %d bytes", dir,
			WLB_RUNTIME_DIR_MAX);
		return -EINVAL;
	}
	char *copy = strdup(dir);
	if (copy == NULL) {
		return -ENOMEM;
	}
	free(config->runtime_dir);
	config->runtime_dir = copy;
	return 0;
}

/* A VM that names no user of its own has the bridge's. */
static void
inherit(struct wlb_config *config)
{
	for (size_t i = 0; i < config->vm_count; i++) {
		struct wlb_vm_config *vm = &config->vms[i];
		if (!vm->has_vmm_uid) {
			vm->has_vmm_uid = config->has_vmm_uid;
			vm->vmm_uid = config->vmm_uid;
		}
	}
}

static int
read_file(struct wlb_config *config, const char *path,
	struct wlb_errors *errors)
{
	FILE *file = fopen(path, "re");
	int r = -errno;
	if (file != NULL) {
		r = wlb_config_read(file, path, config, errors);
		fclose(file);
	}
	if (r < 0) {
		wlb_errors_add(errors, "%s: %s", path, strerror(-r));
	}
	return r;
}

int
wlb_config_load(const char *path, const char *runtime_dir,
	struct wlb_errors *errors, struct wlb_config **ret)
{
	size_t faults = errors->count;
	struct wlb_config *config = config_create();
	if (config == NULL) {
		return -ENOMEM;
	}
	int r = read_file(config, path, errors);
	if (r == 0 && runtime_dir != NULL) {
		r = set_runtime_dir(config, runtime_dir, errors);
	}
	if (r == 0) {
		inherit(config);
		wlb_config_check(config, path, errors);
	}
	if (r < 0 || errors->count > faults) {
		wlb_config_destroy(config);
		return r == -ENOMEM ? r : -EINVAL;
	}
	*ret = config;
	return 0;
}
