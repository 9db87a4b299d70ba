/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A client is its connection, and a connection came through a listening socket
 * that somebody trusted made: the compositor's own, one of a security context, or
 * one of the host's (client.c). The context's engine says whether the application
 * id is a VM's name. There is no other source: nothing a client sends is looked
 * at.
 *
 * Local programs have a label too, under a name that no VM can have, so that "no
 * label" is never something to get used to.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_security_context_v1.h>

#include "draw.h"
#include "private.h"

#define LOCAL_COLOUR 0x77767b

static const char *const caption_texts[WLBL_CAPTIONS] = {
	[WLBL_ROLE_KEYBOARD] = "keyboard",
	[WLBL_ROLE_POINTER] = "pointer",
	[WLBL_ROLE_WAITING] = "waiting",
	[WLBL_CAPTION_LOCKED] = "locked",
};

void
wlbl_log(struct wlbl *labels, const char *format, ...)
{
	if (labels->log == NULL) {
		return;
	}
	char line[512];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	labels->log(labels->log_data, line);
}

struct wlbl_label *
wlbl_label_add(struct wlbl *labels, const char *name, uint32_t colour)
{
	struct wlbl_label *label = calloc(1, sizeof(*label));
	if (label == NULL) {
		return NULL;
	}
	snprintf(label->name, sizeof(label->name), "%s", name);
	label->colour = colour;
	wl_list_insert(labels->labels.prev, &label->link);
	return label;
}

void
wlbl_label_remove(struct wlbl_label *label)
{
	wl_list_remove(&label->link);
	wlr_buffer_drop(label->cell);
	free(label);
}

/* What is drawn once for each scale. */
struct drawing {
	struct wlr_buffer **place;
	struct wlr_buffer *buffer;
	int *width_place;
	int width;
};

static int
draw_all(struct wlbl *labels, double scale, struct drawing *ret, size_t *ret_count)
{
	struct drawing *next = ret;
	struct wlbl_label *label;
	wl_list_for_each(label, &labels->labels, link) {
		*next = (struct drawing){
			.place = &label->cell,
			.width_place = &label->cell_width,
		};
		next->buffer = wlbl_draw_name(label->name, label->colour,
			scale, &next->width);
		*ret_count += 1;
		if ((next++)->buffer == NULL) {
			return -EIO;
		}
	}
	for (int i = 0; i < WLBL_CAPTIONS; i++) {
		*next = (struct drawing){
			.place = &labels->captions[i],
			.width_place = &labels->caption_widths[i],
		};
		next->buffer = wlbl_draw_text(caption_texts[i], scale,
			&next->width);
		*ret_count += 1;
		if ((next++)->buffer == NULL) {
			return -EIO;
		}
	}
	*next = (struct drawing){ .place = &labels->buttons };
	next->buffer = wlbl_draw_buttons(scale);
	*ret_count += 1;
	return next->buffer == NULL ? -EIO : 0;
}

static int
draw(struct wlbl *labels, double scale)
{
	size_t room = (size_t)wl_list_length(&labels->labels) + WLBL_CAPTIONS
		+ 1;
	size_t count = 0;
	struct drawing *drawings = calloc(room, sizeof(*drawings));
	if (drawings == NULL) {
		return -ENOMEM;
	}
	int r = draw_all(labels, scale, drawings, &count);
	for (size_t i = 0; i < count; i++) {
		if (r < 0) {
			wlr_buffer_drop(drawings[i].buffer);
			continue;
		}
		wlr_buffer_drop(*drawings[i].place);
		*drawings[i].place = drawings[i].buffer;
		if (drawings[i].width_place != NULL) {
			*drawings[i].width_place = drawings[i].width;
		}
	}
	free(drawings);
	return r;
}

WLBL_PUBLIC int
wlbl_create(struct wl_display *display, const struct wlbl_options *options,
	struct wlbl **ret)
{
	struct wlbl *labels = calloc(1, sizeof(*labels));
	if (labels == NULL) {
		return -ENOMEM;
	}
	labels->display = display;
	labels->contexts = options->contexts;
	labels->log = options->log;
	labels->log_data = options->log_data;
	wl_list_init(&labels->labels);
	wl_list_init(&labels->frames);
	wl_list_init(&labels->strips);
	labels->grid = 1;
	wlbl_config_defaults(labels);
	wl_list_init(&labels->given_sources);
	wl_list_init(&labels->grants);
	wl_list_init(&labels->served);
	wl_list_init(&labels->clients);
	wl_list_init(&labels->surfaces);
	wl_list_init(&labels->xwaylands);
	wl_list_init(&labels->new_surface.link);

	int r = -ENOMEM;
	labels->local = wlbl_label_add(labels, WLBL_LOCAL_NAME, LOCAL_COLOUR);
	if (labels->local == NULL) {
		goto error;
	}
	labels->nameless = calloc(1, sizeof(*labels->nameless));
	if (labels->nameless == NULL) {
		goto error;
	}
	snprintf(labels->nameless->name, sizeof(labels->nameless->name),
		"(without a label)");
	r = options->config_path == NULL ? 0
		: wlbl_config_read(labels, options->config_path);
	if (r < 0) {
		goto error;
	}
	labels->bytes_max = (uint64_t)labels->memory_max << 20;
	labels->hold = wlbl_hold_create(labels);
	if (labels->hold == NULL) {
		r = -ENOMEM;
		goto error;
	}
	r = wlbl_set_scale(labels, 1);
	if (r < 0) {
		wlbl_log(labels, "names cannot be drawn; is there a font?");
		goto error;
	}
	*ret = labels;
	return 0;

error:
	wlbl_destroy(labels);
	return r;
}

WLBL_PUBLIC void
wlbl_destroy(struct wlbl *labels)
{
	if (labels == NULL) {
		return;
	}
	wlbl_limit_finish(labels);
	wlbl_hold_destroy(labels->hold);
	wlbl_clients_finish(labels);
	wlbl_notice_finish(labels);
	wlbl_globals_finish(labels);
	wlbl_served_finish(labels);
	struct wlbl_label *label, *tmp;
	wl_list_for_each_safe(label, tmp, &labels->labels, link) {
		wlbl_label_remove(label);
	}
	for (int i = 0; i < WLBL_CAPTIONS; i++) {
		wlr_buffer_drop(labels->captions[i]);
	}
	wlr_buffer_drop(labels->buttons);
	free(labels->nameless);
	free(labels);
}

WLBL_PUBLIC int
wlbl_set_scale(struct wlbl *labels, double scale)
{
	if (scale == labels->scale) {
		return 0;
	}
	int r = draw(labels, scale);
	if (r < 0) {
		return r;
	}
	labels->scale = scale;
	wlbl_frames_update(labels);
	wlbl_notice_draw(labels);
	wlbl_strips_update(labels);
	return 0;
}

WLBL_PUBLIC void
wlbl_set_grid(struct wlbl *labels, int points)
{
	labels->grid = points;
}

/*
 * The security context it came through, or NULL. As of wlroots 0.18 the look-up
 * does not look at the manager, but nobody promised that of NULL.
 */
static const struct wlr_security_context_v1_state *
context_of(struct wlbl *labels, const struct wl_client *client)
{
	return labels->contexts == NULL ? NULL
		: wlr_security_context_manager_v1_lookup_client(
			labels->contexts, client);
}

bool
wlbl_is_confined(struct wlbl *labels, const struct wl_client *client)
{
	const struct wlbl_label *label;
	return wlbl_client_known(client, &label)
		|| context_of(labels, client) != NULL;
}

WLBL_PUBLIC const struct wlbl_label *
wlbl_label_find(struct wlbl *labels, const char *name)
{
	const struct wlbl_label *label;
	wl_list_for_each(label, &labels->labels, link) {
		if (strcmp(label->name, name) == 0) {
			return label;
		}
	}
	return NULL;
}

WLBL_PUBLIC const struct wlbl_label *
wlbl_label_of(struct wlbl *labels, const struct wl_client *client)
{
	const struct wlbl_label *label = NULL;
	if (wlbl_client_known(client, &label)) {
		return label;
	}
	const struct wlr_security_context_v1_state *context =
		context_of(labels, client);
	if (context == NULL || context->sandbox_engine == NULL
			|| strcmp(context->sandbox_engine, WLBL_ENGINE) != 0) {
		return labels->local;
	}
	if (context->app_id != NULL) {
		label = wlbl_label_find(labels, context->app_id);
	}
	return label == labels->local ? NULL : label;
}

WLBL_PUBLIC const struct wlbl_label *
wlbl_label_local(struct wlbl *labels)
{
	return labels->local;
}

WLBL_PUBLIC const char *
wlbl_label_name(const struct wlbl_label *label)
{
	return label->name;
}

WLBL_PUBLIC uint32_t
wlbl_label_colour(const struct wlbl_label *label)
{
	return label->colour;
}
