/* SPDX-License-Identifier: MIT */
#ifndef VUB_QUEUE_CHAIN_H
#define VUB_QUEUE_CHAIN_H

#include "queue.h"

/**
 * vub_queue_fetch_chain() - Make an element of the chain that begins at @head
 * @element: not busy; its ranges are valid while queue->memory is
 *
 * Return: 0; -EPROTO when the driver's descriptors are wrong in any way, -ENOMEM.
 */
int
vub_queue_fetch_chain(const struct vub_queue *queue, uint16_t head,
	struct vub_element *element);

/* Give back memory that an element of unusual length took. */
void
vub_element_shrink(struct vub_element *element, size_t keep);

#endif
