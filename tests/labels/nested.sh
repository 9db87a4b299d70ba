#!/bin/bash
# SPDX-License-Identifier: MIT
# wlbridge-compositor as one window, filling the screen, of a compositor that knows
# nothing of VMs; here an unmodified labwc.
. "$(dirname "$0")/lib.sh"

needs labwc grim wtype
# What a headless labwc has.
WIDTH=1280 HEIGHT=720

mkdir "$WORK/labwc"
cat >"$WORK/labwc/rc.xml" <<-END
	<?xml version="1.0"?>
	<labwc_config><windowRules>
	  <windowRule identifier="wlbridge-compositor">
	    <action name="ToggleFullscreen"/>
	  </windowRule>
	</windowRules></labwc_config>
END
must 'labwc starts' labwc_start
AROUND=$HOST_DISPLAY LABWC=$PID
around() {
	WAYLAND_DISPLAY=$AROUND "$@"
}
# Its seat has what has been there once.
must 'a mouse is there' hand_start
must 'and a keyboard' around wtype -k Escape
watched_program author env WAYLAND_DISPLAY="$AROUND" "$WLB_CLIP" \
	'a word of the desktop'
check 'a program of the desktop has a selection' \
	saw author '^selection text/plain'

COMPOSITOR_ENV=(WLR_BACKENDS=wayland "WAYLAND_DISPLAY=$AROUND")
must 'the compositor starts in a window' compositor_start
check 'which has the keyboard' saw author '^unfocus$'
must 'a VM shows a window in it' lie work honest
honest=$PID
cp "$WORK/shot.ppm" "$WORK/honest.ppm"

# From here on pictures are of the screen.
HOST_DISPLAY=$AROUND
honest_around() {
	soon as_honest && label_as_honest && strip_as_honest
}
check 'the screen shows its label, its strip and nothing else' honest_around
typed() {
	around wtype x && saw liar '^key [0-9]+ 0$'
}
check 'what is typed on the screen goes to it' typed
end_program "$honest"

as work liar "$WLB_LIAR" full-screens
saw liar '^shown$'
strip_around() {
	soon judge pixel shot "$WORK_COLOUR" 80 4
}
check 'one that asks for the screen does not get it' strip_around
end liar

as work reader "$WLB_CLIP"
check 'in it there is no selection of the desktop' \
	saw reader '^selection none$'
as work writer "$WLB_CLIP" 'the secret of work'
check 'a VM sets its own' saw writer '^selection text/plain'
end writer
check 'which goes with it' saw reader '^selection none$' 2
end reader
unchanged() {
	! grep -Eq '^(cancelled|sent)$' "$WORK/author.log"
}
check 'and the desktop'"'"'s is what it was' unchanged

closed() {
	around wtype -M alt -k F4 -m alt && wait "$COMPOSITOR"
}
check 'it ends when its window is closed' closed
check 'and the desktop still has its selection' \
	saw author '^selection text/plain' 2
check 'that nobody asked for' unchanged

must 'another one starts' compositor_start
labwc_ends() {
	kill "$LABWC" && wait "$COMPOSITOR"
}
check 'it ends when the desktop does' labwc_ends
the_end
