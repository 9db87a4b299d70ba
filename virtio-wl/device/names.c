/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/fd.h"

struct target {
	struct list link;
	char *name;
	char *path;
};

static void
target_destroy(struct target *target)
{
	list_remove(&target->link);
	free(target->name);
	free(target->path);
	free(target);
}

void
vwl_names_init(struct vwl_names *names)
{
	list_init(&names->targets);
}

void
vwl_names_finish(struct vwl_names *names)
{
	struct target *target, *tmp;
	list_for_each_safe(target, tmp, &names->targets, link) {
		target_destroy(target);
	}
}

static struct target *
find(const struct vwl_names *names, const char *name)
{
	struct target *target;
	list_for_each(target, &names->targets, link) {
		if (strcmp(target->name, name) == 0) {
			return target;
		}
	}
	return NULL;
}

int
vwl_names_add(struct vwl_names *names, const char *spec)
{
	const char *equals = strchr(spec, '=');
	if (equals == NULL || equals[1] == '\0') {
		return -EINVAL;
	}
	struct target *target = calloc(1, sizeof(*target));
	if (target == NULL) {
		return -ENOMEM;
	}
	list_init(&target->link);
	target->name = strndup(spec, (size_t)(equals - spec));
	target->path = strdup(equals + 1);
	int r = 0;
	if (target->name == NULL || target->path == NULL) {
		r = -ENOMEM;
	} else if (find(names, target->name) != NULL) {
		r = -EEXIST;
	}
	if (r < 0) {
		target_destroy(target);
		return r;
	}
	list_append(&names->targets, &target->link);
	return 0;
}

int
vwl_names_connect(const struct vwl_names *names, const char *name,
	struct vwl_label *ret_label)
{
	const struct target *target = find(names, name);
	if (target == NULL) {
		return -ENXIO;
	}
	int fd = fd_connect(target->path);
	if (fd < 0) {
		return fd == -ENOENT ? -ECONNREFUSED : fd;
	}
	/* Without a label it is no VM's device: some program of the host. */
	if (vwl_label_read(target->path, ret_label) < 0) {
		*ret_label = vwl_label_named(name);
		ret_label->is_host = true;
	}
	return fd;
}
