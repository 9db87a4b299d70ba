#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A device process dies and another takes its place, as wlbridged and QEMU's
# monitor would do it, while the guest runs and holds the old one open.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"
guest=$WORK/guest
story_guest guest replace module-test
cp "$WLB_TOP/virtio-wl/module/60-virtio-wl.rules" "$guest/job/"

# start SOCKET
start() {
	wl_device "$1" --accept "loop=$WORK/loop.sock" \
		--connect "=$WORK/loop.sock"
}

start "$WORK/wl.sock"
device=${PROGRAMS[-1]}
mapfile -t args < <(wl_device_args "$WORK/wl.sock")
vm_start guest "$guest" replace "$STORY_LAYER" "${args[@]}"

listen() {
	case $1 in
	'# kill and unplug')
		kill -KILL "$device"
		check "the old device is unplugged" vm_qmp "$guest" unplug wl0
		check "its socket is let go" vm_qmp "$guest" raw \
			chardev-remove '{"id": "wl"}'
		vm_tell "$guest" "it is"
		;;
	'# plug in another')
		start "$WORK/wl-2.sock"
		check "another socket is taken" vm_qmp "$guest" raw chardev-add \
			'{"id": "wl", "backend": {"type": "socket", "data": {
			"server": false, "addr": {"type": "unix",
			"data": {"path": "'"$WORK/wl-2.sock"'"}}}}}'
		check "another device is plugged in" vm_qmp "$guest" raw \
			device_add '{"driver": "vhost-user-test-device-pci",
			"id": "wl0", "bus": "wl-port", "virtio-id": 30,
			"num_vqs": 2, "vq_size": 256, "chardev": "wl"}'
		vm_tell "$guest" "it is"
		;;
	*)
		story_retell "$1" && return
		;;
	esac
	return 1
}

follow 600 listen "$guest/events.out" "${VM_PID[guest]}" ||
	check "the guest ends by itself" false
the_end
