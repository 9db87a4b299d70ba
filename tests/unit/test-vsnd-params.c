/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <linux/virtio_snd.h>
#include <string.h>
#include <vhost-user/backend.h>

#include "audio/info.h"
#include "audio/params.h"

#define BIT(n) (UINT64_C(1) << (n))

static const struct vsnd_offer offer = {
	.formats = BIT(VIRTIO_SND_PCM_FMT_S16) | BIT(VIRTIO_SND_PCM_FMT_FLOAT),
	.rates = BIT(VIRTIO_SND_PCM_RATE_48000),
	.channels_max = 2,
};

static struct virtio_snd_pcm_set_params
honest(void)
{
	return (struct virtio_snd_pcm_set_params) {
		.buffer_bytes = htole32(4 * 1920),
		.period_bytes = htole32(1920),
		.channels = 2,
		.format = VIRTIO_SND_PCM_FMT_S16,
		.rate = VIRTIO_SND_PCM_RATE_48000,
	};
}

static int
decode(const struct virtio_snd_pcm_set_params *wire, size_t len,
	struct vsnd_params *ret)
{
	size_t header = sizeof(wire->hdr);
	struct iovec iov = { (char *)wire + header, len - header };
	struct vub_reader reader = {
		.iov = &iov,
		.iov_left = 1,
		.left = len - header,
	};
	return vsnd_params_decode(&reader, &offer, ret);
}

static int
result_of(const struct virtio_snd_pcm_set_params *wire)
{
	struct vsnd_params params;
	return decode(wire, sizeof(*wire), &params);
}

static void
what_is_offered_is_accepted(void **state)
{
	(void)state;
	struct virtio_snd_pcm_set_params wire = honest();
	struct vsnd_params params;
	assert_int_equal(decode(&wire, sizeof(wire), &params), 0);
	assert_int_equal(params.rate->hz, 48000);
	assert_int_equal(params.format->sample_bytes, 2);
	assert_int_equal(vsnd_params_frame_bytes(&params), 4);
	assert_int_equal(params.period_bytes, 1920);
}

static void
a_short_request_is_a_protocol_error(void **state)
{
	(void)state;
	struct virtio_snd_pcm_set_params wire = honest();
	struct vsnd_params params;
	for (size_t len = sizeof(wire.hdr); len < sizeof(wire); len++) {
		assert_int_equal(decode(&wire, len, &params), -EPROTO);
	}
}

static void
what_is_not_offered_is_not_supported(void **state)
{
	(void)state;
	struct virtio_snd_pcm_set_params wire = honest();
	wire.format = VIRTIO_SND_PCM_FMT_S32;
	assert_int_equal(result_of(&wire), -ENOTSUP);
	wire = honest();
	wire.format = 255;
	assert_int_equal(result_of(&wire), -ENOTSUP);
	wire = honest();
	wire.rate = VIRTIO_SND_PCM_RATE_44100;
	assert_int_equal(result_of(&wire), -ENOTSUP);
	wire = honest();
	wire.rate = 200;
	assert_int_equal(result_of(&wire), -ENOTSUP);
	wire = honest();
	wire.channels = 3;
	assert_int_equal(result_of(&wire), -ENOTSUP);
	wire = honest();
	wire.channels = 0;
	assert_int_equal(result_of(&wire), -ENOTSUP);
	wire = honest();
	wire.features = htole32(1);
	assert_int_equal(result_of(&wire), -ENOTSUP);
}

static void
sizes_that_do_not_fit_each_other_make_no_sense(void **state)
{
	(void)state;
	struct virtio_snd_pcm_set_params wire = honest();
	wire.period_bytes = 0;
	assert_int_equal(result_of(&wire), -EINVAL);
	wire = honest();
	wire.period_bytes = htole32(1921);
	assert_int_equal(result_of(&wire), -EINVAL);
	wire = honest();
	wire.buffer_bytes = htole32(1921);
	assert_int_equal(result_of(&wire), -EINVAL);
	wire = honest();
	wire.buffer_bytes = 0;
	assert_int_equal(result_of(&wire), -EINVAL);
}

static void
periods_are_no_shorter_than_a_millisecond(void **state)
{
	(void)state;
	struct virtio_snd_pcm_set_params wire = honest();
	wire.period_bytes = htole32(4 * 48);
	wire.buffer_bytes = htole32(4 * 96);
	assert_int_equal(result_of(&wire), 0);
	wire.period_bytes = htole32(4 * 47);
	wire.buffer_bytes = htole32(4 * 94);
	assert_int_equal(result_of(&wire), -ENOTSUP);
	wire.period_bytes = htole32(1u << 31);
	wire.buffer_bytes = htole32(1u << 31);
	assert_int_equal(result_of(&wire), -ENOTSUP);
}

static void
the_tables_name_each_thing_once(void **state)
{
	(void)state;
	uint64_t seen = 0;
	for (unsigned i = 0; vsnd_format_at(i) != NULL; i++) {
		const struct vsnd_format *format = vsnd_format_at(i);
		assert_ptr_equal(vsnd_format_by_id(format->id), format);
		assert_ptr_equal(vsnd_format_by_name(format->name), format);
		assert_false(seen & BIT(format->id));
		seen |= BIT(format->id);
	}
	assert_null(vsnd_format_by_id(VIRTIO_SND_PCM_FMT_IMA_ADPCM));
	assert_null(vsnd_format_by_name("s16"));
	for (unsigned i = 0; vsnd_rate_at(i) != NULL; i++) {
		const struct vsnd_rate *rate = vsnd_rate_at(i);
		assert_ptr_equal(vsnd_rate_by_id(rate->id), rate);
		assert_ptr_equal(vsnd_rate_by_hz(rate->hz), rate);
	}
	assert_null(vsnd_rate_by_hz(12345));
}

static void
every_layout_names_its_channels_once(void **state)
{
	(void)state;
	for (unsigned channels = 1; channels <= VSND_CHANNELS_MAX; channels++) {
		const uint8_t *positions = vsnd_positions(channels);
		uint64_t seen = 0;
		for (unsigned i = 0; i < channels; i++) {
			assert_true(positions[i] > VIRTIO_SND_CHMAP_NA);
			assert_false(seen & BIT(positions[i]));
			seen |= BIT(positions[i]);
		}
	}
}

static void
streams_of_one_number_share_a_device(void **state)
{
	(void)state;
	const struct vsnd_layout layout = {
		.playback_count = 2,
		.capture_count = 1,
		.offer = offer,
	};
	struct virtio_snd_config config = vsnd_info_config(&layout);
	assert_int_equal(le32toh(config.streams), 3);
	assert_int_equal(le32toh(config.chmaps), 6);
	assert_int_equal(vsnd_info_pcm(&layout, 0).hdr.hda_fn_nid, 0);
	assert_int_equal(le32toh(vsnd_info_pcm(&layout, 1).hdr.hda_fn_nid), 1);
	assert_int_equal(vsnd_info_pcm(&layout, 2).hdr.hda_fn_nid, 0);
	assert_int_equal(vsnd_info_pcm(&layout, 2).direction,
		VIRTIO_SND_D_INPUT);
	struct virtio_snd_chmap_info map = vsnd_info_chmap(&layout, 4);
	assert_int_equal(map.direction, VIRTIO_SND_D_INPUT);
	assert_int_equal(map.channels, 2);
	assert_int_equal(map.positions[1], VIRTIO_SND_CHMAP_FR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_offered_is_accepted),
		cmocka_unit_test(a_short_request_is_a_protocol_error),
		cmocka_unit_test(what_is_not_offered_is_not_supported),
		cmocka_unit_test(
			sizes_that_do_not_fit_each_other_make_no_sense),
		cmocka_unit_test(periods_are_no_shorter_than_a_millisecond),
		cmocka_unit_test(the_tables_name_each_thing_once),
		cmocka_unit_test(every_layout_names_its_channels_once),
		cmocka_unit_test(streams_of_one_number_share_a_device),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
