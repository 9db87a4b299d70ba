/* SPDX-License-Identifier: MIT */
/*
 * offer.h - how many streams a guest gets, of what kinds, as text
 *
 * Of wlbridge-snd's command line and of wlbridge.conf: read in one place, so
 * that what the one takes the other never refuses.
 *
 * All return 0, or -EINVAL for text that is not wholly such a value, and only
 * write their output on success.
 */
#ifndef VSND_OFFER_H
#define VSND_OFFER_H

#include <stdint.h>

#define VSND_STREAMS_MAX 8	/* of one direction */

/* 0 .. VSND_STREAMS_MAX */
int
vsnd_offer_streams(const char *text, uint8_t *ret);

/* 1 .. VSND_CHANNELS_MAX */
int
vsnd_offer_channels(const char *text, uint8_t *ret);

/* Names between commas; *@ret has the bit of each VIRTIO_SND_PCM_FMT_*. */
int
vsnd_offer_formats(const char *list, uint64_t *ret);

/* In Hz, between commas; *@ret has the bit of each VIRTIO_SND_PCM_RATE_*. */
int
vsnd_offer_rates(const char *list, uint64_t *ret);

#endif
