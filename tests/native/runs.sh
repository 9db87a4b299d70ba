#!/bin/bash
# SPDX-License-Identifier: MIT
# A VM that ends and comes back, as the compositor is told of it.
. "$(dirname "$0")/lib.sh"

needs labwc

must 'a compositor runs' labwc_start
must 'the display side serves' display_start
must 'the app side serves' app_start

# told PATTERN: wait for a line of the display agent
told() {
	wait_line "$WORK/display.log" "$1" "$PATIENCE" "$DISPLAY_AGENT" 1 \
		>/dev/null
}

# sockets COUNT: how many the compositor serves for VMs
sockets() {
	local all=("$WORK"/wlbridge-display-*/*)
	[ "${#all[@]}" = "$1" ]
}

work_program first "$WLB_PAINTER" --endless
FIRST=$PID
check 'a VM shows a window' \
	told '\(7b0c6a52\) is known to the compositor'
label "$WORK/from-work.sock" work 51c2d0ff
work_program second "$WLB_PAINTER" --frames 5
SECOND=$PID
check 'its next run is another one' \
	told '\(51c2d0ff\) is known to the compositor'
check 'shows windows too' saw second '^painted 5 '
check 'and leaves those of the first alone' sockets 2
end_program "$FIRST"
check 'with which the first run ends' told '\(7b0c6a52\) is over'
check 'for the compositor as well' sockets 1
end_program "$SECOND"

label "$WORK/from-work.sock" work 9e4410ab
work_program third "$WLB_PAINTER" --frames 5
check 'a run without windows ends with the next' saw third '^painted 5 '
check 'and leaves nothing behind' sockets 1
end_program "$PID"

the_end
