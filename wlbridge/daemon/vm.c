/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The sockets are ours and outlive the processes: a VMM that connects while
 * the device is between two runs waits in the backlog, and so does a client
 * VM's device. A process inherits them when it starts; hence a compositor's
 * device that runs cannot take one more, and becomes stale instead.
 *
 * Every VM that displays on another has a pair of names for one socket. The
 * listening one lies with the accepting VM and its label says who the client
 * is; the connecting VM has a link to it, whose label says who accepts.
 */
#include "vm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker.h"
#include "device.h"
#include "label.h"
#include "paths.h"
#include "runtime.h"
#include "sound.h"
#include "util/fd.h"
#include "util/log.h"

#define BACKLOG 64

static const char *
runtime_dir(const struct wlb_vm *vm)
{
	return vm->broker->config->runtime_dir;
}

static bool
displays_on_host(const struct wlb_vm *vm)
{
	return strcmp(vm->config.display, WLB_DISPLAY_HOST) == 0;
}

int
wlb_vm_create(struct wlb_broker *broker, const struct wlb_vm_config *config,
	struct wlb_vm **ret)
{
	struct wlb_vm *vm = calloc(1, sizeof(*vm));
	if (vm == NULL) {
		return -ENOMEM;
	}
	vm->broker = broker;
	vm->config = *config;
	vm->vhost_user_fd = -1;
	vm->status_fd = -1;
	list_init(&vm->link);
	list_init(&vm->accepts);
	int r = uuid_make(vm->instance);
	if (r == 0) {
		r = wlb_device_create(vm, &vm->device);
	}
	if (r < 0) {
		wlb_vm_destroy(vm);
		return r;
	}
	*ret = vm;
	return 0;
}

void
wlb_vm_destroy(struct wlb_vm *vm)
{
	if (vm == NULL) {
		return;
	}
	wlb_process_destroy(vm->device);
	wlb_process_destroy(vm->context);
	wlb_sound_destroy(vm->sound);
	vm->sound = NULL;
	wlb_vm_close(vm);
	fd_close(&vm->status_fd);
	wlb_runtime_remove_vm(runtime_dir(vm), vm->config.name);
	list_remove(&vm->link);
	free(vm);
}

static bool
has_sound(const struct wlb_vm *vm)
{
	return vm->config.audio != WLB_AUDIO_NONE;
}

/* The socket of its sound, if it has any; one it had is closed. */
static int
open_sound(struct wlb_vm *vm)
{
	if (vm->sound != NULL) {
		wlb_sound_configure(vm->sound);
	}
	if (!has_sound(vm)) {
		if (vm->sound != NULL) {
			wlb_sound_close(vm->sound);
		}
		return 0;
	}
	int r = vm->sound != NULL ? 0 : wlb_sound_create(vm, &vm->sound);
	return r < 0 ? r : wlb_sound_open(vm->sound);
}

int
wlb_vm_open(struct wlb_vm *vm)
{
	const struct wlb_vm_config *config = &vm->config;
	bool shared = config->has_vmm_uid && config->vmm_uid != geteuid();
	int r = wlb_runtime_make_vm(runtime_dir(vm), config->name, shared);
	if (r < 0) {
		return r;
	}
	struct wlb_path path =
		wlb_path_vhost_user(runtime_dir(vm), config->name);
	if (vm->vhost_user_fd < 0) {
		vm->vhost_user_fd = fd_listen(path.text, 1);
		if (vm->vhost_user_fd < 0) {
			return vm->vhost_user_fd;
		}
	}
	uid_t owner = config->has_vmm_uid ? config->vmm_uid : geteuid();
	if (lchown(path.text, owner, (gid_t)-1) < 0) {
		r = -errno;
		log_error("vm '%s': cannot give its socket to user %d: "
			"vmm-user needs CAP_CHOWN", config->name, (int)owner);
		return r;
	}
	return open_sound(vm);
}

struct wlb_accept *
wlb_vm_find_accept(const struct wlb_vm *vm, const char *client)
{
	struct wlb_accept *accept;
	list_for_each(accept, &vm->accepts, link) {
		if (strcmp(accept->client, client) == 0) {
			return accept;
		}
	}
	return NULL;
}

static void
unlink_with_label(const struct wlb_path *socket)
{
	struct wlb_path label = wlb_path_label(socket);
	unlink(socket->text);
	unlink(label.text);
}

void
wlb_vm_remove_accept(struct wlb_vm *vm, struct wlb_accept *accept)
{
	const char *dir = runtime_dir(vm);
	struct wlb_path from =
		wlb_path_from(dir, vm->config.name, accept->client);
	struct wlb_path to = wlb_path_to(dir, accept->client, vm->config.name);
	unlink_with_label(&to);
	unlink_with_label(&from);
	fd_close(&accept->fd);
	list_remove(&accept->link);
	free(accept);
}

int
wlb_vm_add_accept(struct wlb_vm *vm, const char *client)
{
	const char *dir = runtime_dir(vm);
	struct wlb_accept *accept = calloc(1, sizeof(*accept));
	if (accept == NULL) {
		return -ENOMEM;
	}
	memcpy(accept->client, client, strlen(client) + 1);
	list_init(&accept->link);
	struct wlb_path from = wlb_path_from(dir, vm->config.name, client);
	accept->fd = fd_listen(from.text, BACKLOG);
	if (accept->fd < 0) {
		int r = accept->fd;
		free(accept);
		return r;
	}
	list_append(&vm->accepts, &accept->link);

	struct wlb_path to = wlb_path_to(dir, client, vm->config.name);
	unlink(to.text);
	if (link(from.text, to.text) < 0) {
		int r = -errno;
		wlb_vm_remove_accept(vm, accept);
		return r;
	}
	return 0;
}

void
wlb_vm_close(struct wlb_vm *vm)
{
	struct wlb_accept *accept, *tmp;
	list_for_each_safe(accept, tmp, &vm->accepts, link) {
		wlb_vm_remove_accept(vm, accept);
	}
	if (vm->vhost_user_fd >= 0) {
		struct wlb_path path =
			wlb_path_vhost_user(runtime_dir(vm), vm->config.name);
		unlink(path.text);
		fd_close(&vm->vhost_user_fd);
	}
	if (vm->sound != NULL) {
		wlb_sound_close(vm->sound);
	}
}

static int
write_label(const struct wlb_vm *vm, struct wlb_path socket)
{
	return wlb_label_write(&socket, vm->config.name, vm->config.colour,
		vm->instance);
}

int
wlb_vm_write_labels(const struct wlb_vm *vm)
{
	const char *dir = runtime_dir(vm);
	const struct wlb_vm_config *config = &vm->config;
	if (config->display[0] != '\0' && !displays_on_host(vm)) {
		int r = write_label(vm,
			wlb_path_from(dir, config->display, config->name));
		if (r < 0) {
			return r;
		}
	}
	struct wlb_accept *accept;
	list_for_each(accept, &vm->accepts, link) {
		int r = write_label(vm,
			wlb_path_to(dir, accept->client, config->name));
		if (r < 0) {
			return r;
		}
	}
	return 0;
}

/* Make the process that registers this VM at the host's compositor. */
static int
need_context(struct wlb_vm *vm)
{
	if (!displays_on_host(vm) || vm->context != NULL) {
		return 0;
	}
	return wlb_context_create(vm, &vm->context);
}

int
wlb_vm_start(struct wlb_vm *vm)
{
	int r = need_context(vm);
	if (r < 0) {
		return r;
	}
	wlb_process_start(vm->device);
	if (displays_on_host(vm)) {
		wlb_process_start(vm->context);
	} else if (vm->context != NULL) {
		wlb_process_stop(vm->context);
	}
	if (has_sound(vm)) {
		wlb_sound_start(vm->sound);
	} else if (vm->sound != NULL) {
		wlb_sound_stop(vm->sound);
	}
	return 0;
}

void
wlb_vm_stop(struct wlb_vm *vm)
{
	wlb_process_stop(vm->device);
	if (vm->context != NULL) {
		wlb_process_stop(vm->context);
	}
	if (vm->sound != NULL) {
		wlb_sound_stop(vm->sound);
	}
}

int
wlb_vm_restart(struct wlb_vm *vm)
{
	int r = need_context(vm);
	if (r < 0) {
		return r;
	}
	if (displays_on_host(vm)) {
		wlb_process_restart(vm->context);
	} else if (vm->context != NULL) {
		wlb_process_stop(vm->context);
	}
	if (has_sound(vm)) {
		wlb_sound_restart(vm->sound);
	} else if (vm->sound != NULL) {
		wlb_sound_stop(vm->sound);
	}
	wlb_process_restart(vm->device);
	return 0;
}

static bool
is_stopped(const struct wlb_process *process)
{
	return process == NULL
		|| wlb_process_get_state(process) == WLB_PROCESS_STOPPED;
}

bool
wlb_vm_is_stopped(const struct wlb_vm *vm)
{
	return is_stopped(vm->device) && is_stopped(vm->context)
		&& (vm->sound == NULL || wlb_sound_is_stopped(vm->sound));
}
