#!/bin/bash
# SPDX-License-Identifier: MIT
# What goes with windows: keys, clipboards, and programs that die.
. "$(dirname "$0")/lib.sh"

needs sway swaymsg grim wtype wl-copy wl-paste

sway_start 640 480
must 'the display side serves' display_start
must 'the app side serves' app_start

#
# Keys
#

work_program painter "$WLB_PAINTER"
WINDOW=$PID
must 'a window is there' saw painter '^painted'
# wtype is a keyboard for as long as it runs. The focus goes with the one that
# was used last.
keyboard() {
	watched_program keyboard env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		wtype -s 600000
	KEYBOARD=$PID
}
keyboard
check 'a keymap arrives and can be mapped' saw painter '^keymap [1-9]'
check 'typing on the host' on_host wtype a
check 'reaches the window' saw painter '^key [1-9]'
end_program "$KEYBOARD"
end_program "$WINDOW"
keyboard
work_program other "$WLB_PAINTER"
WINDOW=$PID
check 'another window gets another keymap' saw other '^keymap [1-9]'

#
# Clipboards, in both directions, more than any queue holds
#

head -c 3000000 /dev/urandom | base64 >"$WORK/text"

pasted_on_host() {
	on_host timeout "$PATIENCE" wl-paste -n | cmp - "$WORK/text"
}

pasted_in_work() {
	in_work timeout "$PATIENCE" wl-paste -n | cmp - "$WORK/text"
}

# wl-copy goes into the background once it owns the selection.
copy_in_work() {
	in_work timeout "$PATIENCE" wl-copy <"$WORK/text"
}

copy_on_host() {
	on_host timeout "$PATIENCE" wl-copy <"$WORK/text"
}

check 'a selection is made in the VM' copy_in_work
check 'and pasted on the host, whole' pasted_on_host
on_host wl-copy --clear
check 'a selection is made on the host' copy_on_host
check 'and pasted in the VM, whole' pasted_in_work
on_host wl-copy --clear
end_program "$KEYBOARD"
end_program "$WINDOW"

#
# Ends
#

killed_while_painting() {
	local i
	for i in 1 2 3; do
		work_program "storm$i" "$WLB_PAINTER" --endless
		local pid=$PID
		said events '"change": "focus"' "$((FOCUSED += 1))" >/dev/null
		end_program "$pid" KILL
	done
}

works_again() {
	work_program "$1" "$WLB_PAINTER" --frames 5
	saw "$1" '^painted 5 640 480' && shows 5
}

FOCUSED=$(grep -c '"change": "focus"' "$WORK/events.log" || true)
check 'clients are killed in the middle of a frame' killed_while_painting
check 'and the next one works' works_again after_kill
end_program "$PID"

check 'the app agent is killed and another one started' app_restart KILL
check 'and it works' works_again after_app
end_program "$PID"

session_of_a_command() {
	local status=0
	end_program "$APP_AGENT"
	"$WLB_AGENT" app --device "vhost-user:$WORK/work.wl" --socket app-1 \
		-- sh -c '[ "$WAYLAND_DISPLAY" = app-1 ] && exit 7' \
		2>"$WORK/session.log" || status=$?
	[ "$status" = 7 ] && ! [ -e "$WORK/app-1" ]
}

check 'a session ends with its command' session_of_a_command
must 'the app side serves again' app_start

display_restart() {
	end_program "$DISPLAY_AGENT" KILL
	ready_program display env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		"$WLB_AGENT" display --device "vhost-user:$WORK/gui.wl" \
		--ready-fd 3
	DISPLAY_AGENT=$PID
}

check 'the display agent is killed and another one started' display_restart
check 'and it works' works_again after_display
end_program "$PID"

gone_with_its_compositor() {
	end_program "$SWAY"
	wait "$DISPLAY_AGENT" && return 1
	grep -q 'the compositor is gone' "$WORK/display.log"
}

check 'the display agent ends with its compositor and says so' \
	gone_with_its_compositor

the_end
