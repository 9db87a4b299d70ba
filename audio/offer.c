/* SPDX-License-Identifier: MIT */
#include "offer.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "format-table.h"
#include "util/option.h"

#define ITEM_MAX 15	/* bytes; no name of a format has as many */

static int
parse_count(const char *text, uint64_t min, uint64_t max, uint8_t *ret)
{
	uint64_t number;
	if (option_parse_size(text, &number) < 0 || number < min
			|| number > max) {
		return -EINVAL;
	}
	*ret = (uint8_t)number;
	return 0;
}

int
vsnd_offer_streams(const char *text, uint8_t *ret)
{
	return parse_count(text, 0, VSND_STREAMS_MAX, ret);
}

int
vsnd_offer_channels(const char *text, uint8_t *ret)
{
	return parse_count(text, 1, VSND_CHANNELS_MAX, ret);
}

/* The bit of a format or a rate, or 0. */
static uint64_t
format_bit(const char *name)
{
	const struct vsnd_format *format = vsnd_format_by_name(name);
	return format == NULL ? 0 : UINT64_C(1) << format->id;
}

static uint64_t
rate_bit(const char *text)
{
	uint64_t hz;
	if (option_parse_size(text, &hz) < 0 || hz > UINT32_MAX) {
		return 0;
	}
	const struct vsnd_rate *rate = vsnd_rate_by_hz((uint32_t)hz);
	return rate == NULL ? 0 : UINT64_C(1) << rate->id;
}

static int
parse_list(const char *list, uint64_t (*bit_of)(const char *), uint64_t *ret)
{
	uint64_t bits = 0;
	while (true) {
		char item[ITEM_MAX + 1];
		size_t len = strcspn(list, ",");
		if (len > ITEM_MAX) {
			return -EINVAL;
		}
		memcpy(item, list, len);
		item[len] = '\0';
		uint64_t bit = bit_of(item);
		if (bit == 0) {
			return -EINVAL;
		}
		bits |= bit;
		if (list[len] == '\0') {
			break;
		}
		list += len + 1;
	}
	*ret = bits;
	return 0;
}

int
vsnd_offer_formats(const char *list, uint64_t *ret)
{
	return parse_list(list, format_bit, ret);
}

int
vsnd_offer_rates(const char *list, uint64_t *ret)
{
	return parse_list(list, rate_bit, ret);
}
