/* SPDX-License-Identifier: MIT */
#include "wl-guest.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"

#define SLOT_COUNT	64
#define SLOT_BYTES	0x12000		/* a SEND as large as may be, and more */
#define QUEUE_SIZE	256

struct wl_slot {
	struct list link;	/* wl_guest.free_slots */
	size_t offset;		/* of command, then answer, in memory */
	bool answered;
	bool waited_for;
	uint32_t written;
};

static int
handle_map(void *data, const struct vub_shmem_map *map, int fd)
{
	struct wl_guest *guest = data;
	must(fd >= 0 && map->len % 4096 == 0);
	guest->maps++;
	return 0;
}

static void
handle_unmap(void *data, const struct vub_shmem_map *map)
{
	struct wl_guest *guest = data;
	(void)map;
	guest->maps--;
}

static struct vub_driver_queue *
in_queue(struct wl_guest *guest)
{
	return vub_frontend_queue(guest->frontend, VIRTIO_WL_QUEUE_IN);
}

static struct vub_driver_queue *
out_queue(struct wl_guest *guest)
{
	return vub_frontend_queue(guest->frontend, VIRTIO_WL_QUEUE_OUT);
}

static void
give_in_buffer(struct wl_guest *guest, size_t number)
{
	struct vub_span in = { number * guest->in_bytes, guest->in_bytes };
	must(vub_driver_add(in_queue(guest), NULL, 0, &in, 1,
		(void *)(number + 1)) == 0);
}

void
wl_guest_connect(struct wl_guest *guest, const char *path, uint64_t features)
{
	wl_guest_connect_sized(guest, path, features, VIRTIO_WL_IN_BUFFER_MIN);
}

void
wl_guest_connect_sized(struct wl_guest *guest, const char *path,
	uint64_t features, uint32_t in_bytes)
{
	memset(guest, 0, sizeof(*guest));
	guest->in_bytes = in_bytes;
	size_t slots_at = (size_t)WL_GUEST_IN_BUFFERS * in_bytes;
	list_init(&guest->messages);
	list_init(&guest->free_slots);
	struct vub_frontend_options options = {
		.features = features,
		.num_queues = VIRTIO_WL_QUEUE_COUNT,
		.queue_size = QUEUE_SIZE,
		.memory_size = slots_at + SLOT_COUNT * SLOT_BYTES,
		.timeout_ms = WL_GUEST_PATIENCE_MS,
		.shmem_map = handle_map,
		.shmem_unmap = handle_unmap,
		.data = guest,
	};
	int r = vub_frontend_connect(path, &options, &guest->frontend);
	if (r < 0) {
		fprintf(stderr, "connect: %s\n", strerror(-r));
		abort();
	}
	guest->slots = calloc(SLOT_COUNT, sizeof(*guest->slots));
	for (size_t i = 0; i < SLOT_COUNT; i++) {
		guest->slots[i].offset = slots_at + i * SLOT_BYTES;
		list_append(&guest->free_slots, &guest->slots[i].link);
	}
	for (size_t i = 0; i < WL_GUEST_IN_BUFFERS; i++) {
		give_in_buffer(guest, i);
	}
	vub_driver_kick(in_queue(guest));
}

void
wl_guest_disconnect(struct wl_guest *guest)
{
	if (guest->frontend == NULL) {
		return;
	}
	vub_frontend_destroy(guest->frontend);
	guest->frontend = NULL;
	struct wl_message *message, *tmp;
	list_for_each_safe(message, tmp, &guest->messages, link) {
		free(message);
	}
	free(guest->slots);
}

static void
take_in(struct wl_guest *guest)
{
	uint8_t *memory = vub_frontend_memory(guest->frontend);
	void *cookie;
	uint32_t len;
	int r;
	while ((r = vub_driver_take(in_queue(guest), &cookie, &len)) == 1) {
		size_t number = (size_t)cookie - 1;
		struct wl_message *message = calloc(1, sizeof(*message) + len
			+ sizeof(struct virtio_wl_wire_new));
		must(message != NULL && len >= sizeof(uint32_t));
		memcpy(message->bytes, memory + number * guest->in_bytes, len);
		message->len = len;
		memcpy(&message->type, message->bytes, sizeof(message->type));
		message->type = le32toh(message->type);
		list_append(&guest->messages, &message->link);
		if (!guest->keeps_buffers) {
			give_in_buffer(guest, number);
		}
	}
	must(r == 0);
	vub_driver_kick(in_queue(guest));
}

static void
take_out(struct wl_guest *guest)
{
	void *cookie;
	uint32_t len;
	int r;
	while ((r = vub_driver_take(out_queue(guest), &cookie, &len)) == 1) {
		struct wl_slot *slot = cookie;
		slot->answered = true;
		slot->written = len;
		if (!slot->waited_for) {
			list_append(&guest->free_slots, &slot->link);
		}
	}
	must(r == 0);
}

static void
serve(struct wl_guest *guest)
{
	must(vub_frontend_dispatch(guest->frontend) == 0);
	take_in(guest);
	take_out(guest);
}

static void
wait_and_serve(struct wl_guest *guest)
{
	struct pollfd pollfd = {
		.fd = vub_frontend_get_fd(guest->frontend),
		.events = POLLIN,
	};
	must(poll(&pollfd, 1, WL_GUEST_PATIENCE_MS) == 1);
	serve(guest);
}

static struct wl_slot *
submit(struct wl_guest *guest, const void *bytes, size_t size,
	size_t answer_room, bool waited_for)
{
	must(size + answer_room <= SLOT_BYTES);
	must(answer_room <= WL_GUEST_ANSWER_MAX);
	if (list_empty(&guest->free_slots)) {
		return NULL;
	}
	struct wl_slot *slot = list_first(&guest->free_slots, struct wl_slot,
		link);
	list_remove(&slot->link);
	slot->answered = false;
	slot->waited_for = waited_for;
	uint8_t *memory = vub_frontend_memory(guest->frontend);
	memcpy(memory + slot->offset, bytes, size);
	struct vub_span out = { slot->offset, (uint32_t)size };
	struct vub_span in = { slot->offset + size, (uint32_t)answer_room };
	must(vub_driver_add(out_queue(guest), &out, size > 0 ? 1 : 0, &in,
		answer_room > 0 ? 1 : 0, slot) == 0);
	vub_driver_kick(out_queue(guest));
	return slot;
}

size_t
wl_guest_command(struct wl_guest *guest, const void *bytes, size_t size,
	void *answer, size_t answer_room)
{
	struct wl_slot *slot = submit(guest, bytes, size, answer_room, true);
	must(slot != NULL);
	take_out(guest);
	while (!slot->answered) {
		wait_and_serve(guest);
	}
	uint8_t *memory = vub_frontend_memory(guest->frontend);
	memcpy(answer, memory + slot->offset + size, slot->written);
	list_append(&guest->free_slots, &slot->link);
	return slot->written;
}

bool
wl_guest_post(struct wl_guest *guest, const void *bytes, size_t size)
{
	return submit(guest, bytes, size, WL_GUEST_ANSWER_MAX, false) != NULL;
}

void
wl_guest_settle(struct wl_guest *guest)
{
	for (;;) {
		unsigned free_count = 0;
		struct list *link;
		for (link = guest->free_slots.next; link != &guest->free_slots;
				link = link->next) {
			free_count++;
		}
		if (free_count == SLOT_COUNT) {
			return;
		}
		wait_and_serve(guest);
	}
}

struct wl_message *
wl_guest_poll(struct wl_guest *guest)
{
	serve(guest);
	if (list_empty(&guest->messages)) {
		return NULL;
	}
	struct wl_message *message = list_first(&guest->messages,
		struct wl_message, link);
	list_remove(&message->link);
	return message;
}

struct wl_message *
wl_guest_receive(struct wl_guest *guest)
{
	struct wl_message *message;
	while ((message = wl_guest_poll(guest)) == NULL) {
		wait_and_serve(guest);
	}
	return message;
}

struct wl_message *
wl_guest_expect(struct wl_guest *guest, uint32_t type)
{
	struct wl_message *message = wl_guest_receive(guest);
	if (message->type != type) {
		fprintf(stderr, "expected message %#x, got %#x\n", type,
			message->type);
		abort();
	}
	return message;
}

void
wl_guest_check(struct wl_guest *guest)
{
	must(wl_guest_new(guest, VIRTIO_WL_CMD_VFD_NEW, 0x7ff, 0, 4096, NULL,
		NULL) == VIRTIO_WL_RESP_VFD_NEW);
	must(wl_guest_close(guest, 0x7ff) == VIRTIO_WL_RESP_OK);
}

/* Send @command; the type of its answer. */
static uint32_t
ask(struct wl_guest *guest, const void *command, size_t size, void *answer,
	size_t answer_room)
{
	uint32_t buffer[WL_GUEST_ANSWER_MAX / 4];
	size_t written = wl_guest_command(guest, command, size, buffer,
		sizeof(buffer));
	must(written >= sizeof(uint32_t));
	if (answer != NULL) {
		memset(answer, 0, answer_room);
		memcpy(answer, buffer,
			written < answer_room ? written : answer_room);
	}
	return le32toh(buffer[0]);
}

uint32_t
wl_guest_new(struct wl_guest *guest, uint32_t type, uint32_t id, uint32_t flags,
	uint32_t size, const char *name, struct virtio_wl_wire_new *ret)
{
	struct virtio_wl_wire_new wire = {
		.hdr.type = htole32(type),
		.vfd_id = htole32(id),
		.flags = htole32(flags),
		.size = htole32(size),
	};
	if (name != NULL) {
		memcpy(wire.name, name, strnlen(name, sizeof(wire.name)));
	}
	return ask(guest, &wire, sizeof(wire), ret,
		ret != NULL ? sizeof(*ret) : 0);
}

uint32_t
wl_guest_close(struct wl_guest *guest, uint32_t id)
{
	struct virtio_wl_wire_vfd wire = {
		.hdr.type = htole32(VIRTIO_WL_CMD_VFD_CLOSE),
		.vfd_id = htole32(id),
	};
	return ask(guest, &wire, sizeof(wire), NULL, 0);
}

uint32_t
wl_guest_send(struct wl_guest *guest, uint32_t id, const uint32_t *vfds,
	uint32_t vfd_count, const void *data, size_t len)
{
	struct virtio_wl_wire_msg wire = {
		.hdr.type = htole32(VIRTIO_WL_CMD_VFD_SEND),
		.vfd_id = htole32(id),
		.vfd_count = htole32(vfd_count),
	};
	static uint8_t bytes[SLOT_BYTES - WL_GUEST_ANSWER_MAX];
	size_t size = sizeof(wire) + vfd_count * sizeof(uint32_t) + len;
	must(size <= sizeof(bytes));
	memcpy(bytes, &wire, sizeof(wire));
	for (uint32_t i = 0; i < vfd_count; i++) {
		uint32_t vfd = htole32(vfds[i]);
		memcpy(bytes + sizeof(wire) + i * sizeof(vfd), &vfd,
			sizeof(vfd));
	}
	if (len > 0) {
		memcpy(bytes + size - len, data, len);
	}
	return ask(guest, bytes, size, NULL, 0);
}

uint32_t
wl_guest_credit(struct wl_guest *guest, uint32_t id, uint32_t credit)
{
	struct virtio_wl_wire_credit wire = {
		.hdr.type = htole32(VIRTIO_WL_CMD_VFD_CREDIT),
		.vfd_id = htole32(id),
		.credit = htole32(credit),
	};
	return ask(guest, &wire, sizeof(wire), NULL, 0);
}

uint32_t
wl_guest_shutdown(struct wl_guest *guest, uint32_t id, uint32_t how)
{
	struct virtio_wl_wire_shutdown wire = {
		.hdr.type = htole32(VIRTIO_WL_CMD_VFD_SHUTDOWN),
		.vfd_id = htole32(id),
		.how = htole32(how),
	};
	return ask(guest, &wire, sizeof(wire), NULL, 0);
}

static uint32_t
word(const struct wl_message *message, size_t offset)
{
	uint32_t value;
	must(offset + sizeof(value) <= message->len);
	memcpy(&value, message->bytes + offset, sizeof(value));
	return le32toh(value);
}

uint32_t
wl_message_id(const struct wl_message *message)
{
	return word(message, offsetof(struct virtio_wl_wire_msg, vfd_id));
}

uint32_t
wl_message_vfd_count(const struct wl_message *message)
{
	uint32_t count = word(message,
		offsetof(struct virtio_wl_wire_msg, vfd_count));
	must(count <= VIRTIO_WL_VFDS_MAX);
	return count;
}

uint32_t
wl_message_vfd(const struct wl_message *message, unsigned index)
{
	must(index < wl_message_vfd_count(message));
	return word(message, sizeof(struct virtio_wl_wire_msg)
		+ index * sizeof(uint32_t));
}

const uint8_t *
wl_message_data(const struct wl_message *message, size_t *ret_len)
{
	size_t head = sizeof(struct virtio_wl_wire_msg)
		+ wl_message_vfd_count(message) * sizeof(uint32_t);
	must(head <= message->len);
	*ret_len = message->len - head;
	return message->bytes + head;
}
