/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A front-end is one epoll descriptor over four others. The one that matters
 * for speed is the call eventfd: all queues share it, and it is watched
 * edge-triggered, so that it is never read. Each write to it is an edge, its
 * counter cannot overflow in the life of the universe, and a dispatch costs one
 * epoll_wait(2) that also says whether anything else happened.
 *
 * The main socket is silent while the device is well (frontend-message.c reads
 * the answers it asked for): whatever dispatch finds there is the end.
 *
 * Memory is one memfd, mapped by us and by the device: the rings, then the
 * caller's bytes. It is sealed against changes of size, so neither side can
 * pull pages away under the other.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontend-impl.h"
#include "util/fd.h"
#include "vhost-user/backend.h"

enum source {
	SOURCE_CALL,
	SOURCE_ERR,
	SOURCE_MAIN,
	SOURCE_BACKEND,
	SOURCE_COUNT,
};

static int
check_options(const struct vub_frontend_options *options)
{
	unsigned size = options->queue_size;
	if (options->num_queues == 0 || options->num_queues > VUB_QUEUES_MAX
			|| size == 0 || size > VUB_QUEUE_SIZE_MAX
			|| (size & (size - 1)) != 0
			|| options->memory_size > INT32_MAX) {
		return -EINVAL;
	}
	return 0;
}

static int
map_memory(struct vub_frontend *frontend)
{
	const struct vub_frontend_options *options = &frontend->options;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t rings = options->num_queues
		* vub_driver_queue_bytes(options->queue_size);

	frontend->caller_offset = (rings + page - 1) / page * page;
	size_t size = frontend->caller_offset + options->memory_size;
	size = (size + page - 1) / page * page;

	frontend->memory_fd = fd_memfd("vhost-user-memory", size,
		F_SEAL_SHRINK | F_SEAL_GROW);
	if (frontend->memory_fd < 0) {
		return frontend->memory_fd;
	}
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
		frontend->memory_fd, 0);
	if (memory == MAP_FAILED) {
		return -errno;
	}
	frontend->memory = memory;
	frontend->memory_bytes = size;
	return 0;
}

static int
init_queues(struct vub_frontend *frontend)
{
	unsigned count = frontend->options.num_queues;
	frontend->queues = calloc(count, sizeof(*frontend->queues));
	if (frontend->queues == NULL) {
		return -ENOMEM;
	}
	size_t bytes = vub_driver_queue_bytes(frontend->options.queue_size);
	for (unsigned i = 0; i < count; i++) {
		int r = vub_driver_queue_init(&frontend->queues[i], frontend,
			i * bytes);
		if (r < 0) {
			return r;
		}
	}
	return 0;
}

static int
watch(struct vub_frontend *frontend, int fd, uint32_t events,
	enum source source)
{
	struct epoll_event event = { .events = events, .data.u32 = source };
	if (fd < 0) {
		return 0;	/* no backend channel */
	}
	if (epoll_ctl(frontend->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
		return -errno;
	}
	return 0;
}

static int
watch_all(struct vub_frontend *frontend)
{
	int r;
	if ((r = watch(frontend, frontend->call_fd, EPOLLIN | EPOLLET,
				SOURCE_CALL)) < 0
			|| (r = watch(frontend, frontend->err_fd, EPOLLIN,
				SOURCE_ERR)) < 0
			|| (r = watch(frontend, frontend->sock, EPOLLIN,
				SOURCE_MAIN)) < 0) {
		return r;
	}
	return watch(frontend, frontend->backend_sock, EPOLLIN, SOURCE_BACKEND);
}

/* Everything that needs no answer from the device. */
static int
create(int take_fd, const struct vub_frontend_options *options,
	struct vub_frontend **ret)
{
	struct vub_frontend *frontend = calloc(1, sizeof(*frontend));
	if (frontend == NULL) {
		fd_close(&take_fd);
		return -ENOMEM;
	}
	frontend->options = *options;
	frontend->sock = fd_take(&take_fd);
	frontend->backend_sock = -1;
	frontend->memory_fd = -1;
	frontend->incoming.fd = -1;
	list_init(&frontend->maps);
	frontend->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	frontend->call_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	frontend->err_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	int r = 0;
	if (frontend->epoll_fd < 0 || frontend->call_fd < 0
			|| frontend->err_fd < 0) {
		r = -errno;
	}
	if (r == 0) {
		r = map_memory(frontend);
	}
	if (r < 0) {
		vub_frontend_destroy(frontend);
		return r;
	}
	*ret = frontend;
	return 0;
}

int
vub_frontend_connect_fd(int take_fd,
	const struct vub_frontend_options *options, struct vub_frontend **ret)
{
	int r = check_options(options);
	if (r < 0) {
		fd_close(&take_fd);
		return r;
	}
	struct vub_frontend *frontend;
	r = create(take_fd, options, &frontend);
	if (r < 0) {
		return r;
	}
	if ((r = vub_frontend_negotiate(frontend)) < 0
			|| (r = init_queues(frontend)) < 0
			|| (r = vub_frontend_start(frontend)) < 0
			|| (r = watch_all(frontend)) < 0) {
		vub_frontend_destroy(frontend);
		return r;
	}
	*ret = frontend;
	return 0;
}

int
vub_frontend_connect(const char *path,
	const struct vub_frontend_options *options, struct vub_frontend **ret)
{
	int sock = fd_connect(path);
	if (sock < 0) {
		return sock;
	}
	return vub_frontend_connect_fd(sock, options, ret);
}

void
vub_frontend_destroy(struct vub_frontend *frontend)
{
	if (frontend == NULL) {
		return;
	}
	vub_frontend_stop(frontend);
	if (frontend->queues != NULL) {
		for (unsigned i = 0; i < frontend->options.num_queues; i++) {
			vub_driver_queue_finish(&frontend->queues[i]);
		}
	}
	free(frontend->queues);
	vub_frontend_forget_maps(frontend);
	if (frontend->memory != NULL) {
		munmap(frontend->memory, frontend->memory_bytes);
	}
	fd_close(&frontend->incoming.fd);
	fd_close(&frontend->memory_fd);
	fd_close(&frontend->err_fd);
	fd_close(&frontend->call_fd);
	fd_close(&frontend->epoll_fd);
	fd_close(&frontend->backend_sock);
	fd_close(&frontend->sock);
	free(frontend);
}

int
vub_frontend_get_fd(struct vub_frontend *frontend)
{
	return frontend->epoll_fd;
}

static int
check_main(struct vub_frontend *frontend)
{
	uint8_t byte;
	ssize_t n = recv(frontend->sock, &byte, sizeof(byte), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		return 0;
	}
	return n > 0 ? -EPROTO : -ECONNRESET;
}

int
vub_frontend_dispatch(struct vub_frontend *frontend)
{
	if (frontend->status < 0) {
		return frontend->status;
	}
	struct epoll_event events[SOURCE_COUNT];
	int n = epoll_wait(frontend->epoll_fd, events, SOURCE_COUNT, 0);
	for (int i = 0; i < n && frontend->status == 0; i++) {
		switch ((enum source)events[i].data.u32) {
		case SOURCE_CALL:
			break;
		case SOURCE_ERR:
			frontend->status = -EPROTO;
			break;
		case SOURCE_MAIN:
			frontend->status = check_main(frontend);
			break;
		case SOURCE_BACKEND:
			frontend->status = vub_frontend_serve_backend(frontend);
			break;
		case SOURCE_COUNT:
			break;
		}
	}
	return frontend->status;
}

uint64_t
vub_frontend_features(const struct vub_frontend *frontend)
{
	return frontend->features & frontend->options.features;
}

uint64_t
vub_frontend_shmem_size(const struct vub_frontend *frontend, uint8_t shmid)
{
	return frontend->shmem_sizes[shmid];
}

void *
vub_frontend_memory(struct vub_frontend *frontend)
{
	return frontend->memory + frontend->caller_offset;
}

struct vub_driver_queue *
vub_frontend_queue(struct vub_frontend *frontend, unsigned index)
{
	return index < frontend->options.num_queues
		? &frontend->queues[index] : NULL;
}

int
vub_frontend_get_config(struct vub_frontend *frontend, uint32_t offset,
	void *dst, uint32_t len)
{
	struct {
		struct vub_wire_config config;
		uint8_t bytes[VUB_CONFIG_SIZE_MAX];
	} wire = { .config = { .offset = offset, .size = len } };

	if (!frontend_has(frontend, VUB_PROTOCOL_F_CONFIG)) {
		return -ENOTSUP;
	}
	if (len == 0 || len > sizeof(wire.bytes)) {
		return -EINVAL;
	}
	size_t size = sizeof(wire.config) + len;
	int r = vub_frontend_ask(frontend, VUB_GET_CONFIG, &wire, size, &wire,
		size);
	if (r < 0) {
		return r;
	}
	if (wire.config.offset != offset || wire.config.size != len) {
		return -EPROTO;
	}
	memcpy(dst, wire.bytes, len);
	return 0;
}
