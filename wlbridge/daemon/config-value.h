/* SPDX-License-Identifier: MIT */
/* The values of wlbridge.conf, one parser each. All return false, and leave
 * their output alone, for text that is not wholly such a value. */
#ifndef WLB_CONFIG_VALUE_H
#define WLB_CONFIG_VALUE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The longest directory that leaves room for the names below it. */
#define WLB_RUNTIME_DIR_MAX 90

/* [a-z0-9-]{1,31} */
bool
wlb_value_is_name(const char *text);

/* Of an icon theme: [a-zA-Z0-9._-]{1,63} */
bool
wlb_value_is_icon(const char *text);

/* #rrggbb; *@ret is 0xRRGGBB. */
bool
wlb_value_colour(const char *text, uint32_t *ret);

/* Decimal digits only. */
bool
wlb_value_count(const char *text, uint64_t *ret);

/* As a count, with an optional K, M or G (powers of 1024). */
bool
wlb_value_size(const char *text, uint64_t *ret);

/* Absolute, without "." or ".." or empty parts, no trailing slash. */
bool
wlb_value_is_path(const char *text);

/* A user by name or number. */
bool
wlb_value_user(const char *text, uid_t *ret_uid, gid_t *ret_gid);

/* A group by name or number. */
bool
wlb_value_group(const char *text, gid_t *ret);

#endif
