/* SPDX-License-Identifier: MIT */
/* From the lines of a file to a struct wlb_config. Private to config.c. */
#ifndef WLB_CONFIG_FILE_H
#define WLB_CONFIG_FILE_H

#include <stdio.h>

struct wlb_config;
struct wlb_errors;

/* Read every line of @file, called @path in @errors. 0 or -errno of reading;
 * what is wrong with the text goes to @errors only. */
int
wlb_config_read(FILE *file, const char *path, struct wlb_config *config,
	struct wlb_errors *errors);

/* What one line can say of a whole: see config-check.c. */
void
wlb_config_check(struct wlb_config *config, const char *path,
	struct wlb_errors *errors);

#endif
