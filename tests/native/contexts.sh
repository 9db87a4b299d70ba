#!/bin/bash
# SPDX-License-Identifier: MIT
# A compositor's socket that carries a VM's name.
. "$(dirname "$0")/lib.sh"

needs labwc grim

labwc_start
context() {
	ready_program context env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		"$WLB_AGENT" context --ready-fd 3 "work=$WORK/direct.sock"
}

must 'a socket is made for a VM' context
CONTEXT=$PID

through_context() {
	WAYLAND_DISPLAY=$WORK/direct.sock "$@"
}

watched_program painter env WAYLAND_DISPLAY="$WORK/direct.sock" \
	"$WLB_PAINTER" --frames 3
check 'a program works through it' saw painter '^painted 3'
check 'the host may take pictures' on_host grim -t ppm "$WORK/host.ppm"
refused() {
	! through_context grim -t ppm "$WORK/forbidden.ppm" 2>/dev/null
}
check 'who comes through it may not' refused
end_program "$PID"

label "$WORK/direct.sock" host 1
device_start work -- --connect "=$WORK/direct.sock"
check 'a VM reaches the compositor of its host' app_start
work_program inside "$WLB_PAINTER" --frames 3
check 'and shows a window there' saw inside '^painted 3'
end_program "$PID"

closed() {
	end_program "$CONTEXT"
	! through_context "$WLB_PAINTER" 2>/dev/null
}
check 'the socket goes with the agent' closed

the_end
