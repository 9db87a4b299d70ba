/* SPDX-License-Identifier: MIT */
#include "fd-stall.h"

#include <linux/magic.h>
#include <sys/vfs.h>

bool
fd_may_stall(int fd)
{
	struct statfs fs;
	if (fstatfs(fd, &fs) < 0) {
		return true;
	}
	switch ((unsigned long)fs.f_type) {
	case AFS_FS_MAGIC:
	case AFS_SUPER_MAGIC:
	case CEPH_SUPER_MAGIC:
	case CIFS_SUPER_MAGIC:
	case CODA_SUPER_MAGIC:
	case FUSE_SUPER_MAGIC:
	case NFS_SUPER_MAGIC:
	case PROC_SUPER_MAGIC:
	case SMB2_SUPER_MAGIC:
	case SMB_SUPER_MAGIC:
	case V9FS_MAGIC:
		return true;
	default:
		return false;
	}
}
