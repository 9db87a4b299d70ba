/* SPDX-License-Identifier: MIT */
/* wlbridge.conf, read and checked. See wlbridge.conf(5). */
#ifndef WLB_CONFIG_H
#define WLB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "limits.h"

struct wlb_errors;

#define WLB_CONFIG_PATH "/etc/wlbridge/wlbridge.conf"
#define WLB_RUNTIME_DIR "/run/wlbridge"

#define WLB_NAME_MAX 31
#define WLB_ICON_MAX 63
#define WLB_VMS_MAX 64

/* Of the file; libinih's own line buffer holds 200. No value is longer. */
#define WLB_LINE_MAX 190

/* The display that is not a VM; no VM may be called so. */
#define WLB_DISPLAY_HOST "host"

/* What compositors call their own programs: no VM may pass for them. */
#define WLB_NAME_LOCAL "local"

/* The region a device offers unless told otherwise, and the least that QEMU
 * places where the guest caches it. */
#define WLB_REGION_SIZE_DEFAULT (UINT64_C(4) << 30)
#define WLB_REGION_SIZE_MIN (UINT64_C(1) << 30)
#define WLB_REGION_SIZE_MAX (UINT64_C(1) << 40)

enum wlb_role {
	WLB_ROLE_APPLICATION,
	WLB_ROLE_COMPOSITOR,
};

/* What a VM may do with sound. */
enum wlb_audio {
	WLB_AUDIO_NONE,
	WLB_AUDIO_PLAYBACK,
	WLB_AUDIO_DUPLEX,
};

/* The streams of a sound device. What is "" or 0 is the device's default, but
 * for the first two. */
struct wlb_streams {
	uint8_t playback;		/* how many */
	uint8_t capture;		/* likewise, where audio is duplex */
	uint8_t channels;
	char formats[WLB_LINE_MAX + 1];	/* a list, as the device takes it */
	char rates[WLB_LINE_MAX + 1];	/* likewise */
	char mic_target[WLB_LINE_MAX + 1];	/* a node's name */
};

/* What is not given is the device's default. */
struct wlb_limit_values {
	bool given[WLB_LIMITS];
	uint64_t value[WLB_LIMITS];
};

struct wlb_vm_config {
	char name[WLB_NAME_MAX + 1];
	uint32_t colour;		/* 0xRRGGBB */
	enum wlb_role role;
	char display[WLB_NAME_MAX + 1];	/* a VM, "host", or "" for none */
	uint64_t region_size;		/* bytes, a power of two */
	enum wlb_audio audio;
	bool mic;			/* on from the start */
	bool sound_controls;		/* the guest has a volume of its own */
	struct wlb_streams streams;
	char icon[WLB_ICON_MAX + 1];	/* in mixers; "": the device's own */
	bool has_vmm_uid;		/* else the daemon's own */
	uid_t vmm_uid;
	struct wlb_limit_values limits;
	struct wlb_limit_values peer_limits;	/* of each VM displayed here */

	unsigned line;			/* where the section begins */
	unsigned display_line;
	uint64_t seen;			/* keys given, by their index */
};

struct wlb_config {
	char *runtime_dir;
	char *host_display;		/* NULL: none */
	char *device_program;
	char *agent_program;
	char *sound_program;
	char *pipewire_dir;		/* NULL: as in our environment */
	char *user;			/* whom to become, or NULL */
	uid_t user_uid;
	gid_t user_gid;
	char log_level[8];		/* as log_level_parse() reads it */
	bool has_control_gid;
	gid_t control_gid;
	bool has_vmm_uid;		/* default for every VM */
	uid_t vmm_uid;

	struct wlb_vm_config *vms;	/* in the order of the file */
	size_t vm_count;

	uint64_t seen;
};

/**
 * wlb_config_load() - Read and check a configuration
 * @path: the file
 * @runtime_dir: overrides the file's runtime-dir; NULL does not
 * @errors: one line, "file:line: what was expected", for every fault
 * @ret: the caller's, to wlb_config_destroy(); only written on success
 *
 * Return: 0; -EINVAL when @errors has grown; -ENOMEM.
 */
int
wlb_config_load(const char *path, const char *runtime_dir,
	struct wlb_errors *errors, struct wlb_config **ret);

/* NULL is fine. */
void
wlb_config_destroy(struct wlb_config *config);

/* The VM called @name, or NULL. */
struct wlb_vm_config *
wlb_config_find(const struct wlb_config *config, const char *name);

/*
 * Whether a VM set up as @a runs on unchanged under @b. The colour is no part
 * of it: labels are files, and are rewritten under a running device. Nor is the
 * icon: no session should end for that.
 */
bool
wlb_vm_config_same(const struct wlb_vm_config *a,
	const struct wlb_vm_config *b);

const char *
wlb_role_name(enum wlb_role role);

const char *
wlb_audio_name(enum wlb_audio audio);

#endif
