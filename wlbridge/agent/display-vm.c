/* SPDX-License-Identifier: MIT */
#include "display-vm.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/fd.h"
#include "util/log.h"

#define BACKLOG 128

static int
vm_register(struct wlb_display_vm *vm, struct wlb_compositor *compositor)
{
	int listen_fd = fd_listen(vm->path, BACKLOG);
	if (listen_fd < 0) {
		return listen_fd;
	}
	int r = wlb_compositor_listen(compositor, vm->name, vm->instance,
		listen_fd, &vm->close_fd);
	fd_close(&listen_fd);
	return r;
}

static int
vm_create(struct list *vms, struct wlb_compositor *compositor,
	const char *dir, const char *name, const char *instance,
	struct wlb_display_vm **ret)
{
	static unsigned serial;
	struct wlb_display_vm *vm = calloc(1, sizeof(*vm));
	if (vm == NULL) {
		return -ENOMEM;
	}
	list_append(vms, &vm->link);
	vm->close_fd = -1;
	vm->name = strdup(name);
	vm->instance = strdup(instance);
	/* A number, not the name: nobody else's word becomes a path. */
	if (asprintf(&vm->path, "%s/%u", dir, ++serial) < 0) {
		vm->path = NULL;
	}
	int r = vm->name == NULL || vm->instance == NULL || vm->path == NULL
		? -ENOMEM : vm_register(vm, compositor);
	if (r < 0) {
		wlb_display_vm_destroy(vm);
		return r;
	}
	log_info("VM '%s' (%s) is known to the compositor", name, instance);
	*ret = vm;
	return 0;
}

/* A retired VM goes with its last connection. */
static void
end_if_over(struct wlb_display_vm *vm)
{
	if (vm->retired && vm->connections == 0) {
		wlb_display_vm_destroy(vm);
	}
}

int
wlb_display_vm_get(struct list *vms, struct wlb_compositor *compositor,
	const char *dir, const char *name, const char *instance,
	struct wlb_display_vm **ret)
{
	struct wlb_display_vm *vm, *tmp;
	list_for_each_safe(vm, tmp, vms, link) {
		if (vm->retired || strcmp(vm->name, name) != 0) {
			continue;
		}
		if (strcmp(vm->instance, instance) == 0) {
			*ret = vm;
			return 0;
		}
		vm->retired = true;
		end_if_over(vm);
	}
	return vm_create(vms, compositor, dir, name, instance, ret);
}

void
wlb_display_vm_connected(struct wlb_display_vm *vm)
{
	vm->connections++;
}

void
wlb_display_vm_disconnected(struct wlb_display_vm *vm)
{
	assert(vm->connections > 0);
	vm->connections--;
	end_if_over(vm);
}

void
wlb_display_vm_destroy(struct wlb_display_vm *vm)
{
	list_remove(&vm->link);
	fd_close(&vm->close_fd);
	if (vm->path != NULL) {
		unlink(vm->path);
	}
	if (vm->retired) {
		log_info("VM '%s' (%s) is over", vm->name, vm->instance);
	}
	free(vm->path);
	free(vm->instance);
	free(vm->name);
	free(vm);
}
