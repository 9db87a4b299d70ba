#!/bin/bash
# SPDX-License-Identifier: MIT
# VMs whose clients the compositor takes from its device itself: no display
# agent, the host's word beside each connection, and the same pixels.
. "$(dirname "$0")/lib.sh"

needs grim wtype
STRANGER_COLOUR=e66100
OTHER_COLOUR=c01c28

# say_of VM COLOUR: what the host says of it; its connections come in there
say_of() {
	printf 'name = %s\ncolour = #%s\ninstance = 7b0c6a52\n' "$1" "$2" \
		>"$WORK/from-$1.sock.label"
}

# vm VM: the rest of it, an application agent whose display is app-VM
vm() {
	device_start "$1" -- --connect "=$WORK/from-$1.sock" \
		&& ready_program "app-$1" "$WLB_AGENT" app --socket "app-$1" \
			--device "vhost-user:$WORK/$1.wl" --ready-fd 3
}

# inside VM NAME COMMAND...: a watched program of that VM
inside() {
	watched_program "$2" env WAYLAND_DISPLAY="app-$1" "${@:3}"
}

# straight VM NAME COMMAND...: one that is nothing but a socket's other end
straight() {
	watched_program "$2" env WAYLAND_DISPLAY="$WORK/from-$1.sock" "${@:3}"
}

# like REFERENCE: all of the screen is
like() {
	judge part shot "$WORK/$1.ppm" 0 0 "$WIDTH" "$HEIGHT"
}

#
# The pictures that it must come to: the same labels, by security contexts
#

must 'a compositor without a device starts' compositor_start \
	'stranger = #'$STRANGER_COLOUR '[vms]' 'device = none'
for name in work stranger; do
	must "a window of $name is shown" lie "$name" honest
	cp "$WORK/shot.ppm" "$WORK/$name.ppm"
	end_program "$PID"
done
check 'it ends as it should' ended_well
programs_end

#
# No file names 'stranger', and 'work' has another colour there
#

say_of work $OTHER_COLOUR
say_of stranger $STRANGER_COLOUR
say_of local $OTHER_COLOUR
device_start gui "11=$WORK/from-work.sock" "13=$WORK/from-stranger.sock" \
	"14=$WORK/from-local.sock" "15=$WORK/from-plain.sock" -- \
	--accept work=fd:11 --accept stranger=fd:13 --accept local=fd:14 \
	--accept plain=fd:15
GUI=$DEVICE
must 'one with a device starts' compositor_start '[limits]' 'clients = 4' \
	'[vms]' "device = vhost-user:$WORK/gui.wl"
check 'and serves VMs' saw compositor 'serving VMs'
must 'there is a VM' vm work
must 'and another' vm stranger

inside work liar "$WLB_LIAR" honest
check 'a window is shown' saw liar '^shown$'
picture shot
check 'with the label that the configuration has for its VM' like work
end liar
inside stranger liar "$WLB_LIAR" honest
check 'a VM that no file names shows one' saw liar '^shown$'
picture shot
check 'with the label that the host has for it' like stranger

say_of stranger $OTHER_COLOUR
WAYLAND_DISPLAY=$WORK/from-stranger.sock "$WLB_GLOBALS" >"$WORK/offered"
picture shot
check 'which is that of its windows when the host changes it' \
	judge pixel shot $OTHER_COLOUR $((FRAME_X + 1)) $((FRAME_Y + 100))
check 'and of nothing any more' judge none shot $STRANGER_COLOUR
end liar

on_host "$WLB_GLOBALS" >"$WORK/all"
privileged() {
	grep -Ec 'screencopy|virtual|security_context' "$1"
}
privileged_is_hidden() {
	[ "$(privileged "$WORK/all")" -ge 4 ] \
		&& ! privileged "$WORK/offered" >/dev/null
}
check 'it is offered nothing that concerns others' privileged_is_hidden

#
# The host's word, or none
#

straight local liar "$WLB_LIAR" honest
check 'a VM of a name that is taken is refused' saw compositor \
	"VM 'local': connection refused: .* no name"
wait "$(pid_of liar)" || true
straight plain liar "$WLB_LIAR" honest
check 'so is one without a colour' saw compositor \
	"VM 'plain': connection refused: .* colour"
wait "$(pid_of liar)" || true
picture shot
check 'and neither has a window' judge none shot "$PAINT"

#
# What goes through
#

inside work author "$WLB_CLIP" 'the secret of work'
check 'a selection' saw author '^selection text/plain'
inside work reader "$WLB_CLIP"
check 'is read by another program of its VM' \
	saw reader '^text the secret of work$'
inside stranger spy "$WLB_CLIP"
saw spy '^shown$'
offered_nothing() {
	! grep -Eq '^(selection [^n]|text)' "$WORK/spy.log"
}
check 'and not by one of another' offered_nothing

# The compositor's own pipe goes to the one, the other's pipe comes to it.
chord() {
	on_host wtype -M logo -M shift -P "$1" -p "$1" -m shift -m logo
}
chord c
check 'until a person copies it' saw compositor 'copied from work: 18 bytes$'
on_host wtype -M alt -P tab -p tab -m alt
saw spy '^focus$'
chord v
check 'and pastes it' saw spy '^text the secret of work$'
end spy

inside work third "$WLB_LIAR" honest
saw third '^shown$'
inside work fourth "$WLB_LIAR" honest
saw fourth '^shown$'
inside work fifth "$WLB_LIAR" honest
check 'a VM has no more clients than it may' saw compositor \
	"VM 'work': connection refused: no more"
wait "$(pid_of fifth)" || true
end third
inside work sixth "$WLB_LIAR" honest
check 'until one of them goes' saw sixth '^shown$'

#
# Without the device
#

watched_program own env WAYLAND_DISPLAY="$HOST_DISPLAY" "$WLB_LIAR" honest
saw own '^shown$'
end_program "$GUI" KILL
check 'the device may go' saw compositor 'the device is gone'
wait "$(pid_of reader)" || true
picture shot
check 'and with it what VMs showed' judge none shot "$WORK_COLOUR"
check 'but nothing else' judge only shot "$PAINT" 0 0 "$WIDTH" "$HEIGHT"
check 'the compositor ends as it should' ended_well
the_end
