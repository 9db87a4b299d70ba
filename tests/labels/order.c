/* SPDX-License-Identifier: MIT */
/*
 * order: a client that does things in every order
 *
 * Whatever order a few requests can be sent in is sent, on a connection of its own
 * each time: most are errors, and the compositor says so or it does not. Then the
 * client goes, half of the time with everything still there. At the end it says how
 * many orders there were.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/must.h"
#include "client.h"
#include "util/fd.h"

#define SIDE 64
#define STEPS_MAX 9
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What there is to do something with; NULL once it is destroyed. */
static struct client client;
static struct wl_surface *surface, *parent, *child;
static struct xdg_surface *xdg, *parent_xdg;
static struct xdg_toplevel *toplevel, *parent_toplevel;
static struct xdg_popup *popup;
static struct wl_subsurface *sub;
static struct wl_buffer *buffer;

static void
handle_configure(void *data, struct xdg_surface *of, uint32_t serial)
{
	(void)data;
	xdg_surface_ack_configure(of, serial);
}

static const struct xdg_surface_listener xdg_listener = {
	.configure = handle_configure,
};

static bool
settled(void)
{
	return wl_display_roundtrip(client.display) >= 0;
}

static void
attach(void)
{
	if (surface != NULL) {
		wl_surface_attach(surface, buffer, 0, 0);
		wl_surface_damage(surface, 0, 0, SIDE, SIDE);
	}
}

static void
detach(void)
{
	if (surface != NULL) {
		wl_surface_attach(surface, NULL, 0, 0);
	}
}

static void
commit(void)
{
	if (surface != NULL) {
		wl_surface_commit(surface);
	}
}

static void
commit_parent(void)
{
	if (parent != NULL) {
		wl_surface_commit(parent);
	}
}

static void
answer(void)
{
	settled();
}

static void
destroy_buffer(void)
{
	if (buffer != NULL) {
		wl_buffer_destroy(buffer);
		buffer = NULL;
	}
}

static void
destroy_surface(void)
{
	if (surface != NULL) {
		wl_surface_destroy(surface);
		surface = NULL;
	}
}

static void
destroy_parent(void)
{
	if (parent != NULL) {
		wl_surface_destroy(parent);
		parent = NULL;
	}
}

static void
destroy_xdg(void)
{
	if (xdg != NULL) {
		xdg_surface_destroy(xdg);
		xdg = NULL;
	}
}

static void
destroy_role(void)
{
	if (toplevel != NULL) {
		xdg_toplevel_destroy(toplevel);
		toplevel = NULL;
	}
	if (popup != NULL) {
		xdg_popup_destroy(popup);
		popup = NULL;
	}
	if (sub != NULL) {
		wl_subsurface_destroy(sub);
		sub = NULL;
	}
}

static void
destroy_parent_role(void)
{
	if (parent_toplevel != NULL) {
		xdg_toplevel_destroy(parent_toplevel);
		parent_toplevel = NULL;
	}
	if (parent_xdg != NULL) {
		xdg_surface_destroy(parent_xdg);
		parent_xdg = NULL;
	}
}

static void
get_xdg(void)
{
	if (surface != NULL && xdg == NULL) {
		xdg = xdg_wm_base_get_xdg_surface(client.wm_base, surface);
		xdg_surface_add_listener(xdg, &xdg_listener, NULL);
	}
}

static void
get_toplevel(void)
{
	if (xdg != NULL && toplevel == NULL) {
		toplevel = xdg_surface_get_toplevel(xdg);
		xdg_toplevel_set_maximized(toplevel);
	}
}

static void
get_sub(void)
{
	if (surface != NULL && parent != NULL && sub == NULL) {
		sub = wl_subcompositor_get_subsurface(client.subcompositor,
			surface, parent);
		wl_subsurface_set_desync(sub);
	}
}

static void
add_child(void)
{
	if (surface != NULL && child == NULL) {
		child = wl_compositor_create_surface(client.compositor);
		wl_subsurface_set_desync(wl_subcompositor_get_subsurface(
			client.subcompositor, child, surface));
		wl_surface_attach(child, buffer, 0, 0);
		wl_surface_commit(child);
	}
}

/* A surface with a role that the others are of, mapped. */
static void
begin_parent(void)
{
	parent = wl_compositor_create_surface(client.compositor);
	parent_xdg = xdg_wm_base_get_xdg_surface(client.wm_base, parent);
	xdg_surface_add_listener(parent_xdg, &xdg_listener, NULL);
	parent_toplevel = xdg_surface_get_toplevel(parent_xdg);
	wl_surface_commit(parent);
	must(settled() && settled());
	wl_surface_attach(parent, buffer, 0, 0);
	wl_surface_commit(parent);
}

static void
begin_nothing(void)
{
}

/* A window, mapped. */
static void
begin_window(void)
{
	get_xdg();
	get_toplevel();
	commit();
	must(settled() && settled());
	attach();
	commit();
}

static void
begin_popup(void)
{
	begin_parent();
	get_xdg();
	struct xdg_positioner *positioner =
		xdg_wm_base_create_positioner(client.wm_base);
	xdg_positioner_set_size(positioner, SIDE, SIDE);
	xdg_positioner_set_anchor_rect(positioner, 0, 0, 1, 1);
	popup = xdg_surface_get_popup(xdg, parent_xdg, positioner);
	xdg_positioner_destroy(positioner);
	commit();
	must(settled() && settled());
	attach();
	commit();
}

static void
begin_sub(void)
{
	begin_parent();
	get_sub();
	attach();
	commit();
	commit_parent();
}

typedef void (*step_fn)(void);

/* From where on, and what in every order. */
static const struct {
	void (*begin)(void);
	step_fn steps[STEPS_MAX];
	size_t count;
} plays[] = {
	{ begin_nothing, { get_xdg, get_toplevel, attach, commit, commit,
		answer }, 6 },
	{ begin_nothing, { get_xdg, get_toplevel, add_child, attach, commit,
		destroy_buffer }, 6 },
	{ begin_window, { detach, commit, destroy_buffer, destroy_role,
		destroy_xdg, destroy_surface }, 6 },
	{ begin_window, { add_child, attach, commit, destroy_buffer,
		destroy_role, answer }, 6 },
	{ begin_window, { destroy_role, get_toplevel, attach, commit, answer,
		detach }, 6 },
	{ begin_popup, { detach, commit, destroy_buffer, destroy_role,
		destroy_parent_role, destroy_parent }, 6 },
	{ begin_popup, { destroy_xdg, destroy_role, destroy_surface,
		destroy_parent_role, answer }, 5 },
	{ begin_sub, { detach, commit, commit_parent, destroy_role,
		destroy_surface, destroy_parent_role }, 6 },
	{ begin_sub, { add_child, commit, commit_parent, destroy_parent,
		destroy_parent_role, destroy_surface }, 6 },
	{ begin_sub, { destroy_role, get_sub, attach, commit, commit_parent,
		destroy_buffer }, 6 },
};

static int orders;

/* A connection without ado: there are thousands. */
static void
begin(void)
{
	client = (struct client){ 0 };
	client_init(&client);
	surface = wl_compositor_create_surface(client.compositor);
	buffer = client_buffer(&client, SIDE, SIDE, PAINT);
	parent = child = NULL;
	xdg = parent_xdg = NULL;
	toplevel = parent_toplevel = NULL;
	popup = NULL;
	sub = NULL;
}

static void
act(size_t play, const unsigned char *order)
{
	begin();
	plays[play].begin();
	for (size_t i = 0; i < plays[play].count; i++) {
		plays[play].steps[order[i]]();
		/* Each as a request of its own every third time. */
		if (orders % 3 == 0) {
			settled();
		}
	}
	if (orders % 2 == 0) {
		settled();
	}
	wl_display_disconnect(client.display);
	orders++;
}

/* Heap's way through all orders. */
static void
permute(size_t play)
{
	const size_t count = plays[play].count;
	unsigned char order[STEPS_MAX], turn[STEPS_MAX] = { 0 };
	for (size_t i = 0; i < count; i++) {
		order[i] = (unsigned char)i;
	}
	act(play, order);
	for (size_t i = 1; i < count;) {
		if (turn[i] >= i) {
			turn[i++] = 0;
			continue;
		}
		const size_t other = i % 2 == 0 ? 0 : turn[i];
		const unsigned char kept = order[other];
		order[other] = order[i];
		order[i] = kept;
		act(play, order);
		turn[i]++;
		i = 1;
	}
}

int
main(void)
{
	for (size_t i = 0; i < COUNT(plays); i++) {
		permute(i);
	}
	client_say("orders %d", orders);
	return EXIT_SUCCESS;
}
