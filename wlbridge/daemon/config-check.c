/* SPDX-License-Identifier: MIT */
/* What can only be judged once the whole file is read. */
#include <string.h>

#include "config-file.h"
#include "config-keys.h"
#include "config.h"
#include "errors.h"
#include "paths.h"

struct check {
	const char *path;
	const struct wlb_config *config;
	struct wlb_errors *errors;
};

#define fault(check, line, format, ...)					\
	wlb_errors_add((check)->errors, "%s:%u: [vm %s]: " format,	\
		(check)->path, line, vm->name, __VA_ARGS__)

static bool
has_key(const struct wlb_vm_config *vm, enum wlb_vm_key key)
{
	return (vm->seen & UINT64_C(1) << key) != 0;
}

/* A key that was there but wrong has had its line already. */
static void
check_required(const struct check *check, const struct wlb_vm_config *vm)
{
	if (!has_key(vm, WLB_VM_COLOUR)) {
		fault(check, vm->line, "expected a colour, as %s",
			"colour = #rrggbb");
	}
	if (!has_key(vm, WLB_VM_ROLE)) {
		fault(check, vm->line, "expected a role, %s",
			"role = application or role = compositor");
	} else if (vm->role == WLB_ROLE_APPLICATION
			&& !has_key(vm, WLB_VM_DISPLAY)) {
		fault(check, vm->line, "expected a display, as %s",
			"display = VM or display = host");
	}
}

static void
check_display(const struct check *check, const struct wlb_vm_config *vm)
{
	if (vm->display[0] == '\0') {
		return;
	}
	if (strcmp(vm->display, WLB_DISPLAY_HOST) == 0) {
		if (check->config->host_display == NULL) {
			fault(check, vm->display_line, "display = %s: expected "
				"host-display in [bridge]", vm->display);
		}
		return;
	}
	const struct wlb_vm_config *display =
		wlb_config_find(check->config, vm->display);
	if (display == NULL) {
		fault(check, vm->display_line, "display = %s: expected host or "
			"a VM of this file", vm->display);
	} else if (display == vm) {
		fault(check, vm->display_line, "display = %s: expected another "
			"VM than itself", vm->display);
	} else if (display->role != WLB_ROLE_COMPOSITOR) {
		fault(check, vm->display_line, "display = %s: expected a VM "
			"with role = compositor (line %u)", vm->display,
			display->line);
	}
}

/* Keys that say something of streams which are not there. */
static void
check_streams(const struct check *check, const struct wlb_vm_config *vm)
{
	static const struct {
		enum wlb_vm_key key;
		const char *name;
		enum wlb_audio least;
	} keys[] = {
		{ WLB_VM_PLAYBACK_STREAMS, "playback-streams",
			WLB_AUDIO_PLAYBACK },
		{ WLB_VM_SOUND_FORMATS, "sound-formats", WLB_AUDIO_PLAYBACK },
		{ WLB_VM_SOUND_RATES, "sound-rates", WLB_AUDIO_PLAYBACK },
		{ WLB_VM_SOUND_CHANNELS, "sound-channels",
			WLB_AUDIO_PLAYBACK },
		{ WLB_VM_CAPTURE_STREAMS, "capture-streams",
			WLB_AUDIO_DUPLEX },
		{ WLB_VM_MIC_TARGET, "mic-target", WLB_AUDIO_DUPLEX },
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (has_key(vm, keys[i].key) && vm->audio < keys[i].least) {
			fault(check, vm->line, "%s: expected %s", keys[i].name,
				keys[i].least == WLB_AUDIO_DUPLEX
					? "audio = duplex"
					: "audio = playback or duplex");
		}
	}
}

static void
check_sound(const struct check *check, const struct wlb_vm_config *vm)
{
	if (vm->mic && vm->audio != WLB_AUDIO_DUPLEX) {
		fault(check, vm->line, "mic = on: expected %s",
			"audio = duplex");
	}
	if (vm->sound_controls && vm->audio == WLB_AUDIO_NONE) {
		fault(check, vm->line, "sound-controls = on: expected %s",
			"audio = playback or duplex");
	}
	check_streams(check, vm);
}

static void
check_paths(const struct check *check, const struct wlb_vm_config *vm)
{
	const char *dir = check->config->runtime_dir;
	struct wlb_path longest = vm->audio == WLB_AUDIO_NONE
		? wlb_path_vhost_user(dir, vm->name)
		: wlb_path_sound(dir, vm->name);
	if (vm->display[0] != '\0') {
		/* Either end may have the longer name in its prefix. */
		longest = wlb_path_from(dir, vm->display, vm->name);
	}
	size_t len = strlen(longest.text);
	if (len > WLB_SOCKET_PATH_MAX) {
		fault(check, vm->line, "expected shorter names or a shorter "
			"runtime-dir: %s has %zu bytes, a socket may have %d",
			longest.text, len, WLB_SOCKET_PATH_MAX);
	}
}

void
wlb_config_check(struct wlb_config *config, const char *path,
	struct wlb_errors *errors)
{
	struct check check = {
		.path = path,
		.config = config,
		.errors = errors,
	};
	for (size_t i = 0; i < config->vm_count; i++) {
		const struct wlb_vm_config *vm = &config->vms[i];
		check_required(&check, vm);
		check_display(&check, vm);
		check_sound(&check, vm);
		check_paths(&check, vm);
	}
}
