/* SPDX-License-Identifier: MIT */
#include "control-message.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "config-value.h"

static const struct {
	const char *name;
	enum { VM_NONE, VM_OPTIONAL, VM_REQUIRED } vm;
	enum { VALUE_NONE, VALUE_STATE, VALUE_VOLUME } value;
} commands[] = {
	[WLB_COMMAND_STATUS] = { "status", VM_OPTIONAL },
	[WLB_COMMAND_VMM_ARGS] = { "vmm-args", VM_REQUIRED },
	[WLB_COMMAND_RELOAD] = { "reload", VM_NONE },
	[WLB_COMMAND_RESTART] = { "restart", VM_REQUIRED },
	[WLB_COMMAND_DETACH] = { "detach", VM_REQUIRED },
	[WLB_COMMAND_ATTACH] = { "attach", VM_REQUIRED },
	[WLB_COMMAND_MIC] = { "mic", VM_REQUIRED, VALUE_STATE },
	[WLB_COMMAND_MUTE] = { "mute", VM_REQUIRED, VALUE_STATE },
	[WLB_COMMAND_VOLUME] = { "volume", VM_REQUIRED, VALUE_VOLUME },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

const char *
wlb_command_name(enum wlb_command command)
{
	return commands[command].name;
}

int
wlb_command_by_name(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0) {
			return (int)i;
		}
	}
	return -1;
}

/* Take one member into @request. Return: what is wrong with it, or NULL. */
static const char *
take_member(const char *key, const json_t *value, struct wlb_request *request,
	int *command)
{
	if (strcmp(key, "command") == 0) {
		if (!json_is_string(value)) {
			return "command: expected a string";
		}
		*command = wlb_command_by_name(json_string_value(value));
		return *command < 0 ? "command: unknown" : NULL;
	}
	if (strcmp(key, "vm") == 0) {
		const char *name = json_string_value(value);
		if (name == NULL || !wlb_value_is_name(name)) {
			return "vm: expected the name of a VM";
		}
		memcpy(request->vm, name, strlen(name) + 1);
		return NULL;
	}
	if (strcmp(key, "id") == 0) {
		if (!json_is_integer(value)) {
			return "id: expected an integer";
		}
		request->has_id = true;
		request->id = json_integer_value(value);
		return NULL;
	}
	if (strcmp(key, "state") == 0) {
		if (!json_is_boolean(value)) {
			return "state: expected true or false";
		}
		request->has_state = true;
		request->state = json_is_true(value);
		return NULL;
	}
	if (strcmp(key, "volume") == 0) {
		double volume = json_number_value(value);
		if (!json_is_number(value)
				|| !(volume >= 0 && volume <= WLB_VOLUME_MAX)) {
			return "volume: expected a number from 0 to 1.5";
		}
		request->has_volume = true;
		request->volume = volume;
		return NULL;
	}
	return "expected no members but command, vm, state, volume and id";
}

static const char *
take_object(json_t *object, struct wlb_request *ret)
{
	struct wlb_request request = { 0 };
	int command = -1;
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) {
		const char *error =
			take_member(key, value, &request, &command);
		if (error != NULL) {
			return error;
		}
	}
	if (command < 0) {
		return "expected a command";
	}
	request.command = (enum wlb_command)command;
	if (commands[command].vm == VM_REQUIRED && request.vm[0] == '\0') {
		return "this command needs a vm";
	}
	if (commands[command].vm == VM_NONE && request.vm[0] != '\0') {
		return "this command takes no vm";
	}
	if (request.has_state != (commands[command].value == VALUE_STATE)) {
		return request.has_state ? "this command takes no state"
			: "this command needs a state";
	}
	if (request.has_volume != (commands[command].value == VALUE_VOLUME)) {
		return request.has_volume ? "this command takes no volume"
			: "this command needs a volume";
	}
	*ret = request;
	return NULL;
}

int
wlb_request_decode(const char *line, size_t len, struct wlb_request *ret,
	const char **ret_error)
{
	json_error_t parse_error;
	json_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES,
		&parse_error);
	if (object == NULL) {
		if (json_error_code(&parse_error) == json_error_out_of_memory) {
			return -ENOMEM;
		}
		*ret_error = "expected one JSON object on a line";
		return -EPROTO;
	}
	const char *error = json_is_object(object)
		? take_object(object, ret) : "expected a JSON object";
	json_decref(object);
	if (error != NULL) {
		*ret_error = error;
		return -EPROTO;
	}
	return 0;
}

char *
wlb_request_encode(const struct wlb_request *request)
{
	json_t *object = json_pack("{s:s}", "command",
		wlb_command_name(request->command));
	int r = object == NULL ? -1 : 0;
	if (r == 0 && request->vm[0] != '\0') {
		r = json_object_set_new(object, "vm",
			json_string(request->vm));
	}
	if (r == 0 && request->has_id) {
		r = json_object_set_new(object, "id",
			json_integer(request->id));
	}
	if (r == 0 && request->has_state) {
		r = json_object_set_new(object, "state",
			json_boolean(request->state));
	}
	if (r == 0 && request->has_volume) {
		r = json_object_set_new(object, "volume",
			json_real(request->volume));
	}
	char *text = r == 0 ? json_dumps(object, JSON_COMPACT) : NULL;
	json_decref(object);
	if (text == NULL) {
		return NULL;
	}
	size_t len = strlen(text);
	char *line = realloc(text, len + 2);
	if (line == NULL) {
		free(text);
		return NULL;
	}
	memcpy(line + len, "\n", 2);
	return line;
}
