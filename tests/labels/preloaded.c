/* SPDX-License-Identifier: MIT */
#include "preloaded.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/must.h"

static struct wl_event_loop *loop;
static int lines = -1;
static int answers = -1;
static struct wl_event_source *source;
static struct wl_listener backend_destroy;
static void (*on_line)(const char *line);
static void (*on_end)(void);

/* One line at a time is all that is ever written. */
static int
handle_readable(int fd, uint32_t mask, void *data)
{
	char line[128];
	(void)mask;
	(void)data;
	ssize_t len = read(fd, line, sizeof(line) - 1);
	must(len > 0);
	line[len] = '\0';
	on_line(line);
	must(write(answers, "done\n", 5) == 5);
	return 0;
}

static void
handle_backend_destroy(struct wl_listener *listener, void *data)
{
	(void)data;
	wl_list_remove(&listener->link);
	wl_event_source_remove(source);
	on_end();
	close(lines);
	close(answers);
}

void
preloaded_find(const char *name, void *ret_function)
{
	void *symbol = dlsym(RTLD_NEXT, name);
	must(symbol != NULL);
	memcpy(ret_function, &symbol, sizeof(symbol));
}

INTERPOSED struct wlr_backend *
wlr_backend_autocreate(struct wl_event_loop *of, struct wlr_session **session)
{
	struct wlr_backend *(*real)(struct wl_event_loop *,
		struct wlr_session **);
	preloaded_find(__func__, &real);
	loop = of;
	return real(of, session);
}

void
preloaded_listen(const char *variable, struct wlr_backend *backend,
	void (*handle_line)(const char *line), void (*handle_end)(void))
{
	const char *path = getenv(variable);
	char done[256];
	must(path != NULL);
	snprintf(done, sizeof(done), "%s.done", path);
	/* For both, so that neither waits for the other end. */
	lines = open(path, O_RDWR | O_CLOEXEC);
	answers = open(done, O_RDWR | O_CLOEXEC);
	must(lines >= 0 && answers >= 0);
	on_line = handle_line;
	on_end = handle_end;
	source = wl_event_loop_add_fd(loop, lines, WL_EVENT_READABLE,
		handle_readable, NULL);
	backend_destroy.notify = handle_backend_destroy;
	wl_signal_add(&backend->events.destroy, &backend_destroy);
}
