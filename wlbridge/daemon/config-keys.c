/* SPDX-License-Identifier: MIT */
#include "config-keys.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "audio/offer.h"
#include "config-value.h"
#include "config.h"
#include "util/log.h"

enum bridge_key {
	BRIDGE_RUNTIME_DIR,
	BRIDGE_HOST_DISPLAY,
	BRIDGE_DEVICE_PROGRAM,
	BRIDGE_AGENT_PROGRAM,
	BRIDGE_SOUND_PROGRAM,
	BRIDGE_PIPEWIRE_DIR,
	BRIDGE_USER,
	BRIDGE_CONTROL_GROUP,
	BRIDGE_VMM_USER,
	BRIDGE_LOG_LEVEL,
	BRIDGE_KEYS,
};

static const char *const bridge_keys[BRIDGE_KEYS] = {
	[BRIDGE_RUNTIME_DIR] = "runtime-dir",
	[BRIDGE_HOST_DISPLAY] = "host-display",
	[BRIDGE_DEVICE_PROGRAM] = "device-program",
	[BRIDGE_AGENT_PROGRAM] = "agent-program",
	[BRIDGE_SOUND_PROGRAM] = "sound-program",
	[BRIDGE_PIPEWIRE_DIR] = "pipewire-dir",
	[BRIDGE_USER] = "user",
	[BRIDGE_CONTROL_GROUP] = "control-group",
	[BRIDGE_VMM_USER] = "vmm-user",
	[BRIDGE_LOG_LEVEL] = "log-level",
};

static const char *const vm_keys[WLB_VM_LIMIT_0] = {
	[WLB_VM_COLOUR] = "colour",
	[WLB_VM_ROLE] = "role",
	[WLB_VM_DISPLAY] = "display",
	[WLB_VM_REGION_SIZE] = "region-size",
	[WLB_VM_AUDIO] = "audio",
	[WLB_VM_MIC] = "mic",
	[WLB_VM_SOUND_CONTROLS] = "sound-controls",
	[WLB_VM_MIC_TARGET] = "mic-target",
	[WLB_VM_PLAYBACK_STREAMS] = "playback-streams",
	[WLB_VM_CAPTURE_STREAMS] = "capture-streams",
	[WLB_VM_SOUND_FORMATS] = "sound-formats",
	[WLB_VM_SOUND_RATES] = "sound-rates",
	[WLB_VM_SOUND_CHANNELS] = "sound-channels",
	[WLB_VM_ICON] = "icon",
	[WLB_VM_VMM_USER] = "vmm-user",
};

static int
index_of(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0) {
			return i;
		}
	}
	return -1;
}

int
wlb_bridge_key(const char *name)
{
	return index_of(bridge_keys, BRIDGE_KEYS, name);
}

int
wlb_vm_key(const char *name)
{
	int limit = wlb_limit_by_key("max-", name);
	if (limit >= 0) {
		return WLB_VM_LIMIT_0 + limit;
	}
	limit = wlb_limit_by_key("peer-max-", name);
	if (limit >= 0) {
		return WLB_VM_PEER_LIMIT_0 + limit;
	}
	return index_of(vm_keys, WLB_VM_LIMIT_0, name);
}

static const char *
set_path(char **text, const char *value)
{
	if (!wlb_value_is_path(value)) {
		return "an absolute path, without '.', '..' or a slash at its "
			"end";
	}
	char *copy = strdup(value);
	if (copy == NULL) {
		return "more memory";
	}
	free(*text);
	*text = copy;
	return NULL;
}

static const char *
set_user(struct wlb_config *config, const char *value)
{
	if (!wlb_value_user(value, &config->user_uid, &config->user_gid)) {
		return "a user of this system";
	}
	config->user = strdup(value);
	return config->user == NULL ? "more memory" : NULL;
}

static const char *
set_vmm_user(const char *value, bool *ret_has, uid_t *ret_uid)
{
	gid_t gid;
	if (!wlb_value_user(value, ret_uid, &gid)) {
		return "a user of this system";
	}
	*ret_has = true;
	return NULL;
}

const char *
wlb_bridge_set(struct wlb_config *config, int key, const char *value)
{
	switch ((enum bridge_key)key) {
	case BRIDGE_RUNTIME_DIR:
		if (strlen(value) > WLB_RUNTIME_DIR_MAX) {
			return "a shorter path: sockets below it must fit "
				"into 107 bytes";
		}
		return set_path(&config->runtime_dir, value);
	case BRIDGE_HOST_DISPLAY:
		return set_path(&config->host_display, value);
	case BRIDGE_DEVICE_PROGRAM:
		return set_path(&config->device_program, value);
	case BRIDGE_AGENT_PROGRAM:
		return set_path(&config->agent_program, value);
	case BRIDGE_SOUND_PROGRAM:
		return set_path(&config->sound_program, value);
	case BRIDGE_PIPEWIRE_DIR:
		return set_path(&config->pipewire_dir, value);
	case BRIDGE_USER:
		return set_user(config, value);
	case BRIDGE_CONTROL_GROUP:
		if (!wlb_value_group(value, &config->control_gid)) {
			return "a group of this system";
		}
		config->has_control_gid = true;
		return NULL;
	case BRIDGE_VMM_USER:
		return set_vmm_user(value, &config->has_vmm_uid,
			&config->vmm_uid);
	case BRIDGE_LOG_LEVEL:
		if (log_level_parse(value) < 0) {
			return "error, warn, info or debug";
		}
		memcpy(config->log_level, value, strlen(value) + 1);
		return NULL;
	case BRIDGE_KEYS:
		break;
	}
	abort();
}

static const char *
set_role(struct wlb_vm_config *vm, const char *value)
{
	if (strcmp(value, wlb_role_name(WLB_ROLE_APPLICATION)) == 0) {
		vm->role = WLB_ROLE_APPLICATION;
	} else if (strcmp(value, wlb_role_name(WLB_ROLE_COMPOSITOR)) == 0) {
		vm->role = WLB_ROLE_COMPOSITOR;
	} else {
		return "application or compositor";
	}
	return NULL;
}

static const char *
set_audio(struct wlb_vm_config *vm, const char *value)
{
	for (int i = WLB_AUDIO_NONE; i <= WLB_AUDIO_DUPLEX; i++) {
		if (strcmp(value, wlb_audio_name((enum wlb_audio)i)) == 0) {
			vm->audio = (enum wlb_audio)i;
			return NULL;
		}
	}
	return "none, playback or duplex";
}

static const char *
set_switch(bool *on, const char *value)
{
	if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0) {
		return "on or off";
	}
	*on = strcmp(value, "on") == 0;
	return NULL;
}

/* @copy has room for whatever fits on a line. */
static void
set_text(char copy[WLB_LINE_MAX + 1], const char *value)
{
	size_t size = strlen(value) + 1;
	assert(size <= WLB_LINE_MAX + 1);
	memcpy(copy, value, size);
}

static const char *
set_streams(uint8_t *count, const char *value)
{
	return vsnd_offer_streams(value, count) < 0 ? "a number from 0 to 8"
		: NULL;
}

static const char *
set_formats(struct wlb_streams *streams, const char *value)
{
	uint64_t formats;
	if (vsnd_offer_formats(value, &formats) < 0) {
		return "formats of samples, such as S16,FLOAT: those that "
			"wlbridge-snd(1) knows, with nothing but commas "
			"between them";
	}
	set_text(streams->formats, value);
	return NULL;
}

static const char *
set_rates(struct wlb_streams *streams, const char *value)
{
	uint64_t rates;
	if (vsnd_offer_rates(value, &rates) < 0) {
		return "rates in Hz, such as 44100,48000: those that "
			"wlbridge-snd(1) knows, with nothing but commas "
			"between them";
	}
	set_text(streams->rates, value);
	return NULL;
}

static const char *
set_mic_target(struct wlb_streams *streams, const char *value)
{
	if (*value == '\0') {
		return "the name of a node of PipeWire";
	}
	set_text(streams->mic_target, value);
	return NULL;
}

static const char *
set_icon(struct wlb_vm_config *vm, const char *value)
{
	if (!wlb_value_is_icon(value)) {
		return "the name of an icon: 1 to 63 of a-z, A-Z, 0-9, '-', "
			"'_' and '.'";
	}
	memcpy(vm->icon, value, strlen(value) + 1);
	return NULL;
}

static const char *
set_region_size(struct wlb_vm_config *vm, const char *value)
{
	uint64_t size;
	if (!wlb_value_size(value, &size) || (size & (size - 1)) != 0
			|| size < WLB_REGION_SIZE_MIN
			|| size > WLB_REGION_SIZE_MAX) {
		return "a power of two from 1G to 1024G";
	}
	vm->region_size = size;
	return NULL;
}

static const char *
set_limit(struct wlb_limit_values *limits, int limit, const char *value)
{
	if (wlb_limits[limit].bytes) {
		if (!wlb_value_size(value, &limits->value[limit])) {
			return "a number of bytes, such as 64M (K, M, G)";
		}
	} else if (!wlb_value_count(value, &limits->value[limit])) {
		return "a number";
	}
	limits->given[limit] = true;
	return NULL;
}

const char *
wlb_vm_set(struct wlb_vm_config *vm, int key, const char *value)
{
	switch (key) {
	case WLB_VM_COLOUR:
		return wlb_value_colour(value, &vm->colour) ? NULL : "#rrggbb";
	case WLB_VM_ROLE:
		return set_role(vm, value);
	case WLB_VM_DISPLAY:
		if (!wlb_value_is_name(value)) {
			return "the name of a VM, or host";
		}
		memcpy(vm->display, value, strlen(value) + 1);
		return NULL;
	case WLB_VM_REGION_SIZE:
		return set_region_size(vm, value);
	case WLB_VM_AUDIO:
		return set_audio(vm, value);
	case WLB_VM_MIC:
		return set_switch(&vm->mic, value);
	case WLB_VM_SOUND_CONTROLS:
		return set_switch(&vm->sound_controls, value);
	case WLB_VM_MIC_TARGET:
		return set_mic_target(&vm->streams, value);
	case WLB_VM_PLAYBACK_STREAMS:
		return set_streams(&vm->streams.playback, value);
	case WLB_VM_CAPTURE_STREAMS:
		return set_streams(&vm->streams.capture, value);
	case WLB_VM_SOUND_FORMATS:
		return set_formats(&vm->streams, value);
	case WLB_VM_SOUND_RATES:
		return set_rates(&vm->streams, value);
	case WLB_VM_SOUND_CHANNELS:
		return vsnd_offer_channels(value, &vm->streams.channels) < 0
			? "a number from 1 to 8" : NULL;
	case WLB_VM_ICON:
		return set_icon(vm, value);
	case WLB_VM_VMM_USER:
		return set_vmm_user(value, &vm->has_vmm_uid, &vm->vmm_uid);
	default:
		break;
	}
	return key >= WLB_VM_PEER_LIMIT_0
		? set_limit(&vm->peer_limits, key - WLB_VM_PEER_LIMIT_0, value)
		: set_limit(&vm->limits, key - WLB_VM_LIMIT_0, value);
}
