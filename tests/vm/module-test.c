/* SPDX-License-Identifier: MIT */
/*
 * module-test: virtio_wl.ko from a program's side, told as TAP
 *
 * Theory of operation: the guest talks to itself. Its device is started with
 * one socket under two names, `--accept loop=SOCK --connect SOCK`, so what this
 * program connects, it accepts; both ends of everything are at hand and no
 * program on the host has to play along. Whatever a test waits for is an event:
 * the end of a stream, poll(2), a child's exit; signals come from alarm(2).
 *
 * module-test           all that a guest can do alone, and then unbind, bind
 * module-test stopped   the device process does not answer
 * module-test killed    the device process is gone
 *
 * The latter two say "# stop", "# continue", "# kill" and then read a line,
 * which whoever runs the guest writes when that is done to the device process.
 */
#include "module-test.h"

/*
 * The tests
 */

static void
test_node(void)
{
	struct virtwl_ioctl_info info = { 0 };
	struct virtwl_ioctl_new new = { .type = 77, .fd = -1 };
	uint32_t oldest[4] = { VIRTWL_IOCTL_NEW_ALLOC, 0, 0, PAGE };
	int fd;

	check(ioctl(node, VIRTWL_IOCTL_INFO, &info) == 0
			&& (info.features >> VIRTIO_WL_F_TRUE_FLAGS & 0x7f)
				== 0x7f,
		"every feature is negotiated");
	check(ioctl(node, VIRTWL_IOCTL_NEW, &new) < 0 && errno == EINVAL,
		"an unknown type of VFD is EINVAL");
	check(vfd_new(VIRTWL_IOCTL_NEW_DMABUF, NULL, 0) < 0 && errno == ENOTTY,
		"a dma-buf is ENOTTY, as programs of old expect");
	check(vfd_new(VIRTWL_IOCTL_NEW_CTX_NAMED, "nobody", 0) < 0
			&& errno == ENOENT,
		"a name the host does not know is ENOENT");
	check(vfd_new(VIRTWL_IOCTL_NEW_ALLOC, NULL, 0) < 0 && errno == EINVAL,
		"memory of no size is EINVAL");
	check(ioctl(node, _IOWR('w', 0, oldest), oldest) == 0,
		"the oldest form of NEW works");
	fd = (int)oldest[1];
	check(fd > 0 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0,
		"a VFD is close-on-exec");
	close(fd);
}

static void
test_listener(void)
{
	struct virtwl_ioctl_peer peer;
	char record[128];
	uint32_t count = 1;
	int ends[2];

	listener = vfd_new(VIRTWL_IOCTL_NEW_LISTENER, "loop", 0);
	must(listener >= 0, "a listener is made");
	check((vfd_flags(listener) & VIRTIO_WL_VFD_LISTEN) != 0,
		"it says that it is one");
	check(vfd_new(VIRTWL_IOCTL_NEW_LISTENER, "loop", 0) < 0
			&& errno == EADDRINUSE,
		"a second one for the same peer is EADDRINUSE");
	for (int i = 0; i < 200 && listener >= 0; i++) {
		close(listener);
		listener = vfd_new(VIRTWL_IOCTL_NEW_LISTENER, "loop", 0);
	}
	must(listener >= 0, "a name is free as soon as its listener is closed");
	check(poll_now(listener, POLLIN) == 0, "nobody waits");

	ends[0] = vfd_new(VIRTWL_IOCTL_NEW_CTX, NULL, 0);
	must(ends[0] >= 0, "a connection is made");
	check((poll_for(listener, POLLIN) & POLLIN) != 0,
		"the listener becomes readable");
	check(vfd_recv(listener, record, sizeof(record), &ends[1], &count, NULL)
			== sizeof(record) && count == 1,
		"a connection comes with a record of its peer");
	check(vfd_flags(ends[1]) == (VIRTIO_WL_VFD_SOCKET | VIRTIO_WL_VFD_READ
			| VIRTIO_WL_VFD_WRITE),
		"it can send, receive and pass VFDs");
	check(ioctl(ends[1], VIRTWL_IOCTL_PEER, &peer) == 0
			&& memcmp(peer.name, record, sizeof(peer.name)) == 0,
		"the peer can be asked for again");
	close_pair(ends);
}

static void
test_bytes(void)
{
	char buf[64];
	int ends[2];
	uint32_t flags;

	make_pair(ends);
	check(poll_now(ends[1], POLLIN | POLLOUT) == POLLOUT,
		"a new connection is writable and not readable");
	flags = VIRTWL_MSG_DONTWAIT;
	check(vfd_recv(ends[1], buf, sizeof(buf), NULL, NULL, &flags) < 0
			&& errno == EAGAIN,
		"DONTWAIT is EAGAIN where nothing is");
	check(write(ends[0], "hello", 5) == 5, "write takes bytes");
	check((poll_for(ends[1], POLLIN) & POLLIN) != 0, "they arrive");
	flags = VIRTWL_MSG_PEEK;
	check(vfd_recv(ends[1], buf, sizeof(buf), NULL, NULL, &flags) == 5,
		"PEEK shows them");
	check(read(ends[1], buf, 2) == 2 && memcmp(buf, "he", 2) == 0
			&& read(ends[1], buf, sizeof(buf)) == 3
			&& memcmp(buf, "llo", 3) == 0,
		"read takes them in parts");
	check(lseek(ends[0], 0, SEEK_CUR) < 0 && errno == ESPIPE,
		"a connection does not seek");
	close_pair(ends);
}

static bool
edge_comes(int epoll_fd)
{
	struct epoll_event event;

	return epoll_wait(epoll_fd, &event, 1, 20000) == 1;
}

static void
test_edges(void)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int ends[2], epoll_fd = epoll_create1(EPOLL_CLOEXEC);

	make_pair(ends);
	check(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, ends[1], &event) == 0
			&& write(ends[0], "a", 1) == 1 && edge_comes(epoll_fd)
			&& write(ends[0], "b", 1) == 1 && edge_comes(epoll_fd),
		"each arrival is an edge, also where something lies unread");
	close(epoll_fd);
	close_pair(ends);
}

static void
test_message_borders(void)
{
	int ends[2], pipes[2], got[4] = { -1, -1, -1, -1 };
	uint32_t count = 4, flags = 0;
	char buf[64];

	make_pair(ends);
	pipes[0] = vfd_new(VIRTWL_IOCTL_NEW_PIPE_WRITE, NULL, 0);
	pipes[1] = vfd_new(VIRTWL_IOCTL_NEW_PIPE_WRITE, NULL, 0);
	check(vfd_send(ends[0], "ab", 2, NULL, 0, 0) == 2
			&& vfd_send(ends[0], "cd", 2, &pipes[0], 1, 0) == 2
			&& vfd_send(ends[0], "ef", 2, NULL, 0, 0) == 2
			&& vfd_send(ends[0], "gh", 2, &pipes[1], 1, 0) == 2
			&& vfd_shutdown(ends[0], VIRTIO_WL_SHUT_SEND) == 0,
		"four messages go out, two with a VFD");
	check((poll_for(ends[1], POLLRDHUP) & POLLRDHUP) != 0,
		"the end of the stream is seen");
	check(vfd_recv(ends[1], buf, sizeof(buf), got, &count, &flags) == 4
			&& memcmp(buf, "abcd", 4) == 0 && count == 1
			&& flags == 0,
		"a recv gathers up to and with the first VFD");
	check(vfd_recv(ends[1], buf, 1, NULL, NULL, NULL) == 1 && *buf == 'e',
		"the rest is kept");
	count = 0;
	flags = 0;
	check(vfd_recv(ends[1], buf, 2, got, &count, &flags) == 2
			&& memcmp(buf, "fg", 2) == 0 && count == 0
			&& flags == VIRTWL_MSG_CTRUNC,
		"VFDs without room are closed, and that is said");
	check((poll_for(pipes[1], POLLERR) & POLLERR) != 0,
		"closed means that the other end sees it");
	check(read(ends[1], buf, sizeof(buf)) == 1 && *buf == 'h'
			&& read(ends[1], buf, sizeof(buf)) == 0
			&& read(ends[1], buf, sizeof(buf)) == 0,
		"the end comes after the last byte, and stays");
	check(write(ends[1], "back", 4) == 4
			&& read(ends[0], buf, sizeof(buf)) == 4,
		"the other direction is still open");
	close(got[0]);
	close(pipes[0]);
	close(pipes[1]);
	close_pair(ends);
}

static void
test_refusals(void)
{
	struct virtwl_ioctl_txn txn;
	int ends[2], file = open("/proc/self/exe", O_RDONLY), closed = 1000;
	int memory = vfd_new(VIRTWL_IOCTL_NEW_ALLOC, NULL, PAGE);
	char byte;

	make_pair(ends);
	check(vfd_send(ends[0], "x", 1, &file, 1, 0) < 0 && errno == EINVAL,
		"what is no VFD cannot be sent");
	check(vfd_send(ends[0], "x", 1, &closed, 1, 0) < 0 && errno == EBADF,
		"nor what is not open");
	memset(txn.fds, 0xff, sizeof(txn.fds));
	txn.fds[0] = closed;
	txn.len = 0;
	check(ioctl(ends[0], VIRTWL_IOCTL_SEND, &txn) < 0 && errno == EBADFD,
		"which was EBADFD of old");
	check(vfd_send(ends[0], "x", 1, NULL, 29, 0) < 0 && errno == EINVAL,
		"29 descriptors are too many");
	check(vfd_send(memory, "x", 1, NULL, 0, 0) < 0 && errno == EBADF
			&& vfd_recv(memory, &byte, 1, NULL, NULL, NULL) < 0
			&& errno == EBADF,
		"memory neither sends nor receives");
	check(vfd_send(ends[0], (void *)8, 1, NULL, 0, 0) < 0
			&& errno == EFAULT
			&& write(ends[0], "y", 1) == 1
			&& read(ends[1], &byte, 1) == 1 && byte == 'y',
		"a bad address is EFAULT and harms nothing");
	close(file);
	close(memory);
	close_pair(ends);
}

static void
test_historic(void)
{
	struct {
		struct virtwl_ioctl_txn txn;
		char data[16];
	} out = { 0 }, in = { 0 };
	int ends[2];

	make_pair(ends);
	memset(out.txn.fds, 0xff, sizeof(out.txn.fds));
	out.txn.fds[0] = vfd_new(VIRTWL_IOCTL_NEW_ALLOC, NULL, PAGE);
	out.txn.len = 5;
	memcpy(out.txn.data, "hello", 5);
	check(ioctl(ends[0], VIRTWL_IOCTL_SEND, &out) == 0, "SEND is 0");
	in.txn.len = sizeof(in.data);
	check(ioctl(ends[1], VIRTWL_IOCTL_RECV, &in) == 0 && in.txn.len == 5
			&& memcmp(in.txn.data, "hello", 5) == 0
			&& in.txn.fds[0] >= 0 && in.txn.fds[1] == -1,
		"RECV brings bytes and VFDs");
	close(in.txn.fds[0]);
	close(out.txn.fds[0]);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	in.txn.len = sizeof(in.data);
	check(ioctl(ends[1], VIRTWL_IOCTL_RECV, &in) < 0 && errno == EAGAIN,
		"O_NONBLOCK is honoured");
	close_pair(ends);
}

static void
test_back_pressure(void)
{
	static char junk[65536];
	size_t sent = 0, got = 0;
	ssize_t n;
	int ends[2];

	make_pair(ends);
	while ((n = vfd_send(ends[0], junk, sizeof(junk), NULL, 0,
			VIRTWL_MSG_DONTWAIT)) > 0) {
		sent += n;
		/* Credit comes while the host's socket still takes bytes. */
		if (n < (ssize_t)sizeof(junk)
				&& sent > 16 * VIRTIO_WL_WINDOW) {
			break;
		}
	}
	check(n < 0 && errno == EAGAIN && sent >= VIRTIO_WL_WINDOW,
		"a reader that does not read stops the sender");
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	while (got < sent && poll_for(ends[1], POLLIN) == POLLIN) {
		n = read(ends[1], junk, sizeof(junk));
		if (n > 0) {
			got += n;
		}
	}
	check(got >= sent, "everything sent arrives");
	check((poll_for(ends[0], POLLOUT) & POLLOUT) != 0,
		"the sender becomes writable again");
	close_pair(ends);
}

static void
test_ends(void)
{
	char byte;
	int ends[2];

	make_pair(ends);
	check(write(ends[0], "z", 1) == 1, "a byte goes out");
	close(ends[0]);
	check((poll_for(ends[1], POLLHUP) & POLLHUP) != 0,
		"closing hangs the other end up");
	check(read(ends[1], &byte, 1) == 1 && read(ends[1], &byte, 1) == 0,
		"the byte before it still arrives");
	catch_signal(SIGPIPE);
	signals = 0;
	check(write(ends[1], "x", 1) < 0 && errno == EPIPE && signals == 1,
		"writing is EPIPE, with SIGPIPE");
	check(vfd_send(ends[1], "x", 1, NULL, 0, 0) < 0 && errno == EPIPE
			&& signals == 1,
		"the ioctl leaves the signal to the library");
	close(ends[1]);
}

static void
test_signals(void)
{
	char byte;
	int ends[2];

	make_pair(ends);
	catch_signal(SIGALRM);
	signals = 0;
	alarm(1);
	check(read(ends[1], &byte, 1) < 0 && errno == EINTR && signals == 1,
		"a signal interrupts a read");
	close_pair(ends);
}

static void
test_pipes(void)
{
	int ends[2], ours, theirs;
	struct stat st;
	char buf[8];

	make_pair(ends);
	ours = vfd_new(VIRTWL_IOCTL_NEW_PIPE_WRITE, NULL, 0);
	theirs = pass(ends, ours);
	check(theirs >= 0 && vfd_flags(theirs) == VIRTIO_WL_VFD_READ,
		"the receiver of a pipe gets the other end");
	check(fstat(ours, &st) == 0 && S_ISFIFO(st.st_mode),
		"a pipe looks like one");
	check(read(ours, buf, 1) < 0 && errno == EBADF
			&& write(theirs, "x", 1) < 0 && errno == EBADF,
		"each end has one direction");
	check(write(ours, "data", 4) == 4
			&& read(theirs, buf, sizeof(buf)) == 4,
		"bytes go through it");
	close(ours);
	check(read(theirs, buf, sizeof(buf)) == 0, "and its end");
	close(theirs);

	ours = vfd_new(VIRTWL_IOCTL_NEW_PIPE_READ, NULL, 0);
	theirs = pass(ends, ours);
	check(theirs >= 0 && write(theirs, "data", 4) == 4
			&& read(ours, buf, sizeof(buf)) == 4,
		"the other way round as well");
	close(ours);
	check((poll_for(theirs, POLLERR) & POLLERR) != 0,
		"a pipe without reader is an error for the writer");
	close(theirs);
	close_pair(ends);
}

static void
test_socketpair(void)
{
	int ends[2], pair[2], pipe_end, got;

	make_pair(ends);
	pair[0] = vfd_new(VIRTWL_IOCTL_NEW_SOCKETPAIR, NULL, 0);
	pair[1] = pass(ends, pair[0]);
	check(pair[1] >= 0 && (vfd_flags(pair[1]) & VIRTIO_WL_VFD_SOCKET) != 0,
		"half of a socket pair can be sent");
	pipe_end = vfd_new(VIRTWL_IOCTL_NEW_PIPE_READ, NULL, 0);
	got = pass(pair, pipe_end);
	check(got >= 0, "VFDs pass through it");
	close(got);
	close(pipe_end);
	close_pair(pair);
	close_pair(ends);
}

static void
test_memory(void)
{
	int ends[2], memory, other, scm[2];
	char *a, *b, *private, *place;
	struct stat st;
	char buf[8];

	make_pair(ends);
	memory = vfd_new(VIRTWL_IOCTL_NEW_ALLOC, NULL, 16 * PAGE - 7);
	must(memory >= 0, "memory is made");
	check(fstat(memory, &st) == 0 && S_ISREG(st.st_mode)
			&& st.st_size == 16 * PAGE
			&& lseek(memory, 0, SEEK_END) == 16 * PAGE,
		"its size is known, in whole pages");
	check(ftruncate(memory, 0) < 0 && errno == EPERM,
		"it cannot be truncated");
	a = map(memory, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	must(a != MAP_FAILED, "it can be mapped");
	check(a[0] == 0 && a[16 * PAGE - 1] == 0, "it begins as zeros");

	other = pass(ends, memory);
	b = map(other, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	must(b != MAP_FAILED, "it can be mapped where it arrives");
	strcpy(a + 2 * PAGE, "same pages");
	check(strcmp(b + 2 * PAGE, "same pages") == 0,
		"both see the same pages");
	/*
	 * To a place of our choice: Linux (seen: 6.12, 7.2) does not extend
	 * in place what has no struct page, and says ENOMEM where it might.
	 */
	place = mmap(NULL, 17 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		-1, 0);
	b = mremap(b, 4 * PAGE, 17 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		place);
	check(b == place && strcmp(b + 2 * PAGE, "same pages") == 0
			&& b[15 * PAGE] == 0,
		"mremap grows a mapping");
	check(b != MAP_FAILED && is_fault(b + 16 * PAGE)
			&& !is_fault(b + 15 * PAGE),
		"beyond the size there is SIGBUS");
	munmap(b, 17 * PAGE);

	b = map(other, PAGE, PROT_READ, MAP_SHARED, 2 * PAGE);
	check(b != MAP_FAILED && strcmp(b, "same pages") == 0,
		"a mapping's offset is honoured");
	check(map(other, 2 * PAGE, PROT_READ, MAP_SHARED, 15 * PAGE)
			== MAP_FAILED && errno == EINVAL,
		"mapping more than there is is EINVAL");
	private = map(other, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0);
	check(private != MAP_FAILED
			&& strcmp(private + 2 * PAGE, "same pages") == 0,
		"a private mapping sees the content");
	strcpy(private + 2 * PAGE, "mine");
	check(strcmp(a + 2 * PAGE, "same pages") == 0
			&& strcmp(private + 2 * PAGE, "mine") == 0,
		"and keeps to itself what is written to it");
	munmap(private, 4 * PAGE);
	check(pread(other, buf, 4, 2 * PAGE) == 4 && memcmp(buf, "same", 4) == 0
			&& pwrite(other, "SAME", 4, 2 * PAGE) == 4
			&& memcmp(a + 2 * PAGE, "SAME", 4) == 0,
		"it can be read and written like a file");
	check(write(ends[0], a + 2 * PAGE, 4) == 4
			&& read(ends[1], a + 3 * PAGE, 4) == 4
			&& memcmp(a + 3 * PAGE, "SAME", 4) == 0,
		"mapped pages can be sent from and received into");
	check(fallocate(memory, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			2 * PAGE, PAGE) == 0
			&& a[2 * PAGE] == 0
			&& memcmp(a + 3 * PAGE, "SAME", 4) == 0,
		"trimmed pages are zeros, others are not");
	check(fallocate(memory, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			1, PAGE) < 0 && errno == EINVAL
			&& fallocate(memory, 0, 0, 64 * PAGE) < 0
			&& errno == EOPNOTSUPP,
		"half pages and growth are refused");
	close(other);
	check(strcmp(b, "") == 0, "a mapping outlives its descriptor");
	munmap(b, PAGE);

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, scm) == 0, "a Unix socket");
	union {
		struct cmsghdr hdr;
		char space[CMSG_SPACE(sizeof(int))];
	} control = {
		.hdr = {
			.cmsg_len = CMSG_LEN(sizeof(int)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
		},
	};
	struct iovec iov = { buf, 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	memcpy(CMSG_DATA(&control.hdr), &memory, sizeof(int));
	check(sendmsg(scm[0], &msg, 0) == 1
			&& recvmsg(scm[1], &msg, MSG_CMSG_CLOEXEC) == 1,
		"SCM_RIGHTS takes a VFD");
	memcpy(&other, CMSG_DATA(&control.hdr), sizeof(int));
	close(memory);
	check(pread(other, buf, 4, 3 * PAGE) == 4 && memcmp(buf, "SAME", 4) == 0,
		"and brings it to another process");
	close(other);
	close_pair(scm);
	munmap(a, 16 * PAGE);
	close_pair(ends);
}

static void
test_snapshot(void)
{
	int ends[2], snapshot, got;
	struct stat st;
	char *p;

	make_pair(ends);
	snapshot = vfd_new(VIRTWL_IOCTL_NEW_SNAPSHOT, NULL, 10);
	must(snapshot >= 0, "a snapshot is made");
	check(write(snapshot, "keyma", 5) == 5 && pass(ends, snapshot) < 0,
		"it cannot be sent before it is full");
	check(write(snapshot, "p-data", 6) < 0, "it cannot hold more than that");
	check(write(snapshot, "p-dat", 5) == 5, "its rest is appended");
	got = pass(ends, snapshot);
	check(got >= 0 && vfd_flags(got) == (VIRTIO_WL_VFD_MAP
			| VIRTIO_WL_VFD_COPY | VIRTIO_WL_VFD_READ),
		"it arrives as a copy");
	check(fstat(got, &st) == 0 && st.st_size == 10,
		"of exactly its size");
	check(map(got, 10, PROT_READ | PROT_WRITE, MAP_SHARED, 0) == MAP_FAILED
			&& errno == EACCES,
		"which nobody can write to");
	p = map(got, 10, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0);
	check(p != MAP_FAILED && memcmp(p, "keymap-dat", 10) == 0,
		"a private mapping works");
	p[0] = 'K';
	check(p[0] == 'K', "and can be written");
	munmap(p, 10);
	close(got);
	close(snapshot);
	close_pair(ends);
}

static void
test_bulk(void)
{
	pid_t children[4];
	bool good = true;
	int ends[2];

	make_pair(ends);
	children[0] = spawn(bulk_recv, ends[1]);
	children[1] = spawn(bulk_recv, ends[0]);
	children[2] = spawn(bulk_send, ends[0]);
	children[3] = spawn(bulk_send, ends[1]);
	for (int i = 0; i < 4; i++) {
		good = is_success(children[i]) && good;
	}
	check(good, "megabytes cross in both directions at once, intact");
	close_pair(ends);
}

/* Reads until that fails; a device that goes is ENODEV. */
static bool
read_until_lost(int fd)
{
	char byte;

	return read(fd, &byte, 1) < 0 && errno == ENODEV;
}

static bool
poll_until_lost(int fd)
{
	return (poll_for(fd, POLLIN) & POLLERR) != 0;
}

static void
test_unbind(void)
{
	pid_t reader, poller;
	int ends[2], memory, unread, old_node = node;
	char device[64], *p, *private;
	uint32_t count = 1;

	find_device(device, sizeof(device));
	must(device[0] != '\0', "the device is bound");
	make_pair(ends);
	memory = vfd_new(VIRTWL_IOCTL_NEW_ALLOC, NULL, 4 * PAGE);
	p = map(memory, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	private = map(memory, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0);
	must(p != MAP_FAILED && private != MAP_FAILED, "memory is mapped");
	strcpy(p, "alive");
	strcpy(private, "private");
	unread = vfd_new(VIRTWL_IOCTL_NEW_PIPE_WRITE, NULL, 0);
	check(vfd_send(ends[1], "left", 4, &unread, 1, 0) == 4
			&& (poll_for(ends[0], POLLIN) & POLLIN) != 0,
		"a message with a VFD lies unread");
	reader = spawn(read_until_lost, ends[1]);
	poller = spawn(poll_until_lost, ends[1]);

	check(write_file(DRIVER "unbind", device), "the driver is unbound");
	check(is_success(reader), "a waiting reader gets ENODEV");
	check(is_success(poller), "a waiting poll is woken");
	check(is_fault(p) && is_fault(p + 3 * PAGE),
		"a mapping is SIGBUS then");
	check(strcmp(private, "private") == 0,
		"what a private mapping had copied stays");
	check(write(ends[0], "x", 1) < 0 && errno == ENODEV, "writing is ENODEV");
	char buf[8];
	int got = -1;
	check(vfd_recv(ends[0], buf, sizeof(buf), &got, &count, NULL) == 4
			&& read(ends[0], buf, 1) < 0 && errno == ENODEV,
		"what had arrived can still be read");
	close(got);
	check(pread(memory, buf, 1, 0) < 0 && errno == ENODEV
			&& map(memory, PAGE, PROT_READ, MAP_SHARED, 0)
				== MAP_FAILED,
		"memory is no more");
	check(vfd_new(VIRTWL_IOCTL_NEW_CTX, NULL, 0) < 0 && errno == ENODEV,
		"an open node makes nothing");
	check(access("/dev/wl0", F_OK) < 0, "the node is gone");

	check(write_file(DRIVER "bind", device), "the driver is bound again");
	open_node();
	close(listener);
	listener = vfd_new(VIRTWL_IOCTL_NEW_LISTENER, "loop", 0);
	int fresh[2];
	make_pair(fresh);
	check(write(fresh[0], "new", 3) == 3 && read(fresh[1], buf, 8) == 3,
		"the new device works");
	check(vfd_send(fresh[0], "x", 1, &memory, 1, 0) < 0 && errno == EINVAL
			&& is_fault(p),
		"nothing of the old one does");
	close_pair(fresh);
	munmap(p, 4 * PAGE);
	munmap(private, PAGE);
	close(memory);
	close(unread);
	close(old_node);
	close_pair(ends);
}

/*
 * A device process that is stopped, or dead
 */

static void
ask(const char *what)
{
	char line[64];

	printf("# %s\n", what);
	fflush(stdout);
	must(fgets(line, sizeof(line), stdin) != NULL, what);
}

static bool
new_forever(int fd)
{
	(void)fd;
	signal(SIGALRM, SIG_DFL);
	alarm(1);
	vfd_new(VIRTWL_IOCTL_NEW_PIPE_READ, NULL, 0);
	return true;
}

static bool
send_forever(int fd)
{
	signal(SIGALRM, SIG_DFL);
	alarm(1);
	while (write(fd, "x", 1) == 1) {
		continue;
	}
	return false;
}

static void
test_stopped(void)
{
	int ends[2], memory;
	char *p, byte;

	listener = vfd_new(VIRTWL_IOCTL_NEW_LISTENER, "loop", 0);
	make_pair(ends);
	memory = vfd_new(VIRTWL_IOCTL_NEW_ALLOC, NULL, PAGE);
	p = map(memory, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	must(p != MAP_FAILED, "memory is mapped");

	ask("stop");
	check(is_killed(spawn(new_forever, -1), SIGALRM),
		"who waits for a new VFD can be killed");
	check(is_killed(spawn(send_forever, ends[0]), SIGALRM),
		"who waits for a send can be killed");
	catch_signal(SIGALRM);
	alarm(1);
	check(read(ends[1], &byte, 1) < 0 && errno == EINTR,
		"a read can be interrupted");
	p[0] = 'x';
	check(p[0] == 'x', "memory works on");
	close(ends[1]);
	check(true, "closing does not wait");
	ask("continue");
	check((poll_for(ends[0], POLLHUP) & POLLHUP) != 0,
		"it is done once the device is back");
	munmap(p, PAGE);
	close(memory);
	close(ends[0]);
	test_ids();
}

static bool
new_is_lost(int fd)
{
	(void)fd;
	return vfd_new(VIRTWL_IOCTL_NEW_CTX, NULL, 0) < 0 && errno == ENODEV;
}

static void
test_killed(void)
{
	char device[64];
	pid_t waiter;
	int ends[2];

	listener = vfd_new(VIRTWL_IOCTL_NEW_LISTENER, "loop", 0);
	make_pair(ends);
	find_device(device, sizeof(device));
	ask("kill");
	check(is_killed(spawn(new_forever, -1), SIGALRM),
		"who waits for a dead device can be killed");
	waiter = spawn(new_is_lost, -1);
	check(write_file(DRIVER "unbind", device), "the driver is unbound");
	check(is_success(waiter), "commands in flight are ENODEV");
	close_pair(ends);
}

int
main(int argc, char **argv)
{
	open_node();
	if (argc > 1 && strcmp(argv[1], "stopped") == 0) {
		test_stopped();
	} else if (argc > 1 && strcmp(argv[1], "killed") == 0) {
		test_killed();
	} else {
		test_node();
		test_listener();
		test_bytes();
		test_edges();
		test_message_borders();
		test_refusals();
		test_historic();
		test_back_pressure();
		test_ends();
		test_signals();
		test_pipes();
		test_socketpair();
		test_memory();
		test_snapshot();
		test_bulk();
		test_ids();
		test_unbind();
	}
	printf("1..%d\n", test_count);
	return failures != 0;
}
