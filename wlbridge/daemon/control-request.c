/* SPDX-License-Identifier: MIT */
#include "control-request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "audio/orders.h"
#include "broker.h"
#include "control-message.h"
#include "control-status.h"
#include "errors.h"
#include "paths.h"
#include "sound.h"
#include "util/log.h"
#include "vm.h"

struct answer {
	const struct wlb_request *request;
	wlb_reply_fn reply;
	void *data;
};

static json_t *
with_id(const struct wlb_request *request, json_t *reply)
{
	if (request != NULL && request->has_id) {
		json_object_set_new(reply, "id", json_integer(request->id));
	}
	return reply;
}

json_t *
wlb_control_error(const struct wlb_request *request, const char *code,
	const char *text)
{
	return with_id(request, json_pack("{s:b, s:s, s:s}", "ok", 0,
		"code", code, "error", text));
}

static void
send(const struct answer *answer, json_t *take_reply)
{
	answer->reply(answer->data, with_id(answer->request, take_reply));
}

static void
send_ok(const struct answer *answer)
{
	send(answer, json_pack("{s:b}", "ok", 1));
}

static void
send_error(const struct answer *answer, const char *code, const char *text)
{
	answer->reply(answer->data,
		wlb_control_error(answer->request, code, text));
}

static void
execute_status(struct wlb_broker *broker, const struct answer *answer)
{
	const struct wlb_vm *vm;
	list_for_each(vm, &broker->vms, link) {
		if (vm->wanted && (answer->request->vm[0] == '\0'
				|| strcmp(answer->request->vm,
					vm->config.name) == 0)) {
			send(answer, json_pack("{s:b, s:o}", "more", 1,
				"vm", wlb_control_status(vm)));
		}
	}
	send_ok(answer);
}

static void
execute_vmm_args(const struct wlb_vm *vm, const struct answer *answer)
{
	struct wlb_path socket = wlb_path_vhost_user(
		vm->broker->config->runtime_dir, vm->config.name);
	struct wlb_path sound = wlb_path_sound(
		vm->broker->config->runtime_dir, vm->config.name);
	json_t *reply = json_pack("{s:b, s:s, s:I}", "ok", 1,
		"socket", socket.text,
		"region-size", (json_int_t)vm->config.region_size);
	if (reply != NULL && vm->config.audio != WLB_AUDIO_NONE) {
		json_object_set_new(reply, "sound-socket",
			json_string(sound.text));
		json_object_set_new(reply, "sound-controls",
			json_boolean(vm->config.sound_controls));
	}
	send(answer, reply);
}

/* @text may quote a file that is no UTF-8, which JSON must be. */
static json_t *
any_string(const char *text)
{
	json_t *string = json_string(text);
	if (string != NULL) {
		return string;
	}
	char *copy = strdup(text);
	if (copy == NULL) {
		return NULL;
	}
	for (char *c = copy; *c != '\0'; c++) {
		if ((unsigned char)*c >= 0x80) {
			*c = '?';
		}
	}
	string = json_string(copy);
	free(copy);
	return string;
}

static void
execute_reload(struct wlb_broker *broker, const struct answer *answer)
{
	struct wlb_errors errors = { 0 };
	struct wlb_reload reload;
	int r = wlb_broker_reload(broker, &errors, &reload);
	for (size_t i = 0; i < wlb_errors_kept(&errors); i++) {
		send(answer, json_pack("{s:b, s:o}", "more", 1,
			"line", any_string(errors.lines[i])));
	}
	wlb_errors_finish(&errors);
	if (r < 0) {
		send_error(answer, "bad-configuration",
			"the configuration is wrong; nothing changed");
		return;
	}
	send(answer, json_pack("{s:b, s:i, s:i, s:i, s:i, s:i}", "ok", 1,
		"added", (int)reload.added,
		"removed", (int)reload.removed,
		"restarted", (int)reload.restarted,
		"stale", (int)reload.stale,
		"failed", (int)reload.failed));
}

static void
execute_sound(struct wlb_vm *vm, const struct answer *answer)
{
	const struct wlb_request *request = answer->request;
	if (vm->sound == NULL || vm->config.audio == WLB_AUDIO_NONE) {
		send_error(answer, "no-sound", "this VM has no sound");
		return;
	}
	int r = 0;
	switch (request->command) {
	case WLB_COMMAND_MIC:
		if (vm->config.audio != WLB_AUDIO_DUPLEX && request->state) {
			send_error(answer, "no-sound",
				"this VM has no microphone: audio = duplex");
			return;
		}
		r = wlb_sound_order(vm->sound, VSND_ORDER_MIC, request->state);
		break;
	case WLB_COMMAND_MUTE:
		r = wlb_sound_order(vm->sound, VSND_ORDER_MUTE,
			request->state);
		break;
	default:
		r = wlb_sound_order(vm->sound, VSND_ORDER_VOLUME,
			(uint32_t)(request->volume * 1000 + 0.5));
		break;
	}
	if (r < 0) {
		send_error(answer, "failed", strerror(-r));
	} else {
		send_ok(answer);
	}
}

static void
execute_vm(struct wlb_vm *vm, const struct answer *answer)
{
	int r = 0;
	switch (answer->request->command) {
	case WLB_COMMAND_RESTART:
		if (vm->detached) {
			send_error(answer, "detached", "this VM is detached");
			return;
		}
		r = wlb_vm_restart(vm);
		break;
	case WLB_COMMAND_DETACH:
		vm->detached = true;
		wlb_vm_stop(vm);
		break;
	case WLB_COMMAND_ATTACH:
		vm->detached = false;
		r = wlb_vm_start(vm);
		break;
	case WLB_COMMAND_VMM_ARGS:
		execute_vmm_args(vm, answer);
		return;
	case WLB_COMMAND_MIC:
	case WLB_COMMAND_MUTE:
	case WLB_COMMAND_VOLUME:
		execute_sound(vm, answer);
		return;
	case WLB_COMMAND_STATUS:
	case WLB_COMMAND_RELOAD:
		break;
	}
	log_info("vm '%s': %s, asked over the control socket",
		vm->config.name, wlb_command_name(answer->request->command));
	if (r < 0) {
		send_error(answer, "failed", strerror(-r));
	} else {
		send_ok(answer);
	}
}

void
wlb_control_execute(struct wlb_broker *broker,
	const struct wlb_request *request, wlb_reply_fn reply, void *data)
{
	struct answer answer = {
		.request = request,
		.reply = reply,
		.data = data,
	};
	struct wlb_vm *vm = NULL;
	if (request->vm[0] != '\0') {
		vm = wlb_broker_find(broker, request->vm);
		if (vm == NULL) {
			send_error(&answer, "unknown-vm",
				"no VM of this name is configured");
			return;
		}
	}
	if (request->command == WLB_COMMAND_STATUS) {
		execute_status(broker, &answer);
	} else if (request->command == WLB_COMMAND_RELOAD) {
		execute_reload(broker, &answer);
	} else {
		execute_vm(vm, &answer);
	}
}
