/* SPDX-License-Identifier: MIT */
#include <vhost-user/program.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "util/fd.h"
#include "util/loop.h"
#include "util/option.h"

#define BACKLOG 1	/* front-ends that wait for the one being served */

static int
apply(const struct vub_command_line *line, void *data, int option,
	struct vub_program_options *options)
{
	switch (option) {
	case VUB_OPTION_NAME:
		options->vm_name = optarg;
		return 0;
	case VUB_OPTION_SOCKET_PATH:
		options->socket_path = optarg;
		return 0;
	case VUB_OPTION_FD:
		return option_fd(optarg, &options->fd);
	case VUB_OPTION_STATUS_FD:
		return option_fd(optarg, &options->status_fd);
	case VUB_OPTION_NO_SANDBOX:
		options->sandbox = false;
		return 0;
	case VUB_OPTION_LOG_LEVEL:
		return option_log_level(optarg, &options->log_level);
	case VUB_OPTION_PRINT_CAPABILITIES:
		options->print_capabilities = true;
		return 0;
	case VUB_OPTION_HELP:
		fputs(line->usage, stdout);
		return 1;
	case '?':
		fputs(line->usage, stderr);
		return -EINVAL;
	default:
		return line->set(data, option, optarg);
	}
}

static int
check(const struct vub_program_options *options)
{
	if (options->print_capabilities) {
		return 0;
	}
	if (options->vm_name == NULL || *options->vm_name == '\0') {
		return option_complain("a name is needed", "--name");
	}
	if ((options->socket_path == NULL) == (options->fd < 0)) {
		return option_complain("one of the two is needed",
			"--socket-path, --fd");
	}
	return 0;
}

int
vub_program_parse(const struct vub_command_line *line, int argc, char **argv,
	void *data, struct vub_program_options *ret)
{
	struct vub_program_options options = {
		.fd = -1,
		.status_fd = -1,
		.sandbox = true,
		.log_level = LOG_INFO,
	};
	int option, r = 0;
	while (r == 0 && (option = getopt_long(argc, argv, "", line->options,
			NULL)) != -1) {
		r = apply(line, data, option, &options);
	}
	if (r == 0 && optind < argc) {
		r = option_complain("not an option", argv[optind]);
	}
	if (r == 0) {
		r = check(&options);
	}
	if (r == 0) {
		*ret = options;
	}
	return r;
}

int
vub_program_run(const char *name, const struct vub_program_options *options,
	int (*serve)(void *data, struct loop *loop), void *data)
{
	char who[80];
	snprintf(who, sizeof(who), "%s %s", name, options->vm_name);
	log_init(who, options->log_level);

	struct loop *loop;
	int r = loop_create_main(&loop);
	if (r < 0) {
		log_failure("an event loop", r);
		return EXIT_FAILURE;
	}
	r = serve(data, loop);
	loop_destroy(loop);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
vub_program_listen(const struct vub_program_options *options)
{
	if (options->fd < 0) {
		return fd_listen(options->socket_path, BACKLOG);
	}
	if (fcntl(options->fd, F_SETFD, FD_CLOEXEC) < 0) {
		return -errno;
	}
	int r = fd_set_nonblock(options->fd);
	return r < 0 ? r : options->fd;
}

int
vub_program_map_status(const struct vub_program_options *options, size_t size,
	void **ret_page)
{
	int fd = options->status_fd;
	if (fd < 0) {
		return 0;
	}
	void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		0);
	int r = page == MAP_FAILED ? -errno : 0;
	fd_close(&fd);
	if (r < 0) {
		return log_failure("--status-fd", r);
	}
	*ret_page = page;
	return 0;
}

void
vub_program_log_no_sandbox(const struct vub_program_options *options)
{
	if (options->sandbox) {
		log_warn("built without a sandbox: a guest that broke this "
			"device could do what our user may");
	} else {
		log_info("told to run without a sandbox");
	}
}

void
vub_program_log_ended(int reason)
{
	if (reason == -ECONNRESET || reason == 0) {
		log_info("the front-end has gone");
	} else {
		log_warn("the front-end broke the protocol: %s",
			strerror(-reason));
	}
}

void
vub_program_log_failed(void *data, int reason)
{
	(void)data;
	log_error("cannot serve a front-end: %s", strerror(-reason));
}
