/* SPDX-License-Identifier: MIT */
/* Text in the one form in which it is drawn: printable ASCII. */
#ifndef WLBL_LABEL_TEXT_H
#define WLBL_LABEL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * wlbl_text_clean() - Bring a client's title into that form
 * @dst: @dst_size bytes, at least 4; always terminated
 * @src: any bytes up to a NUL, or NULL
 *
 * A character that is no printable ASCII becomes '_', whatever number of bytes
 * it is made of; spaces at the ends go, several become one; what is too long is
 * cut and ends in "...".
 *
 * Return: the length.
 */
size_t
wlbl_text_clean(char *dst, size_t dst_size, const char *src);

/* Whether @text may name a VM. */
bool
wlbl_text_is_name(const char *text);

/* Read "#RRGGBB". */
bool
wlbl_text_colour(const char *text, uint32_t *ret);

/* Read a decimal number of 1 to @max. */
bool
wlbl_text_number(const char *text, unsigned max, unsigned *ret);

#endif
