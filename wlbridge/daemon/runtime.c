/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Who can rename inside this directory can become any VM, so it must belong
 * to us and nobody else may write to it; that is checked, not repaired, since
 * a directory that was open to others may hold anything. The lock is on the
 * directory itself: it needs no file, and dies with the process.
 *
 * Modes: the directory and vm/ let everybody through and nobody look (0711),
 * because a VMM may run as another user. vm/VM does so only if that VM's VMM
 * is another user; the sockets and labels in it are 0600 in any case.
 */
#include "runtime.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "paths.h"
#include "util/fd.h"

static int
make_dir(const char *path, mode_t mode)
{
	if (mkdir(path, mode) < 0 && errno != EEXIST) {
		return -errno;
	}
	/* What the umask took, and what an earlier life had set. */
	return chmod(path, mode) < 0 ? -errno : 0;
}

int
wlb_runtime_make(const struct wlb_config *config)
{
	if (mkdir(config->runtime_dir, 0711) < 0) {
		return errno == EEXIST ? 0 : -errno;
	}
	int fd = open(config->runtime_dir,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		return -errno;
	}
	int r = 0;
	if (fchmod(fd, 0711) < 0 || (config->user != NULL && geteuid() == 0
			&& fchown(fd, config->user_uid, config->user_gid)
				< 0)) {
		r = -errno;
	}
	fd_close(&fd);
	return r;
}

static int
check_owner(int dir_fd)
{
	struct stat st;
	if (fstat(dir_fd, &st) < 0) {
		return -errno;
	}
	if (st.st_uid != geteuid()
			|| (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		return -EPERM;
	}
	return 0;
}

int
wlb_runtime_open(const char *runtime_dir, int *ret_lock)
{
	int fd = open(runtime_dir,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		return -errno;
	}
	int r = check_owner(fd);
	if (r == 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		r = errno == EWOULDBLOCK ? -EBUSY : -errno;
	}
	if (r < 0) {
		fd_close(&fd);
		return r;
	}
	wlb_runtime_clear(runtime_dir);
	*ret_lock = fd;
	return 0;
}

int
wlb_runtime_make_vm(const char *runtime_dir, const char *vm, bool shared)
{
	struct wlb_path vms = wlb_path_vms(runtime_dir);
	struct wlb_path dir = wlb_path_vm(runtime_dir, vm);
	int r = make_dir(vms.text, 0711);
	return r < 0 ? r : make_dir(dir.text, shared ? 0711 : 0700);
}

/* Call @fn for each entry; "." and ".." are none. */
static void
for_each_entry(const char *path, void (*fn)(int dir_fd, const char *dir,
	const char *name), const char *arg)
{
	DIR *dir = opendir(path);
	if (dir == NULL) {
		return;
	}
	struct dirent *entry;
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0
				&& strcmp(entry->d_name, "..") != 0) {
			fn(dirfd(dir), arg, entry->d_name);
		}
	}
	closedir(dir);
}

static void
unlink_entry(int dir_fd, const char *runtime_dir, const char *name)
{
	(void)runtime_dir;
	unlinkat(dir_fd, name, 0);
}

void
wlb_runtime_remove_vm(const char *runtime_dir, const char *vm)
{
	struct wlb_path dir = wlb_path_vm(runtime_dir, vm);
	for_each_entry(dir.text, unlink_entry, runtime_dir);
	rmdir(dir.text);
}

static void
remove_vm_entry(int dir_fd, const char *runtime_dir, const char *name)
{
	(void)dir_fd;
	if (strlen(name) <= WLB_NAME_MAX) {
		wlb_runtime_remove_vm(runtime_dir, name);
	}
}

void
wlb_runtime_clear(const char *runtime_dir)
{
	struct wlb_path vms = wlb_path_vms(runtime_dir);
	for_each_entry(vms.text, remove_vm_entry, runtime_dir);
	rmdir(vms.text);
}
