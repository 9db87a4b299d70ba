/* SPDX-License-Identifier: MIT */
/* The guest's buffers on their way through a stream. */
#ifndef VSND_BUFFER_H
#define VSND_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

#include <vhost-user/backend.h>

#include "util/list.h"

struct vsnd_pcm;

struct vsnd_buffer {
	struct list link;		/* vsnd_pcm.buffers */
	struct vub_queue *queue;
	struct vub_element *element;
	struct vub_reader data;		/* playback: what is not copied yet */
	struct vub_writer space;	/* capture: where the next byte goes */
	uint32_t bytes;			/* of sound, in all */
	uint32_t done;			/* of those: copied in or out */
	uint64_t end;			/* playback: ring position, once all
					 * is copied */
};

/* A piece of work for the element's owner: give it back with @status. */
void
vsnd_element_complete(struct vub_queue *queue, struct vub_element *element,
	struct vub_writer space, uint32_t recorded, uint32_t status,
	uint32_t latency_bytes);

/* Whether there is sound, or room for it, that was not moved yet. */
bool
vsnd_buffers_wait(const struct vsnd_pcm *pcm);

/* Move sound between ring and buffers, and complete what the graph passed. */
void
vsnd_buffers_follow_graph(struct vsnd_pcm *pcm);

/* Bytes of @buffer that the clock has not passed yet. */
uint32_t
vsnd_buffer_left(const struct vsnd_pcm *pcm, const struct vsnd_buffer *buffer);

/* Complete the first buffer without a graph: dropped, or filled with silence. */
void
vsnd_buffers_pass_first(struct vsnd_pcm *pcm);

/* Complete all of them as they are. */
void
vsnd_buffers_flush(struct vsnd_pcm *pcm);

/* Forget all of them; none is completed. */
void
vsnd_buffers_forget(struct vsnd_pcm *pcm);

#endif
