/* SPDX-License-Identifier: MIT */
/*
 * exchange.h - a window that gives a text to others, or takes what they give
 *
 * By which of Wayland's ways is the program's own; what is alike is that it waits
 * for its display, for what it reads, and for a signal that has it try something.
 */
#ifndef TESTS_LABELS_EXCHANGE_H
#define TESTS_LABELS_EXCHANGE_H

#include "client.h"

struct exchange {
	struct client client;
	struct window window;
	const char *text;	/* to give; NULL: take what is offered */
	uint32_t last_serial;	/* by which it gave, or might have */
	char offered[256];	/* types, a space before each */
	int reading;		/* what was asked for; -1: nothing */
	int signals;

	void (*give)(uint32_t serial);
	/* SIGUSR1 or SIGUSR2 came. */
	void (*handle_signal)(int signo);
	/* All that was asked for is read; NULL says "text ends". */
	void (*handle_end)(void);
};

/* Connect, with @text to give; callbacks are set afterwards. */
void
exchange_init(struct exchange *exchange, const char *text);

/* Call @give when the window gets the keyboard for the first time. */
void
exchange_give_at_focus(struct exchange *exchange,
	void (*give)(uint32_t serial));

/* Note one more type of the offer that began with an empty @offered. */
void
exchange_note_type(struct exchange *exchange, const char *type);

/* Ask for something: the end to have written to, which is the caller's to close. */
int
exchange_ask(struct exchange *exchange);

/* Read @take_fd from now on, instead of what is read until then. */
void
exchange_read(struct exchange *exchange, int take_fd);

/* Write the text to whoever asked for it: "sent". */
void
exchange_send(struct exchange *exchange, int take_fd);

/* Show the window under @title: "shown", and serve until the connection ends. */
void
exchange_run(struct exchange *exchange, const char *title);

#endif
