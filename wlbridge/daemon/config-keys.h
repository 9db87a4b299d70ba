/* SPDX-License-Identifier: MIT */
/* The keys of wlbridge.conf and how each one's value is stored. */
#ifndef WLB_CONFIG_KEYS_H
#define WLB_CONFIG_KEYS_H

#include <assert.h>
#include <stdint.h>

#include "limits.h"

struct wlb_config;
struct wlb_vm_config;

enum wlb_vm_key {
	WLB_VM_COLOUR,
	WLB_VM_ROLE,
	WLB_VM_DISPLAY,
	WLB_VM_REGION_SIZE,
	WLB_VM_AUDIO,
	WLB_VM_MIC,
	WLB_VM_SOUND_CONTROLS,
	WLB_VM_MIC_TARGET,
	WLB_VM_PLAYBACK_STREAMS,
	WLB_VM_CAPTURE_STREAMS,
	WLB_VM_SOUND_FORMATS,
	WLB_VM_SOUND_RATES,
	WLB_VM_SOUND_CHANNELS,
	WLB_VM_ICON,
	WLB_VM_VMM_USER,
	WLB_VM_LIMIT_0,		/* and one for each of wlb_limits[] */
	WLB_VM_PEER_LIMIT_0 = WLB_VM_LIMIT_0 + WLB_LIMITS,
	WLB_VM_KEYS = WLB_VM_PEER_LIMIT_0 + WLB_LIMITS,
};
static_assert(WLB_VM_KEYS <= 64, "a bit each");

/* The key's index, for a mask of those seen, or -1. */
int
wlb_bridge_key(const char *name);

int
wlb_vm_key(const char *name);

/*
 * Store @value. Return: NULL, or what was expected, as a phrase that follows
 * "expected".
 */
const char *
wlb_bridge_set(struct wlb_config *config, int key, const char *value);

const char *
wlb_vm_set(struct wlb_vm_config *vm, int key, const char *value);

#endif
