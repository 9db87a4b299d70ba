/* SPDX-License-Identifier: MIT */
/*
 * module-old: virtio_wl.ko with a device that knows none of our extensions
 * (--features base), told as TAP. Behind it is lib/echo.py.
 */
#include "module-test.h"

static void
test_bulk(int vfd)
{
	pid_t sender = spawn(bulk_send, vfd);

	check(bulk_recv(vfd), "megabytes come back intact, without windows");
	check(is_success(sender), "and were all taken");
}

/*
 * Nobody reads a flood that ends with a hang-up: if that comes, the guest's
 * kernel has swallowed it all. There is no event for what never comes.
 */
static void
test_flood(void)
{
	struct pollfd pfd = { .events = 0 };
	int vfd = vfd_new(VIRTWL_IOCTL_NEW_CTX, NULL, 0);
	size_t got = 0;
	ssize_t n;
	char buf[4096];

	check(write(vfd, "flood", 5) == 5, "a flood is asked for");
	pfd.fd = vfd;
	check(poll(&pfd, 1, 5000) == 0, "what nobody reads is held back");
	while ((n = read(vfd, buf, sizeof(buf))) > 0) {
		got += n;
	}
	check(n == 0 && got == 6000, "who reads gets all of it, and its end");
	close(vfd);
}

static void
test_base(void)
{
	struct {
		struct virtwl_ioctl_txn txn;
		char data[16];
	} txn = { 0 };
	struct virtwl_ioctl_peer peer;
	struct virtwl_ioctl_info info;
	int vfd, memory;
	char *p;

	check(ioctl(node, VIRTWL_IOCTL_INFO, &info) == 0
			&& (info.features >> VIRTIO_WL_F_TRUE_FLAGS & 0x7f)
				== 0,
		"no extension is negotiated");
	check(vfd_new(VIRTWL_IOCTL_NEW_LISTENER, "", 0) < 0
			&& errno == EOPNOTSUPP
			&& vfd_new(VIRTWL_IOCTL_NEW_SNAPSHOT, NULL, 1) < 0
			&& errno == EOPNOTSUPP
			&& vfd_new(VIRTWL_IOCTL_NEW_SOCKETPAIR, NULL, 0) < 0
			&& errno == EOPNOTSUPP,
		"what needs one is EOPNOTSUPP");
	vfd = vfd_new(VIRTWL_IOCTL_NEW_CTX, NULL, 0);
	must(vfd >= 0, "a connection is made");
	check((fcntl(vfd, F_GETFL) & O_ACCMODE) == O_RDWR
			&& vfd_flags(vfd) == (VIRTIO_WL_VFD_SOCKET
				| VIRTIO_WL_VFD_READ | VIRTIO_WL_VFD_WRITE),
		"it is known to send and receive");
	check(vfd_shutdown(vfd, VIRTIO_WL_SHUT_SEND) < 0 && errno == EOPNOTSUPP
			&& ioctl(vfd, VIRTWL_IOCTL_PEER, &peer) < 0
			&& errno == EOPNOTSUPP,
		"it has no halves and no known peer");

	memory = vfd_new(VIRTWL_IOCTL_NEW_ALLOC, NULL, PAGE);
	p = map(memory, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	check(p != MAP_FAILED && p[0] == 0, "memory can be mapped");
	memset(txn.txn.fds, 0xff, sizeof(txn.txn.fds));
	txn.txn.len = 5;
	memcpy(txn.txn.data, "hello", 5);
	txn.txn.fds[0] = memory;
	check(ioctl(vfd, VIRTWL_IOCTL_SEND, &txn) == 0, "SEND takes memory");
	txn.txn.len = sizeof(txn.data);
	check(ioctl(vfd, VIRTWL_IOCTL_RECV, &txn) == 0 && txn.txn.len == 5
			&& memcmp(txn.txn.data, "hello", 5) == 0,
		"RECV brings the bytes back");
	munmap(p, PAGE);
	close(memory);
	close(vfd_new(VIRTWL_IOCTL_NEW_PIPE_WRITE, NULL, 0));
	test_bulk(vfd);
	close(vfd);
}

int
main(void)
{
	open_node();
	test_base();
	test_flood();
	test_ids();
	printf("1..%d\n", test_count);
	return failures != 0;
}
