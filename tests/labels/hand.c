/* SPDX-License-Identifier: MIT */
/*
 * hand WIDTH HEIGHT FIFO: a person's hand on a mouse, for an output of that size
 *
 * Lines in FIFO: "to X Y", "down", "up". Each is answered by "done" once
 * the compositor has handled it. The tables are those of wlroots' virtual pointer
 * protocol, as far as they are used.
 */
#include <linux/input-event-codes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/must.h"
#include "client.h"

enum manager_request { MANAGER_CREATE };
enum pointer_request {
	POINTER_MOTION,
	POINTER_MOTION_ABSOLUTE,
	POINTER_BUTTON,
	POINTER_AXIS,
	POINTER_FRAME,
};

static const struct wl_interface pointer_interface;
static const struct wl_interface *no_types[5];
static const struct wl_interface *create_types[] = {
	&wl_seat_interface,
	&pointer_interface,
};
static const struct wl_message pointer_requests[] = {
	{ "motion", "uff", no_types },
	{ "motion_absolute", "uuuuu", no_types },
	{ "button", "uuu", no_types },
	{ "axis", "uuf", no_types },
	{ "frame", "", no_types },
};
static const struct wl_interface pointer_interface = {
	"zwlr_virtual_pointer_v1", 1, 5, pointer_requests, 0, NULL,
};
static const struct wl_message manager_requests[] = {
	{ "create_virtual_pointer", "?on", create_types },
};
static const struct wl_interface manager_interface = {
	"zwlr_virtual_pointer_manager_v1", 1, 1, manager_requests, 0, NULL,
};

static struct client client;

static void
press(struct wl_proxy *pointer, uint32_t state)
{
	wl_proxy_marshal(pointer, POINTER_BUTTON, 0, BTN_LEFT, state);
}

int
main(int argc, char *argv[])
{
	must(argc == 4);
	const uint32_t width = (uint32_t)atoi(argv[1]);
	const uint32_t height = (uint32_t)atoi(argv[2]);
	client_connect(&client);
	struct wl_proxy *pointer = wl_proxy_marshal_constructor(
		client_bind(&client, &manager_interface), MANAGER_CREATE,
		&pointer_interface, NULL, NULL);
	must(pointer != NULL);
	client_settle(&client);
	client_say("ready");

	/* For both, so that opening it does not wait for a writer. */
	FILE *fifo = fopen(argv[3], "r+e");
	must(fifo != NULL);
	char line[64];
	while (fgets(line, sizeof(line), fifo) != NULL) {
		unsigned x, y;
		if (sscanf(line, "to %u %u", &x, &y) == 2) {
			wl_proxy_marshal(pointer, POINTER_MOTION_ABSOLUTE, 0,
				x, y, width, height);
		} else if (strcmp(line, "down\n") == 0) {
			press(pointer, 1);
		} else {
			must(strcmp(line, "up\n") == 0);
			press(pointer, 0);
		}
		wl_proxy_marshal(pointer, POINTER_FRAME);
		client_settle(&client);
		client_say("done");
	}
	return EXIT_SUCCESS;
}
