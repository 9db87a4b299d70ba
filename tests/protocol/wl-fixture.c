/* SPDX-License-Identifier: MIT */
#include "wl-fixture.h"

#include <poll.h>
#include <unistd.h>

struct wl_process process;
struct wl_guest guest;

int
fixture_start(void **state)
{
	(void)state;
	wl_process_start(&process, NULL);
	return 0;
}

int
fixture_stop(void **state)
{
	(void)state;
	wl_process_stop(&process);
	return 0;
}

int
fixture_leave(void **state)
{
	(void)state;
	wl_guest_disconnect(&guest);
	return 0;
}

void
drop_connections(void)
{
	struct pollfd pollfd = {
		.fd = process.peer_listener,
		.events = POLLIN,
	};
	while (poll(&pollfd, 1, 0) == 1) {
		close(wl_process_accept(&process));
	}
}
