/* SPDX-License-Identifier: MIT */
/*
 * globals: list what a client is offered, a line "NAME INTERFACE" each
 * globals guess < LIST: bind each of the list by name, one connection each, and
 *    say "bound INTERFACE" or "refused INTERFACE"
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wayland-client.h>

#include "../lib/must.h"
#include "../lib/wl-ignore.h"

static void
handle_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	(void)data;
	(void)registry;
	(void)version;
	printf("%u %s\n", name, interface);
}

static const struct wl_registry_listener registry_listener = {
	.global = handle_global,
	.global_remove = ignore_global_remove,
};

static void
list(void)
{
	struct wl_display *display = wl_display_connect(NULL);
	must(display != NULL);
	struct wl_registry *registry = wl_display_get_registry(display);
	wl_registry_add_listener(registry, &registry_listener, NULL);
	must(wl_display_roundtrip(display) >= 0);
	wl_registry_destroy(registry);
	wl_display_disconnect(display);
}

static void
guess(uint32_t name, const char *interface)
{
	const struct wl_interface guessed = { .name = interface, .version = 1 };
	struct wl_display *display = wl_display_connect(NULL);
	must(display != NULL);
	struct wl_registry *registry = wl_display_get_registry(display);
	struct wl_proxy *proxy =
		wl_registry_bind(registry, name, &guessed, 1);
	must(proxy != NULL);
	bool bound = wl_display_roundtrip(display) >= 0;
	printf("%s %s\n", bound ? "bound" : "refused", interface);
	wl_proxy_destroy(proxy);
	wl_registry_destroy(registry);
	wl_display_disconnect(display);
}

int
main(int argc, char *argv[])
{
	if (argc == 1) {
		list();
		return EXIT_SUCCESS;
	}
	must(strcmp(argv[1], "guess") == 0);
	unsigned name;
	char interface[128];
	while (scanf("%u %127s", &name, interface) == 2) {
		guess(name, interface);
	}
	return EXIT_SUCCESS;
}
