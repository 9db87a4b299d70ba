#!/bin/bash
# SPDX-License-Identifier: MIT
# VMs that conspire to have all of the display side's descriptors.
. "$(dirname "$0")/lib.sh"

needs labwc prlimit

must 'a compositor runs' labwc_start
sockets=() peers=() fd=13
for name in one two three honest; do
	label "$WORK/from-$name.sock" "$name" 7b0c6a52
	sockets+=("$fd=$WORK/from-$name.sock")
	peers+=(--accept "$name=fd:$fd")
	((fd++))
done
must 'a VM has a compositor' device_start gui "${sockets[@]}" -- "${peers[@]}"
must 'the display side serves, with few descriptors' ready_program display \
	prlimit --nofile=300:300 env WAYLAND_DISPLAY="$HOST_DISPLAY" \
	"$WLB_AGENT" display --device "vhost-user:$WORK/gui.wl" --ready-fd 3
DISPLAY_AGENT=$PID
for name in one two three honest; do
	must "VM '$name' is there" \
		device_start "$name" -- --connect "=$WORK/from-$name.sock"
done

# got NAME TEST COUNT: how many a VM could open
got() {
	test "$(said "$1" '^[0-9]+$')" "${@:2}"
}

for name in one two three; do
	watched_program "$name" "$WLB_CROWD" "vhost-user:$WORK/$name.wl" 250 stay
	check "VM '$name' takes what it can" got "$name" -ge 10
done
watched_program honest "$WLB_CROWD" "vhost-user:$WORK/honest.wl" 8 stay
check 'one that wants little has it nevertheless' got honest -eq 8
check 'at the cost of one that has more' grep -q \
	'connection cut, another VM needs the descriptors' "$WORK/display.log"
check 'and the display side lives on' kill -0 "$DISPLAY_AGENT"

the_end
