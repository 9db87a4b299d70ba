/* SPDX-License-Identifier: MIT */
/*
 * A program in a compositor VM that serves every client VM. The first byte of a
 * connection says how.
 */
#ifndef TESTS_GUI_PROGRAM_H
#define TESTS_GUI_PROGRAM_H

#include <stdatomic.h>

#define GUI_ECHO	'e'	/* send back what comes */
#define GUI_DRAIN	'd'	/* read it and forget it */
#define GUI_FILL	'f'	/* read nothing; send as long as it goes */

/* In memory that it shares with the test. */
struct gui_shared {
	atomic_uint filled_bytes;	/* sent to GUI_FILL */
	atomic_uint flood_turns;
};

/* Serve whoever comes, for ever; a byte goes to @ready_fd when it listens. */
void
gui_program(const char *address, struct gui_shared *shared, int ready_fd);

#endif
