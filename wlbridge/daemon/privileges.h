/* SPDX-License-Identifier: MIT */
/* What this process may do, given up in stages. */
#ifndef WLB_PRIVILEGES_H
#define WLB_PRIVILEGES_H

struct wlb_config;

/*
 * Let children have the low realtime priorities, if we may say so; it is no
 * failure otherwise. Each child that is not to have them gives that up. Call it
 * before wlb_privileges_drop().
 */
void
wlb_privileges_allow_realtime(void);

/**
 * wlb_privileges_drop() - Keep what the daemon needs
 * @config: for the user to become
 *
 * Context: once, before any child is started.
 * Return: 0 or -errno, after which the process must not go on.
 */
int
wlb_privileges_drop(const struct wlb_config *config);

/* Keep no capability at all: for a child. 0 or -errno. */
int
wlb_privileges_none(void);

#endif
