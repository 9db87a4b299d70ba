/* SPDX-License-Identifier: MIT */
/*
 * Stands in for wlbridge-wl: tells the test at $WLB_TEST_REPORT how it was
 * started, then does what the test sends it, a byte at a time:
 *
 *   x  exit with status 3          k  die of SIGKILL
 *   i  ignore SIGTERM from now on; answers with an 'i'
 *   w  say on the status page that no VMM is connected; answers with a 'w'
 *   c  ask the control socket for the status; answers with an 's' if that
 *      spoke, and with an 'r' if it refused
 *
 * When the test hangs up, it ends.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/must.h"
#include "util/fd.h"
#include "virtio-wl/device/status.h"

#define FDS_LOOKED_AT 256

static const struct vwl_status_page waiting = {
	.magic = VWL_STATUS_MAGIC,
	.version = VWL_STATUS_VERSION,
	.state = VWL_STATUS_WAITING,
};

static void
report(FILE *out, int argc, char **argv)
{
	fprintf(out, "pid %d\n", (int)getpid());
	for (int i = 1; i < argc; i++) {
		fprintf(out, "arg %s\n", argv[i]);
	}
	for (int fd = 3; fd < FDS_LOOKED_AT; fd++) {
		struct stat st;
		int listens = 0;
		socklen_t len = sizeof(listens);
		if (fstat(fd, &st) < 0) {
			continue;
		}
		if (S_ISSOCK(st.st_mode)) {
			getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens,
				&len);
		}
		fprintf(out, "fd %d %s %ld\n", fd, listens ? "listening"
			: S_ISREG(st.st_mode) ? "file" : "other",
			(long)st.st_size);
	}
	const char *display = getenv("WAYLAND_DISPLAY");
	fprintf(out, "display %s\n.\n", display == NULL ? "" : display);
}

/* The descriptor that follows --status-fd. */
static int
status_fd(int argc, char **argv)
{
	for (int i = 1; i < argc - 1; i++) {
		if (strcmp(argv[i], "--status-fd") == 0) {
			return atoi(argv[i + 1]);
		}
	}
	return -1;
}

/* The daemon's runtime directory is beside where we report. */
static char
try_control(const char *report_path)
{
	static const char ask[] = "{\"command\":\"status\"}\n";
	char path[256], answer;
	must(snprintf(path, sizeof(path), "%.*s/run/control.sock",
		(int)(strrchr(report_path, '/') - report_path), report_path)
		< (int)sizeof(path));
	int fd = fd_connect(path);
	must(fd >= 0 && fcntl(fd, F_SETFL, 0) == 0);
	bool spoke = send(fd, ask, sizeof(ask) - 1, MSG_NOSIGNAL) > 0
		&& recv(fd, &answer, 1, 0) == 1;
	fd_close(&fd);
	return spoke ? 's' : 'r';
}

int
main(int argc, char **argv)
{
	const char *path = getenv("WLB_TEST_REPORT");
	must(path != NULL);

	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	must(out != NULL);
	report(out, argc, argv);
	fclose(out);

	int sock = fd_connect(path);
	must(sock >= 0);
	must(send(sock, text, size, MSG_NOSIGNAL) == (ssize_t)size);
	free(text);

	/* fd_connect() made it non-blocking; here waiting is all there is. */
	must(fcntl(sock, F_SETFL, 0) == 0);
	char command;
	while (recv(sock, &command, 1, 0) == 1) {
		switch (command) {
		case 'x':
			return 3;
		case 'k':
			kill(getpid(), SIGKILL);
			break;
		case 'i':
			signal(SIGTERM, SIG_IGN);
			must(send(sock, "i", 1, MSG_NOSIGNAL) == 1);
			break;
		case 'w':
			must(pwrite(status_fd(argc, argv), &waiting,
				sizeof(waiting), 0) == sizeof(waiting));
			must(send(sock, "w", 1, MSG_NOSIGNAL) == 1);
			break;
		case 'c':
			command = try_control(path);
			must(send(sock, &command, 1, MSG_NOSIGNAL) == 1);
			break;
		}
	}
	return 0;
}
