/* SPDX-License-Identifier: MIT */
#include "bridge.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "control-message.h"
#include "must.h"
#include "util/fd.h"

#define PATIENCE_MS 20000

static void
await(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	must(poll(&pollfd, 1, PATIENCE_MS) == 1);
}

void
bridge_configure(struct bridge *bridge, const char *vms)
{
	FILE *file = fopen(bridge->config, "we");
	must(file != NULL);
	fprintf(file, "[bridge]\nruntime-dir = %s\ndevice-program = %s\n"
		"agent-program = %s\nhost-display = %s/host-wayland\n%s",
		bridge->runtime, bridge->program, bridge->program, bridge->dir,
		vms);
	must(fclose(file) == 0);
}

void
bridge_init_with(struct bridge *bridge, const char *program, const char *vms)
{
	*bridge = (struct bridge){
		.program = program,
		.report_fd = -1,
		.log_fd = -1,
	};
	strcpy(bridge->dir, "/tmp/wlbridged-XXXXXX");
	must(mkdtemp(bridge->dir) != NULL);
	snprintf(bridge->config, sizeof(bridge->config), "%s/conf",
		bridge->dir);
	snprintf(bridge->runtime, sizeof(bridge->runtime), "%s/run",
		bridge->dir);
	char report[96];
	snprintf(report, sizeof(report), "%s/report", bridge->dir);
	bridge->report_fd = fd_listen(report, 64);
	must(bridge->report_fd >= 0);
	must(setenv("WLB_TEST_REPORT", report, 1) == 0);
	bridge_configure(bridge, vms);
}

void
bridge_init(struct bridge *bridge, const char *vms)
{
	bridge_init_with(bridge, WLB_FAKE_DEVICE, vms);
}

static void
copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	must(in >= 0 && out >= 0 && fchmod(out, 0755) == 0);
	ssize_t n;
	do {
		n = sendfile(out, in, NULL, 1 << 20);
	} while (n > 0);
	must(n == 0);
	fd_close(&in);
	fd_close(&out);
}

void
bridge_share(struct bridge *bridge, const char *vms)
{
	char report[96];
	snprintf(report, sizeof(report), "%s/report", bridge->dir);
	must(chmod(report, 0666) == 0 && chmod(bridge->dir, 0711) == 0);
	snprintf(bridge->copy, sizeof(bridge->copy), "%s/fake", bridge->dir);
	copy_file(bridge->program, bridge->copy);
	bridge->program = bridge->copy;
	bridge_configure(bridge, vms);
}

void
bridge_start(struct bridge *bridge)
{
	int log[2];
	must(pipe2(log, O_CLOEXEC) == 0);
	bridge->pid = fork();
	must(bridge->pid >= 0);
	if (bridge->pid == 0) {
		dup2(log[1], STDERR_FILENO);
		execl(WLB_BRIDGED, "wlbridged", "-c", bridge->config,
			(char *)NULL);
		_exit(127);
	}
	fd_close(&log[1]);
	bridge->log_fd = log[0];
}

void
bridge_signal(struct bridge *bridge, int signo)
{
	must(bridge->pid > 0 && kill(bridge->pid, signo) == 0);
}

static void
read_log(struct bridge *bridge, bool *ret_ended)
{
	must(bridge->log_len < sizeof(bridge->log) - 1);
	await(bridge->log_fd);
	char *at = bridge->log + bridge->log_len;
	ssize_t n = read(bridge->log_fd, at,
		sizeof(bridge->log) - 1 - bridge->log_len);
	must(n >= 0);
	fprintf(stderr, "%.*s", (int)n, at);
	bridge->log_len += (size_t)n;
	bridge->log[bridge->log_len] = '\0';
	*ret_ended = n == 0;
}

void
bridge_await_log(struct bridge *bridge, const char *text)
{
	char *at;
	while ((at = strstr(bridge->log, text)) == NULL) {
		bool ended;
		read_log(bridge, &ended);
		must(!ended);
	}
	size_t used = (size_t)(at - bridge->log) + strlen(text);
	bridge->log_len -= used;
	memmove(bridge->log, bridge->log + used, bridge->log_len + 1);
}

int
bridge_wait(struct bridge *bridge)
{
	bool ended = false;
	while (!ended) {
		bridge->log_len = 0;
		read_log(bridge, &ended);
	}
	fd_close(&bridge->log_fd);
	bridge->log[0] = '\0';
	bridge->log_len = 0;
	int status;
	must(waitpid(bridge->pid, &status, 0) == bridge->pid);
	bridge->pid = 0;
	return status;
}

void
bridge_finish(struct bridge *bridge)
{
	char path[128];
	must(bridge->pid == 0);
	fd_close(&bridge->report_fd);
	snprintf(path, sizeof(path), "%s/report", bridge->dir);
	must(unlink(path) == 0);
	must(unlink(bridge->config) == 0);
	must(bridge->copy[0] == '\0' || unlink(bridge->copy) == 0);
	must(rmdir(bridge->runtime) == 0 || errno == ENOENT);
	must(rmdir(bridge->dir) == 0);
}

static void
read_report(struct report *report)
{
	size_t len = 0;
	while (strstr(report->text, "\n.\n") == NULL) {
		must(len < sizeof(report->text) - 1);
		await(report->fd);
		ssize_t n = recv(report->fd, report->text + len,
			sizeof(report->text) - 1 - len, 0);
		must(n > 0);
		len += (size_t)n;
		report->text[len] = '\0';
	}
}

void
bridge_next_report(struct bridge *bridge, struct report *ret)
{
	*ret = (struct report){ .fd = -1 };
	await(bridge->report_fd);
	ret->fd = accept4(bridge->report_fd, NULL, NULL, SOCK_CLOEXEC);
	must(ret->fd >= 0);
	read_report(ret);
	must(sscanf(ret->text, "pid %d", &ret->pid) == 1);
	const char *name = strstr(ret->text, "arg --name\narg ");
	if (name == NULL) {
		strcpy(ret->name, "context");
	} else {
		must(sscanf(name, "arg --name\narg %63s", ret->name) == 1);
	}
}

void
bridge_reports(struct bridge *bridge, const char *const *names, size_t count,
	struct report *ret)
{
	for (size_t i = 0; i < count; i++) {
		struct report report;
		bridge_next_report(bridge, &report);
		size_t j = 0;
		while (j < count && strcmp(names[j], report.name) != 0) {
			j++;
		}
		must(j < count);
		ret[j] = report;
	}
}

bool
report_has(const struct report *report, const char *line)
{
	char text[512];
	snprintf(text, sizeof(text), "\n%s\n", line);
	return strstr(report->text, text) != NULL;
}

void
report_send(const struct report *report, char command)
{
	must(send(report->fd, &command, 1, MSG_NOSIGNAL) == 1);
}

char
report_receive(const struct report *report)
{
	char byte;
	await(report->fd);
	must(recv(report->fd, &byte, 1, 0) == 1);
	return byte;
}

void
report_await_end(struct report *report)
{
	char byte;
	await(report->fd);
	must(recv(report->fd, &byte, 1, 0) <= 0);
	fd_close(&report->fd);
}

bool
report_is_alive(const struct report *report)
{
	char byte;
	return recv(report->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0
		&& errno == EAGAIN;
}

static void
keep_vm(void *data, json_t *reply)
{
	json_t **vm = data;
	json_decref(*vm);
	*vm = json_incref(json_object_get(reply, "vm"));
}

static json_t *
call(struct bridge *bridge, int command, const char *vm, json_t **ret_vm)
{
	struct wlb_request request = { .command = (enum wlb_command)command };
	if (vm != NULL) {
		strcpy(request.vm, vm);
	}
	json_t *last = NULL;
	int r = wlb_client_call(bridge->runtime, &request, keep_vm, ret_vm,
		&last);
	if (r < 0) {
		fprintf(stderr, "asking wlbridged: %s\n", strerror(-r));
	}
	must(r == 0);
	return last;
}

json_t *
bridge_call(struct bridge *bridge, int command, const char *vm)
{
	json_t *unused = NULL;
	json_t *last = call(bridge, command, vm, &unused);
	json_decref(unused);
	return last;
}

json_t *
bridge_status(struct bridge *bridge, const char *vm)
{
	json_t *status = NULL;
	json_decref(call(bridge, WLB_COMMAND_STATUS, vm, &status));
	must(json_is_object(status));
	return status;
}

int
bridge_connect(struct bridge *bridge)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/control.sock", bridge->runtime);
	int fd = fd_connect(path);
	must(fd >= 0);
	return fd;
}

char *
bridge_read_lines(int fd, unsigned lines)
{
	size_t size = 1 << 20;
	char *text = calloc(1, size);
	must(text != NULL);
	size_t len = 0;
	while (lines > 0) {
		await(fd);
		/* A byte at a time, to leave what follows to the next call. */
		ssize_t n = recv(fd, text + len, 1, 0);
		if (n <= 0) {
			break;
		}
		lines -= text[len] == '\n';
		len++;
		must(len < size);
	}
	return text;
}

void
bridge_hang_up(int *fd)
{
	char byte;
	must(shutdown(*fd, SHUT_WR) == 0);
	do {
		await(*fd);
	} while (recv(*fd, &byte, 1, 0) > 0);
	fd_close(fd);
}

char *
bridge_read_file(struct bridge *bridge, const char *path)
{
	char full[256];
	snprintf(full, sizeof(full), "%s/%s", bridge->runtime, path);
	FILE *file = fopen(full, "re");
	must(file != NULL);
	char *text = calloc(1, 4096);
	must(text != NULL);
	must(fread(text, 1, 4095, file) > 0);
	fclose(file);
	return text;
}
