/* SPDX-License-Identifier: MIT */
#include "liar-session.h"

#include <string.h>
#include <sys/socket.h>

#include "../lib/fd-count.h"
#include "../lib/must.h"

void
liar_session_begin(struct liar_session *session)
{
	int pair[2];
	session->fds_before = fd_count_self();
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		pair) == 0);
	session->liar = liar_create(pair[0]);
	echo_device_start(&session->device, pair[1]);
}

void
liar_session_start(struct liar_session *session)
{
	liar_session_begin(session);
	liar_start(session->liar, LIAR_ALL_STEPS);
}

int
liar_session_end(struct liar_session *session)
{
	liar_destroy(session->liar);
	int reason = echo_device_join(&session->device);
	must(fd_count_self() == session->fds_before);
	return reason;
}

void
liar_session_check_echo(struct liar_session *session, uint32_t len)
{
	struct liar *liar = session->liar;
	uint64_t from = LIAR_BUFFERS, to = LIAR_BUFFERS + 0x8000;
	must(len <= 0x8000);
	memset(liar_at(liar, from), 'e', len);
	memset(liar_at(liar, to), 0, len);
	liar_put_desc(liar_desc(liar, ECHO_QUEUE, 0), liar_gpa(from), len,
		VUB_DESC_F_NEXT, 1);
	liar_put_desc(liar_desc(liar, ECHO_QUEUE, 1), liar_gpa(to), len,
		VUB_DESC_F_WRITE, 0);
	liar_offer(liar, ECHO_QUEUE, 0);
	liar_kick(liar, ECHO_QUEUE);
	liar_await_used(liar, ECHO_QUEUE, 1);
	must(memcmp(liar_at(liar, from), liar_at(liar, to), len) == 0);
}
