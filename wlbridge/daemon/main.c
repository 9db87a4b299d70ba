/* SPDX-License-Identifier: MIT */
/* wlbridged: starts, labels, watches and reaps the devices of all VMs. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker.h"
#include "config.h"
#include "control.h"
#include "errors.h"
#include "privileges.h"
#include "runtime.h"
#include "util/fd.h"
#include "util/log.h"
#include "util/loop.h"

#define EXIT_BAD_CONFIG 2

struct options {
	const char *config_path;
	const char *runtime_dir;
	const char *log_level;
	bool check;
};

struct daemon {
	struct loop *loop;
	struct wlb_broker broker;
	struct wlb_control *control;
	int lock_fd;
};

static const char usage[] =
	"Usage: wlbridged [-c FILE] [--runtime-dir DIR] [--log-level LEVEL]\n"
	"       wlbridged [-c FILE] --check\n"
	"\n"
	"  -c, --config FILE      instead of " WLB_CONFIG_PATH "\n"
	"  -r, --runtime-dir DIR  instead of the configuration's\n"
	"  -l, --log-level LEVEL  error, warn, info or debug\n"
	"      --check            say what is wrong with the configuration\n"
	"  -h, --help             print this\n"
	"  -V, --version          print the version\n";

/* Return: -1 to go on, or the exit status. */
static int
parse_options(int argc, char **argv, struct options *ret)
{
	enum { OPTION_CHECK = 256 };
	static const struct option long_options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "runtime-dir", required_argument, NULL, 'r' },
		{ "log-level", required_argument, NULL, 'l' },
		{ "check", no_argument, NULL, OPTION_CHECK },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int c;
	while ((c = getopt_long(argc, argv, "c:r:l:hV", long_options, NULL))
			>= 0) {
		switch (c) {
		case 'c':
			ret->config_path = optarg;
			break;
		case 'r':
			ret->runtime_dir = optarg;
			break;
		case 'l':
			ret->log_level = optarg;
			if (log_level_parse(optarg) < 0) {
				fprintf(stderr, "wlbridged: --log-level %s: "
					"expected error, warn, info or "
					"debug\n", optarg);
				return EXIT_FAILURE;
			}
			break;
		case OPTION_CHECK:
			ret->check = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts("wlbridged " WLB_VERSION);
			return EXIT_SUCCESS;
		default:
			fputs(usage, stderr);
			return EXIT_FAILURE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "wlbridged: unexpected argument '%s'\n",
			argv[optind]);
		return EXIT_FAILURE;
	}
	return -1;
}

static void
print_errors(struct wlb_errors *errors)
{
	for (size_t i = 0; i < wlb_errors_kept(errors); i++) {
		log_error("%s", errors->lines[i]);
	}
	if (errors->count > wlb_errors_kept(errors)) {
		log_error("(%zu errors in all)", errors->count);
	}
	wlb_errors_finish(errors);
}

static void
handle_hangup(void *data)
{
	struct daemon *daemon = data;
	struct wlb_errors errors = { 0 };
	struct wlb_reload reload;
	if (daemon->broker.quitting) {
		return;
	}
	if (wlb_broker_reload(&daemon->broker, &errors, &reload) < 0) {
		print_errors(&errors);
		log_error("the configuration is wrong; nothing changed");
		return;
	}
	log_info("configuration read again: %u added, %u removed, %u "
		"restarted, %u stale, %u failed", reload.added, reload.removed,
		reload.restarted, reload.stale, reload.failed);
}

static void
handle_terminate(void *data)
{
	struct daemon *daemon = data;
	log_info("ending");
	wlb_control_destroy(daemon->control);
	daemon->control = NULL;
	wlb_broker_quit(&daemon->broker);
}

static int
add_signals(struct daemon *daemon)
{
	struct loop_source *source;
	int r = loop_add_signal(daemon->loop, SIGHUP, handle_hangup, daemon,
		&source);
	if (r == 0) {
		r = loop_add_signal(daemon->loop, SIGTERM, handle_terminate,
			daemon, &source);
	}
	if (r == 0) {
		r = loop_add_signal(daemon->loop, SIGINT, handle_terminate,
			daemon, &source);
	}
	return r;
}

/* Return: the exit status. */
static int
serve(struct daemon *daemon)
{
	int r = wlb_control_create(&daemon->broker, &daemon->control);
	if (r < 0) {
		log_failure("control socket", r);
		return EXIT_FAILURE;
	}
	struct wlb_reload reload;
	wlb_broker_apply(&daemon->broker, &reload);
	if (reload.failed > 0) {
		log_error("%u VMs cannot be served; giving up", reload.failed);
		return EXIT_FAILURE;
	}
	log_info("serving %u VMs below %s", reload.added,
		daemon->broker.config->runtime_dir);
	r = loop_run(daemon->loop);
	if (r < 0) {
		log_failure("event loop", r);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

/* Become who we shall be, in the directory that shall be ours. 0 or -errno. */
static int
settle(struct daemon *daemon, const struct wlb_config *config)
{
	int r = wlb_runtime_make(config);
	if (r < 0) {
		return log_failure(config->runtime_dir, r);
	}
	wlb_privileges_allow_realtime();
	r = wlb_privileges_drop(config);
	if (r < 0) {
		return log_failure("giving up privileges", r);
	}
	r = wlb_runtime_open(config->runtime_dir, &daemon->lock_fd);
	if (r == -EBUSY) {
		log_error("%s: another wlbridged serves it",
			config->runtime_dir);
	} else if (r == -EPERM) {
		log_error("%s: expected a directory of our own, that nobody "
			"else may write to", config->runtime_dir);
	} else if (r < 0) {
		log_failure(config->runtime_dir, r);
	}
	return r;
}

static int
run(struct wlb_config *take_config, const struct options *options)
{
	struct daemon daemon = { .lock_fd = -1 };
	int status = EXIT_FAILURE;
	int r = loop_create(&daemon.loop);
	wlb_broker_init(&daemon.broker, daemon.loop, take_config,
		options->config_path, options->runtime_dir);
	if (r == 0) {
		r = add_signals(&daemon);
	}
	if (r < 0) {
		log_failure("event loop", r);
		goto out;
	}
	if (settle(&daemon, take_config) < 0) {
		goto out;
	}
	status = serve(&daemon);
	wlb_control_destroy(daemon.control);
	wlb_runtime_clear(daemon.broker.config->runtime_dir);
out:
	wlb_broker_finish(&daemon.broker);
	loop_destroy(daemon.loop);
	fd_close(&daemon.lock_fd);
	return status;
}

int
main(int argc, char **argv)
{
	struct options options = { .config_path = WLB_CONFIG_PATH };
	log_init("wlbridged", LOG_INFO);
	int status = parse_options(argc, argv, &options);
	if (status >= 0) {
		return status;
	}
	struct wlb_errors errors = { 0 };
	struct wlb_config *config = NULL;
	int r = wlb_config_load(options.config_path, options.runtime_dir,
		&errors, &config);
	if (r < 0) {
		if (r == -ENOMEM) {
			log_failure(options.config_path, r);
		}
		print_errors(&errors);
		return EXIT_BAD_CONFIG;
	}
	if (options.check) {
		wlb_config_destroy(config);
		return EXIT_SUCCESS;
	}
	log_init("wlbridged", (enum log_level)log_level_parse(
		options.log_level != NULL ? options.log_level
			: config->log_level));
	return run(config, &options);
}
