/* SPDX-License-Identifier: MIT */
/*
 * wlbridge-labels-draw.h - labels where the scene is not wlroots'
 *
 * For a compositor that lays out and draws by itself: who may show something,
 * and pictures of what belongs around it. Frames (wlbridge-labels.h) are made of
 * these. Such a compositor keeps by itself what frames keep: nothing of a client
 * outside of its content, a name always to be seen, the strip above everything.
 *
 * Sizes are for scale 1; a buffer has so many times more as wlbl_set_scale()
 * said, and after that all of them are others. Text is light, on nothing.
 */
#ifndef WLBRIDGE_LABELS_DRAW_H
#define WLBRIDGE_LABELS_DRAW_H

#include "wlbridge-labels.h"

#ifdef __cplusplus
extern "C" {
#endif

struct wlr_buffer;

/* The height of a title bar and of the strip. */
#define WLBL_BAR_HEIGHT 24

/* Of each of the two buttons, side by side: maximise, close. */
#define WLBL_BUTTON_WIDTH 28

/* Around a window with its title bar, in its label's colour. */
#define WLBL_WINDOW_BORDER 4

/* Between a name and the title after it. */
#define WLBL_TITLE_GAP 8

/* Between all that is on the strip. */
#define WLBL_STRIP_GAP 8

/* How grey is what is behind a client's pixels, and a title bar. */
#define WLBL_BACKDROP_GREY 0.09f
#define WLBL_BAR_GREY 0.14f
#define WLBL_BAR_GREY_ACTIVE 0.26f

/**
 * wlbl_admit() - Ask whether a client may show one more of something
 * @kind: windows and popups are counted, the others are not
 *
 * Return: 0 with the label it has to show; -EACCES for a client without a label;
 * -EDQUOT when its VM has as many as it may. Both are logged. A client that is
 * not let in must not be shown anything of; one that was needs wlbl_release().
 */
int
wlbl_admit(struct wlbl *labels, enum wlbl_frame_kind kind,
	const struct wl_client *client, const struct wlbl_label **ret);

/* It is gone. */
void
wlbl_release(enum wlbl_frame_kind kind, const struct wlbl_label *label);

/* A label's name on its colour, opaque. It stays the label's. */
struct wlr_buffer *
wlbl_label_picture(const struct wlbl_label *label, int *ret_width);

/* Both buttons. They stay the library's. */
struct wlr_buffer *
wlbl_buttons_picture(struct wlbl *labels);

/* What a role is called on the strip. It stays the library's. */
struct wlr_buffer *
wlbl_role_picture(struct wlbl *labels, enum wlbl_role role, int *ret_width);

/**
 * wlbl_title_picture() - Draw a client's title, cleaned
 * @title: any bytes up to a NUL, or NULL
 *
 * Return: the caller's, to be given back with wlr_buffer_drop(); NULL when there
 * is nothing to draw.
 */
struct wlr_buffer *
wlbl_title_picture(struct wlbl *labels, const char *title, int *ret_width);

/* The label that a strip has to show for a role, or NULL. */
const struct wlbl_label *
wlbl_shown(const struct wlbl *labels, enum wlbl_role role);

/* What wlbl_notify() said last, or NULL. It stays the library's. */
struct wlr_buffer *
wlbl_notice_picture(struct wlbl *labels, int *ret_width);

/* Be told when what strips have to show has changed; NULL: no more. */
void
wlbl_on_shown(struct wlbl *labels, void (*handler)(void *data), void *data);

#ifdef __cplusplus
}
#endif

#endif
