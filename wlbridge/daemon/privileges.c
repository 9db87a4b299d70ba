/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Started as root, in stages:
 *
 *   0. a limit: a VM's sound may have realtime priorities, up to REALTIME_MAX;
 *   1. no new privileges: afterwards we, and all we start, can no longer gain
 *      anything from a set-user-ID or file-capability program;
 *   2. the bounding set: afterwards no program we start can regain a
 *      capability by being executed as root;
 *   3. the user: afterwards we can no longer touch what is root's;
 *   4. our own sets: afterwards CAP_CHOWN is all that is left, by which a VM's
 *      vhost-user socket is given to the user of its VMM.
 *
 * Each child gives up that last one before it executes anything. Started as
 * an ordinary user the same stages run; there is little left to lose.
 */
#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "config.h"

/* Below those of the host's own sound, and enough for PipeWire's client. */
#define REALTIME_MAX 20

static int
capabilities_get(uint64_t *ret_permitted)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	if (syscall(SYS_capget, &header, data) < 0) {
		return -errno;
	}
	*ret_permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
	return 0;
}

static int
capabilities_set(uint64_t mask)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = (uint32_t)mask, .permitted = (uint32_t)mask },
		{ .effective = (uint32_t)(mask >> 32),
			.permitted = (uint32_t)(mask >> 32) },
	};
	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

static int
bounding_set_empty(void)
{
	for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++) {
		if (prctl(PR_CAPBSET_DROP, cap) < 0) {
			return -errno;
		}
	}
	return 0;
}

static int
become(const struct wlb_config *config)
{
	/* Stage 4 needs a capability that the change of user would take. */
	if (prctl(PR_SET_KEEPCAPS, 1) < 0
			|| initgroups(config->user, config->user_gid) < 0
			|| setresgid(config->user_gid, config->user_gid,
				config->user_gid) < 0
			|| setresuid(config->user_uid, config->user_uid,
				config->user_uid) < 0
			|| prctl(PR_SET_KEEPCAPS, 0) < 0) {
		return -errno;
	}
	return 0;
}

void
wlb_privileges_allow_realtime(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_RTPRIO, &limit) == 0
			&& limit.rlim_cur < REALTIME_MAX) {
		limit.rlim_cur = REALTIME_MAX;
		if (limit.rlim_max < REALTIME_MAX) {
			limit.rlim_max = REALTIME_MAX;
		}
		setrlimit(RLIMIT_RTPRIO, &limit);
	}
}

int
wlb_privileges_drop(const struct wlb_config *config)
{
	uint64_t have = 0;
	int r = capabilities_get(&have);
	if (r < 0) {
		return r;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		return -errno;
	}
	if ((have & UINT64_C(1) << CAP_SETPCAP) != 0) {
		r = bounding_set_empty();
		if (r < 0) {
			return r;
		}
	}
	if (config->user != NULL && config->user_uid != geteuid()) {
		r = become(config);
		if (r < 0) {
			return r;
		}
	}
	return capabilities_set(have & UINT64_C(1) << CAP_CHOWN);
}

int
wlb_privileges_none(void)
{
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return capabilities_set(0);
}
