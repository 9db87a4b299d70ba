/* SPDX-License-Identifier: MIT */
/* Text between an input method and who is typed into: checked on its way. */
#ifndef WLBL_RELAYED_TEXT_H
#define WLBL_RELAYED_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* The longest that text-input-v3 and input-method-v2 allow, in bytes. */
#define WLBL_RELAYED_MAX 4000

/* Whether it may be passed on: UTF-8, and no longer. */
bool
wlbl_relayed_is_text(const char *text);

/*
 * A place in a text that may be passed on, in bytes. Return: @offset where a
 * character begins or the text ends; elsewhere the end.
 */
int32_t
wlbl_relayed_offset(const char *text, int64_t offset);

#endif
