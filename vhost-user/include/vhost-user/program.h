/* SPDX-License-Identifier: MIT */
/*
 * program.h - the program around a device, whatever the device is
 *
 * A process serves one VM: its command line says which, and brings the socket
 * that front-ends connect to and a page for counters. What is here talks, which
 * the library does not: on stderr of the command line, in the log of the rest.
 */
#ifndef VHOST_USER_PROGRAM_H
#define VHOST_USER_PROGRAM_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "util/log.h"

struct loop;

struct vub_program_options {
	const char *vm_name;
	const char *socket_path;	/* NULL: fd */
	int fd;				/* listening; -1: socket_path */
	int status_fd;			/* -1: none */
	bool sandbox;
	bool print_capabilities;
	enum log_level log_level;
};

/* The options that every such program has; a device's own come after. */
enum {
	VUB_OPTION_NAME = 256,
	VUB_OPTION_SOCKET_PATH,
	VUB_OPTION_FD,
	VUB_OPTION_STATUS_FD,
	VUB_OPTION_NO_SANDBOX,
	VUB_OPTION_LOG_LEVEL,
	VUB_OPTION_PRINT_CAPABILITIES,
	VUB_OPTION_HELP,
	VUB_OPTION_OWN,
};

/* Their rows in a program's table of options. */
#define VUB_OPTIONS_OF_ALL \
	{ "name", required_argument, NULL, VUB_OPTION_NAME }, \
	{ "socket-path", required_argument, NULL, VUB_OPTION_SOCKET_PATH }, \
	{ "fd", required_argument, NULL, VUB_OPTION_FD }, \
	{ "status-fd", required_argument, NULL, VUB_OPTION_STATUS_FD }, \
	{ "no-sandbox", no_argument, NULL, VUB_OPTION_NO_SANDBOX }, \
	{ "log-level", required_argument, NULL, VUB_OPTION_LOG_LEVEL }, \
	{ "print-capabilities", no_argument, NULL, \
		VUB_OPTION_PRINT_CAPABILITIES }, \
	{ "help", no_argument, NULL, VUB_OPTION_HELP }

/* The lines of a usage text about them, but for the three that come first. */
#define VUB_OPTIONS_OF_ALL_USAGE \
"  --status-fd N             a memfd of a page, for counters\n" \
"  --no-sandbox              keep every system call, for debugging\n" \
"  --log-level error|warn|info|debug\n" \
"  --print-capabilities      say what this device is, as JSON\n" \
"  --help                    print this\n"

struct vub_command_line {
	const char *usage;		/* with VUB_OPTIONS_OF_ALL_USAGE */
	const struct option *options;	/* ends with a zeroed one */
	/* One of its own options. 0, or -EINVAL with the reason printed. */
	int (*set)(void *data, int option, char *value);
};

/**
 * vub_program_parse() - Read the command line
 * @data: for set()
 *
 * Unless the device is only asked what it is, @ret has a name and a socket.
 * Return: 0; 1 when all is done (--help); -EINVAL with the reason printed.
 */
int
vub_program_parse(const struct vub_command_line *line, int argc, char **argv,
	void *data, struct vub_program_options *ret);

/**
 * vub_program_run() - Serve until SIGTERM or SIGINT
 * @name: of the program, for the log, which begins here
 * @serve: sets up and runs the loop; 0, or -errno with the reason logged
 *
 * Return: the exit status.
 */
int
vub_program_run(const char *name, const struct vub_program_options *options,
	int (*serve)(void *data, struct loop *loop), void *data);

/* The socket that front-ends connect to, non-blocking, or -errno. */
int
vub_program_listen(const struct vub_program_options *options);

/**
 * vub_program_map_status() - Map the page that --status-fd brought, and close that
 * @ret_page: stays mapped to the end of the process; untouched without --status-fd
 *
 * Return: 0, or -errno with the reason logged.
 */
int
vub_program_map_status(const struct vub_program_options *options, size_t size,
	void **ret_page);

/* Say in the log why there is no sandbox. */
void
vub_program_log_no_sandbox(const struct vub_program_options *options);

/* Say in the log that a front-end has gone, and how: see server.h. */
void
vub_program_log_ended(int reason);

/* A failed() for struct vub_server_ops that says so in the log. */
void
vub_program_log_failed(void *data, int reason);

#endif
