/* SPDX-License-Identifier: MIT */
/* How many descriptors there may be: as many as possible here, as many as
 * programs are used to in what we start. */
#ifndef WLBC_FD_LIMIT_H
#define WLBC_FD_LIMIT_H

/* Clients have us hold descriptors: connections, pools, pipes. */
void
fd_limit_raise(void);

/* Before exec(): select(2) is not made for large numbers. */
void
fd_limit_restore(void);

#endif
