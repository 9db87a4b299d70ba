#!/bin/bash
# SPDX-License-Identifier: MIT
# A window of one "VM" on the screen of another, without a VM.
. "$(dirname "$0")/lib.sh"

needs sway swaymsg grim

# painted NAME SIZE: the bytes painter showed until it had that size
painted() {
	said "$1" "^painted [0-9]+ $2 " | cut -d ' ' -f 5
}

copied_less_than_half() {
	[ $(($(app_stat copied_bytes) * 2)) -lt "$(painted painter '640 480')" ]
}

copied_once() {
	[ "$(app_stat copied_bytes)" = "$(painted all '640 480')" ]
}

resize_storm() {
	local size
	for size in {300..400..5}; do
		swaymsg -q output HEADLESS-1 mode "${size}x$size"
	done
	swaymsg -q output HEADLESS-1 mode 640x480
	saw painter '^painted 30 640 480' 2 && shows 30
}

sway_start 640 480
must 'the display side serves' display_start
must 'the app side serves' app_start

work_program painter "$WLB_PAINTER" --frames 30
must 'a window paints its frames' saw painter '^painted 30 640 480'
check 'every pixel of it is on the screen' shows 30
check 'what did not change was not copied' copied_less_than_half

check 'a resize reaches the window' swaymsg -q output HEADLESS-1 mode 500x400
check 'which paints at its new size' saw painter '^painted 30 500 400'
check 'and shows it' shows 30

check 'a storm of resizes is survived' resize_storm
end_program "$PID"

app_restart
work_program all "$WLB_PAINTER" --frames 20 --all
must 'a window paints everything each time' saw all '^painted 20 640 480'
check 'and every byte of it was copied once' copied_once
end_program "$PID"

work_program popup "$WLB_PAINTER" --frames 3 --popup
check 'a popup opens' saw popup '^popup'
check 'and lies over its window' shows 3 --popup
end_program "$PID"

the_end
