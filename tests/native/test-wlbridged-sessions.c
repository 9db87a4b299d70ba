/* SPDX-License-Identifier: MIT */
/* wlbridged and real devices, with this process for every VM. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <virtio_wl.h>

#include "../lib/bridge.h"
#include "control-message.h"

#define GUI "[vm gui]\ncolour = #aabbcc\nrole = compositor\n"
#define APP(name, colour) "[vm " name "]\ncolour = " colour \
	"\nrole = application\ndisplay = gui\n"
#define WORK APP("work", "#3584e4")
#define HOME APP("home", "#00ff00")

static struct vwl_device *
open_vm(struct bridge *bridge, const char *vm)
{
	char address[160];
	snprintf(address, sizeof(address), "vhost-user:%s/vm/%s/wl.sock",
		bridge->runtime, vm);
	struct vwl_device *device = vwl_device_open(address);
	assert_non_null(device);
	return device;
}

static void
start(struct bridge *bridge, const char *vms)
{
	bridge_init_with(bridge, WLB_DEVICE, vms);
	bridge_start(bridge);
	bridge_await_log(bridge, "serving");
}

static void
finish(struct bridge *bridge)
{
	bridge_signal(bridge, SIGTERM);
	assert_int_equal(bridge_wait(bridge), 0);
	bridge_finish(bridge);
}

/* @client connects, @listener accepts; a byte each way proves it. */
static void
join(struct vwl_device *client, int listener, int *ret_client,
	int *ret_server, struct vwl_peer *ret_peer)
{
	char byte = 0;
	int c = vwl_connect(client, NULL, 0);
	assert_true(c >= 0);
	assert_int_equal(vwl_write(c, "a", 1), 1);
	int s = vwl_accept(listener, ret_peer, 0);
	assert_true(s >= 0);
	assert_int_equal(vwl_read(s, &byte, 1), 1);
	assert_int_equal(byte, 'a');
	assert_int_equal(vwl_write(s, "b", 1), 1);
	assert_int_equal(vwl_read(c, &byte, 1), 1);
	assert_int_equal(byte, 'b');
	*ret_client = c;
	*ret_server = s;
}

static bool
flag_of(struct bridge *bridge, const char *vm, const char *key)
{
	json_t *status = bridge_status(bridge, vm);
	const json_t *flag = json_object_get(status, key);
	if (flag == NULL) {
		flag = json_object_get(json_object_get(status, "counters"),
			key);
	}
	assert_true(json_is_boolean(flag));
	bool set = json_is_true(flag);
	json_decref(status);
	return set;
}

static void
assert_instance(struct bridge *bridge, const char *vm,
	const struct vwl_peer *peer)
{
	json_t *status = bridge_status(bridge, vm);
	assert_string_equal(peer->instance,
		json_string_value(json_object_get(status, "instance")));
	json_decref(status);
}

static void
each_end_of_a_connection_is_told_who_the_other_is(void **state)
{
	(void)state;
	struct bridge bridge;
	start(&bridge, GUI WORK);
	struct vwl_device *gui = open_vm(&bridge, "gui");
	struct vwl_device *work = open_vm(&bridge, "work");
	int listener = vwl_listen(gui, NULL, 0);
	assert_true(listener >= 0);

	int client, server;
	struct vwl_peer peer;
	join(work, listener, &client, &server, &peer);
	assert_string_equal(peer.name, "work");
	assert_true(peer.has_colour);
	assert_int_equal(peer.colour, 0x3584e4);
	assert_false(peer.is_host);
	assert_instance(&bridge, "work", &peer);

	assert_int_equal(vwl_getpeer(client, &peer), 0);
	assert_string_equal(peer.name, "gui");
	assert_int_equal(peer.colour, 0xaabbcc);
	assert_instance(&bridge, "gui", &peer);

	assert_true(flag_of(&bridge, "gui", "front-end"));
	json_t *status = bridge_status(&bridge, "gui");
	const json_t *counters = json_object_get(status, "counters");
	assert_int_equal(json_integer_value(json_object_get(counters,
		"connections-accepted")), 1);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(
		json_object_get(counters, "budgets"), "connections"),
		"used")), 1);
	json_decref(status);

	vwl_close(client);
	vwl_close(server);
	vwl_close(listener);
	vwl_device_close(work);
	vwl_device_close(gui);
	finish(&bridge);
}

static void
a_new_colour_is_seen_by_the_next_connection(void **state)
{
	(void)state;
	struct bridge bridge;
	start(&bridge, GUI WORK);
	struct vwl_device *gui = open_vm(&bridge, "gui");
	struct vwl_device *work = open_vm(&bridge, "work");
	int listener = vwl_listen(gui, NULL, 0);
	int client[2], server[2];
	struct vwl_peer before, after;
	join(work, listener, &client[0], &server[0], &before);

	bridge_configure(&bridge, GUI APP("work", "#123456"));
	json_decref(bridge_call(&bridge, WLB_COMMAND_RELOAD, NULL));
	join(work, listener, &client[1], &server[1], &after);
	assert_int_equal(before.colour, 0x3584e4);
	assert_int_equal(after.colour, 0x123456);
	assert_string_equal(before.instance, after.instance);

	for (int i = 0; i < 2; i++) {
		vwl_close(client[i]);
		vwl_close(server[i]);
	}
	vwl_close(listener);
	vwl_device_close(work);
	vwl_device_close(gui);
	finish(&bridge);
}

static void
a_further_vm_waits_for_the_end_of_a_session(void **state)
{
	(void)state;
	struct bridge bridge;
	start(&bridge, GUI WORK);
	struct vwl_device *gui = open_vm(&bridge, "gui");
	struct vwl_device *work = open_vm(&bridge, "work");
	int listener = vwl_listen(gui, NULL, 0);
	int client, server;
	struct vwl_peer peer;
	join(work, listener, &client, &server, &peer);

	bridge_configure(&bridge, GUI WORK HOME);
	json_decref(bridge_call(&bridge, WLB_COMMAND_RELOAD, NULL));
	assert_true(flag_of(&bridge, "gui", "stale"));
	assert_false(flag_of(&bridge, "work", "stale"));
	char byte = 0;
	assert_int_equal(vwl_write(client, "c", 1), 1);
	assert_int_equal(vwl_read(server, &byte, 1), 1);
	assert_int_equal(byte, 'c');

	vwl_close(client);
	vwl_close(server);
	vwl_close(listener);
	vwl_device_close(gui);
	json_decref(bridge_call(&bridge, WLB_COMMAND_RESTART, "gui"));
	bridge_await_log(&bridge, "vm 'gui': device: started");
	assert_false(flag_of(&bridge, "gui", "stale"));

	gui = open_vm(&bridge, "gui");
	struct vwl_device *home = open_vm(&bridge, "home");
	listener = vwl_listen(gui, "home", 0);
	assert_true(listener >= 0);
	join(home, listener, &client, &server, &peer);
	assert_string_equal(peer.name, "home");
	vwl_close(client);
	vwl_close(server);
	vwl_close(listener);
	vwl_device_close(home);
	vwl_device_close(work);
	vwl_device_close(gui);
	finish(&bridge);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			each_end_of_a_connection_is_told_who_the_other_is),
		cmocka_unit_test(a_new_colour_is_seen_by_the_next_connection),
		cmocka_unit_test(a_further_vm_waits_for_the_end_of_a_session),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
