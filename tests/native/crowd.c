/* SPDX-License-Identifier: MIT */
/*
 * crowd ADDRESS MOST [stay]: as many clients at once as somebody serves, MOST of
 * them at the most. Prints how many there were, and that another one was served
 * once they had left; or has them stay until it is killed.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <virtio_wl.h>

#define CLIENTS_MAX 1024

/* wl_display.sync with the id 2, which any server answers. */
static bool
is_served(int vfd)
{
	static const uint32_t sync[] = { 1, 12 << 16, 2 };
	char answer[256];
	return vwl_write(vfd, sync, sizeof(sync)) == sizeof(sync)
		&& vwl_read(vfd, answer, sizeof(answer)) > 0;
}

int
main(int argc, char *argv[])
{
	static int vfds[CLIENTS_MAX];
	size_t most = argc >= 3 ? strtoul(argv[2], NULL, 10) : 0;
	struct vwl_device *device = argc >= 3 ? vwl_device_open(argv[1]) : NULL;
	if (device == NULL || most > CLIENTS_MAX) {
		perror("crowd");
		return EXIT_FAILURE;
	}
	/* Who is one too many may hear of it while he still writes. */
	signal(SIGPIPE, SIG_IGN);
	size_t count = 0;
	while (count < most) {
		int vfd = vwl_connect(device, "", 0);
		if (vfd < 0 || !is_served(vfd)) {
			vwl_close(vfd);
			break;
		}
		vfds[count++] = vfd;
	}
	printf("%zu\n", count);
	fflush(stdout);
	while (argc > 3) {
		pause();
	}
	while (count > 0) {
		vwl_close(vfds[--count]);
	}
	/* They have not left before the other side has heard of it. */
	bool served;
	do {
		int vfd = vwl_connect(device, "", 0);
		served = vfd >= 0 && is_served(vfd);
		vwl_close(vfd);
	} while (!served);
	puts("again");
	vwl_device_close(device);
	return EXIT_SUCCESS;
}
