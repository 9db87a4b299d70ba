/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * wp_security_context_manager_v1 gives the compositor a listening socket and a
 * name: whoever connects there is a client that carries this name. Registering
 * is a few requests without an answer; until the compositor has seen them,
 * connections wait in the socket's backlog, so nobody has to wait for it here.
 */
#include "security-context.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wayland-client.h>

#include "security-context-v1-client.h"
#include "util/fd.h"
#include "util/log.h"

#define ENGINE "io.wlbridge"

struct wlb_compositor {
	struct loop *loop;
	struct loop_source *source;
	struct wl_display *display;
	struct wl_registry *registry;
	struct wp_security_context_manager_v1 *manager;
};

static void
handle_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	struct wlb_compositor *compositor = data;
	(void)version;
	if (compositor->manager == NULL && strcmp(interface,
			wp_security_context_manager_v1_interface.name) == 0) {
		compositor->manager = wl_registry_bind(registry, name,
			&wp_security_context_manager_v1_interface, 1);
	}
}

static void
handle_global_remove(void *data, struct wl_registry *registry, uint32_t name)
{
	(void)data;
	(void)registry;
	(void)name;
}

static void
fail(struct wlb_compositor *compositor)
{
	const struct wl_interface *interface = NULL;
	uint32_t id, code;
	int error = wl_display_get_error(compositor->display);
	if (error == EPROTO) {
		code = wl_display_get_protocol_error(compositor->display,
			&interface, &id);
		log_error("the compositor refused: %s error %u",
			interface == NULL ? "unknown" : interface->name, code);
	} else {
		log_error("the compositor is gone: %s", strerror(error));
	}
	loop_clear(&compositor->source);
	loop_quit(compositor->loop, EXIT_FAILURE);
}

/* What could not be sent now waits for the socket. */
static void
flush(struct wlb_compositor *compositor)
{
	int n = wl_display_flush(compositor->display);
	if (n < 0 && errno != EAGAIN) {
		/* It may have said why; the read that follows finds out. */
		n = 0;
	}
	loop_set_events(compositor->source,
		n < 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void
handle_display(void *data, uint32_t revents)
{
	struct wlb_compositor *compositor = data;
	if ((revents & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0
			&& wl_display_dispatch(compositor->display) < 0) {
		fail(compositor);
		return;
	}
	flush(compositor);
}

int
wlb_compositor_connect(struct loop *loop, struct wlb_compositor **ret)
{
	static const struct wl_registry_listener listener = {
		.global = handle_global,
		.global_remove = handle_global_remove,
	};
	struct wlb_compositor *compositor = calloc(1, sizeof(*compositor));
	if (compositor == NULL) {
		return -ENOMEM;
	}
	compositor->loop = loop;
	compositor->display = wl_display_connect(NULL);
	if (compositor->display == NULL) {
		int r = -errno;
		const char *name = getenv("WAYLAND_DISPLAY");
		log_error("cannot connect to the compositor '%s': %s",
			name == NULL ? "wayland-0" : name, strerror(-r));
		free(compositor);
		return r;
	}
	compositor->registry = wl_display_get_registry(compositor->display);
	int r = -EIO;
	if (compositor->registry != NULL) {
		wl_registry_add_listener(compositor->registry, &listener,
			compositor);
		r = wl_display_roundtrip(compositor->display) < 0 ? -EIO : 0;
	}
	if (r == 0) {
		r = loop_add_fd(loop, wl_display_get_fd(compositor->display),
			EPOLLIN, handle_display, compositor,
			&compositor->source);
	}
	if (r < 0) {
		log_error("the compositor does not answer: %s", strerror(-r));
		wlb_compositor_destroy(compositor);
		return r;
	}
	*ret = compositor;
	return 0;
}

void
wlb_compositor_destroy(struct wlb_compositor *compositor)
{
	if (compositor == NULL) {
		return;
	}
	loop_clear(&compositor->source);
	if (compositor->manager != NULL) {
		wp_security_context_manager_v1_destroy(compositor->manager);
	}
	if (compositor->registry != NULL) {
		wl_registry_destroy(compositor->registry);
	}
	wl_display_disconnect(compositor->display);
	free(compositor);
}

bool
wlb_compositor_has_contexts(const struct wlb_compositor *compositor)
{
	return compositor->manager != NULL;
}

int
wlb_compositor_listen(struct wlb_compositor *compositor, const char *app_id,
	const char *instance, int listen_fd, int *ret_close_fd)
{
	int pipe_fds[2];
	if (compositor->source == NULL) {
		/* It left in this very turn of the loop, which is the last. */
		return -EPIPE;
	}
	if (pipe2(pipe_fds, O_CLOEXEC) < 0) {
		return -errno;
	}
	struct wp_security_context_v1 *context =
		wp_security_context_manager_v1_create_listener(
			compositor->manager, listen_fd, pipe_fds[0]);
	if (context == NULL) {
		fd_close_all(pipe_fds, 2);
		return -ENOMEM;
	}
	wp_security_context_v1_set_sandbox_engine(context, ENGINE);
	wp_security_context_v1_set_app_id(context, app_id);
	wp_security_context_v1_set_instance_id(context, instance);
	wp_security_context_v1_commit(context);
	wp_security_context_v1_destroy(context);
	flush(compositor);
	/* libwayland has duplicated what it sends. */
	fd_close(&pipe_fds[0]);
	*ret_close_fd = pipe_fds[1];
	return 0;
}
