/* SPDX-License-Identifier: MIT */
/* One line of the control protocol (protocols/wlb-control.md), both ways. */
#ifndef WLB_CONTROL_MESSAGE_H
#define WLB_CONTROL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

/* Bytes of one line, its newline included. */
#define WLB_CONTROL_LINE_MAX 65536

enum wlb_command {
	WLB_COMMAND_STATUS,
	WLB_COMMAND_VMM_ARGS,
	WLB_COMMAND_RELOAD,
	WLB_COMMAND_RESTART,
	WLB_COMMAND_DETACH,
	WLB_COMMAND_ATTACH,
	WLB_COMMAND_MIC,
	WLB_COMMAND_MUTE,
	WLB_COMMAND_VOLUME,
};

/* Beyond this is no volume; mixers stop there too. */
#define WLB_VOLUME_MAX 1.5

struct wlb_request {
	enum wlb_command command;
	bool has_id;
	int64_t id;			/* comes back with every reply */
	char vm[WLB_NAME_MAX + 1];	/* "": none was named */
	bool has_state;			/* mic and mute: on or off */
	bool state;
	bool has_volume;
	double volume;			/* 0 .. WLB_VOLUME_MAX */
};

/**
 * wlb_request_decode() - Read one request
 * @line: @len bytes, without the newline; anything at all
 * @ret_error: why not, for the peer to read; static
 *
 * Return: 0; -EPROTO with *@ret_error set and *@ret untouched; -ENOMEM.
 */
int
wlb_request_decode(const char *line, size_t len, struct wlb_request *ret,
	const char **ret_error);

/* The line for a request, with its newline; the caller frees it. NULL: no
 * memory. */
char *
wlb_request_encode(const struct wlb_request *request);

/* "status", … */
const char *
wlb_command_name(enum wlb_command command);

/* The command called @name, or -1. */
int
wlb_command_by_name(const char *name);

#endif
