/* SPDX-License-Identifier: MIT */
/*
 * xliar TRICK [TEXT]: an X program that lies, on $DISPLAY
 *
 * It says "shown" when the X server has done what it wants, and "key", "focus",
 * "unfocus", "moved X Y WIDTH HEIGHT" of what its first window is told; "text ..."
 * or "refused" of a selection it asks for; of each of its own "offered" when the
 * server's manager has read its types, "sent", and "cleared" when it is another's.
 * Most tricks begin with an honest window of 300x200.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xcb/xcb.h>

#include "../lib/must.h"

#define PAINT 0xff00ff
#define WIDTH 300
#define HEIGHT 200
#define SIDE 4000
#define SENT_TO_MANAGER (XCB_EVENT_MASK_SUBSTRUCTURE_REDIRECT \
	| XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY)

static xcb_connection_t *x;
static const xcb_screen_t *screen;
static xcb_window_t window;
static const char *text = "a title";
static xcb_atom_t asked_for;
static bool asking, ask_again, is_mute;
/* Nobody's selections count without the keyboard. */
static void (*when_focused)(void);

static void
say(const char *line)
{
	puts(line);
	fflush(stdout);
}

static xcb_atom_t
atom(const char *name)
{
	xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply(x,
		xcb_intern_atom(x, 0, (uint16_t)strlen(name), name), NULL);
	must(reply != NULL);
	const xcb_atom_t value = reply->atom;
	free(reply);
	return value;
}

/* Everything sent so far has been done. */
static void
settle(void)
{
	free(xcb_get_input_focus_reply(x, xcb_get_input_focus(x), NULL));
}

static xcb_window_t
make(int at_x, int at_y, int width, int height, bool override)
{
	const xcb_window_t id = xcb_generate_id(x);
	const uint32_t values[] = {
		PAINT, override,
		XCB_EVENT_MASK_KEY_PRESS | XCB_EVENT_MASK_FOCUS_CHANGE
			| XCB_EVENT_MASK_STRUCTURE_NOTIFY
			| XCB_EVENT_MASK_PROPERTY_CHANGE,
	};
	xcb_create_window(x, XCB_COPY_FROM_PARENT, id, screen->root,
		(int16_t)at_x, (int16_t)at_y, (uint16_t)width,
		(uint16_t)height, 0, XCB_WINDOW_CLASS_INPUT_OUTPUT,
		screen->root_visual, XCB_CW_BACK_PIXEL
			| XCB_CW_OVERRIDE_REDIRECT | XCB_CW_EVENT_MASK, values);
	return id;
}

static void
set_text(xcb_window_t of, const char *property, xcb_atom_t type,
	const char *value)
{
	xcb_change_property(x, XCB_PROP_MODE_REPLACE, of, atom(property), type,
		8, (uint32_t)strlen(value), value);
}

/* Map it and wait until the server has. */
static void
map(xcb_window_t id)
{
	xcb_map_window(x, id);
	xcb_flush(x);
	for (;;) {
		xcb_generic_event_t *event = xcb_wait_for_event(x);
		must(event != NULL);
		const xcb_map_notify_event_t *mapped = (void *)event;
		bool done = (event->response_type & 0x7f) == XCB_MAP_NOTIFY
			&& mapped->window == id;
		free(event);
		if (done) {
			return;
		}
	}
}

static void
show(void)
{
	window = make(10, 10, WIDTH, HEIGHT, false);
	set_text(window, "WM_NAME", XCB_ATOM_STRING, text);
	map(window);
	settle();
}

static void
message(xcb_window_t about, xcb_atom_t type, uint32_t a, uint32_t b, uint32_t c)
{
	const xcb_client_message_event_t event = {
		.response_type = XCB_CLIENT_MESSAGE,
		.format = 32,
		.window = about,
		.type = type,
		.data.data32 = { a, b, c },
	};
	xcb_send_event(x, 0, screen->root, SENT_TO_MANAGER, (void *)&event);
}

/* ---- windows ---- */

static void
honest(void)
{
	show();
}

static void
huge(void)
{
	window = make(-500, -500, 5000, 4000, false);
	map(window);
}

static void
foreign_class(void)
{
	window = make(0, 0, WIDTH, HEIGHT, false);
	set_text(window, "WM_NAME", XCB_ATOM_STRING, text);
	set_text(window, "WM_CLASS", XCB_ATOM_STRING, "personal");
	set_text(window, "WM_CLIENT_MACHINE", XCB_ATOM_STRING, "personal");
	map(window);
}

/* It wants to be elsewhere and of another size, all the time. */
static void
restless(void)
{
	show();
	for (int i = 0; i < 500; i++) {
		const uint32_t values[] = {
			(uint32_t)(-400 + i * 13 % 1500),
			(uint32_t)(-400 + i * 7 % 1200),
			(uint32_t)(1 + i * 37 % 2000),
			(uint32_t)(1 + i * 53 % 2000),
		};
		xcb_configure_window(x, window, XCB_CONFIG_WINDOW_X
			| XCB_CONFIG_WINDOW_Y | XCB_CONFIG_WINDOW_WIDTH
			| XCB_CONFIG_WINDOW_HEIGHT, values);
	}
	const uint32_t size[] = { WIDTH, HEIGHT };
	xcb_configure_window(x, window, XCB_CONFIG_WINDOW_WIDTH
		| XCB_CONFIG_WINDOW_HEIGHT, size);
}

static void
full_screen(void)
{
	const xcb_atom_t state = atom("_NET_WM_STATE");
	const xcb_atom_t full = atom("_NET_WM_STATE_FULLSCREEN");
	show();
	for (int i = 0; i < 100; i++) {
		message(window, state, 2, full, 0);
		settle();
	}
	message(window, state, 1, full, 0);
}

/* ---- windows that no manager may touch ---- */

static void
menu(void)
{
	show();
	map(make(100, 150, 120, 90, true));
}

static void
over_screen(void)
{
	show();
	map(make(-100, -100, 3000, 2000, true));
}

static void
over_strip(void)
{
	show();
	map(make(0, -50, 700, 100, true));
}

static void
over_title(void)
{
	show();
	map(make(20, 50, 400, 100, true));
}

static void
outside(void)
{
	show();
	map(make(-3000, 200, 100, 100, true));
}

/* Small until it is there. */
static void
grows(void)
{
	show();
	const xcb_window_t id = make(200, 200, 10, 10, true);
	map(id);
	const uint32_t values[] = { 0, 0, 2000, 2000 };
	xcb_configure_window(x, id, XCB_CONFIG_WINDOW_X | XCB_CONFIG_WINDOW_Y
		| XCB_CONFIG_WINDOW_WIDTH | XCB_CONFIG_WINDOW_HEIGHT, values);
}

static void
moves(void)
{
	show();
	const xcb_window_t id = make(0, 0, 200, 100, true);
	map(id);
	for (int i = 0; i < 1000; i++) {
		const uint32_t values[] = { (uint32_t)(i * 13 % 1200 - 200),
			(uint32_t)(i * 7 % 900 - 200) };
		xcb_configure_window(x, id, XCB_CONFIG_WINDOW_X
			| XCB_CONFIG_WINDOW_Y, values);
	}
	const uint32_t there[] = { 60, (uint32_t)-30 };
	xcb_configure_window(x, id, XCB_CONFIG_WINDOW_X | XCB_CONFIG_WINDOW_Y,
		there);
}

/* With no window to belong to. */
static void
alone(void)
{
	window = make(100, 100, WIDTH, HEIGHT, true);
	set_text(window, "WM_NAME", XCB_ATOM_STRING, text);
	map(window);
}

/*
 * Another program's window paints, so that the server has pixels to pass on before
 * it has anything to say of a menu that is all there in one breath.
 */
static void
at_once(void)
{
	xcb_query_tree_reply_t *tree = xcb_query_tree_reply(x,
		xcb_query_tree(x, screen->root), NULL);
	must(tree != NULL);
	const xcb_window_t *others = xcb_query_tree_children(tree);
	for (int i = 0; i < xcb_query_tree_children_length(tree); i++) {
		xcb_clear_area(x, 0, others[i], 0, 0, 0, 0);
	}
	free(tree);
	settle();
	window = make(100, 150, 120, 90, true);
	map(window);
}

/* The window that it belongs to goes, and it does not. */
static void
orphan(void)
{
	alone();
	const xcb_window_t alone_no_more = window;
	window = make(0, 0, WIDTH, HEIGHT, false);
	map(window);
	const xcb_window_t menu_of_it = make(150, 150, 50, 50, true);
	map(menu_of_it);
	xcb_destroy_window(x, alone_no_more);
	settle();
	xcb_destroy_window(x, window);
	window = menu_of_it;
}

/* ---- what only the manager sees ---- */

static void
windows(void)
{
	for (int i = 0; i < 1000; i++) {
		xcb_map_window(x, make(i % 600, i % 400, WIDTH, HEIGHT,
			i % 2 == 1));
	}
}

static void
forge(const void *event, size_t size)
{
	char wire[32] = { 0 };
	must(size <= sizeof(wire));
	memcpy(wire, event, size);
	xcb_send_event(x, 0, screen->root, SENT_TO_MANAGER, wire);
}

/* Events as if they were the server's. */
static void
forged(void)
{
	show();
	for (uint32_t id = 0; id < 64; id++) {
		message(window, atom("WL_SURFACE_ID"), id, 0, 0);
		message(window, atom("WL_SURFACE_SERIAL"), id, 0, 0);
	}
	const xcb_window_t root = screen->root;
	const xcb_create_notify_event_t create = {
		.response_type = XCB_CREATE_NOTIFY,
		.parent = root,
		.window = root,
		.width = 100,
		.height = 100,
	};
	const xcb_destroy_notify_event_t destroy = {
		.response_type = XCB_DESTROY_NOTIFY,
		.event = root,
		.window = window,
	};
	const xcb_unmap_notify_event_t unmap = {
		.response_type = XCB_UNMAP_NOTIFY,
		.event = root,
		.window = window,
	};
	const xcb_selection_request_event_t request = {
		.response_type = XCB_SELECTION_REQUEST,
		.owner = window,
		.requestor = window,
		.selection = atom("CLIPBOARD"),
		.target = atom("TARGETS"),
		.property = atom("P"),
	};
	forge(&create, sizeof(create));
	forge(&destroy, sizeof(destroy));
	forge(&unmap, sizeof(unmap));
	forge(&request, sizeof(request));
	for (int i = 0; i < 1000; i++) {
		message(window, atom("_NET_STARTUP_INFO_BEGIN"), 0x41414141,
			0x41414141, 0x41414141);
	}
}

/* The X server listens to nobody else; and then its manager has to ask it. */
static void
grab_server(void)
{
	show();
	xcb_grab_server(x);
	for (int i = 0; i < 10; i++) {
		const xcb_window_t id = make(0, 0, 20, 20, i % 2 == 0);
		set_text(id, "WM_NAME", XCB_ATOM_STRING, "mine");
		xcb_map_window(x, id);
	}
}

/*
 * The X server works on one thing for some seconds, and has said before of
 * something that its manager has to ask about.
 */
static void
busy(void)
{
	show();
	static xcb_rectangle_t all[4000];
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		all[i] = (xcb_rectangle_t){ 0, 0, SIDE, SIDE };
	}
	const xcb_pixmap_t pixmap = xcb_generate_id(x);
	const xcb_gcontext_t gc = xcb_generate_id(x);
	xcb_create_pixmap(x, screen->root_depth, pixmap, window, SIDE, SIDE);
	xcb_create_gc(x, gc, pixmap, 0, NULL);
	settle();
	make(0, 0, 20, 20, false);
	xcb_poly_fill_rectangle(x, pixmap, gc, sizeof(all) / sizeof(all[0]),
		all);
	xcb_flush(x);
	say("shown");
}

/* Without end, but never more than its manager could look at. */
static void
titles(void)
{
	show();
	const xcb_atom_t name = atom("WM_NAME");
	say("shown");
	for (unsigned i = 0; !xcb_connection_has_error(x); i++) {
		xcb_change_property(x, XCB_PROP_MODE_REPLACE, window, name,
			XCB_ATOM_STRING, 8, sizeof(i), &i);
		settle();
	}
}

/* Many items, each smaller than what is read; or none. */
static void
properties(void)
{
	static const uint8_t items[8192];
	const struct {
		const char *name;
		xcb_atom_t type;
		uint32_t count;
	} wanted[] = {
		{ "_MOTIF_WM_HINTS", XCB_ATOM_CARDINAL, 5 },
		{ "_NET_WM_STATE", XCB_ATOM_ATOM, sizeof(items) },
		{ "_NET_WM_WINDOW_TYPE", XCB_ATOM_ATOM, sizeof(items) },
		{ "WM_HINTS", XCB_ATOM_WM_HINTS, 1 },
		{ "WM_NORMAL_HINTS", XCB_ATOM_WM_SIZE_HINTS, 1 },
		{ "WM_PROTOCOLS", XCB_ATOM_ATOM, sizeof(items) },
		{ "WM_TRANSIENT_FOR", XCB_ATOM_WINDOW, 0 },
	};
	window = make(10, 10, WIDTH, HEIGHT, false);
	set_text(window, "WM_NAME", XCB_ATOM_STRING, text);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		xcb_change_property(x, XCB_PROP_MODE_REPLACE, window,
			atom(wanted[i].name), wanted[i].type, 8,
			wanted[i].count, items);
	}
	map(window);
}

static void
grab_input(void)
{
	show();
	free(xcb_grab_keyboard_reply(x, xcb_grab_keyboard(x, 1, screen->root,
		XCB_CURRENT_TIME, XCB_GRAB_MODE_ASYNC, XCB_GRAB_MODE_ASYNC),
		NULL));
	free(xcb_grab_pointer_reply(x, xcb_grab_pointer(x, 1, screen->root,
		XCB_EVENT_MASK_BUTTON_PRESS, XCB_GRAB_MODE_ASYNC,
		XCB_GRAB_MODE_ASYNC, XCB_NONE, XCB_NONE, XCB_CURRENT_TIME),
		NULL));
	xcb_set_input_focus(x, XCB_INPUT_FOCUS_POINTER_ROOT, window,
		XCB_CURRENT_TIME);
	message(window, atom("_NET_ACTIVE_WINDOW"), 2, XCB_CURRENT_TIME, 0);
}

/* ---- selections ---- */

static void
own(void)
{
	xcb_set_selection_owner(x, window, atom("CLIPBOARD"),
		XCB_CURRENT_TIME);
	xcb_set_selection_owner(x, window, XCB_ATOM_PRIMARY, XCB_CURRENT_TIME);
}

static void
owner(void)
{
	when_focused = own;
	show();
}

/* It says what it has, and never what that is. */
static void
mute(void)
{
	is_mute = true;
	owner();
}

static void
ask_hundredfold(void)
{
	for (int i = 0; i < 100; i++) {
		const xcb_window_t id = xcb_generate_id(x);
		xcb_create_window(x, XCB_COPY_FROM_PARENT, id, window, 0, 0,
			1, 1, 0, XCB_WINDOW_CLASS_INPUT_OUTPUT,
			screen->root_visual, 0, NULL);
		xcb_convert_selection(x, id, atom("CLIPBOARD"), atom("TEXT"),
			atom("ANSWER"), XCB_CURRENT_TIME);
	}
}

/* A hundred windows ask for what a Wayland program has. */
static void
askers(void)
{
	when_focused = ask_hundredfold;
	show();
}

/*
 * Now, and again whenever the window gets the keyboard; but one after the other:
 * a second request ends the first, and who writes into that one's pipe.
 */
static void
ask(void)
{
	if (asking) {
		ask_again = true;
		return;
	}
	asking = true;
	xcb_convert_selection(x, window, asked_for, atom("TEXT"),
		atom("ANSWER"), XCB_CURRENT_TIME);
	xcb_flush(x);
}

static void
reader(void)
{
	show();
	asked_for = atom("CLIPBOARD");
	ask();
}

static void
reader_of_primary(void)
{
	show();
	asked_for = XCB_ATOM_PRIMARY;
	ask();
}

static void
handle_request(const xcb_selection_request_event_t *request)
{
	const xcb_atom_t targets[] = { atom("TARGETS"), atom("TEXT") };
	if (request->target == targets[0]) {
		/* Who reads it takes it away. */
		const uint32_t told = XCB_EVENT_MASK_PROPERTY_CHANGE;
		xcb_change_window_attributes(x, request->requestor,
			XCB_CW_EVENT_MASK, &told);
		xcb_change_property(x, XCB_PROP_MODE_REPLACE,
			request->requestor, request->property, XCB_ATOM_ATOM,
			32, 2, targets);
	} else if (is_mute) {
		return;
	} else {
		xcb_change_property(x, XCB_PROP_MODE_REPLACE,
			request->requestor, request->property, targets[1], 8,
			(uint32_t)strlen(text), text);
		say("sent");
	}
	const xcb_selection_notify_event_t event = {
		.response_type = XCB_SELECTION_NOTIFY,
		.time = request->time,
		.requestor = request->requestor,
		.selection = request->selection,
		.target = request->target,
		.property = request->property,
	};
	char wire[32] = { 0 };
	memcpy(wire, &event, sizeof(event));
	/* Once would do. */
	xcb_send_event(x, 0, request->requestor, 0, wire);
	xcb_send_event(x, 0, request->requestor, 0, wire);
}

static void
handle_answer(const xcb_selection_notify_event_t *answer)
{
	if (answer->property == XCB_NONE) {
		say("refused");
		return;
	}
	xcb_get_property_reply_t *reply = xcb_get_property_reply(x,
		xcb_get_property(x, 1, answer->requestor, answer->property,
			XCB_GET_PROPERTY_TYPE_ANY, 0, 64), NULL);
	must(reply != NULL);
	printf("text %.*s\n", xcb_get_property_value_length(reply),
		(const char *)xcb_get_property_value(reply));
	fflush(stdout);
	free(reply);
}

static void
handle_event(const xcb_generic_event_t *event)
{
	const xcb_configure_notify_event_t *moved = (const void *)event;
	const xcb_focus_in_event_t *focus = (const void *)event;
	const xcb_property_notify_event_t *changed = (const void *)event;
	switch (event->response_type & 0x7f) {
	case XCB_KEY_PRESS:
		say("key");
		break;
	case XCB_FOCUS_IN:
		if (focus->event == window
				&& focus->mode == XCB_NOTIFY_MODE_NORMAL) {
			say("focus");
			if (when_focused != NULL) {
				when_focused();
				when_focused = NULL;
			}
			if (asked_for != XCB_NONE) {
				ask();
			}
		}
		break;
	case XCB_FOCUS_OUT:
		if (focus->event == window
				&& focus->mode == XCB_NOTIFY_MODE_NORMAL) {
			say("unfocus");
		}
		break;
	case XCB_CONFIGURE_NOTIFY:
		if (moved->window == window) {
			printf("moved %d %d %u %u\n", moved->x, moved->y,
				moved->width, moved->height);
			fflush(stdout);
		}
		break;
	case XCB_PROPERTY_NOTIFY:
		if (changed->window != window
				&& changed->state == XCB_PROPERTY_DELETE) {
			say("offered");
		}
		break;
	case XCB_SELECTION_REQUEST:
		handle_request((const void *)event);
		break;
	case XCB_SELECTION_CLEAR:
		say("cleared");
		break;
	case XCB_SELECTION_NOTIFY:
		handle_answer((const void *)event);
		asking = false;
		if (ask_again) {
			ask_again = false;
			ask();
		}
		break;
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} tricks[] = {
	{ "honest", honest },
	{ "huge", huge },
	{ "foreign-class", foreign_class },
	{ "restless", restless },
	{ "full-screen", full_screen },
	{ "menu", menu },
	{ "over-screen", over_screen },
	{ "over-strip", over_strip },
	{ "over-title", over_title },
	{ "outside", outside },
	{ "grows", grows },
	{ "moves", moves },
	{ "alone", alone },
	{ "at-once", at_once },
	{ "orphan", orphan },
	{ "windows", windows },
	{ "forged", forged },
	{ "grab-server", grab_server },
	{ "busy", busy },
	{ "titles", titles },
	{ "properties", properties },
	{ "grab-input", grab_input },
	{ "owner", owner },
	{ "mute", mute },
	{ "askers", askers },
	{ "reader", reader },
	{ "reader-of-primary", reader_of_primary },
};

int
main(int argc, char *argv[])
{
	must(argc >= 2);
	if (argc > 2) {
		text = argv[2];
	}
	x = xcb_connect(NULL, NULL);
	must(!xcb_connection_has_error(x));
	screen = xcb_setup_roots_iterator(xcb_get_setup(x)).data;
	for (size_t i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		if (strcmp(argv[1], tricks[i].name) == 0) {
			tricks[i].run();
			settle();
			say("shown");
		}
	}
	xcb_generic_event_t *event;
	while ((event = xcb_wait_for_event(x)) != NULL) {
		handle_event(event);
		free(event);
		xcb_flush(x);
	}
	say("disconnected");
	return EXIT_SUCCESS;
}
