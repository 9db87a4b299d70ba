/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 *            start                    stop or restart
 *   STOPPED -------> RUNNING -----------------------------> STOPPING
 *      ^                ^ |  died unasked                      |
 *      |                | v                                    | ended
 *      |             WAITING (timer)                           |
 *      +-------------------------------------------------------+
 *          (or RUNNING again, at once, when it is wanted)
 *
 * "wanted" is what the owner asked for last; the state is what is so. The one
 * timer serves both states that wait: in WAITING it is the back-off, in
 * STOPPING the patience before SIGKILL.
 *
 * The back-off doubles from DELAY_MIN_MS to DELAY_MAX_MS and starts over after
 * a run of STABLE_MS: a device that dies of one guest's doing comes back at
 * once, one that cannot start costs two runs a minute and no more.
 */
#include "process.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "spawn.h"
#include "util/fd.h"
#include "util/log.h"
#include "util/now.h"

#define DELAY_MIN_MS 100
#define DELAY_MAX_MS 30000
#define STABLE_MS 10000
#define PATIENCE_MS 5000

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

struct wlb_process {
	struct loop *loop;
	char *title;
	const struct wlb_process_ops *ops;
	void *data;

	enum wlb_process_state state;
	bool wanted;
	pid_t pid;
	int pidfd;
	struct loop_source *exit_source;
	struct loop_source *timer;
	struct loop_source *stopped;	/* deferred */
	uint64_t started_ms;
	unsigned delay_ms;
	unsigned deaths;
};

static void
enter_waiting(struct wlb_process *process)
{
	log_info("%s: again in %u ms", process->title, process->delay_ms);
	process->state = WLB_PROCESS_WAITING;
	loop_timer_set(process->timer, process->delay_ms);
	process->delay_ms = process->delay_ms > DELAY_MAX_MS / 2
		? DELAY_MAX_MS : process->delay_ms * 2;
}

static void
enter_stopped(struct wlb_process *process)
{
	process->state = WLB_PROCESS_STOPPED;
	loop_timer_set(process->timer, 0);
	loop_defer(process->stopped);
}

static void
handle_exit(void *data, uint32_t revents);

static int
run(struct wlb_process *process)
{
	struct wlb_spawn spawn = { 0 };
	int r = process->ops->prepare(process->data, &spawn);
	if (r < 0) {
		goto out;
	}
	pid_t pid = wlb_spawn_run(&spawn, &process->pidfd);
	if (pid < 0) {
		r = pid;
		goto out;
	}
	process->pid = pid;
	r = loop_add_fd(process->loop, process->pidfd, EPOLLIN, handle_exit,
		process, &process->exit_source);
	if (r < 0) {
		siginfo_t info;
		kill(pid, SIGKILL);
		waitid(P_PID, (id_t)pid, &info, WEXITED);
		process->pid = 0;
		fd_close(&process->pidfd);
	}
out:
	wlb_spawn_finish(&spawn);
	return r;
}

static void
enter_running(struct wlb_process *process)
{
	int r = run(process);
	if (r < 0) {
		log_error("%s: cannot start: %s", process->title,
			strerror(-r));
		enter_waiting(process);
		return;
	}
	log_info("%s: started, pid %d", process->title, (int)process->pid);
	loop_timer_set(process->timer, 0);
	process->started_ms = (uint64_t)now_ms();
	process->state = WLB_PROCESS_RUNNING;
}

static void
enter_stopping(struct wlb_process *process)
{
	kill(process->pid, SIGTERM);
	process->state = WLB_PROCESS_STOPPING;
	loop_timer_set(process->timer, PATIENCE_MS);
}

static void
log_end(const struct wlb_process *process, const siginfo_t *info)
{
	const char *how = info->si_code == CLD_EXITED
		? "ended with status" : "was killed by signal";
	if (process->state == WLB_PROCESS_STOPPING) {
		log_info("%s: %s %d", process->title, how, info->si_status);
	} else {
		log_warn("%s: %s %d", process->title, how, info->si_status);
	}
}

static void
handle_exit(void *data, uint32_t revents)
{
	struct wlb_process *process = data;
	siginfo_t info = { 0 };
	(void)revents;
	if (waitid(P_PIDFD, (id_t)process->pidfd, &info, WEXITED | WNOHANG) < 0
			|| info.si_pid == 0) {
		return;
	}
	log_end(process, &info);
	loop_clear(&process->exit_source);
	fd_close(&process->pidfd);
	process->pid = 0;

	bool asked = process->state == WLB_PROCESS_STOPPING;
	if (!asked) {
		process->deaths++;
	}
	if ((uint64_t)now_ms() - process->started_ms >= STABLE_MS) {
		process->delay_ms = DELAY_MIN_MS;
	}
	if (!process->wanted) {
		enter_stopped(process);
	} else if (asked) {
		enter_running(process);
	} else {
		enter_waiting(process);
	}
}

static void
handle_timer(void *data)
{
	struct wlb_process *process = data;
	if (process->state == WLB_PROCESS_WAITING) {
		enter_running(process);
	} else if (process->state == WLB_PROCESS_STOPPING) {
		log_warn("%s: still runs after %d ms, killed", process->title,
			PATIENCE_MS);
		kill(process->pid, SIGKILL);
	}
}

static void
handle_stopped(void *data)
{
	struct wlb_process *process = data;
	/* It may have been started again since. */
	if (process->state == WLB_PROCESS_STOPPED) {
		process->ops->stopped(process->data);
	}
}

int
wlb_process_create(struct loop *loop, const char *title,
	const struct wlb_process_ops *ops, void *data,
	struct wlb_process **ret)
{
	struct wlb_process *process = calloc(1, sizeof(*process));
	if (process == NULL) {
		return -ENOMEM;
	}
	process->loop = loop;
	process->ops = ops;
	process->data = data;
	process->pidfd = -1;
	process->delay_ms = DELAY_MIN_MS;
	process->title = strdup(title);
	int r = process->title == NULL ? -ENOMEM : 0;
	if (r == 0) {
		r = loop_add_timer(loop, handle_timer, process,
			&process->timer);
	}
	if (r == 0) {
		r = loop_add_deferred(loop, handle_stopped, process,
			&process->stopped);
	}
	if (r < 0) {
		wlb_process_destroy(process);
		return r;
	}
	*ret = process;
	return 0;
}

void
wlb_process_destroy(struct wlb_process *process)
{
	if (process == NULL) {
		return;
	}
	if (process->pid != 0) {
		siginfo_t info;
		kill(process->pid, SIGKILL);
		waitid(P_PID, (id_t)process->pid, &info, WEXITED);
	}
	loop_remove(process->exit_source);
	loop_remove(process->timer);
	loop_remove(process->stopped);
	fd_close(&process->pidfd);
	free(process->title);
	free(process);
}

/* Go to @next: at once if nothing runs, else handle_exit() sees to it. */
static void
end_before(struct wlb_process *process, void (*next)(struct wlb_process *))
{
	switch (process->state) {
	case WLB_PROCESS_STOPPED:
	case WLB_PROCESS_WAITING:
		next(process);
		break;
	case WLB_PROCESS_RUNNING:
		enter_stopping(process);
		break;
	case WLB_PROCESS_STOPPING:
		break;
	}
}

void
wlb_process_start(struct wlb_process *process)
{
	process->wanted = true;
	if (process->state == WLB_PROCESS_STOPPED) {
		enter_running(process);
	}
}

void
wlb_process_stop(struct wlb_process *process)
{
	process->wanted = false;
	end_before(process, enter_stopped);
}

void
wlb_process_restart(struct wlb_process *process)
{
	process->wanted = true;
	process->delay_ms = DELAY_MIN_MS;
	end_before(process, enter_running);
}

enum wlb_process_state
wlb_process_get_state(const struct wlb_process *process)
{
	return process->state;
}

pid_t
wlb_process_get_pid(const struct wlb_process *process)
{
	return process->pid;
}

unsigned
wlb_process_get_deaths(const struct wlb_process *process)
{
	return process->deaths;
}

const char *
wlb_process_state_name(enum wlb_process_state state)
{
	switch (state) {
	case WLB_PROCESS_STOPPED:
		return "stopped";
	case WLB_PROCESS_RUNNING:
		return "running";
	case WLB_PROCESS_STOPPING:
		return "stopping";
	case WLB_PROCESS_WAITING:
		return "waiting";
	}
	return "unknown";
}
