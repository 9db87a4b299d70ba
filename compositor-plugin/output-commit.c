/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * wlroots' scene looks at every node that is to be seen for every frame, several
 * times over, wherever the damage is: a border and a bar for each of 40 windows
 * are most of what labels cost where little changes. So the nodes of labels that
 * the damage does not touch are out of the scene while a frame is drawn, behind
 * its back: nothing else about them changes, and no damage is made.
 *
 * What is left out and is touched after all would be black. So the damage is
 * known and not guessed: it is what the ring has for the very buffer that will be
 * drawn to, which is asked for and given back before; and if another one was
 * drawn to, all is drawn again with nothing left out. Only nodes of labels are
 * left out, since what a client shows costs as much without them.
 *
 * Labels part the damage of windows that touch each other, too, and of damage in
 * more than 20 pieces wlroots draws the box around it, with all labels in there. So
 * pieces beside each other are joined where the least is between them, until there
 * are 20. That is drawn and was not damaged; what an output is told is
 * damaged remains what it was.
 *
 * All of this is how wlroots 0.18 draws. Another version draws everything.
 */
#include <math.h>
#include <stdlib.h>
#include <wlr/render/swapchain.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_damage_ring.h>
#include <wlr/util/region.h>
#include <wlr/version.h>

#include "frame.h"

#if WLR_VERSION_NUM < ((0 << 16) | (19 << 8))
#define PIECES_MAX 20		/* of damage that wlroots draws as it is */
#define JOINED_MAX 512		/* more are not sorted for each frame */

/* Between two pieces beside each other. */
struct gap {
	pixman_box32_t box;
	int64_t area;
};

static int
compare_gaps(const void *a, const void *b)
{
	const struct gap *left = a, *right = b;
	return left->area < right->area ? -1 : left->area > right->area;
}

/* Add what is between pieces to the damage and to the ring. */
static void
join(pixman_region32_t *damage, struct wlr_damage_ring *ring)
{
	struct gap gaps[JOINED_MAX];
	pixman_box32_t boxes[JOINED_MAX];
	pixman_region32_t joined;
	int pieces, count = 0;
	const pixman_box32_t *piece =
		pixman_region32_rectangles(damage, &pieces);
	if (pieces > JOINED_MAX) {
		return;
	}
	/* Those of the same height follow each other, from left to right. */
	for (int i = 1; i < pieces; i++, piece++) {
		if (piece[0].y1 == piece[1].y1) {
			const pixman_box32_t box = {
				piece[0].x2, piece[0].y1,
				piece[1].x1, piece[0].y2,
			};
			gaps[count].area = (int64_t)(box.x2 - box.x1)
				* (box.y2 - box.y1);
			gaps[count++].box = box;
		}
	}
	if (count < pieces - PIECES_MAX) {
		return;
	}
	qsort(gaps, (size_t)count, sizeof(gaps[0]), compare_gaps);
	for (int i = 0; i < pieces - PIECES_MAX; i++) {
		boxes[i] = gaps[i].box;
	}
	pixman_region32_init_rects(&joined, boxes, pieces - PIECES_MAX);
	pixman_region32_union(damage, damage, &joined);
	wlr_damage_ring_add(ring, &joined);
	pixman_region32_fini(&joined);
}

/*
 * What wlr_scene_output_build_state() will draw, if it draws to that buffer.
 * Return: false if that is everything, or cannot be known.
 */
static bool
find_damage(struct wlr_scene_output *output, const struct wlr_buffer *buffer,
	pixman_region32_t *ret)
{
	struct wlr_damage_ring *ring = &output->damage_ring;
	struct wlr_damage_ring_buffer *entry;
	pixman_region32_copy(ret, &ring->current);
	wl_list_for_each(entry, &ring->buffers, link) {
		if (entry->buffer == buffer) {
			break;
		}
		pixman_region32_union(ret, ret, &entry->damage);
	}
	if (&entry->link == &ring->buffers) {
		return false;
	}
	if (pixman_region32_n_rects(ret) > PIECES_MAX) {
		join(ret, ring);
	}
	if (pixman_region32_n_rects(ret) > PIECES_MAX) {
		const pixman_box32_t box = *pixman_region32_extents(ret);
		pixman_region32_reset(ret, (pixman_box32_t *)&box);
	}
	return true;
}

static bool
is_touched(const struct wlr_scene_node *node, const pixman_region32_t *damage)
{
	int count;
	const pixman_box32_t *box =
		pixman_region32_rectangles(&node->visible, &count);
	for (int i = 0; i < count; i++) {
		if (pixman_region32_contains_rectangle(damage, &box[i])
				!= PIXMAN_REGION_OUT) {
			return true;
		}
	}
	return false;
}

#define NODES 4

static void
nodes_of(const struct wlbl_frame *frame, struct wlr_scene_node *ret[static NODES])
{
	ret[0] = frame->border == NULL ? NULL : &frame->border->node;
	ret[1] = frame->backdrop == NULL ? NULL : &frame->backdrop->node;
	ret[2] = frame->bar == NULL ? NULL : &frame->bar->node;
	ret[3] = &frame->tree->node;
}

/* Of a window, with all in it: see wlbl_frames_guard(). */
static bool
is_box_touched(const struct wlbl_frame *frame, const pixman_region32_t *damage)
{
	struct wlr_box box;
	wlbl_frame_get_box(frame, &box);
	const pixman_box32_t all = {
		box.x, box.y, box.x + box.width, box.y + box.height,
	};
	return frame->popups == NULL || !wl_list_empty(&frame->popups->children)
		|| pixman_region32_contains_rectangle(damage, &all)
			!= PIXMAN_REGION_OUT;
}

/* Return: how many nodes that are to be seen. */
static unsigned
frame_leave_out(struct wlbl_frame *frame, const pixman_region32_t *damage)
{
	struct wlr_scene_node *nodes[NODES];
	unsigned seen = 0;
	nodes_of(frame, nodes);
	for (unsigned i = 0; i < NODES - 1; i++) {
		if (nodes[i] != NULL && nodes[i]->enabled
				&& !is_touched(nodes[i], damage)) {
			nodes[i]->enabled = false;
			frame->left_out |= 1u << i;
			seen += pixman_region32_not_empty(&nodes[i]->visible);
		}
	}
	/* Then nobody asks what of the client's is to be seen. */
	if (seen > 0 && !is_box_touched(frame, damage)) {
		frame->tree->node.enabled = false;
		frame->left_out |= 1u << (NODES - 1);
	}
	return seen;
}

static unsigned
leave_out(struct wlbl *labels, const pixman_region32_t *damage)
{
	unsigned seen = 0;
	struct wlbl_frame *frame;
	wl_list_for_each(frame, &labels->frames, link) {
		if (frame->tree != NULL && frame->tree->node.enabled) {
			seen += frame_leave_out(frame, damage);
		}
	}
	return seen;
}

static void
put_back(struct wlbl *labels)
{
	struct wlbl_frame *frame;
	wl_list_for_each(frame, &labels->frames, link) {
		struct wlr_scene_node *nodes[NODES];
		if (frame->left_out == 0) {
			continue;
		}
		nodes_of(frame, nodes);
		for (unsigned i = 0; i < NODES; i++) {
			if (frame->left_out & 1u << i) {
				nodes[i]->enabled = true;
			}
		}
		frame->left_out = 0;
	}
}

/* Whether what will be drawn can be known; otherwise nothing is left out. */
static bool
is_plain(const struct wlr_scene_output *output)
{
	int width, height;
	wlr_output_transformed_resolution(output->output, &width, &height);
	return output->output->swapchain != NULL
		&& output->scene->debug_damage_option
			== WLR_SCENE_DEBUG_DAMAGE_NONE
		&& output->damage_ring.width == width
		&& output->damage_ring.height == height
		/* Others draw more than is damaged, for what is rounded. */
		&& floorf(output->output->scale) == output->output->scale;
}

/* The damage to be drawn, where frames are. Return: as find_damage(). */
static bool
find_damage_in_layout(struct wlr_scene_output *output,
	const struct wlr_buffer *buffer, pixman_region32_t *ret)
{
	if (!find_damage(output, buffer, ret)) {
		return false;
	}
	wlr_region_scale(ret, ret, 1.0f / output->output->scale);
	pixman_region32_translate(ret, output->x, output->y);
	return true;
}

/* As wlr_scene_output_build_state(). */
static bool
build(struct wlbl *labels, struct wlr_scene_output *output,
	struct wlr_output_state *state)
{
	struct wlr_buffer *buffer = !is_plain(output) ? NULL
		: wlr_swapchain_acquire(output->output->swapchain, NULL);
	if (buffer == NULL) {
		return wlr_scene_output_build_state(output, state, NULL);
	}
	/* It is the next one again, and never read. */
	wlr_buffer_unlock(buffer);

	const bool scans_out = output->scene->direct_scanout;
	unsigned left_out = 0;
	pixman_region32_t damage;
	pixman_region32_init(&damage);
	if (find_damage_in_layout(output, buffer, &damage)) {
		left_out = leave_out(labels, &damage);
	}
	pixman_region32_fini(&damage);
	/* A node that seems to be the only one is not. */
	output->scene->direct_scanout = scans_out && left_out == 0;
	bool ok = wlr_scene_output_build_state(output, state, NULL);
	output->scene->direct_scanout = scans_out;
	put_back(labels);
	if (!ok || left_out == 0 || state->buffer == buffer) {
		return ok;
	}
	wlr_output_state_finish(state);
	wlr_output_state_init(state);
	wlr_damage_ring_add_whole(&output->damage_ring);
	return wlr_scene_output_build_state(output, state, NULL);
}

static bool
draw(struct wlbl *labels, struct wlr_scene_output *output)
{
	if (!output->output->needs_frame && !pixman_region32_not_empty(
			&output->pending_commit_damage)) {
		return true;
	}
	struct wlr_output_state state;
	wlr_output_state_init(&state);
	const bool ok = build(labels, output, &state)
		&& wlr_output_commit_state(output->output, &state);
	wlr_output_state_finish(&state);
	return ok;
}
#else
static bool
draw(struct wlbl *labels, struct wlr_scene_output *output)
{
	(void)labels;
	return wlr_scene_output_commit(output, NULL);
}
#endif

/* Before any frame: labels as they are now, and clients' pixels within frames. */
static void
prepare(struct wlbl *labels)
{
	wlbl_bars_draw(labels);
	wlbl_frames_guard(labels);
	wlbl_strips_raise(labels);
}

WLBL_PUBLIC bool
wlbl_output_build_state(struct wlbl *labels, struct wlr_scene_output *output,
	struct wlr_output_state *state, struct wlr_swapchain *swapchain)
{
	const struct wlr_scene_output_state_options options = {
		.swapchain = swapchain,
	};
	prepare(labels);
	return wlr_scene_output_build_state(output, state, &options);
}

WLBL_PUBLIC bool
wlbl_output_commit(struct wlbl *labels, struct wlr_scene_output *output)
{
	prepare(labels);
	return draw(labels, output);
}
