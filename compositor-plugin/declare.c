/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Labels that no file names: the host said them beside a connection. They are
 * held to what the file's are held to, the form of the name and being drawn
 * before anybody wears them. One that is there stays until the end, since
 * windows and strips point to it; so there is a most of them, far above the
 * number of VMs that a machine can have.
 *
 * A file was written for this compositor and for the eyes of who sits before
 * it, so its colour stays. Without one the host's last word holds: wlbridged
 * takes a new colour while VMs are running, and two windows of one VM must not
 * differ.
 */
#include <errno.h>
#include <wlr/types/wlr_buffer.h>

#include "draw.h"
#include "label-text.h"
#include "private.h"

#define DECLARED_MAX 256

/* Return: 0, or -EIO with everything as it was. */
static int
label_draw(struct wlbl *labels, struct wlbl_label *label, uint32_t colour)
{
	int width;
	struct wlr_buffer *cell = wlbl_draw_name(label->name, colour,
		labels->scale, &width);
	if (cell == NULL) {
		wlbl_log(labels, "VM '%s': its name cannot be drawn",
			label->name);
		return -EIO;
	}
	wlr_buffer_drop(label->cell);
	label->cell = cell;
	label->cell_width = width;
	label->colour = colour;
	return 0;
}

static int
label_recolour(struct wlbl *labels, struct wlbl_label *label, uint32_t colour)
{
	if (!label->declared || label->colour == colour) {
		return 0;
	}
	int r = label_draw(labels, label, colour);
	if (r == 0) {
		wlbl_frames_recolour(labels, label);
		wlbl_strips_update(labels);
	}
	return r;
}

static int
label_declare(struct wlbl *labels, const char *name, uint32_t colour,
	const struct wlbl_label **ret)
{
	if (labels->declared >= DECLARED_MAX) {
		return -EDQUOT;
	}
	struct wlbl_label *label = wlbl_label_add(labels, name, colour);
	if (label == NULL) {
		return -ENOMEM;
	}
	int r = label_draw(labels, label, colour);
	if (r < 0) {
		wlbl_label_remove(label);
		return r;
	}
	label->declared = true;
	labels->declared++;
	*ret = label;
	return 0;
}

WLBL_PUBLIC int
wlbl_label_declare(struct wlbl *labels, const char *name,
	const uint32_t *colour, const struct wlbl_label **ret)
{
	if (!wlbl_text_is_name(name)
			|| (colour != NULL && *colour > WLBL_COLOUR_MAX)) {
		return -EINVAL;
	}
	struct wlbl_label *label =
		(struct wlbl_label *)wlbl_label_find(labels, name);
	if (label == NULL) {
		return colour == NULL ? -ENOENT
			: label_declare(labels, name, *colour, ret);
	}
	int r = colour == NULL ? 0 : label_recolour(labels, label, *colour);
	if (r == 0) {
		*ret = label;
	}
	return r;
}
