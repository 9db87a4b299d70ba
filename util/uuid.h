/* SPDX-License-Identifier: MIT */
/* Names that nothing else has, or had, or can guess. */
#ifndef WLB_UTIL_UUID_H
#define WLB_UTIL_UUID_H

/* A UUID in text, with its NUL. */
#define UUID_SIZE 37

/**
 * uuid_make() - A fresh random UUID
 * @ret: RFC 9562's text form, in lower case
 *
 * Spec: RFC 9562, "UUID Version 4".
 * Return: 0, or -errno when the kernel has no randomness to give.
 */
int
uuid_make(char ret[UUID_SIZE]);

#endif
