/* SPDX-License-Identifier: MIT */
/*
 * primary [TEXT]: a window with a primary selection
 *
 * With TEXT that becomes the selection when the window gets the keyboard the
 * first time. Says "selection none" or "selection TYPE..." for each one that it is
 * offered, "text ..." for what it reads of it, "sent" when its own was asked for,
 * "cancelled" when that is over. SIGUSR1: try to set the selection, without the
 * keyboard and with an old serial; SIGUSR2: read once more what was offered last.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../lib/must.h"
#include "client.h"
#include "primary-selection-client.h"
#include "util/fd.h"

static struct client client;
static struct zwp_primary_selection_device_manager_v1 *manager;
static struct zwp_primary_selection_device_v1 *device;
static struct zwp_primary_selection_offer_v1 *last_offer;
static const char *text;
static uint32_t last_serial;
static char offered[256];
static int reading = -1;

static void
handle_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	(void)data;
	(void)version;
	if (strcmp(interface, zwp_primary_selection_device_manager_v1_interface
			.name) == 0) {
		manager = wl_registry_bind(registry, name,
			&zwp_primary_selection_device_manager_v1_interface, 1);
	}
}

static void
handle_global_remove(void *data, struct wl_registry *registry, uint32_t name)
{
	(void)data;
	(void)registry;
	(void)name;
}

static const struct wl_registry_listener registry_listener = {
	.global = handle_global,
	.global_remove = handle_global_remove,
};

static void
handle_send(void *data, struct zwp_primary_selection_source_v1 *source,
	const char *type, int32_t fd)
{
	(void)data;
	(void)source;
	(void)type;
	must(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	client_say("sent");
}

static void
handle_cancelled(void *data, struct zwp_primary_selection_source_v1 *source)
{
	(void)data;
	zwp_primary_selection_source_v1_destroy(source);
	client_say("cancelled");
}

static const struct zwp_primary_selection_source_v1_listener source_listener = {
	.send = handle_send,
	.cancelled = handle_cancelled,
};

static void
set_selection(uint32_t serial)
{
	struct zwp_primary_selection_source_v1 *source =
		zwp_primary_selection_device_manager_v1_create_source(manager);
	zwp_primary_selection_source_v1_add_listener(source, &source_listener,
		NULL);
	zwp_primary_selection_source_v1_offer(source, "text/plain");
	zwp_primary_selection_device_v1_set_selection(device, source, serial);
}

static void
handle_focus(struct client *to, uint32_t serial)
{
	(void)to;
	bool first = last_serial == 0;
	last_serial = serial;
	if (text != NULL && first) {
		set_selection(serial);
	}
}

static void
handle_offer_type(void *data, struct zwp_primary_selection_offer_v1 *offer,
	const char *type)
{
	(void)data;
	(void)offer;
	strncat(offered, " ", sizeof(offered) - strlen(offered) - 1);
	strncat(offered, type, sizeof(offered) - strlen(offered) - 1);
}

static const struct zwp_primary_selection_offer_v1_listener offer_listener = {
	.offer = handle_offer_type,
};

static void
handle_data_offer(void *data, struct zwp_primary_selection_device_v1 *to,
	struct zwp_primary_selection_offer_v1 *offer)
{
	(void)data;
	(void)to;
	offered[0] = '\0';
	last_offer = offer;
	zwp_primary_selection_offer_v1_add_listener(offer, &offer_listener,
		NULL);
}

static void
receive(void)
{
	int ends[2];
	fd_close(&reading);
	must(pipe2(ends, O_CLOEXEC) == 0);
	zwp_primary_selection_offer_v1_receive(last_offer, "text/plain",
		ends[1]);
	close(ends[1]);
	reading = ends[0];
}

static void
handle_selection(void *data, struct zwp_primary_selection_device_v1 *to,
	struct zwp_primary_selection_offer_v1 *offer)
{
	(void)data;
	(void)to;
	if (offer == NULL) {
		client_say("selection none");
		return;
	}
	client_say("selection%s", offered);
	if (text == NULL) {
		receive();
	}
}

static const struct zwp_primary_selection_device_v1_listener device_listener = {
	.data_offer = handle_data_offer,
	.selection = handle_selection,
};

static void
read_text(void)
{
	char got[256];
	ssize_t len = read(reading, got, sizeof(got) - 1);
	must(len >= 0);
	if (len > 0) {
		got[len] = '\0';
		client_say("text %s", got);
		return;
	}
	fd_close(&reading);
	client_say("text ends");
}

static void
obey(int signals)
{
	struct signalfd_siginfo info;
	must(read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info));
	if (info.ssi_signo == SIGUSR2) {
		must(last_offer != NULL);
		receive();
		return;
	}
	set_selection(last_serial);
	client_settle(&client);
	client_say("tried");
}

int
main(int argc, char *argv[])
{
	struct window window;
	text = argc > 1 ? argv[1] : NULL;
	sigset_t wanted;
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGUSR1);
	sigaddset(&wanted, SIGUSR2);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	int signals = signalfd(-1, &wanted, SFD_CLOEXEC);
	must(signals >= 0);

	client_init(&client);
	client.handle_focus = handle_focus;
	struct wl_registry *registry = wl_display_get_registry(client.display);
	wl_registry_add_listener(registry, &registry_listener, NULL);
	client_settle(&client);
	must(manager != NULL);
	device = zwp_primary_selection_device_manager_v1_get_device(manager,
		client.seat);
	zwp_primary_selection_device_v1_add_listener(device, &device_listener,
		NULL);
	window_show(&window, &client, 200, 120, "primary");
	client_say("shown");
	for (;;) {
		struct pollfd fds[] = {
			{ wl_display_get_fd(client.display), POLLIN, 0 },
			{ signals, POLLIN, 0 },
			{ reading, POLLIN, 0 },
		};
		must(wl_display_flush(client.display) >= 0);
		must(poll(fds, 3, -1) > 0);
		if (fds[1].revents != 0) {
			obey(signals);
		}
		if (fds[2].revents != 0) {
			read_text();
		}
		if (fds[0].revents != 0
				&& wl_display_dispatch(client.display) < 0) {
			return EXIT_FAILURE;
		}
	}
}
