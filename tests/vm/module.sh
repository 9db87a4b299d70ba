#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# virtio_wl.ko in a guest that talks to itself through its device: everything
# that module-test tries, over unload, load and reboot; then a device that
# stops, and one that dies.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"

story_guest guest module module-test

wl_device "$WORK/wl.sock" --accept "loop=$WORK/loop.sock" \
	--connect "=$WORK/loop.sock"
device=${PROGRAMS[-1]}
mapfile -t args < <(wl_device_args "$WORK/wl.sock")
# Two processors, for what only shows where something runs beside a program.
args+=(-smp 2)
export VM_REBOOT=
vm_start guest "$WORK/guest" module "$STORY_LAYER" "${args[@]}"

# listen LINE: retell it, do what it asks for; the last one is "ended"
listen() {
	case $1 in
	'# stop')
		kill -STOP "$device"
		vm_tell "$WORK/guest" "stopped"
		;;
	'# continue')
		kill -CONT "$device"
		vm_tell "$WORK/guest" "continued"
		;;
	'# kill')
		kill -KILL "$device"
		vm_tell "$WORK/guest" "killed"
		;;
	*)
		story_retell "$1" && return
		;;
	esac
	return 1
}

follow 600 listen "$WORK/guest/events.out" "${VM_PID[guest]}" ||
	check "the guest ends by itself" false
the_end
