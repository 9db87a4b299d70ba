/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * The backend channel, on which the device asks and we answer. Nothing here
 * waits: a message is gathered over as many turns as it takes, then acted on.
 * Its one descriptor rides beside the header, so the header is received alone;
 * a longer read could bring the descriptor of the message after it.
 *
 * SHMEM_MAP is judged as QEMU 11 judges it (inside the region, free of other
 * maps, inside the file, the file writable: QEMU maps nothing read-only) and
 * more strictly where QEMU leaves nonsense to the back-end (page multiples,
 * unknown flags). A refused request is answered 1 and costs nothing else.
 * Broken framing is the end of the session.
 *
 * CONFIG_CHANGE has nothing to say here; its answer is what a device uses as
 * proof that every request before it is through.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontend-impl.h"
#include "util/fd.h"

/* Requests served in one turn, so that a talkative device cannot hold us. */
#define REQUESTS_PER_TURN 64

struct frontend_map {
	struct list link;
	struct vub_shmem_map map;
};

void
vub_frontend_forget_maps(struct vub_frontend *frontend)
{
	struct frontend_map *map, *tmp;
	list_for_each_safe(map, tmp, &frontend->maps, link) {
		list_remove(&map->link);
		free(map);
	}
}

static int
decode_map(const struct frontend_incoming *in, struct vub_shmem_map *ret)
{
	struct vub_wire_shmem_map wire;
	if (in->header.size != sizeof(wire)) {
		return -EPROTO;
	}
	memcpy(&wire, in->payload, sizeof(wire));
	if ((wire.flags & ~VUB_WIRE_SHMEM_WRITABLE) != 0) {
		return -EINVAL;
	}
	*ret = (struct vub_shmem_map){
		.shmid = wire.shmid,
		.writable = wire.flags & VUB_WIRE_SHMEM_WRITABLE,
		.fd_offset = wire.fd_offset,
		.shm_offset = wire.shm_offset,
		.len = wire.len,
	};
	return 0;
}

static bool
is_aligned(const struct vub_shmem_map *map)
{
	return ((map->fd_offset | map->shm_offset | map->len)
		% FRONTEND_PAGE) == 0;
}

static int
check_range(const struct vub_frontend *frontend,
	const struct vub_shmem_map *map)
{
	uint64_t region_size = frontend->shmem_sizes[map->shmid];
	if (map->len == 0 || !is_aligned(map) || map->len > region_size
			|| map->shm_offset > region_size - map->len) {
		return -EINVAL;
	}
	struct frontend_map *other;
	list_for_each(other, &frontend->maps, link) {
		const struct vub_shmem_map *o = &other->map;
		/* Neither sum overflows: both ranges lie in the region. */
		if (o->shmid == map->shmid
				&& o->shm_offset < map->shm_offset + map->len
				&& map->shm_offset < o->shm_offset + o->len) {
			return -EEXIST;
		}
	}
	return 0;
}

static int
check_file(const struct vub_shmem_map *map, int fd)
{
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		return -EBADF;
	}
	uint64_t size = (uint64_t)st.st_size;
	if (map->len > size || map->fd_offset > size - map->len) {
		return -EINVAL;
	}
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || (flags & O_ACCMODE) != O_RDWR) {
		return -EACCES;
	}
	int seals = fcntl(fd, F_GET_SEALS);	/* -1 on a plain file: none */
	if (seals >= 0 && (seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)) != 0) {
		return -EACCES;
	}
	return 0;
}

static int
handle_map(struct vub_frontend *frontend, const struct frontend_incoming *in)
{
	struct vub_shmem_map map;
	int r;
	if ((r = decode_map(in, &map)) < 0
			|| (r = check_range(frontend, &map)) < 0
			|| (r = check_file(&map, in->fd)) < 0) {
		return r;
	}
	struct frontend_map *entry = calloc(1, sizeof(*entry));
	if (entry == NULL) {
		return -ENOMEM;
	}
	entry->map = map;
	r = frontend->options.shmem_map(frontend->options.data, &map, in->fd);
	if (r < 0) {
		free(entry);
		return r;
	}
	list_append(&frontend->maps, &entry->link);
	return 0;
}

static int
handle_unmap(struct vub_frontend *frontend, const struct frontend_incoming *in)
{
	struct vub_shmem_map wanted;
	int r = decode_map(in, &wanted);
	if (r < 0) {
		return r;
	}
	struct frontend_map *entry;
	list_for_each(entry, &frontend->maps, link) {
		struct vub_shmem_map map = entry->map;
		if (map.shmid == wanted.shmid
				&& map.shm_offset == wanted.shm_offset
				&& map.len == wanted.len) {
			list_remove(&entry->link);
			free(entry);
			if (frontend->options.shmem_unmap != NULL) {
				frontend->options.shmem_unmap(
					frontend->options.data, &map);
			}
			return 0;
		}
	}
	return -ENOENT;
}

/* -EPROTO is the device's framing gone wrong; any other is a refusal. */
static int
handle_request(struct vub_frontend *frontend,
	const struct frontend_incoming *in)
{
	bool has_shmem = frontend_has(frontend, VUB_PROTOCOL_F_SHMEM);
	switch (in->header.request) {
	case VUB_BACKEND_CONFIG_CHANGE:
		return in->header.size == 0 ? 0 : -EPROTO;
	case VUB_BACKEND_SHMEM_MAP:
		return has_shmem ? handle_map(frontend, in) : -ENOTSUP;
	case VUB_BACKEND_SHMEM_UNMAP:
		return has_shmem ? handle_unmap(frontend, in) : -ENOTSUP;
	default:
		return -ENOTSUP;
	}
}

static int
answer(struct vub_frontend *frontend, uint32_t request, bool ok)
{
	struct {
		struct vub_wire_header header;
		uint32_t result[2];	/* a u64, where none is aligned */
	} wire = {
		.header = {
			.request = request,
			.flags = VUB_WIRE_VERSION | VUB_WIRE_F_REPLY,
			.size = sizeof(wire.result),
		},
	};
	uint64_t result = ok ? 0 : 1;
	memcpy(wire.result, &result, sizeof(result));
	struct iovec iov = { &wire, sizeof(wire) };
	ssize_t n = fd_sendmsg(frontend->backend_sock, &iov, 1, NULL, 0);
	/* A device that lets thousands of answers lie does not listen. */
	return n == (ssize_t)sizeof(wire) ? 0
		: n == -EPIPE || n == -ECONNRESET ? -ECONNRESET : -EPROTO;
}

static int
finish_message(struct vub_frontend *frontend)
{
	struct frontend_incoming *in = &frontend->incoming;
	int r = handle_request(frontend, in);
	fd_close(&in->fd);
	in->got = 0;
	if (r == -EPROTO) {
		return r;
	}
	if ((in->header.flags & VUB_WIRE_F_NEED_REPLY) != 0) {
		return answer(frontend, in->header.request, r == 0);
	}
	return 0;
}

/* Bytes the message has in all, as far as we can know. */
static size_t
message_size(const struct frontend_incoming *in)
{
	return in->got < sizeof(in->header) ? sizeof(in->header)
		: sizeof(in->header) + in->header.size;
}

static int
check_header(const struct vub_wire_header *header)
{
	bool ok = (header->flags & ~VUB_WIRE_F_NEED_REPLY) == VUB_WIRE_VERSION
		&& header->size <= FRONTEND_BACKEND_MAX;
	return ok ? 0 : -EPROTO;
}

/* 1 when a message is complete, 0 when more must come, -errno. */
static int
gather(struct vub_frontend *frontend)
{
	struct frontend_incoming *in = &frontend->incoming;
	while (in->got < message_size(in)) {
		bool in_header = in->got < sizeof(in->header);
		struct iovec iov = {
			in->bytes + in->got,
			message_size(in) - in->got,
		};
		size_t fd_count = 0;
		ssize_t n = fd_recvmsg(frontend->backend_sock, &iov, 1, &in->fd,
			in->fd < 0 ? 1 : 0, &fd_count);
		if (n <= 0) {
			return n == -EAGAIN ? 0 : n == 0 ? -ECONNRESET
				: n == -EMSGSIZE ? -EPROTO : (int)n;
		}
		in->got += (size_t)n;
		if (in_header && in->got == sizeof(in->header)
				&& check_header(&in->header) < 0) {
			return -EPROTO;
		}
	}
	return 1;
}

int
vub_frontend_serve_backend(struct vub_frontend *frontend)
{
	for (unsigned i = 0; i < REQUESTS_PER_TURN; i++) {
		int r = gather(frontend);
		if (r <= 0) {
			return r;
		}
		r = finish_message(frontend);
		if (r < 0) {
			return r;
		}
	}
	return 0;
}
