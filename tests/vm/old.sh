#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# virtio_wl.ko with a device of old, which knows none of our extensions: a
# guest and a program of the host that gives back what it is sent.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"

story_guest guest old module-old

program "$WORK/echo.log" python3 "$WLB_TOP/tests/vm/lib/echo.py" \
	"$WORK/echo.sock"
wait_line "$WORK/echo.log" '^listening' 60 "${PROGRAMS[-1]}" >/dev/null
wl_device "$WORK/wl.sock" --features base --connect "=$WORK/echo.sock"
mapfile -t args < <(wl_device_args "$WORK/wl.sock")
vm_start guest "$WORK/guest" old "$STORY_LAYER" "${args[@]}"

follow 600 story_retell "$WORK/guest/events.out" "${VM_PID[guest]}" ||
	check "the guest ends by itself" false
the_end
