/* SPDX-License-Identifier: MIT */
/* What the files of the interposer share. */
#ifndef VWL_INTERPOSE_H
#define VWL_INTERPOSE_H

#include <dlfcn.h>
#include <stddef.h>

#include <sys/socket.h>

#define EXPORT __attribute__((visibility("default")))

struct vwl_relay;
struct served;

/*
 * The device that @vfd is of, with its relay to one's own until it is let go;
 * NULL where nobody serves it.
 */
struct served *
vwl_served_lock(int vfd);

void
vwl_served_unlock(struct served *served);

struct vwl_relay *
vwl_served_relay(struct served *served);

/* vwl_sendmsg(), of pipes and sockets of this machine as well. */
ssize_t
vwl_relayed_send(int vfd, const struct msghdr *msg, int flags);

/* Declare @real: what would have been called @name without us. */
#define REAL(name)							\
	static __typeof__(&(name)) real;				\
	if (real == NULL) {						\
		real = (__typeof__(&(name)))dlsym(RTLD_NEXT, #name);	\
	}

#endif
