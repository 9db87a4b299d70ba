#!/bin/bash
# SPDX-License-Identifier: MIT
# An unmodified labwc with what "wlbridge labels --for labwc" prints.
. "$(dirname "$0")/lib.sh"

needs labwc grim wtype

cat >"$WORK/wlbridge.conf" <<-END
	[vm gui]
	role = compositor
	colour = #ffffff
	[vm work]
	role = application
	colour = #$WORK_COLOUR
	display = gui
	[vm personal]
	role = application
	colour = #$PERSONAL_COLOUR
	display = gui
END
printed() {
	"$WLB_CTL" -c "$WORK/wlbridge.conf" labels gui --for labwc \
		>"$WORK/snippet"
}
must 'the command prints rules for labwc' printed

mkdir "$WORK/labwc"
{
	echo '<?xml version="1.0"?><labwc_config>'
	cat "$WORK/snippet"
	echo '<keyboard>'
	for desktop in local work personal unknown-vm; do
		echo "<keybind key=\"W-${desktop:0:1}\">" \
			"<action name=\"GoToDesktop\" to=\"$desktop\"/></keybind>"
	done
	echo '</keyboard></labwc_config>'
} >"$WORK/labwc/rc.xml"
must 'labwc starts with them' labwc_start
# Its seat has what has been there once.
must 'a mouse is there' hand_start
must 'and a keyboard' on_host wtype -k Escape
contexts() {
	ready_program contexts env WAYLAND_DISPLAY="$HOST_DISPLAY" \
		"$WLB_AGENT" context --ready-fd 3 "work=$WORK/work.sock" \
		"personal=$WORK/personal.sock" "stranger=$WORK/stranger.sock"
}
must 'there is a socket for each VM' contexts

# shown_on KEY: whether a window is to be seen on that desktop
shown_on() {
	on_host wtype -M logo -k "$1" -m logo
	picture shot && judge only shot "$PAINT" 0 0 5000 5000
}
nowhere_but_on() {
	local desktop
	for desktop in l w p u; do
		if [ "$desktop" = "$1" ]; then
			shown_on "$desktop" || return
		else
			! shown_on "$desktop" || return
		fi
	done
}
# goes_to VM KEY
goes_to() {
	as "$1" liar "$WLB_LIAR" honest
	saw liar '^shown$' && nowhere_but_on "$2"
	local status=$?
	end liar
	return "$status"
}
check 'a window of one VM is on its desktop' goes_to work w
check 'a window of another on that of the other' goes_to personal p
check 'a window of a VM that is not configured is apart' goes_to stranger u
says_another() {
	as work liar "$WLB_LIAR" foreign-app-id
	saw liar '^shown$' && nowhere_but_on w
	local status=$?
	end liar
	return "$status"
}
check 'the application id of another VM changes nothing' says_another
local_window() {
	on_host wtype -M logo -k l -m logo
	watched_program liar env WAYLAND_DISPLAY="$HOST_DISPLAY" "$WLB_LIAR" \
		honest
	saw liar '^shown$' && nowhere_but_on l
}
check 'a local window is where the person is' local_window
end liar
the_end
