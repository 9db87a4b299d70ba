/* SPDX-License-Identifier: MIT */
/*
 * A wlbridged to test, in a directory of its own, whose devices are fakes that
 * report to us. Nothing here sleeps: every wait is for a line or a hang-up, and
 * ends the test if none comes.
 */
#ifndef TESTS_BRIDGE_H
#define TESTS_BRIDGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct bridge {
	char dir[64];
	char config[96];
	char runtime[96];
	const char *program;	/* that stands for a device */
	char copy[96];		/* of the fake, if it was made */
	int report_fd;		/* the fakes connect here */
	pid_t pid;		/* 0: does not run */
	int log_fd;
	char log[16384];	/* not yet looked at */
	size_t log_len;
};

/* How one device was started. */
struct report {
	int fd;			/* hangs up when it ends; the caller's */
	pid_t pid;
	char name[64];		/* after --name, or "context" */
	char text[4096];
};

/* A directory with the configuration @vms below a [bridge] of ours. */
void
bridge_init(struct bridge *bridge, const char *vms);

/* As that, with devices that do not report. */
void
bridge_init_with(struct bridge *bridge, const char *program, const char *vms);

/* Replace the configuration; nobody is told. */
void
bridge_configure(struct bridge *bridge, const char *vms);

/* Let another user run the fake, from a copy, and let it report. */
void
bridge_share(struct bridge *bridge, const char *vms);

/* Run wlbridged. */
void
bridge_start(struct bridge *bridge);

void
bridge_signal(struct bridge *bridge, int signo);

/* Wait for its end. Return: its wait status. */
int
bridge_wait(struct bridge *bridge);

/* Remove the directory, which must be empty but for what we made. */
void
bridge_finish(struct bridge *bridge);

/* Wait until the log says @text; what came before it is dropped. */
void
bridge_await_log(struct bridge *bridge, const char *text);

/* Wait for the next device to start. */
void
bridge_next_report(struct bridge *bridge, struct report *ret);

/* Wait for the starts of the @count VMs in @names, in whatever order. */
void
bridge_reports(struct bridge *bridge, const char *const *names, size_t count,
	struct report *ret);

/* Whether a line of the report is @line. */
bool
report_has(const struct report *report, const char *line);

void
report_send(const struct report *report, char command);

/* Wait for one byte from the device. */
char
report_receive(const struct report *report);

/* Wait for the device's end, and close. */
void
report_await_end(struct report *report);

/* Whether the device lives on. */
bool
report_is_alive(const struct report *report);

/* Ask for the status of @vm; the caller's. */
json_t *
bridge_status(struct bridge *bridge, const char *vm);

/* Send @command (enum wlb_command). Return: the last reply; the caller's. */
json_t *
bridge_call(struct bridge *bridge, int command, const char *vm);

/* A connection to the control socket, and what it says until it hangs up or
 * has said @lines lines; the caller's. */
int
bridge_connect(struct bridge *bridge);

char *
bridge_read_lines(int fd, unsigned lines);

/* Close a connection, and wait until the daemon has closed its end. */
void
bridge_hang_up(int *fd);

/* Read DIR/RUNTIME/@path; the caller's. */
char *
bridge_read_file(struct bridge *bridge, const char *path);

#endif
