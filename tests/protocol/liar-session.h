/* SPDX-License-Identifier: MIT */
/* One liar against one echo device, and the count of descriptors around it. */
#ifndef TESTS_LIAR_SESSION_H
#define TESTS_LIAR_SESSION_H

#include "../lib/lying-frontend.h"
#include "echo-device.h"

struct liar_session {
	struct echo_device device;
	struct liar *liar;
	int fds_before;
};

/* Connect the two; nothing has been said yet. */
void
liar_session_begin(struct liar_session *session);

/* Connect and start honestly. */
void
liar_session_start(struct liar_session *session);

/* The front-end goes. Checks that no descriptor leaked.
 * Return: why the device's session ended. */
int
liar_session_end(struct liar_session *session);

/* An echo of @len bytes from one free buffer into another, through descriptors
 * 0 and 1: the device still does its work. */
void
liar_session_check_echo(struct liar_session *session, uint32_t len);

#endif
