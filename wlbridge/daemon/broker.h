/* SPDX-License-Identifier: MIT */
/* All VMs, and how a new configuration becomes what runs. */
#ifndef WLB_BROKER_H
#define WLB_BROKER_H

#include <stdbool.h>

#include "config.h"
#include "util/list.h"
#include "util/loop.h"

struct wlb_errors;
struct wlb_vm;

struct wlb_broker {
	struct loop *loop;
	const char *config_path;
	const char *runtime_dir;	/* instead of the file's, or NULL */
	struct wlb_config *config;
	struct list vms;		/* wlb_vm.link; also those that are leaving */
	bool quitting;
};

/* What a reload did. */
struct wlb_reload {
	unsigned added;
	unsigned removed;
	unsigned restarted;
	unsigned stale;			/* await a restart by the user */
	unsigned failed;
};

/**
 * wlb_broker_init() - A broker without VMs
 * @take_config: consumed
 * @config_path, @runtime_dir: borrowed, and outlive the broker
 */
void
wlb_broker_init(struct wlb_broker *broker, struct loop *loop,
	struct wlb_config *take_config, const char *config_path,
	const char *runtime_dir);

/* Processes that still run are killed. */
void
wlb_broker_finish(struct wlb_broker *broker);

/* Make what runs what the configuration says. */
void
wlb_broker_apply(struct wlb_broker *broker, struct wlb_reload *ret);

/**
 * wlb_broker_reload() - Read the configuration again and apply it
 * @errors: why not
 *
 * Return: 0, or -EINVAL with everything left as it was.
 */
int
wlb_broker_reload(struct wlb_broker *broker, struct wlb_errors *errors,
	struct wlb_reload *ret);

/* Stop all; the loop quits when the last process has gone. */
void
wlb_broker_quit(struct wlb_broker *broker);

/* The configured VM of that name, or NULL. */
struct wlb_vm *
wlb_broker_find(struct wlb_broker *broker, const char *name);

/* A process of @vm has ended for good; may destroy @vm. */
void
wlb_broker_vm_stopped(struct wlb_vm *vm);

#endif
