/* SPDX-License-Identifier: MIT */
/* What each command of the control protocol does. */
#ifndef WLB_CONTROL_REQUEST_H
#define WLB_CONTROL_REQUEST_H

#include <jansson.h>

struct wlb_broker;
struct wlb_request;

/* Send one reply; @take_reply is consumed, and NULL when memory ran out. */
typedef void (*wlb_reply_fn)(void *data, json_t *take_reply);

/* Do what @request asks; @reply is called for every line of the answer. */
void
wlb_control_execute(struct wlb_broker *broker,
	const struct wlb_request *request, wlb_reply_fn reply, void *data);

/* A reply that says what went wrong; @request may be NULL. */
json_t *
wlb_control_error(const struct wlb_request *request, const char *code,
	const char *text);

#endif
