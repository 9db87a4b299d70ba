/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * wlroots' window manager runs in the compositor's loop and talks to the X server
 * as if that always answered at once: it waits for replies and for room to write
 * for as long as it takes, and handles events until there are none. But an X
 * server does what its programs ask of it, one request after the other, and one
 * alone can take minutes; and programs can make events as fast as it sends them.
 * So one VM could hold up what all others see.
 *
 * Nothing can be put in between, except by name: the functions of libxcb that
 * wlroots calls are defined here, too, and this library comes before libxcb where
 * the linker looks for them. For connections that are not an Xwayland's window
 * manager's they are what they always were.
 *
 * - The window manager is told of something when the server has nobody else to
 *   listen to: what it asks then is answered at once. So before each event stands
 *   a fence, a grab of the server and a question, and the event waits for the
 *   answer while the loop goes on. That takes as long as what the server has in hand,
 *   which is nobody's time but its programs'. It is let go when there is no event left.
 *   (An Xwayland without a screen of its own lets nobody else grab it. XTEST could
 *   exempt programs from a grab; wlbridge-xwayland turns it off.)
 * - The server says on two sockets which surface is a window's. If the window is known
 *   first, the window manager asks when the surface comes, and not when it is told of
 *   something. So that event waits for the surface, too, a while.
 * - A wait is counted all the same, but for its first milliseconds, and whatever else
 *   the server has to say in the meantime. There is half a second of it at most, and a
 *   quarter of the time that passes is given back, to its successor, too. Who has
 *   used it up is cut off: neither of the X server's connections works any longer,
 *   so every wait ends, and so does the server.
 * - What comes before an answer is read and kept until then: 8 MiB at most.
 * - Before anything that writes there is room for it: the kernel calls a socket
 *   writable while three quarters of its buffer are free, and libxcb writes at the
 *   latest when it has 16 KiB.
 * - Events are handed out for some milliseconds, then as long to nobody. Those
 *   that libxcb has read by then would not wake the loop, hence a timer.
 * - No more of a property is asked for than 16 MiB.
 *
 * The server lets nobody in before it has its window manager, which registers here
 * in the moment that it is complete.
 */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <wlr/xwayland/shell.h>
#include <xcb/xcbext.h>

#include "xwayland-property.h"
#include "xwayland.h"

#define WAIT_MAX_US 500000
#define WAIT_BACK 4		/* one of so many microseconds */
#define TURN_US 4000
#define PAUSE_MS 4
#define PAIR_MAX_US 100000
#define READS_MAX 2048		/* of 4 KiB each */

/* Other threads may have connections of their own and ask whether these are ours. */
static pthread_mutex_t all_lock = PTHREAD_MUTEX_INITIALIZER;
static struct wl_list all = { &all, &all };	/* x_wait.link */

static struct {
	void *(*wait_for_reply)(xcb_connection_t *x, unsigned request,
		xcb_generic_error_t **error);
	xcb_generic_event_t *(*poll_for_event)(xcb_connection_t *x);
	int (*flush)(xcb_connection_t *x);
	void (*disconnect)(xcb_connection_t *x);
	xcb_get_property_cookie_t (*get_property)(xcb_connection_t *x,
		uint8_t delete, xcb_window_t window, xcb_atom_t property,
		xcb_atom_t type, uint32_t offset, uint32_t length);
} next;

static void
find_next(void)
{
	const struct {
		const char *name;
		void *place;
	} wanted[] = {
		{ "xcb_wait_for_reply", &next.wait_for_reply },
		{ "xcb_poll_for_event", &next.poll_for_event },
		{ "xcb_flush", &next.flush },
		{ "xcb_disconnect", &next.disconnect },
		{ "xcb_get_property", &next.get_property },
	};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		void *function = dlsym(RTLD_NEXT, wanted[i].name);
		if (function == NULL) {
			/* As the linker does where it finds none. */
			abort();
		}
		memcpy(wanted[i].place, &function, sizeof(function));
	}
}

/* libxcb's own. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
#define NEXT(name) (pthread_once(&once, find_next), next.name)

static int64_t
now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct x_wait *
find(const xcb_connection_t *x)
{
	struct x_wait *wait, *found = NULL;
	pthread_mutex_lock(&all_lock);
	wl_list_for_each(wait, &all, link) {
		if (wait->x == x) {
			found = wait;
			break;
		}
	}
	pthread_mutex_unlock(&all_lock);
	return found;
}

static void
cut_off(struct x_wait *wait, const char *why)
{
	struct wlbl_xwayland *xwayland =
		wl_container_of(wait, xwayland, wait);
	if (wait->is_cut) {
		return;
	}
	wlbl_log(xwayland->labels, "the X server of VM '%s' %s: it is cut off",
		xwayland->label->name, why);
	wait->is_cut = true;
	shutdown(xcb_get_file_descriptor(wait->x), SHUT_RDWR);
	if (xwayland->wlr != NULL && xwayland->wlr->server->client != NULL) {
		shutdown(wl_client_get_fd(xwayland->wlr->server->client),
			SHUT_RDWR);
	}
}

/* A wait begins. Return: when it has to be over. */
static int64_t
deadline(struct x_wait *wait)
{
	const int64_t now = now_us();
	wait->left_us += (now - wait->at_us) / WAIT_BACK;
	if (wait->left_us > WAIT_MAX_US) {
		wait->left_us = WAIT_MAX_US;
	}
	wait->at_us = now;
	return now + wait->left_us + TURN_US;
}

/* Until the server can be read from or written to, or is cut off. */
static void
await(struct x_wait *wait, short events, int64_t until_us)
{
	struct pollfd fd = {
		.fd = xcb_get_file_descriptor(wait->x),
		.events = events,
	};
	int done = 0;
	for (int64_t now = now_us(); done <= 0 && !wait->is_cut;
			now = now_us()) {
		if (now >= until_us) {
			cut_off(wait, "keeps everybody waiting");
			return;
		}
		done = poll(&fd, 1, (int)((until_us - now) / 1000) + 1);
	}
}

static void
wait_end(struct x_wait *wait)
{
	const int64_t now = now_us();
	const int64_t counted = now - wait->at_us - TURN_US;
	wait->left_us -= counted > 0 ? counted : 0;
	wait->at_us = now;
}

static bool
is_ready(const struct x_wait *wait, short events)
{
	struct pollfd fd = {
		.fd = xcb_get_file_descriptor(wait->x),
		.events = events,
	};
	return poll(&fd, 1, 0) != 0;
}

/* Whatever is written next, there is room for it. */
static void
make_room(struct x_wait *wait)
{
	/* As good as always. */
	if (!wait->is_cut && !is_ready(wait, POLLOUT)) {
		const int64_t until_us = deadline(wait);
		await(wait, POLLOUT, until_us);
		wait_end(wait);
	}
}

/* It reads what comes before, too, 4 KiB each time. Return: as libxcb's. */
static bool
has_reply(struct x_wait *wait, unsigned request, void **reply,
	xcb_generic_error_t **error)
{
	if (is_ready(wait, POLLIN) && ++wait->reads > READS_MAX) {
		cut_off(wait, "says too much");
	}
	return xcb_poll_for_reply(wait->x, request, reply, error);
}

static void *
wait_for_reply(xcb_connection_t *x, unsigned request,
	xcb_generic_error_t **error)
{
	struct x_wait *wait = find(x);
	if (wait == NULL) {
		return NEXT(wait_for_reply)(x, request, error);
	}
	void *reply = NULL;
	xcb_generic_error_t *refused = NULL;
	xcb_flush(x);
	const int64_t until_us = deadline(wait);
	wait->reads = 0;
	/* It ends when the connection does, too. */
	while (!has_reply(wait, request, &reply, &refused)) {
		await(wait, POLLIN, until_us);
	}
	wait_end(wait);
	if (error != NULL) {
		*error = refused;
	} else {
		free(refused);
	}
	return reply;
}

/* The loop turns once more, soon, whatever else happens. */
static void
turn_soon(struct x_wait *wait)
{
	wl_event_source_timer_update(wait->timer, PAUSE_MS);
}

static void
ask_for_fence(struct x_wait *wait)
{
	if (!wait->is_grabbed) {
		wait->is_grabbed = true;
		xcb_grab_server(wait->x);
	}
	wait->fence = xcb_get_input_focus(wait->x).sequence;
	wait->reads = 0;
	NEXT(flush)(wait->x);
	wait->written = xcb_total_written(wait->x);
}

static void
let_others(struct x_wait *wait)
{
	wait->turn_us = 0;
	if (wait->is_grabbed) {
		wait->is_grabbed = false;
		xcb_ungrab_server(wait->x);
		NEXT(flush)(wait->x);
	}
}

/* Return: whether the server listens to us alone, and has done all we told it. */
static bool
is_fenced(struct x_wait *wait)
{
	void *reply = NULL;
	xcb_generic_error_t *error = NULL;
	if (wait->fenced_us != 0) {
		return true;
	}
	if (wait->fence == 0) {
		ask_for_fence(wait);
		return false;
	}
	if (!has_reply(wait, wait->fence, &reply, &error)) {
		/* Nothing was done now, so the loop goes on to others. */
		wait->turn_us = 0;
		return false;
	}
	free(reply);
	free(error);
	wait->fence = 0;
	if (wait->written != xcb_total_written(wait->x)) {
		/* It has been told more since. */
		ask_for_fence(wait);
		return false;
	}
	wait->fenced_us = now_us();
	return true;
}

/* Whether the surface is known that this event gives to a window, if it does. */
static bool
is_paired(const struct x_wait *wait, const xcb_generic_event_t *event)
{
	const struct wlbl_xwayland *xwayland =
		wl_container_of(wait, xwayland, wait);
	const xcb_client_message_event_t *message = (const void *)event;
	if (event->response_type != XCB_CLIENT_MESSAGE
			|| message->type != xwayland->atoms.surface_serial) {
		return true;
	}
	const uint32_t *serial = message->data.data32;
	return wlr_xwayland_shell_v1_surface_from_serial(
		xwayland->wlr->shell_v1,
		(uint64_t)serial[1] << 32 | serial[0]) != NULL;
}

/* ---- in libxcb's place ---- */

WLBL_PUBLIC void *
xcb_wait_for_reply(xcb_connection_t *x, unsigned request,
	xcb_generic_error_t **error)
{
	return wait_for_reply(x, request, error);
}

/* These call that in libxcb, which may have been linked not to find ours. */
WLBL_PUBLIC xcb_get_geometry_reply_t *
xcb_get_geometry_reply(xcb_connection_t *x, xcb_get_geometry_cookie_t cookie,
	xcb_generic_error_t **error)
{
	return wait_for_reply(x, cookie.sequence, error);
}

WLBL_PUBLIC xcb_intern_atom_reply_t *
xcb_intern_atom_reply(xcb_connection_t *x, xcb_intern_atom_cookie_t cookie,
	xcb_generic_error_t **error)
{
	return wait_for_reply(x, cookie.sequence, error);
}

WLBL_PUBLIC xcb_get_atom_name_reply_t *
xcb_get_atom_name_reply(xcb_connection_t *x, xcb_get_atom_name_cookie_t cookie,
	xcb_generic_error_t **error)
{
	return wait_for_reply(x, cookie.sequence, error);
}

WLBL_PUBLIC xcb_get_property_reply_t *
xcb_get_property_reply(xcb_connection_t *x, xcb_get_property_cookie_t cookie,
	xcb_generic_error_t **error)
{
	xcb_get_property_reply_t *reply =
		wait_for_reply(x, cookie.sequence, error);
	return find(x) != NULL ? wlbl_property_secure(reply) : reply;
}

WLBL_PUBLIC xcb_get_property_cookie_t
xcb_get_property(xcb_connection_t *x, uint8_t delete, xcb_window_t window,
	xcb_atom_t property, xcb_atom_t type, uint32_t offset, uint32_t length)
{
	if (length > WLBL_PROPERTY_UNITS_MAX && find(x) != NULL) {
		length = WLBL_PROPERTY_UNITS_MAX;
	}
	return NEXT(get_property)(x, delete, window, property, type, offset,
		length);
}

WLBL_PUBLIC int
xcb_flush(xcb_connection_t *x)
{
	struct x_wait *wait = find(x);
	if (wait != NULL) {
		make_room(wait);
	}
	return NEXT(flush)(x);
}

WLBL_PUBLIC xcb_generic_event_t *
xcb_poll_for_event(xcb_connection_t *x)
{
	struct x_wait *wait = find(x);
	if (wait == NULL) {
		return NEXT(poll_for_event)(x);
	}
	if (wait->is_pause) {
		return NULL;
	}
	if (wait->event == NULL) {
		wait->event = NEXT(poll_for_event)(x);
		wait->fenced_us = 0;
	}
	if (wait->event == NULL && !wait->is_grabbed) {
		wait->turn_us = 0;
		return NULL;
	}
	if (!is_ready(wait, POLLOUT)) {
		turn_soon(wait);
		return NULL;
	}
	if (wait->event == NULL) {
		let_others(wait);
		return NULL;
	}
	const int64_t now = now_us();
	if (wait->turn_us == 0) {
		wait->turn_us = now;
	} else if (now - wait->turn_us > TURN_US) {
		wait->is_pause = true;
		turn_soon(wait);
		return NULL;
	}
	if (!is_fenced(wait)) {
		return NULL;
	}
	if (!is_paired(wait, wait->event)
			&& now - wait->fenced_us < PAIR_MAX_US) {
		turn_soon(wait);
		return NULL;
	}
	xcb_generic_event_t *event = wait->event;
	wait->event = NULL;
	return event;
}

WLBL_PUBLIC void
xcb_disconnect(xcb_connection_t *x)
{
	struct x_wait *wait = find(x);
	if (wait != NULL) {
		wlbl_x_wait_finish(wait);
	}
	NEXT(disconnect)(x);
}

/* ---- for xwayland.c ---- */

static int
handle_timer(void *data)
{
	struct x_wait *wait = data;
	/* The loop asks for events after each turn. */
	wait->is_pause = false;
	wait->turn_us = 0;
	return 0;
}

extern __typeof__(xcb_poll_for_event) ours
	__attribute__((alias("xcb_poll_for_event"), visibility("hidden")));

bool
wlbl_x_wait_works(void)
{
	xcb_generic_event_t *(*mine)(xcb_connection_t *x) = ours;
	void *first = dlsym(RTLD_DEFAULT, "xcb_poll_for_event");
	return memcmp(&mine, &first, sizeof(first)) == 0;
}

int
wlbl_x_wait_init(struct x_wait *wait, struct wl_display *display,
	xcb_connection_t *x)
{
	struct wl_event_source *timer = wl_event_loop_add_timer(
		wl_display_get_event_loop(display), handle_timer, wait);
	if (timer == NULL) {
		return -ENOMEM;
	}
	wlbl_x_wait_finish(wait);
	const bool first = wait->at_us == 0;
	*wait = (struct x_wait){
		.x = x,
		.timer = timer,
		.left_us = first ? WAIT_MAX_US : wait->left_us,
		.at_us = first ? now_us() : wait->at_us,
	};
	pthread_mutex_lock(&all_lock);
	wl_list_insert(&all, &wait->link);
	pthread_mutex_unlock(&all_lock);
	return 0;
}

void
wlbl_x_wait_finish(struct x_wait *wait)
{
	if (wait->x != NULL) {
		pthread_mutex_lock(&all_lock);
		wl_list_remove(&wait->link);
		pthread_mutex_unlock(&all_lock);
		wl_event_source_remove(wait->timer);
		free(wait->event);
		wait->event = NULL;
		wait->x = NULL;
	}
}
