/* SPDX-License-Identifier: MIT */
/*
 * A compositor within a test: one headless output, one client with windows, frames
 * when the test says so. Bare, it shows the same windows without labels; that is
 * what labels are compared with and is nowhere but here. Whatever fails, aborts.
 */
#ifndef TESTS_LABELS_STAGE_H
#define TESTS_LABELS_STAGE_H

#include <pixman.h>
#include <stdbool.h>
#include <stdio.h>
#include <wayland-server-core.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "wlbridge-labels.h"

#define STAGE_WIDTH 1920
#define STAGE_HEIGHT 1080
#define STAGE_WINDOWS_MAX 64

struct stage;

struct stage_window {
	struct stage *stage;
	struct wlr_xdg_toplevel *toplevel;
	struct wlbl_frame *frame;	/* NULL when bare */
	struct wlr_scene_tree *tree;	/* then */
	int x;
	int y;
	int width;		/* 0: as the client says */
	struct wl_listener map;
	struct wl_listener commit;
	struct wl_listener set_title;
	struct wl_listener destroy;
};

struct stage {
	bool bare;
	struct wl_display *display;
	struct wlr_backend *backend;
	struct wlr_renderer *renderer;
	struct wlr_allocator *allocator;
	struct wlr_output *output;
	struct wlr_scene *scene;
	struct wlr_scene_output *scene_output;
	struct wlr_scene_tree *layer;
	struct wlr_xdg_shell *shell;
	struct wlr_seat *seat;
	struct wlbl *labels;
	struct wlbl_strip *strip;
	struct wl_client *client;
	FILE *to_client;
	pid_t pid;

	struct stage_window windows[STAGE_WINDOWS_MAX];
	int count;		/* of windows */
	int mapped;
	int commits;		/* since the last frame */
	int titles;
	pixman_region32_t damage;	/* of the last frame */
	uint32_t *pixels;		/* NULL, or where each frame is copied */
	struct wlr_buffer *on_screen;	/* then, the last */

	struct wl_listener new_toplevel;
	struct wl_listener output_commit;
};

/* Start @program, a stage-client, with so many windows of that size. */
void
stage_init(struct stage *stage, bool bare, const char *program, int count,
	int width, int height);

void
stage_finish(struct stage *stage);

/* What the client is to do; see stage-client.c. */
void
stage_say(struct stage *stage, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Handle its requests until so many commits (or titles) have come. */
void
stage_commits(struct stage *stage, int count);

void
stage_titles(struct stage *stage, int count);

void
stage_move(struct stage_window *window, int x, int y);

/* Show so much of it, whatever the client says. */
void
stage_widen(struct stage_window *window, int width);

/* The next frame is to be drawn whole. */
void
stage_redraw(struct stage *stage);

/* Draw one; then @stage->damage is what it changed. */
void
stage_frame(struct stage *stage);

#endif
