#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Wayfire takes the clients of other VMs from the device itself: no display agent,
# the host's word beside each connection, and the same pixels. In the place of the
# other VMs are devices and application agents outside, each with its programs.
. "$(dirname "${BASH_SOURCE[0]}")/lib/story.sh"
. "$WLB_TOP/tools/lib/build.sh"
. "$WLB_TOP/tests/vm/lib/wayfire.sh"
build_path "$STORY_BUILD/destdir"

STRANGER_COLOUR=e66100
wayfire_ini
echo 'device = /dev/wl0' >>"$gui/job/wayfire.ini"
touch "$gui/job/native"

# say_of VM [COLOUR]: what the host says of it
accepts=()
say_of() {
	printf 'name = %s\n' "$1" >"$WORK/$1.sock.label"
	if [ $# = 2 ]; then
		echo "colour = #$2" >>"$WORK/$1.sock.label"
	fi
	accepts+=(--accept "$1=$WORK/$1.sock")
}

# vm_outside VM: its device and its application agent
vm_outside() {
	wl_device "$WORK/$1.wl" --connect "=$WORK/$1.sock"
	: >"$WORK/$1.ready"
	program "$WORK/$1-agent.log" env XDG_RUNTIME_DIR="$WORK" wlbridge-agent \
		app --socket "app-$1" --device "vhost-user:$WORK/$1.wl" \
		--ready-fd 3 3>"$WORK/$1.ready"
	wait_line "$WORK/$1.ready" "^\$" 60 "${PROGRAMS[-1]}" >/dev/null
}

# from NAME VM COMMAND...: a program of it; said NAME LINE
from() {
	program "$WORK/$1.log" env XDG_RUNTIME_DIR="$WORK" \
		WAYLAND_DISPLAY="app-$2" "${@:3}"
}

said() {
	wait_line "$WORK/$1.log" "^$2\$" 180 "${VM_PID[gui]}" >/dev/null
}

logged() {
	wait_line "$gui/job/wayfire.log" "$1" 180 "${VM_PID[gui]}" >/dev/null
}

liar=$STORY_BUILD/tests/labels/labels-liar
say_of work c01c28
say_of stranger "$STRANGER_COLOUR"
say_of plain
wl_device "$WORK/wl.sock" "${accepts[@]}"
mapfile -t device < <(wl_device_args "$WORK/wl.sock")
wayfire_start "${device[@]}"
check "Wayfire serves VMs" logged 'wlbridge-labels: info: serving VMs$'
must "a window of a VM is shown that came by a context" lie work honest
honest=$pictures/$client.ppm
end

for vm in work stranger plain; do
	vm_outside "$vm"
done
from native work "$liar" honest
check "one that came from the device is shown" said native shown
check "and has the keyboard" said native focus
picture native
check "it has the label that the configuration has for its VM" judge part \
	native "$honest" 0 0 "$WIDTH" "$HEIGHT"
vm_qmp "$gui" key x
check "it is typed into" said native 'key 45 0'
program_end "${PROGRAMS[-1]}"

from stranger stranger "$liar" sub-over-title
said stranger focus
picture stranger
check "a VM that no file names has the label that the host has for it" \
	judge pixel stranger "$STRANGER_COLOUR" $((FRAME_X + 6)) $((FRAME_Y + 6))
check "and is kept inside of it" judge only stranger "$PAINT" \
	"$CONTENT_X" "$CONTENT_Y" 300 200

from spy work "$liar" popup-grab
check "another may not grab what it has" said spy 'popup done'
not_said() {
	! grep -qx "$2" "$WORK/$1.log"
}
check "nor does it get the keyboard" not_said spy focus

from plain plain "$liar" honest
check "a VM without a colour is not served" \
	logged "VM 'plain': connection refused: neither the host"
from flood work "$liar" surfaces
check "one with too many surfaces is cut off" said flood 'cut off'
picture after
check "which changes nothing" judge part after "$pictures/stranger.ppm" \
	"$FRAME_X" "$FRAME_Y" 308 232

vm_tell "$gui" quit
check "Wayfire ends with its clients still there" heard 'ended 0'
the_end
