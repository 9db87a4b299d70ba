/* SPDX-License-Identifier: MIT */
/* Files that peers send, and whether they can make us wait. */
#ifndef WLB_UTIL_FD_STALL_H
#define WLB_UTIL_FD_STALL_H

#include <stdbool.h>

/**
 * fd_may_stall() - Whether using a regular file may wait for somebody
 *
 * O_NONBLOCK means nothing for regular files. So a file in a file system in
 * user space or on a network holds up whoever reads or writes it for as long as
 * the file system's server likes; and so does one below /proc, where a process's
 * memory is a file, which may be a mapping of such a one.
 *
 * The file system itself is asked. One whose server answers nothing at all has us
 * wait here, as in fstat(2) before and in close(2) behind: whoever takes
 * descriptors can only refuse to wait for data.
 *
 * Return: true also when nobody can tell.
 */
bool
fd_may_stall(int fd);

#endif
