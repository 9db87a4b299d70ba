/* SPDX-License-Identifier: MIT */
/*
 * locker [bare] [text]: locks the screen, and never unlocks it
 *
 * It shows a surface on each screen that is there at the start, or with "bare" none,
 * and says "size WIDTH HEIGHT" for each size it is told, "locked", and "finished" if
 * it was refused. With "text" it has a text input, which it enables with nobody's
 * leave when it gets the keyboard; it says "text entered" if it is told that it is
 * its turn, and "string TEXT".
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/must.h"
#include "../lib/wl-ignore.h"
#include "client.h"
#include "session-lock-client.h"
#include "text-input-client.h"

#define COLOUR 0xff00ff00
#define OUTPUTS_MAX 4

static struct client client;
static struct wl_output *outputs[OUTPUTS_MAX];
static int outputs_count;
static struct zwp_text_input_v3 *input;

static void
handle_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	(void)data;
	(void)version;
	if (strcmp(interface, wl_output_interface.name) == 0) {
		must(outputs_count < OUTPUTS_MAX);
		outputs[outputs_count++] = wl_registry_bind(registry, name,
			&wl_output_interface, 1);
	}
}

static const struct wl_registry_listener registry_listener = {
	.global = handle_global,
	.global_remove = ignore_global_remove,
};

static void
handle_locked(void *data, struct ext_session_lock_v1 *lock)
{
	(void)data;
	(void)lock;
	client_say("locked");
}

static void
handle_finished(void *data, struct ext_session_lock_v1 *lock)
{
	(void)data;
	(void)lock;
	client_say("finished");
}

static const struct ext_session_lock_v1_listener lock_listener = {
	.locked = handle_locked,
	.finished = handle_finished,
};

static void
handle_configure(void *data, struct ext_session_lock_surface_v1 *lock_surface,
	uint32_t serial, uint32_t width, uint32_t height)
{
	struct wl_surface *surface = data;
	client_say("size %u %u", width, height);
	ext_session_lock_surface_v1_ack_configure(lock_surface, serial);
	client_fill(&client, surface, (int)width, (int)height, COLOUR);
	wl_surface_commit(surface);
}

static const struct ext_session_lock_surface_v1_listener surface_listener = {
	.configure = handle_configure,
};

static void
show(struct ext_session_lock_v1 *lock, struct wl_output *output)
{
	struct wl_surface *surface =
		wl_compositor_create_surface(client.compositor);
	ext_session_lock_surface_v1_add_listener(
		ext_session_lock_v1_get_lock_surface(lock, surface, output),
		&surface_listener, surface);
}

static void
handle_enter(void *data, struct zwp_text_input_v3 *to,
	struct wl_surface *surface)
{
	(void)data;
	(void)to;
	(void)surface;
	client_say("text entered");
}

static void
handle_leave(void *data, struct zwp_text_input_v3 *to,
	struct wl_surface *surface)
{
	(void)data;
	(void)to;
	(void)surface;
}

static void
handle_text(void *data, struct zwp_text_input_v3 *to, const char *text)
{
	(void)data;
	(void)to;
	client_say("string %s", text);
}

static void
handle_preedit(void *data, struct zwp_text_input_v3 *to, const char *text,
	int32_t begin, int32_t end)
{
	(void)begin;
	(void)end;
	handle_text(data, to, text);
}

static void
handle_numbers(void *data, struct zwp_text_input_v3 *to, uint32_t before,
	uint32_t after)
{
	(void)data;
	(void)to;
	(void)before;
	(void)after;
}

static void
handle_done(void *data, struct zwp_text_input_v3 *to, uint32_t serial)
{
	(void)data;
	(void)to;
	(void)serial;
}

static const struct zwp_text_input_v3_listener input_listener = {
	.enter = handle_enter,
	.leave = handle_leave,
	.preedit_string = handle_preedit,
	.commit_string = handle_text,
	.delete_surrounding_text = handle_numbers,
	.done = handle_done,
};

static void
enable(struct client *of, uint32_t serial)
{
	(void)of;
	(void)serial;
	zwp_text_input_v3_enable(input);
	zwp_text_input_v3_set_surrounding_text(input, "password", 8, 8);
	zwp_text_input_v3_commit(input);
}

static void
make_text_input(void)
{
	struct zwp_text_input_manager_v3 *manager = client_bind(&client,
		&zwp_text_input_manager_v3_interface);
	input = zwp_text_input_manager_v3_get_text_input(manager, client.seat);
	zwp_text_input_v3_add_listener(input, &input_listener, NULL);
	client.handle_focus = enable;
}

int
main(int argc, char *argv[])
{
	bool bare = false, text = false;
	for (int i = 1; i < argc; i++) {
		bare = bare || strcmp(argv[i], "bare") == 0;
		text = text || strcmp(argv[i], "text") == 0;
	}
	client_init(&client);
	wl_registry_add_listener(wl_display_get_registry(client.display),
		&registry_listener, NULL);
	client_settle(&client);
	if (text) {
		make_text_input();
	}
	struct ext_session_lock_manager_v1 *manager = client_bind(&client,
		&ext_session_lock_manager_v1_interface);
	struct ext_session_lock_v1 *lock =
		ext_session_lock_manager_v1_lock(manager);
	ext_session_lock_v1_add_listener(lock, &lock_listener, NULL);
	for (int i = 0; i < outputs_count && !bare; i++) {
		show(lock, outputs[i]);
	}
	client_stay(&client);
	return EXIT_SUCCESS;
}
