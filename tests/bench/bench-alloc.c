/* SPDX-License-Identifier: MIT */
/*
 * What memory costs: a buffer out of a pool, new and again, and a piece of its
 * own. Over vhost-user a piece costs no VM anything; in one it costs more.
 *
 * usage: bench-alloc WLBRIDGE-WL
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <virtio_wl.h>

#include "../lib/device-run.h"
#include "../lib/must.h"
#include "util/now.h"

#define FRAME_BYTES	((size_t)1920 * 1080 * 4)
#define POOL_ROUNDS	2000
#define PIECE_ROUNDS	200

static double
time_pool(struct vwl_pool *pool, bool touch)
{
	double begin = now_s();
	for (int i = 0; i < POOL_ROUNDS; i++) {
		struct vwl_buffer buffer;
		must(vwl_pool_alloc(pool, FRAME_BYTES, &buffer) == 0);
		for (size_t at = 0; touch && at < FRAME_BYTES; at += 4096) {
			((uint8_t *)buffer.data)[at] = 1;
		}
		vwl_pool_free(pool, &buffer);
	}
	return (now_s() - begin) / POOL_ROUNDS;
}

static double
time_first_touch(struct vwl_pool *pool)
{
	struct vwl_buffer buffer;
	double begin = now_s();
	must(vwl_pool_alloc(pool, FRAME_BYTES, &buffer) == 0);
	for (size_t at = 0; at < FRAME_BYTES; at += 4096) {
		((uint8_t *)buffer.data)[at] = 1;
	}
	double took = now_s() - begin;
	vwl_pool_free(pool, &buffer);
	return took;
}

static double
time_pieces(struct vwl_device *device)
{
	double begin = now_s();
	for (int i = 0; i < PIECE_ROUNDS; i++) {
		int fd = vwl_memory(device, FRAME_BYTES);
		must(fd >= 0);
		must(vwl_close(fd) == 0);
	}
	return (now_s() - begin) / PIECE_ROUNDS;
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: bench-alloc WLBRIDGE-WL\n", stderr);
		return 2;
	}
	struct device_run run;
	device_run_init(&run);
	device_run_start(&run, argv[1], "bench", NULL);
	struct vwl_device *device = vwl_device_open(run.address);
	must(device != NULL);
	struct vwl_pool *pool = vwl_pool_create(device);
	must(pool != NULL);

	printf("1080p frame out of a pool, first, all pages touched: %.0f us\n",
		time_first_touch(pool));
	printf("1080p frame out of a pool, again: %.2f us\n",
		time_pool(pool, false));
	printf("1080p frame out of a pool, again, all pages touched: %.0f us\n",
		time_pool(pool, true));
	printf("1080p frame as memory of its own: %.0f us\n",
		time_pieces(device));

	vwl_pool_destroy(pool);
	vwl_device_close(device);
	device_run_stop(&run);
	return 0;
}
