/* SPDX-License-Identifier: MIT */
/* Who to ask: the daemon, or the configuration that it would read. */
#ifndef WLB_ASK_H
#define WLB_ASK_H

#include <jansson.h>
#include <stdbool.h>

#include "client.h"

struct options;
struct wlb_config;

/* The configuration, or NULL after a message for each fault (not if @quiet). */
struct wlb_config *
wlb_ask_config(const struct options *options, bool quiet);

/**
 * wlb_ask() - Have wlbridged do what the command line says
 * @fn: called for each line that announces more; may be NULL
 * @ret_last: the line that ends the answer; the caller's, only on success
 *
 * Return: an exit status; a message has been printed unless it is
 * EXIT_SUCCESS.
 */
int
wlb_ask(const struct options *options, wlb_client_fn fn, void *data,
	json_t **ret_last);

#endif
