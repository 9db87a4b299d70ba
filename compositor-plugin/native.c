/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The device hands out connections of other VMs, each with the host's record of
 * whose it is. A connection is a VFD, which is no socket; libvirtio_wl's
 * interposer, linked into the program or preloaded, stands before the C library's
 * calls, so libwayland serves it like any other client. With a carrier that needs somebody
 * to dispatch it, the interposer has a thread that does.
 *
 * The order is what matters: the label is there, and drawn, before there is a
 * client; the client has it before one byte of it is read. Whatever fails on the
 * way, the connection is closed and the log says whose it was.
 *
 * How many connections one VM makes, and what each may hold, is bounded by the
 * device on the host; how many clients a VM is, by the library (-EDQUOT).
 */
#include "native.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <virtio_wl.h>

#include "util/log.h"

struct wlbl_native {
	struct wl_display *display;
	struct wlbl *labels;
	struct vwl_device *device;
	int listener;
	struct wl_event_source *source;
	struct log_limit limit;
};

/* Return: 0 or -errno; @take_vfd is consumed. */
static int
serve(struct wlbl_native *native, int take_vfd, const struct vwl_peer *peer)
{
	struct wlbl *labels = native->labels;
	const struct wlbl_label *label;
	int r = wlbl_label_declare(labels, peer->name,
		peer->has_colour ? &peer->colour : NULL, &label);
	if (r < 0) {
		vwl_close(take_vfd);
		return r;
	}
	struct wl_client *client = wl_client_create(native->display, take_vfd);
	if (client == NULL) {
		r = -errno;
		vwl_close(take_vfd);
		return r;
	}
	r = wlbl_client_assign(labels, client, label);
	if (r < 0) {
		wl_client_destroy(client);
	}
	return r;
}

static const char *
reason(int error)
{
	switch (error) {
	case -EINVAL:
		return "the host gave no name that can be shown";
	case -ENOENT:
		return "neither the host nor the configuration names a colour";
	case -EDQUOT:
		return "no more clients of it, or VMs, are served";
	default:
		return strerror(-error);
	}
}

static bool
is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM;
}

static void
stop_listening(struct wlbl_native *native)
{
	if (native->source != NULL) {
		wl_event_source_remove(native->source);
		native->source = NULL;
	}
	if (native->listener >= 0) {
		vwl_close(native->listener);
		native->listener = -1;
	}
}

static int
handle_connection(int fd, uint32_t mask, void *data)
{
	struct wlbl_native *native = data;
	struct vwl_peer peer;
	(void)fd;
	(void)mask;
	int vfd = vwl_accept(native->listener, &peer, SOCK_NONBLOCK);
	if (vfd >= 0) {
		int r = serve(native, vfd, &peer);
		if (r < 0) {
			log_warn_limited(&native->limit, "VM '%s': connection "
				"refused: %s", peer.name, reason(r));
		}
	} else if (is_shortage(errno)) {
		/* That connection is lost; the next may find room. */
		log_warn_limited(&native->limit,
			"a VM's connection is lost: %s", strerror(errno));
	} else if (errno != EAGAIN && errno != EINTR) {
		log_error("the device is gone, and VMs with it: %s",
			strerror(errno));
		stop_listening(native);
	}
	return 0;
}

/* A listening socket it is to the interposer, and to nobody else. */
static bool
is_interposed(int listener)
{
	int listens = 0;
	socklen_t size = sizeof(listens);
	return getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size)
		== 0 && listens != 0;
}

static const char *
missing(int error)
{
	return error == -ENOTSOCK ? "libvirtio_wl's interposer is not there"
		: strerror(-error);
}

static int
listen_there(struct wlbl_native *native, const char *address)
{
	struct wl_event_loop *loop =
		wl_display_get_event_loop(native->display);
	native->device = vwl_device_open(address);
	if (native->device == NULL) {
		return -errno;
	}
	native->listener = vwl_listen(native->device, "", SOCK_NONBLOCK);
	if (native->listener < 0) {
		return -errno;
	}
	if (!is_interposed(native->listener)) {
		return -ENOTSOCK;
	}
	native->source = wl_event_loop_add_fd(loop, native->listener,
		WL_EVENT_READABLE, handle_connection, native);
	return native->source == NULL ? -ENOMEM : 0;
}

int
wlbl_native_create(struct wl_display *display, struct wlbl *labels,
	const char *address, struct wlbl_native **ret)
{
	*ret = NULL;
	if (address != NULL && strcmp(address, WLBL_NATIVE_OFF) == 0) {
		return 0;
	}
	struct wlbl_native *native = calloc(1, sizeof(*native));
	if (native == NULL) {
		return -ENOMEM;
	}
	native->display = display;
	native->labels = labels;
	native->listener = -1;
	int r = listen_there(native, address);
	if (r == 0) {
		log_info("serving VMs");
		*ret = native;
		return 0;
	}
	wlbl_native_destroy(native);
	if (address != NULL) {
		log_error("%s: %s", address, missing(r));
		return r;
	}
	/* One that nobody asked for: the windows of VMs may come otherwise. */
	log_line(r == -ENOENT ? LOG_INFO : LOG_WARN,
		"VMs are not served: no virtio-wl device: %s", missing(r));
	return 0;
}

void
wlbl_native_destroy(struct wlbl_native *native)
{
	if (native == NULL) {
		return;
	}
	stop_listening(native);
	vwl_device_close(native->device);
	free(native);
}
