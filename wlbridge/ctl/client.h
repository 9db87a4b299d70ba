/* SPDX-License-Identifier: MIT */
/* Asking wlbridged. */
#ifndef WLB_CLIENT_H
#define WLB_CLIENT_H

#include <jansson.h>

struct wlb_request;

/* One line of the answer, borrowed; @data as given to wlb_client_call(). */
typedef void (*wlb_client_fn)(void *data, json_t *reply);

/**
 * wlb_client_call() - Send one request and take the whole answer
 * @runtime_dir: where the daemon's socket is
 * @fn: called for each line that announces more; may be NULL
 * @ret_last: the line that ends the answer; the caller's
 *
 * Return: 0; -ETIMEDOUT when the daemon does not answer; -EPROTO when what it
 * says is no answer; else -errno of connecting.
 */
int
wlb_client_call(const char *runtime_dir, const struct wlb_request *request,
	wlb_client_fn fn, void *data, json_t **ret_last);

#endif
