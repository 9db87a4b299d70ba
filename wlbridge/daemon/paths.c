/* SPDX-License-Identifier: MIT */
#include "paths.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static struct wlb_path
path_format(const char *format, ...)
{
	struct wlb_path path;
	va_list args;
	va_start(args, format);
	int len = vsnprintf(path.text, sizeof(path.text), format, args);
	va_end(args);
	/* The configuration has bounded the directory and the names. */
	assert(len >= 0 && (size_t)len < sizeof(path.text));
	(void)len;
	return path;
}

struct wlb_path
wlb_path_control(const char *runtime_dir)
{
	return path_format("%s/control.sock", runtime_dir);
}

struct wlb_path
wlb_path_vms(const char *runtime_dir)
{
	return path_format("%s/vm", runtime_dir);
}

struct wlb_path
wlb_path_vm(const char *runtime_dir, const char *vm)
{
	return path_format("%s/vm/%s", runtime_dir, vm);
}

struct wlb_path
wlb_path_vhost_user(const char *runtime_dir, const char *vm)
{
	return path_format("%s/vm/%s/wl.sock", runtime_dir, vm);
}

struct wlb_path
wlb_path_sound(const char *runtime_dir, const char *vm)
{
	return path_format("%s/vm/%s/snd.sock", runtime_dir, vm);
}

struct wlb_path
wlb_path_from(const char *runtime_dir, const char *vm, const char *client)
{
	return path_format("%s/vm/%s/from-%s.sock", runtime_dir, vm, client);
}

struct wlb_path
wlb_path_to(const char *runtime_dir, const char *vm, const char *display)
{
	return path_format("%s/vm/%s/to-%s.sock", runtime_dir, vm, display);
}

struct wlb_path
wlb_path_label(const struct wlb_path *socket)
{
	return path_format("%s.label", socket->text);
}
