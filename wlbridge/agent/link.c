/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Each turn reads once from an end that is ready, feeds it, and flushes both
 * ends: what one read brought leaves in as few writes as may be. An end is not
 * read while the other's queue is full, so a peer that does not read holds up
 * its own other half and nobody else, and no queue grows past one read. What
 * an end says may also be answered on the way; one that asks on and on and
 * hears nothing of it is not read until it does.
 *
 * A hang-up is level-triggered and would spin an end that must not be read
 * now. Such an end leaves the loop and is read from the deferred callback once
 * there is room again; a closed socket still gives up what it had received.
 *
 * An end whose writes fail is deaf: it may still have said why it left, so it
 * is read to the end. The link is over when both directions are; without
 * half_close, when either is and what it brought has been passed on.
 */
#include "link.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <virtio_wl.h>

#define READ_BYTES (64 * 1024)

/* One thread, one read at a time: the same room serves every link. */
static uint8_t read_bytes[READ_BYTES];

static struct wlb_link_end *
other_end(struct wlb_link_end *end)
{
	return &end->link->ends[end == &end->link->ends[0]];
}

static bool
may_read(struct wlb_link_end *end)
{
	return !end->eof && !wlb_queue_is_full(&other_end(end)->out)
		&& end->out.len < WLB_QUEUE_UNHEARD_BYTES;
}

static void
mark_deaf(struct wlb_link_end *end)
{
	end->deaf = true;
	wlb_queue_clear(&end->out);
}

static void
flush_end(struct wlb_link_end *end)
{
	struct wlb_batch batch;
	while (wlb_queue_front(&end->out, &batch)) {
		if (end->deaf) {
			wlb_queue_clear(&end->out);
			return;
		}
		union {
			struct cmsghdr header;
			char bytes[CMSG_SPACE(sizeof(batch.fds))];
		} control = { 0 };
		struct iovec iov = {
			.iov_base = (void *)batch.bytes,
			.iov_len = batch.len,
		};
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
		if (batch.fd_count > 0) {
			size_t size = batch.fd_count * sizeof(int);
			control.header.cmsg_level = SOL_SOCKET;
			control.header.cmsg_type = SCM_RIGHTS;
			control.header.cmsg_len = CMSG_LEN(size);
			memcpy(CMSG_DATA(&control.header), batch.fds, size);
			msg.msg_control = &control;
			msg.msg_controllen = CMSG_SPACE(size);
		}
		ssize_t n = vwl_sendmsg(end->fd, &msg,
			MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0 && errno != EAGAIN) {
			mark_deaf(end);
		}
		if (n < 0) {
			return;
		}
		wlb_queue_sent(&end->out, (size_t)n, batch.fd_count);
	}
}

/* Pass on the end of a direction, after its data. */
static void
shut_drained(struct wlb_link_end *end)
{
	if (other_end(end)->eof && end->out.len == 0 && !end->shut
			&& !end->deaf) {
		end->shut = true;
		vwl_shutdown(end->fd, SHUT_WR);
	}
}

static bool
is_over(struct wlb_link *link)
{
	struct wlb_link_end *ends = link->ends;
	bool done[2];
	for (int i = 0; i < 2; i++) {
		/* What end i sent has all been passed on, or cannot be. */
		done[i] = (ends[i].eof && ends[!i].out.len == 0);
	}
	if (done[0] && done[1]) {
		return true;
	}
	if (!link->half_close) {
		return done[0] || done[1];
	}
	/* Closed both ways: there is nobody to send the rest to. */
	return (done[0] && ends[0].hung_up) || (done[1] && ends[1].hung_up);
}

static void
watch_end(struct wlb_link_end *end)
{
	uint32_t events = 0;
	if (may_read(end)) {
		events |= EPOLLIN;
	}
	if (end->out.len > 0) {
		events |= EPOLLOUT;
	}
	if (end->hung_up && end->source != NULL) {
		loop_clear(&end->source);
	}
	if (end->source != NULL) {
		loop_set_events(end->source, events);
	} else if (may_read(end)) {
		loop_defer(end->link->work);
	}
}

/* After any reading or writing. May end the link: touch nothing after it. */
static void
settle(struct wlb_link *link, int error)
{
	for (int i = 0; i < 2; i++) {
		flush_end(&link->ends[i]);
	}
	if (error == 0 && link->half_close) {
		shut_drained(&link->ends[0]);
		shut_drained(&link->ends[1]);
	}
	if (error != 0 || is_over(link)) {
		link->ops->closed(link->data);
		return;
	}
	for (int i = 0; i < 2; i++) {
		watch_end(&link->ends[i]);
	}
}

static size_t
collect_fds(struct msghdr *msg, int fds[WLB_QUEUE_BATCH])
{
	size_t count = 0;
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg); cmsg != NULL;
			cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET
				|| cmsg->cmsg_type != SCM_RIGHTS) {
			continue;
		}
		size_t size = cmsg->cmsg_len - CMSG_LEN(0);
		assert(count + size / sizeof(int) <= WLB_QUEUE_BATCH);
		memcpy(fds + count, CMSG_DATA(cmsg), size);
		count += size / sizeof(int);
	}
	return count;
}

/* Read once and feed it. Return: 0, or why the link has to be cut. */
static int
read_end(struct wlb_link_end *end)
{
	int fds[WLB_QUEUE_BATCH];
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(fds))];
	} control;
	struct iovec iov = {
		.iov_base = read_bytes,
		.iov_len = sizeof(read_bytes),
	};
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = vwl_recvmsg(end->fd, &msg,
		MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		/* Hung up and nothing left: that is the end of the stream. */
		end->eof = end->hung_up && errno == EAGAIN;
		return 0;
	}
	if (n < 0) {
		/* Gone with our bytes unread; nothing more comes either way. */
		mark_deaf(end);
		end->hung_up = true;
	}
	if (n <= 0) {
		end->eof = true;
		return 0;
	}
	size_t fd_count = collect_fds(&msg, fds);
	if ((msg.msg_flags & MSG_CTRUNC) != 0) {
		/* More than either library sends; the count is lost. */
		for (size_t i = 0; i < fd_count; i++) {
			vwl_close(fds[i]);
		}
		return -EMSGSIZE;
	}
	struct wlb_link *link = end->link;
	return link->ops->feed(link->data, (unsigned)(end - link->ends),
		read_bytes, (size_t)n, fds, fd_count);
}

static void
handle_end(void *data, uint32_t revents)
{
	struct wlb_link_end *end = data;
	if ((revents & (EPOLLHUP | EPOLLERR)) != 0) {
		end->hung_up = true;
	}
	int error = 0;
	if ((revents & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0
			&& may_read(end)) {
		error = read_end(end);
	}
	settle(end->link, error);
}

static void
handle_work(void *data)
{
	struct wlb_link *link = data;
	int error = 0;
	for (int i = 0; i < 2 && error == 0; i++) {
		struct wlb_link_end *end = &link->ends[i];
		if (end->source == NULL && may_read(end)) {
			error = read_end(end);
		}
	}
	settle(link, error);
}

int
wlb_link_init(struct wlb_link *link, struct loop *loop,
	const int take_fds[2], bool half_close,
	const struct wlb_link_ops *ops, void *data)
{
	*link = (struct wlb_link){
		.loop = loop,
		.half_close = half_close,
		.ops = ops,
		.data = data,
	};
	for (int i = 0; i < 2; i++) {
		link->ends[i].link = link;
		link->ends[i].fd = take_fds[i];
		wlb_queue_init(&link->ends[i].out, vwl_close);
	}
	int r = loop_add_deferred(loop, handle_work, link, &link->work);
	for (int i = 0; i < 2 && r == 0; i++) {
		r = loop_add_fd(loop, link->ends[i].fd, EPOLLIN, handle_end,
			&link->ends[i], &link->ends[i].source);
	}
	if (r < 0) {
		wlb_link_finish(link);
	}
	return r;
}

void
wlb_link_finish(struct wlb_link *link)
{
	for (int i = 0; i < 2; i++) {
		struct wlb_link_end *end = &link->ends[i];
		loop_clear(&end->source);
		wlb_queue_finish(&end->out);
		if (end->fd >= 0) {
			vwl_close(end->fd);
			end->fd = -1;
		}
	}
	loop_clear(&link->work);
}
