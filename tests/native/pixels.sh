#!/bin/bash
# SPDX-License-Identifier: MIT
# Pixels are copied once, by the app agent, and pass through no host process.
. "$(dirname "$0")/lib.sh"

needs sway swaymsg weston-presentation-shm

FRAME_BYTES=$((640 * 480 * 4))

sway_start 640 480
must 'the display side serves' display_start
DEVICE_GUI=$DEVICE
must 'the app side serves' app_start
DEVICE_WORK=$DEVICE

# Bytes that the streams of a device carried, both ways.
carried() {
	echo $(($(device_stat "$1" bytes_to_host) \
		+ $(device_stat "$1" bytes_to_guest)))
}

# little_beside NAME BYTES: whether so many bytes of pixels cannot be among them
little_beside() {
	echo "# device $1 carried $(carried "$1") bytes for $2 of pixels"
	[ $(($(carried "$1") * 100)) -lt "$2" ]
}

copied() {
	[ "$(app_stat copied_bytes)" = "$1" ]
}

# The memory that buffers are cut from; its name ends there.
maps_pixels() {
	grep -q '/memfd:virtio-wl ' "/proc/$1/maps"
}

no_device_maps_pixels() {
	! maps_pixels "$DEVICE_WORK" && ! maps_pixels "$DEVICE_GUI"
}

work_program all "$WLB_PAINTER" --frames 99 --all
must 'a hundred whole frames are painted' saw all '^painted 99 640 480'
shown=$(said all '^painted 99 640 480' | cut -d ' ' -f 5)
check 'each of them large' [ "$shown" -ge $((99 * FRAME_BYTES)) ]
check 'and their bytes were copied once' copied "$shown"
check 'not by way of the device of their VM' little_beside work "$shown"
check 'nor of the compositor' little_beside gui "$shown"
check 'the agent has them in its memory' maps_pixels "$APP_AGENT"
check 'and no device process has' no_device_maps_pixels
end_program "$PID"

#
# The same of a client that we have no word in
#

# Its window has 250 by 250 pixels.
copied_at_most() {
	echo "# $(app_stat copied_bytes) bytes copied in $(app_stat frames) frames"
	[ "$(app_stat copied_bytes)" -le $(($(app_stat frames) * 250000)) ]
}

# shellcheck disable=SC2119 # any signal does
app_restart
before_work=$(carried work)
before_gui=$(carried gui)
work_program other weston-presentation-shm -f
must 'another program shows its frames' saw other '^ *[0-9]+:' 60
end_program "$PID"
check 'each was copied at most once' copied_at_most
pixels=$(app_stat copied_bytes)
few_bytes() {
	[ $((($(carried "$1") - $2) * 50)) -lt "$pixels" ]
}
check 'beside the device of its VM' few_bytes work "$before_work"
check 'and that of the compositor' few_bytes gui "$before_gui"

the_end
