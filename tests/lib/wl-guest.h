/* SPDX-License-Identifier: MIT */
/*
 * wl-guest.h - a driver for virtio-wl that sends whatever it is told to
 *
 * Over the vhost-user front-end, so rings and memory are honest, and every byte
 * of a command is the test's. Messages of the in queue are kept in their order.
 * Everything waits at most WL_GUEST_PATIENCE_MS.
 */
#ifndef TESTS_WL_GUEST_H
#define TESTS_WL_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vhost-user/frontend.h>

#include "util/list.h"
#include "virtio-wl.h"

#define WL_GUEST_PATIENCE_MS	10000

/* Everything this device type may have; and what crosvm's drivers know. */
#define WL_FEATURE(bit)		(UINT64_C(1) << (bit))
#define WL_FEATURES_BASE	(WL_FEATURE(VIRTIO_WL_F_TRANS_FLAGS) \
				| WL_FEATURE(VIRTIO_WL_F_USE_SHMEM))
#define WL_FEATURES_FULL	(WL_FEATURES_BASE | UINT64_C(0x7f0000))

#define WL_GUEST_IN_BUFFERS	64
#define WL_GUEST_ANSWER_MAX	256

struct wl_message {
	struct list link;
	uint32_t type;
	uint32_t len;		/* bytes, as the used ring said */
	uint8_t bytes[];	/* and zeros up to a struct virtio_wl_wire_new */
};

struct wl_guest {
	struct vub_frontend *frontend;
	uint32_t in_bytes;	/* of each in buffer */
	bool keeps_buffers;	/* true: in buffers are not given back */
	struct list messages;	/* wl_message.link */
	struct list free_slots;	/* out commands that may be used */
	struct wl_slot *slots;
	unsigned maps;		/* live, as the device made them */
};

/* Connect to a device process, with the @features bits it also offers. */
void
wl_guest_connect(struct wl_guest *guest, const char *path, uint64_t features);

/* The same with in buffers of @in_bytes bytes instead of 4096. */
void
wl_guest_connect_sized(struct wl_guest *guest, const char *path,
	uint64_t features, uint32_t in_bytes);

/* Twice is fine, so a test's teardown can make sure. */
void
wl_guest_disconnect(struct wl_guest *guest);

/*
 * Send @size bytes as a command and wait for the answer. @answer_room: bytes of
 * the element that the device may write, at most WL_GUEST_ANSWER_MAX.
 * Return: how many it wrote into @answer.
 */
size_t
wl_guest_command(struct wl_guest *guest, const void *bytes, size_t size,
	void *answer, size_t answer_room);

/* The same without waiting; the answer is dropped. False: no room. */
bool
wl_guest_post(struct wl_guest *guest, const void *bytes, size_t size);

/* Wait until everything posted was answered. */
void
wl_guest_settle(struct wl_guest *guest);

/* The next message from the device, waiting for it; free() it. */
struct wl_message *
wl_guest_receive(struct wl_guest *guest);

/* The next message if it is here already, else NULL. */
struct wl_message *
wl_guest_poll(struct wl_guest *guest);

/* Receive one message and check its type. */
struct wl_message *
wl_guest_expect(struct wl_guest *guest, uint32_t type);

/* The device still does its work: memory is made and closed. */
void
wl_guest_check(struct wl_guest *guest);

/*
 * Honest commands. Each returns the type of the answer.
 */

/* Any VFD_NEW*; @name and @ret may be NULL. */
uint32_t
wl_guest_new(struct wl_guest *guest, uint32_t type, uint32_t id, uint32_t flags,
	uint32_t size, const char *name, struct virtio_wl_wire_new *ret);

uint32_t
wl_guest_close(struct wl_guest *guest, uint32_t id);

uint32_t
wl_guest_send(struct wl_guest *guest, uint32_t id, const uint32_t *vfds,
	uint32_t vfd_count, const void *data, size_t len);

uint32_t
wl_guest_credit(struct wl_guest *guest, uint32_t id, uint32_t credit);

uint32_t
wl_guest_shutdown(struct wl_guest *guest, uint32_t id, uint32_t how);

/* Of a VFD_RECV: its data, and the ids before it. */
const uint8_t *
wl_message_data(const struct wl_message *message, size_t *ret_len);

uint32_t
wl_message_vfd(const struct wl_message *message, unsigned index);

uint32_t
wl_message_vfd_count(const struct wl_message *message);

/* The VFD a message is about. */
uint32_t
wl_message_id(const struct wl_message *message);

#endif
