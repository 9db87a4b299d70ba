/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * This thread copies sound out of the guest's memory ahead of the graph. When all
 * processors are busy the kernel may keep it waiting for longer than that is ahead,
 * and people hear a hole. So it asks for a realtime priority: a low one, below
 * PipeWire's data loops (11 at the least) and all else that has one for a reason,
 * and above whoever has none.
 *
 * What it does is what a guest asks for, so that must not be without end. The
 * kernel has a timer for us that counts this thread's processor time and sends
 * SIGXCPU for every BUDGET_MS of it; idle, it costs nothing. Two of them within
 * WINDOW_MS are more than a fifth of a processor, where an honest guest needs a
 * hundredth: the thread then is one like any other, until that has not happened
 * for CALM_MS.
 *
 * The signal is read in the loop, and a turn of the loop is short. Should one not
 * end, RLIMIT_RTTIME does: so long on a processor without a pause, at a realtime
 * priority, and the kernel ends the process. Its soft limit sends the same signal
 * as the timer and means the same.
 *
 * Threads that are made later begin without: PipeWire asks for its own.
 */
#include "priority.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "util/log.h"
#include "util/loop.h"
#include "util/now.h"

#define REALTIME_PRIORITY 10
#define NICE (-11)	/* as PipeWire's own processes where they may */

#define BUDGET_MS 200
#define WINDOW_MS 1000
#define CALM_MS 10000

#define RUN_SOFT_US 500000
#define RUN_HARD_US 1000000

#define NS_PER_MS UINT64_C(1000000)

struct vsnd_priority {
	struct vsnd_status_page *status;
	enum vsnd_status_priority granted;
	timer_t timer;
	bool has_timer;
	struct loop_source *spent;	/* SIGXCPU */
	struct loop_source *calm;
	uint64_t spent_ns;		/* when that came last */
	struct log_limit log_limit;	/* for what the guest provokes */
};

/* Change this thread's own. 0 or -errno. */
static int
take(enum vsnd_status_priority what)
{
	const struct sched_param realtime = {
		.sched_priority = REALTIME_PRIORITY,
	};
	if (what == VSND_PRIORITY_REALTIME) {
		return sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK,
			&realtime) < 0 ? -errno : 0;
	}
	return setpriority(PRIO_PROCESS, 0, NICE) < 0 ? -errno : 0;
}

/* Be like any other thread, which is always allowed. */
static void
give_up(enum vsnd_status_priority what)
{
	const struct sched_param none = { 0 };
	if (what == VSND_PRIORITY_REALTIME) {
		sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &none);
	} else if (what == VSND_PRIORITY_NICE) {
		setpriority(PRIO_PROCESS, 0, 0);
	}
}

static void
handle_spent(void *data)
{
	struct vsnd_priority *priority = data;
	uint64_t now = (uint64_t)now_ns();
	bool too_much = now - priority->spent_ns < WINDOW_MS * NS_PER_MS;
	priority->spent_ns = now;
	if (!too_much || priority->granted == VSND_PRIORITY_NORMAL) {
		return;
	}
	loop_timer_set(priority->calm, CALM_MS);
	if (priority->status->priority != VSND_PRIORITY_SPENT) {
		give_up(priority->granted);
		priority->status->priority = VSND_PRIORITY_SPENT;
		log_warn_limited(&priority->log_limit, "the guest keeps this "
			"device busy, which has no priority meanwhile");
	}
}

static void
handle_calm(void *data)
{
	struct vsnd_priority *priority = data;
	int r = take(priority->granted);
	if (r < 0) {
		log_warn("the priority does not come back: %s", strerror(-r));
		priority->granted = VSND_PRIORITY_NORMAL;
	} else {
		log_debug("the guest is calm, and the priority back");
	}
	priority->status->priority = priority->granted;
}

static void
lower(rlim_t *limit, rlim_t to)
{
	*limit = *limit < to ? *limit : to;
}

static int
limit_run(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_RTTIME, &limit) < 0) {
		return -errno;
	}
	lower(&limit.rlim_max, RUN_HARD_US);
	lower(&limit.rlim_cur, RUN_SOFT_US);
	return setrlimit(RLIMIT_RTTIME, &limit) < 0 ? -errno : 0;
}

static int
count_time(struct vsnd_priority *priority)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGXCPU,
	};
	const struct timespec budget = { .tv_nsec = BUDGET_MS * NS_PER_MS };
	const struct itimerspec spec = {
		.it_value = budget,
		.it_interval = budget,
	};
	if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &priority->timer)
			< 0) {
		return -errno;
	}
	priority->has_timer = true;
	return timer_settime(priority->timer, 0, &spec, NULL) < 0 ? -errno : 0;
}

static void
ask(struct vsnd_priority *priority)
{
	int r = take(VSND_PRIORITY_REALTIME);
	if (r == 0) {
		priority->granted = VSND_PRIORITY_REALTIME;
		log_info("runs at realtime priority %d", REALTIME_PRIORITY);
	} else if (take(VSND_PRIORITY_NICE) == 0) {
		priority->granted = VSND_PRIORITY_NICE;
		log_info("no realtime priority (%s); runs at nice %d",
			strerror(-r), NICE);
	} else {
		priority->granted = VSND_PRIORITY_NORMAL;
		log_info("no realtime priority (%s); on a busy host there may "
			"be holes in the sound", strerror(-r));
	}
	priority->status->priority = priority->granted;
}

int
vsnd_priority_create(struct loop *loop, struct vsnd_status_page *status,
	struct vsnd_priority **ret)
{
	struct vsnd_priority *priority = calloc(1, sizeof(*priority));
	if (priority == NULL) {
		return -ENOMEM;
	}
	priority->status = status;
	priority->granted = VSND_PRIORITY_NORMAL;
	int r = loop_add_signal(loop, SIGXCPU, handle_spent, priority,
		&priority->spent);
	if (r == 0) {
		r = loop_add_timer(loop, handle_calm, priority,
			&priority->calm);
	}
	if (r < 0) {
		vsnd_priority_destroy(priority);
		return r;
	}
	*ret = priority;
	return 0;
}

int
vsnd_priority_take(struct vsnd_priority *priority)
{
	int r = limit_run();
	if (r == 0) {
		r = count_time(priority);
	}
	if (r == 0) {
		ask(priority);
	}
	return r;
}

void
vsnd_priority_destroy(struct vsnd_priority *priority)
{
	if (priority == NULL) {
		return;
	}
	give_up(priority->granted);
	if (priority->has_timer) {
		timer_delete(priority->timer);
	}
	loop_remove(priority->spent);
	loop_remove(priority->calm);
	free(priority);
}
