/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A configuration is applied in passes over all VMs, because they need one
 * another's directories and sockets: retire those that are gone; make or
 * update the others and open their directories; then the sockets between
 * them; then the labels; then the processes. Applying the same configuration
 * twice does nothing the second time.
 *
 * A session dies with its device, for QEMU does not reconnect. So a device is
 * restarted by a reload only if its own section says something new. One that
 * would merely be given more (a further client VM's socket, a new program) is
 * restarted at once if no VMM is connected; otherwise it is stale until a
 * later reload finds it idle, or the user restarts it.
 *
 * A VM that left the configuration stays in the list until its last process
 * has ended. If it comes back before that, it is the same VM again.
 */
#include "broker.h"

#include <errno.h>
#include <string.h>

#include "device-status.h"
#include "errors.h"
#include "runtime.h"
#include "util/log.h"
#include "vm.h"

static struct wlb_vm *
find_any(struct wlb_broker *broker, const char *name)
{
	struct wlb_vm *vm;
	list_for_each(vm, &broker->vms, link) {
		if (strcmp(vm->config.name, name) == 0) {
			return vm;
		}
	}
	return NULL;
}

struct wlb_vm *
wlb_broker_find(struct wlb_broker *broker, const char *name)
{
	struct wlb_vm *vm = find_any(broker, name);
	return vm != NULL && vm->wanted ? vm : NULL;
}

void
wlb_broker_init(struct wlb_broker *broker, struct loop *loop,
	struct wlb_config *take_config, const char *config_path,
	const char *runtime_dir)
{
	*broker = (struct wlb_broker){
		.loop = loop,
		.config_path = config_path,
		.runtime_dir = runtime_dir,
		.config = take_config,
	};
	list_init(&broker->vms);
}

void
wlb_broker_finish(struct wlb_broker *broker)
{
	struct wlb_vm *vm, *tmp;
	list_for_each_safe(vm, tmp, &broker->vms, link) {
		wlb_vm_destroy(vm);
	}
	wlb_config_destroy(broker->config);
	broker->config = NULL;
}

static void
retire(struct wlb_vm *vm)
{
	vm->wanted = false;
	vm->detached = false;
	wlb_vm_close(vm);
	wlb_vm_stop(vm);
}

static int
update_vm(struct wlb_broker *broker, const struct wlb_vm_config *config)
{
	struct wlb_vm *vm = find_any(broker, config->name);
	if (vm == NULL) {
		int r = wlb_vm_create(broker, config, &vm);
		if (r < 0) {
			return r;
		}
		list_append(&broker->vms, &vm->link);
	}
	if (!vm->wanted) {
		vm->plan = WLB_PLAN_START;
	} else if (!wlb_vm_config_same(&vm->config, config)) {
		vm->plan = WLB_PLAN_RESTART;
	}
	vm->wanted = true;
	vm->config = *config;
	int r = wlb_vm_open(vm);
	if (r < 0) {
		/* Without its socket it is none; a later reload tries again. */
		retire(vm);
	}
	return r;
}

/* The sockets at which @vm is reached: one for each VM that displays on it. */
static int
update_accepts(struct wlb_broker *broker, struct wlb_vm *vm)
{
	struct wlb_accept *accept, *tmp;
	list_for_each_safe(accept, tmp, &vm->accepts, link) {
		const struct wlb_vm *client =
			wlb_broker_find(broker, accept->client);
		if (client == NULL || strcmp(client->config.display,
				vm->config.name) != 0) {
			wlb_vm_remove_accept(vm, accept);
		}
	}
	int r = 0;
	const struct wlb_vm *client;
	list_for_each(client, &broker->vms, link) {
		if (!client->wanted || strcmp(client->config.display,
				vm->config.name) != 0
				|| wlb_vm_find_accept(vm, client->config.name)) {
			continue;
		}
		int failed = wlb_vm_add_accept(vm, client->config.name);
		if (failed < 0) {
			r = failed;
		} else if (vm->plan == WLB_PLAN_KEEP) {
			vm->plan = WLB_PLAN_RESTART_IDLE;
		}
	}
	return r;
}

static int
carry_out(struct wlb_vm *vm, struct wlb_reload *reload)
{
	enum wlb_plan plan = vm->plan;
	vm->plan = WLB_PLAN_KEEP;
	if (vm->detached) {
		return 0;
	}
	if (plan == WLB_PLAN_KEEP && vm->stale) {
		plan = WLB_PLAN_RESTART_IDLE;
	}
	switch (plan) {
	case WLB_PLAN_KEEP:
		break;
	case WLB_PLAN_START:
		reload->added++;
		return wlb_vm_start(vm);
	case WLB_PLAN_RESTART_IDLE:
		if (wlb_device_is_in_use(vm)) {
			vm->stale = true;
			reload->stale++;
			log_warn("vm '%s': needs a restart to take up its new "
				"configuration; its session was left alone",
				vm->config.name);
			break;
		}
		/* fall through */
	case WLB_PLAN_RESTART:
		reload->restarted++;
		return wlb_vm_restart(vm);
	}
	return 0;
}

static void
note_failure(struct wlb_reload *reload, const struct wlb_vm *vm, int r)
{
	if (r < 0) {
		log_error("vm '%s': %s", vm->config.name, strerror(-r));
		reload->failed++;
	}
}

void
wlb_broker_apply(struct wlb_broker *broker, struct wlb_reload *ret)
{
	const struct wlb_config *config = broker->config;
	struct wlb_reload reload = { 0 };
	struct wlb_vm *vm, *tmp;

	list_for_each_safe(vm, tmp, &broker->vms, link) {
		if (vm->wanted && wlb_config_find(config, vm->config.name)
				== NULL) {
			reload.removed++;
			retire(vm);
		}
	}
	for (size_t i = 0; i < config->vm_count; i++) {
		int r = update_vm(broker, &config->vms[i]);
		if (r < 0) {
			log_error("vm '%s': %s", config->vms[i].name,
				strerror(-r));
			reload.failed++;
		}
	}
	list_for_each(vm, &broker->vms, link) {
		note_failure(&reload, vm, update_accepts(broker, vm));
	}
	list_for_each(vm, &broker->vms, link) {
		if (vm->wanted) {
			note_failure(&reload, vm, wlb_vm_write_labels(vm));
		}
	}
	list_for_each(vm, &broker->vms, link) {
		if (vm->wanted) {
			note_failure(&reload, vm, carry_out(vm, &reload));
		}
	}
	*ret = reload;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Mark the VMs whose processes the new [bridge] would start differently. */
static void
plan_for_bridge(struct wlb_broker *broker, const struct wlb_config *config)
{
	const struct wlb_config *old = broker->config;
	bool all = !same_text(old->device_program, config->device_program)
		|| !same_text(old->log_level, config->log_level);
	bool sound = !same_text(old->sound_program, config->sound_program)
		|| !same_text(old->pipewire_dir, config->pipewire_dir);
	bool host = !same_text(old->host_display, config->host_display)
		|| !same_text(old->agent_program, config->agent_program);
	struct wlb_vm *vm;
	list_for_each(vm, &broker->vms, link) {
		if (all || (sound && vm->sound != NULL) || (host && strcmp(vm->config.display,
				WLB_DISPLAY_HOST) == 0)) {
			vm->plan = WLB_PLAN_RESTART_IDLE;
		}
	}
}

/* What was done once, at the start, and cannot be done again. */
static void
check_fixed(const struct wlb_broker *broker, const struct wlb_config *config,
	struct wlb_errors *errors)
{
	if (!same_text(broker->config->runtime_dir, config->runtime_dir)) {
		wlb_errors_add(errors, "%s: runtime-dir = %s: expected %s, "
			"until wlbridged is restarted", broker->config_path,
			config->runtime_dir, broker->config->runtime_dir);
	}
	if (!same_text(broker->config->user, config->user)) {
		wlb_errors_add(errors, "%s: user: expected no change until "
			"wlbridged is restarted", broker->config_path);
	}
	if (broker->config->has_control_gid != config->has_control_gid
			|| broker->config->control_gid
				!= config->control_gid) {
		wlb_errors_add(errors, "%s: control-group: expected no change "
			"until wlbridged is restarted", broker->config_path);
	}
}

int
wlb_broker_reload(struct wlb_broker *broker, struct wlb_errors *errors,
	struct wlb_reload *ret)
{
	struct wlb_config *config;
	int r = wlb_config_load(broker->config_path, broker->runtime_dir,
		errors, &config);
	if (r < 0) {
		return r;
	}
	check_fixed(broker, config, errors);
	if (errors->count > 0) {
		wlb_config_destroy(config);
		return -EINVAL;
	}
	plan_for_bridge(broker, config);
	wlb_config_destroy(broker->config);
	broker->config = config;
	wlb_broker_apply(broker, ret);
	return 0;
}

static void
quit_if_done(struct wlb_broker *broker)
{
	if (broker->quitting && list_empty(&broker->vms)) {
		loop_quit(broker->loop, 0);
	}
}

void
wlb_broker_quit(struct wlb_broker *broker)
{
	struct wlb_vm *vm;
	broker->quitting = true;
	list_for_each(vm, &broker->vms, link) {
		retire(vm);
	}
	quit_if_done(broker);
}

void
wlb_broker_vm_stopped(struct wlb_vm *vm)
{
	struct wlb_broker *broker = vm->broker;
	char name[WLB_NAME_MAX + 1];
	if (vm->wanted || !wlb_vm_is_stopped(vm)) {
		return;
	}
	memcpy(name, vm->config.name, sizeof(name));
	wlb_vm_destroy(vm);
	log_info("vm '%s': gone", name);
	quit_if_done(broker);
}
