/* SPDX-License-Identifier: MIT */
/* The arguments by which a VMM gives a VM its device. */
#ifndef WLB_VMM_ARGS_H
#define WLB_VMM_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum wlb_vmm {
	WLB_VMM_QEMU,
	WLB_VMM_CROSVM,
};

struct wlb_vmm_params {
	enum wlb_vmm vmm;
	const char *socket;		/* the device's vhost-user socket */
	const char *sound_socket;	/* of its sound, or NULL */
	bool sound_controls;		/* the guest has a volume of its own */
	uint64_t region_size;		/* bytes, a power of two */
	uint64_t memory;		/* the VM's, in bytes */
	unsigned slot;			/* of the PCIe root port */
};

#define WLB_VMM_PAIRS_MAX 10

/* Options and their values: text[0] is "-m", say, and text[1] "2048M". */
struct wlb_vmm_args {
	struct {
		char *text[2];
	} pairs[WLB_VMM_PAIRS_MAX];
	size_t count;
};

/* Return: 0, or -ENOMEM. @ret is the caller's, to finish in either case. */
int
wlb_vmm_args_make(const struct wlb_vmm_params *params,
	struct wlb_vmm_args *ret);

void
wlb_vmm_args_finish(struct wlb_vmm_args *args);

/* One pair on a line. */
void
wlb_vmm_args_print(const struct wlb_vmm_args *args, FILE *out);

/* All on one line, each word quoted for a shell where it needs it. */
void
wlb_vmm_args_print_shell(const struct wlb_vmm_args *args, FILE *out);

#endif
