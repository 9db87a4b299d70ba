/* SPDX-License-Identifier: MIT */
/* The guest's own volume, applied to its samples; never more than as they are. */
#ifndef VSND_GAIN_H
#define VSND_GAIN_H

#include <stddef.h>

#include "params.h"

struct vsnd_gain {
	double now;		/* factor of the next frame, 0 .. 1 */
	double target;
};

/* Samples as they are. */
void
vsnd_gain_init(struct vsnd_gain *gain);

/* @factor: 0 .. 1, from the next frame on, without a click. */
void
vsnd_gain_set(struct vsnd_gain *gain, double factor);

/* The same for sound that has not begun: at once. */
void
vsnd_gain_jump(struct vsnd_gain *gain);

/**
 * vsnd_gain_apply() - Scale frames in place
 * @sound: whole frames of @params, of any alignment
 * @len: in bytes
 *
 * With a factor of 1 no byte changes.
 */
void
vsnd_gain_apply(struct vsnd_gain *gain, const struct vsnd_params *params,
	void *sound, size_t len);

#endif
