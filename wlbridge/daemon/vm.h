/* SPDX-License-Identifier: MIT */
/* One VM of the configuration: its sockets, its labels, its processes. */
#ifndef WLB_VM_H
#define WLB_VM_H

#include <stdbool.h>

#include "config.h"
#include "process.h"
#include "util/list.h"
#include "util/uuid.h"

struct wlb_broker;

/* What the configuration being applied asks of a VM's processes. */
enum wlb_plan {
	WLB_PLAN_KEEP,
	WLB_PLAN_START,
	WLB_PLAN_RESTART,
	WLB_PLAN_RESTART_IDLE,		/* unless a VMM is connected */
};

/* A VM that shows its windows on another: the listening end, at the latter. */
struct wlb_accept {
	struct list link;		/* wlb_vm.accepts */
	char client[WLB_NAME_MAX + 1];
	int fd;
};

struct wlb_vm {
	struct list link;		/* wlb_broker.vms */
	struct wlb_broker *broker;
	struct wlb_vm_config config;
	bool wanted;			/* in the configuration */
	bool detached;			/* by the user, until attached */
	bool stale;			/* runs with less than is configured */
	enum wlb_plan plan;
	char instance[UUID_SIZE];
	int vhost_user_fd;
	int status_fd;			/* of the run that is on, or -1 */
	struct list accepts;		/* wlb_accept.link */
	struct wlb_process *device;
	struct wlb_process *context;	/* NULL until display = host */
	struct wlb_sound *sound;	/* NULL until audio is not none */
};

/* A VM without sockets; nothing runs. 0 or -errno. */
int
wlb_vm_create(struct wlb_broker *broker, const struct wlb_vm_config *config,
	struct wlb_vm **ret);

/* Processes are killed, directory and sockets removed. NULL is fine. */
void
wlb_vm_destroy(struct wlb_vm *vm);

/* Make its directory and its vhost-user socket, for the right user. */
int
wlb_vm_open(struct wlb_vm *vm);

/* Remove its sockets: nobody new reaches it, and its processes run on. */
void
wlb_vm_close(struct wlb_vm *vm);

/* Let the VM called @client reach this one. 0 or -errno. */
int
wlb_vm_add_accept(struct wlb_vm *vm, const char *client);

void
wlb_vm_remove_accept(struct wlb_vm *vm, struct wlb_accept *accept);

struct wlb_accept *
wlb_vm_find_accept(const struct wlb_vm *vm, const char *client);

/* Write this VM's label wherever a device reads it. 0 or -errno. */
int
wlb_vm_write_labels(const struct wlb_vm *vm);

/* Run what the configuration asks for; what runs already is left alone. */
int
wlb_vm_start(struct wlb_vm *vm);

/* End its processes; the broker hears when the last has gone. */
void
wlb_vm_stop(struct wlb_vm *vm);

/* Start its processes anew. */
int
wlb_vm_restart(struct wlb_vm *vm);

/* Whether none of its processes runs or is about to. */
bool
wlb_vm_is_stopped(const struct wlb_vm *vm);

#endif
