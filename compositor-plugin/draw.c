/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Cairo draws into memory that a wlr_buffer owns; nothing changes it afterwards,
 * so several windows can show the same buffer. Text is printable ASCII when it
 * comes here, and set as plain text: markup has no meaning. A bar is put together
 * from what was drawn, so text is set once and not for every width of a window.
 *
 * Scales are quarters: names and the like are as many points wide as makes whole
 * pixels, so that a renderer that begins them on a whole pixel has nothing to
 * smooth. Points of a bar that do not are rounded as the scene rounds them.
 *
 * A name that was drawn as nothing (no font, a font without letters) counts as
 * not drawn: the pixels are looked at.
 */
#include "draw.h"

#include <cairo.h>
#include <drm_fourcc.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <wlr/interfaces/wlr_buffer.h>

#define FONT_SIZE 13	/* pixels at scale 1 */
#define PADDING 8	/* beside a name */
#define TEXT_GREY 0.88

struct drawn_buffer {
	struct wlr_buffer base;
	cairo_surface_t *surface;
	uint32_t format;
};

static void
buffer_destroy(struct wlr_buffer *base)
{
	struct drawn_buffer *buffer = wl_container_of(base, buffer, base);
	cairo_surface_destroy(buffer->surface);
	free(buffer);
}

static bool
buffer_begin_access(struct wlr_buffer *base, uint32_t flags, void **data,
	uint32_t *format, size_t *stride)
{
	struct drawn_buffer *buffer = wl_container_of(base, buffer, base);
	if (flags & WLR_BUFFER_DATA_PTR_ACCESS_WRITE) {
		return false;
	}
	*data = cairo_image_surface_get_data(buffer->surface);
	*format = buffer->format;
	*stride = (size_t)cairo_image_surface_get_stride(buffer->surface);
	return true;
}

static void
buffer_end_access(struct wlr_buffer *base)
{
	(void)base;
}

static const struct wlr_buffer_impl buffer_impl = {
	.destroy = buffer_destroy,
	.begin_data_ptr_access = buffer_begin_access,
	.end_data_ptr_access = buffer_end_access,
};

/* Takes the surface, on failure too. */
static struct wlr_buffer *
buffer_create(cairo_surface_t *surface)
{
	struct drawn_buffer *buffer = calloc(1, sizeof(*buffer));
	if (buffer == NULL
			|| cairo_surface_status(surface)
				!= CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(surface);
		free(buffer);
		return NULL;
	}
	cairo_surface_flush(surface);
	buffer->surface = surface;
	buffer->format = cairo_image_surface_get_format(surface)
		== CAIRO_FORMAT_RGB24 ? DRM_FORMAT_XRGB8888
		: DRM_FORMAT_ARGB8888;
	wlr_buffer_init(&buffer->base, &buffer_impl,
		cairo_image_surface_get_width(surface),
		cairo_image_surface_get_height(surface));
	return &buffer->base;
}

/* Whether there is more than one colour, as there must be with text. */
static bool
has_ink(cairo_surface_t *surface)
{
	cairo_surface_flush(surface);
	const unsigned char *row = cairo_image_surface_get_data(surface);
	int width = cairo_image_surface_get_width(surface);
	int height = cairo_image_surface_get_height(surface);
	if (row == NULL) {
		return false;
	}
	const uint32_t first = *(const uint32_t *)(const void *)row;
	for (int y = 0; y < height; y++) {
		const uint32_t *pixels = (const uint32_t *)(const void *)row;
		for (int x = 0; x < width; x++) {
			if (pixels[x] != first) {
				return true;
			}
		}
		row += cairo_image_surface_get_stride(surface);
	}
	return false;
}

static PangoLayout *
layout_create(cairo_t *cairo, const char *text, bool bold)
{
	PangoLayout *layout = pango_cairo_create_layout(cairo);
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family_static(font, "sans-serif");
	pango_font_description_set_weight(font,
		bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font,
		FONT_SIZE * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	pango_layout_set_text(layout, text, -1);
	return layout;
}

static int
pixels(int points, double scale)
{
	return (int)lround(points * scale);
}

/* Glyphs are put on whole pixels: what that makes of a width is the scale's. */
static int
text_width(const char *text, bool bold, double scale)
{
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 1, 1);
	cairo_t *cairo = cairo_create(surface);
	cairo_scale(cairo, scale, scale);
	PangoLayout *layout = layout_create(cairo, text, bold);
	int width, height;
	pango_layout_get_pixel_size(layout, &width, &height);
	if (pango_layout_get_unknown_glyphs_count(layout) > 0) {
		width = 0;
	}
	g_object_unref(layout);
	cairo_destroy(cairo);
	cairo_surface_destroy(surface);
	const int step = wlbl_scale_step(scale);
	return (width + step - 1) / step * step;
}

static void
put_text(cairo_t *cairo, const char *text, bool bold, int x)
{
	PangoLayout *layout = layout_create(cairo, text, bold);
	int width, height;
	pango_layout_get_pixel_size(layout, &width, &height);
	cairo_move_to(cairo, x, (WLBL_BAR_HEIGHT - height) / 2);
	pango_cairo_show_layout(cairo, layout);
	g_object_unref(layout);
}

static cairo_t *
begin(cairo_format_t format, int width, int height, double scale,
	cairo_surface_t **ret_surface)
{
	*ret_surface = cairo_image_surface_create(format,
		pixels(width, scale), pixels(height, scale));
	cairo_t *cairo = cairo_create(*ret_surface);
	cairo_scale(cairo, scale, scale);
	return cairo;
}

static struct wlr_buffer *
finish(cairo_t *cairo, cairo_surface_t *surface)
{
	bool good = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(cairo);
	if (!good || !has_ink(surface)) {
		cairo_surface_destroy(surface);
		return NULL;
	}
	return buffer_create(surface);
}

static void
set_colour(cairo_t *cairo, uint32_t colour)
{
	cairo_set_source_rgb(cairo, (colour >> 16 & 0xff) / 255.0,
		(colour >> 8 & 0xff) / 255.0, (colour & 0xff) / 255.0);
}

struct wlr_buffer *
wlbl_draw_name(const char *name, uint32_t colour, double scale,
	int *ret_width)
{
	const double red = (colour >> 16 & 0xff) / 255.0;
	const double green = (colour >> 8 & 0xff) / 255.0;
	const double blue = (colour & 0xff) / 255.0;
	int width = text_width(name, true, scale);
	if (width <= 0) {
		return NULL;
	}
	width += 2 * PADDING;

	cairo_surface_t *surface;
	cairo_t *cairo = begin(CAIRO_FORMAT_RGB24, width, WLBL_BAR_HEIGHT,
		scale, &surface);
	set_colour(cairo, colour);
	cairo_paint(cairo);
	/* As bright as it looks: black on light colours, white on dark. */
	const double ink = 0.299 * red + 0.587 * green + 0.114 * blue > 0.55
		? 0.0 : 1.0;
	cairo_set_source_rgb(cairo, ink, ink, ink);
	put_text(cairo, name, true, PADDING);
	*ret_width = width;
	return finish(cairo, surface);
}

struct wlr_buffer *
wlbl_draw_text(const char *text, double scale, int *ret_width)
{
	int width = text_width(text, false, scale);
	if (width <= 0) {
		return NULL;
	}
	cairo_surface_t *surface;
	cairo_t *cairo = begin(CAIRO_FORMAT_ARGB32, width, WLBL_BAR_HEIGHT,
		scale, &surface);
	cairo_set_source_rgb(cairo, TEXT_GREY, TEXT_GREY, TEXT_GREY);
	put_text(cairo, text, false, 0);
	*ret_width = width;
	return finish(cairo, surface);
}

struct wlr_buffer *
wlbl_draw_buttons(double scale)
{
	const double middle = WLBL_BAR_HEIGHT / 2.0, arm = 4.5;
	cairo_surface_t *surface;
	cairo_t *cairo = begin(CAIRO_FORMAT_ARGB32, 2 * WLBL_BUTTON_WIDTH,
		WLBL_BAR_HEIGHT, scale, &surface);
	cairo_set_source_rgb(cairo, TEXT_GREY, TEXT_GREY, TEXT_GREY);
	cairo_set_line_width(cairo, 1.5);
	double centre = WLBL_BUTTON_WIDTH / 2.0;
	cairo_rectangle(cairo, centre - arm, middle - arm, 2 * arm, 2 * arm);
	centre += WLBL_BUTTON_WIDTH;
	cairo_move_to(cairo, centre - arm, middle - arm);
	cairo_line_to(cairo, centre + arm, middle + arm);
	cairo_move_to(cairo, centre + arm, middle - arm);
	cairo_line_to(cairo, centre - arm, middle + arm);
	cairo_stroke(cairo);
	return finish(cairo, surface);
}

/* So wide a part of what was drawn, pixel for pixel. */
static void
put_buffer(cairo_t *cairo, struct wlr_buffer *base, int x, int width,
	double scale)
{
	struct drawn_buffer *buffer = wl_container_of(base, buffer, base);
	const int border = pixels(WLBL_WINDOW_BORDER, scale);
	cairo_save(cairo);
	cairo_identity_matrix(cairo);
	cairo_set_source_surface(cairo, buffer->surface, pixels(x, scale),
		border);
	cairo_rectangle(cairo, pixels(x, scale), border, pixels(width, scale),
		pixels(WLBL_BAR_HEIGHT, scale));
	cairo_fill(cairo);
	cairo_restore(cairo);
}

int
wlbl_scale_step(double scale)
{
	return scale == floor(scale) ? 1 : 2 * scale == floor(2 * scale) ? 2 : 4;
}

int
wlbl_bar_title_at(const struct wlbl_bar *bar)
{
	return WLBL_WINDOW_BORDER + bar->name_width + WLBL_TITLE_GAP;
}

struct wlr_buffer *
wlbl_draw_bar(const struct wlbl_bar *bar)
{
	const int border = WLBL_WINDOW_BORDER;
	const double grey = bar->active ? WLBL_BAR_GREY_ACTIVE : WLBL_BAR_GREY;
	cairo_surface_t *surface;
	cairo_t *cairo = begin(CAIRO_FORMAT_RGB24, bar->width + 2 * border,
		border + WLBL_BAR_HEIGHT, bar->scale, &surface);
	set_colour(cairo, bar->colour);
	cairo_paint(cairo);
	cairo_set_source_rgb(cairo, grey, grey, grey);
	cairo_rectangle(cairo, border, border,
		pixels(bar->width, bar->scale) / bar->scale, WLBL_BAR_HEIGHT);
	cairo_fill(cairo);
	if (bar->title != NULL && bar->title_width > 0) {
		put_buffer(cairo, bar->title, wlbl_bar_title_at(bar),
			bar->title_width, bar->scale);
	}
	/* What is ours comes last. */
	put_buffer(cairo, bar->name, border, bar->name_width, bar->scale);
	put_buffer(cairo, bar->buttons,
		border + bar->width - 2 * WLBL_BUTTON_WIDTH,
		2 * WLBL_BUTTON_WIDTH, bar->scale);
	return finish(cairo, surface);
}
