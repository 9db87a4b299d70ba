/* SPDX-License-Identifier: MIT */
#include "device.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "broker.h"
#include "paths.h"
#include "process.h"
#include "spawn.h"
#include "util/fd.h"
#include "vm.h"

#define STATUS_PAGE_SIZE 4096

/*
 * A fresh page for each run, so that nothing of the last one shows. Sealed:
 * a device that is no longer ours must not make us read past its end.
 */
static int
renew_status(struct wlb_vm *vm)
{
	fd_close(&vm->status_fd);
	int fd = fd_memfd("wlbridge-status", STATUS_PAGE_SIZE,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	if (fd < 0) {
		return fd;
	}
	vm->status_fd = fd;
	return 0;
}

static void
add_peers(struct wlb_spawn *spawn, const struct wlb_vm *vm)
{
	const struct wlb_vm_config *config = &vm->config;
	struct wlb_accept *accept;
	list_for_each(accept, &vm->accepts, link) {
		wlb_spawn_arg(spawn, "--accept");
		wlb_spawn_arg(spawn, "%s=fd:%d", accept->client,
			wlb_spawn_fd(spawn, accept->fd));
	}
	if (config->display[0] != '\0') {
		struct wlb_path to = wlb_path_to(
			vm->broker->config->runtime_dir, config->name,
			config->display);
		/* Below its root. */
		wlb_spawn_arg(spawn, "--connect");
		wlb_spawn_arg(spawn, "=%s", strrchr(to.text, '/') + 1);
	}
}

static void
add_limits(struct wlb_spawn *spawn, const struct wlb_vm *vm)
{
	const struct wlb_limit_values *own = &vm->config.limits;
	const struct wlb_limit_values *peer = &vm->config.peer_limits;
	struct wlb_accept *accept;
	for (int i = 0; i < WLB_LIMITS; i++) {
		if (own->given[i]) {
			wlb_spawn_arg(spawn, "--limit");
			wlb_spawn_arg(spawn, "%s=%" PRIu64,
				wlb_limits[i].resource, own->value[i]);
		}
		if (!peer->given[i]) {
			continue;
		}
		list_for_each(accept, &vm->accepts, link) {
			wlb_spawn_arg(spawn, "--peer-limit");
			wlb_spawn_arg(spawn, "%s:%s=%" PRIu64, accept->client,
				wlb_limits[i].resource, peer->value[i]);
		}
	}
}

static int
prepare_device(void *data, struct wlb_spawn *spawn)
{
	struct wlb_vm *vm = data;
	const struct wlb_config *config = vm->broker->config;

	int r = uuid_make(vm->instance);
	if (r == 0) {
		r = wlb_vm_write_labels(vm);
	}
	if (r == 0) {
		r = renew_status(vm);
	}
	if (r < 0) {
		return r;
	}
	wlb_spawn_arg(spawn, "%s", config->device_program);
	wlb_spawn_arg(spawn, "--name");
	wlb_spawn_arg(spawn, "%s", vm->config.name);
	wlb_spawn_arg(spawn, "--fd=%d", wlb_spawn_fd(spawn, vm->vhost_user_fd));
	wlb_spawn_arg(spawn, "--root");
	wlb_spawn_arg(spawn, "%s", wlb_path_vm(config->runtime_dir,
		vm->config.name).text);
	add_peers(spawn, vm);
	add_limits(spawn, vm);
	wlb_spawn_arg(spawn, "--region-size");
	wlb_spawn_arg(spawn, "%" PRIu64, vm->config.region_size);
	wlb_spawn_arg(spawn, "--status-fd");
	wlb_spawn_arg(spawn, "%d", wlb_spawn_fd(spawn, vm->status_fd));
	wlb_spawn_arg(spawn, "--log-level");
	wlb_spawn_arg(spawn, "%s", config->log_level);
	vm->stale = false;
	return spawn->error;
}

static int
prepare_context(void *data, struct wlb_spawn *spawn)
{
	struct wlb_vm *vm = data;
	const struct wlb_config *config = vm->broker->config;
	struct wlb_path to = wlb_path_to(config->runtime_dir, vm->config.name,
		vm->config.display);

	wlb_spawn_arg(spawn, "%s", config->agent_program);
	wlb_spawn_arg(spawn, "context");
	wlb_spawn_arg(spawn, "--log-level");
	wlb_spawn_arg(spawn, "%s", config->log_level);
	/* A VM's name may begin as an option does. */
	wlb_spawn_arg(spawn, "--");
	wlb_spawn_arg(spawn, "%s=%s", vm->config.name, to.text);
	wlb_spawn_env(spawn, "WAYLAND_DISPLAY=%s", config->host_display);
	return spawn->error;
}

static void
handle_stopped(void *data)
{
	wlb_broker_vm_stopped(data);
}

static const struct wlb_process_ops device_ops = {
	.prepare = prepare_device,
	.stopped = handle_stopped,
};

static const struct wlb_process_ops context_ops = {
	.prepare = prepare_context,
	.stopped = handle_stopped,
};

static int
create(struct wlb_vm *vm, const char *what, const struct wlb_process_ops *ops,
	struct wlb_process **ret)
{
	char title[WLB_NAME_MAX + 32];
	snprintf(title, sizeof(title), "vm '%s': %s", vm->config.name, what);
	return wlb_process_create(vm->broker->loop, title, ops, vm, ret);
}

int
wlb_device_create(struct wlb_vm *vm, struct wlb_process **ret)
{
	return create(vm, "device", &device_ops, ret);
}

int
wlb_context_create(struct wlb_vm *vm, struct wlb_process **ret)
{
	return create(vm, "context", &context_ops, ret);
}
