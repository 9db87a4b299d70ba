/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A wl_shm pool costs the compositor a descriptor and a mapping, both of which
 * all clients share; a MIME type or a piece of a region costs it some bytes;
 * and every object of the protocol costs it a little, however often it is made.
 * None of this has a limit of its own in wlroots.
 *
 * Each MIME type that is added is compared with those that its source has, so their
 * number is limited for each source, too: it is the compositor's time that they
 * take. What regions and damage take of that is in pieces.c.
 *
 * libwayland tells of each request before it is carried out, with its arguments,
 * and of each object that is made. From the first comes how large a pool is going
 * to be, from the second what to wait for to count it out again. A pool stays as
 * long as one of its buffers does, and a buffer as long as it is shown, whatever
 * the client has destroyed.
 *
 * Objects are too many to follow each. What is counted is how many were made; once
 * that reaches the limit those that are left are counted, and if those are few it
 * begins again from there. So a limit can be missed by a sixteenth.
 *
 * A descriptor that is sent to a client (a keymap, the end of a pipe) is a copy, which
 * is here or in the kernel until the client takes it, and that need not be ever.
 * What has been taken is known when all has, so each time one is sent that is asked.
 *
 * To be past a limit ends the client: no request for memory can be refused in
 * another way.
 *
 * The limits are for each VM, and the descriptors are all VMs' together. When those
 * run short, the VM that has most of them loses a client, its youngest, until
 * there are enough: however many VMs conspire, one that has few keeps them.
 * That waits until the compositor is not in the middle of anything.
 */
#include "hold.h"

#include <limits.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_xdg_shell.h>

#include "relayed-text.h"

#define OBJECTS_SLACK 16	/* a limit's part of */
#define TYPE_BYTES 32		/* for each MIME type, beside its letters */
#define TYPES_MAX 1024		/* of one source */
#define CONFIGURES_MAX 1000	/* of one window, unanswered */
#define CLIENT_FDS 4		/* a VM's connection may be two of the library's */
#define RESERVE_FDS 1024u	/* for ourselves, and what comes in one turn */

struct watched_client {
	struct wl_list link;		/* wlbl_hold.clients */
	struct wlbl_hold *hold;
	struct wl_client *client;
	bool known;			/* once it has made something */
	struct wlbl_label *account;	/* then */
	unsigned unread;		/* descriptors sent, at most */
	struct wl_listener resource_created;
	struct wl_listener destroy;
};

/* Bytes that go with an object; a pool's go with its buffers, too. */
struct held {
	struct wlbl_hold *hold;
	struct wlbl_label *account;
	uint64_t bytes;
	unsigned types;			/* of a source */
	bool is_pool;
	unsigned refs;
	struct wl_listener destroy;	/* how an object finds it, too */
};

struct held_buffer {
	struct held *pool;
	struct wl_listener resource_destroy;
	struct wl_listener buffer_destroy;
};

struct wlbl_hold {
	struct wlbl *labels;
	struct wl_list clients;		/* watched_client.link */
	struct wl_listener client_created;
	struct wl_protocol_logger *logger;
	unsigned fds_max;		/* for all VMs */
	struct wl_event_source *shortage;	/* NULL: there is none */
	/* Of the request under way. */
	uint64_t pool_bytes;
	struct held *pool;
};

struct wlbl_label *
wlbl_account_of(struct wlbl *labels, const struct wl_client *client)
{
	/* The list's own: the public one is const. */
	struct wlbl_label *label =
		(struct wlbl_label *)wlbl_label_of(labels, client);
	return label == NULL ? labels->nameless
		: label == labels->local ? NULL : label;
}

void
wlbl_refuse(struct wlbl *labels, struct wlbl_label *account,
	struct wl_client *client, const char *what)
{
	wlbl_log(labels, "VM '%s' has too much of this: %s; a client of it is "
		"disconnected", account->name, what);
	wl_client_post_implementation_error(client,
		"too much of this: %s", what);
}

bool
wlbl_hold_change(struct wlbl *labels, struct wlbl_label *account,
	uint64_t before, uint64_t after)
{
	account->bytes = account->bytes - before + after;
	return after <= before || account->bytes <= labels->bytes_max;
}

static void
held_unref(struct held *held)
{
	held->refs--;
	if (held->refs > 0) {
		return;
	}
	wlbl_hold_change(held->hold->labels, held->account, held->bytes, 0);
	held->account->pools -= held->is_pool;
	free(held);
}

static void
handle_held_destroy(struct wl_listener *listener, void *data)
{
	struct held *held = wl_container_of(listener, held, destroy);
	(void)data;
	wl_list_remove(&held->destroy.link);
	held_unref(held);
}

static struct held *
held_of(struct wl_resource *resource)
{
	struct wl_listener *listener =
		wl_resource_get_destroy_listener(resource, handle_held_destroy);
	struct held *held;
	return listener == NULL ? NULL
		: wl_container_of(listener, held, destroy);
}

static unsigned
fds_of(const struct wlbl_label *account)
{
	return account->pools + account->unread
		+ CLIENT_FDS * account->clients;
}

/* Who has most descriptors, if all have too many; else NULL. */
static struct wlbl_label *
find_excess(struct wlbl_hold *hold)
{
	unsigned total = CLIENT_FDS * (unsigned)wl_list_length(&hold->clients);
	struct wlbl_label *most = hold->labels->nameless;
	struct wlbl_label *account;
	total += most->pools + most->unread;
	wl_list_for_each(account, &hold->labels->labels, link) {
		total += account->pools + account->unread;
		if (fds_of(account) > fds_of(most)) {
			most = account;
		}
	}
	return total > hold->fds_max ? most : NULL;
}

static void
look_for_shortage(struct wlbl_hold *hold);

static void
handle_shortage(void *data)
{
	struct wlbl_hold *hold = data;
	hold->shortage = NULL;
	const struct wlbl_label *most = find_excess(hold);
	struct watched_client *watched;
	wl_list_for_each(watched, &hold->clients, link) {
		if (most != NULL && watched->account == most) {
			wlbl_log(hold->labels, "VM '%s' has most of the "
				"descriptors, and others need some; a client "
				"of it is disconnected", most->name);
			wl_client_destroy(watched->client);
			look_for_shortage(hold);
			return;
		}
	}
}

/* There is a descriptor more, or a client less. */
static void
look_for_shortage(struct wlbl_hold *hold)
{
	if (hold->shortage == NULL && find_excess(hold) != NULL) {
		hold->shortage = wl_event_loop_add_idle(
			wl_display_get_event_loop(hold->labels->display),
			handle_shortage, hold);
	}
}

/* Whether there is memory to follow it. */
static bool
hold(struct watched_client *watched, struct wl_resource *resource,
	bool is_pool, uint64_t bytes)
{
	struct wlbl_hold *hold = watched->hold;
	struct held *held = calloc(1, sizeof(*held));
	if (held == NULL) {
		return false;
	}
	held->hold = hold;
	held->account = watched->account;
	held->bytes = bytes;
	held->is_pool = is_pool;
	held->refs = 1;
	held->destroy.notify = handle_held_destroy;
	wl_resource_add_destroy_listener(resource, &held->destroy);
	watched->account->pools += is_pool;
	look_for_shortage(hold);
	if (is_pool && watched->account->pools > hold->labels->pools_max) {
		wlbl_refuse(hold->labels, watched->account, watched->client,
			"pools of shared memory");
	}
	if (!wlbl_hold_change(hold->labels, watched->account, 0, bytes)) {
		wlbl_refuse(hold->labels, watched->account, watched->client,
			"buffer memory");
	}
	return true;
}

static void
held_grow(struct held *held, struct wl_client *client, uint64_t bytes)
{
	bool good = wlbl_hold_change(held->hold->labels, held->account,
		held->bytes, bytes);
	held->bytes = bytes;
	if (!good) {
		wlbl_refuse(held->hold->labels, held->account, client,
			"buffer memory");
	}
}

/* One MIME type more. */
static void
held_type(struct held *held, struct wl_client *client, const char *type)
{
	held->types++;
	if (held->types > TYPES_MAX) {
		wlbl_refuse(held->hold->labels, held->account, client,
			"MIME types of one selection");
	}
	held_grow(held, client, held->bytes + TYPE_BYTES + strlen(type));
}

static void
held_buffer_end(struct held_buffer *buffer)
{
	held_unref(buffer->pool);
	free(buffer);
}

static void
handle_buffer_destroy(struct wl_listener *listener, void *data)
{
	struct held_buffer *buffer =
		wl_container_of(listener, buffer, buffer_destroy);
	(void)data;
	wl_list_remove(&buffer->buffer_destroy.link);
	held_buffer_end(buffer);
}

/* The client has done with it; but is it still shown? */
static void
handle_buffer_resource_destroy(struct wl_listener *listener, void *data)
{
	struct held_buffer *buffer =
		wl_container_of(listener, buffer, resource_destroy);
	wl_list_remove(&buffer->resource_destroy.link);
	struct wlr_buffer *shown = wlr_buffer_try_from_resource(data);
	if (shown != NULL && shown->n_locks > 1) {
		buffer->buffer_destroy.notify = handle_buffer_destroy;
		wl_signal_add(&shown->events.destroy, &buffer->buffer_destroy);
	} else {
		held_buffer_end(buffer);
	}
	wlr_buffer_unlock(shown);
}

static bool
hold_buffer(struct held *pool, struct wl_resource *resource)
{
	struct held_buffer *buffer = calloc(1, sizeof(*buffer));
	if (buffer == NULL) {
		return false;
	}
	pool->refs++;
	buffer->pool = pool;
	buffer->resource_destroy.notify = handle_buffer_resource_destroy;
	wl_resource_add_destroy_listener(resource, &buffer->resource_destroy);
	return true;
}

static enum wl_iterator_result
count_object(struct wl_resource *resource, void *data)
{
	unsigned *count = data;
	(void)resource;
	*count += 1;
	return WL_ITERATOR_CONTINUE;
}

static void
count_objects(struct watched_client *watched)
{
	struct wlbl_label *account = watched->account;
	const unsigned max = watched->hold->labels->objects_max;
	account->objects++;
	if (account->objects <= max) {
		return;
	}
	account->objects = 0;
	struct watched_client *other;
	wl_list_for_each(other, &watched->hold->clients, link) {
		if (other->account == account) {
			wl_client_for_each_resource(other->client,
				count_object, &account->objects);
		}
	}
	if (account->objects > max - max / OBJECTS_SLACK) {
		wlbl_refuse(watched->hold->labels, account, watched->client,
			"objects");
	}
}

static void
handle_resource_created(struct wl_listener *listener, void *data)
{
	struct watched_client *watched =
		wl_container_of(listener, watched, resource_created);
	struct wlbl_hold *self = watched->hold;
	struct wl_resource *resource = data;
	if (!watched->known) {
		if (wlbl_client_remember(self->labels, watched->client) < 0) {
			wl_client_post_no_memory(watched->client);
			return;
		}
		watched->account = wlbl_account_of(self->labels,
			watched->client);
		watched->known = true;
	}
	if (watched->account == NULL) {
		return;
	}
	count_objects(watched);
	const char *class = wl_resource_get_class(resource);
	bool followed = true;
	if (strcmp(class, "wl_shm_pool") == 0) {
		followed = hold(watched, resource, true, self->pool_bytes);
	} else if (strcmp(class, "wl_buffer") == 0 && self->pool != NULL) {
		followed = hold_buffer(self->pool, resource);
	} else if (strcmp(class, "wl_region") == 0
			|| strcmp(class, "wl_data_source") == 0
			|| strcmp(class, "zwp_text_input_v3") == 0
			|| strcmp(class, "zwp_input_method_v2") == 0
			|| strcmp(class, "zwp_primary_selection_source_v1")
				== 0) {
		followed = hold(watched, resource, false, 0);
	}
	if (!followed) {
		wl_client_post_no_memory(watched->client);
	}
}

static void
handle_create_pool(struct wlbl_hold *hold, const union wl_argument *args)
{
	/* id, fd, size */
	hold->pool_bytes = args[2].i > 0 ? (uint64_t)args[2].i : 0;
}

static void
handle_create_buffer(struct wlbl_hold *hold, struct wl_client *client,
	struct held *pool, const union wl_argument *args)
{
	/* id, offset, width, height, stride, format */
	hold->pool = pool;
	const int max = (int)hold->labels->side_max;
	if (args[2].i > max || args[3].i > max) {
		wlbl_refuse(hold->labels, pool->account, client,
			"width or height of a buffer");
	}
}

/* Of text inputs and input methods: wlroots keeps what is as long as a message. */
static bool
has_text(const char *request)
{
	return strcmp(request, "set_surrounding_text") == 0
		|| strcmp(request, "set_preedit_string") == 0
		|| strcmp(request, "commit_string") == 0;
}

static void
handle_region(struct held *held, struct wl_resource *resource)
{
	struct wl_client *client = wl_resource_get_client(resource);
	const pixman_region32_t *region = wlr_region_from_resource(resource);
	if (!wlbl_region_may_grow(region)) {
		wlbl_refuse(held->hold->labels, held->account, client,
			"pieces of a region");
	}
	/* As it is now; at most twice that with this request. */
	held_grow(held, client, 2 * wlbl_region_bytes(region));
}

/* A request of an object that holds something. */
static void
handle_held_request(struct wlbl_hold *hold, struct held *held,
	const struct wl_protocol_logger_message *message)
{
	struct wl_client *client = wl_resource_get_client(message->resource);
	const char *name = message->message->name;
	const union wl_argument *args = message->arguments;
	if (held->is_pool && strcmp(name, "create_buffer") == 0) {
		handle_create_buffer(hold, client, held, args);
	} else if (held->is_pool && strcmp(name, "resize") == 0) {
		if (args[0].i > 0 && (uint64_t)args[0].i > held->bytes) {
			held_grow(held, client, (uint64_t)args[0].i);
		}
	} else if (strcmp(name, "offer") == 0) {
		held_type(held, client, args[0].s);
	} else if (strcmp(name, "add") == 0 || strcmp(name, "subtract") == 0) {
		handle_region(held, message->resource);
	} else if (has_text(name) && strlen(args[0].s) > WLBL_RELAYED_MAX) {
		wlbl_refuse(hold->labels, held->account, client,
			"letters of text at once");
	}
}

static void
handle_surface_request(const struct wl_protocol_logger_message *message)
{
	const char *name = message->message->name;
	struct wlr_surface *surface =
		wlr_surface_from_resource(message->resource);
	if (strcmp(name, "set_opaque_region") == 0
			|| strcmp(name, "set_input_region") == 0) {
		struct wl_object *region = message->arguments[0].o;
		wlbl_surface_region(surface, region == NULL ? NULL
			: wlr_region_from_resource(
				(struct wl_resource *)region));
	} else {
		wlbl_damage_fit(surface, name);
	}
}

/* Each request to change a window is answered; answers can be left unread. */
static void
handle_configure(struct wlbl_hold *hold, struct wl_resource *resource)
{
	struct wl_client *client = wl_resource_get_client(resource);
	struct wlr_xdg_surface *surface =
		wlr_xdg_surface_from_resource(resource);
	struct wlbl_label *account = wlbl_account_of(hold->labels, client);
	if (surface != NULL && account != NULL
			&& wl_list_length(&surface->configure_list)
				> CONFIGURES_MAX) {
		wlbl_refuse(hold->labels, account, client,
			"unanswered changes of a window");
	}
}

static void handle_client_destroy(struct wl_listener *listener, void *data);

/* Whether all that was sent to it has been read. */
static bool
has_read_all(struct wl_client *client)
{
	const int fd = wl_client_get_fd(client);
	wl_client_flush(client);
	int bytes;
	if (ioctl(fd, SIOCOUTQ, &bytes) == 0) {
		return bytes == 0;
	}
	/* Not a socket: another VM's connection, whose device counts, too. */
	struct pollfd poller = { .fd = fd, .events = POLLOUT };
	return poll(&poller, 1, 0) == 1 && (poller.revents & POLLOUT);
}

static void
look_what_is_read(struct watched_client *watched)
{
	if (watched->unread > 0 && has_read_all(watched->client)) {
		watched->account->unread -= watched->unread;
		watched->unread = 0;
	}
}

/* About to be sent to a client. */
static void
handle_descriptor(struct wlbl_hold *hold, struct wl_client *client)
{
	struct wl_listener *listener = wl_client_get_destroy_listener(client,
		handle_client_destroy);
	struct watched_client *watched;
	if (listener == NULL) {
		return;
	}
	watched = wl_container_of(listener, watched, destroy);
	struct wlbl_label *account = watched->account;
	if (account == NULL) {
		return;
	}
	look_what_is_read(watched);
	watched->unread++;
	account->unread++;
	look_for_shortage(hold);
	if (account->pools + account->unread <= hold->labels->pools_max) {
		return;
	}
	struct watched_client *other;
	wl_list_for_each(other, &hold->clients, link) {
		if (other->account == account) {
			look_what_is_read(other);
		}
	}
	if (account->pools + account->unread > hold->labels->pools_max) {
		wlbl_refuse(hold->labels, account, client,
			"descriptors that it does not take");
	}
}

static void
handle_event(struct wlbl_hold *hold,
	const struct wl_protocol_logger_message *message)
{
	if (strchr(message->message->signature, 'h') != NULL) {
		handle_descriptor(hold,
			wl_resource_get_client(message->resource));
	} else if (strcmp(wl_resource_get_class(message->resource),
			"xdg_surface") == 0) {
		handle_configure(hold, message->resource);
	}
}

static void
handle_message(void *data, enum wl_protocol_logger_type type,
	const struct wl_protocol_logger_message *message)
{
	struct wlbl_hold *hold = data;
	const char *class = wl_resource_get_class(message->resource);
	if (type == WL_PROTOCOL_LOGGER_EVENT) {
		handle_event(hold, message);
		return;
	}
	wlbl_popup_request(message);
	hold->pool = NULL;
	if (strcmp(class, "wl_shm") == 0) {
		if (strcmp(message->message->name, "create_pool") == 0) {
			handle_create_pool(hold, message->arguments);
		}
		return;
	}
	if (strcmp(class, "wl_surface") == 0) {
		handle_surface_request(message);
		return;
	}
	struct held *held = held_of(message->resource);
	if (held != NULL) {
		handle_held_request(hold, held, message);
	}
}

static void
watched_end(struct watched_client *watched)
{
	if (watched->account != NULL) {
		watched->account->unread -= watched->unread;
	}
	wl_list_remove(&watched->resource_created.link);
	wl_list_remove(&watched->destroy.link);
	wl_list_remove(&watched->link);
	free(watched);
}

static void
handle_client_destroy(struct wl_listener *listener, void *data)
{
	struct watched_client *watched =
		wl_container_of(listener, watched, destroy);
	(void)data;
	watched_end(watched);
}

static void
handle_client_created(struct wl_listener *listener, void *data)
{
	struct wlbl_hold *hold =
		wl_container_of(listener, hold, client_created);
	struct wl_client *client = data;
	struct watched_client *watched = calloc(1, sizeof(*watched));
	if (watched == NULL) {
		wl_client_post_no_memory(client);
		return;
	}
	watched->hold = hold;
	watched->client = client;
	watched->resource_created.notify = handle_resource_created;
	wl_client_add_resource_created_listener(client,
		&watched->resource_created);
	watched->destroy.notify = handle_client_destroy;
	wl_client_add_destroy_listener(client, &watched->destroy);
	wl_list_insert(&hold->clients, &watched->link);
}

struct wlbl_hold *
wlbl_hold_create(struct wlbl *labels)
{
	struct wlbl_hold *hold = calloc(1, sizeof(*hold));
	if (hold == NULL) {
		return NULL;
	}
	hold->labels = labels;
	struct rlimit fds;
	if (getrlimit(RLIMIT_NOFILE, &fds) < 0 || fds.rlim_cur > UINT_MAX) {
		fds.rlim_cur = UINT_MAX;
	}
	hold->fds_max = (unsigned)fds.rlim_cur;
	hold->fds_max -= hold->fds_max / 4 < RESERVE_FDS
		? hold->fds_max / 4 : RESERVE_FDS;
	hold->logger = wl_display_add_protocol_logger(labels->display,
		handle_message, hold);
	if (hold->logger == NULL) {
		free(hold);
		return NULL;
	}
	wl_list_init(&hold->clients);
	hold->client_created.notify = handle_client_created;
	wl_display_add_client_created_listener(labels->display,
		&hold->client_created);
	return hold;
}

void
wlbl_hold_destroy(struct wlbl_hold *hold)
{
	if (hold == NULL) {
		return;
	}
	struct watched_client *watched, *tmp;
	wl_list_for_each_safe(watched, tmp, &hold->clients, link) {
		watched_end(watched);
	}
	wl_list_remove(&hold->client_created.link);
	wl_protocol_logger_destroy(hold->logger);
	if (hold->shortage != NULL) {
		wl_event_source_remove(hold->shortage);
	}
	free(hold);
}
