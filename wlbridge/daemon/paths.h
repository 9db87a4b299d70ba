/* SPDX-License-Identifier: MIT */
/*
 * The layout below the run-time directory:
 *
 *   control.sock            wlbridge(1) speaks here
 *   vm/GUI/wl.sock          vhost-user: the VMM of GUI connects here
 *   vm/GUI/snd.sock         vhost-user too, for the VM's sound
 *   vm/GUI/from-WORK.sock   what WORK's device connects to, GUI's accepts
 *   vm/GUI/from-WORK.sock.label     who WORK is, for GUI's device
 *   vm/WORK/to-GUI.sock     a hard link to the former, since WORK's device sees
 *                           its own directory only; its label says who GUI is
 *   vm/WORK/to-host.sock    the security context for WORK of the host's
 *                           compositor; made by wlbridge-agent, no label
 */
#ifndef WLB_PATHS_H
#define WLB_PATHS_H

/* No path below a valid runtime-dir is longer. */
#define WLB_PATH_SIZE 256

/* Of a socket's path, without its NUL: what sockaddr_un holds. */
#define WLB_SOCKET_PATH_MAX 107

struct wlb_path {
	char text[WLB_PATH_SIZE];
};

struct wlb_path
wlb_path_control(const char *runtime_dir);

/* vm */
struct wlb_path
wlb_path_vms(const char *runtime_dir);

/* vm/VM */
struct wlb_path
wlb_path_vm(const char *runtime_dir, const char *vm);

/* vm/VM/wl.sock */
struct wlb_path
wlb_path_vhost_user(const char *runtime_dir, const char *vm);

/* vm/VM/snd.sock */
struct wlb_path
wlb_path_sound(const char *runtime_dir, const char *vm);

/* vm/VM/from-CLIENT.sock */
struct wlb_path
wlb_path_from(const char *runtime_dir, const char *vm, const char *client);

/* vm/VM/to-DISPLAY.sock */
struct wlb_path
wlb_path_to(const char *runtime_dir, const char *vm, const char *display);

/* SOCKET.label */
struct wlb_path
wlb_path_label(const struct wlb_path *socket);

#endif
