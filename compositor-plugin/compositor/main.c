/* SPDX-License-Identifier: MIT */
/*
 * wlbridge-compositor: floating windows, each with the name of its VM
 *
 * The library in use, in one read: main.c sets everything up, output.c draws,
 * output-config.c and output-manager.c say where and how large,
 * window.c and, for each kind, xdg-window.c and x11-window.c show windows, popup.c
 * and x11-popup.c what belongs to them, input-popup.c what an input method shows,
 * focus.c says who types where, fullscreen.c who fills the screen, lock.c locks it, idle.c
 * knows whether somebody is there, pointer.c, touch.c and keyboard.c take what the person does.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wlr/backend.h>
#include <wlr/render/allocator.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_fractional_scale_v1.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_primary_selection_v1.h>
#include <wlr/types/wlr_screencopy_v1.h>
#include <wlr/types/wlr_security_context_v1.h>
#include <wlr/types/wlr_server_decoration.h>
#include <wlr/types/wlr_single_pixel_buffer_v1.h>
#include <wlr/types/wlr_subcompositor.h>
#include <wlr/types/wlr_viewporter.h>
#include <wlr/types/wlr_xdg_output_v1.h>
#include <wlr/util/log.h>
#include <xkbcommon/xkbcommon.h>

#include "native.h"
#include "server.h"
#include "util/fd-limit.h"
#include "util/log.h"
#include "wlr-compat.h"

static const char usage[] =
	"Usage: wlbridge-compositor [-c CONFIG] [-d DEVICE] [-s COMMAND] "
	"[-o WIDTHxHEIGHT] [-l LEVEL]\n";

/* What a client that is busy may have waiting for it, in bytes. */
#define EVENTS_MAX (1 << 20)

struct options {
	const char *config;
	const char *device;
	const char *command;
	const char *size;
	enum log_level level;
};

static bool
parse_options(int argc, char *argv[], struct options *ret)
{
	static const struct option known[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "device", required_argument, NULL, 'd' },
		{ "startup", required_argument, NULL, 's' },
		{ "output-size", required_argument, NULL, 'o' },
		{ "log-level", required_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	*ret = (struct options){ .level = LOG_INFO };
	int c, level;
	while ((c = getopt_long(argc, argv, "c:d:s:o:l:h", known, NULL)) >= 0) {
		switch (c) {
		case 'c':
			ret->config = optarg;
			break;
		case 'd':
			ret->device = optarg;
			break;
		case 's':
			ret->command = optarg;
			break;
		case 'o':
			ret->size = optarg;
			break;
		case 'l':
			level = log_level_parse(optarg);
			if (level < 0) {
				return false;
			}
			ret->level = (enum log_level)level;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_SUCCESS);
		default:
			return false;
		}
	}
	return optind == argc;
}

static void
handle_label_log(void *data, const char *line)
{
	struct log_limit *limit = data;
	log_warn_limited(limit, "%s", line);
}

static void
handle_wlr_log(enum wlr_log_importance importance, const char *format,
	va_list args)
{
	/* Most of what it finds wrong, a client has done. */
	static struct log_limit limit;
	char line[512];
	vsnprintf(line, sizeof(line), format, args);
	if (importance == WLR_ERROR) {
		log_warn_limited(&limit, "%s", line);
	} else {
		log_debug("%s", line);
	}
}

static int
handle_terminate(int signo, void *data)
{
	struct server *server = data;
	(void)signo;
	wl_display_terminate(server->display);
	return 0;
}

static int
handle_child(int signo, void *data)
{
	struct server *server = data;
	(void)signo;
	/* Only ours: wlroots waits for an Xwayland by itself. */
	if (server->command > 0
			&& waitpid(server->command, NULL, WNOHANG) > 0) {
		server->command = 0;
	}
	return 0;
}

static void
start_command(struct server *server, const char *command)
{
	pid_t pid = fork();
	if (pid != 0) {
		if (pid < 0) {
			log_error("%s: %s", command, strerror(errno));
		}
		server->command = pid;
		return;
	}
	/* The loop has blocked the signals that it waits for. */
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	fd_limit_restore();
	setsid();
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/*
 * Libraries start threads as soon as they draw text. Signals that the loop waits
 * for must be blocked in those, too, and so before there are any.
 */
static void
block_signals(void)
{
	sigset_t waited_for;
	sigemptyset(&waited_for);
	sigaddset(&waited_for, SIGTERM);
	sigaddset(&waited_for, SIGINT);
	sigaddset(&waited_for, SIGCHLD);
	sigprocmask(SIG_BLOCK, &waited_for, NULL);
	/* An X server or the reader of a selection that is gone: an error. */
	signal(SIGPIPE, SIG_IGN);
}

/* What clients may use. VMs see of it what the library's list has. */
static struct wlr_compositor *
make_globals(struct server *server)
{
	struct wl_display *display = server->display;
	struct wlr_compositor *compositor =
		wlr_compositor_create(display, 6, server->renderer);
	wlr_subcompositor_create(display);
	wlr_data_device_manager_create(display);
	wlr_primary_selection_v1_device_manager_create(display);
	wlr_viewporter_create(display);
	wlr_single_pixel_buffer_manager_v1_create(display);
	wlr_fractional_scale_manager_v1_create(display, 1);
	compat_presentation_create(display, server->backend);
	wlr_xdg_output_manager_v1_create(display, server->layout);
	wlr_screencopy_manager_v1_create(display);
	struct wlr_server_decoration_manager *decorations =
		wlr_server_decoration_manager_create(display);
	wlr_server_decoration_manager_set_default_mode(decorations,
		WLR_SERVER_DECORATION_MANAGER_MODE_SERVER);
	return compositor;
}

static int
init_labels(struct server *server, const char *config_path,
	struct log_limit *limit)
{
	const struct wlbl_options options = {
		.config_path = config_path,
		.contexts =
			wlr_security_context_manager_v1_create(server->display),
		.log = handle_label_log,
		.log_data = limit,
	};
	int r = wlbl_create(server->display, &options, &server->labels);
	if (r < 0) {
		return r;
	}
	wl_display_set_global_filter(server->display, wlbl_global_filter,
		server->labels);
	return 0;
}

static bool
init_scene(struct server *server)
{
	server->scene = wlr_scene_create();
	server->layout = wlr_output_layout_create(server->display);
	if (server->scene == NULL || server->layout == NULL) {
		return false;
	}
	server->scene_layout = wlr_scene_attach_output_layout(server->scene,
		server->layout);
	for (int i = 0; i < LAYERS; i++) {
		server->layers[i] = wlr_scene_tree_create(&server->scene->tree);
		if (server->layers[i] == NULL) {
			return false;
		}
	}
	return true;
}

/* The compositor around this one is gone, or the seat. */
static void
handle_backend_destroy(struct wl_listener *listener, void *data)
{
	struct server *server =
		wl_container_of(listener, server, backend_destroy);
	(void)data;
	/* Out of its lists; *_finish() takes them out of none. */
	wl_list_remove(&server->new_output.link);
	wl_list_init(&server->new_output.link);
	wl_list_remove(&server->new_input.link);
	wl_list_init(&server->new_input.link);
	wl_list_remove(&server->backend_destroy.link);
	server->backend = NULL;
	log_error("what this compositor runs on is gone: ending");
	wl_display_terminate(server->display);
}

static bool
init_backend(struct server *server)
{
	server->backend = wlr_backend_autocreate(
		wl_display_get_event_loop(server->display), &server->session);
	if (server->backend == NULL) {
		return false;
	}
	server->backend_destroy.notify = handle_backend_destroy;
	wl_signal_add(&server->backend->events.destroy,
		&server->backend_destroy);
	server->renderer = wlr_renderer_autocreate(server->backend);
	if (server->renderer == NULL || !wlr_renderer_init_wl_display(
			server->renderer, server->display)) {
		return false;
	}
	server->allocator = wlr_allocator_autocreate(server->backend,
		server->renderer);
	return server->allocator != NULL;
}

/* The device that is named, here or there; NULL for the usual one. */
static const char *
device_of(struct server *server, const struct options *options)
{
	return options->device != NULL ? options->device
		: server->config.device[0] != '\0' ? server->config.device
		: NULL;
}

static int
run(struct server *server, const struct options *options)
{
	struct wl_event_loop *loop = wl_display_get_event_loop(server->display);
	struct wl_event_source *signals[] = {
		wl_event_loop_add_signal(loop, SIGTERM, handle_terminate,
			server),
		wl_event_loop_add_signal(loop, SIGINT, handle_terminate,
			server),
		wl_event_loop_add_signal(loop, SIGCHLD, handle_child, server),
	};
	struct wlr_compositor *compositor = make_globals(server);
	server->seat = wlr_seat_create(server->display, "seat0");
	wl_list_init(&server->windows);
	wl_list_init(&server->x11_servers);
	xdg_windows_init(server);
	popups_init(server);
	int status = EXIT_FAILURE;
	if (outputs_init(server) < 0
			|| wlbl_limit_surfaces(server->labels, compositor) < 0
			|| wlbl_seat_create(server->labels, server->seat,
				&server->label_seat) < 0
			|| input_methods_init(server) < 0
			|| pointer_init(server) < 0
			|| lock_init(server) < 0 || idle_init(server) < 0) {
		log_error("not enough memory");
		return status;
	}
	fullscreen_init(server);
	touch_init(server);
	keyboards_init(server);
	struct wlbl_native *native = NULL;
	const char *name = wl_display_add_socket_auto(server->display);
	if (name == NULL) {
		log_error("no socket in $XDG_RUNTIME_DIR: %s", strerror(errno));
	} else if (!wlr_backend_start(server->backend)) {
		log_error("the backend does not start");
	} else if (wlbl_native_create(server->display, server->labels,
			device_of(server, options), &native) == 0
			&& x11_init(server, compositor, name) == 0) {
		setenv("WAYLAND_DISPLAY", name, 1);
		log_info("running on %s", name);
		if (options->command != NULL) {
			start_command(server, options->command);
		}
		wl_display_run(server->display);
		status = EXIT_SUCCESS;
	}
	x11_finish(server);
	wl_display_destroy_clients(server->display);
	idle_finish(server);
	lock_finish(server);
	wlbl_native_destroy(native);
	wlbl_relay_destroy(server->relay);
	wlbl_seat_destroy(server->label_seat);
	keyboards_finish(server);
	fullscreen_finish(server);
	touch_finish(server);
	pointer_finish(server);
	popups_finish(server);
	xdg_windows_finish(server);
	outputs_finish(server);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (signals[i] != NULL) {
			wl_event_source_remove(signals[i]);
		}
	}
	return status;
}

int
main(int argc, char *argv[])
{
	struct options options;
	if (!parse_options(argc, argv, &options)) {
		fputs(usage, stderr);
		return 2;
	}
	log_init("wlbridge-compositor", options.level);
	/* For what it would say, its X window manager asks the X server more. */
	wlr_log_init(options.level == LOG_DEBUG ? WLR_DEBUG : WLR_ERROR,
		handle_wlr_log);
	block_signals();
	fd_limit_raise();

	struct server server = { 0 };
	server.config = config_default;
	if (options.config != NULL
			&& config_read(options.config, &server.config) < 0) {
		return EXIT_FAILURE;
	}
	if (options.size != NULL && config_size(options.size,
			&server.config.outputs[0].width,
			&server.config.outputs[0].height) < 0) {
		fputs(usage, stderr);
		return 2;
	}
	server.keymap = keymap_create(&server.config);
	if (server.keymap == NULL) {
		return EXIT_FAILURE;
	}
	struct log_limit limit = { 0 };
	int status = EXIT_FAILURE;
	server.display = wl_display_create();
	if (server.display != NULL) {
		wl_display_set_default_max_buffer_size(server.display,
			EVENTS_MAX);
	}
	if (server.display == NULL || !init_backend(&server)) {
		log_error("no backend: neither a seat, nor WAYLAND_DISPLAY, "
			"nor WLR_BACKENDS=headless");
	} else if (!init_scene(&server)) {
		log_error("not enough memory");
	} else if (init_labels(&server, options.config, &limit) < 0) {
		log_error("without labels there is no compositor");
	} else {
		status = run(&server, &options);
	}
	if (server.scene != NULL) {
		wlr_scene_node_destroy(&server.scene->tree.node);
	}
	wlbl_destroy(server.labels);
	wlr_allocator_destroy(server.allocator);
	wlr_renderer_destroy(server.renderer);
	if (server.backend != NULL) {
		wl_list_remove(&server.backend_destroy.link);
		wlr_backend_destroy(server.backend);
	}
	if (server.display != NULL) {
		wl_display_destroy(server.display);
	}
	xkb_keymap_unref(server.keymap);
	return status;
}
