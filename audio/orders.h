/* SPDX-License-Identifier: MIT */
/*
 * orders.h - what wlbridged tells a running wlbridge-snd
 *
 * Over a SOCK_SEQPACKET socket that the device inherits (--control-fd): one
 * order a packet, native-endian, as both run on one machine and from one
 * build. There is no answer; the status page shows what holds.
 */
#ifndef VSND_ORDERS_H
#define VSND_ORDERS_H

#include <assert.h>
#include <stdint.h>

enum vsnd_order_code {
	VSND_ORDER_MIC = 1,	/* value: 1 lets the guest hear it, 0 does not */
	VSND_ORDER_MUTE = 2,	/* value: 1 or 0, of all the VM plays */
	VSND_ORDER_VOLUME = 3,	/* value: permille, as mixers show it */
};

#define VSND_VOLUME_MAX 1500	/* permille */

struct vsnd_order {
	uint32_t code;		/* enum vsnd_order_code */
	uint32_t value;
};

static_assert(sizeof(struct vsnd_order) == 8, "one packet");

#endif
