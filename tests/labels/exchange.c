/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../lib/must.h"
#include "util/fd.h"

void
exchange_init(struct exchange *exchange, const char *text)
{
	sigset_t wanted;
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGUSR1);
	sigaddset(&wanted, SIGUSR2);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	exchange->signals = signalfd(-1, &wanted, SFD_CLOEXEC);
	must(exchange->signals >= 0);
	exchange->text = text;
	exchange->reading = -1;
	client_init(&exchange->client);
}

static void
handle_focus(struct client *client, uint32_t serial)
{
	struct exchange *exchange = wl_container_of(client, exchange, client);
	bool first = exchange->last_serial == 0;
	exchange->last_serial = serial;
	if (exchange->text != NULL && first) {
		exchange->give(serial);
	}
}

void
exchange_give_at_focus(struct exchange *exchange,
	void (*give)(uint32_t serial))
{
	exchange->give = give;
	exchange->client.handle_focus = handle_focus;
}

void
exchange_note_type(struct exchange *exchange, const char *type)
{
	char *offered = exchange->offered;
	const size_t size = sizeof(exchange->offered);
	strncat(offered, " ", size - strlen(offered) - 1);
	strncat(offered, type, size - strlen(offered) - 1);
}

int
exchange_ask(struct exchange *exchange)
{
	int ends[2];
	must(pipe2(ends, O_CLOEXEC) == 0);
	exchange_read(exchange, ends[0]);
	return ends[1];
}

void
exchange_read(struct exchange *exchange, int take_fd)
{
	fd_close(&exchange->reading);
	exchange->reading = take_fd;
}

void
exchange_send(struct exchange *exchange, int take_fd)
{
	const ssize_t len = (ssize_t)strlen(exchange->text);
	must(write(take_fd, exchange->text, (size_t)len) == len);
	close(take_fd);
	client_say("sent");
}

static void
read_text(struct exchange *exchange)
{
	char got[256];
	ssize_t len = read(exchange->reading, got, sizeof(got) - 1);
	must(len >= 0);
	if (len > 0) {
		got[len] = '\0';
		client_say("text %s", got);
		return;
	}
	fd_close(&exchange->reading);
	if (exchange->handle_end != NULL) {
		exchange->handle_end();
	} else {
		client_say("text ends");
	}
}

static void
read_signal(struct exchange *exchange)
{
	struct signalfd_siginfo info;
	must(read(exchange->signals, &info, sizeof(info))
		== (ssize_t)sizeof(info));
	exchange->handle_signal((int)info.ssi_signo);
}

void
exchange_run(struct exchange *exchange, const char *title)
{
	struct wl_display *display = exchange->client.display;
	window_show(&exchange->window, &exchange->client, 200, 120, title);
	client_say("shown");
	for (;;) {
		struct pollfd fds[] = {
			{ wl_display_get_fd(display), POLLIN, 0 },
			{ exchange->signals, POLLIN, 0 },
			{ exchange->reading, POLLIN, 0 },
		};
		must(wl_display_flush(display) >= 0);
		must(poll(fds, 3, -1) > 0);
		if (fds[1].revents != 0) {
			read_signal(exchange);
		}
		if (fds[2].revents != 0) {
			read_text(exchange);
		}
		if (fds[0].revents != 0 && wl_display_dispatch(display) < 0) {
			client_say("disconnected");
			return;
		}
	}
}
