#!/bin/bash
# SPDX-License-Identifier: MIT
# A compositor that cannot be told whose a window is.
. "$(dirname "$0")/lib.sh"

needs weston

# Weston has no security contexts. Its last word is of its shell.
watched_program weston weston --backend=headless --shell=kiosk \
	--socket=weston-0 --idle-time=0
must 'a compositor without security contexts runs' \
	saw weston 'kiosk-shell\.so'
HOST_DISPLAY=weston-0
refused() {
	! display_start &&
		grep -q 'lacks wp_security_context_manager_v1' \
			"$WORK/display.log"
}
check 'the display side will not serve it' refused

allowed() {
	ready_program display env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		"$WLB_AGENT" display --device "vhost-user:$WORK/gui.wl" \
		--ready-fd 3 --allow-unlabelled
}
must 'unless it was told to' allowed
must 'then a VM' app_start
work_program painter "$WLB_PAINTER" --frames 5
check 'has a window there' saw painter '^painted 5 '

the_end
