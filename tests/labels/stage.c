/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wlr/backend/headless.h>
#include <wlr/render/allocator.h>
#include <wlr/render/pixman.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_data_device.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_security_context_v1.h>
#include <wlr/types/wlr_subcompositor.h>
#include <wlr/types/wlr_viewporter.h>

#include "../lib/must.h"
#include "compositor-plugin/compositor/wlr-compat.h"

static const struct wlr_box usable = {
	.y = WLBL_STRIP_HEIGHT,
	.width = STAGE_WIDTH,
	.height = STAGE_HEIGHT - WLBL_STRIP_HEIGHT,
};

static void
window_place(struct stage_window *window)
{
	struct wlr_box geometry;
	compat_xdg_geometry(window->toplevel->base, &geometry);
	if (window->width > 0) {
		geometry.width = window->width;
	}
	if (window->tree != NULL) {
		wlr_scene_node_set_position(&window->tree->node, window->x,
			window->y);
		if (window->width > 0) {
			wlr_scene_subsurface_tree_set_clip(&window->tree->node,
				&geometry);
		}
	} else if (window->frame != NULL) {
		wlbl_frame_place(window->frame, window->x, window->y,
			&geometry, &usable);
	}
}

static void
handle_map(struct wl_listener *listener, void *data)
{
	struct stage_window *window = wl_container_of(listener, window, map);
	struct stage *stage = window->stage;
	(void)data;
	if (stage->bare) {
		window->tree = wlr_scene_xdg_surface_create(stage->layer,
			window->toplevel->base);
		must(window->tree != NULL);
	} else {
		must(wlbl_frame_create(stage->labels, WLBL_FRAME_WINDOW,
			stage->layer, window->toplevel->base->surface,
			&window->frame) == 0);
		wlbl_frame_set_title(window->frame, window->toplevel->title);
	}
	/* Eight in a row; each covers some of the next. */
	window->x = 40 + stage->mapped % 8 * 190;
	window->y = 80 + stage->mapped / 8 * 150;
	window_place(window);
	stage->mapped++;
}

static void
handle_commit(struct wl_listener *listener, void *data)
{
	struct stage_window *window = wl_container_of(listener, window, commit);
	(void)data;
	if (window->toplevel->base->initial_commit) {
		wlr_xdg_toplevel_set_size(window->toplevel, 0, 0);
		return;
	}
	window->stage->commits++;
	if (!window->stage->bare) {
		window_place(window);
	}
}

static void
handle_set_title(struct wl_listener *listener, void *data)
{
	struct stage_window *window =
		wl_container_of(listener, window, set_title);
	(void)data;
	window->stage->titles++;
	if (window->frame != NULL) {
		wlbl_frame_set_title(window->frame, window->toplevel->title);
	}
}

static void
handle_destroy(struct wl_listener *listener, void *data)
{
	struct stage_window *window =
		wl_container_of(listener, window, destroy);
	(void)data;
	wl_list_remove(&window->map.link);
	wl_list_remove(&window->commit.link);
	wl_list_remove(&window->set_title.link);
	wl_list_remove(&window->destroy.link);
	wlbl_frame_destroy(window->frame);
	window->frame = NULL;
	window->tree = NULL;
}

static void
handle_new_toplevel(struct wl_listener *listener, void *data)
{
	struct stage *stage = wl_container_of(listener, stage, new_toplevel);
	struct wlr_xdg_toplevel *toplevel = data;
	must(stage->count < STAGE_WINDOWS_MAX);
	struct stage_window *window = &stage->windows[stage->count++];
	window->stage = stage;
	window->toplevel = toplevel;
	window->map.notify = handle_map;
	wl_signal_add(&toplevel->base->surface->events.map, &window->map);
	window->commit.notify = handle_commit;
	wl_signal_add(&toplevel->base->surface->events.commit,
		&window->commit);
	window->set_title.notify = handle_set_title;
	wl_signal_add(&toplevel->events.set_title, &window->set_title);
	window->destroy.notify = handle_destroy;
	wl_signal_add(&toplevel->events.destroy, &window->destroy);
}

static void
copy_pixels(struct wlr_buffer *buffer, uint32_t *ret)
{
	void *data;
	uint32_t format;
	size_t stride;
	must(wlr_buffer_begin_data_ptr_access(buffer,
		WLR_BUFFER_DATA_PTR_ACCESS_READ, &data, &format, &stride));
	for (int y = 0; y < STAGE_HEIGHT; y++) {
		memcpy(ret + y * STAGE_WIDTH, (char *)data + (size_t)y * stride,
			STAGE_WIDTH * sizeof(*ret));
	}
	wlr_buffer_end_data_ptr_access(buffer);
}

static void
handle_output_commit(struct wl_listener *listener, void *data)
{
	struct stage *stage = wl_container_of(listener, stage, output_commit);
	const struct wlr_output_event_commit *event = data;
	if (event->state->committed & WLR_OUTPUT_STATE_DAMAGE) {
		pixman_region32_copy(&stage->damage,
			(pixman_region32_t *)&event->state->damage);
	}
	if (stage->pixels != NULL
			&& event->state->committed & WLR_OUTPUT_STATE_BUFFER) {
		copy_pixels(event->state->buffer, stage->pixels);
		/* As a screen does: the next frame goes to another. */
		wlr_buffer_unlock(stage->on_screen);
		stage->on_screen = wlr_buffer_lock(event->state->buffer);
	}
}

static void
log_line(void *data, const char *line)
{
	(void)data;
	fprintf(stderr, "%s\n", line);
}

static void
init_labels(struct stage *stage)
{
	char path[] = "/tmp/stage.XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");
	must(file != NULL);
	fputs("[labels]\nwork = #3584e4\npersonal = #33d17a\n", file);
	fclose(file);
	const struct wlbl_options options = {
		.config_path = path,
		.contexts =
			wlr_security_context_manager_v1_create(stage->display),
		.log = log_line,
	};
	must(wlbl_create(stage->display, &options, &stage->labels) == 0);
	unlink(path);
}

static void
init_output(struct stage *stage)
{
	struct wlr_output_state state;
	stage->output = wlr_headless_add_output(stage->backend, STAGE_WIDTH,
		STAGE_HEIGHT);
	must(wlr_output_init_render(stage->output, stage->allocator,
		stage->renderer));
	wlr_output_state_init(&state);
	wlr_output_state_set_enabled(&state, true);
	must(wlr_output_commit_state(stage->output, &state));
	wlr_output_state_finish(&state);
	stage->scene_output =
		wlr_scene_output_create(stage->scene, stage->output);
	stage->output_commit.notify = handle_output_commit;
	wl_signal_add(&stage->output->events.commit, &stage->output_commit);
}

static void
start_client(struct stage *stage, const char *program, int count, int width,
	int height)
{
	int wayland[2], words[2];
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, wayland) == 0);
	must(pipe2(words, O_CLOEXEC) == 0);
	char args[3][16], socket[16];
	snprintf(args[0], sizeof(args[0]), "%d", count);
	snprintf(args[1], sizeof(args[1]), "%d", width);
	snprintf(args[2], sizeof(args[2]), "%d", height);
	stage->pid = fork();
	must(stage->pid >= 0);
	if (stage->pid == 0) {
		/* dup() leaves close-on-exec behind. */
		snprintf(socket, sizeof(socket), "%d", dup(wayland[1]));
		setenv("WAYLAND_SOCKET", socket, 1);
		must(dup2(words[0], STDIN_FILENO) >= 0);
		execl(program, program, args[0], args[1], args[2],
			(char *)NULL);
		_exit(127);
	}
	close(wayland[1]);
	close(words[0]);
	stage->client = wl_client_create(stage->display, wayland[0]);
	stage->to_client = fdopen(words[1], "we");
	must(stage->client != NULL && stage->to_client != NULL);
	must(wlbl_client_assign(stage->labels, stage->client,
		wlbl_label_find(stage->labels, "work")) == 0);
}

static void
dispatch(struct stage *stage)
{
	wl_display_flush_clients(stage->display);
	must(wl_event_loop_dispatch(wl_display_get_event_loop(stage->display),
		-1) == 0);
}

void
stage_init(struct stage *stage, bool bare, const char *program, int count,
	int width, int height)
{
	static const float colour[4] = { 0.16f, 0.20f, 0.24f, 1.0f };
	*stage = (struct stage){ .bare = bare };
	pixman_region32_init(&stage->damage);
	stage->display = wl_display_create();
	struct wl_event_loop *loop = wl_display_get_event_loop(stage->display);
	stage->backend = wlr_headless_backend_create(loop);
	stage->renderer = wlr_pixman_renderer_create();
	must(wlr_renderer_init_wl_display(stage->renderer, stage->display));
	stage->allocator =
		wlr_allocator_autocreate(stage->backend, stage->renderer);
	struct wlr_compositor *compositor =
		wlr_compositor_create(stage->display, 6, stage->renderer);
	wlr_subcompositor_create(stage->display);
	wlr_data_device_manager_create(stage->display);
	wlr_viewporter_create(stage->display);
	stage->seat = wlr_seat_create(stage->display, "seat0");
	wlr_seat_set_capabilities(stage->seat, WL_SEAT_CAPABILITY_POINTER
		| WL_SEAT_CAPABILITY_KEYBOARD);
	stage->shell = wlr_xdg_shell_create(stage->display, 6);
	stage->new_toplevel.notify = handle_new_toplevel;
	wl_signal_add(&stage->shell->events.new_toplevel,
		&stage->new_toplevel);
	must(wlr_backend_start(stage->backend));

	stage->scene = wlr_scene_create();
	init_output(stage);
	wlr_scene_rect_create(&stage->scene->tree, STAGE_WIDTH, STAGE_HEIGHT,
		colour);
	stage->layer = wlr_scene_tree_create(&stage->scene->tree);
	init_labels(stage);
	if (!bare) {
		const struct wlr_box box = {
			.width = STAGE_WIDTH,
			.height = STAGE_HEIGHT,
		};
		wl_display_set_global_filter(stage->display,
			wlbl_global_filter, stage->labels);
		must(wlbl_limit_surfaces(stage->labels, compositor) == 0);
		must(wlbl_strip_create(stage->labels, &stage->scene->tree,
			&stage->strip) == 0);
		wlbl_strip_set_box(stage->strip, &box);
	}
	start_client(stage, program, count, width, height);
	while (stage->mapped < count) {
		dispatch(stage);
	}
}

void
stage_finish(struct stage *stage)
{
	fclose(stage->to_client);
	wl_list_remove(&stage->new_toplevel.link);
	wl_display_destroy_clients(stage->display);
	must(waitpid(stage->pid, NULL, 0) == stage->pid);
	wlbl_strip_destroy(stage->strip);
	wl_list_remove(&stage->output_commit.link);
	wlr_scene_node_destroy(&stage->scene->tree.node);
	wlbl_destroy(stage->labels);
	wlr_buffer_unlock(stage->on_screen);
	wlr_allocator_destroy(stage->allocator);
	wlr_renderer_destroy(stage->renderer);
	wlr_backend_destroy(stage->backend);
	wl_display_destroy(stage->display);
	pixman_region32_fini(&stage->damage);
}

void
stage_say(struct stage *stage, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(stage->to_client, format, args);
	va_end(args);
	fputc('\n', stage->to_client);
	must(fflush(stage->to_client) == 0);
}

void
stage_commits(struct stage *stage, int count)
{
	while (stage->commits < count) {
		dispatch(stage);
	}
}

void
stage_titles(struct stage *stage, int count)
{
	while (stage->titles < count) {
		dispatch(stage);
	}
}

void
stage_move(struct stage_window *window, int x, int y)
{
	window->x = x;
	window->y = y;
	window_place(window);
}

void
stage_widen(struct stage_window *window, int width)
{
	window->width = width;
	window_place(window);
}

void
stage_redraw(struct stage *stage)
{
	wlr_damage_ring_add_whole(&stage->scene_output->damage_ring);
	wlr_output_schedule_frame(stage->output);
}

void
stage_frame(struct stage *stage)
{
	pixman_region32_clear(&stage->damage);
	stage->commits = 0;
	if (stage->bare) {
		must(wlr_scene_output_commit(stage->scene_output, NULL));
	} else {
		must(wlbl_output_commit(stage->labels, stage->scene_output));
	}
}
