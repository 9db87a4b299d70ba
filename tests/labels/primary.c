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
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/must.h"
#include "exchange.h"
#include "primary-selection-client.h"

static struct exchange exchange;
static struct zwp_primary_selection_device_manager_v1 *manager;
static struct zwp_primary_selection_device_v1 *device;
static struct zwp_primary_selection_offer_v1 *last_offer;

static void
handle_send(void *data, struct zwp_primary_selection_source_v1 *source,
	const char *type, int32_t fd)
{
	(void)data;
	(void)source;
	(void)type;
	exchange_send(&exchange, fd);
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
handle_offer_type(void *data, struct zwp_primary_selection_offer_v1 *offer,
	const char *type)
{
	(void)data;
	(void)offer;
	exchange_note_type(&exchange, type);
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
	exchange.offered[0] = '\0';
	last_offer = offer;
	zwp_primary_selection_offer_v1_add_listener(offer, &offer_listener,
		NULL);
}

static void
receive(void)
{
	int fd = exchange_ask(&exchange);
	zwp_primary_selection_offer_v1_receive(last_offer, "text/plain", fd);
	close(fd);
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
	client_say("selection%s", exchange.offered);
	if (exchange.text == NULL) {
		receive();
	}
}

static const struct zwp_primary_selection_device_v1_listener device_listener = {
	.data_offer = handle_data_offer,
	.selection = handle_selection,
};

static void
obey(int signo)
{
	if (signo == SIGUSR2) {
		must(last_offer != NULL);
		receive();
		return;
	}
	set_selection(exchange.last_serial);
	client_settle(&exchange.client);
	client_say("tried");
}

int
main(int argc, char *argv[])
{
	exchange_init(&exchange, argc > 1 ? argv[1] : NULL);
	exchange_give_at_focus(&exchange, set_selection);
	exchange.handle_signal = obey;
	manager = client_bind(&exchange.client,
		&zwp_primary_selection_device_manager_v1_interface);
	device = zwp_primary_selection_device_manager_v1_get_device(manager,
		exchange.client.seat);
	zwp_primary_selection_device_v1_add_listener(device, &device_listener,
		NULL);
	exchange_run(&exchange, "primary");
	return EXIT_SUCCESS;
}
