/* SPDX-License-Identifier: MIT */
/* The status of one VM, for people. */
#ifndef WLB_STATUS_PRINT_H
#define WLB_STATUS_PRINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/**
 * wlb_status_print() - Print one VM
 * @vm: the "vm" member of a reply; what it lacks is left out
 * @ansi: show the colour, beside its name, by a terminal's escape sequences
 */
void
wlb_status_print(const json_t *vm, bool ansi, FILE *out);

#endif
