/* SPDX-License-Identifier: MIT */
/* What the files of the interposer share. */
#ifndef VWL_INTERPOSE_H
#define VWL_INTERPOSE_H

#include <dlfcn.h>
#include <stddef.h>

#define EXPORT __attribute__((visibility("default")))

/* Declare @real: what would have been called @name without us. */
#define REAL(name)							\
	static __typeof__(&(name)) real;				\
	if (real == NULL) {						\
		real = (__typeof__(&(name)))dlsym(RTLD_NEXT, #name);	\
	}

#endif
